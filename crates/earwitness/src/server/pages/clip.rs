//! A clip: what it is about, its sound and its words, and what to hear next.

use super::clip_edit::{self, Adjust};
use super::clips_panel::{aside, length};
use super::reading::{Moment, TurnView, parts};
use super::rows::Day;
use super::{Layout, address, id, render};
use crate::server::error::PageError;
use crate::server::fields::{Fields, PostForm};
use crate::server::state::Shared;
use crate::server::text::{self, seconds};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ear_core::{Author, ClipId, Description, NameId, Span, clock};
use ear_engine::{ClipView, ClipsView, Error, Library, NextOptions, NextView, ReadableTranscript, Reading, moment_url};
use std::collections::HashSet;

/// How far is looked ahead for a clip with sound.
const MOST_NEXT: usize = 100;

#[derive(Template)]
#[template(path = "clip.html")]
struct Page {
    layout: Layout,
    form_token: String,
    clip: Shown,
    turns: Vec<TurnView>,
    /// ISO 639-1 code of what is said.
    language: Option<String>,
    words_url: String,
    has_unsure: bool,
    before: Option<Neighbour>,
    after: Option<Neighbour>,
    /// What to hear after it, best first.
    next: Vec<Next>,
    adjust: Adjust,
    /// What was done a moment ago.
    done: Option<String>,
    /// What the field of the headline holds.
    typed: String,
    fault: Option<Error>,
}

/// A clip as its page shows it.
struct Shown {
    id: ClipId,
    headline: String,
    /// Who wrote the headline, where that is not the clip itself.
    headline_by: Option<String>,
    /// What it is, where it is no talk.
    aside: Option<&'static str>,
    episode_id: String,
    episode: String,
    /// The moment of the episode where it begins.
    episode_url: String,
    show: Option<(String, String)>,
    date: Option<Day>,
    length: String,
    /// When it begins and ends, for people.
    clocks: Option<(String, String)>,
    /// The same in seconds.
    stretch: Option<(String, String)>,
    chapter: Option<String>,
    summary: Vec<Told>,
    /// Who wrote the summary, where that is not the clip itself.
    summary_by: Option<String>,
    keywords: Vec<(String, String)>,
    named: Vec<(&'static str, Vec<(NameId, String)>)>,
    heard: bool,
    broken_off: bool,
    has_sound: bool,
}

/// A sentence of the summary, and the moment that bears it out.
struct Told {
    text: String,
    clock: Option<String>,
    moment: String,
}

/// The clip before or after in the episode.
struct Neighbour {
    url: String,
    headline: String,
    aside: Option<&'static str>,
}

/// A clip to hear after this one.
struct Next {
    url: String,
    headline: String,
    reason: String,
    length: String,
    episode: String,
    show: Option<String>,
    date: Option<Day>,
    /// It can be heard from its beginning to its end.
    is_playable: bool,
}

/// What the engine says of the clip.
struct Asked {
    view: ClipView,
    siblings: ClipsView,
    next: Vec<NextView>,
    read: ReadableTranscript,
}

/// `GET /c/{id}`
pub(crate) async fn clip(
    State(app): State<Shared>,
    Path(clip): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let clip = id::<ClipId>(&clip)?;
    page(&app, clip, Shows { fields, ..Shows::default() }).await
}

/// What the page of a clip shows beside it.
#[derive(Default)]
pub(super) struct Shows {
    /// What the address says.
    pub(super) fields: Fields,
    /// A headline that was not taken.
    pub(super) typed: Option<String>,
    pub(super) status: StatusCode,
    /// What kept a change from being made.
    pub(super) fault: Option<Error>,
}

/// The page of a clip.
pub(super) async fn page(app: &Shared, clip: ClipId, shows: Shows) -> Result<Response, PageError> {
    let Shows { fields, typed, status, fault } = shows;
    let Asked { view, siblings, next, read } = app.ask(move |library| ask(library, clip)).await?;
    let is_other = view.id != clip;
    if is_other && fault.is_none() {
        // Another took its place: links last.
        return Ok(Redirect::to(&view.url).into_response());
    }
    let words = view.clip.words.clone();
    let moment = moment(&fields);
    let turns = if words.is_empty() {
        Vec::new()
    } else {
        parts(&read, std::slice::from_ref(&words), &HashSet::new(), moment.as_ref()).pop().unwrap_or_default()
    };
    let neighbour = |id: Option<ClipId>| {
        let found = siblings.clips.iter().find(|one| Some(one.id) == id)?;
        let headline = found.clip.description.headline.clone();
        Some(Neighbour { url: found.url.clone(), headline, aside: aside(found) })
    };
    let unsure = |word: &ear_core::Word| word.confidence.is_some();
    let page = Page {
        layout: Layout::new(&view.clip.description.headline),
        form_token: app.form_token.clone(),
        words_url: format!(
            "/e/{}/words.json?transcript={}&from={}&to={}",
            view.episode.0, view.transcript, words.start, words.end
        ),
        has_unsure: read.transcript.words.get(words).is_some_and(|words| words.iter().any(unsure)),
        language: read.transcript.language.clone(),
        before: neighbour(view.previous),
        after: neighbour(view.following),
        adjust: Adjust::new(&view, &siblings, &read),
        next: next.into_iter().map(Next::from).collect(),
        turns,
        done: clip_edit::done(&fields, &siblings),
        typed: typed.filter(|_| !is_other).unwrap_or_else(|| view.clip.description.headline.clone()),
        fault,
        clip: Shown::from(view, &read),
    };
    Ok((status, render(&page)).into_response())
}

fn ask(library: &Library, id: ClipId) -> Result<Asked, Error> {
    let view = library.clip(id)?;
    let siblings = library.clips(view.episode.0)?;
    let read = library.transcript_as(view.episode.0, Some(view.transcript), Reading::Repaired)?;
    let read = read.ok_or_else(|| Error::new(ear_engine::ErrorKind::NotFound, format!("clip {id} has no words")))?;
    let mut next = library.next(view.id, &NextOptions::default())?;
    if view.has_sound && !next.iter().any(|next| is_playable(&next.clip)) {
        // Who listens goes on listening: text is passed over.
        let more = library.next(view.id, &NextOptions { limit: MOST_NEXT, ..NextOptions::default() })?;
        next.extend(more.into_iter().find(|next| is_playable(&next.clip)));
    }
    Ok(Asked { view, siblings, next, read })
}

/// Whether it can be heard from its beginning to its end.
fn is_playable(view: &ClipView) -> bool {
    view.has_sound && view.clip.span.is_some()
}

impl From<NextView> for Next {
    fn from(next: NextView) -> Self {
        let NextView { clip, reason, .. } = next;
        Self {
            length: length(&clip),
            is_playable: is_playable(&clip),
            url: clip.url,
            headline: clip.clip.description.headline,
            reason: text::sentence(&reason).trim_end_matches('.').to_owned(),
            episode: clip.episode.1,
            show: clip.show.map(|(_, name)| name),
            date: clip.date.map(Day::from),
        }
    }
}

/// `?t=83.2` and `?w=12` mark a sentence, as on the page of the episode.
fn moment(fields: &Fields) -> Option<Moment> {
    let Some(text) = fields.filled("t") else { return fields.text("w").parse().ok().map(Moment::Word) };
    let start: f64 = text.split(',').next()?.parse().ok()?;
    let is_one = start.is_finite() && start >= 0.0;
    is_one.then(|| Moment::Time(text, (start * 1000.0).round() as u64))
}

impl Shown {
    fn from(view: ClipView, read: &ReadableTranscript) -> Self {
        let span = view.clip.span;
        let Description { headline, headline_by, headline_source, summary, summary_by, keywords } =
            view.clip.description.clone();
        let told = |one: ear_core::Grounded| {
            let start = read.transcript.span_of(one.words.clone()).map(Span::start);
            let moment = match start.map(seconds) {
                Some(start) => format!("?t={start}#t={start}"),
                None => format!("#w={}", one.words.start),
            };
            Told { text: one.text, clock: start.map(clock), moment }
        };
        let named = [("People", view.people.clone()), ("Places", view.places.clone())];
        let named = named.into_iter().chain([("Organisations", view.organisations.clone())]);
        Self {
            id: view.id,
            headline_by: written_by(headline_by, headline_source.as_deref()),
            headline,
            aside: aside(&view),
            episode_id: view.episode.0.to_string(),
            episode_url: moment_url(view.episode.0, span.map(Span::start), view.clip.words.start),
            length: length(&view),
            clocks: span.map(|span| (clock(span.start()), clock(span.end()))),
            stretch: span.map(|span| (seconds(span.start()), seconds(span.end()))),
            summary: summary.into_iter().map(told).collect(),
            summary_by: written_by(summary_by, None),
            keywords: keywords.into_iter().map(|word| (search_for(&word), word)).collect(),
            named: named.filter(|(_, names)| !names.is_empty()).collect(),
            heard: view.heard,
            broken_off: view.clip.broken_off,
            has_sound: view.has_sound,
            chapter: view.clip.chapter,
            episode: view.episode.1,
            show: view.show.map(|(id, name)| (id.to_string(), name)),
            date: view.date.map(Day::from),
        }
    }

    /// What others show of this page where it is linked.
    fn description(&self) -> String {
        let summary: Vec<&str> = self.summary.iter().map(|told| told.text.as_str()).collect();
        let whence = self.show.as_ref().map_or(self.episode.clone(), |(_, show)| format!("{}, {show}", self.episode));
        if summary.is_empty() { whence } else { format!("{} – {whence}", summary.join(" ")) }
    }
}

/// Who wrote something that is not the clip's own words.
fn written_by(author: Author, source: Option<&str>) -> Option<String> {
    let source = source.map(str::trim).filter(|source| !source.is_empty());
    let quoted = source.map(|source| format!(": “{source}”")).unwrap_or_default();
    match author {
        Author::Words => None,
        Author::Notes => Some(format!("From the show’s notes{quoted}")),
        Author::Publisher => Some(format!("The publisher’s title{quoted}")),
        Author::Model => Some(format!("Written by {}, and checked against the words", source.unwrap_or("a model"))),
        Author::Hand => Some("Written by you".to_owned()),
    }
}

/// The search for a keyword, as a phrase.
fn search_for(word: &str) -> String {
    let asked = if word.contains(' ') { format!("\"{word}\"") } else { word.to_owned() };
    address("/search", &[("q", &asked)])
}

/// `POST /c/{id}/heard`: marks a clip as heard, or takes the mark back, and goes on.
pub(crate) async fn hear_clip(
    State(app): State<Shared>,
    Path(clip): Path<String>,
    PostForm(fields): PostForm,
) -> Result<Response, PageError> {
    let clip = id::<ClipId>(&clip)?;
    let heard = fields.text("heard") != "0";
    app.ask(move |library| library.mark_heard(clip, heard)).await?;
    let then = fields.filled("then").unwrap_or_else(|| format!("/c/{clip}"));
    Ok(Redirect::to(super::way_back(&then)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_says_so() {
        for (author, source, expected) in [
            (Author::Words, Some("x"), None),
            (Author::Notes, Some(" Troops leave. "), Some("From the show’s notes: “Troops leave.”")),
            (Author::Publisher, None, Some("The publisher’s title")),
            (Author::Model, Some("tiny-1"), Some("Written by tiny-1, and checked against the words")),
            (Author::Hand, None, Some("Written by you")),
        ] {
            assert_eq!(written_by(author, source).as_deref(), expected, "{author:?}");
        }
    }

    #[test]
    fn keywords_of_several_words_are_phrases() {
        assert_eq!(search_for("troops"), "/search?q=troops");
        assert_eq!(search_for("peace talks"), "/search?q=%22peace%20talks%22");
    }
}
