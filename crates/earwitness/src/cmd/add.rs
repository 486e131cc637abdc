//! `add`: taking in sound and transcripts.

use super::work::{Effort, Worked};
use super::{Context, watch, work};
use crate::exit::{Failure, Outcome};
use crate::taken::{Source, Taken, tell_failed};
use crate::terminal::harmless;
use crate::{input, interrupt, notes, output};
use clap::Args;
use ear_engine::core::{EpisodeDate, EpisodeId};
use ear_engine::{AddOptions, EpisodeState, Error, ErrorKind, Library, Result, Stop, WorkOptions};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// Take in sound, video, transcripts, folders, and feeds
///
/// Sound and video are recognised: on a terminal at once, otherwise when `work` or `serve` comes to it.
/// Transcripts (srt, vtt, txt, json, html) are read as they are; one that lies beside a recording of the same
/// name belongs to it, as do NAME.chapters.json and NAME.names.txt. The same content added twice is one
/// episode. Files are copied; the originals are left alone.
///
/// The address of a feed takes its newest episodes and follows it: `refresh` and `serve` look for new ones.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct AddArgs {
    /// Files, folders, and addresses of feeds, lists of feeds (OPML), sound or transcripts
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// Stay, and take in each file that comes into these folders when it is finished
    #[arg(long)]
    watch: bool,
    /// Of a feed: this many of the newest episodes, or `all` [default: 5 at first, then what is new]
    #[arg(long, value_name = "N", value_parser = input::last)]
    last: Option<usize>,
    /// Of a feed: allow it, and what it names, to be on this machine or its network
    #[arg(long)]
    allow_private: bool,
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
    /// Show notes: text, HTML, or a JSON object with show, episode, published, note, people, places
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
    /// Names that may be said, one a line: `Jon Smyth = John Smith, J. Smith - host`
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
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
    #[command(flatten)]
    effort: Effort,
}

const EXAMPLES: &str = "\
Examples:
  earwitness add talk.mp3
  earwitness add --show 'Post Reports' --date 2020-01-07 --language en talk.mp3
  earwitness add recordings/ --queue              a folder of files; `earwitness work` does the rest
  earwitness add recordings/ --watch              and whatever comes into it, until Ctrl-C
  earwitness add https://example.org/feed.xml     a podcast: its 5 newest episodes, and new ones from then on
  earwitness add talk.mp3 talk.en.vtt --names guests.txt
  earwitness add talk.txt --skip-head 2 --notes notes.json";

pub fn run(context: &Context, args: AddArgs) -> Outcome {
    let works = args.wait || (!args.queue && io::stdout().is_terminal());
    if args.watch {
        let options = options(&args, usize::MAX)?;
        return watch::run(context, &args.sources, &options, works.then(|| args.effort.options()));
    }
    let (sources, failed) = sources(&args.sources);
    let options = options(&args, sources.len())?;
    for (source, error) in &failed {
        tell_failed(context, source, error);
    }
    let mut taken = Taken { failed, ..Taken::default() };
    let mut worked = None;
    if !sources.is_empty() {
        let effort = works.then(|| args.effort.options());
        worked = take_in(context, &mut taken, &sources, &options, effort)?;
    }
    if context.json {
        output::json(&taken.dto(worked.as_ref()))?;
    }
    Ok(taken.ending(worked.as_ref()))
}

/// Adds the sources and, if told how to, works until they are done.
fn take_in(
    context: &Context,
    taken: &mut Taken,
    sources: &[Source],
    options: &AddOptions,
    effort: Option<WorkOptions>,
) -> Result<Option<Worked>, Failure> {
    let library = context.library_made()?;
    let stop = interrupt::watch(context.talk.clone(), work::ON_STOP)?;
    for source in sources {
        if stop.requested() {
            break;
        }
        taken.add(context, &library, source, options)?;
    }
    finish_taken(context, &library, taken, effort, &stop)
}

/// Works until what was taken is done, if told how to; says otherwise who does it.
pub fn finish_taken(
    context: &Context,
    library: &Library,
    taken: &mut Taken,
    effort: Option<WorkOptions>,
    stop: &Stop,
) -> Result<Option<Worked>, Failure> {
    let worked = match effort {
        Some(effort) => Some(finish(context, library, taken.episodes(), &effort, stop)?),
        None => None,
    };
    if worked.is_none() && taken.added.iter().any(|(_, added)| !added.existed) {
        context.talk.note("queued; `earwitness work` or `earwitness serve` does the rest");
    }
    taken.stopped = stop.requested();
    Ok(worked)
}

/// Works until these episodes are done, also by waiting for other processes that hold them.
pub fn finish(
    context: &Context,
    library: &Library,
    episodes: Vec<EpisodeId>,
    effort: &WorkOptions,
    stop: &Stop,
) -> Result<Worked> {
    // To the engine no episodes mean all.
    if episodes.is_empty() {
        return Ok(Worked::default());
    }
    let options = WorkOptions { episodes, ..effort.clone() };
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

/// What these stand for, recordings first, and those that stand for nothing.
fn sources(named: &[PathBuf]) -> (Vec<Source>, Vec<(PathBuf, Error)>) {
    let (mut addresses, mut files, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for source in named {
        let text = source.to_string_lossy();
        if input::is_url(&text) {
            addresses.push(Source::Address(text.into_owned()));
            continue;
        }
        match files_of(source) {
            Ok(found) => files.extend(found),
            Err(error) => failed.push((source.clone(), error)),
        }
    }
    let mut sources: Vec<Source> = Library::in_order(files).into_iter().map(Source::File).collect();
    sources.append(&mut addresses);
    (sources, failed)
}

fn files_of(source: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Library::sources(source)?;
    if source.is_dir() {
        // What belongs to recordings is taken in with them, and is nothing without.
        files.retain(|file| !Library::is_only_beside(file));
    }
    if files.is_empty() {
        return Err(Error::new(ErrorKind::NotFound, "this folder holds no sound and no transcript").remedy(
            "Supported are mp3, m4a, ogg, opus, flac, wav and other sound and video; srt, vtt, txt, json and html",
        ));
    }
    Ok(files)
}

fn options(args: &AddArgs, files: usize) -> Result<AddOptions, Failure> {
    if files > 1 && (args.title.is_some() || args.date.is_some()) {
        let message = match files {
            usize::MAX => "--title and --date are for one source, not for a folder that is watched".to_owned(),
            _ => format!("--title and --date are for one source, and these are {files} files"),
        };
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
        names: args.names.as_deref().map(notes::names_text).transpose()?,
        last: args.last,
        allow_private: args.allow_private,
        ..AddOptions::default()
    })
}
