//! The job that learns what an episode's sentences and passages mean, when its words can be found already. It needs a
//! model; where that is not installed no such job is queued.

use super::{Beat, MEANING, Outcome, Told, clips_job};
use crate::clips::apart;
use crate::meaning::is_installed;
use crate::names::parts;
use crate::{Library, Reading, Result, Stage};
use ear_core::{EpisodeId, TranscriptId, Word, WordRange, join_words};
use ear_language::vectors::{Meaning, Vector};
use ear_search::{Piece, VectorFile, Vectors, text_key};
use ear_store::{Episode, NewJob};
use std::collections::HashMap;
use std::fs;

/// Texts that go to the model at once; between them it is asked whether to go on.
const BATCH: usize = 256;
/// New vectors that are kept at once while there are more to come.
const KEPT: usize = 2048;

/// Words whose meaning is wanted.
struct Wanted {
    words: WordRange,
    key: u64,
    text: String,
}

/// The vectors there are, by the key of their text.
type Known = HashMap<u64, Vector>;

impl Library {
    /// The job that learns what an episode means, where there is a model.
    pub(super) fn meaning_due(&self, episode: EpisodeId) -> Option<NewJob> {
        is_installed().then(|| meaning_job(episode))
    }

    /// Episodes that have no vectors, or those of another model, wait behind all else.
    pub(crate) fn queue_unmeant(&self) -> Result<()> {
        if !is_installed() {
            return Ok(());
        }
        let folder = self.vectors_folder();
        let newest = Vectors::newest(&folder);
        for indexed in self.store.all_indexed()? {
            let made_by = VectorFile::glance(&folder, indexed.transcript);
            if made_by.is_none() || made_by != newest {
                self.store.enqueue(&NewJob { priority: -1, ..meaning_job(indexed.episode) })?;
            }
        }
        Ok(())
    }

    /// What the sentences of a transcript mean, one vector each in their order, where that is known.
    pub(crate) fn sentence_vectors(&self, id: TranscriptId) -> Result<Option<Vec<Vector>>> {
        let file = VectorFile::read(&self.vectors_folder(), id)?;
        Ok(file.map(|file| file.sentences.into_iter().map(|piece| piece.vector).collect()))
    }

    pub(super) fn meaning_job(&self, episode: &Episode, beat: &Beat<'_>) -> Result<Outcome> {
        beat.tell(Told { stage: Some(Stage::Understanding), ..Told::default() });
        let Some(id) = episode.transcript else { return Ok(Outcome::Done(Vec::new())) };
        // It may have been removed since.
        let Some(understanding) = self.understanding()? else { return Ok(Outcome::Done(Vec::new())) };
        let meaning = &understanding.meaning;
        let (transcript, _) = self.read_transcript(id, Reading::Repaired)?;
        let (sentences, passages) = parts(&transcript);
        let passages = apart(passages, &self.store.advert_words(id)?);
        let sentences: Vec<Wanted> = sentences.into_iter().map(|words| wanted(&transcript.words, words)).collect();
        let passages: Vec<Wanted> =
            passages.into_iter().map(|passage| wanted(&transcript.words, passage.words)).collect();

        let folder = self.vectors_folder();
        let before = VectorFile::read(&folder, id)?.filter(|file| file.fingerprint == meaning.fingerprint());
        let pieces = before.iter().flat_map(|file| file.sentences.iter().chain(&file.passages));
        let mut known: Known = pieces.map(|piece| (piece.key, piece.vector.clone())).collect();
        let kept = |known: &Known, passages: &[Wanted]| VectorFile {
            transcript: id,
            fingerprint: meaning.fingerprint().to_owned(),
            passages: pieces_of(passages, known),
            sentences: pieces_of(&sentences, known),
        };
        let save = |known: &Known| -> Result<()> {
            // Passages that are whole already are found meanwhile.
            kept(known, &passages).write(&folder)?;
            Ok(())
        };
        match learn(meaning, sentences.iter().chain(&passages), &mut known, beat, &save)? {
            Learned::All => {}
            Learned::Stopped => return Ok(Outcome::Stopped),
            Learned::Lost => return Ok(Outcome::GivenUp),
        }
        if !beat.is_ours()? {
            return Ok(Outcome::GivenUp);
        }
        let file = kept(&known, &passages);
        if before.as_ref() == Some(&file) {
            return Ok(Outcome::Done(Vec::new()));
        }
        file.write(&folder)?;
        Vectors::changed(&folder, meaning.fingerprint())?;
        self.drop_other_vectors(episode.id, id)?;
        // What was decided while it was learned is read otherwise.
        let (now, _) = self.read_transcript(id, Reading::Repaired)?;
        let reads_otherwise =
            now.words.iter().map(|word| &word.text).ne(transcript.words.iter().map(|word| &word.text));
        let mut next = vec![clips_job(episode.id)];
        next.extend(reads_otherwise.then(|| meaning_job(episode.id)));
        Ok(Outcome::Done(next))
    }

    /// Removes the vectors of an episode's other transcripts, and all if it was removed meanwhile.
    fn drop_other_vectors(&self, episode: EpisodeId, id: TranscriptId) -> Result<()> {
        let there = self.store.episode(episode)?.is_some();
        let others = self.store.transcripts(episode)?.into_iter().map(|info| info.id).filter(|other| *other != id);
        self.drop_vectors(&others.chain((!there).then_some(id)).collect::<Vec<_>>())
    }

    /// Removes the vectors of these transcripts.
    pub(crate) fn drop_vectors(&self, transcripts: &[TranscriptId]) -> Result<()> {
        for id in transcripts {
            let file = VectorFile::place(&self.vectors_folder(), *id);
            match fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(crate::Error::file(&file, &error));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// How far it came.
enum Learned {
    All,
    Stopped,
    Lost,
}

/// Gives each text its vector; those that are known are not made again.
fn learn<'a>(
    meaning: &Meaning,
    texts: impl Iterator<Item = &'a Wanted>,
    known: &mut Known,
    beat: &Beat<'_>,
    save: &dyn Fn(&Known) -> Result<()>,
) -> Result<Learned> {
    let mut missing: Vec<(u64, &str)> = texts
        .filter(|wanted| !known.contains_key(&wanted.key))
        .map(|wanted| (wanted.key, wanted.text.as_str()))
        .collect();
    missing.sort_unstable_by_key(|(key, text)| (text.len(), *key));
    missing.dedup_by_key(|(key, _)| *key);
    let (total, mut unsaved) = (missing.len(), 0);
    for (number, batch) in missing.chunks(BATCH).enumerate() {
        if beat.lost() {
            return Ok(Learned::Lost);
        }
        if beat.stop.requested() {
            save(known)?;
            return Ok(Learned::Stopped);
        }
        let done = number * BATCH;
        beat.tell(Told {
            stage: Some(Stage::Understanding),
            fraction: done as f64 / total as f64,
            done: Some(done as u64),
            total: Some(total as u64),
        });
        let texts: Vec<&str> = batch.iter().map(|(_, text)| *text).collect();
        let vectors = meaning.vectors(&texts)?;
        known.extend(batch.iter().map(|(key, _)| *key).zip(vectors));
        unsaved += batch.len();
        if unsaved >= KEPT && done + batch.len() < total && beat.is_ours()? {
            save(known)?;
            unsaved = 0;
        }
    }
    Ok(Learned::All)
}

fn wanted(words: &[Word], range: WordRange) -> Wanted {
    let text = join_words(&words[range.clone()]);
    Wanted { words: range, key: text_key(&text), text }
}

/// Those whose vector is known.
fn pieces_of(wanted: &[Wanted], known: &Known) -> Vec<Piece> {
    let piece = |one: &Wanted| {
        let vector = known.get(&one.key)?.clone();
        Some(Piece { words: one.words.clone(), key: one.key, vector })
    };
    wanted.iter().filter_map(piece).collect()
}

/// The job that learns what an episode means.
pub(crate) fn meaning_job(episode: EpisodeId) -> NewJob {
    // After names, since repairs change what is read, and before clips, which are cut by it.
    NewJob { priority: 3, ..NewJob::new(MEANING, Some(episode)) }
}
