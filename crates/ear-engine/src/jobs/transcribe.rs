//! The job that turns an episode's sound into words. Each window heard is a checkpoint; a job that was
//! stopped or killed goes on after the last.

use super::{Beat, Outcome, Told, names_job};
use crate::add::index_job;
use crate::files::hex;
use crate::jobs::WorkOptions;
use crate::library::EarKey;
use crate::transcribe::{BEAM, Pace, run, workers};
use crate::{Error, ErrorKind, Event, Library, Result, Stage};
use ear_core::{Millis, Origin, Timing, Transcript, TranscriptId, join_words};
use ear_speech::recognise::{Chunk, Options, Resume, Step};
use ear_store::{CompleteFields, Episode, Job, NewChunk, Recording, TranscriptHead};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, io};

/// Changes whenever the same sound and model would give other words or times.
const VERSION: u32 = 2;
/// Names gathered from an episode's text that recognition is told of; more would cost time.
const GATHERED: usize = 150;
/// Progress is told no more often.
const OFTEN: Duration = Duration::from_millis(200);

#[derive(Debug, Default, Deserialize)]
struct JobOptions {
    model: Option<String>,
    language: Option<String>,
}

impl Library {
    pub(super) fn transcribe_job(
        &self,
        job: &Job,
        episode: &Episode,
        options: &WorkOptions,
        beat: &Beat<'_>,
        on_event: &(dyn Fn(Event) + Sync),
    ) -> Result<Outcome> {
        let asked: JobOptions = serde_json::from_str(&job.options)
            .map_err(|error| Error::new(ErrorKind::Bug, format!("the job's options can't be read: {error}")))?;
        let recording = episode.recording.as_deref().map(|hash| self.store.recording(hash)).transpose()?.flatten();
        let recording = recording.ok_or_else(|| Error::new(ErrorKind::NotFound, "the episode has no sound"))?;
        let file = self.sound_file(&recording)?;
        let model = asked.model.unwrap_or_else(crate::models::default_model);
        beat.tell(Told { stage: Some(Stage::Loading), ..Told::default() });
        let ear = self.ear(&EarKey { model, workers: workers(options.threads) })?;
        let known_language = asked.language.or_else(|| episode.language.clone());
        let recogniser = ear.recogniser.as_ref();
        let vocabulary = self.store.names_text(episode.id)?.as_deref().map(crate::read_names).unwrap_or_default();
        let gathered = self.expected(episode, &vocabulary)?;
        let fingerprint = format!(
            "{}/{}/beam{BEAM}/{}/v{VERSION}{}{}",
            recogniser.engine(),
            recogniser.model(),
            known_language.as_deref().unwrap_or("detect"),
            mark_of("names", &vocabulary),
            mark_of("gathered", &gathered)
        );
        let head = TranscriptHead {
            origin: Origin::Recognised,
            language: known_language.clone(),
            engine: Some(recogniser.engine().to_owned()),
            model: Some(recogniser.model().to_owned()),
            fingerprint: fingerprint.clone(),
            timing: Timing::Words,
            duration: None,
        };
        if let Some(done) = self
            .store
            .transcripts(episode.id)?
            .iter()
            .find(|known| known.complete && known.fingerprint.as_deref() == Some(fingerprint.as_str()))
        {
            // A worker died between the last word and saying so; another may have indexed it since.
            let is_indexed = self.store.indexed(episode.id)?.is_some_and(|indexed| indexed.transcript == done.id);
            return Ok(Outcome::Done(if is_indexed { Vec::new() } else { vec![index_job(episode.id, done.id)] }));
        }
        let progress = match self.store.resume_partial(episode.id, &fingerprint)? {
            Some(partial) => {
                Checkpoint { transcript: partial.transcript, windows: partial.next_seq, reached: partial.end }
            }
            None => Checkpoint { transcript: self.store.begin_transcript(episode.id, &head)?, windows: 0, reached: 0 },
        };
        // Windows depend on the ones before, so resuming looks at all the sound again, which takes little,
        // and hears only what was not heard. The language to go on with follows from their stretches.
        let resume = match progress.windows {
            0 => None,
            windows => Some(Resume { windows, stretches: self.store.load_transcript(progress.transcript)?.stretches }),
        };
        let hearing =
            Options { language: known_language, vocabulary, gathered, workers: workers(options.threads), resume };
        let mut teller = Teller { job, episode, beat, on_event, pace: Pace::new(progress.reached), last: None };
        let end = run(&ear, &file, &hearing, &mut |step, total| {
            if let (Step::Heard(chunk), false) = (&step, beat.lost()) {
                self.checkpoint(progress.transcript, chunk, beat)?;
            }
            teller.tell(&step, total.or(recording.duration));
            let go_on = !beat.lost() && !beat.stop.requested();
            Ok(if go_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })
        .map_err(|error| named(error, &file, &recording))?;
        for message in end.warnings {
            on_event(Event::Warning { episode: Some(episode.id), message });
        }
        if end.joined.stopped {
            return Ok(if beat.lost() { Outcome::GivenUp } else { Outcome::Stopped });
        }
        self.store.set_recording_duration(&recording.hash, end.joined.duration)?;
        let mut stretches = self.store.load_transcript(progress.transcript)?.stretches;
        stretches.extend(end.joined.stretches);
        let fields = CompleteFields {
            language: end.joined.language,
            duration: Some(end.joined.duration),
            timing: Timing::Words,
            turns: Vec::new(),
            stretches: Some(stretches),
        };
        self.store.complete_transcript(progress.transcript, &fields)?;
        // Names are asked of the sound, which a rule may remove when nothing waits for it.
        Ok(Outcome::Done(vec![index_job(episode.id, progress.transcript), names_job(episode.id)]))
    }
}

impl Library {
    /// Names that the episode's own text says may be heard, beside those that the user gave; the most certain first.
    /// Nothing that the library learns meanwhile is among them, so that a job that was killed goes on with the same.
    fn expected(&self, episode: &Episode, given: &[String]) -> Result<Vec<String>> {
        let names = self.gathered(episode, &Transcript::empty(Origin::Recognised), &[])?.into_iter();
        Ok(names.map(|name| name.name).filter(|name| !given.contains(name)).take(GATHERED).collect())
    }

    /// Stores what was heard, unless the job has become somebody else's meanwhile.
    fn checkpoint(&self, transcript: TranscriptId, chunk: &Chunk, beat: &Beat<'_>) -> Result<()> {
        let Chunk { index, span, words, stretches, alternatives, .. } = chunk;
        let chunk = NewChunk { seq: *index, span: *span, words, stretches, alternatives };
        match self.store.add_chunk(transcript, &chunk, Some(beat.holder())) {
            Err(ear_store::Error::NotHeld { .. }) => beat.lose(),
            stored => stored?,
        }
        Ok(())
    }

    /// The file of a recording, if it is whole; otherwise what became of it and what to do.
    fn sound_file(&self, recording: &Recording) -> Result<PathBuf> {
        let file = self.recording_file(recording);
        let name = recording.original_name.clone().unwrap_or_else(|| "its recording".into());
        let error = match fs::metadata(&file) {
            Ok(metadata) if metadata.len() == recording.bytes => return Ok(file),
            Ok(_) => Error::new(ErrorKind::BadInput, "the library's copy of this sound is damaged"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match &recording.removed {
                Some(removed) => {
                    Error::new(ErrorKind::NotFound, format!("the sound was removed by the rule `{}`", removed.rule))
                }
                None => Error::new(ErrorKind::NotFound, "the library's copy of this sound is gone"),
            },
            Err(error) => return Err(Error::file(&file, &error)),
        };
        Err(error.at(name).remedy("Add the file again, or bring it back from a backup; then retry this job"))
    }
}

/// An error in a recording, with the name it had where it came from: its path here says nothing to anybody.
fn named(mut error: Error, file: &Path, recording: &Recording) -> Error {
    let (path, name) = (file.display().to_string(), recording.original_name.as_deref().unwrap_or("the recording"));
    error.message = error.message.replace(&path, name);
    error.place = error.place.map(|place| place.replace(&path, name));
    error
}

/// What tells one list of names from another; nothing where there is none.
fn mark_of(what: &str, vocabulary: &[String]) -> String {
    if vocabulary.is_empty() {
        return String::new();
    }
    format!("/{what}-{}", hex(&Sha256::digest(vocabulary.join("\n"))[..8]))
}

struct Checkpoint {
    transcript: TranscriptId,
    windows: usize,
    reached: Millis,
}

/// Tells how far the job is, to the queue and to whoever listens.
struct Teller<'a> {
    job: &'a Job,
    episode: &'a Episode,
    beat: &'a Beat<'a>,
    on_event: &'a (dyn Fn(Event) + Sync),
    pace: Pace,
    last: Option<Instant>,
}

impl Teller<'_> {
    fn tell(&mut self, step: &Step, total: Option<Millis>) {
        let heard = match step {
            Step::Heard(chunk) => {
                self.pace.reach(chunk.span.end());
                join_words(&chunk.words)
            }
            Step::Looked(_) if self.last.is_some_and(|last| last.elapsed() < OFTEN) => return,
            Step::Looked(_) => String::new(),
        };
        self.last = Some(Instant::now());
        let done = self.pace.done;
        let fraction = total.map_or(0.0, |total| (done as f64 / total.max(1) as f64).min(1.0));
        self.beat.tell(Told { fraction, done: Some(done), total, stage: Some(Stage::Recognising) });
        (self.on_event)(Event::Progress {
            job: self.job.id,
            episode: self.episode.id,
            stage: Stage::Recognising,
            done,
            total,
            rate: self.pace.rate(),
            heard,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_list_of_names_makes_another_transcript() {
        let mark = |names: &str| mark_of("names", &crate::read_names(names));
        assert_eq!(mark("# nobody\n"), "", "what was heard without names stays as it is");
        assert_eq!(mark("Ann Lee = Anne Leigh - host\n"), mark("Ann Lee\n"));
        assert_ne!(mark("Ann Lee\n"), mark("Bo\n"));
    }
}
