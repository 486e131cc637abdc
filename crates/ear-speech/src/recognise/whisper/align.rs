//! When each word was said. The decoder's attention gives a path of (token, frame) pairs (dynamic time
//! warping over attention weights, as published with Whisper); here it becomes spans of words, held to where
//! the detector heard speech.

use super::vocabulary::TokenWord;
use crate::audio::SAMPLE_RATE;
use crate::detect::Window;
use ear_core::Word;
use std::ops::Range;

/// Width of the median filter over attention weights.
pub(super) const MEDIAN_WIDTH: i64 = 7;
/// One step of the path in samples: 20 ms.
const STEP: usize = SAMPLE_RATE as usize / 50;
/// Bounds of a word: 60 ms and two seconds.
const SHORTEST: usize = 3 * STEP;
const LONGEST: usize = 2 * SAMPLE_RATE as usize;

/// Samples of the window at which each token begins, and where the last one ends.
pub(super) fn token_times(path: impl Iterator<Item = (i64, i64)>, tokens: usize) -> Vec<usize> {
    let mut times = vec![usize::MAX; tokens + 1];
    let mut last = 0;
    for (token, frame) in path {
        let (token, frame) = (token.max(0) as usize, frame.max(0) as usize * STEP);
        last = last.max(frame + STEP);
        if let Some(time) = times.get_mut(token) {
            *time = (*time).min(frame);
        }
    }
    // A token the path passed over begins with the next one.
    let mut next = last;
    for time in times.iter_mut().rev() {
        next = (*time).min(next);
        *time = next;
    }
    times
}

/// Gives words their times and confidence (mean probability of their tokens); also the sample of the window at
/// which the last one ends.
pub(super) fn timed_words(
    words: Vec<TokenWord>,
    times: &[usize],
    probabilities: &[f32],
    window: &Window,
) -> (Vec<Word>, usize) {
    let mut timed = Vec::with_capacity(words.len());
    let mut earliest = 0;
    for word in words {
        let at = |token: usize| times.get(token).copied().unwrap_or(window.samples.len()).min(window.samples.len());
        let range = to_speech(at(word.tokens.start)..at(word.tokens.end), &window.speech);
        let range = range.start.max(earliest)..range.end.max(range.start.max(earliest));
        let range = lengthened(range, earliest, window.samples.len());
        earliest = range.end;
        let tokens = probabilities.get(word.tokens.clone()).unwrap_or_default();
        let confidence = (!tokens.is_empty()).then(|| tokens.iter().sum::<f32>() / tokens.len() as f32);
        let span = window.to_recording(range);
        timed.push(Word { text: word.text, span: Some(span), confidence, glued: word.glued });
    }
    (timed, earliest)
}

/// No word is shorter than this: 60 ms. The path sometimes passes a short word in no time at all.
fn lengthened(word: Range<usize>, earliest: usize, limit: usize) -> Range<usize> {
    let lacking = SHORTEST.saturating_sub(word.len());
    let before = (word.start - earliest).min(lacking);
    word.start - before..(word.end + lacking - before).min(limit).max(word.end)
}

/// Takes silence off both ends: alignment starts the first word with the window and ends each word where the
/// next begins, also across a pause.
fn to_speech(word: Range<usize>, speech: &[Range<usize>]) -> Range<usize> {
    let overlap = |stretch: &Range<usize>| word.end.min(stretch.end).saturating_sub(word.start.max(stretch.start));
    let Some(most) = speech.iter().max_by_key(|stretch| overlap(stretch)).filter(|stretch| overlap(stretch) > 0) else {
        return word.start..word.end.min(word.start + LONGEST);
    };
    // The detector ends a stretch a little early on faint consonants, hence the tolerance.
    let (start, end) = (word.start.max(most.start.saturating_sub(STEP)), word.end.min(most.end + 5 * STEP));
    if end - start <= LONGEST { start..end } else { end.saturating_sub(LONGEST).max(start)..end }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Piece;

    #[test]
    fn tokens_begin_where_the_path_reaches_them() {
        let path = [(0, 0), (0, 1), (1, 5), (1, 6), (3, 9)];
        assert_eq!(token_times(path.into_iter(), 4), [0, 5 * STEP, 9 * STEP, 9 * STEP, 10 * STEP]);
        assert_eq!(token_times([].into_iter(), 2), [0, 0, 0]);
    }

    #[test]
    fn words_are_held_to_speech() {
        let second = SAMPLE_RATE as usize;
        let window = Window {
            index: 0,
            samples: vec![0.0; 4 * second],
            pieces: vec![Piece { at: 0, source: 10 * second..14 * second }],
            speech: vec![second / 4..second, 2 * second..3 * second],
        };
        let word = |text: &str, tokens| TokenWord { text: text.into(), tokens, glued: false };
        let words = vec![word("one,", 0..2), word("two", 2..3)];
        let times = [0, second / 2, 2 * second, 4 * second];
        let (timed, end) = timed_words(words, &times, &[0.5, 1.0, 0.8], &window);
        assert_eq!(end, 3 * second + 5 * STEP);
        let spans: Vec<_> = timed.iter().filter_map(|word| word.span).map(|span| (span.start(), span.end())).collect();
        assert_eq!(spans, [(10_230, 11_100), (12_000, 13_100)]);
        assert_eq!(timed[0].confidence, Some(0.75));
    }
}
