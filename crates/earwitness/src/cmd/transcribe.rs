//! `transcribe`: one file to words, without a library.

use super::Context;
use super::export::{self, Format};
use super::work::Effort;
use crate::dto::TranscriptDto;
use crate::exit::Outcome;
use crate::output;
use crate::progress::{Progress, Step};
use crate::terminal::harmless;
use crate::{input, interrupt, notes};
use clap::Args;
use ear_engine::core::JobId;
use ear_engine::{Result, Stage, Stop, TranscribeOptions, Transcribed, read_names, transcribe_file, write_transcript};
use std::path::{Path, PathBuf};

/// Recognise the speech in one file; needs no library
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct TranscribeArgs {
    /// A file with sound
    file: PathBuf,
    /// The format [default: by the name of the output, otherwise txt]
    #[arg(long, short)]
    format: Option<Format>,
    /// The file to write [default: stdout]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The model that recognises, or a folder with one [default: see `earwitness models`]
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// The language spoken, as its two letters [default: detected]
    #[arg(long, value_name = "CODE", value_parser = input::language)]
    language: Option<String>,
    /// How many ways of hearing it are followed at once; 1 is fastest [default: 5]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=20))]
    beam: Option<u16>,
    /// Names that may be said, one a line: `Jon Smyth = John Smith, J. Smith - host`
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    #[command(flatten)]
    effort: Effort,
}

const EXAMPLES: &str = "\
Examples:
  earwitness transcribe talk.mp3
  earwitness transcribe talk.mp3 --output talk.srt
  earwitness transcribe talk.mp3 --format json --language en
  earwitness transcribe talk.mp3 --beam 1 --workers 2
  earwitness transcribe talk.mp3 --names guests.txt";

pub fn run(context: &Context, args: &TranscribeArgs) -> Outcome {
    let stop = interrupt::watch(context.talk.clone(), "stopping; press again to stop at once")?;
    if let Some(output) = &args.output {
        output::check_not_over(&args.file, output)?;
    }
    let heard = hear(context, args, &stop)?;
    for warning in &heard.warnings {
        context.talk.note(&format!("note: {}", harmless(warning)));
    }
    if heard.transcript.words.is_empty() {
        context.talk.note("note: no speech was recognised");
    }
    let text = match Format::choose(args.format, context.json, args.output.as_deref()).of_engine() {
        Some(format) => write_transcript(&title(&args.file), &heard.transcript, &heard.passages, format),
        None => export::json(&TranscriptDto::from(&heard))?,
    };
    export::write(&text, args.output.as_deref())
}

fn hear(context: &Context, args: &TranscribeArgs, stop: &Stop) -> Result<Transcribed> {
    // There is no queue here, so any number will do.
    const JOB: JobId = JobId(1);
    let options = TranscribeOptions {
        model: args.model.clone(),
        language: args.language.clone(),
        threads: args.effort.workers(),
        nice: args.effort.nice(),
        beam: args.beam.map_or(0, usize::from),
        names: args.names.as_deref().map(notes::names_text).transpose()?.as_deref().map(read_names).unwrap_or_default(),
    };
    let progress = Progress::new(&context.talk);
    progress.start(JOB, &title(&args.file), Stage::Recognising);
    let heard = transcribe_file(&args.file, &options, stop, &|now| {
        let step =
            Step { stage: Stage::Recognising, done: now.done, total: now.total, rate: now.rate, heard: now.heard };
        progress.step(JOB, &step);
    });
    progress.close();
    heard
}

/// The name of the file without its ending.
fn title(file: &Path) -> String {
    file.file_stem().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
}
