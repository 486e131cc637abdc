//! The word index: it has to be there, whole, and hold what the database says it holds.

use super::{Fault, Visit};
use crate::{Library, Result};
use ear_core::{EpisodeId, TranscriptId};
use ear_search::WordIndex;
use std::collections::{BTreeMap, BTreeSet};

/// What the index holds of each episode: the transcript, and how many passages.
type Held = BTreeMap<EpisodeId, (TranscriptId, u64)>;

impl Visit<'_> {
    pub(super) fn index(&mut self) -> Result<()> {
        if self.library.index_is_missing() {
            let has_words = !self.library.store.all_indexed()?.is_empty();
            // A library without words has no index until it needs one.
            return if has_words { self.rebuild(Fault::IndexMissing, "the word index is missing") } else { Ok(()) };
        }
        let (index, held) = match self.library.index().and_then(|index| Ok((index, index.episodes()?))) {
            Ok(opened) => opened,
            Err(error) => return self.rebuild(Fault::IndexDamaged, &error.message),
        };
        if self.options.thorough && !index.damaged_files()?.is_empty() {
            return self.rebuild(Fault::IndexDamaged, "the word index holds other bytes than were written");
        }
        for episode in unsearchable(self.library, &held)? {
            if self.options.repair {
                self.library.index_episodes(&[episode])?;
            }
            let message = format!("episode {episode}: its words can't be searched");
            self.found(Fault::IndexLacks, message, self.options.repair);
        }
        self.foreign(index, &held)
    }

    fn foreign(&mut self, index: &WordIndex, held: &Held) -> Result<()> {
        for episode in held.keys() {
            if self.library.store.episode(*episode)?.is_none() {
                if self.options.repair {
                    index.remove(&[*episode])?;
                }
                let message = format!("episode {episode}: is in the word index and not in the library");
                self.found(Fault::IndexForeign, message, self.options.repair);
            }
        }
        Ok(())
    }

    fn rebuild(&mut self, fault: Fault, message: &str) -> Result<()> {
        if self.options.repair {
            self.library.reindex(self.on_event)?;
        }
        let (mended, folder) = (self.options.repair, self.library.index_folder());
        self.found(fault, message, mended).at(&folder).remedy("`earwitness reindex` builds it again");
        Ok(())
    }
}

/// Episodes whose words are not in the index as they are read, and that no job is going to put there.
fn unsearchable(library: &Library, held: &Held) -> Result<Vec<EpisodeId>> {
    let store = &library.store;
    let mut stale: BTreeSet<EpisodeId> = library.unindexed()?.iter().map(|(episode, _)| *episode).collect();
    for marked in store.all_indexed()? {
        let words = store.transcript_info(marked.transcript)?.map_or(0, |info| info.words);
        let is_held = held.get(&marked.episode).is_some_and(|(transcript, _)| *transcript == marked.transcript);
        // An episode without words has no passages and so is not in the index.
        if !is_held && words > 0 {
            stale.insert(marked.episode);
        }
    }
    let pending = store.pending_for(&stale.iter().copied().collect::<Vec<_>>())?;
    let queued: BTreeSet<EpisodeId> = pending.iter().filter_map(|job| job.episode).collect();
    Ok(stale.difference(&queued).copied().collect())
}
