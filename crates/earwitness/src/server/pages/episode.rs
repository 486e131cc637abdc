//! An episode: its sound and what was said, side by side.

use super::clips_panel::{self, Part};
use super::names_panel::{Extra, Panel};
use super::reading::{Moment, found_words, parts, turns};
use super::rows::{Day, WorkRow, work_rows};
use super::search::{HitView, respelled};
use super::{Layout, address, episode_id, render};
use crate::server::error::PageError;
use crate::server::fields::Fields;
use crate::server::state::Shared;
use crate::server::text::{self, NotePiece, language, length, linked};
use crate::server::words::reading;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ear_core::{Chapter, Credit, EpisodeId, Origin, Timing, TranscriptId, clock};
use ear_engine::{
    By, ClipsView, EpisodeDetail, Error, Library, NamesView, ReadableTranscript, Reading, SearchRequest, SoundRemoved,
    TranscriptInfo,
};
use std::collections::HashSet;

/// How many moments of one episode are listed for a query.
const MOST_MOMENTS: usize = 200;

/// Recordings up to this size are loaded whole before they are played, in bytes.
const EAGER: u64 = 8 << 20;

#[derive(Template)]
#[template(path = "episode.html")]
struct Page {
    layout: Layout,
    form_token: String,
    episode: EpisodeView,
    origin: Option<String>,
    has_unsure: bool,
    transcripts: Vec<Choice>,
    /// The transcript that is shown, if it is not the one that is read first.
    which: Option<String>,
    /// The moment that the address names, for players without script.
    at: Option<String>,
    find: Option<Find>,
    /// What was said, clip by clip.
    parts: Vec<Part>,
    /// Of the transcript that clips are cut from, which is the one that is read first.
    clips: Option<clips_panel::Panel>,
    /// Of the transcript that is read first only, which is the one that names are looked for in.
    names: Option<Panel>,
    /// Whether repairs change what is read, or would.
    has_repaired: bool,
    as_heard: bool,
    /// The address that reads the other way.
    toggle: String,
    words_url: Option<String>,
    work: Option<WorkRow>,
}

struct EpisodeView {
    id: EpisodeId,
    title: String,
    show: Option<(String, String)>,
    date: Option<Day>,
    length: Option<String>,
    seconds: u64,
    /// Its code and its name.
    language: Option<(String, String)>,
    words: usize,
    notes: Option<Vec<NotePiece>>,
    chapters: Vec<ChapterView>,
    credits: Vec<CreditView>,
    /// A page about it.
    link: Option<String>,
    source: String,
    has_cover: bool,
    has_sound: bool,
    /// Why there is no sound to play, where there was some.
    sound_gone: Option<String>,
    preload: &'static str,
}

struct ChapterView {
    clock: String,
    /// The moment as addresses write it.
    start: String,
    title: String,
    url: Option<String>,
}

struct CreditView {
    name: String,
    role: Option<String>,
    url: Option<String>,
}

struct Choice {
    id: TranscriptId,
    label: String,
    chosen: bool,
}

/// What was looked for in this episode.
struct Find {
    query: String,
    moments: Vec<HitView>,
    total: usize,
    /// How many were left out because what was heard was refused for the name.
    refused: usize,
    /// Words that nobody said, and what was looked for instead.
    respelled: Vec<(String, String)>,
    fault: Option<Error>,
}

/// What the engine says of the episode.
struct Told {
    detail: EpisodeDetail,
    read: Option<ReadableTranscript>,
    names: NamesView,
    clips: ClipsView,
    extra: Extra,
    found: Option<Result<ear_engine::Answer, Error>>,
}

/// `GET /e/{id}`
pub(crate) async fn episode(
    State(app): State<Shared>,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = episode_id(&id)?;
    let which = fields.parsed::<TranscriptId>("transcript")?;
    let query = fields.filled("q");
    let asked = query.clone();
    let reading = reading(&fields);
    let told = app.ask(move |library| ask(library, id, which, reading, asked)).await?;

    let Told { detail, read, names, clips, extra, found } = told;
    let (as_heard, here) = (reading == Reading::AsHeard, which.map(|which| which.to_string()).unwrap_or_default());
    let find = query.zip(found).map(|(query, found)| find(query, found, &read));
    let (find, marked) = find.map_or((None, HashSet::new()), |(find, marked)| (Some(find), marked));
    let moment = moment(&fields);
    let shown = read.as_ref().and_then(|read| detail.transcripts.iter().find(|info| info.id == read.id));
    let work = work_rows(&app, vec![detail.summary.clone()]).pop();
    Ok(render(&Page {
        layout: Layout::new(&detail.summary.title),
        form_token: app.form_token.clone(),
        origin: shown.map(origin),
        has_unsure: read
            .as_ref()
            .is_some_and(|read| read.transcript.words.iter().any(|word| word.confidence.is_some())),
        transcripts: choices(&detail.transcripts, shown),
        which: which.map(|which| which.to_string()),
        at: match &moment {
            Some(Moment::Time(text, _)) => Some(text.clone()),
            _ => None,
        },
        parts: read.as_ref().map(|read| said(read, &clips, &marked, moment.as_ref(), &fields)).unwrap_or_default(),
        clips: contents(&clips, id, read.as_ref(), &fields),
        words_url: read.as_ref().map(|read| {
            let heard = if as_heard { "&heard=1" } else { "" };
            format!("/e/{id}/words.json?transcript={}{heard}", read.id)
        }),
        has_repaired: as_heard || read.as_ref().is_some_and(|read| !read.repaired.is_empty()),
        as_heard,
        toggle: address(
            &format!("/e/{id}"),
            &[("transcript", &here), ("q", fields.text("q")), ("heard", if as_heard { "" } else { "1" })],
        ),
        names: panel(names, extra, read.as_ref(), &fields),
        find,
        work,
        episode: view(detail),
    }))
}

fn ask(
    library: &Library,
    id: EpisodeId,
    which: Option<TranscriptId>,
    reading: Reading,
    query: Option<String>,
) -> Result<Told, Error> {
    let detail = library.episode(id)?;
    let read = library.transcript_as(id, which, reading)?;
    let names = library.names(id)?;
    let clips = library.clips(id)?;
    let found = query.map(|query| {
        let by = By::All;
        let request = SearchRequest { query, by, episode: Some(id), limit: MOST_MOMENTS, ..SearchRequest::default() };
        library.search(&request)
    });
    Ok(Told { detail, read, names, clips, extra: Extra::of(library, id)?, found })
}

fn panel(names: NamesView, extra: Extra, read: Option<&ReadableTranscript>, fields: &Fields) -> Option<Panel> {
    let shown = read.filter(|read| !read.transcript.words.is_empty())?;
    (names.transcript == Some(shown.id)).then(|| Panel::new(names, extra, fields))
}

/// The table of contents of the transcript that is shown, if it is the one that clips are cut from.
fn contents(
    clips: &ClipsView,
    id: EpisodeId,
    read: Option<&ReadableTranscript>,
    fields: &Fields,
) -> Option<clips_panel::Panel> {
    let shown = read.filter(|read| !read.transcript.words.is_empty() && clips.transcript == Some(read.id));
    let keep = ["transcript", "q", "heard"].map(|name| (name, fields.text(name)));
    shown.map(|_| clips_panel::Panel::new(clips, &format!("/e/{id}"), &keep, fields))
}

/// What was said, with a heading for each clip.
fn said(
    read: &ReadableTranscript,
    clips: &ClipsView,
    marked: &HashSet<usize>,
    moment: Option<&Moment>,
    fields: &Fields,
) -> Vec<Part> {
    if clips.transcript != Some(read.id) || clips.clips.is_empty() {
        let turns = turns(read, marked, moment);
        let all = Part { row: None, id: String::new(), open: true, turns };
        return if all.turns.is_empty() { Vec::new() } else { vec![all] };
    }
    let stretches = clips_panel::stretches(clips, read);
    let words: Vec<_> = stretches.iter().map(|(_, words)| words.clone()).collect();
    clips_panel::headed(clips, &stretches, parts(read, &words, marked, moment), fields)
}

/// The moments that were found, and the words to mark in the transcript that is shown.
fn find(
    query: String,
    found: Result<ear_engine::Answer, Error>,
    read: &Option<ReadableTranscript>,
) -> (Find, HashSet<usize>) {
    let mut marked = HashSet::new();
    match found {
        Err(fault) => (
            Find { query, moments: Vec::new(), total: 0, refused: 0, respelled: Vec::new(), fault: Some(fault) },
            marked,
        ),
        Ok(answer) => {
            for (hit, read) in answer.hits.iter().zip(std::iter::repeat(read.as_ref())) {
                if let Some(read) = read.filter(|read| read.id == hit.transcript) {
                    marked.extend(found_words(&read.transcript, hit));
                }
            }
            let mut hits = answer.hits;
            hits.sort_by_key(|hit| hit.words.start);
            let moments = hits.into_iter().map(HitView::from).collect();
            let respelled = respelled(answer.respelled);
            (Find { query, moments, total: answer.total, refused: answer.refused, respelled, fault: None }, marked)
        }
    }
}

fn view(detail: EpisodeDetail) -> EpisodeView {
    let EpisodeDetail { summary, notes, source, bytes, has_cover, chapters, credits, link, sound_removed, .. } = detail;
    EpisodeView {
        id: summary.id,
        title: summary.title,
        show: summary.show.map(|(id, name)| (id.to_string(), name)),
        date: summary.date.map(Day::from),
        length: summary.duration.map(length),
        seconds: summary.duration.unwrap_or_default() / 1000,
        language: summary.language.map(|code| (code.clone(), language(&code).to_owned())),
        words: summary.words,
        notes: notes.filter(|notes| !notes.trim().is_empty()).map(|notes| linked(&notes)),
        chapters: chapters.into_iter().map(ChapterView::from).collect(),
        credits: credits.into_iter().map(CreditView::from).collect(),
        link: link.filter(|link| is_page(link)),
        source,
        has_cover,
        has_sound: summary.has_sound,
        sound_gone: sound_removed.map(sound_gone),
        preload: if bytes.is_some_and(|bytes| bytes <= EAGER) { "auto" } else { "metadata" },
    }
}

impl From<Chapter> for ChapterView {
    fn from(chapter: Chapter) -> Self {
        Self {
            clock: clock(chapter.start),
            start: text::seconds(chapter.start),
            title: if chapter.title.is_empty() { "Chapter".into() } else { chapter.title },
            url: chapter.url.filter(|url| is_page(url)),
        }
    }
}

impl From<Credit> for CreditView {
    fn from(credit: Credit) -> Self {
        Self { name: credit.name, role: credit.role, url: credit.url.filter(|url| is_page(url)) }
    }
}

/// Whether an address that a publisher gave leads to a page, and not to something that runs here.
fn is_page(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn sound_gone(removed: SoundRemoved) -> String {
    let date = removed.date.map(|date| format!(" on {}", Day::from(date).text)).unwrap_or_default();
    let rule = removed.rule;
    format!("The sound was removed{date} by the rule to keep {rule}. Add the file again to hear it.")
}

/// `?t=83.2` or `?w=12`; `t` may name a stretch, of which only the start counts here.
fn moment(fields: &Fields) -> Option<Moment> {
    if let Some(text) = fields.filled("t") {
        let start = text.split(',').next().unwrap_or_default();
        let seconds: f64 = start.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds >= 0.0)?;
        return Some(Moment::Time(text, (seconds * 1000.0).round() as u64));
    }
    fields.text("w").parse().ok().map(Moment::Word)
}

fn choices(all: &[TranscriptInfo], shown: Option<&TranscriptInfo>) -> Vec<Choice> {
    let choice = |info: &TranscriptInfo| Choice {
        id: info.id,
        label: match info.origin {
            Origin::Recognised => format!("recognised by {}", info.model.as_deref().unwrap_or("a model")),
            Origin::Published => "published by the show".to_owned(),
            Origin::Imported => "imported".to_owned(),
            Origin::Corrected => "corrected by hand".to_owned(),
        } + if is_aligned(info) { ", times from the sound" } else { "" },
        chosen: shown.is_some_and(|shown| shown.id == info.id),
    };
    all.iter().map(choice).collect()
}

/// Whether others wrote the words and only their times come from a recogniser.
fn is_aligned(info: &TranscriptInfo) -> bool {
    info.origin != Origin::Recognised && info.model.is_some()
}

/// Where the words come from and how far to trust them, in a sentence or two.
fn origin(info: &TranscriptInfo) -> String {
    let made = match info.origin {
        Origin::Recognised => {
            let model = info.model.as_deref().unwrap_or("a speech model");
            format!("Recognised by {model} on this machine; words it was unsure of are fainter.")
        }
        Origin::Published => "Published by the show.".to_owned(),
        Origin::Imported => "Brought in as a file.".to_owned(),
        Origin::Corrected => "Corrected by hand.".to_owned(),
    };
    match info.timing {
        Timing::Words if is_aligned(info) => format!("{made} The times of its words were found in the sound."),
        Timing::Words => made,
        Timing::Cues => format!("{made} Only its captions had times; those of the words are estimated."),
        Timing::None => format!("{made} It has no times."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_moments() {
        let check = |name: &str, value: &str| {
            let mut fields = Fields::default();
            fields.insert(name.into(), value.into());
            match moment(&fields) {
                Some(Moment::Time(text, at)) => format!("{text}: {at} ms"),
                Some(Moment::Word(word)) => format!("word {word}"),
                None => "none".to_owned(),
            }
        };
        assert_eq!(check("t", "83.2"), "83.2: 83200 ms");
        assert_eq!(check("t", "83.2,97"), "83.2,97: 83200 ms");
        assert_eq!(check("w", "12"), "word 12");
        for text in ["-1", "NaN", "inf", "soon", ""] {
            assert_eq!(check("t", text), "none", "{text}");
        }
        assert_eq!(check("w", "-1"), "none");
    }
}
