//! How well readings that somebody brings fit a stretch of sound: the decoder is made to say each (teacher forcing),
//! and tells how likely it found every token.

use super::listen::Laid;
use super::{WhisperRecogniser, heard_at_once};
use crate::Error;
use crate::audio::SAMPLE_RATE;
use crate::recognise::weigh::{Reading, Weighed};

/// A probability of zero is taken for this.
const FAINTEST: f32 = 1e-10;
/// Tokens that the decoder takes, but for the marks before a text and the one that ends it.
const MOST_TOKENS: usize = 448 - 8;
/// Bytes of a part of a reading; more can't be said in half a minute, and fits no decoder.
const LONGEST: usize = 4 * MOST_TOKENS;
/// Less sound holds no word: 100 ms.
const SHORTEST: usize = SAMPLE_RATE as usize / 10;

/// A reading as tokens.
#[derive(Debug, PartialEq)]
struct Tokens {
    all: Vec<usize>,
    /// Where the words in question begin and end.
    start: usize,
    end: usize,
}

impl WhisperRecogniser {
    /// One for each reading; `None` where it does not fit the decoder or has no words.
    pub(super) fn weigh_readings(
        &self,
        sound: &[f32],
        language: Option<&str>,
        readings: &[Reading<'_>],
    ) -> Result<Vec<Option<Weighed>>, Error> {
        let readings: Vec<_> =
            readings.iter().map(|reading| tokens(reading, |text| self.vocabulary.encode(text))).collect();
        let sound = heard_at_once(sound);
        if sound.len() < SHORTEST || readings.iter().all(Option::is_none) {
            return Ok(vec![None; readings.len()]);
        }
        let encoded = self.encode(sound)?;
        let prompt = match language {
            Some(code) => self.prompt(code),
            None => self.prompt(&self.likeliest(&encoded)?),
        };
        let weigh = |reading: Option<Tokens>| {
            let Some(tokens) = reading else { return Ok(None) };
            Ok(weighed(&tokens, &self.lay(&encoded, &prompt, &tokens.all)?))
        };
        readings.into_iter().map(weigh).collect()
    }
}

fn tokens(reading: &Reading<'_>, encode: impl Fn(&str) -> Vec<usize>) -> Option<Tokens> {
    let parts = [reading.before, reading.words, reading.after];
    if parts.iter().any(|part| part.len() > LONGEST) {
        return None;
    }
    // Tokens don't reach over a space, so that the parts are cut as the whole would be.
    let [before, words, after] = parts.map(|part| match part.trim() {
        "" => Vec::new(),
        part => encode(&format!(" {part}")),
    });
    let (start, end) = (before.len(), before.len() + words.len());
    let all = [before, words, after].concat();
    (start < end && all.len() <= MOST_TOKENS).then_some(Tokens { all, start, end })
}

fn weighed(tokens: &Tokens, laid: &Laid) -> Option<Weighed> {
    let sum = |probabilities: &[f32]| probabilities.iter().map(|probability| probability.max(FAINTEST).ln()).sum();
    Some(Weighed {
        log_prob: sum(laid.probabilities.get(tokens.start..tokens.end)?),
        tokens: tokens.end - tokens.start,
        context_log_prob: sum(laid.probabilities.get(tokens.end..)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each letter a token, and so is the space before a word.
    fn letters(text: &str) -> Vec<usize> {
        text.bytes().map(usize::from).collect()
    }

    #[test]
    fn readings_become_tokens() {
        let check = |(before, words, after): (&str, &str, &str), expected: Option<(&str, usize, usize)>| {
            let found = tokens(&Reading { before, words, after }, letters);
            let expected = expected.map(|(text, start, end)| Tokens { all: letters(text), start, end });
            assert_eq!(found, expected, "{before} | {words} | {after}");
        };
        check(("so", "Sola money,", "he said"), Some((" so Sola money, he said", 3, 15)));
        check((" ", "a ", ""), Some((" a", 0, 2)));
        check(("before", " ", "after"), None);
        check((&"word ".repeat(60), "a", &"word ".repeat(60)), None);
        check((&"word ".repeat(6000), "a", ""), None);
    }

    #[test]
    fn words_and_what_follows_are_summed_apart() {
        let tokens = Tokens { all: vec![1, 2, 3, 4], start: 1, end: 3 };
        let laid = |probabilities: &[f32]| Laid { times: Vec::new(), probabilities: probabilities.to_vec() };
        let found = weighed(&tokens, &laid(&[0.1, 1.0, 0.5, 0.0])).expect("as many as tokens");
        assert_eq!((found.log_prob, found.tokens), (0.5f32.ln(), 2));
        assert_eq!(found.context_log_prob, FAINTEST.ln());
        assert_eq!(weighed(&tokens, &laid(&[0.1])), None);
    }
}
