//! The job that makes an episode's words searchable.

use super::{Beat, Outcome, Told};
use crate::{ErrorKind, Event, Library, Result, Stage};
use ear_core::{EpisodeId, JobId, ShowId, TranscriptId};
use ear_search::{EpisodeDoc, PassageDoc};
use ear_store::Episode;

/// Changes whenever passages or the analysis of words change: then everything is indexed anew.
pub(crate) const FINGERPRINT: &str = "words-1";
/// Passages that go into the index at once.
const BATCH: usize = 20_000;

impl Library {
    /// Looks before the long step whether the job is still wanted, since it is over sooner than heartbeats come.
    pub(super) fn index_job(&self, episode: &Episode, beat: &Beat<'_>) -> Result<Outcome> {
        beat.tell(Told { stage: Some(Stage::Indexing), ..Told::default() });
        let Some((doc, transcript)) =
            episode.transcript.map(|id| self.document(episode, id).map(|doc| (doc, id))).transpose()?
        else {
            return Ok(Outcome::Done(Vec::new()));
        };
        if !beat.is_ours()? {
            return Ok(Outcome::GivenUp);
        }
        if beat.stop.requested() {
            return Ok(Outcome::Stopped);
        }
        self.put(&[doc], &[(episode.id, transcript)])?;
        // Each new transcript is indexed, so here it is seen when a text and what was heard come together.
        Ok(Outcome::Done(self.alignment_due(episode.id)?.into_iter().collect()))
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

    /// Rebuilds the word index from the database. How many episodes are in it; one whose words can't be read is
    /// told of and left out.
    pub fn reindex(&self, on_event: &dyn Fn(Event)) -> Result<usize> {
        self.store.clear_indexed()?;
        self.reset_index()?;
        let waiting = self.store.not_indexed(FINGERPRINT)?;
        let (total, mut left_out) = (waiting.len(), 0);
        for (number, batch) in waiting.chunks(50).enumerate() {
            let ids: Vec<EpisodeId> = batch.iter().map(|(episode, _)| *episode).collect();
            left_out += self.index_what_can_be(&ids, on_event)?;
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
        Ok(total - left_out)
    }

    /// Indexes these episodes together, or, where one of them is damaged, all others. How many were left out.
    fn index_what_can_be(&self, ids: &[EpisodeId], on_event: &dyn Fn(Event)) -> Result<usize> {
        match self.index_episodes(ids) {
            Err(error) if error.kind == ErrorKind::Storage && ids.len() > 1 => {
                ids.iter().try_fold(0, |left_out, id| Ok(left_out + self.index_what_can_be(&[*id], on_event)?))
            }
            // What is wrong with the index itself is wrong for all.
            Err(error)
                if error.kind == ErrorKind::Storage && self.index().and_then(|index| Ok(index.episodes()?)).is_ok() =>
            {
                let message = format!("its words can't be searched: {error}");
                on_event(Event::Warning { episode: ids.first().copied(), message });
                Ok(1)
            }
            indexed => indexed.map(|()| 0),
        }
    }
}
