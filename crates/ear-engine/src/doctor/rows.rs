//! The database: its file, its rows, its jobs.

use super::{Fault, Visit};
use crate::Result;
use crate::jobs::{LEASE, TRANSCRIBE};
use ear_store::{Anomaly, Moment, NewJob, TranscriptInfo};

impl Visit<'_> {
    pub(super) fn rows(&mut self) -> Result<()> {
        let anomalies = self.library.store.integrity(self.options.thorough)?;
        let broken = anomalies.iter().any(|anomaly| matches!(anomaly, Anomaly::Orphan(_)));
        let damaged = anomalies.iter().any(|anomaly| matches!(anomaly, Anomaly::Corruption(_)));
        let left = if broken && !damaged && self.options.repair {
            self.library.store.mend_orphans()?;
            self.library.store.integrity(self.options.thorough)?
        } else {
            anomalies.clone()
        };
        for anomaly in &anomalies {
            let mended = !left.contains(anomaly);
            match anomaly {
                Anomaly::Corruption(what) => {
                    self.found(Fault::DatabaseDamaged, format!("the database is damaged: {what}"), false)
                        .remedy("Bring the library back from a backup: `earwitness restore BACKUP --force`");
                }
                Anomaly::DamagedTranscript(what) => {
                    self.found(Fault::TranscriptDamaged, what, mended)
                        .remedy("Bring the library back from a backup: `earwitness restore BACKUP --force`");
                }
                Anomaly::Orphan(what) => {
                    self.found(Fault::RowsBroken, what, mended);
                }
            }
        }
        Ok(())
    }

    pub(super) fn jobs(&mut self) -> Result<()> {
        self.stranded_jobs()?;
        for partial in self.library.store.stranded_partials()? {
            self.stranded_partial(&partial)?;
        }
        for episode in self.library.store.never_asked_for()? {
            if self.options.repair {
                let options = serde_json::json!({}).to_string();
                self.library.store.enqueue(&NewJob { options, ..NewJob::new(TRANSCRIBE, Some(episode)) })?;
            }
            let message = format!("episode {episode}: nobody was asked to hear it; a repair queues that");
            self.found(Fault::EpisodeForgotten, message, self.options.repair);
        }
        Ok(())
    }

    /// Jobs of workers that are gone. The next worker takes them over; where there is none, they look as if
    /// somebody was at work.
    fn stranded_jobs(&mut self) -> Result<()> {
        let store = &self.library.store;
        let dead = self.library.dead_workers()?;
        let mut jobs = store.stranded_jobs(Moment::now(), LEASE)?;
        for job in store.running_jobs()? {
            let is_dead = job.worker.as_ref().is_some_and(|worker| dead.contains(worker));
            if is_dead && !jobs.iter().any(|known| known.id == job.id) {
                jobs.push(job);
            }
        }
        for job in jobs {
            if let (true, Some(worker)) = (self.options.repair, &job.worker) {
                self.library.store.release(job.id, worker)?;
            }
            let message = format!("job {}: its worker is gone; a repair puts it back in the queue", job.id);
            self.found(Fault::JobStranded, message, self.options.repair);
        }
        Ok(())
    }

    /// Words that were heard and lie where nobody reads them. Where the episode has been heard whole meanwhile
    /// they are worth nothing; otherwise a job goes on with them.
    fn stranded_partial(&mut self, partial: &TranscriptInfo) -> Result<()> {
        let store = &self.library.store;
        if self.options.repair {
            let whole =
                store.transcripts(partial.episode)?.iter().any(|info| info.complete && info.origin == partial.origin);
            if whole {
                store.drop_partials(partial.episode)?;
            } else {
                let options = serde_json::json!({ "model": partial.model, "language": partial.language }).to_string();
                store.enqueue(&NewJob { options, ..NewJob::new(TRANSCRIBE, Some(partial.episode)) })?;
            }
        }
        let message = format!(
            "episode {}: a transcript of {} words was begun, and no job goes on with it; a repair queues one",
            partial.episode, partial.words
        );
        self.found(Fault::TranscriptStranded, message, self.options.repair);
        Ok(())
    }
}
