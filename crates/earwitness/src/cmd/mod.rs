//! The command line: one file a command, each from its arguments as typed to what it comes to.

mod add;
mod backup;
mod clips;
mod completions;
mod demo;
mod disk;
mod doctor;
mod edit;
mod export;
mod jobs;
mod keep;
mod list;
mod models;
mod names;
mod refresh;
mod reindex;
mod restore;
mod rm;
mod search;
mod serve;
mod show;
mod transcribe;
mod trends;
mod watch;
mod work;

pub use work::Worked;

use crate::dto::ErrorDto;
use crate::exit::{self, Outcome};
use crate::output;
use crate::paths;
use crate::terminal::{Look, Talk};
use clap::{Parser, Subcommand};
use ear_engine::{Error, ErrorKind, Library, Result};
use serde::Serialize;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Turns hours of talk into pages that people read, search, quote and check by ear.
///
/// Sound and transcripts are kept in a library: one folder, by default in your data folder. What
/// you add never leaves this machine, unless you name a language model elsewhere (`work --llm`).
#[derive(Debug, Parser)]
#[command(name = "earwitness", version, after_help = START, after_long_help = format!("{START}\n\n{}", exit::HELP), max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// The folder of the library [default: earwitness/library in your data folder]
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DIR", env = "EARWITNESS_LIBRARY", hide_env_values = true)]
    library: Option<PathBuf>,
    /// Print results, and errors, as JSON
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    json: bool,
    /// Say nothing but results and failures
    #[arg(short, long, global = true, help_heading = EVERYWHERE)]
    quiet: bool,
    /// Say more about what happens
    #[arg(short, long, global = true, help_heading = EVERYWHERE, conflicts_with = "quiet")]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

const EVERYWHERE: &str = "With every command";

const START: &str = "\
Start here:
  earwitness demo                      a small library of sample speech, opened in your browser
  earwitness add talk.mp3              take in an episode of your own and recognise its speech
  earwitness add https://…/feed.xml    follow a podcast
  earwitness search 'peace talks'      find who said it, and when
  earwitness serve                     read, search and listen in your browser

EPISODE is an id, or part of a title that no other episode has.";

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::DemoArgs),
    Add(add::AddArgs),
    Refresh(refresh::RefreshArgs),
    Work(work::WorkArgs),
    Search(search::SearchArgs),
    Clips(clips::ClipsArgs),
    Names(names::NamesArgs),
    Trends(trends::TrendsArgs),
    Transcribe(transcribe::TranscribeArgs),
    List(list::ListArgs),
    Show(show::ShowArgs),
    Export(export::ExportArgs),
    Serve(serve::ServeArgs),
    Edit(edit::EditArgs),
    Rm(rm::RmArgs),
    Jobs(jobs::JobsArgs),
    Models(models::ModelsArgs),
    Disk(disk::DiskArgs),
    Keep(keep::KeepArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Doctor(doctor::DoctorArgs),
    Reindex(reindex::ReindexArgs),
    Completions(completions::CompletionsArgs),
}

impl Cli {
    /// Reads the command line. Help and mistakes are told here; then only the exit code is left.
    pub fn from_arguments(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, ExitCode> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        Self::try_parse_from(&arguments).map_err(|error| {
            let is_mistake = error.use_stderr();
            let told = if is_mistake && arguments.iter().any(|argument| argument == "--json") {
                output::json(&ErrorDto::new("usage", error.to_string().trim_end()))
            } else {
                error.print()
            };
            // Help that nobody reads to its end, as with `| head`, has still been given.
            match told {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(exit::FAILED),
                _ if is_mistake => ExitCode::from(exit::USAGE),
                _ => ExitCode::SUCCESS,
            }
        })
    }

    /// Whether results and errors are to be JSON.
    pub fn wants_json(&self) -> bool {
        self.json
    }
}

/// Runs a command.
pub fn run(cli: Cli) -> Outcome {
    let context = Context {
        library: cli.library,
        json: cli.json,
        talk: Talk::new(cli.quiet, cli.verbose),
        look: Look::of_stdout(),
    };
    match cli.command {
        Command::Demo(args) => demo::run(&context, args),
        Command::Add(args) => add::run(&context, args),
        Command::Refresh(args) => refresh::run(&context, &args),
        Command::Work(args) => work::run(&context, &args),
        Command::Search(args) => search::run(&context, args),
        Command::Clips(args) => clips::run(&context, args),
        Command::Names(args) => names::run(&context, args),
        Command::Trends(args) => trends::run(&context, &args),
        Command::Transcribe(args) => transcribe::run(&context, &args),
        Command::List(args) => list::run(&context, &args),
        Command::Show(args) => show::run(&context, &args),
        Command::Export(args) => export::run(&context, &args),
        Command::Serve(args) => serve::run(&context, args),
        Command::Edit(args) => edit::run(&context, args),
        Command::Rm(args) => rm::run(&context, &args),
        Command::Jobs(args) => jobs::run(&context, &args),
        Command::Models(args) => models::run(&context, &args),
        Command::Disk(args) => disk::run(&context, &args),
        Command::Keep(args) => keep::run(&context, &args),
        Command::Backup(args) => backup::run(&context, &args),
        Command::Restore(args) => restore::run(&context, &args),
        Command::Doctor(args) => doctor::run(&context, &args),
        Command::Reindex(args) => reindex::run(&context, &args),
        Command::Completions(args) => completions::run(&args),
    }
}

/// What every command shares.
#[derive(Debug)]
pub struct Context {
    library: Option<PathBuf>,
    /// Results are JSON.
    pub json: bool,
    /// Where people are talked to.
    pub talk: Talk,
    look: Look,
}

impl Context {
    /// The library, which must be there.
    fn library(&self) -> Result<Library> {
        let folder = self.folder("library")?;
        if !Library::exists(&folder) && !folder.join("recordings").is_dir() {
            return Err(Error::new(ErrorKind::NotFound, "there is no library here yet")
                .at(folder.display().to_string())
                .remedy("Begin one with `earwitness add FILE`, or take the tour with `earwitness demo`"));
        }
        self.open(&folder)
    }

    /// The library, made where there is none.
    fn library_made(&self) -> Result<Library> {
        self.open(&self.folder("library")?)
    }

    /// The library's folder, or the default of this name.
    fn folder(&self, name: &str) -> Result<PathBuf> {
        self.library.clone().map_or_else(|| paths::default_folder(name), Ok)
    }

    fn open(&self, folder: &Path) -> Result<Library> {
        self.talk.detail(&format!("library: {}", folder.display()));
        let library = Library::open(folder)?;
        for note in library.migrated().iter().map(String::as_str).chain(library.frozen()) {
            self.talk.note(&format!("note: {note}"));
        }
        Ok(library)
    }

    /// Prints a result: as JSON where that is asked for, otherwise as people read it.
    fn print(&self, dto: &impl Serialize, text: impl FnOnce() -> String) -> io::Result<()> {
        if self.json { output::json(dto) } else { output::line(&text()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn help(path: &[&str]) -> String {
        let mut command = Cli::command().term_width(100).color(clap::ColorChoice::Never);
        command.build();
        let mut found = &mut command;
        for name in path {
            found = found.find_subcommand_mut(name).expect("this command exists");
        }
        found.render_long_help().to_string()
    }

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_teaches() {
        insta::assert_snapshot!("help", help(&[]));
        insta::assert_snapshot!("help_search", help(&["search"]));
        insta::assert_snapshot!("help_clips", help(&["clips"]));
        insta::assert_snapshot!("help_clips_move", help(&["clips", "move"]));
        insta::assert_snapshot!("help_names", help(&["names"]));
        insta::assert_snapshot!("help_names_accept", help(&["names", "accept"]));
        insta::assert_snapshot!("help_names_correct", help(&["names", "correct"]));
    }

    #[test]
    fn every_command_has_one_line_and_examples() {
        let mut command = Cli::command();
        command.build();
        for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
            let name = command.get_name();
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && about.lines().count() == 1, "{name}: {about}");
            let examples = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
            assert!(examples.matches(&format!("earwitness {name}")).count() >= 2, "{name}: {examples}");
        }
    }
}
