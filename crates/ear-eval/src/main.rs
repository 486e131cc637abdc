//! The truth about Earwitness: what it hears and invents, how fast, and whether it holds, beside its peers, on any
//! material of the right form.
//!
//! Each kind of evaluation prints one table, or one object with `--json`. It exits with 0 if all of it was
//! measured, 1 if some or all of it failed, 2 if it was called wrongly.

mod alignment;
mod asr;
mod calibration;
mod files;
mod headlines;
mod invented;
mod listen;
mod long;
mod loops;
mod names;
mod next;
mod normalise;
mod random;
mod references;
mod retrieval;
mod soak;
mod speed;
mod stats;
mod table;
mod timing;
mod tokens;
mod topics;
mod usage;
mod vocabulary;
mod voices;
mod wav;
mod word_errors;

use anyhow::Result;
use clap::{Parser, Subcommand};
use serde::Serialize;
use std::io::{Write, stdout};
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(name = "ear-eval", version, about = "The truth about Earwitness: word error and speed, beside its peers")]
struct Cli {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    Asr(asr::AsrArgs),
    Invented(invented::InventedArgs),
    Timing(timing::TimingArgs),
    Vocabulary(vocabulary::VocabularyArgs),
    Names(names::NamesArgs),
    Voices(voices::VoicesArgs),
    Topics(topics::TopicsArgs),
    Calibration(calibration::CalibrationArgs),
    Headlines(headlines::HeadlinesArgs),
    Retrieval(retrieval::RetrievalArgs),
    Next(next::NextArgs),
    Soak(soak::SoakArgs),
    Speed(speed::SpeedArgs),
    #[command(alias = "decode")]
    Long(long::LongArgs),
    #[command(hide = true)]
    ListenRun(listen::RunArgs),
    #[command(hide = true)]
    SpeedRun(speed::RunArgs),
}

/// Whether all that was asked for was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Complete,
    /// Something failed and was said; the rest was measured.
    Incomplete,
}

impl Outcome {
    fn complete_if(complete: bool) -> Self {
        if complete { Self::Complete } else { Self::Incomplete }
    }
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().kind {
        Kind::Asr(args) => asr::run(&args),
        Kind::Invented(args) => invented::run(&args),
        Kind::Timing(args) => timing::run(&args),
        Kind::Vocabulary(args) => vocabulary::run(&args),
        Kind::Names(args) => names::run(&args),
        Kind::Voices(args) => voices::run(&args),
        Kind::Topics(args) => topics::run(&args),
        Kind::Calibration(args) => calibration::run(&args),
        Kind::Headlines(args) => headlines::run(&args),
        Kind::Retrieval(args) => retrieval::run(&args),
        Kind::Next(args) => next::run(&args),
        Kind::Soak(args) => soak::run(&args),
        Kind::Speed(args) => speed::run(&args),
        Kind::Long(args) => long::run(&args),
        Kind::ListenRun(args) => listen::run_ours(&args).map(|()| Outcome::Complete),
        Kind::SpeedRun(args) => speed::run_child(&args).map(|()| Outcome::Complete),
    };
    match outcome {
        Ok(Outcome::Complete) => ExitCode::SUCCESS,
        Ok(Outcome::Incomplete) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a report as an object or as its table.
fn print<R: Serialize>(as_json: bool, report: &R, table: fn(&R) -> String) -> Result<()> {
    let text = if as_json { serde_json::to_string_pretty(report)? } else { table(report) };
    Ok(writeln!(stdout(), "{}", text.trim_end())?)
}
