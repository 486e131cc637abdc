//! Making a clip right by hand: its headline, its edges, its kind.

use super::clip::{Shows, page};
use super::id;
use crate::clip_edits;
use crate::server::error::PageError;
use crate::server::fields::{Fields, PostForm};
use crate::server::state::Shared;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ear_core::{Author, ClipId, ClipKind, Span, TranscriptId, WordRange, clock, join_words};
use ear_engine::{ClipView, ClipsView, Edge, Error, ErrorKind, Library, ReadableTranscript};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// How many sentences are offered before and after an edge.
const AROUND: usize = 4;

/// The most sentences that a clip can be split at.
const MOST_SPLITS: usize = 600;

/// The most characters of a sentence that is chosen from.
const SENTENCE: usize = 110;

/// Held from the look at a clip to its change, so that of two posts at once the second sees what the first did.
static CHANGING: Mutex<()> = Mutex::new(());

/// What can be changed of a clip.
pub(super) struct Adjust {
    /// The clip as its forms were made for it.
    pub(super) transcript: TranscriptId,
    pub(super) words: WordRange,
    /// The clips of the episode as they were then: what would be undone.
    pub(super) state: String,
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
            transcript: view.transcript,
            words: view.clip.words.clone(),
            state: state_of(siblings),
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

/// Tells whether the clips of an episode are still as they were; for forms of this process alone.
fn state_of(siblings: &ClipsView) -> String {
    let mut state = DefaultHasher::new();
    for ClipView { id, clip, by_hand, .. } in &siblings.clips {
        let by_hand_headline = (clip.description.headline_by == Author::Hand).then_some(&clip.description.headline);
        (id, &clip.words, clip.kind == ClipKind::Advertisement, by_hand, by_hand_headline).hash(&mut state);
    }
    format!("{:016x}", state.finish())
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
    let made_for = MadeFor::read(&fields)?;
    let done = app.ask(move |library| change.make(library, clip, &made_for)).await;
    let (status, fault) = match done {
        Ok(Done::Made(view, done)) => {
            return Ok(Redirect::to(&format!("{}?done={done}#adjust", view.url)).into_response());
        }
        Ok(Done::Undone(view, undone)) => return Ok(Redirect::to(&undone.address(&view)).into_response()),
        Ok(Done::Nothing(done)) => return Ok(Redirect::to(&format!("/c/{clip}?done={done}#adjust")).into_response()),
        Ok(Done::Stale) => (StatusCode::CONFLICT, Error::new(ErrorKind::BadInput, STALE)),
        // What can't be done is told where it was asked for.
        Err(fault) if fault.error.kind == ErrorKind::BadInput => (StatusCode::BAD_REQUEST, fault.error),
        Err(fault) => return Err(fault),
    };
    let typed = (fields.text("do") == "rename").then(|| fields.text("headline").to_owned());
    page(&app, clip, Shows { typed, status, fault: Some(fault), ..Shows::default() }).await
}

/// What is told where a form was made for a clip that is another now.
const STALE: &str = "this clip was changed meanwhile, in another window perhaps: here it is as it is now";

/// The clip that a form was made for.
struct MadeFor {
    transcript: TranscriptId,
    words: WordRange,
    /// See [`Adjust::state`].
    state: String,
}

impl MadeFor {
    fn read(fields: &Fields) -> Result<Self, PageError> {
        let (first, end) = (fields.parsed::<usize>("first")?, fields.parsed::<usize>("end")?);
        let Some((transcript, (first, end))) = fields.parsed("transcript")?.zip(first.zip(end)) else {
            return Err(PageError::bad_request(
                "it is not said which words the clip had",
                "Use the buttons of a clip's page",
            ));
        };
        Ok(Self { transcript, words: first..end, state: fields.text("state").to_owned() })
    }

    fn is(&self, clip: ClipId, view: &ClipView) -> bool {
        view.id == clip && view.transcript == self.transcript && view.clip.words == self.words
    }
}

/// What became of a change.
enum Done {
    /// The clip as it is then, and what the address says of it.
    Made(Box<ClipView>, &'static str),
    Undone(Box<ClipView>, Undone),
    /// Nothing had to be changed, and why, as the address says it.
    Nothing(&'static str),
    /// The clip is not what the form was made for.
    Stale,
}

/// What was taken back, and the clip that shows it.
struct Undone {
    what: String,
    of: Option<ClipId>,
}

impl Undone {
    fn address(&self, view: &ClipView) -> String {
        let of = self.of.map(|of| format!("&of={of}")).unwrap_or_default();
        format!("{}?done=undone&what={}{of}#adjust", view.url, self.what)
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

    /// Makes the change, if the clip is still what the form was made for.
    fn make(self, library: &Library, clip: ClipId, made_for: &MadeFor) -> Result<Done, Error> {
        let _held = CHANGING.lock().unwrap_or_else(PoisonError::into_inner);
        let view = library.clip(clip)?;
        if !made_for.is(clip, &view) {
            return Ok(Done::Stale);
        }
        let name = self.name();
        let changed = match self {
            Self::Rename(Some(headline)) if is_same(&headline, &view.clip.description.headline) => {
                return Ok(Done::Nothing("same"));
            }
            Self::Rename(headline) => library.rename_clip(clip, headline.as_deref()),
            Self::Move(edge, word) => library.move_clip_edge(clip, edge, word),
            Self::Split(word) => library.split_clip(clip, word),
            Self::Join => library.join_clips(clip),
            Self::Kind(kind) => library.set_clip_kind(clip, kind),
            Self::Undo => return undo(library, &view, made_for),
        };
        changed.map(|view| Done::Made(Box::new(view), name))
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

/// Takes back the last change of the episode's clips, if that is the one that the form was made for.
fn undo(library: &Library, view: &ClipView, made_for: &MadeFor) -> Result<Done, Error> {
    let episode = view.episode.0;
    if state_of(&library.clips(episode)?) != made_for.state {
        return Ok(Done::Stale);
    }
    let Some((undone, clips)) = clip_edits::undo(library, episode)? else { return Ok(Done::Nothing("nothing")) };
    let of = clips.iter().find(|clip| clip.id == view.id).or(clips.first()).map(|clip| clip.id);
    Ok(Done::Undone(Box::new(library.clip(view.id)?), Undone { what: undone.what, of }))
}

/// Whether two headlines are the same but for white space.
fn is_same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// What the address says was done.
pub(super) fn done(fields: &Fields, siblings: &ClipsView) -> Option<String> {
    let told = match fields.text("done") {
        "renamed" => "It has your headline now.",
        "reset" => "It has the headline of its words again.",
        "same" => "It had this headline already: nothing is changed.",
        "moved" => "Its edge is where you put it.",
        "split" => "It is two clips now.",
        "joined" => "The two are one now.",
        "advert" => "It is an advertisement now: it is left out of search and of lists.",
        "topic" => "It is no advertisement now.",
        "undone" => return Some(undone(fields, siblings)),
        "nothing" => "There is nothing left to take back.",
        _ => return None,
    };
    Some(told.to_owned())
}

/// What the address says was taken back.
fn undone(fields: &Fields, siblings: &ClipsView) -> String {
    let of = fields.text("of").parse::<ClipId>().ok();
    let of = siblings.clips.iter().find(|clip| Some(clip.id) == of);
    let of = of.map_or("a clip".to_owned(), |clip| format!("“{}”", clip.clip.description.headline));
    match fields.text("what") {
        "rename" => format!("The headline of {of} is taken back."),
        "move" => format!("The new edge of {of} is taken back."),
        "split" => format!("The split of {of} is taken back."),
        "join" => format!("The join of {of} with the next is taken back."),
        "kind" => format!("What you said of {of}, that it is an advertisement or none, is taken back."),
        _ => "That is taken back.".to_owned(),
    }
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
    fn what_was_taken_back_is_told() {
        let (view, _) = material();
        let check = |what: &str, of: &str| {
            let values = [("done", "undone"), ("what", what), ("of", of)];
            let mut fields = Fields::default();
            for (name, value) in values {
                fields.insert(name.into(), value.into());
            }
            done(&fields, &view).unwrap()
        };
        assert_eq!(check("rename", "2"), "The headline of “Tea” is taken back.");
        assert_eq!(check("split", "9"), "The split of a clip is taken back.");
        assert_eq!(check("<b>", "2"), "That is taken back.");
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
