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
    #[command(flatten)]
    effort: Effort,
    /// Wait for more when the queue is empty, until stopped
    #[arg(long, visible_alias = "watch")]
    keep_going: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness work                      until the queue is empty; Ctrl-C stops it safely
  earwitness work --keep-going         and then wait for what is added
  earwitness work --workers 1          take less memory, leave cores to others";

pub fn run(context: &Context, args: &WorkArgs) -> Outcome {
    // One who waits for work may begin before there is any.
    let library = if args.keep_going { context.library_made()? } else { context.library()? };
    let stop = interrupt::watch(context.talk.clone(), ON_STOP)?;
    let options = WorkOptions { keep_going: args.keep_going, ..args.effort.options() };
    let worked = drain(context, &library, &options, &stop)?;
    context.print(&WorkDto::from(&worked.summary), || worked.text())?;
    Ok(worked.ending())
}

/// How much of the machine work may take.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Effort {
    /// Windows of sound that are heard side by side; each takes 200 MB and a core [default: 2]
    #[arg(long, visible_alias = "threads", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    workers: Option<u16>,
    /// Work as hard as other programs, instead of letting them go first
    #[arg(long)]
    no_nice: bool,
}

impl Effort {
    /// Windows heard side by side; 0 means one a core, two at most.
    pub fn workers(self) -> usize {
        self.workers.map_or(0, usize::from)
    }

    /// Whether other programs go first.
    pub fn nice(self) -> bool {
        !self.no_nice
    }

    /// How to work through the queue.
    pub fn options(self) -> WorkOptions {
        WorkOptions { threads: self.workers(), nice: self.nice(), ..WorkOptions::default() }
    }
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

    /// The kinds of errors that were told of, and of those that put something off.
    pub fn kinds(&self) -> Vec<ErrorKind> {
        let postponed = std::iter::repeat_n(ErrorKind::Network, self.summary.postponed.min(1));
        self.failures.iter().map(|(_, kind)| *kind).chain(postponed).collect()
    }

    fn text(&self) -> String {
        let WorkSummary { done, failed, postponed, .. } = self.summary;
        if done + failed + postponed == 0 {
            return "nothing to do".into();
        }
        let mut text = format!("{} done", count(done, "job", "jobs"));
        if failed > 0 {
            text.push_str(&format!(", {failed} failed"));
        }
        if postponed > 0 {
            text.push_str(&format!(", {postponed} to be tried again later"));
        }
        text
    }
}

/// Works as `options` say and shows how it goes.
pub fn drain(context: &Context, library: &Library, options: &WorkOptions, stop: &Stop) -> Result<Worked> {
    drain_with(library, options, stop, &Progress::new(&context.talk))
}

/// The same, shown where others are shown.
pub fn drain_with(library: &Library, options: &WorkOptions, stop: &Stop, progress: &Progress) -> Result<Worked> {
    let summary = library.work(options, stop, &|event| {
        if progress.wants_outlook() {
            // What can't be counted is not shown; the work itself says what is wrong.
            progress.outlook(library.outlook().ok());
        }
        progress.event(event);
    });
    progress.close();
    Ok(Worked { summary: summary?, failures: progress.failures() })
}
