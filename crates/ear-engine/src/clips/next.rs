//! What to hear after a clip, and why.

use super::ClipTable;
use super::view::ClipView;
use crate::{Library, Result};
use ear_core::{ClipId, EpisodeId, NameId, NameKind};
use ear_search::{Asked, Next, Reason};
use ear_store::{ClipInRow, Episode, StoredClip};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// No more are chosen at once.
const MOST: usize = 100;

/// What is to come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextOptions {
    /// So many at most; 100 are the most there are.
    pub limit: usize,
    /// Only clips of the same show.
    pub same_show: bool,
    /// Also those that were heard.
    pub heard: bool,
}

impl Default for NextOptions {
    fn default() -> Self {
        Self { limit: 10, same_show: false, heard: false }
    }
}

/// Why a clip comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NextReason {
    /// It goes on with the story.
    GoesOn,
    /// It is about some of the same people, places or things.
    About,
    /// It means something like it.
    Alike,
    /// It comes next in the episode.
    SameEpisode,
    /// It is the newest that is left.
    New,
}

/// A clip that comes next.
#[derive(Clone, Debug, PartialEq)]
pub struct NextView {
    /// The clip.
    pub clip: ClipView,
    /// Why, as people read it: "also about Beirut, two days later".
    pub reason: String,
    /// The kind of reason.
    pub kind: NextReason,
}

impl Library {
    /// The clips to hear after one of them, best first: the rest of its story, then what is related elsewhere, then
    /// what is new. Advertisements and music are left out, and so is what tells the same piece again. The same library
    /// gives the same order. All clips are read the first time, and then what changed.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    pub fn next(&self, id: ClipId, options: &NextOptions) -> Result<Vec<NextView>> {
        let clip = self.stored_clip(id)?;
        let table = self.clip_table()?;
        let Some((from, place)) = begin(&table, &clip) else { return Ok(Vec::new()) };
        let heard = self.heard_clips(&table)?;
        let next = table.clips.next(&Asked {
            from,
            place,
            limit: options.limit.min(MOST),
            same_show: options.same_show,
            is_heard: &|clip| !options.heard && heard.contains(&clip),
            is_same: &|one, other| self.says_the_same(&table, one, other),
        });
        self.next_views(&table, next)
    }

    /// What to hear after what was heard of an episode: the clip that was heard last or, where none was, the first
    /// one, and what comes after it. `None` where the episode has no clips that tell something.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    pub fn next_in(&self, episode: EpisodeId, options: &NextOptions) -> Result<(Option<ClipView>, Vec<NextView>)> {
        let Some(transcript) = self.known(episode)?.transcript else { return Ok((None, Vec::new())) };
        let mut told = self.store.clips(transcript)?;
        told.retain(|clip| !matches!(clip.clip.kind, ear_core::ClipKind::Advertisement | ear_core::ClipKind::Music));
        let heard = told.iter().rev().filter(|clip| clip.heard_at.is_some());
        // Of those heard in the same moment the last one.
        let last = heard.reduce(|last, clip| if clip.heard_at > last.heard_at { clip } else { last });
        let Some(clip) = last.or(told.first()) else { return Ok((None, Vec::new())) };
        Ok((Some(self.clip(clip.id)?), self.next(clip.id, options)?))
    }

    fn next_views(&self, table: &ClipTable, next: Vec<Next>) -> Result<Vec<NextView>> {
        let ids: Vec<ClipId> = next.iter().map(|next| table.rows[next.candidate].id).collect();
        let in_row = self.store.clips_in_row(&ids)?;
        let mut in_row: HashMap<ClipId, ClipInRow> = in_row.into_iter().map(|row| (row.clip.id, row)).collect();
        let mut episodes: HashMap<EpisodeId, Episode> = HashMap::new();
        let mut views = Vec::with_capacity(next.len());
        for Next { candidate, reason } in next {
            let row = &table.rows[candidate];
            // Removed at this very moment.
            let Some(in_row) = in_row.remove(&row.id) else { continue };
            let episode = match episodes.entry(row.episode) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => match self.store.episode(row.episode)? {
                    Some(episode) => unknown.insert(episode),
                    None => continue,
                },
            };
            let clip = view(episode, in_row, &|kind| named(table, candidate, kind));
            let text = match reason {
                Reason::New if clip.heard => "heard before".to_owned(),
                _ => reason.text(&|subject| table.subjects[subject as usize].clone()),
            };
            views.push(NextView { clip, reason: text, kind: kind(&reason) });
        }
        Ok(views)
    }
}

/// The clip to compare others with, and the place after which its episode goes on. An advertisement or music stands
/// for what was told before it or, at the beginning, is about what comes after it.
fn begin(table: &ClipTable, clip: &StoredClip) -> Option<(usize, usize)> {
    let (start, end) = (table.place((clip.episode, 0)), table.place((clip.episode, usize::MAX)));
    let rows = &table.rows[start..end];
    if let Some(at) = rows.iter().position(|row| row.id == clip.id) {
        return Some((start + at, rows[at].seq));
    }
    let words = clip.clip.words.start;
    match rows.iter().rposition(|row| row.words.start < words) {
        Some(at) => Some((start + at, rows[at].seq)),
        None => rows.first().map(|row| (start, row.seq.saturating_sub(1))),
    }
}

/// The names of a kind that a clip says, the most frequent first.
fn named(table: &ClipTable, at: usize, kind: NameKind) -> Vec<(NameId, String)> {
    let known = table.rows[at].names.iter().filter_map(|(id, _)| Some((*id, table.names.get(id)?)));
    known.filter(|(_, (_, of))| *of == Some(kind)).map(|(id, (name, _))| (id, name.clone())).collect()
}

fn view(episode: &Episode, row: ClipInRow, named: &dyn Fn(NameKind) -> Vec<(NameId, String)>) -> ClipView {
    let ClipInRow { clip: stored, previous, following } = row;
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
        previous,
        following,
        clip: stored.clip,
    }
}

fn kind(reason: &Reason) -> NextReason {
    match reason {
        Reason::GoesOn => NextReason::GoesOn,
        Reason::About(..) => NextReason::About,
        Reason::Alike(_) => NextReason::Alike,
        Reason::SameEpisode => NextReason::SameEpisode,
        Reason::New => NextReason::New,
    }
}
