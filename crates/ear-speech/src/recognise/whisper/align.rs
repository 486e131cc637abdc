//! When each word was said. The decoder's attention gives a path of (token, frame) pairs (dynamic time
//! warping over attention weights, as published with Whisper); here it becomes spans of words, held to where
//! the detector heard speech.

use super::confidence::confidence;
use super::vocabulary::TokenWord;
use crate::audio::SAMPLE_RATE;
use crate::detect::Window;
use ear_core::Word;
use serde::Deserialize;
use std::fs;
use std::ops::Range;
use std::path::Path;

/// Width of the median filter over attention weights.
pub(super) const MEDIAN_WIDTH: i64 = 7;
/// One step of the path in samples: 20 ms.
const STEP: usize = SAMPLE_RATE as usize / 50;
/// Bounds of a word: 60 ms and two seconds.
const SHORTEST: usize = 3 * STEP;
const LONGEST: usize = 2 * SAMPLE_RATE as usize;

/// How much later than the path says words begin, in steps of it, for models known by the heads whose attention makes
/// the path (a list of layer and head): Whisper base and tiny.en. Measured on 900 words from two diphone voices and a
/// statistical one, which know when they begin a word; with it half of the words begin within 35 and 44 ms.
const LATER: [(&[[usize; 2]], isize); 2] = [
    (&[[3, 1], [4, 2], [4, 3], [4, 7], [5, 1], [5, 2], [5, 4], [5, 6]], 2),
    (&[[1, 0], [2, 0], [2, 5], [3, 0], [3, 1], [3, 2], [3, 3], [3, 4]], -5),
];

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    alignment_heads: Vec<[usize; 2]>,
}

/// How much later than the path says the words of this model begin, in samples; 0 where nobody measured it.
pub(super) fn later(folder: &Path) -> isize {
    let text = fs::read_to_string(folder.join("config.json")).unwrap_or_default();
    let heads = serde_json::from_str::<Config>(&text).map(|config| config.alignment_heads).unwrap_or_default();
    let known = LATER.iter().find(|(known, _)| *known == heads.as_slice());
    known.map_or(0, |(_, steps)| steps * STEP as isize)
}

/// Samples of the window at which each token begins, `later` than the path says, and where the last one ends.
pub(super) fn token_times(path: impl Iterator<Item = (i64, i64)>, tokens: usize, later: isize) -> Vec<usize> {
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
    for time in times.iter_mut().take(tokens).skip(1) {
        *time = time.saturating_add_signed(later).min(last);
    }
    times
}

/// Gives words their times and confidence; also the sample of the window at
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
        let span = window.to_recording(range);
        timed.push(Word { text: word.text, span: Some(span), confidence: confidence(tokens), glued: word.glued });
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
    // The detector is a frame late at most where a stretch begins; it ends one 90 ms after the sound.
    let (start, end) = (word.start.max(most.start.saturating_sub(STEP)), word.end.min(most.end));
    if end - start <= LONGEST { start..end } else { end.saturating_sub(LONGEST).max(start)..end }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Piece;

    #[test]
    fn tokens_begin_where_the_path_reaches_them() {
        let path = [(0, 0), (0, 1), (1, 5), (1, 6), (3, 9)];
        let check = |later: isize, expected: [usize; 5]| {
            let times = token_times(path.into_iter(), 4, later * STEP as isize);
            assert_eq!(times, expected.map(|step| step * STEP), "{later}");
        };
        check(0, [0, 5, 9, 9, 10]);
        check(2, [0, 7, 10, 10, 10]);
        check(-6, [0, 0, 3, 3, 10]);
        assert_eq!(token_times([].into_iter(), 2, 100), [0, 0, 0]);
    }

    #[test]
    fn models_are_known_by_their_heads() {
        let folder = tempfile::tempdir().unwrap();
        let check = |config: &str, expected| {
            fs::write(folder.path().join("config.json"), config).unwrap();
            assert_eq!(later(folder.path()), expected, "{config}");
        };
        check(r#"{"alignment_heads": [[3,1],[4,2],[4,3],[4,7],[5,1],[5,2],[5,4],[5,6]], "lang_ids": []}"#, 640);
        check(r#"{"alignment_heads": [[3,1]]}"#, 0);
        check(r#"{"alignment_heads": "all"}"#, 0);
        check("", 0);
        assert_eq!(later(&folder.path().join("absent")), 0);
    }

    #[test]
    fn words_are_held_to_speech() {
        let second = SAMPLE_RATE as usize;
        let window = Window {
            index: 0,
            samples: vec![0.0; 4 * second],
            pieces: vec![Piece { at: 0, source: 10 * second..14 * second }],
            speech: vec![second / 4..second, 2 * second..3 * second],
            ..Window::default()
        };
        let word = |text: &str, tokens| TokenWord { text: text.into(), tokens, glued: false };
        let words = vec![word("one,", 0..2), word("two", 2..3)];
        let times = [0, second / 2, 2 * second, 4 * second];
        let (timed, end) = timed_words(words, &times, &[0.5, 1.0, 0.8], &window);
        assert_eq!(end, 3 * second);
        let spans: Vec<_> = timed.iter().filter_map(|word| word.span).map(|span| (span.start(), span.end())).collect();
        assert_eq!(spans, [(10_230, 11_000), (12_000, 13_000)]);
        assert_eq!(timed[0].confidence, confidence(&[0.5, 1.0]));
    }
}
