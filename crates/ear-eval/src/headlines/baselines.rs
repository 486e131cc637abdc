//! Simpler headlines, measured beside ours. Each may have as many characters as ours.

use super::Clip;
use ear_core::join_words;
use ear_language::commonness::{self, fold};
use std::collections::{BTreeMap, BTreeSet};

const LONGEST: usize = 90;

/// Steps of the power iteration.
const STEPS: usize = 30;
const DAMPING: f64 = 0.85;

/// Words commoner than this carry no content.
const COMMON: f32 = 6.2;

/// The words of a text that carry content, folded.
pub fn content(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(|word| fold(word).into_owned()).filter(|word| is_content(word)).collect()
}

fn is_content(folded: &str) -> bool {
    !folded.is_empty() && commonness::word(folded) < COMMON
}

fn folded(clip: &Clip<'_>, sentence: usize) -> Vec<String> {
    let range = clip.sentences[sentence].clone();
    clip.transcript.words[range]
        .iter()
        .map(|word| fold(&word.text).into_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

fn text(clip: &Clip<'_>, sentence: usize) -> String {
    cut(&join_words(&clip.transcript.words[clip.sentences[sentence].clone()]))
}

fn cut(text: &str) -> String {
    let mut short = String::new();
    for word in text.split_whitespace() {
        if short.chars().count() + word.chars().count() >= LONGEST {
            break;
        }
        short = format!("{short} {word}");
    }
    short.trim().to_owned()
}

/// The clip's first sentence of at least five words.
pub fn first_sentence(clip: &Clip<'_>) -> String {
    let first = (0..clip.sentences.len()).find(|&sentence| clip.sentences[sentence].len() >= 5);
    first.map_or_else(String::new, |first| text(clip, first))
}

/// The words with the highest count times log of the inverse share of episodes that have them.
pub fn tf_idf(clip: &Clip<'_>, episodes_with: &dyn Fn(&str) -> usize, episodes: usize) -> String {
    let mut counts: BTreeMap<String, f64> = BTreeMap::new();
    for word in (0..clip.sentences.len()).flat_map(|sentence| folded(clip, sentence)).filter(|word| is_content(word)) {
        *counts.entry(word).or_default() += 1.0;
    }
    let idf = |word: &str| ((1 + episodes) as f64 / (1 + episodes_with(word)) as f64).ln();
    let mut rated: Vec<(f64, String)> = counts.into_iter().map(|(word, count)| (count * idf(&word), word)).collect();
    rated.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    cut(&rated.into_iter().take(8).map(|(_, word)| word).collect::<Vec<_>>().join(" "))
}

/// The sentence of the highest rank in a graph of sentences by shared words (Mihalcea and Tarau 2004, "TextRank").
pub fn text_rank(clip: &Clip<'_>) -> String {
    let sentences: Vec<(usize, BTreeSet<String>)> = (0..clip.sentences.len())
        .map(|sentence| (sentence, folded(clip, sentence).into_iter().filter(|word| is_content(word)).collect()))
        .filter(|(sentence, words): &(usize, BTreeSet<String>)| {
            words.len() >= 3 && clip.sentences[*sentence].len() >= 5
        })
        .collect();
    let likeness = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.intersection(other).count() as f64 / ((one.len() as f64).ln() + (other.len() as f64).ln()).max(1e-9)
    };
    let count = sentences.len();
    let edges: Vec<Vec<f64>> = (0..count)
        .map(|one| {
            (0..count)
                .map(|other| if one == other { 0.0 } else { likeness(&sentences[one].1, &sentences[other].1) })
                .collect()
        })
        .collect();
    let sums: Vec<f64> = edges.iter().map(|row| row.iter().sum::<f64>()).collect();
    let mut ranks = vec![1.0; count];
    for _ in 0..STEPS {
        let from = |to: usize| {
            (0..count).filter(|&one| sums[one] > 0.0).map(|one| ranks[one] * edges[one][to] / sums[one]).sum::<f64>()
        };
        ranks = (0..count).map(|to| 1.0 - DAMPING + DAMPING * from(to)).collect();
    }
    let best = (0..count).rev().max_by(|&one, &other| ranks[one].total_cmp(&ranks[other]));
    best.map_or_else(String::new, |best| text(clip, sentences[best].0))
}
