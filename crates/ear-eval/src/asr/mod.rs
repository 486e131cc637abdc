//! Word error, speed and memory of recognition, beside a peer if wanted.

mod ours;
mod peer;
mod references;
mod report;
mod system;

pub use ours::{RunArgs, run as run_ours};

use crate::Outcome;
use anyhow::Result;
use clap::{Args, ValueEnum};
use peer::Peer;
use references::Reference;
use report::Report;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use system::{Heard, Settings};

/// Word error, CPU seconds per second of sound and peak memory, over every sound file that has a reference.
#[derive(Args, Debug)]
pub struct AsrArgs {
    /// Folders searched for sound with X.txt or X.stm beside it, or a transcripts.tsv of ids; or single sound files.
    #[arg(required = true)]
    places: Vec<PathBuf>,
    /// Name of a model, or a folder with a CTranslate2 Whisper.
    #[arg(long)]
    model: Option<String>,
    /// Beam width.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=64))]
    beam: u16,
    /// Threads that recognise.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// ISO 639-1 code of the language spoken, or `auto`.
    #[arg(long, default_value = "en")]
    language: String,
    /// Measure this system beside ours, in the same run.
    #[arg(long)]
    peer: Option<PeerName>,
    /// Let the peer leave out what its voice detector takes for silence.
    #[arg(long, requires = "peer")]
    peer_vad: bool,
    /// Where peers are installed.
    #[arg(long, default_value = "target/eval-peers")]
    peers: PathBuf,
    /// How often to run, ours and the peer by turns; times are medians.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=99))]
    runs: u16,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// Systems to compare with.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum PeerName {
    /// faster-whisper 1.2.1, installed with pip.
    FasterWhisper,
}

/// Measures, and prints a table or an object. Incomplete where a file or the peer failed.
pub fn run(args: &AsrArgs) -> Result<Outcome> {
    let references = references::find(&args.places)?;
    let settings = Settings {
        model: args.model.clone(),
        beam: args.beam.into(),
        threads: args.threads.into(),
        language: Some(args.language.clone()).filter(|language| language != "auto"),
        peer_vad: args.peer_vad,
    };
    let mut peer = match args.peer {
        Some(PeerName::FasterWhisper) => told("faster-whisper", Peer::prepare(&args.peers, &settings)),
        None => None,
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..args.runs {
        ours.push(listen("ours", ours::command(&settings)?, &references)?);
        if let Some(ready) = &peer {
            let heard = ready.command(&settings).and_then(|command| listen("faster-whisper", command, &references));
            match told("faster-whisper", heard) {
                Some(heard) => theirs.push(heard),
                None => peer = None,
            }
        }
    }
    let scored = (!theirs.is_empty()).then(|| ("faster-whisper".to_owned(), report::score(&references, &theirs)));
    let is_complete = args.peer.is_none() || peer.is_some();
    let report = Report {
        ours: report::score(&references, &ours),
        peers: BTreeMap::from_iter(scored),
        settings,
        runs: args.runs.into(),
    };
    crate::print(args.json, &report, report::table)?;
    let failed = [&report.ours].into_iter().chain(report.peers.values()).flat_map(|scores| &scores.files);
    Ok(Outcome::complete_if(is_complete && failed.into_iter().all(|file| file.error.is_none())))
}

/// The value; where there is none, says why and that it goes on.
fn told<T>(name: &str, result: Result<T>) -> Option<T> {
    result.inspect_err(|error| eprintln!("Going on without {name}: {error:#}")).ok()
}

fn listen(name: &str, mut command: Command, references: &[Reference]) -> Result<Vec<Heard>> {
    let sounds: Vec<&Path> = references.iter().map(|reference| reference.sound.as_path()).collect();
    let say = |done: usize| {
        let file = references.get(done - 1).map_or("", |reference| &reference.name);
        eprintln!("{name}: {done} of {} files, {file}", sounds.len());
    };
    system::listen(&mut command, &sounds, &say)
}
