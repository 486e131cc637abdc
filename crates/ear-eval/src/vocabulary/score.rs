//! Word error of rare words and of the rest.

use crate::alignment::{Step, align};
use crate::listen::Heard;
use crate::normalise::normalise;
use crate::references::Reference;
use serde::Serialize;
use std::collections::BTreeSet;

/// What one system made of all utterances under one condition. The parts are those of Le et al. 2021,
/// "Contextualized streaming end-to-end speech recognition with trie-based deep biasing and shallow fusion": an edit
/// is the rare words' if a rare word was missed or misheard, or if a rare word was added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Edits of rare words per rare word.
    pub rare_wer: Option<f64>,
    /// Edits of all others per other word.
    pub rest_wer: Option<f64>,
    /// All edits per word.
    pub wer: Option<f64>,
    /// Rare words said.
    pub rare_words: usize,
    /// Other words said.
    pub rest_words: usize,
    /// Edits of rare words.
    pub rare_edits: usize,
    /// Other edits.
    pub rest_edits: usize,
    /// CPU seconds per second of sound.
    pub cpu_s_per_s: Option<f64>,
}

/// Scores a system against references with rare words.
pub fn score(references: &[Reference], heard: &[Heard]) -> Scores {
    let rare = rare_words(references);
    let mut scores = Scores::default();
    for (reference, heard) in references.iter().zip(heard) {
        add(&mut scores, &rare, &normalise(&reference.text), &normalise(&heard.text));
    }
    let rate = |edits: usize, words: usize| (words > 0).then(|| edits as f64 / words as f64);
    scores.rare_wer = rate(scores.rare_edits, scores.rare_words);
    scores.rest_wer = rate(scores.rest_edits, scores.rest_words);
    scores.wer = rate(scores.rare_edits + scores.rest_edits, scores.rare_words + scores.rest_words);
    let (cpu, sound) = heard.iter().fold((0.0, 0.0), |(cpu, sound), heard| (cpu + heard.cpu_s, sound + heard.sound_s));
    scores.cpu_s_per_s = (sound > 0.0).then(|| cpu / sound);
    scores
}

/// All rare words of all references, normalised.
pub fn rare_words(references: &[Reference]) -> BTreeSet<String> {
    let rare = references.iter().flat_map(|reference| reference.rare.iter().flatten());
    rare.flat_map(|word| normalise(word).split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn add(scores: &mut Scores, rare: &BTreeSet<String>, said: &str, heard: &str) {
    let said: Vec<&str> = said.split_whitespace().collect();
    let heard: Vec<&str> = heard.split_whitespace().collect();
    for step in align(&said, &heard) {
        let (word, is_edit) = match step {
            Step::Same(said_at, _) => (said[said_at], false),
            Step::Other(said_at, _) | Step::Missed(said_at) => (said[said_at], true),
            Step::Added(at) => (heard[at], true),
        };
        let (words, edits) = if rare.contains(word) {
            (&mut scores.rare_words, &mut scores.rare_edits)
        } else {
            (&mut scores.rest_words, &mut scores.rest_edits)
        };
        *words += usize::from(!matches!(step, Step::Added(_)));
        *edits += usize::from(is_edit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_belong_to_rare_words_or_to_the_rest() {
        let check = |said: &str, heard: &str, expected: (usize, usize, usize, usize)| {
            let mut scores = Scores::default();
            add(&mut scores, &["bosun".to_owned(), "quay".to_owned()].into(), said, heard);
            let Scores { rare_words, rare_edits, rest_words, rest_edits, .. } = scores;
            assert_eq!((rare_words, rare_edits, rest_words, rest_edits), expected, "{heard}");
        };
        check("the bosun left", "the bosun left", (1, 0, 2, 0));
        check("the bosun left", "the boatswain left", (1, 1, 2, 0));
        check("the bosun left", "a bosun", (1, 0, 2, 2));
        check("the man left", "the quay left", (0, 0, 3, 1));
        check("the man left", "the man quay left", (0, 1, 3, 0));
    }

    #[test]
    fn rates_are_pooled() {
        let reference = |text: &str, rare: &str| Reference {
            name: String::new(),
            sound: "a.wav".into(),
            text: text.into(),
            rare: Some(vec![rare.into()]),
        };
        let heard = |text: &str| Heard { text: text.into(), sound_s: 2.0, cpu_s: 0.5, ..Heard::default() };
        let scores = score(
            &[reference("the bosun left", "bosun"), reference("to the quay", "quay")],
            &[heard("The bosun left."), heard("to the key")],
        );
        assert_eq!((scores.rare_wer, scores.rest_wer, scores.wer), (Some(0.5), Some(0.0), Some(1.0 / 6.0)));
        assert_eq!(scores.cpu_s_per_s, Some(0.25));
    }
}
