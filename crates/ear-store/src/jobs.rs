//! Jobs: steps of work that wait, run or are over. How workers take and hold them is in `leases.rs`.

use crate::columns::{json_list, parsed};
use crate::{Result, Store, UnixMillis, now};
use ear_core::{EpisodeId, JobId, Millis};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use std::collections::HashMap;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// It waits for a worker.
    Queued,
    /// A worker holds it.
    Running,
    /// It was done.
    Done,
    /// It failed for good.
    Failed,
    /// Somebody called it off.
    Cancelled,
}

impl JobState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Why a job failed, for the person who reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobError {
    /// What happened.
    pub message: String,
    /// What to do about it, where we know.
    pub remedy: Option<String>,
}

/// A job to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// What is to be done ("transcribe", "index").
    pub kind: String,
    /// The episode it is done to; the job goes when the episode goes.
    pub episode: Option<EpisodeId>,
    /// How, as JSON; the text is compared as it is.
    pub options: String,
    /// Higher goes first; of the same, what was queued first. 0 is usual.
    pub priority: i64,
    /// It waits until then; 0: not at all.
    pub not_before: UnixMillis,
    /// How often it may be begun.
    pub max_attempts: u32,
}

impl NewJob {
    /// A job with no options, to be begun three times at most.
    pub fn new(kind: impl Into<String>, episode: Option<EpisodeId>) -> Self {
        Self { kind: kind.into(), episode, options: "{}".into(), priority: 0, not_before: 0, max_attempts: 3 }
    }
}

/// A job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id; never used again for another job.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// The episode it is done to.
    pub episode: Option<EpisodeId>,
    /// How, as JSON.
    pub options: String,
    /// Higher goes first.
    pub priority: i64,
    /// Where it stands.
    pub state: JobState,
    /// How often it was begun.
    pub attempts: u32,
    /// How often it may be begun.
    pub max_attempts: u32,
    /// It waits until then.
    pub not_before: UnixMillis,
    /// While it runs: when its worker counts as gone.
    pub lease_until: Option<UnixMillis>,
    /// While it runs: who holds it; afterwards: who held it last.
    pub worker: Option<String>,
    /// What its worker was last doing.
    pub stage: Option<String>,
    /// How much of it is done, from 0 to 1.
    pub progress: f64,
    /// Milliseconds of sound worked through, where that means something.
    pub done: Option<Millis>,
    /// Milliseconds of sound in all.
    pub total: Option<Millis>,
    /// Why its last attempt failed.
    pub error: Option<JobError>,
    /// When it was queued.
    pub created_at: UnixMillis,
    /// When its last attempt began.
    pub started_at: Option<UnixMillis>,
    /// When it was over: done, failed or cancelled.
    pub finished_at: Option<UnixMillis>,
}

/// Which jobs to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobQuery {
    /// Only those that stand so.
    pub state: Option<JobState>,
    /// Only those of this episode.
    pub episode: Option<EpisodeId>,
    /// How many to leave out at the start.
    pub offset: usize,
    /// How many to return at most.
    pub limit: usize,
}

impl Default for JobQuery {
    fn default() -> Self {
        Self { state: None, episode: None, offset: 0, limit: 50 }
    }
}

impl Store {
    /// Queues a job. One of the same kind and episode that still waits is taken instead, with the new
    /// options; so is one that runs with the very same options.
    pub fn enqueue(&self, new: &NewJob) -> Result<JobId> {
        self.write("queue a job", |tx| enqueue(tx, new))
    }

    /// One job.
    pub fn job(&self, id: JobId) -> Result<Option<Job>> {
        self.read("read a job", |tx| one(tx, id))
    }

    /// A page of jobs, newest first.
    pub fn list_jobs(&self, query: &JobQuery) -> Result<Vec<Job>> {
        self.read("list jobs", |tx| {
            let mut statement = tx.prepare_cached(
                "SELECT * FROM jobs WHERE (:state IS NULL OR state = :state)
                     AND (:episode IS NULL OR episode_id = :episode)
                 ORDER BY id DESC LIMIT :limit OFFSET :offset",
            )?;
            let rows = statement.query_map(
                named_params! {
                    ":state": query.state.map(JobState::name),
                    ":episode": query.episode.map(|episode| episode.0),
                    ":limit": i64::try_from(query.limit).unwrap_or(i64::MAX),
                    ":offset": i64::try_from(query.offset).unwrap_or(i64::MAX),
                },
                job,
            )?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many jobs there are in each state; states without jobs count 0.
    pub fn count_jobs(&self) -> Result<HashMap<JobState, usize>> {
        self.read("count jobs", |tx| {
            let mut query = tx.prepare_cached("SELECT state, count(*) AS jobs FROM jobs GROUP BY state")?;
            let counted = query.query_map([], |row| Ok((parsed(row, "state", state_named)?, row.get("jobs")?)))?;
            let mut counts: HashMap<_, _> = JobState::ALL.map(|state| (state, 0)).into();
            for entry in counted {
                let (state, jobs) = entry?;
                counts.insert(state, jobs);
            }
            Ok(counts)
        })
    }

    /// How many episodes have a job that waits or runs, other than for names, meaning and clips: what is to come can't be searched yet.
    /// Each search tells it, so it reads an index alone.
    pub fn count_pending_episodes(&self) -> Result<usize> {
        self.read("count waiting episodes", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT count(DISTINCT episode_id) FROM jobs WHERE state IN ('queued', 'running') AND kind NOT IN ('names', 'meaning', 'clips', 'describe')",
            )?;
            Ok(query.query_row([], |row| row.get(0))?)
        })
    }

    /// The jobs of these episodes that wait or run, in the order they were queued.
    pub fn pending_for(&self, episodes: &[EpisodeId]) -> Result<Vec<Job>> {
        self.read("list waiting jobs", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT * FROM jobs WHERE state IN ('queued', 'running')
                     AND episode_id IN (SELECT value FROM json_each(?1)) ORDER BY id",
            )?;
            let rows = query.query_map([json_list(episodes.iter().map(|id| id.0))], job)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Calls a job off. Its worker, if it has one, is told at its next heartbeat. False where the job was
    /// over already or does not exist.
    pub fn cancel(&self, id: JobId) -> Result<bool> {
        self.write("cancel a job", |tx| {
            let mut update = tx.prepare_cached(
                "UPDATE jobs SET state = 'cancelled', lease_until_ms = NULL, finished_at = ?2
                 WHERE id = ?1 AND state IN ('queued', 'running')",
            )?;
            Ok(update.execute((id.0, now()))? == 1)
        })
    }

    /// Queues a failed or cancelled job again, with all its attempts. False where it is neither or does
    /// not exist.
    pub fn retry(&self, id: JobId) -> Result<bool> {
        self.write("retry a job", |tx| {
            let mut update = tx.prepare_cached(
                "UPDATE jobs SET state = 'queued', attempts = 0, not_before_ms = 0, worker = NULL, stage = NULL,
                     progress = 0, done_ms = NULL, error_message = NULL, error_remedy = NULL, finished_at = NULL
                 WHERE id = ?1 AND state IN ('failed', 'cancelled')",
            )?;
            Ok(update.execute([id.0])? == 1)
        })
    }
}

pub(crate) fn enqueue(tx: &Connection, new: &NewJob) -> Result<JobId> {
    let episode = new.episode.map(|episode| episode.0);
    let mut query = tx.prepare_cached(
        "SELECT id, state FROM jobs WHERE kind = ?1 AND episode_id IS ?2
             AND (state = 'queued' OR (state = 'running' AND options = ?3))
         ORDER BY state = 'running', id LIMIT 1",
    )?;
    let found = query.query_row((&new.kind, episode, &new.options), |row| {
        Ok((JobId(row.get(0)?), parsed(row, "state", state_named)?))
    });
    match found.optional()? {
        Some((id, JobState::Running)) => Ok(id),
        Some((id, _)) => {
            tx.prepare_cached(
                "UPDATE jobs SET options = ?2, priority = max(priority, ?3), not_before_ms = min(not_before_ms, ?4),
                     max_attempts = ?5 WHERE id = ?1",
            )?
            .execute((id.0, &new.options, new.priority, new.not_before, new.max_attempts.max(1)))?;
            Ok(id)
        }
        None => {
            tx.prepare_cached(
                "INSERT INTO jobs (kind, episode_id, options, priority, state, max_attempts, not_before_ms, created_at,
                     waits_since_ms)
                 VALUES (?1, ?2, ?3, ?4, 'queued', ?5, ?6, ?7, iif(?6 > ?7, ?7, 0))",
            )?
            .execute((
                &new.kind,
                episode,
                &new.options,
                new.priority,
                new.max_attempts.max(1),
                new.not_before,
                now(),
            ))?;
            Ok(JobId(tx.last_insert_rowid()))
        }
    }
}

pub(crate) fn one(tx: &Connection, id: JobId) -> Result<Option<Job>> {
    let mut query = tx.prepare_cached("SELECT * FROM jobs WHERE id = ?1")?;
    Ok(query.query_row([id.0], job).optional()?)
}

pub(crate) fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let message: Option<String> = row.get("error_message")?;
    let remedy = row.get("error_remedy")?;
    Ok(Job {
        id: JobId(row.get("id")?),
        kind: row.get("kind")?,
        episode: row.get::<_, Option<_>>("episode_id")?.map(EpisodeId),
        options: row.get("options")?,
        priority: row.get("priority")?,
        state: parsed(row, "state", state_named)?,
        attempts: row.get("attempts")?,
        max_attempts: row.get("max_attempts")?,
        not_before: row.get("not_before_ms")?,
        lease_until: row.get("lease_until_ms")?,
        worker: row.get("worker")?,
        stage: row.get("stage")?,
        progress: row.get("progress")?,
        done: row.get("done_ms")?,
        total: row.get("total_ms")?,
        error: message.map(|message| JobError { message, remedy }),
        created_at: row.get("created_at")?,
        started_at: row.get("started_at")?,
        finished_at: row.get("finished_at")?,
    })
}

fn state_named(name: &str) -> Option<JobState> {
    JobState::ALL.into_iter().find(|state| state.name() == name)
}
