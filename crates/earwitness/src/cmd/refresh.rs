//! `refresh`: looking at feeds for what is new.

use super::work::Effort;
use super::{Context, add, work};
use crate::exit::Outcome;
use crate::taken::Taken;
use crate::{input, interrupt, output};
use clap::Args;
use std::io::{self, IsTerminal};

/// Look at feeds for new episodes
///
/// Takes what is new since the last look. What you removed stays away. `serve` does the same by itself.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct RefreshArgs {
    /// Only the feeds of this show: its id or its name
    show: Option<String>,
    /// This many of the newest episodes, or `all`, instead of what is new
    #[arg(long, value_name = "N", value_parser = input::last)]
    last: Option<usize>,
    /// Only put them in the queue
    #[arg(long, conflicts_with = "wait")]
    queue: bool,
    /// Work until they are done, also without a terminal
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    effort: Effort,
}

const EXAMPLES: &str = "\
Examples:
  earwitness refresh                            every feed
  earwitness refresh 'Post Reports' --last 20   further back in one of them
  earwitness refresh --queue --json             for a timer";

pub fn run(context: &Context, args: &RefreshArgs) -> Outcome {
    let library = context.library()?;
    let show = args.show.as_deref().map(|show| library.find_show(show)).transpose()?;
    let stop = interrupt::watch(context.talk.clone(), work::ON_STOP)?;
    let mut taken = Taken::default();
    let mut told: io::Result<()> = Ok(());
    library.refresh(show, args.last, &stop, &mut |look| {
        if let Err(error) = taken.look(context, look) {
            told = Err(error);
            stop.request();
        }
    })?;
    told?;
    if taken.looks.is_empty() && !context.json {
        output::line("no feeds are followed; `earwitness add ADDRESS` follows one")?;
    }
    let works = args.wait || (!args.queue && io::stdout().is_terminal());
    let effort = works.then(|| args.effort.options());
    let worked = add::finish_taken(context, &library, &mut taken, effort, &stop)?;
    if context.json {
        output::json(&taken.dto(worked.as_ref()))?;
    }
    Ok(taken.ending(worked.as_ref()))
}
