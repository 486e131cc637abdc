//! Times of words against utterances whose places are known.

mod join;
mod onset;
mod score;

use crate::Outcome;
use crate::listen::{Clip, SystemArgs};
use crate::references;
use crate::table::{Table, number, percent};
use anyhow::{Context, Result};
use clap::Args;
use join::Placed;
use score::{Errors, Scores};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Errors of word times: utterances are joined with known silences, and found again in what is heard.
#[derive(Args, Debug)]
pub struct TimingArgs {
    /// Folders of utterances with their texts, in the forms that `asr` takes.
    #[arg(required = true)]
    places: Vec<PathBuf>,
    #[command(flatten)]
    systems: SystemArgs,
    /// ISO 639-1 code of the language spoken, or `auto`.
    #[arg(long, default_value = "en")]
    language: String,
    /// Repeat the utterances until there are so many hours; at most 4. Otherwise each comes once.
    #[arg(long, value_parser = hours)]
    hours: Option<f64>,
    /// What the silences and the order are drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// Hours of talk whose words still can be aligned all at once.
fn hours(text: &str) -> Result<f64, String> {
    let hours: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if hours > 0.0 && hours <= 4.0 { Ok(hours) } else { Err("more than 0 and at most 4".into()) }
}

#[derive(Debug, Serialize)]
struct Report {
    #[serde(flatten)]
    ours: Scores,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    peers: BTreeMap<String, Scores>,
    utterances: usize,
    minutes: f64,
}

/// Measures, and prints a table or an object. Incomplete where a system failed.
pub fn run(args: &TimingArgs) -> Result<Outcome> {
    let references = references::find(&args.places)?;
    let scratch = tempfile::tempdir().context("make a folder for the long recording")?;
    let sound = scratch.path().join("joined.wav");
    let placed: Vec<Placed> = join::join(&references, args.hours, args.seed, &sound)?;
    let settings = args.systems.settings(&args.language);
    let mut systems = args.systems.prepare(&settings);
    let clips = [Clip { name: "all utterances".into(), sound }];
    let (ours, peers) = systems.listen_once(&settings, &clips)?;
    let ours = ours.first().context("nothing was heard")?;
    let report = Report {
        minutes: ours.sound_s / 60.0,
        ours: score::score(&placed, ours),
        peers: peers
            .into_iter()
            .filter_map(|(name, heard)| Some((name, score::score(&placed, heard.first()?))))
            .collect(),
        utterances: placed.len(),
    };
    crate::print(args.json, &report, table)?;
    let is_whole = systems.complete && report.ours.error.is_none();
    Ok(Outcome::complete_if(is_whole && report.peers.values().all(|scores| scores.error.is_none())))
}

fn table(report: &Report) -> String {
    let columns =
        ["", "found", "median ms", "p90 ms", "bias ms", "first quarter", "last quarter", "drift ms/h", "word error"];
    let mut table = Table::new(columns.map(String::from).to_vec());
    let systems = [("ours", &report.ours)].into_iter().chain(report.peers.iter().map(|(name, s)| (name.as_str(), s)));
    let mut notes = String::new();
    for (name, scores) in systems {
        let mut starts = vec![format!("{name}: starts")];
        starts.extend(cells(&scores.starts));
        starts.extend([number(scores.drift_ms_per_h, 0), percent(scores.wer)]);
        table.row(starts);
        table.row([format!("{name}: ends")].into_iter().chain(cells(&scores.ends)).collect());
        if let Some(error) = &scores.error {
            notes += &format!("{name} could not recognise it: {error}\n");
        }
    }
    let Report { utterances, minutes, .. } = report;
    format!(
        "{table}\n{notes}{utterances} utterances in {minutes:.1} minutes, silences of 0.5 to 3 s between them. An error is the \
         distance of an utterance's first word from where its sound becomes loud, or of its last word from where it \
         ceases to be; positive is late. Bias and quarters are medians of the signed error, drift is its slope over \
         time (Theil and Sen) for starts."
    )
}

fn cells(errors: &Errors) -> Vec<String> {
    let Errors { found, median_ms, p90_ms, bias_ms, first_quarter_ms, last_quarter_ms } = errors;
    let values = [median_ms, p90_ms, bias_ms, first_quarter_ms, last_quarter_ms];
    [found.to_string()].into_iter().chain(values.map(|value| number(*value, 0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_and_the_table_hold_the_same() {
        let errors = |median: f64| Errors {
            found: 49,
            median_ms: Some(median),
            p90_ms: Some(200.0),
            bias_ms: Some(-12.0),
            first_quarter_ms: Some(-10.0),
            last_quarter_ms: Some(-14.0),
        };
        let scores = |median| Scores {
            starts: errors(median),
            ends: errors(2.0 * median),
            drift_ms_per_h: Some(-3.0),
            wer: Some(0.1),
            error: None,
        };
        let peers = [("faster-whisper".to_owned(), scores(60.0))].into();
        let report = Report { ours: scores(40.0), peers, utterances: 50, minutes: 7.25 };
        insta::assert_json_snapshot!(report.ours, @r#"
        {
          "starts": {
            "found": 49,
            "median_ms": 40.0,
            "p90_ms": 200.0,
            "bias_ms": -12.0,
            "first_quarter_ms": -10.0,
            "last_quarter_ms": -14.0
          },
          "ends": {
            "found": 49,
            "median_ms": 80.0,
            "p90_ms": 200.0,
            "bias_ms": -12.0,
            "first_quarter_ms": -10.0,
            "last_quarter_ms": -14.0
          },
          "drift_ms_per_h": -3.0,
          "wer": 0.1
        }
        "#);
        insta::assert_snapshot!(table(&report), @r#"
                                found  median ms  p90 ms  bias ms  first quarter  last quarter  drift ms/h  word error
        ----------------------  -----  ---------  ------  -------  -------------  ------------  ----------  ----------
        ours: starts               49         40     200      -12            -10           -14          -3      10.0 %
        ours: ends                 49         80     200      -12            -10           -14
        faster-whisper: starts     49         60     200      -12            -10           -14          -3      10.0 %
        faster-whisper: ends       49        120     200      -12            -10           -14

        50 utterances in 7.2 minutes, silences of 0.5 to 3 s between them. An error is the distance of an utterance's first word from where its sound becomes loud, or of its last word from where it ceases to be; positive is late. Bias and quarters are medians of the signed error, drift is its slope over time (Theil and Sen) for starts.
        "#);
    }

    #[test]
    fn hours_are_bounded() {
        assert_eq!((hours("0.5"), hours("4")), (Ok(0.5), Ok(4.0)));
        assert!(["0", "5", "x", "nan"].iter().all(|text| hours(text).is_err()));
    }
}
