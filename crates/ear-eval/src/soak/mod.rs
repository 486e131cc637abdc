//! Random work on a library, and whether it stays whole.

mod acts;
mod checks;
mod items;
mod program;
mod report;
mod workers;

use crate::Outcome;
use acts::Soak;
use anyhow::{Context, Result};
use clap::Args;
use program::Program;
use report::Report;
use std::mem;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Acts between two times that everything is compared: at least, and how many more at most.
const ACTS: (usize, usize) = (10, 25);

/// Adds, searches, kills, cancels, removes, reindexes and backs up at random, with a server and workers beside, and
/// compares after each round: nothing doubled, nothing lost, index and database agree, words are those of
/// unbroken work, memory is flat. The recogniser is the one without weights.
#[derive(Args, Debug)]
pub struct SoakArgs {
    /// How long to go on; the round at hand is ended.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1440))]
    minutes: u32,
    /// What the random choices come from. Processes run beside each other, so that two runs still differ.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The earwitness program; otherwise the one beside this program.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// Soaks, and prints a table or an object. Incomplete where there was a fault, or memory grew; the home folder is
/// kept then, to be looked at.
pub fn run(args: &SoakArgs) -> Result<Outcome> {
    let home = tempfile::Builder::new().prefix("earwitness-soak-").tempdir().context("make a home folder")?;
    let scratch = home.path().join("material");
    std::fs::create_dir(&scratch).context("make a folder for material")?;
    let program = Program::find(args.program.as_deref(), home.path())?;
    let report = soak(program, &scratch, args)?;
    crate::print(args.json, &report, report::table)?;
    let is_well = report.faults.is_empty() && report.is_flat;
    if !is_well {
        eprintln!("The library and what was put into it are kept in {}", home.keep().display());
    }
    Ok(Outcome::complete_if(is_well))
}

fn soak(program: Program, scratch: &std::path::Path, args: &SoakArgs) -> Result<Report> {
    let began = Instant::now();
    let time = Duration::from_secs(u64::from(args.minutes) * 60);
    let mut soak = Soak::begin(program, scratch, args.seed)?;
    if !soak.has_backup {
        eprintln!("This earwitness has no `backup`: it is left out");
    }
    loop {
        for _ in 0..ACTS.0 + soak.random.below(ACTS.1) {
            soak.act()?;
        }
        soak.settle()?;
        let is_last = began.elapsed() >= time;
        soak.check(is_last)?;
        eprintln!("{:.1} minutes, {} episodes", began.elapsed().as_secs_f64() / 60.0, soak.items.len());
        if is_last {
            break;
        }
    }
    let peaks = (soak.workers.server_peak_mb(), soak.workers.worker_peak_mb);
    let minutes = began.elapsed().as_secs_f64() / 60.0;
    let log = mem::take(&mut soak.log);
    Ok(Report::new(log, minutes, args.seed, soak.items.len(), &soak.workers.server_mb, peaks))
}
