//! `add --watch`: folders whose files are taken in as they come.

use super::work::{self, Worked};
use super::{Context, Library};
use crate::exit::{Ending, Failure, Outcome};
use crate::progress::Progress;
use crate::taken::{Taken, tell_failed};
use crate::terminal::harmless;
use crate::{input, interrupt, output};
use ear_engine::{AddOptions, Error, ErrorKind, Result, Stop, Watched, WorkOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

/// Said at the first Ctrl-C.
const ON_STOP: &str = "stopping after this chunk; press again to stop at once; the same command goes on from here";

/// Watches until it is stopped; also works through the queue, if told how to.
pub fn run(context: &Context, folders: &[PathBuf], options: &AddOptions, effort: Option<WorkOptions>) -> Outcome {
    for folder in folders {
        check(folder)?;
    }
    let library = context.library_made()?;
    let stop = interrupt::watch(context.talk.clone(), ON_STOP)?;
    let mut taken = Taken::default();
    let (watched, worked) = thread::scope(|threads| {
        let worker = effort.map(|effort| threads.spawn(|| keep_working(context, &library, effort, &stop)));
        let watched = watch(context, &library, folders, options, &stop, &mut taken);
        // The worker shares this flag; without it a folder that is gone would leave it running for ever.
        stop.request();
        let worked = worker.map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        (watched, worked)
    });
    watched?;
    let worked = worked.transpose()?;
    if context.json {
        output::json(&taken.dto(worked.as_ref()))?;
    }
    Ok(Ending::Stopped)
}

fn check(folder: &Path) -> Result<()> {
    let text = folder.to_string_lossy();
    let wrong = |message: &str| Error::new(ErrorKind::BadInput, message).at(text.clone());
    if input::is_url(&text) {
        return Err(wrong("only folders can be watched").remedy("`earwitness refresh` looks at feeds"));
    }
    if !folder.is_dir() {
        return Err(wrong("is not a folder, and only folders can be watched"));
    }
    Ok(())
}

fn watch(
    context: &Context,
    library: &Library,
    folders: &[PathBuf],
    options: &AddOptions,
    stop: &Stop,
    taken: &mut Taken,
) -> Result<(), Failure> {
    let mut told: io::Result<()> = Ok(());
    library.watch(folders, options, stop, &mut |event| {
        let result = match event {
            Watched::Waiting => {
                context.talk.note("watching for files; press Ctrl-C to stop");
                Ok(())
            }
            Watched::Added(_, added) if added.existed => Ok(()),
            Watched::Added(file, added) => taken.take(context, &file, added),
            Watched::Failed(file, error) => {
                tell_failed(context, &file, &error);
                taken.failed.push((file, error));
                Ok(())
            }
            Watched::Warning(message) => {
                context.talk.note(&format!("note: {}", harmless(&message)));
                Ok(())
            }
        };
        if let Err(error) = result {
            told = Err(error);
            stop.request();
        }
    })?;
    Ok(told?)
}

fn keep_working(context: &Context, library: &Library, effort: WorkOptions, stop: &Stop) -> Result<Worked> {
    let progress = Progress::new(&context.talk);
    work::drain_with(library, &WorkOptions { keep_going: true, ..effort }, stop, &progress)
}
