//! `work`: draining the queue.

use super::Context;
use crate::dto::WorkDto;
use crate::exit::{self, Ending, Outcome};
use crate::interrupt;
use crate::progress::Progress;
use crate::terminal::count;
use clap::Args;
use ear_engine::core::EpisodeId;
use ear_engine::{ErrorKind, Library, Result, Stop, WorkOptions, WorkSummary};

/// Said at the first Ctrl-C wherever the queue is worked through.
pub const ON_STOP: &str = "stopping after this chunk; press again to stop at once; `earwitness work` goes on from here";

/// Work through the queue: recognise speech and make it searchable
///
/// Any number of processes may work on one library at the same time, beside `serve`. Work that is
/// stopped, or whose process dies, goes on where it was.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct WorkArgs {
    /// Threads that recognise [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Wait for more when the queue is empty, until stopped
    #[arg(long, visible_alias = "watch")]
    keep_going: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness work                      until the queue is empty; Ctrl-C stops it safely
  earwitness work --keep-going         and then wait for what is added
  earwitness work --threads 2          leave some cores to others";

pub fn run(context: &Context, args: &WorkArgs) -> Outcome {
    // One who waits for work may begin before there is any.
    let library = if args.keep_going { context.library_made()? } else { context.library()? };
    let stop = interrupt::watch(context.talk.clone(), ON_STOP)?;
    let options =
        WorkOptions { episodes: Vec::new(), keep_going: args.keep_going, threads: args.threads.map_or(0, usize::from) };
    let worked = drain(context, &library, &options, &stop)?;
    context.print(&WorkDto::from(&worked.summary), || worked.text())?;
    Ok(worked.ending())
}

/// What working came to.
#[derive(Debug, Default)]
pub struct Worked {
    pub summary: WorkSummary,
    /// The episodes whose failure was told of, and the kind of each.
    pub failures: Vec<(EpisodeId, ErrorKind)>,
}

impl Worked {
    /// How a command ends that does nothing but this.
    pub fn ending(&self) -> Ending {
        if self.summary.stopped { Ending::Stopped } else { exit::told(&self.kinds()) }
    }

    /// The kinds of errors that were told of.
    pub fn kinds(&self) -> Vec<ErrorKind> {
        self.failures.iter().map(|(_, kind)| *kind).collect()
    }

    fn text(&self) -> String {
        match &self.summary {
            WorkSummary { done: 0, failed: 0, .. } => "nothing to do".into(),
            WorkSummary { done, failed: 0, .. } => format!("{} done", count(*done, "job", "jobs")),
            WorkSummary { done, failed, .. } => format!("{} done, {failed} failed", count(*done, "job", "jobs")),
        }
    }
}

/// Works as `options` say and shows how it goes.
pub fn drain(context: &Context, library: &Library, options: &WorkOptions, stop: &Stop) -> Result<Worked> {
    let progress = Progress::new(&context.talk);
    let summary = library.work(options, stop, &|event| progress.event(event));
    progress.close();
    Ok(Worked { summary: summary?, failures: progress.failures() })
}
