//! Keeps the decoder's head: no loops, no text in silence.

use std::collections::BTreeMap;

/// Mean log-probability of a token below which a text is doubtful (section 4.5 of the Whisper paper).
pub(super) const LIKELY: f32 = -1.0;
/// Doubt above which a text was read into sound without speech. The paper (ibid.) has two limits, no speech more
/// likely than .6 and a mean below −1, and Whisper's favourite inventions ("you", "Thank you.") stay above the
/// second. The two add up: over 192 pieces of music, noise and tones, given to two models as if they were speech, all
/// texts but one had more doubt than this; of 240 stretches of speech, short ones mostly, five had.
const INVENTED: f32 = 2.0;
/// Less is needed for what Whisper says where it hears nothing, if it says nothing else.
const INVENTED_STOCK: f32 = 1.5;
const STOCK: [&str; 9] = [
    "you",
    "bye",
    "thankyou",
    "thankyouverymuch",
    "thanksforwatching",
    "thankyouforwatching",
    "musicplaying",
    "pleasesubscribe",
    "subtitlesbytheamaraorgcommunity",
];
/// Nobody says more words than this: some at once and so many a second.
const AT_ONCE: f32 = 4.0;
const A_SECOND: f32 = 8.0;
/// Repetitions of a phrase that people don't make.
const REPEATS: usize = 4;
/// Longest phrase looked for, in words or tokens.
const PHRASE: usize = 12;

/// Whether a text is taken for something heard into silence.
pub(super) fn is_silence(no_speech: f32, average: f32) -> bool {
    doubt(no_speech, average) > INVENTED
}

/// Whether the words of a window were invented: unlikely ones where speech is unlikely, or too many for the seconds of
/// speech.
pub(super) fn is_invented(text: &str, no_speech: f32, average: f32, speech: f32) -> bool {
    let plain = plain(text);
    let limit = if STOCK.contains(&plain.as_str()) { INVENTED_STOCK } else { INVENTED };
    let words = text.split_whitespace().count() as f32;
    plain.is_empty() || doubt(no_speech, average) > limit || words > AT_ONCE + A_SECOND * speech
}

fn doubt(no_speech: f32, average: f32) -> f32 {
    2.0 * no_speech - average
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
    fn what_was_read_into_silence_is_told_from_speech() {
        let check = |text: &str, no_speech, average, speech, expected| {
            assert_eq!(
                is_invented(text, no_speech, average, speech),
                expected,
                "{text} {no_speech} {average} {speech}"
            );
        };
        check(" you", 0.94, -0.82, 0.3, true);
        check(" Thank you.", 0.6, -0.4, 0.8, true);
        check(" Thank you.", 0.1, -0.4, 0.8, false);
        check(" music playing", 0.44, -2.0, 0.5, true);
        check(" I know.", 0.46, -0.8, 0.8, false);
        check(" A long sentence in a storm.", 0.3, -1.2, 3.0, false);
        check(" and so on and so forth and on and on and on", 0.1, -0.3, 0.5, true);
        check(" ...", 0.0, 0.0, 1.0, true);
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
