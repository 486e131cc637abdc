//! `jobs`: the queue.

use super::Context;
use crate::dto::{ChangedJobDto, JobsDto};
use crate::exit::{Ending, Outcome};
use crate::progress;
use crate::terminal::{Look, count, harmless, size};
use clap::{Args, Subcommand};
use ear_engine::core::JobId;
use ear_engine::{JobState, JobView, Library};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Look at the queue; cancel work or try it again
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, after_long_help = EXAMPLES)]
pub struct JobsArgs {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    list: ListJobs,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List jobs, newest first
    List(ListJobs),
    /// Take a job back; what it had done is kept
    Cancel(One),
    /// Put a failed or cancelled job back in the queue
    Retry(One),
}

#[derive(Debug, Args)]
struct ListJobs {
    /// Also those that are done
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
struct One {
    /// The job's id
    id: JobId,
}

const EXAMPLES: &str = "\
Examples:
  earwitness jobs
  earwitness jobs list --all --json
  earwitness jobs cancel 12
  earwitness jobs retry 12";

pub fn run(context: &Context, args: &JobsArgs) -> Outcome {
    let library = context.library()?;
    match &args.action {
        None => list(context, &library, args.list.all),
        Some(Action::List(list_args)) => list(context, &library, list_args.all),
        Some(Action::Cancel(One { id })) => {
            library.cancel_job(*id)?;
            context.print(&ChangedJobDto { id: *id, state: "cancelled" }, || format!("cancelled job {id}"))?;
            Ok(Ending::Done)
        }
        Some(Action::Retry(One { id })) => {
            library.retry_job(*id)?;
            context.print(&ChangedJobDto { id: *id, state: "queued" }, || format!("job {id} is in the queue again"))?;
            Ok(Ending::Done)
        }
    }
}

fn list(context: &Context, library: &Library, all: bool) -> Outcome {
    let (jobs, outlook) = (library.jobs(all)?, library.outlook()?);
    context.print(&JobsDto::new(&jobs, &outlook), || text(&jobs, context.look))?;
    if let Some(left) = progress::left_of(&outlook, None).filter(|left| !left.is_zero()) {
        context.talk.note(&format!("about {} of work left", progress::span_text(left)));
    }
    Ok(Ending::Done)
}

fn text(jobs: &[JobView], look: Look) -> String {
    if jobs.is_empty() {
        return "no jobs".into();
    }
    let id_width = jobs.iter().map(|job| job.id.to_string().len()).max().unwrap_or(0);
    let line = |job: &JobView| {
        let id = job.id.to_string();
        let state = state_text(job);
        let title = look.bold(&harmless(&job.episode.1));
        let tries = if job.attempts > 1 {
            format!("  ({})", count(job.attempts as usize, "try", "tries"))
        } else {
            String::new()
        };
        let error = job
            .error
            .as_deref()
            .map(|error| format!("\n{:id_width$}  {}", "", look.dim(&harmless(error))))
            .unwrap_or_default();
        format!("{id:>id_width$}  {:10}  {state:9}  {title}{tries}{error}", harmless(&job.kind))
    };
    jobs.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn state_text(job: &JobView) -> String {
    match job.state {
        JobState::Queued => match job.not_before {
            Some(at) => format!("again in {}", wait_text(at)),
            None => "queued".into(),
        },
        JobState::Running => {
            let stage = job.stage.as_deref().map_or("running".into(), harmless);
            match (job.kind.as_str(), job.amount, job.progress) {
                ("fetch", (Some(done), Some(total)), _) => format!("{stage} {} of {}", size(done), size(total)),
                ("fetch", (Some(done), None), _) => format!("{stage} {}", size(done)),
                (_, _, Some(share)) => format!("{stage} {:.0} %", share * 100.0),
                _ => stage.to_string(),
            }
        }
        JobState::Done => "done".into(),
        JobState::Failed => "failed".into(),
        JobState::Cancelled => "cancelled".into(),
    }
}

/// How long it is until a moment in unix milliseconds.
fn wait_text(at: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let wait = u64::try_from(i128::from(at) - i128::try_from(now).unwrap_or(0)).unwrap_or(0);
    progress::span_text(Duration::from_millis(wait))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::core::EpisodeId;

    #[test]
    fn jobs_line_up() {
        let running = JobView {
            id: JobId(4),
            kind: "transcribe".into(),
            episode: (EpisodeId(7), "The vote".into()),
            state: JobState::Running,
            stage: Some("recognising".into()),
            progress: Some(0.256),
            amount: (None, None),
            not_before: None,
            attempts: 1,
            error: None,
        };
        let failed = JobView {
            id: JobId(12),
            state: JobState::Failed,
            attempts: 3,
            error: Some("the sound ends early".into()),
            ..running.clone()
        };
        insta::assert_snapshot!(text(&[failed, running], Look::plain(None)));
    }
}
