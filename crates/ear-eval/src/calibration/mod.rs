//! Whether the confidence of words is the share of them that is right.

mod fit;

use crate::Outcome;
use crate::alignment::{Step, align};
use crate::asr;
use crate::listen::{Heard, SystemArgs};
use crate::normalise::normalise;
use crate::random::Random;
use crate::references::{self, Reference};
use crate::table::{Table, number, percent};
use crate::tokens::{texts, tokens};
use anyhow::{Result, ensure};
use clap::Args;
use fit::{Bin, Platt, Sample};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

const SEED: u64 = 1;

/// Calibration of word confidence: the error of its ten bins, over all words of sound that has a reference.
#[derive(Args, Debug)]
pub struct CalibrationArgs {
    /// Folders of sound with references, in the forms that `asr` takes.
    #[arg(required = true)]
    places: Vec<PathBuf>,
    #[command(flatten)]
    systems: SystemArgs,
    /// ISO 639-1 code of the language spoken, or `auto`.
    #[arg(long, default_value = "en")]
    language: String,
    /// Fit our map anew on all files but one part, test on that part, and go through all parts.
    #[arg(long)]
    cross_validate: bool,
    /// Parts of the files for `--cross-validate`.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(2..=100))]
    folds: u16,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    #[serde(flatten)]
    ours: Scores,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    peers: BTreeMap<String, Scores>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cross_validated: Option<CrossValidated>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Scores {
    /// Expected calibration error.
    ece: Option<f64>,
    brier: Option<f64>,
    /// Area under the ROC curve.
    separation: Option<f64>,
    words: usize,
    right: usize,
    bins: Vec<Bin>,
}

#[derive(Debug, Serialize)]
struct CrossValidated {
    folds: usize,
    /// Before any map.
    raw: Scores,
    /// With the map of the other parts' files.
    mapped: Scores,
    /// Fitted on all files: what to ship.
    fitted: Platt,
    /// What is shipped.
    shipped: Platt,
}

/// Measures, and prints a table or an object. Incomplete where a file or a peer failed.
pub fn run(args: &CalibrationArgs) -> Result<Outcome> {
    let references = references::find(&args.places)?;
    let settings = args.systems.settings(&args.language);
    let mut systems = args.systems.prepare(&settings);
    let (ours, peers) = systems.listen_once(&settings, &asr::clips(&references))?;
    let files = samples_of(&references, &ours);
    ensure!(files.iter().any(|file| !file.is_empty()), "no word with a confidence was heard");
    let report = Report {
        cross_validated: args.cross_validate.then(|| cross_validate(&files, args.folds.into())),
        ours: score(&files.concat()),
        peers: peers
            .iter()
            .map(|(name, heard)| (name.clone(), score(&samples_of(&references, heard).concat())))
            .collect(),
    };
    crate::print(args.json, &report, table)?;
    let failed = ours.iter().chain(peers.values().flatten()).any(|heard| heard.error.is_some());
    Ok(Outcome::complete_if(systems.complete && !failed))
}

fn samples_of(references: &[Reference], heard: &[Heard]) -> Vec<Vec<Sample>> {
    references.iter().zip(heard).map(|(reference, heard)| samples(&reference.text, heard)).collect()
}

/// Every word that has a confidence and survives normalisation. It is right if all that became of it stands in
/// the reference, at its place.
fn samples(reference: &str, heard: &Heard) -> Vec<Sample> {
    let said = normalise(reference);
    let said: Vec<&str> = said.split_whitespace().collect();
    let found = tokens(&heard.texts());
    let mut right: Vec<Option<bool>> = vec![None; heard.words.len()];
    for step in align(&said, &texts(&found)) {
        let (token, same) = match step {
            Step::Same(_, token) => (token, true),
            Step::Other(_, token) | Step::Added(token) => (token, false),
            Step::Missed(_) => continue,
        };
        for word in found[token].words.clone() {
            right[word] = Some(right[word].unwrap_or(true) && same);
        }
    }
    let sample = |(word, right): (&crate::listen::HeardWord, Option<bool>)| {
        Some(Sample { score: word.confidence?, right: right? })
    };
    heard.words.iter().zip(right).filter_map(sample).collect()
}

fn score(samples: &[Sample]) -> Scores {
    Scores {
        ece: fit::calibration_error(samples),
        brier: fit::brier(samples),
        separation: fit::separation(samples),
        words: samples.len(),
        right: samples.iter().filter(|sample| sample.right).count(),
        bins: fit::bins(samples),
    }
}

fn cross_validate(files: &[Vec<Sample>], folds: usize) -> CrossValidated {
    let shipped = shipped();
    let raw: Vec<Vec<Sample>> =
        files.iter().map(|file| file.iter().map(|sample| shipped.unmap(*sample)).collect()).collect();
    let mapped = mapped_by_folds(&raw, folds);
    CrossValidated {
        folds,
        raw: score(&raw.concat()),
        mapped: score(&mapped),
        fitted: Platt::fit(&raw.concat()),
        shipped,
    }
}

/// The map that confidence went through.
#[cfg(any(feature = "shared-recogniser", feature = "source-recogniser"))]
fn shipped() -> Platt {
    use ear_speech::recognise::confidence;
    Platt { slope: confidence::SLOPE.into(), offset: confidence::OFFSET.into() }
}

#[cfg(not(any(feature = "shared-recogniser", feature = "source-recogniser")))]
fn shipped() -> Platt {
    Platt::NONE
}

/// Each file's words with the map fitted on the files of all other parts.
fn mapped_by_folds(files: &[Vec<Sample>], folds: usize) -> Vec<Sample> {
    let mut random = Random::new(SEED);
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_cached_key(|_| random.bits());
    let mut mapped = Vec::new();
    for fold in 0..folds {
        let is_test = |place: &usize| place % folds == fold;
        let part = |test: bool| -> Vec<Sample> {
            let places = (0..order.len()).filter(|place| is_test(place) == test);
            places.flat_map(|place| files[order[place]].iter().copied()).collect()
        };
        let map = Platt::fit(&part(false));
        mapped.extend(part(true).into_iter().map(|sample| map.map(sample)));
    }
    mapped
}

fn table(report: &Report) -> String {
    let mut systems: Vec<(String, &Scores)> = vec![("ours".into(), &report.ours)];
    systems.extend(report.peers.iter().map(|(name, scores)| (name.clone(), scores)));
    if let Some(crossed) = &report.cross_validated {
        systems.push(("ours, raw".into(), &crossed.raw));
        systems.push(("ours, cross-validated".into(), &crossed.mapped));
    }
    let mut summary =
        Table::new(["", "words", "right", "calibration error", "Brier", "separation"].map(String::from).to_vec());
    for (name, scores) in &systems {
        let right = percent((scores.words > 0).then(|| scores.right as f64 / scores.words as f64));
        let values = [number(scores.ece, 4), number(scores.brier, 4), number(scores.separation, 3)];
        summary.row([name.clone(), scores.words.to_string(), right].into_iter().chain(values).collect());
    }
    let mut columns = vec!["confidence".to_owned()];
    columns.extend(systems.iter().flat_map(|(name, _)| [format!("n {name}"), "right".into()]));
    let mut detail = Table::new(columns);
    for (at, bin) in report.ours.bins.iter().enumerate() {
        let mut row = vec![format!("{:.1}–{:.1}", bin.from, bin.to)];
        for (_, scores) in &systems {
            let bin = scores.bins[at];
            row.extend([bin.n.to_string(), percent((bin.n > 0).then(|| bin.right as f64 / bin.n as f64))]);
        }
        detail.row(row);
    }
    let maps = report.cross_validated.as_ref().map_or(String::new(), |crossed| {
        let CrossValidated { folds, fitted, shipped, .. } = crossed;
        format!(
            "\n{folds} parts by file. Fitted on all: slope {:.3}, offset {:.3}; shipped: slope {:.3}, offset {:.3}.",
            fitted.slope, fitted.offset, shipped.slope, shipped.offset
        )
    });
    format!(
        "{summary}\n{detail}\nCalibration error: the mean distance of confidence and share of right words over ten \
         bins, weighted by words. Separation: the chance that a right word is surer than a wrong one.{maps}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listen::HeardWord;

    fn heard(words: &[(&str, f64)]) -> Heard {
        let word = |(text, confidence): &(&str, f64)| HeardWord {
            text: (*text).to_owned(),
            confidence: Some(*confidence),
            ..HeardWord::default()
        };
        Heard { words: words.iter().map(word).collect(), ..Heard::default() }
    }

    #[test]
    fn words_are_right_where_the_reference_has_them() {
        let check = |reference: &str, words: &[(&str, f64)], expected: &[(f64, bool)]| {
            let found = samples(reference, &heard(words));
            let found: Vec<(f64, bool)> = found.iter().map(|sample| (sample.score, sample.right)).collect();
            assert_eq!(found, expected, "{reference}");
        };
        check("", &[], &[]);
        check("", &[("Thanks.", 0.4)], &[(0.4, false)]);
        check("it is late", &[("It's", 0.9), ("late.", 0.8)], &[(0.9, true), (0.8, true)]);
        check("it was late", &[("It's", 0.9), ("late.", 0.8)], &[(0.9, false), (0.8, true)]);
        check(
            "twenty one men",
            &[("21", 0.7), ("uh", 0.1), ("men", 0.6), ("too", 0.2)],
            &[(0.7, true), (0.6, true), (0.2, false)],
        );
    }

    fn files() -> Vec<Vec<Sample>> {
        let mut random = Random::new(5);
        let mut file = |_| {
            let mut word = |_| {
                let score = 0.5 + random.share() / 2.0;
                Sample { score, right: random.share() < score * score }
            };
            (0..100).map(&mut word).collect()
        };
        (0..20).map(&mut file).collect()
    }

    #[test]
    fn a_map_fitted_on_other_files_helps() {
        let files = files();
        let mapped = mapped_by_folds(&files, 5);
        assert_eq!(mapped.len(), 2000);
        assert!(fit::calibration_error(&mapped).unwrap() < 0.5 * fit::calibration_error(&files.concat()).unwrap());
    }

    #[test]
    fn the_table_shows_bins() {
        let scores = || score(&samples("a b", &heard(&[("a", 0.95), ("c", 0.35)])));
        let peers = [("faster-whisper".to_owned(), scores())].into();
        insta::assert_snapshot!(table(&Report { ours: scores(), peers, cross_validated: None }), @r#"
                        words   right  calibration error   Brier  separation
        --------------  -----  ------  -----------------  ------  ----------
        ours                2  50.0 %             0.2000  0.0625       1.000
        faster-whisper      2  50.0 %             0.2000  0.0625       1.000

        confidence  n ours    right  n faster-whisper    right
        ----------  ------  -------  ----------------  -------
        0.0–0.1          0        –                 0        –
        0.1–0.2          0        –                 0        –
        0.2–0.3          0        –                 0        –
        0.3–0.4          1    0.0 %                 1    0.0 %
        0.4–0.5          0        –                 0        –
        0.5–0.6          0        –                 0        –
        0.6–0.7          0        –                 0        –
        0.7–0.8          0        –                 0        –
        0.8–0.9          0        –                 0        –
        0.9–1.0          1  100.0 %                 1  100.0 %

        Calibration error: the mean distance of confidence and share of right words over ten bins, weighted by words. Separation: the chance that a right word is surer than a wrong one.
        "#);
        let report =
            Report { ours: scores(), peers: BTreeMap::new(), cross_validated: Some(cross_validate(&files(), 2)) };
        let keys = serde_json::to_value(&report).unwrap();
        assert!(
            keys["ece"].is_f64() && keys["bins"][9]["n"] == 1 && keys["cross_validated"]["fitted"]["slope"].is_f64()
        );
    }
}
