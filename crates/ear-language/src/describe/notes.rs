//! The line of the publisher's show notes that describes a clip, if there is one.

use super::headline::{LONGEST, cut};
use super::lists::{Class, class};
use super::terms::Term;
use super::tokens::Text;
use crate::commonness::{self, fold};
use ear_core::{Transcript, Word, WordRange};
use std::collections::{BTreeMap, BTreeSet};

/// The words of a line that may be a headline.
const WORDS: std::ops::RangeInclusive<usize> = 3..=60;

/// The share of the line's telling words that the clip has to say.
const SHARE: f64 = 0.6;

/// How much more of them than of the next best line's.
const CLEARLY: f64 = 1.3;

/// How much denser they have to be said in the clip than in the rest of the episode.
const DENSER: f64 = 2.5;

/// The most lines of notes that are looked at.
const MOST_LINES: usize = 400;

/// The line of the notes that the clip bears out, and no other line as well as it.
pub(super) fn line<'n>(
    notes: &'n str,
    text: &Text<'_>,
    terms: &[Term],
    (transcript, clip): (&Transcript, &WordRange),
) -> Option<&'n str> {
    let mut said: BTreeMap<&str, u32> = BTreeMap::new();
    for token in &text.tokens {
        *said.entry(&token.folded).or_default() += 1;
    }
    let telling: BTreeSet<&str> = terms.iter().take(12).flat_map(|term| &term.words).map(String::as_str).collect();
    let mut rated: Vec<(f64, &str)> = notes
        .lines()
        .map(bare)
        .filter(|line| {
            WORDS.contains(&line.split_whitespace().count())
                && !is_furniture(line)
                && !line.starts_with(char::is_lowercase)
        })
        .take(MOST_LINES)
        .filter_map(|line| Some((rate(line, &said, &telling)?, line)))
        .collect();
    rated.sort_by(|one, other| other.0.total_cmp(&one.0));
    let (best, line) = *rated.first()?;
    let next = rated.iter().find(|(_, other)| *other != line).map_or(0.0, |(score, _)| *score);
    (best >= next * CLEARLY && is_of_clip(line, transcript, clip)).then_some(line)
}

/// The line, or its beginning up to the last clause that fits.
pub(super) fn as_headline(line: &str) -> String {
    let line = line.trim_end_matches(['.', ';', ',', ':']).trim();
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    let end = line.char_indices().nth(LONGEST).map_or(line.len(), |(end, _)| end);
    let edge = line[..end].rfind(['.', ';', ':', ',', '?', '!', '–', '—']).filter(|&edge| edge > LONGEST / 3);
    edge.map_or_else(|| cut(line), |edge| line[..edge].trim().to_owned())
}

/// How well the clip bears the line out: the keyness of what both have; `None` if too little of the line is said.
fn rate(line: &str, said: &BTreeMap<&str, u32>, telling: &BTreeSet<&str>) -> Option<f64> {
    let (mut all, mut shared, mut keys) = (0.0, 0.0, 0.0);
    let words: BTreeSet<String> = line.split_whitespace().map(|word| fold(word).into_owned()).collect();
    for word in words.iter().filter(|word| !class(word).any(Class::IDLE) && !word.is_empty()) {
        let weight = f64::from((8.0 - commonness::word(word)).max(0.5));
        all += weight;
        let stem = word.strip_suffix("'s").unwrap_or(word);
        if said.contains_key(stem) {
            shared += weight;
            keys += if telling.contains(stem) { weight } else { 0.0 };
        }
    }
    (all > 0.0 && shared / all >= SHARE && keys / all >= SHARE / 2.0).then_some(keys)
}

/// Whether the line's telling words are said in the clip much more than in the rest of the episode.
fn is_of_clip(line: &str, transcript: &Transcript, clip: &WordRange) -> bool {
    let telling: BTreeSet<String> = line
        .split_whitespace()
        .map(|word| fold(word).into_owned())
        .filter(|word| !word.is_empty() && !class(word).any(Class::IDLE))
        .collect();
    let said = |words: &[Word]| words.iter().filter(|word| telling.contains(&*fold(&word.text))).count() as f64;
    let (all, inside) = (transcript.words.len() as f64, clip.len() as f64);
    let own = said(&transcript.words[clip.clone()]);
    let others = said(&transcript.words) - own;
    // A clip that is most of the episode has little to be compared with.
    inside * 2.0 > all || own / inside >= DENSER * others / (all - inside).max(1.0)
}

/// The line without a bullet, a time and a link before it.
fn bare(line: &str) -> &str {
    line.trim().trim_start_matches(|c: char| {
        matches!(c, '-' | '*' | '•' | '–' | '—' | '#' | '>')
            || c.is_whitespace()
            || c.is_ascii_digit()
            || matches!(c, ':' | '(' | ')' | '[' | ']' | '.')
    })
}

/// Lines that tell where to find something rather than what is talked of.
fn is_furniture(line: &str) -> bool {
    let lower = line.to_lowercase();
    [
        "http",
        "www.",
        ".com",
        "@",
        "subscribe",
        "sponsor",
        "follow us",
        "privacy",
        "copyright",
        "rate us",
        "sign up",
        "learn more about your ad",
    ]
    .iter()
    .any(|mark| lower.contains(mark))
}
