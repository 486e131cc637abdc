//! Reading words through the layer of accepted repairs.

use super::layer::{Accepted, lay};
use super::{Reading, Repaired};
use crate::{Library, Result};
use ear_core::{Transcript, TranscriptId, Word, WordRange};
use ear_store::StoredRepair;
use std::collections::HashMap;

impl Library {
    /// A transcript as it reads, and which of its words that changes.
    pub(crate) fn read_transcript(&self, id: TranscriptId, reading: Reading) -> Result<(Transcript, Vec<Repaired>)> {
        let mut transcript = self.store.load_transcript(id)?;
        let repaired = match reading {
            Reading::AsHeard => Vec::new(),
            Reading::Repaired => lay(&mut transcript.words, 0, &self.accepted(id)?),
        };
        Ok((transcript, repaired))
    }

    /// The words at these places, as they read.
    pub(crate) fn read_words(&self, places: &[(TranscriptId, WordRange)]) -> Result<Vec<(Vec<Word>, Vec<Repaired>)>> {
        let mut layers: HashMap<TranscriptId, Vec<Accepted>> = HashMap::new();
        for (id, _) in places {
            if !layers.contains_key(id) {
                layers.insert(*id, self.accepted(*id)?);
            }
        }
        let words = self.store.words_many(places)?;
        let laid = words.into_iter().zip(places).map(|(mut words, (id, range))| {
            let repaired = layers.get(id).map(|layer| lay(&mut words, range.start, layer)).unwrap_or_default();
            (words, repaired)
        });
        Ok(laid.collect())
    }

    /// The accepted repairs of a transcript, by their words.
    pub(crate) fn accepted(&self, id: TranscriptId) -> Result<Vec<Accepted>> {
        let of = |repair: StoredRepair| Accepted { repair: repair.id, words: repair.words, meant: repair.meant };
        Ok(self.store.accepted(id)?.into_iter().map(of).collect())
    }
}
