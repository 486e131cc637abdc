//! `add`: taking in sound and transcripts.

use super::{Context, work};
use crate::dto::{AddedDto, FailedSource, TakenSource, WorkDto};
use crate::exit::{self, Ending, Failure, Outcome, error_text};
use crate::terminal::harmless;
use crate::{input, interrupt, notes, output};
use clap::Args;
use ear_engine::core::{EpisodeDate, EpisodeId};
use ear_engine::{AddOptions, Added, EpisodeState, Error, ErrorKind, Library, Result, Stop, WorkOptions};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use work::Worked;

/// Take in sound, video or transcripts: files and folders
///
/// Sound and video are recognised: on a terminal at once, otherwise when `work` or `serve` comes to it.
/// Transcripts (txt, srt, vtt) are read as they are. The same content added twice is one
/// episode. Files are copied; the originals are left alone.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct AddArgs {
    /// Files and folders
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// The show they belong to
    #[arg(long, value_name = "NAME")]
    show: Option<String>,
    /// The episode's title [default: from the file]
    #[arg(long)]
    title: Option<String>,
    /// When it was published, as 2020-01-31
    #[arg(long)]
    date: Option<EpisodeDate>,
    /// The language spoken, as its two letters [default: detected]
    #[arg(long, value_name = "CODE", value_parser = input::language)]
    language: Option<String>,
    /// Show notes: text, or a JSON object with show, episode, published, note, people, places
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
    /// The model that recognises [default: see `earwitness models`]
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// Lines to leave out at the start of a plain text
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    skip_head: usize,
    /// Lines to leave out at the end of a plain text
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    skip_tail: usize,
    /// Only put them in the queue
    #[arg(long, conflicts_with = "wait")]
    queue: bool,
    /// Work until they are done, also without a terminal
    #[arg(long)]
    wait: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness add talk.mp3
  earwitness add --show 'Post Reports' --date 2020-01-07 --language en talk.mp3
  earwitness add recordings/ --queue              a folder of files; `earwitness work` does the rest
  earwitness add talk.txt --skip-head 2 --notes notes.json";

pub fn run(context: &Context, args: AddArgs) -> Outcome {
    let (files, failed) = files(&args.sources);
    let options = options(&args, files.len())?;
    for (source, error) in &failed {
        tell_failed(context, source, error);
    }
    let mut taken = Taken { failed, ..Taken::default() };
    let mut worked = None;
    if !files.is_empty() {
        let works = args.wait || (!args.queue && io::stdout().is_terminal());
        worked = take_in(context, &mut taken, &files, &options, works)?;
    }
    if context.json {
        output::json(&taken.dto(worked.as_ref()))?;
    }
    Ok(taken.ending(worked.as_ref()))
}

/// Adds the files and, if it `works`, works until they are done.
fn take_in(
    context: &Context,
    taken: &mut Taken,
    files: &[PathBuf],
    options: &AddOptions,
    works: bool,
) -> Result<Option<Worked>, Failure> {
    let library = context.library_made()?;
    let stop = interrupt::watch(context.talk.clone(), work::ON_STOP)?;
    for file in files {
        if stop.requested() {
            break;
        }
        taken.add(context, &library, file, options)?;
    }
    let worked = if works { Some(finish(context, &library, taken.episodes(), &stop)?) } else { None };
    if !works && taken.added.iter().any(|(_, added)| !added.existed) {
        context.talk.note("queued; `earwitness work` or `earwitness serve` does the rest");
    }
    taken.stopped = stop.requested();
    Ok(worked)
}

/// Works until these episodes are done, also by waiting for other processes that hold them.
pub fn finish(context: &Context, library: &Library, episodes: Vec<EpisodeId>, stop: &Stop) -> Result<Worked> {
    // To the engine no episodes mean all.
    if episodes.is_empty() {
        return Ok(Worked::default());
    }
    let options = WorkOptions { episodes, ..WorkOptions::default() };
    let mut worked = work::drain(context, library, &options, stop)?;
    for episode in options.episodes {
        if worked.failures.iter().any(|(failed, _)| *failed == episode) {
            continue;
        }
        // What failed in another process has not been told of here.
        if let Some((title, why)) = failure_of(library, episode)? {
            context.talk.line(&format!("failed: {}\n  {}", harmless(&title), harmless(&why)));
            worked.failures.push((episode, ErrorKind::BadInput));
        }
    }
    Ok(worked)
}

/// Title and reason, if work on this episode failed. One that was removed meanwhile is done with.
fn failure_of(library: &Library, episode: EpisodeId) -> Result<Option<(String, String)>> {
    match library.episode(episode) {
        Ok(detail) => match detail.summary.state {
            EpisodeState::Failed(why) => Ok(Some((detail.summary.title, why))),
            _ => Ok(None),
        },
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What became of the sources so far.
#[derive(Default)]
struct Taken {
    added: Vec<(PathBuf, Added)>,
    failed: Vec<(PathBuf, Error)>,
    stopped: bool,
}

impl Taken {
    fn add(&mut self, context: &Context, library: &Library, file: &Path, options: &AddOptions) -> io::Result<()> {
        match library.add(file, options) {
            Ok(added) => {
                tell_added(context, file, &added)?;
                self.added.push((file.to_owned(), added));
            }
            Err(error) => {
                tell_failed(context, file, &error);
                self.failed.push((file.to_owned(), error));
            }
        }
        Ok(())
    }

    fn episodes(&self) -> Vec<EpisodeId> {
        self.added.iter().map(|(_, added)| added.episode).collect()
    }

    fn ending(&self, worked: Option<&Worked>) -> Ending {
        if self.stopped {
            return Ending::Stopped;
        }
        let mut failures: Vec<ErrorKind> = self.failed.iter().map(|(_, error)| error.kind).collect();
        failures.extend(worked.into_iter().flat_map(Worked::kinds));
        match exit::told(&failures) {
            // Where some went well, whatever stopped the others is not the whole story.
            Ending::Told(_) if failures.len() < self.added.len() + self.failed.len() => Ending::Told(exit::FAILED),
            ending => ending,
        }
    }

    fn dto(&self, worked: Option<&Worked>) -> AddedDto {
        let name = |path: &Path| path.display().to_string();
        AddedDto {
            added: self.added.iter().map(|(file, added)| TakenSource::new(name(file), added)).collect(),
            failed: self.failed.iter().map(|(file, error)| FailedSource::new(name(file), error)).collect(),
            work: worked.map(|worked| WorkDto::from(&worked.summary)),
        }
    }
}

fn tell_added(context: &Context, file: &Path, added: &Added) -> io::Result<()> {
    for warning in &added.warnings {
        context.talk.note(&format!("note: {}: {}", file.display(), harmless(warning)));
    }
    if context.json {
        return Ok(());
    }
    let title = harmless(&added.title);
    let id = added.episode;
    output::line(&if added.existed {
        format!("already here as episode {id}: {title}")
    } else {
        format!("added episode {id}: {title}")
    })
}

fn tell_failed(context: &Context, source: &Path, error: &Error) {
    let mut error = error.clone();
    let source = source.display().to_string();
    error.place = match error.place {
        None if error.message.contains(&source) => None,
        Some(place) if place == source && error.message.contains(&source) => None,
        Some(place) if place.contains(&source) => Some(place),
        Some(place) => Some(format!("{source}: {place}")),
        None => Some(source),
    };
    context.talk.line(&error_text(&error));
}

/// The files that these sources stand for, and the sources that stand for none.
fn files(sources: &[PathBuf]) -> (Vec<PathBuf>, Vec<(PathBuf, Error)>) {
    let mut files = Vec::new();
    let mut failed = Vec::new();
    for source in sources {
        match files_of(source) {
            Ok(found) => files.extend(found),
            Err(error) => failed.push((source.clone(), error)),
        }
    }
    (files, failed)
}

fn files_of(source: &Path) -> Result<Vec<PathBuf>> {
    if input::is_url(&source.to_string_lossy()) {
        return Err(Error::new(ErrorKind::BadInput, "this version takes files and folders, not addresses")
            .remedy("Download it first, then add the file"));
    }
    let files = Library::sources(source)?;
    if files.is_empty() {
        return Err(Error::new(ErrorKind::NotFound, "this folder holds no sound and no transcript")
            .remedy("Supported are mp3, m4a, ogg, opus, flac, wav and other sound and video; txt, srt and vtt"));
    }
    Ok(files)
}

fn options(args: &AddArgs, files: usize) -> Result<AddOptions, Failure> {
    if files > 1 && (args.title.is_some() || args.date.is_some()) {
        let message = format!("--title and --date are for one source, and these are {files} files");
        return Err(Failure::Usage(message));
    }
    let mut notes = args.notes.as_deref().map(notes::read).transpose()?.unwrap_or_default();
    if files > 1 {
        // Notes of one episode say nothing of the title and the day of several.
        (notes.title, notes.date) = (None, None);
    }
    Ok(AddOptions {
        show: args.show.clone().or(notes.show),
        title: args.title.clone().or(notes.title),
        date: args.date.or(notes.date),
        language: args.language.clone(),
        notes: Some(notes.text).filter(|text| !text.is_empty()),
        model: args.model.clone(),
        skip_head: args.skip_head,
        skip_tail: args.skip_tail,
        name: None,
    })
}
