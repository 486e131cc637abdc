//! Talk that nobody gave, of any length, the same in every run.
//!
//! Whole sentences are drawn from real talk, so that phrases and frequencies are those of speech. One word in
//! twenty gives way to a made-up one with a long tail of frequencies: without them the vocabulary would stop
//! growing after the first hours, and the index would look smaller than it is.

use crate::random::Random;
use ear_core::{Origin, Span, Timing, Transcript, Turn, Word};

/// Words in an hour of talk.
pub const WORDS_PER_HOUR: usize = 9_000;
/// Milliseconds of one word.
const STEP: u64 = 3_600_000 / WORDS_PER_HOUR as u64;
const MADE_UP_SHARE: f64 = 0.05;
/// Ranks of the made-up words. By Zipf's law (exponent 1) a word of rank r comes with a probability of 1/r.
const MADE_UP_WORDS: f64 = 5e6;
/// How likely the next sentence is another speaker's.
const NEXT_SPEAKER: f64 = 0.25;

/// A source of episodes.
#[derive(Debug)]
pub struct Talk {
    sentences: Vec<String>,
    random: Random,
}

impl Talk {
    /// Talk made of these sentences.
    pub fn new(sentences: Vec<String>, seed: u64) -> Self {
        Self { sentences, random: Random::new(seed) }
    }

    /// The next episode of so many words, or up to a sentence more.
    pub fn episode(&mut self, words: usize) -> Transcript {
        let mut transcript = Transcript::empty(Origin::Recognised);
        let mut speaker = 0;
        while transcript.words.len() < words && !self.sentences.is_empty() {
            let start = transcript.words.len();
            let sentence = self.random.below(self.sentences.len());
            for word in self.sentences[sentence].split(' ') {
                let is_made_up = self.random.share() < MADE_UP_SHARE;
                let text = if is_made_up { instead_of(word, &mut self.random) } else { word.to_owned() };
                transcript.words.push(at(transcript.words.len(), text));
            }
            if self.random.share() < NEXT_SPEAKER {
                speaker = 1 + self.random.below(3);
            }
            extend_turns(&mut transcript.turns, speaker, start..transcript.words.len());
        }
        Transcript {
            language: Some("en".into()),
            engine: Some("synthetic".into()),
            model: Some("resampled".into()),
            timing: Timing::Words,
            duration: Some(transcript.words.len() as u64 * STEP),
            ..transcript
        }
    }

    /// A word like the made-up ones that never occurs: `number` tells them apart.
    pub fn never_said(number: usize) -> String {
        // An ending that no made-up word has.
        format!("{}xq", made_up(number))
    }
}

fn at(index: usize, text: String) -> Word {
    let start = index as u64 * STEP;
    Word { confidence: Some(0.9), ..Word::timed(text, Span::new(start, start + STEP * 9 / 10)) }
}

fn extend_turns(turns: &mut Vec<Turn>, speaker: usize, words: std::ops::Range<usize>) {
    let name = Some(format!("Speaker {}", speaker.max(1)));
    match turns.last_mut().filter(|last| last.speaker == name) {
        Some(last) => last.words.end = words.end,
        None => turns.push(Turn { speaker: name, words }),
    }
}

/// A made-up word with the stop or comma of the word it replaces.
fn instead_of(word: &str, random: &mut Random) -> String {
    // Powers of the number of ranks with an even exponent fall off as 1/rank.
    let rank = MADE_UP_WORDS.powf(random.share()) as usize;
    let stop: String = word.chars().rev().take_while(char::is_ascii_punctuation).collect();
    made_up(rank) + &stop.chars().rev().collect::<String>()
}

/// A pronounceable word for each number: three syllables or more.
fn made_up(number: usize) -> String {
    const ONSETS: [&str; 20] =
        ["b", "br", "d", "dr", "f", "g", "gl", "k", "kr", "l", "m", "n", "p", "pl", "r", "st", "t", "tr", "v", "z"];
    const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];
    let mut word = String::new();
    let mut rest = number;
    for syllable in 0.. {
        if rest == 0 && syllable >= 3 {
            break;
        }
        word += ONSETS[rest % 20];
        word += VOWELS[rest / 20 % 5];
        rest /= 100;
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::join_words;
    use std::collections::HashSet;

    fn talk(seed: u64) -> Talk {
        Talk::new((0..50).map(|number| format!("Sentence {number} says something, really.")).collect(), seed)
    }

    #[test]
    fn a_seed_always_gives_the_same_talk() {
        let text = |seed| join_words(&talk(seed).episode(500).words);
        assert_eq!(text(1), text(1));
        assert_ne!(text(1), text(2));
    }

    #[test]
    fn an_episode_is_as_long_as_asked() {
        let episode = talk(1).episode(WORDS_PER_HOUR);
        assert!((WORDS_PER_HOUR..WORDS_PER_HOUR + 60).contains(&episode.words.len()));
        assert!(episode.duration.is_some_and(|duration| duration.abs_diff(3_600_000) < 30_000));
        let ends: Vec<usize> = episode.turns.iter().map(|turn| turn.words.end).collect();
        let starts: Vec<usize> = episode.turns.iter().map(|turn| turn.words.start).collect();
        assert_eq!((starts[0], &starts[1..], ends.last()), (0, &ends[..ends.len() - 1], Some(&episode.words.len())));
        let known = ["Sentence", "says", "something,", "really."];
        let is_made_up = |word: &&Word| !known.contains(&word.text.as_str()) && word.text.parse::<usize>().is_err();
        let made_up = episode.words.iter().filter(is_made_up).count() as f64;
        assert!((0.04..0.06).contains(&(made_up / episode.words.len() as f64)), "{made_up}");
    }

    #[test]
    fn made_up_words_differ() {
        let words: HashSet<String> = (0..20_000).chain(4_990_000..5_000_000).map(made_up).collect();
        assert_eq!(words.len(), 30_000);
        assert!(Talk::never_said(3).ends_with("xq"));
        assert!(instead_of("said,", &mut Random::new(1)).ends_with(','));
    }

    #[test]
    fn no_sentences_no_words() {
        assert!(Talk::new(Vec::new(), 1).episode(10).words.is_empty());
    }
}
