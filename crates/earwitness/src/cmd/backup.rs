//! `backup`: copying the library to safety.

use super::Context;
use crate::counter::Counter;
use crate::dto::BackedUpDto;
use crate::exit::{self, Ending, Outcome};
use crate::terminal::{count, harmless, size};
use clap::Args;
use ear_engine::{BackedUp, BackupOptions, Copying};
use std::path::PathBuf;

/// Copy the library into a folder, while it is in use
///
/// Copies the database and all sound, pictures and documents, and checks each file by its hash. A second
/// backup into the same folder copies only what is new. The folder is itself a library: look into it with
/// `--library`, or make one of it again with `earwitness restore`. The word index is left out, since
/// it can be built again.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct BackupArgs {
    /// An empty folder, or an earlier backup; on another disk, best of all
    folder: PathBuf,
    /// Also read again what the folder holds already, and copy anew what is damaged there
    #[arg(long)]
    verify: bool,
    /// Remove from the folder what the library no longer has
    #[arg(long)]
    prune: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness backup /media/backup/earwitness
  earwitness backup /media/backup/earwitness --verify
  earwitness restore /media/backup/earwitness --into ~/talks";

pub fn run(context: &Context, args: &BackupArgs) -> Outcome {
    let library = context.library()?;
    let options = BackupOptions { verify: args.verify, prune: args.prune };
    let counter = Counter::new(&context.talk);
    let done = library.backup(&args.folder, &options, &|step| counter.step(|| copying_text("backing up", &step)));
    counter.close();
    let done = done?;
    for problem in &done.problems {
        context.talk.line(&format!("not in the backup: {}", harmless(problem)));
    }
    context.print(&BackedUpDto::from(&done), || text(&done, args.prune))?;
    if !done.problems.is_empty() {
        context.talk.note("`earwitness doctor` says more; the rest is backed up");
    }
    Ok(if done.problems.is_empty() { Ending::Done } else { Ending::Told(exit::FAILED) })
}

/// How far copying is, for people.
pub fn copying_text(what: &str, step: &Copying) -> String {
    let (files, bytes) = (step.files, step.bytes);
    format!("{what}: file {} of {}, {} of {}", files.0, files.1, size(bytes.0), size(bytes.1))
}

fn text(done: &BackedUp, pruned: bool) -> String {
    let files = |number: usize| count(number, "file", "files");
    let folder = done.folder.display().to_string();
    let mut lines = vec![format!(
        "backed up to {}: {} copied ({}), {} there already, and the database ({})",
        harmless(&folder),
        files(done.copied.0),
        size(done.copied.1),
        files(done.kept.0),
        size(done.database)
    )];
    if done.extra.0 > 0 {
        let what = format!("{} ({}) that the library no longer has", files(done.extra.0), size(done.extra.1));
        lines.push(if pruned {
            format!("removed there: {what}")
        } else {
            format!("also there: {what}; --prune removes them")
        });
    }
    if let Some(aside) = &done.put_aside {
        let aside = aside.display().to_string();
        lines.push(format!("the database there had been changed since, and was put aside: {}", harmless(&aside)));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_tells_what_it_did() {
        let done = BackedUp {
            folder: "/b".into(),
            copied: (1, 2_000_000),
            kept: (12, 5),
            extra: (2, 3_000_000),
            database: 40_000,
            problems: vec![],
            put_aside: None,
        };
        insta::assert_snapshot!(text(&done, false), @r"
        backed up to /b: 1 file copied (2 MB), 12 files there already, and the database (40 kB)
        also there: 2 files (3 MB) that the library no longer has; --prune removes them
        ");
    }
}
