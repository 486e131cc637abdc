//! `restore`: a library from a backup.

use super::Context;
use super::backup::copying_text;
use crate::counter::Counter;
use crate::dto::RestoredDto;
use crate::exit::{self, Ending, Outcome};
use crate::terminal::{count, harmless, size};
use clap::Args;
use ear_engine::{Event, Library, Restored};
use std::path::PathBuf;

/// Make a library from a backup
///
/// Checks every file by its hash, puts the library together beside its place, moves it there when it
/// is whole, and builds its word index. The backup is only read.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct RestoreArgs {
    /// A folder that `earwitness backup` wrote
    backup: PathBuf,
    /// Where the library is to be [default: where it is looked for without --library]
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Move a library that is there aside; nothing is deleted
    #[arg(long)]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness restore /media/backup/earwitness
  earwitness restore /media/backup/earwitness --into ~/talks
  earwitness restore /media/backup/earwitness --force";

pub fn run(context: &Context, args: &RestoreArgs) -> Outcome {
    let into = args.into.clone().map_or_else(|| context.folder("library"), Ok)?;
    let counter = Counter::new(&context.talk);
    let on_event = |event: Event| match event {
        Event::Progress { done, total, .. } => {
            counter.step(|| format!("indexing: episode {done} of {}", total.unwrap_or_default()));
        }
        Event::Warning { message, .. } => context.talk.note(&format!("note: {}", harmless(&message))),
        _ => {}
    };
    let on_step = |step| counter.step(|| copying_text("restoring", &step));
    let restored = Library::restore(&args.backup, &into, args.force, &on_step, &on_event);
    counter.close();
    let restored = restored?;
    for problem in &restored.problems {
        context.talk.line(&format!("not restored as it was: {}", harmless(problem)));
    }
    context.print(&RestoredDto::from(&restored), || text(&restored))?;
    Ok(if restored.problems.is_empty() { Ending::Done } else { Ending::Told(exit::FAILED) })
}

fn text(restored: &Restored) -> String {
    let folder = restored.folder.display().to_string();
    let restored_line = format!(
        "restored to {}: {}, {} ({})",
        harmless(&folder),
        count(restored.episodes, "episode", "episodes"),
        count(restored.files.0, "file", "files"),
        size(restored.files.1)
    );
    match restored.moved_aside.as_ref().map(|aside| aside.display().to_string()) {
        Some(aside) => format!("{restored_line}\nwhat was there before is now in {}", harmless(&aside)),
        None => restored_line,
    }
}
