//! Headlines beside those that people gave the same topics.

mod baselines;
mod counts;
mod sections;

use crate::Outcome;
use crate::random::Random;
use crate::table::{Table, number, percent};
use anyhow::Result;
use clap::Args;
use counts::Counts;
use ear_core::{Description, Transcript, WordRange};
use ear_language::commonness::fold;
use ear_language::describe::{Material, NameOf, describe};
use ear_language::names;
use sections::Episode;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;

/// Our headlines beside people's, for transcripts in Markdown with a line `_Heading_` before each topic: the share of the
/// headings' content words found, and ROUGE-1, with simpler methods beside. Then some of them in full.
#[derive(Args, Debug)]
pub struct HeadlinesArgs {
    /// A folder of such transcripts.
    folder: PathBuf,
    /// So many topics are shown.
    #[arg(long, default_value_t = 40)]
    show: usize,
    /// Which of them: another number, others.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Topics with fewer words are passed over.
    #[arg(long, default_value_t = 100)]
    words: usize,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// A topic with all that a headline is made of.
pub struct Clip<'a> {
    transcript: &'a Transcript,
    sentences: &'a [WordRange],
}

/// How near headlines come to people's, on average.
#[derive(Debug, Default, Serialize)]
struct Scores {
    /// Share of the headings' content words.
    recall: Option<f64>,
    /// F1 of words (Lin 2004, "ROUGE"), of each with its heading.
    rouge1: Option<f64>,
    /// Words of a headline.
    words: Option<f64>,
}

/// A topic, people's heading and ours.
#[derive(Debug, Serialize)]
struct Pair {
    file: String,
    heading: String,
    headline: String,
    headline_by: ear_core::Author,
    keywords: Vec<String>,
    summary: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Report {
    topics: usize,
    methods: BTreeMap<&'static str, Scores>,
    pairs: Vec<Pair>,
}

/// Measures, and prints a table and pairs, or an object.
pub fn run(args: &HeadlinesArgs) -> Result<Outcome> {
    let episodes = sections::read(&args.folder)?;
    let counts = Counts::of(episodes.iter().map(|episode| &episode.transcript));
    let mut sums: BTreeMap<&'static str, Vec<[f64; 3]>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for episode in &episodes {
        measure(episode, &counts, (episodes.len(), args.words), &mut sums, &mut pairs);
    }
    let topics = pairs.len();
    let mut random = Random::new(args.seed);
    pairs.sort_by_cached_key(|_| random.bits());
    pairs.truncate(args.show);
    let methods = sums.into_iter().map(|(method, all)| (method, mean(&all))).collect();
    crate::print(args.json, &Report { topics, methods, pairs }, table)?;
    Ok(Outcome::Complete)
}

/// Describes each topic of an episode that is long enough.
fn measure(
    episode: &Episode,
    counts: &Counts,
    (episodes, fewest): (usize, usize),
    sums: &mut BTreeMap<&'static str, Vec<[f64; 3]>>,
    pairs: &mut Vec<Pair>,
) {
    let sentences = ear_language::sentences(&episode.transcript);
    let names = names_of(episode, &sentences);
    let names: Vec<NameOf> =
        names.iter().map(|(name, kind, mentions)| (name.as_str(), *kind, mentions.clone())).collect();
    for (heading, words) in episode.sections.iter().filter(|(_, words)| words.len() >= fewest) {
        let inside = of_words(&sentences, words);
        let description = describe(&Material {
            transcript: &episode.transcript,
            sentences: &sentences,
            clip: inside.clone(),
            names: &names,
            notes: Some(&episode.notes),
            title: Some(&episode.title),
            count: &|words| counts.count(words),
        });
        let clip = Clip { transcript: &episode.transcript, sentences: &sentences[inside] };
        let ours = description.headline.clone();
        let methods = [
            ("earwitness", ours),
            ("first sentence", baselines::first_sentence(&clip)),
            ("tf-idf words", baselines::tf_idf(&clip, &|word| counts.transcripts_with(word), episodes)),
            ("TextRank", baselines::text_rank(&clip)),
        ];
        for (method, headline) in methods {
            sums.entry(method).or_default().push(score(heading, &headline));
        }
        pairs.push(pair(episode, heading, description));
    }
}

fn names_of(episode: &Episode, sentences: &[WordRange]) -> Vec<(String, Option<ear_core::NameKind>, Vec<WordRange>)> {
    let names = names::gather(&names::Material {
        title: &episode.title,
        notes: &episode.notes,
        words: &episode.transcript.words,
        sentences,
        ..names::Material::default()
    });
    let mut all: Vec<_> = names.iter().map(|name| (name.name.clone(), name.kind, Vec::new())).collect();
    for mention in names::mentions(&episode.transcript.words, &names) {
        all[mention.name].2.push(mention.words);
    }
    all
}

/// The sentences that lie in these words.
fn of_words(sentences: &[WordRange], words: &WordRange) -> Range<usize> {
    let from = sentences.partition_point(|sentence| sentence.start < words.start);
    from..sentences.partition_point(|sentence| sentence.end <= words.end).max(from)
}

/// The share of the heading's content words, ROUGE-1, and the length.
fn score(heading: &str, headline: &str) -> [f64; 3] {
    let wanted = baselines::content(heading);
    let words = |text: &str| -> BTreeSet<String> {
        text.split_whitespace().map(|word| fold(word).into_owned()).filter(|word| !word.is_empty()).collect()
    };
    let (human, ours) = (words(heading), words(headline));
    let recall = if wanted.is_empty() { 1.0 } else { wanted.intersection(&ours).count() as f64 / wanted.len() as f64 };
    let shared = human.intersection(&ours).count() as f64;
    let rouge = if shared > 0.0 { 2.0 * shared / (human.len() + ours.len()) as f64 } else { 0.0 };
    [recall, rouge, headline.split_whitespace().count() as f64]
}

fn mean(all: &[[f64; 3]]) -> Scores {
    let mean = |at: usize| (!all.is_empty()).then(|| all.iter().map(|one| one[at]).sum::<f64>() / all.len() as f64);
    Scores { recall: mean(0), rouge1: mean(1), words: mean(2) }
}

fn pair(episode: &Episode, heading: &str, description: Description) -> Pair {
    Pair {
        file: episode.file.clone(),
        heading: heading.to_owned(),
        headline: description.headline,
        headline_by: description.headline_by,
        keywords: description.keywords,
        summary: description.summary.into_iter().map(|sentence| sentence.text).collect(),
    }
}

fn table(report: &Report) -> String {
    let mut table = Table::new(["", "heading's words found", "ROUGE-1", "words"].map(String::from).to_vec());
    for (method, scores) in &report.methods {
        table.row(vec![
            (*method).to_owned(),
            percent(scores.recall),
            number(scores.rouge1, 3),
            number(scores.words, 1),
        ]);
    }
    let mut text = format!("{} topics\n\n{table}", report.topics);
    for (place, pair) in report.pairs.iter().enumerate() {
        text += &format!(
            "\n{}. {}\n   -> {}\n   keywords: {}\n",
            place + 1,
            pair.heading,
            pair.headline,
            pair.keywords.join(", ")
        );
        for sentence in &pair.summary {
            text += &format!("   - {sentence}\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headlines_are_compared_by_words() {
        let close = |heading: &str, headline: &str, expected: [f64; 3]| {
            let found = score(heading, headline);
            assert!(found.iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-9), "{headline}: {found:?}");
        };
        close("Harbour Bridge closed", "The Harbour Bridge", [2.0 / 3.0, 2.0 / 3.0, 3.0]);
        close("The and of", "Tides", [1.0, 0.0, 1.0]);
        close("Tides", "", [0.0, 0.0, 0.0]);
    }
}
