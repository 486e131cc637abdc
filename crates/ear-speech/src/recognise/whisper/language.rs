//! Which language a window is in: the model's own guess over its language tokens, asked of parts of the window where
//! there may be more than one, and weighed against how well the text comes out where the guess is close.

use super::decode::Encoded;
use super::{WhisperRecogniser, guards};
use crate::Error;
use crate::audio::SAMPLE_RATE;
use crate::detect::{Window, millis};
use crate::recognise::language::{LanguagePart, is_mixed, runs};
use crate::recognise::transcribe::Run;
use ct2rs::sys::{StorageView, WhisperOptions};
use ear_core::{Span, Word};
use std::ops::Range;

/// Languages kept of a guess.
const KEPT: usize = 6;
/// Samples of speech, at least, in a part that is looked at by itself: three seconds.
const PART: usize = 3 * SAMPLE_RATE as usize;
/// A guess less sure than this is weighed against the texts.
const CLOSE: f32 = 0.6;
/// Tokens of a text that tell how well it comes out.
const TOKENS: usize = 64;
/// How much the mean log-probability of a token weighs; a text that goes round in circles counts as unlikely.
const WEIGHT: f32 = 4.0;
const CIRCLES: f32 = -1.5;
/// A mean log-probability of a token below which an English-only model hears another language, and another model one
/// that it does not know where it is not sure of the one it reads in; by seconds of speech at least. Clear and noisy English had −.5 and more on windows of 8 s and −.72 on 3 s, five other languages mostly less
/// than −.6 and −.8.
const FOREIGN: [(f32, f32); 3] = [(8.0, -0.55), (3.0, -0.75), (0.0, -1.0)];
/// A part is hardly heard where its words fill less of its speech than this, or have less confidence in the mean.
const HEARD: f32 = 0.4;
const TRUSTED: f32 = 0.55;

impl WhisperRecogniser {
    /// How likely languages are in the window, or in parts of it where it may hold more than one; empty for models
    /// that know one language alone.
    pub(super) fn languages(&self, window: &Window, encoded: &Encoded<'_>) -> Result<Vec<LanguagePart>, Error> {
        if !self.multilingual {
            return Ok(Vec::new());
        }
        let whole = self.guess(&encoded.states)?;
        if is_mixed(&whole) && window.parts(PART).len() > 1 {
            return self.look_at_parts(window);
        }
        Ok(vec![self.weighed(&encoded.states, part(window, 0..window.samples.len(), whole))?])
    }

    /// How likely languages are in each part of the window.
    pub(super) fn look_at_parts(&self, window: &Window) -> Result<Vec<LanguagePart>, Error> {
        let looked = window.parts(PART).into_iter().map(|range| {
            let sound = window.part(range.clone());
            let encoded = self.encode_short(&sound.samples)?;
            self.weighed(&encoded.states, part(window, range, self.guess(&encoded.states)?))
        });
        looked.collect()
    }

    /// The language that is likeliest in this sound, English for models that know no other.
    pub(super) fn likeliest(&self, encoded: &Encoded<'_>) -> Result<String, Error> {
        let mut found = if self.multilingual { self.guess(&encoded.states)? } else { Vec::new() };
        Ok(if found.is_empty() { "en".to_owned() } else { found.swap_remove(0).0 })
    }

    fn guess(&self, states: &StorageView<'_>) -> Result<Vec<(String, f32)>, Error> {
        let found = self.model.detect_language(states).map_err(Error::runtime("language detection"))?;
        let languages = found.into_iter().next().unwrap_or_default().into_iter().take(KEPT);
        let code = |token: &str| token.trim_matches(|c| "<|>".contains(c)).to_owned();
        Ok(languages.map(|found| (code(&found.language), found.probability)).collect())
    }

    /// Where two languages are close, reads the sound in both: in the wrong one the text is less likely or goes round
    /// in circles.
    fn weighed(&self, states: &StorageView<'_>, mut part: LanguagePart) -> Result<LanguagePart, Error> {
        if part.probabilities.first().is_none_or(|best| best.1 >= CLOSE) {
            return Ok(part);
        }
        // What the two have together is shared out anew: no guess gets surer than both were.
        let close = part.probabilities.len().min(2);
        let mut weights = Vec::with_capacity(close);
        for (code, probability) in &part.probabilities[..close] {
            weights.push(probability * (WEIGHT * self.reads(states, code)?).exp());
        }
        let together: f32 = part.probabilities[..close].iter().map(|(_, probability)| probability).sum();
        let total = weights.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        for ((_, probability), weight) in part.probabilities.iter_mut().zip(weights) {
            *probability = together * weight / total;
        }
        part.probabilities.sort_by(|a, b| b.1.total_cmp(&a.1));
        Ok(part)
    }

    /// How well sound reads in a language, as a mean log-probability of a token.
    fn reads(&self, states: &StorageView<'_>, code: &str) -> Result<f32, Error> {
        let prompt = [self.prompt(code), vec!["<|notimestamps|>".to_owned()]].concat();
        let options =
            WhisperOptions { beam_size: 1, max_length: TOKENS, return_scores: true, ..WhisperOptions::default() };
        let results = self.model.generate(states, &[prompt], &options).map_err(Error::runtime("language detection"))?;
        let Some(result) = results.first() else { return Ok(CIRCLES) };
        let text = result.sequences_ids.first().map_or(String::new(), |ids| self.vocabulary.text(ids));
        let score = result.scores.first().copied().unwrap_or(CIRCLES);
        Ok(if guards::loops(&text) { score.min(CIRCLES) } else { score })
    }
}

fn part(window: &Window, range: Range<usize>, probabilities: Vec<(String, f32)>) -> LanguagePart {
    let speech = window.part(range.clone()).speech.iter().map(ExactSizeIterator::len).sum();
    LanguagePart { range, speech, probabilities }
}

/// Whether a model that knows one language alone heard another one in these seconds of speech.
pub(super) fn is_foreign(average: f32, speech: f32) -> bool {
    FOREIGN.iter().find(|(seconds, _)| speech >= *seconds).is_some_and(|(_, least)| average < *least)
}

/// The languages of a window; `code` where there is nothing to tell them from.
pub(super) fn of_window(languages: &[LanguagePart], expected: Option<&str>, code: &str) -> Vec<(Range<usize>, String)> {
    let runs = runs(languages, expected);
    if runs.is_empty() { vec![(0..usize::MAX, code.to_owned())] } else { runs }
}

/// Whether the model is sure somewhere that this language is spoken. One that knows no other can't tell.
pub(super) fn is_sure(languages: &[LanguagePart], code: &str) -> bool {
    languages
        .iter()
        .flat_map(|part| &part.probabilities)
        .any(|(other, probability)| other == code && *probability >= CLOSE)
}

/// Whether some part of a window was hardly heard, or came out unlikely: so it is where the language changes. The
/// decoder then stops, passes over a part, or translates it.
pub(super) fn is_doubtful(window: &Window, words: &[Word]) -> bool {
    let parts = window.parts(PART);
    parts.len() > 1 && parts.into_iter().any(|range| is_hardly_heard(&window.part(range), words))
}

fn is_hardly_heard(part: &Window, words: &[Word]) -> bool {
    let span = part.span();
    let here = |word: &&Word| word.span.is_some_and(|word| span.contains(word.start().midpoint(word.end())));
    let (mut sounding, mut sure, mut count) = (0, 0.0, 0.0);
    for word in words.iter().filter(here) {
        sounding += word.span.map_or(0, Span::duration);
        sure += word.confidence.unwrap_or(1.0);
        count += 1.0;
    }
    let speech: usize = part.speech.iter().map(ExactSizeIterator::len).sum();
    (sounding as f32) < HEARD * millis(speech) as f32 || sure < TRUSTED * count
}

/// A run over the whole window.
pub(super) fn whole(window: &Window, language: Option<String>, silent: bool) -> Run {
    Run { range: 0..window.samples.len(), language, silent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_speech_is_told_by_unlikely_text() {
        let check = |average, speech, expected| assert_eq!(is_foreign(average, speech), expected, "{average} {speech}");
        check(-0.2, 20.0, false);
        check(-0.9, 20.0, true);
        check(-0.7, 4.0, false);
        check(-0.9, 6.5, true);
        check(-0.9, 1.0, false);
    }
}
