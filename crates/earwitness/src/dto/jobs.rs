//! The queue, what work came to, and what the doctor found.

use ear_engine::core::{EpisodeId, JobId};
use ear_engine::{JobState, JobView, WorkSummary};
use serde::Serialize;

/// Jobs, newest first.
#[derive(Debug, Serialize)]
pub struct JobsDto {
    /// The jobs.
    pub jobs: Vec<JobDto>,
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
    attempts: u32,
    error: Option<String>,
}

/// What work came to.
#[derive(Debug, Serialize)]
pub struct WorkDto {
    /// Jobs that ended well.
    pub done: usize,
    /// Jobs that failed.
    pub failed: usize,
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

/// What the doctor found.
#[derive(Debug, Serialize)]
pub struct DoctorDto {
    /// Faults; empty where all is well.
    pub findings: Vec<FindingDto>,
}

/// One fault.
#[derive(Debug, Serialize)]
pub struct FindingDto {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Whether it is put right now.
    pub mended: bool,
}

impl From<&[JobView]> for JobsDto {
    fn from(jobs: &[JobView]) -> Self {
        Self { jobs: jobs.iter().map(JobDto::from).collect() }
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
            attempts: job.attempts,
            error: job.error.clone(),
        }
    }
}

impl From<&WorkSummary> for WorkDto {
    fn from(summary: &WorkSummary) -> Self {
        Self { done: summary.done, failed: summary.failed, stopped: summary.stopped }
    }
}

impl From<&[(String, bool)]> for DoctorDto {
    fn from(findings: &[(String, bool)]) -> Self {
        let findings = findings.iter();
        Self {
            findings: findings
                .map(|(message, mended)| FindingDto { message: message.clone(), mended: *mended })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_and_findings_have_their_shape() {
        let job = JobView {
            id: JobId(4),
            kind: "transcribe".into(),
            episode: (EpisodeId(7), "The vote".into()),
            state: JobState::Running,
            stage: Some("recognising".into()),
            progress: Some(0.25),
            attempts: 1,
            error: None,
        };
        insta::assert_json_snapshot!(JobsDto::from(&[job][..]));
        insta::assert_json_snapshot!(DoctorDto::from(&[("the index is old".to_owned(), true)][..]));
        let summary = WorkSummary { done: 2, failed: 1, stopped: false };
        insta::assert_json_snapshot!(WorkDto::from(&summary));
    }
}
