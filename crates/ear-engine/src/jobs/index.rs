//! The job that makes an episode's words searchable.

use super::{Beat, Outcome, Told};
use crate::add::index_job;
use crate::clips::{apart, is_advert};
use crate::files::hex;
use crate::names::{Accepted, lay, parts};
use crate::{ErrorKind, Event, Library, Repaired, Result, Stage};
use ear_core::{EpisodeId, JobId, ShowId, TranscriptId, Word, WordRange};
use ear_search::{EpisodeDoc, PassageDoc};
use ear_store::{Episode, NewJob};
use sha2::{Digest, Sha256};

/// Changes whenever passages or the analysis of words change: then everything is indexed anew.
pub(crate) const FINGERPRINT: &str = "words-2";
/// Passages that go into the index at once.
const BATCH: usize = 20_000;

/// What goes into the index, and the mark that says so.
struct Document {
    doc: EpisodeDoc,
    mark: String,
}

/// The fingerprint, and what tells one set of accepted repairs and advertisements from another.
fn mark_of(accepted: &[Accepted], adverts: &[WordRange]) -> String {
    if accepted.is_empty() && adverts.is_empty() {
        return FINGERPRINT.to_owned();
    }
    let mut hash = Sha256::new();
    for Accepted { words, meant, .. } in accepted {
        hash.update(format!("{}-{} {meant}\n", words.start, words.end));
    }
    for words in adverts {
        hash.update(format!("advertisement {}-{}\n", words.start, words.end));
    }
    format!("{FINGERPRINT}+{}", hex(&hash.finalize()[..8]))
}

impl Library {
    /// Looks before the long step whether the job is still wanted, since it is over sooner than heartbeats come.
    pub(super) fn index_job(&self, episode: &Episode, beat: &Beat<'_>) -> Result<Outcome> {
        beat.tell(Told { stage: Some(Stage::Indexing), ..Told::default() });
        let Some(transcript) = episode.transcript else { return Ok(Outcome::Done(Vec::new())) };
        let document = self.document(episode, transcript)?;
        if !beat.is_ours()? {
            return Ok(Outcome::GivenUp);
        }
        if beat.stop.requested() {
            return Ok(Outcome::Stopped);
        }
        let mark = document.mark.clone();
        self.put(vec![document])?;
        // Each new transcript is indexed, so here it is seen when a text and what was heard come together.
        let mut next: Vec<NewJob> = self.alignment_due(episode.id)?.into_iter().collect();
        let names = self.names_due(episode.id, transcript)?;
        // What reads otherwise means something else; a job of names is followed by one that learns it.
        if names.is_none() {
            next.extend(self.meaning_due(episode.id));
            next.extend(self.clips_due(episode.id, transcript)?);
        }
        next.extend(names);
        // What was decided while it was indexed.
        next.extend((self.mark(transcript)? != mark).then(|| index_job(episode.id, transcript)));
        Ok(Outcome::Done(next))
    }

    /// Indexes the transcripts that are read of these episodes, replacing what was indexed of them.
    pub(crate) fn index_episodes(&self, ids: &[EpisodeId]) -> Result<()> {
        let (mut documents, mut passages) = (Vec::new(), 0);
        for episode in self.store.episodes(ids)? {
            let Some(transcript) = episode.transcript else { continue };
            let document = self.document(&episode, transcript)?;
            passages += document.doc.passages.len();
            documents.push(document);
            if passages >= BATCH {
                self.put(std::mem::take(&mut documents))?;
                passages = 0;
            }
        }
        self.put(documents)
    }

    /// The index first, then the mark: a mark without its index would hide a gap, the other way round only
    /// makes work twice.
    fn put(&self, documents: Vec<Document>) -> Result<()> {
        if documents.is_empty() {
            return Ok(());
        }
        let (docs, marks): (Vec<EpisodeDoc>, Vec<String>) =
            documents.into_iter().map(|document| (document.doc, document.mark)).unzip();
        self.index()?.put(&docs)?;
        for (doc, mark) in docs.iter().zip(marks) {
            let marked = self.store.set_indexed(doc.episode, doc.transcript, &mark);
            if self.store.episode(doc.episode)?.is_none() {
                // Removed while it was indexed: its removal may have come before it was there to remove.
                self.index()?.remove(&[doc.episode])?;
            } else {
                marked?;
            }
        }
        Ok(())
    }

    /// What the index mark of a transcript says: which rules cut it, which repairs it reads, and what in it is an
    /// advertisement.
    pub(crate) fn mark(&self, id: TranscriptId) -> Result<String> {
        Ok(mark_of(&self.accepted(id)?, &self.store.advert_words(id)?))
    }

    /// Episodes whose current transcript is not in the index as it reads, with that transcript, oldest first.
    pub(crate) fn unindexed(&self) -> Result<Vec<(EpisodeId, TranscriptId)>> {
        let read_otherwise = |(episode, transcript): &(EpisodeId, TranscriptId)| -> Result<bool> {
            let marked = self.store.indexed(*episode)?.filter(|indexed| indexed.transcript == *transcript);
            Ok(marked.map(|indexed| indexed.fingerprint) != Some(self.mark(*transcript)?))
        };
        let mut found = self.store.not_indexed(FINGERPRINT)?;
        found.extend(self.store.episodes_with_accepted()?);
        found.extend(self.store.episodes_with_adverts()?);
        found.sort_unstable();
        found.dedup();
        let mut stale = Vec::new();
        for place in found {
            if read_otherwise(&place)? {
                stale.push(place);
            }
        }
        Ok(stale)
    }

    fn document(&self, episode: &Episode, id: TranscriptId) -> Result<Document> {
        let accepted = self.accepted(id)?;
        let mut transcript = self.store.load_transcript(id)?;
        let as_heard = if accepted.is_empty() { Vec::new() } else { transcript.words.clone() };
        let laid = lay(&mut transcript.words, 0, &accepted);
        let adverts = self.store.advert_words(id)?;
        let passages = apart(parts(&transcript).1, &adverts);
        let texts = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect();
        let heard = |range: &WordRange| {
            let is_here = |one: &Repaired| one.words.start < range.end && range.start < one.words.end;
            if laid.iter().any(is_here) { texts(&as_heard[range.clone()]) } else { Vec::new() }
        };
        let doc = EpisodeDoc {
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
                    texts: texts(&transcript.words[passage.words.clone()]),
                    heard: heard(&passage.words),
                    advert: is_advert(&passage.words, &adverts),
                    words: passage.words,
                    speaker: passage.speaker,
                    continues: passage.continues,
                })
                .collect(),
        };
        Ok(Document { doc, mark: mark_of(&accepted, &adverts) })
    }

    /// Rebuilds the word index from the database. How many episodes are in it; one whose words can't be read is
    /// told of and left out.
    pub fn reindex(&self, on_event: &dyn Fn(Event)) -> Result<usize> {
        self.store.clear_indexed()?;
        self.reset_index()?;
        let waiting = self.unindexed()?;
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
