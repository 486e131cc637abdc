//! How far off the times of words are.

use super::join::Placed;
use crate::alignment::{Step, align};
use crate::listen::Heard;
use crate::normalise::normalise;
use crate::stats::{median, percentile};
use crate::tokens::{texts, tokens};
use crate::word_errors::WordErrors;
use serde::Serialize;

/// Utterances further apart than so many are not compared for drift; all pairs of an hour are many.
const MOST_PAIRS: usize = 2_000_000;

/// One system's times.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scores {
    /// Where utterances begin: the start of their first word.
    pub starts: Errors,
    /// Where they end: the end of their last word.
    pub ends: Errors,
    /// Slope of the signed error of starts over time, in milliseconds an hour.
    pub drift_ms_per_h: Option<f64>,
    /// Word error over the whole recording.
    pub wer: Option<f64>,
    /// Why nothing was heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Errors in milliseconds; positive is late.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Errors {
    /// Utterances whose word was heard right.
    pub found: usize,
    /// Median of the absolute error.
    pub median_ms: Option<f64>,
    /// The absolute error that nine in ten do not exceed.
    pub p90_ms: Option<f64>,
    /// Median of the signed error.
    pub bias_ms: Option<f64>,
    /// The same over the first quarter of the recording's utterances, and over the last.
    pub first_quarter_ms: Option<f64>,
    /// As above.
    pub last_quarter_ms: Option<f64>,
}

/// Compares the times of one system with the truth. Words are aligned by their text over the whole recording, so
/// that a wrong time can't hide; utterances whose first or last word was misheard say nothing of times.
pub fn score(placed: &[Placed], heard: &Heard) -> Scores {
    let (mut said, mut utterance_of) = (Vec::new(), Vec::new());
    for (number, utterance) in placed.iter().enumerate() {
        let words: Vec<String> = normalise(&utterance.text).split_whitespace().map(str::to_owned).collect();
        utterance_of.extend(words.iter().map(|_| number));
        said.extend(words);
    }
    let written = heard.texts();
    let found = tokens(&written);
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let steps = align(&said, &texts(&found));
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    for step in &steps {
        let Step::Same(at, token) = *step else { continue };
        let number = utterance_of[at];
        let Some(words) = heard.words.get(found[token].words.clone()).filter(|words| !words.is_empty()) else {
            continue;
        };
        let is_first = at == 0 || utterance_of[at - 1] != number;
        let is_last = utterance_of.get(at + 1) != Some(&number);
        if is_first {
            starts.push((placed[number].start_s, (words[0].start_s - placed[number].start_s) * 1000.0));
        }
        if is_last {
            ends.push((placed[number].end_s, (words[words.len() - 1].end_s - placed[number].end_s) * 1000.0));
        }
    }
    Scores {
        drift_ms_per_h: slope(&starts).map(|per_second| per_second * 3600.0),
        starts: Errors::of(&starts),
        ends: Errors::of(&ends),
        wer: WordErrors::of(&steps).rate(),
        error: heard.error.clone(),
    }
}

/// A moment in seconds, and the error there in milliseconds.
type Point = (f64, f64);

impl Errors {
    fn of(points: &[Point]) -> Self {
        let signed = |points: &[Point]| median(&mut points.iter().map(|(_, error)| *error).collect::<Vec<_>>());
        let mut absolute: Vec<f64> = points.iter().map(|(_, error)| error.abs()).collect();
        let quarter = points.len().div_ceil(4);
        Self {
            found: points.len(),
            median_ms: median(&mut absolute),
            p90_ms: percentile(&mut absolute, 0.9),
            bias_ms: signed(points),
            first_quarter_ms: signed(&points[..quarter]),
            last_quarter_ms: signed(&points[points.len() - quarter..]),
        }
    }
}

/// The median slope between two points (Theil 1950, Sen 1968): a few words gone astray do not tilt it.
fn slope(points: &[Point]) -> Option<f64> {
    let apart = (points.len() * points.len() / 2).div_ceil(MOST_PAIRS).max(1);
    let mut slopes = Vec::new();
    for (number, (from, early)) in points.iter().enumerate() {
        for (to, late) in points.iter().skip(number + 1).step_by(apart) {
            if to > from {
                slopes.push((late - early) / (to - from));
            }
        }
    }
    median(&mut slopes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listen::HeardWord;

    fn word(text: &str, start_s: f64, end_s: f64) -> HeardWord {
        HeardWord { text: text.into(), start_s, end_s, ..HeardWord::default() }
    }

    #[test]
    fn first_and_last_words_are_compared() {
        let placed = |text: &str, start_s: f64, end_s: f64| Placed { text: text.into(), start_s, end_s };
        let truth = [placed("IT IS TWENTY ONE", 1.0, 3.0), placed("GO HOME", 5.0, 6.0), placed("NOW THEN", 8.0, 9.0)];
        let heard = Heard {
            words: vec![
                word("It's", 1.1, 1.3),
                word("21.", 2.0, 2.9),
                word("Uh,", 3.5, 3.6),
                word("go", 5.2, 5.4),
                word("house.", 5.4, 6.5),
                word("Now", 7.7, 8.1),
                word("then.", 8.1, 9.0),
            ],
            ..Heard::default()
        };
        let scores = score(&truth, &heard);
        let rounded = |value: Option<f64>| value.map(|value| value.round() as i64);
        assert_eq!((scores.starts.found, scores.ends.found), (3, 2));
        assert_eq!((rounded(scores.starts.median_ms), rounded(scores.starts.p90_ms)), (Some(200), Some(300)));
        assert_eq!((rounded(scores.starts.bias_ms), rounded(scores.starts.last_quarter_ms)), (Some(100), Some(-300)));
        assert_eq!((rounded(scores.ends.median_ms), rounded(scores.ends.bias_ms)), (Some(50), Some(-50)));
        assert_eq!(scores.wer, Some(1.0 / 7.0));
    }

    #[test]
    fn drift_is_told_from_stray_words() {
        let check = |points: &[Point], expected: Option<f64>| {
            let found = slope(points);
            assert!(found.zip(expected).map_or(found == expected, |(a, b)| (a - b).abs() < 1e-9), "{found:?}");
        };
        check(&[], None);
        check(&[(1.0, 5.0)], None);
        check(&(0..100).map(|at| (f64::from(at), 50.0)).collect::<Vec<_>>(), Some(0.0));
        let stray = |at: i32| if at % 10 == 3 { 900.0 } else { 0.0 };
        check(&(0..100).map(|at| (f64::from(at), 0.5 * f64::from(at) + stray(at))).collect::<Vec<_>>(), Some(0.5));
    }

    #[test]
    fn nothing_heard_has_no_times() {
        let truth = [Placed { text: "go".into(), start_s: 0.0, end_s: 1.0 }];
        let scores = score(&truth, &Heard { error: Some("broken".into()), ..Heard::default() });
        assert_eq!((scores.starts.found, scores.starts.median_ms, scores.wer), (0, None, Some(1.0)));
    }
}
