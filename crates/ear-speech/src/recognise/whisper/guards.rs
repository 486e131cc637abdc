//! Keeps the decoder's head: no loops, no text in silence.

use std::collections::BTreeMap;

/// Mean log-probability of a token below which a text is doubtful (section 4.5 of the Whisper paper).
pub(super) const LIKELY: f32 = -1.0;
/// Probability of "no speech" above which a doubtful text is silence (ibid.).
const NO_SPEECH: f32 = 0.6;
/// Repetitions of a phrase that people don't make.
const REPEATS: usize = 4;
/// Longest phrase looked for, in words or tokens.
const PHRASE: usize = 12;

/// Whether a text is taken for something heard into silence.
pub(super) fn is_silence(no_speech: f32, average: f32) -> bool {
    no_speech > NO_SPEECH && average < LIKELY
}

/// Whether a text goes round in circles: a phrase many times in a row, or few distinct three-word phrases in
/// a long text.
pub(super) fn loops(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(plain).collect();
    repeated(&words).is_some() || mostly_the_same(&words)
}

fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn mostly_the_same(words: &[String]) -> bool {
    let phrases = words.windows(3).count();
    if phrases < 24 {
        return false;
    }
    let mut counts = BTreeMap::new();
    for phrase in words.windows(3) {
        *counts.entry(phrase).or_insert(0usize) += 1;
    }
    counts.len() * 5 < phrases * 2
}

/// The first run of a phrase repeated more often than people do, as (start, length of phrase, end of run).
fn repeated<T: PartialEq>(items: &[T]) -> Option<(usize, usize, usize)> {
    for start in 0..items.len() {
        for phrase in 1..=PHRASE.min((items.len() - start) / REPEATS) {
            let same = items[start..].iter().zip(&items[start + phrase..]).take_while(|(a, b)| a == b).count();
            // Single words may be stuttered a little longer than phrases.
            let allowed = if phrase == 1 { REPEATS + 2 } else { REPEATS };
            if same >= phrase * (allowed - 1) {
                return Some((start, phrase, start + phrase + same));
            }
        }
    }
    None
}

/// The tokens without the circles that sampling could not avoid: a repeated phrase is kept twice.
pub(super) fn without_loop(tokens: &[usize]) -> Vec<usize> {
    let mut tokens = tokens.to_vec();
    while let Some((start, phrase, end)) = repeated(&tokens) {
        tokens.drain(start + 2 * phrase..end);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn circles_are_told_from_speech() {
        let check = |text: &str, expected| assert_eq!(loops(text), expected, "{text}");
        check("", false);
        check("I, I, I want that, that we, we go.", false);
        check("No, no, no, no!", false);
        check("or, or, or, or, or, or, or, or,", true);
        check("thank you very much thank you very much thank you very much Thank you very much.", true);
        check(
            "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness",
            false,
        );
        check(&"we all go home ".repeat(10), true);
    }

    #[test]
    fn loops_are_cut_to_two() {
        let check = |tokens: &[usize], expected: &[usize]| assert_eq!(without_loop(tokens), expected);
        check(&[1, 2, 3], &[1, 2, 3]);
        check(&[5, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 9], &[5, 1, 2, 1, 2, 9]);
        check(&[7; 40], &[7, 7]);
    }

    proptest! {
        #[test]
        fn cutting_ends_and_leaves_no_loop(tokens in prop::collection::vec(0usize..3, 0..200)) {
            prop_assert!(repeated(&without_loop(&tokens)).is_none());
        }
    }
}
