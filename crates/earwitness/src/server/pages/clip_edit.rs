//! Making a clip right by hand: its headline, its edges, its kind.

use super::clip::page;
use super::id;
use crate::server::error::PageError;
use crate::server::fields::{Fields, PostForm};
use crate::server::state::Shared;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use ear_core::{Author, ClipId, ClipKind, Span, WordRange, clock, join_words};
use ear_engine::{ClipView, ClipsView, Edge, Error, ErrorKind, Library, ReadableTranscript};
use std::ops::Range;

/// How many sentences are offered before and after an edge.
const AROUND: usize = 4;

/// The most sentences that a clip can be split at.
const MOST_SPLITS: usize = 600;

/// The most characters of a sentence that is chosen from.
const SENTENCE: usize = 110;

/// What can be changed of a clip.
pub(super) struct Adjust {
    /// The headline is the user's, and can be given back.
    pub(super) is_renamed: bool,
    /// Sentences that it may begin with.
    pub(super) starts: Vec<Choice>,
    /// Sentences that it may end with.
    pub(super) ends: Vec<Choice>,
    /// Sentences that a second clip may begin with.
    pub(super) splits: Vec<Choice>,
    pub(super) can_join: bool,
    pub(super) is_advert: bool,
    /// It has words, and so can be changed at all.
    pub(super) has_words: bool,
    /// Something in this episode was changed, so that there may be something to undo.
    pub(super) is_changed: bool,
}

/// A sentence to choose.
pub(super) struct Choice {
    /// The word that the edge moves to.
    pub(super) word: usize,
    pub(super) clock: Option<String>,
    pub(super) text: String,
    pub(super) chosen: bool,
}

/// Where the choices go by one sentence back and on from the chosen one.
pub(super) fn steps(choices: &[Choice]) -> [(&'static str, Option<usize>); 2] {
    let at = choices.iter().position(|choice| choice.chosen);
    let word = |at: Option<usize>| at.and_then(|at| choices.get(at)).map(|choice| choice.word);
    let earlier = word(at.and_then(|at| at.checked_sub(1)));
    [("One sentence earlier", earlier), ("One sentence later", word(at.map(|at| at + 1)))]
}

impl Adjust {
    pub(super) fn new(view: &ClipView, siblings: &ClipsView, read: &ReadableTranscript) -> Self {
        let own = sentences_of(read, &view.clip.words);
        let has_words = |clip: &&ClipView| !clip.clip.words.is_empty();
        let at = siblings.clips.iter().position(|clip| clip.id == view.id).unwrap_or(siblings.clips.len());
        let before = siblings.clips[..at].iter().rfind(has_words).map(|clip| sentences_of(read, &clip.clip.words));
        let after = siblings.clips.iter().skip(at + 1).find(has_words);
        let after = after.map(|clip| sentences_of(read, &clip.clip.words));
        let choice = |word: usize, sentence: usize, chosen: bool| choice(read, word, sentence, chosen);
        let starts = before.map(|before| {
            let from = (before.start + 1).max(own.start.saturating_sub(AROUND));
            let to = own.end.min(own.start + AROUND + 1);
            (from..to).map(|at| choice(read.sentences[at].start, at, at == own.start)).collect()
        });
        let ends = after.as_ref().map(|after| {
            // A clip ends where the sentence after its last begins.
            let from = own.start.max(own.end.saturating_sub(AROUND + 1));
            let to = after.end.saturating_sub(1).min(own.end + AROUND);
            (from..to).map(|at| choice(read.sentences[at + 1].start, at, at + 1 == own.end)).collect()
        });
        let splits = (own.start + 1..own.end).take(MOST_SPLITS);
        Self {
            is_renamed: view.clip.description.headline_by == Author::Hand,
            starts: starts.unwrap_or_default(),
            ends: ends.unwrap_or_default(),
            splits: splits.map(|at| choice(read.sentences[at].start, at, false)).collect(),
            can_join: after.is_some() && !own.is_empty(),
            is_advert: view.clip.kind == ClipKind::Advertisement,
            has_words: !own.is_empty(),
            is_changed: siblings.clips.iter().any(|clip| clip.by_hand),
        }
    }
}

fn sentences_of(read: &ReadableTranscript, words: &WordRange) -> Range<usize> {
    let from = read.sentences.partition_point(|sentence| sentence.start < words.start);
    let to = read.sentences.partition_point(|sentence| sentence.start < words.end);
    from..to.max(from)
}

fn choice(read: &ReadableTranscript, word: usize, sentence: usize, chosen: bool) -> Choice {
    let words = read.sentences[sentence].clone();
    let start = read.transcript.span_of(words.clone()).map(Span::start);
    let text = read.transcript.words.get(words).map(join_words).unwrap_or_default();
    Choice { word, clock: start.map(clock), text: shortened(text.trim()), chosen }
}

/// A long sentence by its beginning.
fn shortened(text: &str) -> String {
    if text.chars().count() <= SENTENCE {
        return text.to_owned();
    }
    let cut: String = text.chars().take(SENTENCE).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{} …", whole.trim_end_matches([',', ';', ':']))
}

/// `POST /c/{id}`: changes a clip, and shows it as it is then.
pub(crate) async fn change_clip(
    State(app): State<Shared>,
    Path(clip): Path<String>,
    PostForm(fields): PostForm,
) -> Result<Response, PageError> {
    let clip = id::<ClipId>(&clip)?;
    let Some(change) = Change::read(&fields)? else {
        return Err(PageError::bad_request("it is not said what is to be changed", "Use the buttons of a clip's page"));
    };
    let done = change.name();
    match app.ask(move |library| change.make(library, clip)).await {
        Ok(Some(view)) => Ok(Redirect::to(&format!("{}?done={done}#adjust", view.url)).into_response()),
        Ok(None) => Ok(Redirect::to(&format!("/c/{clip}?done=nothing#adjust")).into_response()),
        // What can't be done is told where it was asked for.
        Err(fault) if fault.error.kind == ErrorKind::BadInput => page(&app, clip, &fields, Some(fault.error)).await,
        Err(fault) => Err(fault),
    }
}

/// A change that a form asks for.
#[derive(Clone, Debug, PartialEq)]
enum Change {
    Rename(Option<String>),
    Move(Edge, usize),
    Split(usize),
    Join,
    Kind(ClipKind),
    Undo,
}

impl Change {
    fn read(fields: &Fields) -> Result<Option<Self>, PageError> {
        let word = || fields.parsed::<usize>("word");
        Ok(match fields.text("do") {
            "rename" => Some(Self::Rename(Some(fields.text("headline").to_owned()))),
            "reset" => Some(Self::Rename(None)),
            "start" => word()?.map(|word| Self::Move(Edge::Start, word)),
            "end" => word()?.map(|word| Self::Move(Edge::End, word)),
            "split" => word()?.map(Self::Split),
            "join" => Some(Self::Join),
            "advertisement" => Some(Self::Kind(ClipKind::Advertisement)),
            "topic" => Some(Self::Kind(ClipKind::Topic)),
            "undo" => Some(Self::Undo),
            _ => None,
        })
    }

    /// The clip as it is then; `None` where nothing was left to undo.
    fn make(self, library: &Library, clip: ClipId) -> Result<Option<ClipView>, Error> {
        let changed = match self {
            Self::Rename(headline) => library.rename_clip(clip, headline.as_deref()),
            Self::Move(edge, word) => library.move_clip_edge(clip, edge, word),
            Self::Split(word) => library.split_clip(clip, word),
            Self::Join => library.join_clips(clip),
            Self::Kind(kind) => library.set_clip_kind(clip, kind),
            Self::Undo => {
                let episode = library.clip(clip)?.episode.0;
                if library.undo_clip_edit(episode)?.is_none() {
                    return Ok(None);
                }
                library.clip(clip)
            }
        };
        changed.map(Some)
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Rename(Some(_)) => "renamed",
            Self::Rename(None) => "reset",
            Self::Move(..) => "moved",
            Self::Split(_) => "split",
            Self::Join => "joined",
            Self::Kind(ClipKind::Advertisement) => "advert",
            Self::Kind(_) => "topic",
            Self::Undo => "undone",
        }
    }
}

/// What the address says was done.
pub(super) fn done(fields: &Fields) -> Option<&'static str> {
    Some(match fields.text("done") {
        "renamed" => "It has your headline now.",
        "reset" => "It has the headline of its words again.",
        "moved" => "Its edge is where you put it.",
        "split" => "It is two clips now.",
        "joined" => "The two are one now.",
        "advert" => "It is an advertisement now: it is left out of search and of lists.",
        "topic" => "It is no advertisement now.",
        "undone" => "That is taken back.",
        "nothing" => "There is nothing left to take back.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{Transcript, TranscriptId, Word};

    #[test]
    fn forms_say_what_to_change() {
        let check = |values: &[(&str, &str)]| {
            let mut fields = Fields::default();
            for (name, value) in values {
                fields.insert((*name).into(), (*value).into());
            }
            Change::read(&fields).unwrap()
        };
        assert_eq!(check(&[("do", "start"), ("word", "12")]), Some(Change::Move(Edge::Start, 12)));
        assert_eq!(check(&[("do", "rename"), ("headline", " Tea ")]), Some(Change::Rename(Some("Tea".into()))));
        assert_eq!(check(&[("do", "reset")]), Some(Change::Rename(None)));
        assert_eq!(check(&[("do", "end")]), None);
        assert_eq!(check(&[("do", "explode")]), None);
    }

    #[test]
    fn long_sentences_are_shortened_between_words() {
        assert_eq!(shortened("Tea."), "Tea.");
        let long = shortened(&"word ".repeat(40));
        assert!(long.ends_with("word …") && long.chars().count() <= SENTENCE + 2, "{long}");
    }

    /// Three clips of three sentences of two words.
    fn material() -> (ClipsView, ReadableTranscript) {
        let words = (0..18).map(|at| Word::untimed(format!("w{at}"))).collect();
        let transcript = Transcript { words, ..Transcript::empty(ear_core::Origin::Imported) };
        let pairs: Vec<WordRange> = (0..9).map(|at| at * 2..at * 2 + 2).collect();
        let passages = Vec::new();
        let repaired = Vec::new();
        let read = ReadableTranscript { id: TranscriptId(1), transcript, sentences: pairs, passages, repaired };
        let clips = (0..3).map(|at| clip(at + 1, at as usize * 6..at as usize * 6 + 6)).collect();
        (ClipsView { clips, ..ClipsView::default() }, read)
    }

    fn clip(id: i64, words: WordRange) -> ClipView {
        let description = ear_core::Description {
            headline: "Tea".into(),
            headline_by: Author::Words,
            headline_source: None,
            summary: Vec::new(),
            summary_by: Author::Words,
            keywords: Vec::new(),
        };
        let clip = ear_core::Clip {
            kind: ClipKind::Topic,
            label: None,
            words,
            span: None,
            chapter: None,
            description,
            broken_off: false,
        };
        ClipView {
            id: ClipId(id),
            clip,
            transcript: TranscriptId(1),
            by_hand: false,
            heard: false,
            people: Vec::new(),
            places: Vec::new(),
            organisations: Vec::new(),
            url: format!("/c/{id}"),
            episode: (ear_core::EpisodeId(1), "Talk".into()),
            show: None,
            date: None,
            has_sound: false,
            previous: None,
            following: None,
        }
    }

    #[test]
    fn edges_move_to_sentences_of_the_clip_and_its_neighbours() {
        let (view, read) = material();
        let words = |choices: &[Choice]| choices.iter().map(|choice| choice.word).collect::<Vec<_>>();
        let middle = Adjust::new(&view.clips[1], &view, &read);
        // Nobody is left without a sentence: neither edge can take the whole of a clip.
        assert_eq!(words(&middle.starts), [2, 4, 6, 8, 10]);
        assert_eq!(words(&middle.ends), [8, 10, 12, 14, 16]);
        assert_eq!(words(&middle.splits), [8, 10]);
        let chosen = |choices: &[Choice]| choices.iter().find(|choice| choice.chosen).map(|choice| choice.word);
        assert_eq!((chosen(&middle.starts), chosen(&middle.ends)), (Some(6), Some(12)));
        assert_eq!(middle.ends[2].text, "w10 w11");
        assert_eq!(steps(&middle.starts).map(|(_, word)| word), [Some(4), Some(8)]);
        assert_eq!(steps(&middle.ends[..3]).map(|(_, word)| word), [Some(10), None]);
        assert_eq!(steps(&middle.splits).map(|(_, word)| word), [None, None]);
        let last = Adjust::new(&view.clips[2], &view, &read);
        assert!(last.ends.is_empty() && !last.can_join && middle.can_join);
    }
}
