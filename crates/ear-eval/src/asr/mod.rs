//! Word error, speed and memory of recognition, beside peers if wanted.

mod report;

use crate::Outcome;
use crate::listen::{Clip, SystemArgs};
use crate::references::{self, Reference};
use anyhow::Result;
use clap::Args;
use report::Report;
use std::path::PathBuf;

/// Word error, loops, CPU seconds per second of sound and peak memory, over every sound file that has a reference.
#[derive(Args, Debug)]
pub struct AsrArgs {
    /// Folders searched for sound with X.txt or X.stm beside it, or a transcripts.tsv of ids; or single sound files.
    #[arg(required = true)]
    places: Vec<PathBuf>,
    #[command(flatten)]
    systems: SystemArgs,
    /// ISO 639-1 code of the language spoken, or `auto`.
    #[arg(long, default_value = "en")]
    language: String,
    /// How often to run, ours and the peers by turns; times are medians.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=99))]
    runs: u16,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// Measures, and prints a table or an object. Incomplete where a file or a peer failed.
pub fn run(args: &AsrArgs) -> Result<Outcome> {
    let references = references::find(&args.places)?;
    let settings = args.systems.settings(&args.language);
    let mut systems = args.systems.prepare(&settings);
    let listened = systems.listen(&settings, &clips(&references), args.runs.into())?;
    let report = Report {
        ours: report::score(&references, &listened.ours),
        peers: listened.peers.iter().map(|(name, runs)| (name.clone(), report::score(&references, runs))).collect(),
        settings,
        runs: args.runs.into(),
    };
    crate::print(args.json, &report, report::table)?;
    let mut files = [&report.ours].into_iter().chain(report.peers.values()).flat_map(|scores| &scores.files);
    Ok(Outcome::complete_if(systems.complete && files.all(|file| file.error.is_none())))
}

/// The sound of references.
pub fn clips(references: &[Reference]) -> Vec<Clip> {
    references.iter().map(|reference| Clip { name: reference.name.clone(), sound: reference.sound.clone() }).collect()
}
