//! Clips as plain data to look at.

use crate::jobs::{CLIPS, MEANING, NAMES};
use crate::meaning::is_installed;
use crate::{Error, ErrorKind, Hit, Library, Result};
use ear_core::{Clip, ClipId, ClipKind, EpisodeDate, EpisodeId, NameId, NameKind, ShowId, TranscriptId, WordRange};
use ear_store::{Episode, Proposed, StoredClip};
use std::cmp::Reverse;

/// The clips of an episode.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClipsView {
    /// In order, advertisements and music among them.
    pub clips: Vec<ClipView>,
    /// The transcript whose words these are: the one that is read; `None` while there is none.
    pub transcript: Option<TranscriptId>,
    /// They are still to be made, or to be made anew.
    pub pending: bool,
    /// What could make them better, in a sentence.
    pub note: Option<String>,
}

impl ClipsView {
    /// Those that people want to hear, without advertisements and music.
    pub fn told(&self) -> impl Iterator<Item = &ClipView> {
        self.clips.iter().filter(|view| view.is_told())
    }
}

/// A clip with what is known around it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipView {
    /// Its id. Links by it last: an id that is no more leads to the clip that took its place.
    pub id: ClipId,
    /// What it is.
    pub clip: Clip,
    /// The transcript whose words these are.
    pub transcript: TranscriptId,
    /// The user set its edges, its headline or its kind.
    pub by_hand: bool,
    /// It was marked as heard.
    pub heard: bool,
    /// Who is named in it, those named most often first.
    pub people: Vec<(NameId, String)>,
    /// Places that are named in it.
    pub places: Vec<(NameId, String)>,
    /// Organisations that are named in it.
    pub organisations: Vec<(NameId, String)>,
    /// Its page: `/c/7`.
    pub url: String,
    /// Its episode and that one's title.
    pub episode: (EpisodeId, String),
    /// The show of that.
    pub show: Option<(ShowId, String)>,
    /// When that was published.
    pub date: Option<EpisodeDate>,
    /// Whether there is sound to play.
    pub has_sound: bool,
    /// The clip before it in the episode.
    pub previous: Option<ClipId>,
    /// The clip after it in the episode.
    pub following: Option<ClipId>,
}

impl ClipView {
    /// Whether it is talk that the episode is about, no advertisement and no music.
    pub fn is_told(&self) -> bool {
        matches!(self.clip.kind, ClipKind::Topic | ClipKind::Publisher)
    }
}

impl Library {
    /// The clips of an episode, of the transcript that is read.
    pub fn clips(&self, episode: EpisodeId) -> Result<ClipsView> {
        let episode = self.known(episode)?;
        let Some(transcript) = episode.transcript else { return Ok(ClipsView::default()) };
        let made = self.store.clips_made(episode.id)?.filter(|made| made.transcript == transcript);
        let stored = self.store.clips(transcript)?;
        let said = self.said_names(episode.id, transcript)?;
        let pending = self.store.pending_for(&[episode.id])?;
        let waits = pending.iter().any(|job| [NAMES, MEANING, CLIPS].contains(&job.kind.as_str()));
        let note = note(&stored, self.store.proposed(episode.id)?);
        let clips = (0..stored.len()).map(|at| view(&episode, &stored, at, &said)).collect();
        Ok(ClipsView { clips, transcript: Some(transcript), pending: waits || made.is_none(), note })
    }

    /// A clip; for an id that is no more the clip that took its place.
    pub fn clip(&self, id: ClipId) -> Result<ClipView> {
        let clip = self.stored_clip(id)?;
        let episode = self.known(clip.episode)?;
        let all = self.store.clips(clip.transcript)?;
        let said = self.said_names(episode.id, clip.transcript)?;
        let at = all.iter().position(|one| one.id == clip.id).ok_or_else(|| no_clip(id))?;
        Ok(view(&episode, &all, at, &said))
    }

    /// The clip that each of these hits is in, be it an advertisement; `None` where clips are still to be made.
    pub fn clips_of(&self, hits: &[Hit]) -> Result<Vec<Option<ClipId>>> {
        hits.iter().map(|hit| Ok(self.store.clip_at(hit.transcript, hit.words.start)?)).collect()
    }

    /// Marks a clip as heard, or takes the mark back.
    pub fn mark_heard(&self, id: ClipId, heard: bool) -> Result<()> {
        Ok(self.store.mark_heard(id, heard).map(drop)?)
    }

    pub(super) fn stored_clip(&self, id: ClipId) -> Result<StoredClip> {
        self.store.clip(id)?.ok_or_else(|| no_clip(id))
    }

    /// The names that a transcript says, with where.
    pub(super) fn said_names(&self, episode: EpisodeId, transcript: TranscriptId) -> Result<Vec<SaidName>> {
        let mut names: Vec<SaidName> = self
            .store
            .episode_names(episode)?
            .into_iter()
            .map(|(name, _)| SaidName { id: name.id, name: name.name, kind: name.kind, words: Vec::new() })
            .collect();
        let places: std::collections::HashMap<NameId, usize> =
            names.iter().enumerate().map(|(at, name)| (name.id, at)).collect();
        for (id, words, _, _) in self.store.mentions(transcript)? {
            if let Some(&at) = places.get(&id) {
                names[at].words.push(words);
            }
        }
        names.retain(|name| !name.words.is_empty());
        Ok(names)
    }
}

/// A name and the words that stand for it, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SaidName {
    pub id: NameId,
    pub name: String,
    pub kind: Option<NameKind>,
    pub words: Vec<WordRange>,
}

impl SaidName {
    /// How often these words say it.
    fn count(&self, words: &WordRange) -> usize {
        let from = self.words.partition_point(|range| range.start < words.start);
        let to = self.words.partition_point(|range| range.start < words.end);
        to.saturating_sub(from)
    }
}

fn view(episode: &Episode, all: &[StoredClip], at: usize, said: &[SaidName]) -> ClipView {
    let stored = &all[at];
    let named = |kind: NameKind| -> Vec<(NameId, String)> {
        let counted = said.iter().filter(|name| name.kind == Some(kind));
        let mut counted: Vec<(usize, &SaidName)> =
            counted.map(|name| (name.count(&stored.clip.words), name)).filter(|(count, _)| *count > 0).collect();
        counted.sort_by_key(|(count, _)| Reverse(*count));
        counted.into_iter().map(|(_, name)| (name.id, name.name.clone())).collect()
    };
    ClipView {
        id: stored.id,
        transcript: stored.transcript,
        by_hand: stored.by_hand,
        heard: stored.heard_at.is_some(),
        people: named(NameKind::Person),
        places: named(NameKind::Place),
        organisations: named(NameKind::Organisation),
        url: format!("/c/{}", stored.id),
        episode: (episode.id, episode.title.clone()),
        show: episode.show.zip(episode.show_title.clone()),
        date: episode.date,
        has_sound: episode.recording.is_some() && episode.sound_removed.is_none(),
        previous: at.checked_sub(1).map(|at| all[at].id),
        following: all.get(at + 1).map(|clip| clip.id),
        clip: stored.clip.clone(),
    }
}

fn note(clips: &[StoredClip], proposed: Option<Proposed>) -> Option<String> {
    let refused = proposed.filter(|proposed| proposed.refused > 0).map(|Proposed { model, refused }| {
        let what = if refused == 1 { "1 proposal".to_owned() } else { format!("{refused} proposals") };
        let was = if refused == 1 { "was" } else { "were" };
        let why = "not in the form asked for, or not borne out by the words cited";
        format!("{what} of the model `{model}` {was} refused: {why}")
    });
    let has_words = clips.iter().any(|clip| !clip.clip.words.is_empty());
    let text = "these clips were cut by words alone; `earwitness models fetch minilm` brings a model of meaning, and \
                the next `earwitness work` makes them anew";
    let cut = has_words && !is_installed() && clips.iter().all(|clip| clip.vector.is_none());
    let notes: Vec<String> = cut.then(|| text.to_owned()).into_iter().chain(refused).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

pub(super) fn no_clip(id: ClipId) -> Error {
    let error = Error::new(ErrorKind::NotFound, format!("there is no clip {id}"));
    error.remedy("`earwitness clips EPISODE` shows what there is")
}
