//! Where sentences begin in bare text: words weighed by a logistic regression, cuts chosen all at once.
//!
//! Each place between two words has a score, the log-odds that a sentence ends there, from the one and the two words
//! on either side. The cuts of a stretch are those with the best sum of scores and lengths, found by dynamic
//! programming over at most 60 words back.

use super::LONGEST;
use crate::blocks::pause;
use ear_core::{Timing, Transcript, WordRange};
use std::{collections::HashMap, sync::LazyLock};

/// Log-odds of each of the commonest words and pairs of words to begin or end a sentence, fitted to 49 podcast
/// episodes with their case and punctuation taken away.
const WEIGHTS: &str = include_str!("weights.tsv");

/// Log-odds where no word is known. The regression gives −3.05; raised until precision and recall balanced on
/// other episodes, as a sentence too long is worse than one too short.
const PRIOR: f32 = -1.8;

/// What a comma, and a stronger mark within a sentence, add.
const COMMA: f32 = 1.5;
const COLON: f32 = 2.5;

/// What a pause adds for each millisecond, and at most. The pause of 700 ms that ends most sentences adds 4.
const PAUSE: f32 = 4.0 / 700.0;
const MOST: f32 = 6.0;

/// What a full stop adds, where it is in doubt.
const STOP: f32 = 4.0;

/// The lengths that cost nothing, in words.
const SHORT: usize = 8;
const LONG: usize = 25;

/// The same in text with punctuation, where only overlong sentences are cut.
const LONG_WRITTEN: usize = 40;

#[derive(Default)]
struct Weights {
    begins: HashMap<&'static str, f32>,
    ends: HashMap<&'static str, f32>,
}

static TABLE: LazyLock<Weights> = LazyLock::new(|| {
    let mut weights = Weights::default();
    for line in WEIGHTS.lines() {
        let mut fields = line.split('\t');
        let (Some(place), Some(words), Some(weight)) = (fields.next(), fields.next(), fields.next()) else { continue };
        let Ok(weight) = weight.parse() else { continue };
        let table = if place == "begins" { &mut weights.begins } else { &mut weights.ends };
        table.insert(words, weight);
    }
    weights
});

pub(super) struct Rule<'a> {
    transcript: &'a Transcript,
    is_punctuated: bool,
}

impl<'a> Rule<'a> {
    pub fn new(transcript: &'a Transcript, is_punctuated: bool) -> Self {
        Self { transcript, is_punctuated }
    }

    /// Whether a full stop in front of the word at `index` may end a sentence.
    pub fn allows(&self, index: usize) -> bool {
        let from = index.saturating_sub(2);
        let words = self.plain(from..(index + 2).min(self.transcript.words.len()));
        score(&words, index - from) + STOP > 0.0
    }

    /// Adds the sentences of the range, in which no sign ends any.
    pub fn split(&self, range: WordRange, sentences: &mut Vec<WordRange>) {
        let enough = if self.is_punctuated { LONGEST } else { SHORT };
        if range.len() <= enough && !self.has_pause(&range) {
            sentences.push(range);
            return;
        }
        let words = self.plain(range.clone());
        let scores: Vec<f32> = (0..words.len()).map(|at| self.score(&words, range.start, at)).collect();
        let long = if self.is_punctuated { LONG_WRITTEN } else { LONG };
        let mut start = range.start;
        for cut in best_cuts(&scores, long) {
            sentences.push(start..range.start + cut);
            start = range.start + cut;
        }
    }

    /// Even a short stretch is cut at a pause, if it has no punctuation.
    fn has_pause(&self, range: &WordRange) -> bool {
        let mut inner = range.start + 1..range.end;
        !self.is_punctuated && inner.any(|index| self.pause(index) >= -PRIOR)
    }

    fn score(&self, words: &[String], start: usize, at: usize) -> f32 {
        if at == 0 {
            return 0.0;
        }
        let last = self.transcript.words[start + at - 1].text.trim_end_matches(['"', '”', ')', '\'']);
        let mark = match last.chars().next_back() {
            Some(',' | '，' | '、') => COMMA,
            Some(';' | ':' | '—' | '–' | '…' | '-' | '；') => COLON,
            _ => 0.0,
        };
        score(words, at) + mark + self.pause(start + at)
    }

    fn pause(&self, index: usize) -> f32 {
        let known = self.transcript.timing != Timing::None;
        let pause = if known { pause(self.transcript, index) } else { None };
        pause.map_or(0.0, |pause| (pause as f32 * PAUSE).min(MOST))
    }

    /// The words as the table has them.
    fn plain(&self, range: WordRange) -> Vec<String> {
        let plain = |text: &str| {
            let text = text.trim_matches(|c: char| !c.is_alphanumeric());
            text.to_lowercase().replace('’', "'")
        };
        self.transcript.words[range].iter().map(|word| plain(&word.text)).collect()
    }
}

/// Log-odds that a sentence begins with `words[at]`.
fn score(words: &[String], at: usize) -> f32 {
    let weights = &*TABLE;
    let weight = |table: &HashMap<&str, f32>, words: &str| table.get(words).copied().unwrap_or_default();
    let mut score = PRIOR;
    if let Some(next) = words.get(at) {
        score += weight(&weights.begins, next);
        if let Some(after) = words.get(at + 1) {
            score += weight(&weights.begins, &format!("{next} {after}"));
        }
    }
    if let Some(last) = at.checked_sub(1).map(|last| &words[last]) {
        score += weight(&weights.ends, last);
        if at > 1 {
            score += weight(&weights.ends, &format!("{} {last}", words[at - 2]));
        }
    }
    score
}

/// The ends of the sentences, the last being the number of words. `scores[at]` is for a cut before word `at`.
fn best_cuts(scores: &[f32], long: usize) -> Vec<usize> {
    let count = scores.len();
    let mut best = vec![0.0_f32; count + 1];
    let mut from = vec![0; count + 1];
    for end in 1..=count {
        let cut = scores.get(end).copied().unwrap_or_default();
        let mut top = f32::NEG_INFINITY;
        let earliest = end.saturating_sub(LONGEST);
        for (start, before) in best.iter().enumerate().take(end).skip(earliest) {
            let sum = before + cut - cost(end - start, long);
            if sum > top {
                top = sum;
                from[end] = start;
            }
        }
        best[end] = top;
    }
    let mut cuts = Vec::new();
    let mut end = count;
    while end > 0 {
        cuts.push(end);
        end = from[end];
    }
    cuts.reverse();
    cuts
}

/// What the length of a sentence costs.
fn cost(words: usize, long: usize) -> f32 {
    let short = SHORT.saturating_sub(words) as f32;
    let over = words.saturating_sub(long) as f32;
    short * 0.1 + over * 0.05 + over * over * 0.002
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        assert_eq!(TABLE.begins.len() + TABLE.ends.len(), WEIGHTS.lines().count());
        assert!(TABLE.begins["so"] > 0.0 && TABLE.ends["the"] < 0.0);
    }

    #[test]
    fn text_that_nobody_knows_is_cut_evenly() {
        let mut scores = vec![PRIOR; 200];
        let cuts = best_cuts(&scores, LONG);
        assert!(cuts.windows(2).all(|pair| (8..=60).contains(&(pair[1] - pair[0]))), "{cuts:?}");
        scores[100] = 3.0;
        assert!(best_cuts(&scores, LONG).contains(&100));
        assert_eq!(best_cuts(&[], LONG), Vec::<usize>::new());
        assert_eq!(best_cuts(&[0.0], LONG), [1]);
    }
}
