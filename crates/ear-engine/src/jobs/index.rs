//! The job that makes an episode's words searchable.

use super::Outcome;
use crate::{Event, Library, Result, Stage};
use ear_core::{EpisodeId, JobId, ShowId, TranscriptId};
use ear_search::{EpisodeDoc, PassageDoc};
use ear_store::Episode;

/// Changes whenever passages or the analysis of words change: then everything is indexed anew.
pub(crate) const FINGERPRINT: &str = "words-1";
/// Passages that go into the index at once.
const BATCH: usize = 20_000;

impl Library {
    pub(super) fn index_job(&self, episode: &Episode) -> Result<Outcome> {
        self.index_episodes(&[episode.id])?;
        Ok(Outcome::Done(Vec::new()))
    }

    /// Indexes the transcripts that are read of these episodes, replacing what was indexed of them.
    pub(crate) fn index_episodes(&self, ids: &[EpisodeId]) -> Result<()> {
        let (mut docs, mut indexed, mut passages) = (Vec::new(), Vec::new(), 0);
        for episode in self.store.episodes(ids)? {
            let Some(transcript) = episode.transcript else { continue };
            let doc = self.document(&episode, transcript)?;
            passages += doc.passages.len();
            docs.push(doc);
            indexed.push((episode.id, transcript));
            if passages >= BATCH {
                self.put(&docs, &indexed)?;
                (docs, indexed, passages) = (Vec::new(), Vec::new(), 0);
            }
        }
        self.put(&docs, &indexed)
    }

    /// The index first, then the mark: a mark without its index would hide a gap, the other way round only
    /// makes work twice.
    fn put(&self, docs: &[EpisodeDoc], indexed: &[(EpisodeId, TranscriptId)]) -> Result<()> {
        if docs.is_empty() {
            return Ok(());
        }
        self.index()?.put(docs)?;
        for (episode, transcript) in indexed {
            let marked = self.store.set_indexed(*episode, *transcript, FINGERPRINT);
            if self.store.episode(*episode)?.is_none() {
                // Removed while it was indexed: its removal may have come before it was there to remove.
                self.index()?.remove(&[*episode])?;
            } else {
                marked?;
            }
        }
        Ok(())
    }

    fn document(&self, episode: &Episode, id: TranscriptId) -> Result<EpisodeDoc> {
        let transcript = self.store.load_transcript(id)?;
        let sentences = ear_language::sentences(&transcript);
        let passages = ear_language::passages(&transcript, &sentences);
        let texts =
            |range: std::ops::Range<usize>| transcript.words[range].iter().map(|word| word.text.clone()).collect();
        Ok(EpisodeDoc {
            episode: episode.id,
            show: episode.show.unwrap_or(ShowId(0)),
            show_name: episode.show_title.clone().unwrap_or_default(),
            title: episode.title.clone(),
            date: episode.date,
            language: transcript.language.clone().or_else(|| episode.language.clone()),
            transcript: id,
            passages: passages
                .into_iter()
                .map(|passage| PassageDoc {
                    texts: texts(passage.words.clone()),
                    words: passage.words,
                    speaker: passage.speaker,
                    continues: passage.continues,
                })
                .collect(),
        })
    }

    /// Rebuilds the word index from the database.
    pub fn reindex(&self, on_event: &dyn Fn(Event)) -> Result<()> {
        self.store.clear_indexed()?;
        self.reset_index()?;
        let waiting = self.store.not_indexed(FINGERPRINT)?;
        let total = waiting.len();
        for (number, batch) in waiting.chunks(50).enumerate() {
            let ids: Vec<EpisodeId> = batch.iter().map(|(episode, _)| *episode).collect();
            self.index_episodes(&ids)?;
            let last = ids.last().copied().unwrap_or(EpisodeId(0));
            let done = (number * 50 + batch.len()) as u64;
            on_event(Event::Progress {
                job: JobId(0),
                episode: last,
                stage: Stage::Indexing,
                done,
                total: Some(total as u64),
                rate: None,
                heard: String::new(),
            });
        }
        Ok(())
    }
}
