//! The queue, and what work came to.

use ear_engine::core::{EpisodeId, JobId};
use ear_engine::{JobState, JobView, Outlook, Stage, WorkSummary};
use serde::Serialize;

/// Jobs, newest first.
#[derive(Debug, Serialize)]
pub struct JobsDto {
    /// The jobs.
    pub jobs: Vec<JobDto>,
    /// What waits or runs, by kind.
    pub waiting: Vec<WaitingDto>,
}

/// What waits or runs of a kind.
#[derive(Debug, Serialize)]
pub struct WaitingDto {
    kind: &'static str,
    /// How many episodes.
    episodes: usize,
    /// How long it takes at the pace of the last ones; null where there is nothing to tell from.
    left_ms: Option<u64>,
}

/// One job.
#[derive(Debug, Serialize)]
pub struct JobDto {
    id: JobId,
    kind: String,
    episode_id: EpisodeId,
    episode: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    state: &'static str,
    stage: Option<String>,
    progress: Option<f64>,
    /// What is done and what there is in all: milliseconds of sound, of a `fetch` bytes.
    done: Option<u64>,
    total: Option<u64>,
    attempts: u32,
    /// When it is tried again, in unix milliseconds, where that is later.
    not_before: Option<i64>,
    error: Option<String>,
}

/// What work came to.
#[derive(Debug, Serialize)]
pub struct WorkDto {
    /// Jobs that ended well.
    pub done: usize,
    /// Jobs that failed.
    pub failed: usize,
    /// Jobs that are to be tried again later.
    pub postponed: usize,
    /// Whether somebody asked it to stop.
    pub stopped: bool,
}

/// A job that was cancelled or put back in the queue.
#[derive(Debug, Serialize)]
pub struct ChangedJobDto {
    /// The job.
    pub id: JobId,
    /// Its state now: `cancelled` or `queued`.
    pub state: &'static str,
}

/// What indexing again came to.
#[derive(Debug, Serialize)]
pub struct EpisodesIndexedDto {
    /// How many episodes were indexed.
    pub episodes: usize,
}

impl JobsDto {
    /// Jobs, and what waits.
    pub fn new(jobs: &[JobView], outlook: &Outlook) -> Self {
        let waiting = outlook.stages.iter().map(|stage| WaitingDto {
            kind: match stage.stage {
                Stage::Fetching => "fetch",
                Stage::Loading | Stage::Recognising => "transcribe",
                Stage::Aligning => "align",
                Stage::Indexing => "index",
                Stage::Naming => "names",
                Stage::Understanding => "meaning",
                Stage::Cutting => "clips",
                Stage::Describing => "describe",
            },
            episodes: stage.jobs,
            left_ms: stage.left,
        });
        Self { jobs: jobs.iter().map(JobDto::from).collect(), waiting: waiting.collect() }
    }
}

impl From<&JobView> for JobDto {
    fn from(job: &JobView) -> Self {
        Self {
            id: job.id,
            kind: job.kind.clone(),
            episode_id: job.episode.0,
            episode: job.episode.1.clone(),
            state: match job.state {
                JobState::Queued => "queued",
                JobState::Running => "running",
                JobState::Done => "done",
                JobState::Failed => "failed",
                JobState::Cancelled => "cancelled",
            },
            stage: job.stage.clone(),
            progress: job.progress,
            done: job.amount.0,
            total: job.amount.1,
            attempts: job.attempts,
            not_before: job.not_before,
            error: job.error.clone(),
        }
    }
}

impl From<&WorkSummary> for WorkDto {
    fn from(summary: &WorkSummary) -> Self {
        Self { done: summary.done, failed: summary.failed, postponed: summary.postponed, stopped: summary.stopped }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::StageOutlook;

    #[test]
    fn jobs_and_work_have_their_shape() {
        let job = JobView {
            id: JobId(4),
            kind: "transcribe".into(),
            episode: (EpisodeId(7), "The vote".into()),
            state: JobState::Running,
            stage: Some("recognising".into()),
            progress: Some(0.25),
            amount: (Some(15_000), Some(60_000)),
            not_before: None,
            attempts: 1,
            error: None,
        };
        let stage = StageOutlook { stage: Stage::Recognising, jobs: 2, rest: 60_000, unknown: 0, left: Some(5000) };
        insta::assert_json_snapshot!(JobsDto::new(&[job], &Outlook { stages: vec![stage] }));
        let summary = WorkSummary { done: 2, failed: 1, postponed: 0, stopped: false };
        insta::assert_json_snapshot!(WorkDto::from(&summary));
    }
}
