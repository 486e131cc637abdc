//! Making clips right by hand. An edit shows at once, holds when clips are made anew, and can be undone.

use super::hand::{Held, best, nearest, shared, snapped};
use super::make::{Ground, HEADLINE};
use super::pieces::Piece;
use super::{ClipView, MAKER};
use crate::add::{clean_title, reading_job};
use crate::{Error, ErrorKind, Library, Result};
use ear_core::{ClipId, ClipKind, Description, EpisodeId, WordRange};
use ear_store::{ClipEdit, ClipWorkId, ClipsMade, NewClip, NewClipWork, StoredClip, Work};
use std::ops::Range;

/// How often an edit is tried while clips are made anew beneath it.
const TRIES: usize = 4;

/// An end of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// Where it begins.
    Start,
    /// Where it ends.
    End,
}

/// An edit that was undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoneEdit {
    /// What had been done: "move", "split", "join", "rename" or "kind".
    pub what: String,
    /// When, in unix milliseconds.
    pub at: i64,
}

/// The clips of an episode as they stand, ready to be changed.
struct Desk {
    ground: Ground,
    made: ClipsMade,
    stored: Vec<StoredClip>,
    /// The sentences of each stored clip; empty for music.
    ranges: Vec<Range<usize>>,
    /// Which of them is edited.
    at: usize,
}

/// What becomes of the clips: some of them, in a row, give way to others.
struct Change {
    what: &'static str,
    /// Clips that go.
    gone: Range<usize>,
    /// What comes in their place.
    comes: Vec<Range<usize>>,
    works: Vec<(Work, Range<usize>)>,
    /// Work that no longer holds, beside what the new work takes the place of.
    ends: Vec<ClipWorkId>,
}

impl Library {
    /// Moves an end of a clip to the sentence that begins nearest to a word (for [`Edge::End`] the first that is no
    /// longer in the clip); its neighbour gives or takes what lies between. Both are then as made by hand.
    pub fn move_clip_edge(&self, id: ClipId, edge: Edge, to_word: usize) -> Result<ClipView> {
        self.edit_clip(id, |desk| desk.moved(edge, to_word))
    }

    /// Splits a clip in front of the sentence that begins nearest to a word. The first part keeps what it can: which
    /// of the two has the id is that which has more of it.
    pub fn split_clip(&self, id: ClipId, at_word: usize) -> Result<ClipView> {
        self.edit_clip(id, |desk| desk.split(at_word))
    }

    /// Joins a clip with the one that follows. Music between them goes into it.
    pub fn join_clips(&self, id: ClipId) -> Result<ClipView> {
        self.edit_clip(id, Desk::joined)
    }

    /// Gives a clip another headline; `None`: that which its words give it.
    pub fn rename_clip(&self, id: ClipId, headline: Option<&str>) -> Result<ClipView> {
        let headline = headline.map(checked).transpose()?;
        self.edit_clip(id, |desk| desk.renamed(headline.clone()))
    }

    /// Says that a clip is an advertisement ([`ClipKind::Advertisement`]) or none ([`ClipKind::Topic`]). Search and
    /// counts follow by a job that this queues.
    pub fn set_clip_kind(&self, id: ClipId, kind: ClipKind) -> Result<ClipView> {
        if !matches!(kind, ClipKind::Topic | ClipKind::Advertisement) {
            let error = Error::new(ErrorKind::BadInput, "a clip can be made an advertisement or a topic, nothing else");
            return Err(error.remedy("Say `advertisement` or `topic`"));
        }
        self.edit_clip(id, |desk| desk.of_kind(kind))
    }

    /// Takes back the last edit of an episode's clips; `None` where there is none (left).
    pub fn undo_clip_edit(&self, episode: EpisodeId) -> Result<Option<UndoneEdit>> {
        let known = self.known(episode)?;
        let Some(undone) = self.store.undo_clip_edit(episode)? else { return Ok(None) };
        if let Some(transcript) = known.transcript {
            self.make_clips(&known, transcript, &|_| true)?;
            self.follow_clips(episode)?;
        }
        Ok(Some(UndoneEdit { what: undone.what, at: undone.at }))
    }

    /// Does an edit, and again where the clips were made anew meanwhile. The clip that begins where the edited one
    /// did, or the edited one.
    fn edit_clip(&self, id: ClipId, change: impl Fn(&Desk) -> Result<Change>) -> Result<ClipView> {
        for _ in 0..TRIES {
            let desk = self.desk(id)?;
            let change = change(&desk)?;
            let new = self.changed(&desk, &change)?;
            let edit = desk.edit(&change);
            let episode = desk.stored[desk.at].episode;
            if let Some(ids) = self.store.edit_clips(episode, &desk.made, &edit, &new)? {
                self.follow_clips(episode)?;
                let stays = ids.contains(&desk.stored[desk.at].id);
                return self.clip(if stays { desk.stored[desk.at].id } else { ids[change.gone.start] });
            }
        }
        Err(busy())
    }

    fn desk(&self, id: ClipId) -> Result<Desk> {
        let clip = self.stored_clip(id)?;
        let episode = self.known(clip.episode)?;
        let made = self.store.clips_made(episode.id)?.filter(|made| made.maker == MAKER).ok_or_else(busy)?;
        if episode.transcript != Some(made.transcript) {
            return Err(busy());
        }
        let ground = self.ground(&episode, made.transcript)?;
        let stored = self.store.clips(made.transcript)?;
        let at = stored.iter().position(|one| one.id == clip.id).ok_or_else(busy)?;
        let ranges = stored.iter().map(|one| sentences_of(&ground.sentences, &one.clip.words)).collect();
        Ok(Desk { ground, made, stored, ranges, at })
    }

    /// All clips as they are after a change: those that it leaves alone as they are.
    fn changed(&self, desk: &Desk, change: &Change) -> Result<Vec<NewClip>> {
        let mut ground = self.ground(&self.known(desk.stored[desk.at].episode)?, desk.ground.id)?;
        ground.held.retain(|held| !desk.ended(change).contains(&held.work.id));
        let cutting = ground.cutting();
        let mut pieces: Vec<Piece> = change.comes.iter().map(|range| cutting.piece(range.clone())).collect();
        for (piece, range) in pieces.iter_mut().zip(&change.comes) {
            piece.by_hand |= change.works.iter().any(|(_, of)| of == range) && change.what != "rename";
            for (work, of) in &change.works {
                if let (Work::Kind(kind), true) = (work, of == range) {
                    let label = piece.label.take().filter(|_| *kind == ClipKind::Advertisement);
                    (piece.kind, piece.label) = (*kind, label);
                }
            }
        }
        let mut descriptions: Vec<Description> = Vec::with_capacity(pieces.len());
        for piece in &pieces {
            descriptions.push(self.described_clip(&ground, piece)?);
        }
        let mut new = ground.clips(&pieces, descriptions);
        for (work, range) in &change.works {
            let Work::Headline(text) = work else { continue };
            for (clip, of) in new.iter_mut().zip(&change.comes).filter(|(_, of)| *of == range) {
                debug_assert!(!of.is_empty(), "music is not renamed");
                clip.clip.description.headline.clone_from(text);
                clip.clip.description.headline_by = ear_core::Author::Hand;
                clip.clip.description.headline_source = None;
                clip.by_hand = true;
            }
        }
        let kept = |clips: &[StoredClip]| -> Vec<NewClip> {
            clips
                .iter()
                .map(|one| NewClip { clip: one.clip.clone(), by_hand: one.by_hand, vector: one.vector.clone() })
                .collect()
        };
        let mut all = kept(&desk.stored[..change.gone.start]);
        all.append(&mut new);
        all.extend(kept(&desk.stored[change.gone.end..]));
        Ok(all)
    }

    /// Search follows what is an advertisement now.
    pub(crate) fn follow_clips(&self, episode: EpisodeId) -> Result<()> {
        let Some(transcript) = self.known(episode)?.transcript else { return Ok(()) };
        let mark = self.mark(transcript)?;
        let indexed = self.store.indexed(episode)?;
        if indexed.is_some_and(|indexed| indexed.transcript == transcript && indexed.fingerprint != mark) {
            self.store.enqueue(&reading_job(episode, transcript, &mark))?;
        }
        Ok(())
    }
}

impl Desk {
    fn range(&self) -> Result<Range<usize>> {
        let range = self.ranges[self.at].clone();
        if !range.is_empty() {
            return Ok(range);
        }
        let message = format!("clip {} is music, and has no words", self.stored[self.at].id);
        Err(Error::new(ErrorKind::BadInput, message).remedy("Choose a clip with words"))
    }

    /// The clip with words on that side, which joins on.
    fn neighbour(&self, edge: Edge) -> Result<usize> {
        let has_words = |at: &usize| !self.ranges[*at].is_empty();
        let found = match edge {
            Edge::Start => (0..self.at).rfind(has_words),
            Edge::End => (self.at + 1..self.ranges.len()).find(has_words),
        };
        let message = match edge {
            Edge::Start => "this is the first clip: it begins with the first word",
            Edge::End => "this is the last clip: it ends with the last word",
        };
        found.ok_or_else(|| Error::new(ErrorKind::BadInput, message).remedy("Choose its other edge, or split it"))
    }

    fn moved(&self, edge: Edge, to_word: usize) -> Result<Change> {
        let range = self.range()?;
        let other = self.neighbour(edge)?;
        let (first, last) = (self.at.min(other), self.at.max(other));
        let (from, to) = (self.ranges[first].start, self.ranges[last].end);
        let at = nearest(&self.ground.sentences, to_word);
        if at <= from || at >= to {
            let message =
                format!("an edge at word {to_word} would leave nothing of clip {} or its neighbour", self.id());
            return Err(Error::new(ErrorKind::BadInput, message).remedy("Join the two clips instead"));
        }
        let before = if edge == Edge::Start { range.start } else { range.end };
        if at == before {
            let message = format!("no other sentence begins nearer to word {to_word}: the clip stays as it is");
            return Err(Error::new(ErrorKind::BadInput, message).remedy("Choose a word of another sentence"));
        }
        let comes = vec![from..at, at..to];
        let works = comes.iter().map(|range| (Work::Range, range.clone())).collect();
        Ok(Change { what: "move", gone: first..last + 1, comes, works, ends: Vec::new() })
    }

    fn split(&self, at_word: usize) -> Result<Change> {
        let range = self.range()?;
        let at = nearest(&self.ground.sentences, at_word);
        if at <= range.start || at >= range.end {
            let message = format!("no sentence within clip {} begins near word {at_word}", self.id());
            return Err(Error::new(ErrorKind::BadInput, message).remedy("Choose a word in its middle"));
        }
        let comes = vec![range.start..at, at..range.end];
        let works = comes.iter().map(|range| (Work::Range, range.clone())).collect();
        Ok(Change { what: "split", gone: self.at..self.at + 1, comes, works, ends: Vec::new() })
    }

    fn joined(&self) -> Result<Change> {
        let range = self.range()?;
        let other = self.neighbour(Edge::End)?;
        let whole = range.start..self.ranges[other].end;
        let mut works = vec![(Work::Range, whole.clone())];
        let kinds = [self.at, other].map(|at| self.stored[at].clip.kind == ClipKind::Advertisement);
        if kinds[0] != kinds[1] {
            // Talk that takes an advertisement in is talk: as the other, it would be left out of search unasked.
            works.push((Work::Kind(ClipKind::Topic), whole.clone()));
        }
        Ok(Change { what: "join", gone: self.at..other + 1, comes: vec![whole], works, ends: Vec::new() })
    }

    fn renamed(&self, headline: Option<String>) -> Result<Change> {
        let range = self.range()?;
        let is_ours = |held: &&Held| {
            matches!(held.work.work, Work::Headline(_)) && best(&self.ranges, &held.sentences) == Some(self.at)
        };
        let ends: Vec<ClipWorkId> = self.ground.held.iter().filter(is_ours).map(|held| held.work.id).collect();
        if headline.is_none() && ends.is_empty() {
            let message = format!("the headline of clip {} is not yours", self.id());
            return Err(Error::new(ErrorKind::BadInput, message).remedy("Give another one"));
        }
        let works = headline.map(|text| (Work::Headline(text), range.clone())).into_iter().collect();
        Ok(Change { what: "rename", gone: self.at..self.at + 1, comes: vec![range], works, ends })
    }

    fn of_kind(&self, kind: ClipKind) -> Result<Change> {
        let range = self.range()?;
        let works = vec![(Work::Range, range.clone()), (Work::Kind(kind), range.clone())];
        Ok(Change { what: "kind", gone: self.at..self.at + 1, comes: vec![range], works, ends: Vec::new() })
    }

    /// The work that a change takes the place of: of the same sort, about some of the same sentences; of kinds, about
    /// most of them.
    fn ended(&self, change: &Change) -> Vec<ClipWorkId> {
        let replaced = |held: &&Held| {
            change.works.iter().any(|(work, range)| match (work, &held.work.work) {
                (Work::Range, Work::Range) => shared(range, &held.sentences) > 0,
                (Work::Kind(_), Work::Kind(_)) => best(std::slice::from_ref(range), &held.sentences).is_some(),
                _ => false,
            })
        };
        let replaced = self.ground.held.iter().filter(replaced).map(|held| held.work.id);
        change.ends.iter().copied().chain(replaced).collect()
    }

    fn edit(&self, change: &Change) -> ClipEdit {
        let words =
            |range: &Range<usize>| self.ground.sentences[range.start].start..self.ground.sentences[range.end - 1].end;
        let adds = change.works.iter().map(|(work, range)| {
            let words = words(range);
            let span = self.ground.transcript.span_of(words.clone());
            NewClipWork { work: work.clone(), words, span }
        });
        ClipEdit { what: change.what, ends: self.ended(change), adds: adds.collect() }
    }

    fn id(&self) -> ClipId {
        self.stored[self.at].id
    }
}

fn sentences_of(sentences: &[WordRange], words: &WordRange) -> Range<usize> {
    let none = || {
        let at = nearest(sentences, words.start);
        at..at
    };
    if words.is_empty() { none() } else { snapped(sentences, words).unwrap_or_else(none) }
}

/// A headline as it is kept.
fn checked(headline: &str) -> Result<String> {
    let headline = clean_title(headline);
    if headline.is_empty() {
        let error = Error::new(ErrorKind::BadInput, "a headline may not be empty");
        return Err(error.remedy("Write one; `earwitness clips rename CLIP --reset` brings back that of the words"));
    }
    let length = headline.chars().count();
    if length > HEADLINE {
        let message = format!("this headline has {length} characters, and {HEADLINE} is the most");
        return Err(Error::new(ErrorKind::BadInput, message).remedy("Make it shorter"));
    }
    Ok(headline)
}

fn busy() -> Error {
    let error = Error::new(ErrorKind::Busy, "the clips of this episode are being made anew");
    error.remedy("Try again in a moment; `earwitness work` does what is queued")
}
