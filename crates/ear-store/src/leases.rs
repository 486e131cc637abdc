//! How workers take jobs, hold them and let them go. A worker holds a job by a lease that its heartbeats
//! renew; one that died lets it run out, and another takes over. Whoever lost a job can no longer change it.

use crate::columns::json_list;
use crate::jobs::{self, Job, JobError, NewJob};
use crate::{Result, Store, UnixMillis, now};
use ear_core::{EpisodeId, JobId, Millis};
use rusqlite::{Connection, OptionalExtension, named_params};

/// Which jobs a worker takes; `None`: any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Only of these kinds.
    pub kinds: Option<&'a [&'a str]>,
    /// Only these.
    pub jobs: Option<&'a [JobId]>,
    /// Only of these episodes, so also what follows from their jobs.
    pub episodes: Option<&'a [EpisodeId]>,
}

/// How far a worker has come with a job.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress<'a> {
    /// What it is doing ("recognise"); `None` leaves what was said before.
    pub stage: Option<&'a str>,
    /// How much is done, from 0 to 1.
    pub fraction: f64,
    /// Milliseconds of sound worked through, where that means something.
    pub done: Option<Millis>,
    /// Milliseconds of sound in all.
    pub total: Option<Millis>,
}

/// What a worker learns from its heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heartbeat {
    /// The job is still its own: go on.
    Go,
    /// Somebody called the job off: stop, there is nothing to report.
    Cancel,
    /// The lease ran out and another worker has the job, or the job is gone: stop and store nothing.
    Lost,
}

impl Store {
    /// Takes the next job for `worker` (a name no other worker has) until `now + lease` milliseconds: of
    /// the wanted ones that wait and those whose worker is gone, the one with the highest priority, then
    /// the oldest. No two jobs of one kind and episode are held at once. A job that was begun as often as
    /// it may and never ended is not begun again but fails.
    pub fn claim(&self, worker: &str, now: UnixMillis, lease: UnixMillis, wanted: &Wanted<'_>) -> Result<Option<Job>> {
        // Most calls find nothing; those do not make writers wait.
        if self.read("look for a job", |tx| candidate(tx, now, wanted))?.is_none() {
            return Ok(None);
        }
        self.write("take a job", |tx| {
            while let Some(id) = candidate(tx, now, wanted)? {
                let taken = tx
                    .prepare_cached(
                        "UPDATE jobs SET state = 'running', attempts = attempts + 1, worker = ?2, lease_until_ms = ?3,
                             stage = NULL, progress = 0, done_ms = NULL, started_at = ?4, finished_at = NULL
                         WHERE id = ?1 AND attempts < max_attempts",
                    )?
                    .execute((id.0, worker, now.saturating_add(lease), now))?;
                if taken == 1 {
                    return jobs::one(tx, id);
                }
                give_up(tx, id, now)?;
            }
            Ok(None)
        })
    }

    /// Renews the lease of a job until `now + lease` milliseconds and notes how far it has come. To be
    /// called several times within a lease.
    pub fn heartbeat(
        &self,
        id: JobId,
        worker: &str,
        progress: &Progress<'_>,
        now: UnixMillis,
        lease: UnixMillis,
    ) -> Result<Heartbeat> {
        // SQLite knows no NaN, which a share of nothing would be.
        let fraction = if progress.fraction.is_nan() { 0.0 } else { progress.fraction.clamp(0.0, 1.0) };
        self.write("renew the lease of a job", |tx| {
            let held = tx
                .prepare_cached(
                    "UPDATE jobs SET lease_until_ms = :until, stage = coalesce(:stage, stage), progress = :progress,
                         done_ms = :done, total_ms = coalesce(:total, total_ms)
                     WHERE id = :id AND worker = :worker AND state = 'running'",
                )?
                .execute(named_params! {
                    ":id": id.0,
                    ":worker": worker,
                    ":until": now.saturating_add(lease),
                    ":stage": progress.stage,
                    ":progress": fraction,
                    ":done": progress.done,
                    ":total": progress.total,
                })?;
            if held == 1 {
                return Ok(Heartbeat::Go);
            }
            let mut query =
                tx.prepare_cached("SELECT 1 FROM jobs WHERE id = ?1 AND worker = ?2 AND state = 'cancelled'")?;
            Ok(if query.exists((id.0, worker))? { Heartbeat::Cancel } else { Heartbeat::Lost })
        })
    }

    /// Ends a job well and queues what follows from it, both or neither. `None` where the job was no
    /// longer this worker's: then nothing was changed or queued.
    pub fn finish(&self, id: JobId, worker: &str, follow_up: &[NewJob]) -> Result<Option<Vec<JobId>>> {
        self.write("finish a job", |tx| {
            let done = tx
                .prepare_cached(
                    "UPDATE jobs SET state = 'done', lease_until_ms = NULL, progress = 1, finished_at = ?3,
                         error_message = NULL, error_remedy = NULL
                     WHERE id = ?1 AND worker = ?2 AND state = 'running'",
                )?
                .execute((id.0, worker, now()))?;
            if done == 0 {
                return Ok(None);
            }
            follow_up.iter().map(|new| jobs::enqueue(tx, new)).collect::<Result<_>>().map(Some)
        })
    }

    /// Notes that an attempt failed: the job waits until `retry_at` for another one, or, where none is
    /// left or `retry_at` is `None`, has failed for good. False where the job was no longer this worker's.
    pub fn fail(&self, id: JobId, worker: &str, error: &JobError, retry_at: Option<UnixMillis>) -> Result<bool> {
        self.write("note that a job failed", |tx| {
            let mut update = tx.prepare_cached(
                "UPDATE jobs SET
                     state = iif(:retry_at IS NOT NULL AND attempts < max_attempts, 'queued', 'failed'),
                     finished_at = iif(:retry_at IS NOT NULL AND attempts < max_attempts, NULL, :now),
                     not_before_ms = coalesce(:retry_at, not_before_ms), lease_until_ms = NULL,
                     error_message = :message, error_remedy = :remedy
                 WHERE id = :id AND worker = :worker AND state = 'running'",
            )?;
            let failed = update.execute(named_params! {
                ":id": id.0,
                ":worker": worker,
                ":retry_at": retry_at,
                ":now": now(),
                ":message": error.message,
                ":remedy": error.remedy,
            })?;
            Ok(failed == 1)
        })
    }

    /// Gives a job back as if it had not been begun (Ctrl-C); what it stored stays for whoever takes it
    /// next. False where the job was no longer this worker's.
    pub fn release(&self, id: JobId, worker: &str) -> Result<bool> {
        self.write("give a job back", |tx| {
            let mut update = tx.prepare_cached(
                "UPDATE jobs SET state = 'queued', attempts = max(attempts - 1, 0), lease_until_ms = NULL,
                     worker = NULL, not_before_ms = 0
                 WHERE id = ?1 AND worker = ?2 AND state = 'running'",
            )?;
            Ok(update.execute((id.0, worker))? == 1)
        })
    }
}

fn candidate(tx: &Connection, now: UnixMillis, wanted: &Wanted<'_>) -> Result<Option<JobId>> {
    // By that index the first that fits is found without sorting all that wait.
    let mut query = tx.prepare_cached(
        "SELECT id FROM jobs INDEXED BY jobs_open
         WHERE state IN ('queued', 'running')
             AND iif(state = 'queued', not_before_ms <= :now, lease_until_ms < :now)
             AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
             AND (:jobs IS NULL OR id IN (SELECT value FROM json_each(:jobs)))
             AND (:episodes IS NULL OR episode_id IN (SELECT value FROM json_each(:episodes)))
             AND NOT EXISTS (SELECT 1 FROM jobs AS held
                 WHERE held.state = 'running' AND held.lease_until_ms >= :now AND held.kind = jobs.kind
                     AND held.episode_id = jobs.episode_id AND held.id <> jobs.id)
         ORDER BY priority DESC, id LIMIT 1",
    )?;
    let found = query.query_row(
        named_params! {
            ":now": now,
            ":kinds": wanted.kinds.map(|kinds| json_list(kinds.iter().copied())),
            ":jobs": wanted.jobs.map(|jobs| json_list(jobs.iter().map(|id| id.0))),
            ":episodes": wanted.episodes.map(|episodes| json_list(episodes.iter().map(|id| id.0))),
        },
        |row| row.get(0).map(JobId),
    );
    Ok(found.optional()?)
}

/// A job whose every attempt ended without a word: most likely it is what ended them.
fn give_up(tx: &Connection, id: JobId, now: UnixMillis) -> Result<()> {
    tx.prepare_cached(
        "UPDATE jobs SET state = 'failed', lease_until_ms = NULL, finished_at = ?2,
             error_message = 'stopped ' || CASE attempts WHEN 1 THEN 'once' WHEN 2 THEN 'twice' WHEN 3 THEN 'three times'
                 ELSE attempts || ' times' END
                 || ' without an error: the program was ended each time while it worked on this',
             error_remedy = 'most often memory ran out: close other programs or choose a smaller model, then retry'
         WHERE id = ?1",
    )?
    .execute((id.0, now))?;
    Ok(())
}
