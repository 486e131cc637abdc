//! Answers to a query.

use super::names::UndoView;
use super::rows::Day;
use super::{Layout, Paging, address, episode_id, render, way_back};
use crate::likelihood;
use crate::server::error::PageError;
use crate::server::fields::{Fields, PostForm};
use crate::server::state::Shared;
use crate::server::text::{self, Piece, pieces, seconds};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ear_core::{EpisodeId, RepairId, Span, TranscriptId, WordRange, clock};
use ear_engine::{
    Answer, By, ClipView, ClipsView, Error, ErrorKind, Hit, Library, Order, SearchBy, SearchRequest, SoundGroup,
};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// How many hits a page shows.
const PAGE: usize = 20;

/// The most that one correction can displace: one for each of its words.
const MOST_DISPLACED: usize = 12;

/// How many shows are offered to choose from.
const MOST_SHOWS: usize = 500;

/// A way to order hits, or to match: its name for people, and where it leads.
struct Choice {
    label: &'static str,
    address: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "search.html")]
struct Page {
    layout: Layout,
    form_token: String,
    asked: Asked,
    /// What may match, to choose from.
    matching: Vec<Choice>,
    /// The address that brings advertisements in, or leaves them out.
    adverts_switch: String,
    /// The address of these answers, to come back to.
    here: String,
    /// Something was put right a moment ago.
    put_right: bool,
    /// What was accepted for some of the same words, and no longer is.
    instead_of: Vec<String>,
    undo: Option<UndoView>,
    shows: Vec<String>,
    result: Result<Found, Fault>,
}

/// What the visitor asked, as they wrote it.
#[derive(Clone)]
struct Asked {
    query: String,
    show: String,
    speaker: String,
    since: String,
    until: String,
    order: String,
    /// Empty for words and sound together, which is what is meant by default.
    by: String,
    /// Advertisements too.
    adverts: bool,
}

struct Found {
    hits: Vec<HitView>,
    total: usize,
    took: String,
    pending: usize,
    note: Option<String>,
    respelled: Vec<(String, String)>,
    /// What was heard for the name that is looked for.
    groups: Vec<GroupView>,
    /// How many hits by sound were left out because what was heard was refused for the name.
    refused: usize,
    /// How many more there are in advertisements.
    in_adverts: usize,
    orders: Vec<Choice>,
    paging: Paging,
}

/// Words that were heard for a name, and how often.
struct GroupView {
    heard: String,
    count: usize,
    likely: &'static str,
    is_common: bool,
}

/// A query that can't be read: the query up to the fault, and what to do.
struct Fault {
    message: String,
    /// The character at fault, counted from 0, if one is named.
    column: Option<usize>,
    remedy: Option<String>,
}

/// A hit as it is shown; pages of an episode show theirs in the same way.
pub(super) struct HitView {
    pub(super) url: String,
    pub(super) episode_id: String,
    pub(super) episode: String,
    pub(super) show: Option<(String, String)>,
    pub(super) speaker: Option<String>,
    pub(super) date: Option<Day>,
    pub(super) clock: Option<String>,
    pub(super) start: Option<u64>,
    pub(super) has_sound: bool,
    pub(super) pieces: Vec<Piece>,
    /// What was heard, where an accepted repair reads otherwise.
    pub(super) heard: Option<String>,
    pub(super) sound: Option<SoundView>,
    /// It has none of the words, but means something like them.
    pub(super) by_meaning: bool,
    /// The address and headline of the clip that it is in; only where answers of many episodes are shown.
    pub(super) clip: Option<(String, String)>,
}

/// Words that may stand for the name that is looked for, and can be put right.
pub(super) struct SoundView {
    pub(super) heard: String,
    pub(super) likely: &'static str,
    /// The name that the words may stand for.
    pub(super) name: String,
    pub(super) transcript: TranscriptId,
    pub(super) words: WordRange,
}

impl From<Hit> for HitView {
    fn from(hit: Hit) -> Self {
        let start = hit.span.map(Span::start);
        let sound = hit.name.clone().zip(hit.heard.clone());
        // What a repair changed already, and what is spelled like the name, needs no other.
        let sound = sound.filter(|(name, heard)| is_matched(&hit, heard) && bare(heard) != bare(name));
        let sound = sound.map(|(name, heard)| SoundView {
            heard,
            likely: likelihood::in_words(hit.probability.unwrap_or_default()),
            name,
            transcript: hit.transcript,
            words: hit.words.clone(),
        });
        Self {
            heard: hit.heard.clone().filter(|heard| !is_matched(&hit, heard)),
            sound,
            by_meaning: hit.by == SearchBy::Meaning,
            clip: None,
            url: hit.url(),
            episode_id: hit.episode.0.to_string(),
            episode: hit.episode.1,
            show: hit.show.map(|(id, name)| (id.to_string(), name)),
            speaker: hit.speaker,
            date: hit.date.map(Day::from),
            clock: start.map(clock),
            start,
            has_sound: hit.has_sound && start.is_some(),
            pieces: pieces(&hit.text, &hit.matched),
        }
    }
}

/// `GET /search`
pub(crate) async fn search(State(app): State<Shared>, fields: Fields) -> Result<Response, PageError> {
    let text = |name| fields.text(name).to_owned();
    let asked = Asked {
        query: text("q"),
        show: text("show"),
        speaker: text("speaker"),
        since: text("since"),
        until: text("until"),
        order: text("order"),
        by: text("by"),
        adverts: fields.text("adverts") == "1",
    };
    let page = fields.checked_page()?;
    let request = request(&asked, &fields, page);
    let here = asked.address(&asked.order, &asked.by, page);
    let (put_right, instead) = (fields.filled("meant").is_some(), fields.text("instead").to_owned());
    let back = here.clone();
    let (shows, instead_of, undo, answer) = app
        .ask(move |library| {
            let shows = library.shows()?.into_iter().take(MOST_SHOWS).map(|show| show.title).collect();
            // An empty query shows the form alone.
            let answer = match request {
                Ok(request) if request.query.is_empty() => Ok(None),
                Ok(request) => library.search(&request).map(Some),
                Err(error) => Err(error),
            };
            let answer = answer.and_then(|answer| answer.map(|answer| spelled(library, answer)).transpose());
            let answer = answer.and_then(|answer| match answer {
                Some(answer) => Ok(Some((clips_around(library, &answer.hits)?, answer))),
                None => Ok(None),
            });
            let undo = if put_right { UndoView::of(library, &back)? } else { None };
            Ok((shows, displaced(library, &instead), undo, answer))
        })
        .await?;
    let (status, result) = match answer {
        Ok(Some((clips, answer))) => (StatusCode::OK, Ok(found(&asked, page, answer, clips))),
        Ok(None) => (StatusCode::OK, Ok(nothing_asked(&asked))),
        Err(error) if matches!(error.kind, ErrorKind::Query | ErrorKind::BadInput) => {
            (StatusCode::BAD_REQUEST, Err(fault(&asked.query, error)))
        }
        Err(error) => return Err(error.into()),
    };
    if let Ok(Found { paging: Paging { last: Some(last), .. }, .. }) = result {
        return Ok(last.into_response());
    }
    let title = if asked.query.is_empty() { "Search".to_owned() } else { format!("{} – search", asked.query) };
    let page = Page {
        layout: Layout::new(title).with_query(&asked.query),
        form_token: app.form_token.clone(),
        matching: matching(&asked),
        adverts_switch: Asked { adverts: !asked.adverts, ..asked.clone() }.address(&asked.order, &asked.by, 1),
        here,
        put_right,
        instead_of,
        undo,
        asked,
        shows,
        result,
    };
    Ok((status, render(&page)).into_response())
}

fn request(asked: &Asked, fields: &Fields, page: usize) -> Result<SearchRequest, Error> {
    Ok(SearchRequest {
        query: asked.query.clone(),
        by: fields.one_of(
            "by",
            &[("", By::All), ("all", By::All), ("words", By::Words), ("sound", By::Sound), ("meaning", By::Meaning)],
        )?,
        show: fields.filled("show"),
        speaker: fields.filled("speaker"),
        since: fields.parsed("since").map_err(|error| error.error)?,
        until: fields.parsed("until").map_err(|error| error.error)?,
        order: fields.one_of(
            "order",
            &[
                ("", Order::Relevance),
                ("relevance", Order::Relevance),
                ("newest", Order::Newest),
                ("oldest", Order::Oldest),
            ],
        )?,
        adverts: asked.adverts,
        offset: (page - 1) * PAGE,
        limit: PAGE,
        ..SearchRequest::default()
    })
}

/// The address and headline of the clip that each hit is in.
fn clips_around(library: &Library, hits: &[Hit]) -> Result<Vec<Option<(String, String)>>, Error> {
    let mut known: HashMap<EpisodeId, ClipsView> = HashMap::new();
    let around = |hit: &Hit| {
        let view = match known.entry(hit.episode.0) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(library.clips(hit.episode.0)?),
        };
        if view.transcript != Some(hit.transcript) {
            return Ok(None);
        }
        let clip = view.clips.iter().find(|clip| clip.clip.words.contains(&hit.words.start));
        Ok(clip.map(|clip| (moment_of(clip, hit), clip.clip.description.headline.clone())))
    };
    hits.iter().map(around).collect()
}

/// The moment of a hit on the page of its clip.
fn moment_of(clip: &ClipView, hit: &Hit) -> String {
    match hit.span.map(Span::start) {
        Some(start) => format!("{0}?t={1}#t={1}", clip.url, seconds(start)),
        None => format!("{0}?w={1}#w={1}", clip.url, hit.words.start),
    }
}

fn found(asked: &Asked, page: usize, answer: Answer, clips: Vec<Option<(String, String)>>) -> Found {
    let hits = answer.hits.into_iter().zip(clips);
    Found {
        total: answer.total,
        took: took(answer.took_ms),
        pending: answer.pending,
        note: answer.note,
        respelled: respelled(answer.respelled),
        groups: answer.groups.into_iter().map(GroupView::from).collect(),
        refused: answer.refused,
        in_adverts: answer.in_adverts,
        hits: hits.map(|(hit, clip)| HitView { clip, ..HitView::from(hit) }).collect(),
        orders: orders(asked),
        paging: Paging::new(page, PAGE, answer.total, |page| asked.address(&asked.order, &asked.by, page)),
    }
}

/// Names are looked for in any spelling; what is put right gets the one that the library knows.
fn spelled(library: &Library, mut answer: Answer) -> Result<Answer, Error> {
    let Some(asked) = answer.hits.iter().find_map(|hit| hit.name.as_deref()).map(str::to_lowercase) else {
        return Ok(answer);
    };
    let (names, _) = library.name_listing(None, Some(&asked), PAGE, 0)?;
    let mut spellings = names.into_iter().flat_map(|name| [name.name].into_iter().chain(name.variants));
    let Some(known) = spellings.find(|spelling| spelling.to_lowercase() == asked) else { return Ok(answer) };
    for name in answer.hits.iter_mut().filter_map(|hit| hit.name.as_mut()) {
        name.clone_from(&known);
    }
    Ok(answer)
}

/// Whether these words are just what matched.
fn is_matched(hit: &Hit, heard: &str) -> bool {
    let matched = pieces(&hit.text, &hit.matched);
    matched.iter().any(|piece| piece.marked && bare(&piece.text) == bare(heard))
}

/// A text in lower case, without the marks around it.
fn bare(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// Words that nobody said, each with the spellings tried instead, ready to stand between quotation marks.
pub(super) fn respelled(words: Vec<(String, Vec<String>)>) -> Vec<(String, String)> {
    words.into_iter().map(|(word, others)| (word, others.join("”, “"))).collect()
}

fn nothing_asked(asked: &Asked) -> Found {
    Found {
        total: 0,
        took: String::new(),
        pending: 0,
        note: None,
        respelled: Vec::new(),
        groups: Vec::new(),
        refused: 0,
        in_adverts: 0,
        hits: Vec::new(),
        orders: orders(asked),
        paging: Paging::new(1, PAGE, 0, |_| String::new()),
    }
}

fn orders(asked: &Asked) -> Vec<Choice> {
    [("", "Best first"), ("newest", "Newest"), ("oldest", "Oldest")]
        .map(|(name, label)| Choice { label, address: asked.address(name, &asked.by, 1), chosen: asked.order == name })
        .into()
}

/// What may match. Addresses name only what is not the default.
fn matching(asked: &Asked) -> Vec<Choice> {
    [("", "All"), ("words", "Words"), ("sound", "Sound"), ("meaning", "Meaning")]
        .map(|(name, label)| Choice { label, address: asked.address(&asked.order, name, 1), chosen: asked.by == name })
        .into()
}

impl From<SoundGroup> for GroupView {
    fn from(group: SoundGroup) -> Self {
        let likely = likelihood::in_words(group.probability);
        Self { heard: group.heard, count: group.count, likely, is_common: group.is_common }
    }
}

/// `POST /e/{id}/meant`: says that the words of a hit by sound stand for the name, and goes back to the answers.
pub(crate) async fn this_is(
    State(app): State<Shared>,
    Path(id): Path<String>,
    PostForm(fields): PostForm,
) -> Result<Response, PageError> {
    let id = episode_id(&id)?;
    let (from, to) = (fields.parsed::<usize>("from")?, fields.parsed::<usize>("to")?);
    let place = fields.parsed::<TranscriptId>("transcript")?.zip(from.zip(to));
    let Some((transcript, (from, to))) = place else {
        return Err(PageError::bad_request("it is not said which words are meant", "Use the buttons of the answers"));
    };
    let meant = fields.text("meant").to_owned();
    let put_right = move |library: &Library| {
        // A slip is not to change another episode.
        library.transcript(id, Some(transcript))?;
        library.repair_by_hand(transcript, from..to, &meant, None)
    };
    let decided = app.ask(put_right).await?;
    let back = way_back(fields.text("back"));
    let separator = if back.contains('?') { '&' } else { '?' };
    let displaced: Vec<String> = decided.displaced.iter().map(|one| one.repair.to_string()).collect();
    let instead = if displaced.is_empty() { String::new() } else { format!("&instead={}", displaced.join("-")) };
    Ok(Redirect::to(&format!("{back}{separator}meant=1{instead}")).into_response())
}

/// What had to give way, by the ids in an address; those that are gone meanwhile are left out.
fn displaced(library: &Library, ids: &str) -> Vec<String> {
    let ids = ids.split('-').take(MOST_DISPLACED).filter_map(|id| id.parse::<RepairId>().ok());
    let told = ids.filter_map(|id| library.repair_in_short(id).ok());
    told.map(|one| format!("“{}” → {}", one.heard, one.meant)).collect()
}

impl Asked {
    fn address(&self, order: &str, by: &str, page: usize) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let values = [
            ("q", self.query.as_str()),
            ("show", &self.show),
            ("speaker", &self.speaker),
            ("since", &self.since),
            ("until", &self.until),
            ("order", order),
            ("by", by),
            ("adverts", if self.adverts { "1" } else { "" }),
            ("page", &page),
        ];
        address("/search", &values)
    }

    fn is_narrowed(&self) -> bool {
        [&self.show, &self.speaker, &self.since, &self.until].iter().any(|value| !value.is_empty())
    }
}

fn took(milliseconds: f64) -> String {
    if milliseconds < 1.0 { "under 1 ms".to_owned() } else { format!("{milliseconds:.0} ms") }
}

fn fault(query: &str, error: Error) -> Fault {
    let Error { kind, message, place, remedy } = error;
    if kind != ErrorKind::Query {
        let message = place.map_or(message.clone(), |place| format!("{place}: {message}"));
        return Fault { message, column: None, remedy };
    }
    // The place reads "column 7"; columns are counted from 1, and the one after the end is possible.
    let digits = place.as_deref().unwrap_or_default().chars().filter(char::is_ascii_digit).collect::<String>();
    let column = digits.parse().ok().filter(|column| (1..=query.chars().count() + 1).contains(column));
    Fault { message, column: column.map(|column: usize| column - 1), remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_point_at_their_column() {
        let check = |place: &str, expected| {
            let error = Error::new(ErrorKind::Query, "a quotation mark is never closed").at(place);
            assert_eq!(fault("say \"cheese", error).column, expected, "{place}");
        };
        check("column 5", Some(4));
        check("column 12", Some(11));
        check("column 13", None);
        check("column 0", None);
        check("the query", None);
    }
}
