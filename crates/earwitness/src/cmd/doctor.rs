//! `doctor`: looking for faults.

use super::Context;
use crate::dto::DoctorDto;
use crate::exit::{self, Ending, Outcome};
use crate::terminal::harmless;
use clap::Args;
use ear_engine::{DoctorOptions, Event, Finding};

/// Look for faults in the library, and mend them
///
/// Nothing that somebody said or recorded is deleted: sound that no episode has is put into `lost/`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct DoctorArgs {
    /// Mend what can be mended
    #[arg(long)]
    repair: bool,
    /// Also read all sound and all of the index and compare them with their hashes, which takes long
    #[arg(long)]
    thorough: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness doctor                    say what is wrong; exit code 1 if anything is
  earwitness doctor --thorough         also whether all sound is what it was
  earwitness doctor --repair           and mend it";

pub fn run(context: &Context, args: &DoctorArgs) -> Outcome {
    let options = DoctorOptions { repair: args.repair, thorough: args.thorough };
    let on_event = |event: Event| {
        if let Event::Warning { message, .. } = event {
            context.talk.note(&format!("note: {}", harmless(&message)));
        }
    };
    let findings = context.library()?.doctor(&options, &on_event)?;
    context.print(&DoctorDto::from(&findings[..]), || text(&findings))?;
    let all_mended = findings.iter().all(|finding| finding.mended);
    if !all_mended && !args.repair {
        context.talk.note("`earwitness doctor --repair` mends what can be mended");
    }
    Ok(if all_mended { Ending::Done } else { Ending::Told(exit::FAILED) })
}

fn text(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "all is well".into();
    }
    let line = |finding: &Finding| {
        let state = if finding.mended { "mended" } else { "fault" };
        let place = finding.place.as_deref().map(|place| format!("{place}: ")).unwrap_or_default();
        let remedy = finding.remedy.as_deref().filter(|_| !finding.mended);
        let remedy = remedy.map(|remedy| format!("\n  {remedy}")).unwrap_or_default();
        harmless(&format!("{state}: {place}{}{remedy}", finding.message)).into_owned()
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}
