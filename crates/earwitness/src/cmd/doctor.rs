//! `doctor`: looking for faults.

use super::Context;
use crate::dto::DoctorDto;
use crate::exit::{self, Ending, Outcome};
use crate::terminal::harmless;
use clap::Args;

/// Look for faults in the library, and mend them
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct DoctorArgs {
    /// Mend what can be mended
    #[arg(long)]
    repair: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness doctor                    say what is wrong; exit code 1 if anything is
  earwitness doctor --repair           and mend it";

pub fn run(context: &Context, args: &DoctorArgs) -> Outcome {
    let findings = context.library()?.doctor(args.repair)?;
    context.print(&DoctorDto::from(&findings[..]), || text(&findings))?;
    let all_mended = findings.iter().all(|(_, mended)| *mended);
    if !all_mended && !args.repair {
        context.talk.note("`earwitness doctor --repair` mends what can be mended");
    }
    Ok(if all_mended { Ending::Done } else { Ending::Told(exit::FAILED) })
}

fn text(findings: &[(String, bool)]) -> String {
    if findings.is_empty() {
        return "all is well".into();
    }
    let line = |(message, mended): &(String, bool)| {
        format!("{}: {}", if *mended { "mended" } else { "fault" }, harmless(message))
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}
