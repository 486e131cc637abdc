//! Whether names are found that machines heard wrong, and made right: beside search by words and what else there is.

mod baselines;
mod earwitness;
mod evaluate;
#[cfg(test)]
mod fixture;
mod fold;
mod label;
mod material;
mod measure;
mod mentions;
mod repairs;
mod report;
mod same;
mod score;
mod spans;
mod train;
mod windows;

use crate::Outcome;
use anyhow::{Context, Result, bail};
use clap::Args;
use material::Selection;
use std::path::PathBuf;

/// How many mentions of names are found in what several machines heard, and how many are made right.
#[derive(Args, Debug)]
pub struct NamesArgs {
    /// A folder of the form of Earnings-21: reference, entities, heard/SYSTEM, participants.
    folder: PathBuf,
    /// Folders below heard. Of these, google, amazon and microsoft are pooled; if none of them is there, all are.
    #[arg(long, value_delimiter = ',', default_value = "google,amazon,microsoft,kaldi_libri")]
    systems: Vec<String>,
    /// Read only the first N calls.
    #[arg(long, value_name = "N", default_value_t = 100_000, hide_default_value = true, value_parser = at_least_one)]
    calls: usize,
    /// Search only N of the names, spread evenly.
    #[arg(long, value_name = "N", default_value_t = 100_000, hide_default_value = true, value_parser = at_least_one)]
    queries: usize,
    /// False alarms per name in 20 hours, beyond those of search by words, that a threshold may have on the calls it
    /// is chosen on.
    #[arg(long, value_name = "RATE", default_value_t = 0.12)]
    max_fa: f64,
    /// Fit our parameters anew for each fifth of the calls, on the others.
    #[arg(long)]
    cross_validate: bool,
    /// Besides, fit the trees that are shipped to all calls, and write them to this folder.
    #[arg(long, value_name = "FOLDER")]
    train: Option<PathBuf>,
    /// Leave the other methods out.
    #[arg(long)]
    only_ours: bool,
    /// Write N of the best false alarms of each method and system to stderr.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    show: usize,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

fn at_least_one(text: &str) -> Result<usize> {
    match text.parse()? {
        0 => bail!("at least 1"),
        number => Ok(number),
    }
}

/// Measures, and prints a table or an object. Incomplete where files are missing.
pub fn run(args: &NamesArgs) -> Result<Outcome> {
    let selection = Selection { systems: args.systems.clone(), calls: args.calls, queries: args.queries };
    let material = material::load(&args.folder, &selection)?;
    material.notes.iter().for_each(|note| eprintln!("note: {note}"));
    if material.calls.len() == 1 {
        eprintln!("note: one call alone: its thresholds are chosen on itself");
    }
    let candidates = earwitness::Candidates::new(&material)?;
    let mut models = measure::shipped(&material);
    if args.cross_validate || args.train.is_some() {
        let apart = match measure::fit_apart(&material, &candidates) {
            Err(error) if args.train.is_none() => {
                eprintln!("note: {error:#}; measured with the shipped trees");
                Vec::new()
            }
            apart => apart?,
        };
        if !apart.is_empty() {
            models = measure::models(&apart)?;
        }
        if let Some(folder) = &args.train {
            let trained = measure::train(&material, &candidates, &apart)?;
            for (name, trees) in [("sounds.txt", trained.search), ("repairs.txt", trained.repairs)] {
                let path = folder.join(name);
                std::fs::write(&path, trees).with_context(|| format!("writing {}", path.display()))?;
            }
        }
    }
    let settings = measure::Settings {
        max_fa: args.max_fa,
        cross_validate: args.cross_validate || args.train.is_some(),
        baselines: !args.only_ours,
        show: args.show,
    };
    let report = measure::measure(&material, &candidates, &models, &settings)?;
    crate::print(args.json, &report, report::table)?;
    Ok(Outcome::complete_if(!material.incomplete))
}
