//! The job that makes the clips of an episode, after its names and what its sentences mean are known. What was made
//! of the same is left as it is, so that it may be queued whenever something may have changed.

use super::describe::describe_job;
use super::{Beat, CLIPS, INDEX, MEANING, NAMES, Outcome, Told};
use crate::add::reading_job;
use crate::clips::MAKER;
use crate::{Library, Result, Stage};
use ear_core::{EpisodeId, TranscriptId};
use ear_store::{Episode, NewJob};
use std::cell::Cell;
use std::collections::HashSet;

/// How often clips are made over when the user edits them meanwhile.
const TRIES: usize = 3;

impl Library {
    /// Episodes whose clips were made by an older version of the program, or never, wait behind all else.
    pub(crate) fn queue_unclipped(&self) -> Result<()> {
        let mut waiting = self.store.episodes_without_clips(MAKER)?;
        // Whose words, names or meaning are still to come has this job at their end.
        let pending = self.store.pending_for(&waiting)?;
        let coming: HashSet<EpisodeId> = pending
            .into_iter()
            .filter(|job| [INDEX, NAMES, MEANING, CLIPS].contains(&job.kind.as_str()))
            .filter_map(|job| job.episode)
            .collect();
        waiting.retain(|episode| !coming.contains(episode));
        waiting.into_iter().try_for_each(|episode| {
            self.store.enqueue(&NewJob { priority: -2, ..clips_job(episode) })?;
            Ok(())
        })
    }

    /// The job that makes the clips of an episode, where they are of an older version or another transcript, and none
    /// waits to make them.
    pub(super) fn clips_due(&self, episode: EpisodeId, transcript: TranscriptId) -> Result<Option<NewJob>> {
        let made = self.store.clips_made(episode)?;
        let is_made = made.is_some_and(|made| made.transcript == transcript && made.maker == MAKER);
        let waits = !is_made && self.store.pending_for(&[episode])?.iter().any(|job| job.kind == CLIPS);
        Ok((!is_made && !waits).then(|| clips_job(episode)))
    }

    /// Has the clips of an episode made anew where something of what they are made of changed; not before it has
    /// words.
    pub(crate) fn queue_clips(&self, episode: EpisodeId) -> Result<()> {
        if self.store.current_transcript(episode)?.is_some() {
            self.store.enqueue(&clips_job(episode))?;
        }
        Ok(())
    }

    /// `describes`: a language model is asked about them then.
    pub(super) fn clips_job(&self, episode: &Episode, describes: bool, beat: &Beat<'_>) -> Result<Outcome> {
        let tell = |fraction| beat.tell(Told { stage: Some(Stage::Cutting), fraction, ..Told::default() });
        tell(0.0);
        let Some(id) = episode.transcript else { return Ok(Outcome::Done(Vec::new())) };
        if self.names_come_first(episode.id, id)? {
            return Ok(Outcome::Done(Vec::new()));
        }
        let mut next: Vec<NewJob> = self
            .note_sentences(episode, id)?
            .into_iter()
            .map(|other| NewJob { priority: -2, ..clips_job(other) })
            .collect();
        let (stopped, lost) = (Cell::new(false), Cell::new(false));
        let go_on = |share: f64| {
            tell(share);
            stopped.set(beat.stop.requested());
            lost.set(beat.lost());
            !stopped.get() && !lost.get()
        };
        let made = self.make_clips(episode, id, &|share| go_on(share) && (share > 0.0 || still_ours(beat, &lost)))?;
        if lost.get() {
            return Ok(Outcome::GivenUp);
        }
        if stopped.get() || !made {
            return Ok(Outcome::Stopped);
        }
        next.extend(describes.then(|| describe_job(episode.id)));
        let mark = self.mark(id)?;
        let indexed = self.store.indexed(episode.id)?;
        if indexed.is_some_and(|indexed| indexed.transcript == id && indexed.fingerprint != mark) {
            next.push(reading_job(episode.id, id, &mark));
            // Passages are cut where an advertisement begins or ends.
            next.extend(self.meaning_due(episode.id));
        }
        Ok(Outcome::Done(next))
    }

    /// Makes the clips of an episode and stores them, unless they were made of the same. Whether it was done:
    /// `go_on` is asked before each clip.
    pub(crate) fn make_clips(&self, episode: &Episode, id: TranscriptId, go_on: &dyn Fn(f64) -> bool) -> Result<bool> {
        for _ in 0..TRIES {
            let ground = self.ground(episode, id)?;
            let making = &ground.making;
            let before = self.store.clips_made(episode.id)?.filter(|made| made.transcript == id);
            let same = before.filter(|made| made.maker == making.maker && made.made_of == making.made_of);
            if same.as_ref().is_some_and(|made| made.edits == making.edits) {
                return Ok(true);
            }
            let known = if same.is_some() { self.store.clips(id)? } else { Vec::new() };
            let Some(clips) = self.made_clips(&ground, &known, go_on)? else { return Ok(false) };
            // What the user does at this moment is seen in the next round, or by the next job.
            self.store.put_clips(episode.id, id, making, &clips)?;
            if self.store.clip_edits(episode.id)? == making.edits {
                break;
            }
        }
        Ok(true)
    }

    /// Whether the job of names is still to come, which queues this one when it is done.
    fn names_come_first(&self, episode: EpisodeId, id: TranscriptId) -> Result<bool> {
        let has_names = self.store.names_made_by(id)?.is_some();
        let waits = self.store.pending_for(&[episode])?.iter().any(|job| job.kind == NAMES);
        Ok(waits && !has_names)
    }
}

/// Asks the queue itself, since making clips is over sooner than heartbeats come.
fn still_ours(beat: &Beat<'_>, lost: &Cell<bool>) -> bool {
    let is_ours = beat.is_ours().unwrap_or(false);
    lost.set(!is_ours);
    is_ours
}

/// The job that makes the clips of an episode.
pub(crate) fn clips_job(episode: EpisodeId) -> NewJob {
    // One that runs has read what there was; this one is another by its moment, and looks again.
    let options = serde_json::json!({ "at": ear_store::now() }).to_string();
    // After names and meaning, before any transcription.
    NewJob { options, priority: 2, ..NewJob::new(CLIPS, Some(episode)) }
}
