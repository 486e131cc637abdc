//! Whether a list of rare words helps them, and what it costs the others.

mod lists;
mod score;

use crate::Outcome;
use crate::asr;
use crate::listen::SystemArgs;
use crate::references;
use crate::table::{Table, number, percent};
use anyhow::{Result, ensure};
use clap::Args;
use score::Scores;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

const SEED: u64 = 1;

/// Word error of rare words and of the rest: without a list, with all rare words as the list, with words
/// that nobody says in it too, and with a list that does not fit at all.
#[derive(Args, Debug)]
pub struct VocabularyArgs {
    /// Folders with sound and a transcripts.tsv of id, text and a JSON list of rare words.
    #[arg(required = true)]
    places: Vec<PathBuf>,
    #[command(flatten)]
    systems: SystemArgs,
    /// ISO 639-1 code of the language spoken, or `auto`.
    #[arg(long, default_value = "en")]
    language: String,
    /// Words that nobody says in the list, beside those that somebody does; the misfit list has as many.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    strangers: u32,
    /// A file with a word or name a line, or a folder of texts, to draw those from; otherwise
    /// $EARWITNESS_TESTDATA/corpora.
    #[arg(long, value_name = "PATH")]
    distractors: Option<PathBuf>,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// What systems are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Condition {
    None,
    List,
    Strangers,
    Misfit,
}

impl Condition {
    fn label(self, listed: usize) -> String {
        match self {
            Self::None => "no list".into(),
            Self::List => format!("the rare words ({listed})"),
            Self::Strangers => format!("with strangers ({listed})"),
            Self::Misfit => format!("strangers alone ({listed})"),
        }
    }
}

#[derive(Debug, Serialize)]
struct Report {
    #[serde(flatten)]
    ours: BTreeMap<Condition, Scores>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    peers: BTreeMap<String, BTreeMap<Condition, Scores>>,
    /// Entries of each list.
    listed: BTreeMap<Condition, usize>,
}

/// Measures, and prints a table or an object. Incomplete where a file or a peer failed.
pub fn run(args: &VocabularyArgs) -> Result<Outcome> {
    let mut references = references::find(&args.places)?;
    // Files whose table says nothing of rare words would only thin out the rest.
    references.retain(|reference| reference.rare.is_some());
    let rare = lists::fitting(&references);
    ensure!(!rare.is_empty(), "no reference names rare words: a third column of transcripts.tsv, a JSON list");
    let source = args.distractors.clone().map_or_else(lists::default_source, Ok)?;
    let strangers = lists::distracting(&source, &references, args.strangers as usize, SEED)?;
    let conditions = [
        (Condition::None, Vec::new()),
        (Condition::List, rare.clone()),
        (Condition::Strangers, interleaved(&rare, &strangers)),
        (Condition::Misfit, strangers),
    ];
    let mut settings = args.systems.settings(&args.language);
    let mut systems = args.systems.prepare(&settings);
    let mut report = Report { ours: BTreeMap::new(), peers: BTreeMap::new(), listed: BTreeMap::new() };
    let mut failed = false;
    for (condition, names) in conditions {
        eprintln!("{}", condition.label(names.len()));
        report.listed.insert(condition, names.len());
        settings.names = names;
        let (ours, peers) = systems.listen_once(&settings, &asr::clips(&references))?;
        failed |= ours.iter().chain(peers.values().flatten()).any(|heard| heard.error.is_some());
        report.ours.insert(condition, score::score(&references, &ours));
        for (name, heard) in peers {
            report.peers.entry(name).or_default().insert(condition, score::score(&references, &heard));
        }
    }
    crate::print(args.json, &report, table)?;
    Ok(Outcome::complete_if(systems.complete && !failed))
}

/// One of these, one of those: a system that only looks at a part of a long list gets both.
fn interleaved(left: &[String], right: &[String]) -> Vec<String> {
    let at = |number: usize| [left.get(number), right.get(number)].into_iter().flatten().cloned();
    (0..left.len().max(right.len())).flat_map(at).collect()
}

fn table(report: &Report) -> String {
    let columns = ["", "rare words", "their error", "other words", "their error", "all", "CPU s/s"];
    let mut table = Table::new(columns.map(String::from).to_vec());
    let ours = [("ours", &report.ours)].into_iter();
    for (name, conditions) in ours.chain(report.peers.iter().map(|(name, conditions)| (name.as_str(), conditions))) {
        for (condition, scores) in conditions {
            let listed = report.listed.get(condition).copied().unwrap_or_default();
            table.row(vec![
                format!("{name}: {}", condition.label(listed)),
                scores.rare_words.to_string(),
                percent(scores.rare_wer),
                scores.rest_words.to_string(),
                percent(scores.rest_wer),
                percent(scores.wer),
                number(scores.cpu_s_per_s, 3),
            ]);
        }
    }
    format!(
        "{table}\nEdits of rare words: those missed, misheard, or heard where nobody said them. Strangers are words \
         that no reference has."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_mixed_evenly() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(interleaved(&words("a b"), &words("x y z")), words("a x b y z"));
    }

    #[test]
    fn the_object_has_a_key_for_each_condition() {
        let scores =
            |rare_wer| Scores { rare_wer: Some(rare_wer), rare_words: 20, rest_words: 80, ..Scores::default() };
        let conditions = || [(Condition::None, scores(0.4)), (Condition::List, scores(0.2))].into();
        let report = Report {
            ours: conditions(),
            peers: [("faster-whisper".to_owned(), conditions())].into(),
            listed: [(Condition::None, 0), (Condition::List, 12)].into(),
        };
        let object = serde_json::to_value(&report).unwrap();
        assert_eq!((&object["none"]["rare_wer"], &object["list"]["rare_wer"]), (&0.4.into(), &0.2.into()));
        assert_eq!(object["peers"]["faster-whisper"]["list"]["rest_words"], 80);
        insta::assert_snapshot!(table(&report), @r#"
                                             rare words  their error  other words  their error  all  CPU s/s
        -----------------------------------  ----------  -----------  -----------  -----------  ---  -------
        ours: no list                                20       40.0 %           80            –    –        –
        ours: the rare words (12)                    20       20.0 %           80            –    –        –
        faster-whisper: no list                      20       40.0 %           80            –    –        –
        faster-whisper: the rare words (12)          20       20.0 %           80            –    –        –

        Edits of rare words: those missed, misheard, or heard where nobody said them. Strangers are words that no reference has.
        "#);
    }
}
