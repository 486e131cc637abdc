//! How workers take jobs, hold them and let them go. A worker holds a job by a lease that its heartbeats
//! renew; one that died lets it run out, and another takes over. Whoever lost a job can no longer change it.
//!
//! Leases are counted by the steady clock. One that would end later than a lease can was written before this
//! machine was started anew, and holds nothing.

use crate::columns::json_list;
use crate::jobs::{self, Job, JobError, NewJob};
use crate::{Error, Moment, Result, Store};
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
    /// Takes the next job for `worker` (a name no other worker has) for `lease` milliseconds, the same for
    /// all workers: of the wanted ones that wait and those whose worker is gone, the one with the highest
    /// priority, then the oldest. No two jobs of one kind and episode are held at once. A job that was begun
    /// as often as it may and got no further is not begun again but fails; where its workers died, which may
    /// not have been its fault, it may be begun twice as often.
    pub fn claim(&self, worker: &str, now: Moment, lease: i64, wanted: &Wanted<'_>) -> Result<Option<Job>> {
        // Most calls find nothing; those do not make writers wait.
        if self.read("look for a job", |tx| candidate(tx, now, lease, wanted))?.is_none() {
            return Ok(None);
        }
        self.write("take a job", |tx| {
            while let Some(id) = candidate(tx, now, lease, wanted)? {
                let taken = tx
                    .prepare_cached(
                        "UPDATE jobs SET state = 'running', attempts = attempts + 1, worker = ?2, lease_until_ms = ?3,
                             stage = NULL, progress = 0, done_ms = NULL, started_at = ?4, finished_at = NULL
                         WHERE id = ?1 AND attempts < max_attempts * iif(state = 'running', 8, 1)",
                    )?
                    .execute((id.0, worker, now.steady.saturating_add(lease), now.world))?;
                if taken == 1 {
                    return jobs::one(tx, id);
                }
                give_up(tx, id, now)?;
            }
            Ok(None)
        })
    }

    /// Renews the lease of a job for `lease` milliseconds from `now` and notes how far it has come. To be
    /// called several times within a lease.
    pub fn heartbeat(
        &self,
        id: JobId,
        worker: &str,
        progress: &Progress<'_>,
        now: Moment,
        lease: i64,
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
                    ":until": now.steady.saturating_add(lease),
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
                .execute((id.0, worker, crate::now()))?;
            if done == 0 {
                return Ok(None);
            }
            follow_up.iter().map(|new| jobs::enqueue(tx, new)).collect::<Result<_>>().map(Some)
        })
    }

    /// Notes that an attempt failed: the job waits for `wait` milliseconds and is tried again, or, where no
    /// attempt is left or `wait` is `None`, has failed for good. False where the job was no longer this
    /// worker's.
    pub fn fail(&self, id: JobId, worker: &str, error: &JobError, now: Moment, wait: Option<i64>) -> Result<bool> {
        self.write("note that a job failed", |tx| {
            let mut update = tx.prepare_cached(
                "UPDATE jobs SET
                     state = iif(:until IS NOT NULL AND attempts < max_attempts, 'queued', 'failed'),
                     finished_at = iif(:until IS NOT NULL AND attempts < max_attempts, NULL, :now),
                     not_before_ms = coalesce(:until, not_before_ms), waits_since_ms = :now, lease_until_ms = NULL,
                     error_message = :message, error_remedy = :remedy
                 WHERE id = :id AND worker = :worker AND state = 'running'",
            )?;
            let failed = update.execute(named_params! {
                ":id": id.0,
                ":worker": worker,
                ":until": wait.map(|wait| now.world.saturating_add(wait)),
                ":now": now.world,
                ":message": error.message,
                ":remedy": error.remedy,
            })?;
            Ok(failed == 1)
        })
    }

    /// Puts a job off that cannot go on for a reason outside of it, such as a full disk: it waits for `wait`
    /// milliseconds, and the attempt does not count. False where the job was no longer this worker's.
    pub fn put_off(&self, id: JobId, worker: &str, why: &JobError, now: Moment, wait: i64) -> Result<bool> {
        self.write("put a job off", |tx| {
            let mut update = tx.prepare_cached(
                "UPDATE jobs SET state = 'queued', attempts = max(attempts - 1, 0), lease_until_ms = NULL,
                     worker = NULL, not_before_ms = :until, waits_since_ms = :now,
                     error_message = :message, error_remedy = :remedy
                 WHERE id = :id AND worker = :worker AND state = 'running'",
            )?;
            let put_off = update.execute(named_params! {
                ":id": id.0,
                ":worker": worker,
                ":until": now.world.saturating_add(wait),
                ":now": now.world,
                ":message": why.message,
                ":remedy": why.remedy,
            })?;
            Ok(put_off == 1)
        })
    }

    /// The workers that hold jobs, each once.
    pub fn workers(&self) -> Result<Vec<String>> {
        self.read("list the workers", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT DISTINCT worker FROM jobs WHERE state = 'running' AND worker IS NOT NULL ORDER BY worker",
            )?;
            Ok(query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Lets the leases of a worker end that is known to be gone, so that nobody waits for them. How many.
    pub fn end_leases(&self, worker: &str) -> Result<usize> {
        self.write("end the leases of a worker", |tx| {
            let mut update = tx.prepare_cached(
                "UPDATE jobs SET lease_until_ms = -1 WHERE state = 'running' AND worker = ?1 AND lease_until_ms <> -1",
            )?;
            Ok(update.execute([worker])?)
        })
    }

    /// Whether a job is still this worker's. Cheaper than a heartbeat, and renews nothing.
    pub fn holds(&self, id: JobId, worker: &str) -> Result<bool> {
        self.read("look who holds a job", |tx| {
            let mut query =
                tx.prepare_cached("SELECT 1 FROM jobs WHERE id = ?1 AND worker = ?2 AND state = 'running'")?;
            Ok(query.exists((id.0, worker))?)
        })
    }

    /// All jobs that workers hold, oldest first.
    pub fn running_jobs(&self) -> Result<Vec<Job>> {
        self.read("list running jobs", |tx| {
            let mut query = tx.prepare_cached("SELECT * FROM jobs WHERE state = 'running' ORDER BY id")?;
            Ok(query.query_map([], jobs::job)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Running jobs whose lease has ended and that nobody took over, oldest first.
    pub fn stranded_jobs(&self, now: Moment, lease: i64) -> Result<Vec<Job>> {
        self.read("look for stranded jobs", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT * FROM jobs WHERE state = 'running' AND lease_until_ms NOT BETWEEN ?1 AND ?2 ORDER BY id",
            )?;
            let rows = query.query_map((now.steady, now.steady.saturating_add(lease)), jobs::job)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Puts all running jobs back in the queue, as if they had not been begun: for a copy of a library, whose
    /// workers work on the original. How many.
    pub fn requeue_running(&self) -> Result<usize> {
        self.write("put running jobs back", |tx| {
            Ok(tx.execute(
                "UPDATE jobs SET state = 'queued', attempts = max(attempts - 1, 0), lease_until_ms = NULL,
                     worker = NULL, not_before_ms = 0 WHERE state = 'running'",
                [],
            )?)
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

fn candidate(tx: &Connection, now: Moment, lease: i64, wanted: &Wanted<'_>) -> Result<Option<JobId>> {
    // By that index the first that fits is found without sorting all that wait.
    let mut query = tx.prepare_cached(
        "SELECT id FROM jobs INDEXED BY jobs_open
         WHERE state IN ('queued', 'running')
             AND iif(state = 'queued', not_before_ms <= :world OR :world < waits_since_ms,
                 lease_until_ms NOT BETWEEN :steady AND :longest)
             AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
             AND (:jobs IS NULL OR id IN (SELECT value FROM json_each(:jobs)))
             AND (:episodes IS NULL OR episode_id IN (SELECT value FROM json_each(:episodes)))
             AND NOT EXISTS (SELECT 1 FROM jobs AS held
                 WHERE held.state = 'running' AND held.lease_until_ms BETWEEN :steady AND :longest
                     AND held.kind = jobs.kind AND held.episode_id = jobs.episode_id AND held.id <> jobs.id)
         ORDER BY priority DESC, id LIMIT 1",
    )?;
    let found = query.query_row(
        named_params! {
            ":world": now.world,
            ":steady": now.steady,
            ":longest": now.steady.saturating_add(lease),
            ":kinds": wanted.kinds.map(|kinds| json_list(kinds.iter().copied())),
            ":jobs": wanted.jobs.map(|jobs| json_list(jobs.iter().map(|id| id.0))),
            ":episodes": wanted.episodes.map(|episodes| json_list(episodes.iter().map(|id| id.0))),
        },
        |row| row.get(0).map(JobId),
    );
    Ok(found.optional()?)
}

/// Notes that a job's worker got further with it, or says that it is no longer that worker's.
pub(crate) fn got_further(tx: &Connection, job: JobId, worker: &str) -> Result<()> {
    let mut update =
        tx.prepare_cached("UPDATE jobs SET attempts = 1 WHERE id = ?1 AND worker = ?2 AND state = 'running'")?;
    if update.execute((job.0, worker))? == 1 { Ok(()) } else { Err(Error::NotHeld { job }) }
}

/// A job whose every attempt ended without a word: most likely it is what ended them.
fn give_up(tx: &Connection, id: JobId, now: Moment) -> Result<()> {
    tx.prepare_cached(
        "UPDATE jobs SET state = 'failed', lease_until_ms = NULL, finished_at = ?2,
             error_message = 'stopped ' || CASE attempts WHEN 1 THEN 'once' WHEN 2 THEN 'twice' WHEN 3 THEN 'three times'
                 ELSE attempts || ' times' END
                 || ' without an error: the program was ended each time while it worked on this',
             error_remedy = 'most often memory ran out: close other programs or choose a smaller model, then retry'
         WHERE id = ?1",
    )?
    .execute((id.0, now.world))?;
    Ok(())
}
