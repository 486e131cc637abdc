//! A recogniser without weights, so that everything around recognition can be tested.

use super::{Asked, Heard, Reading, Recogniser, Run, Weighed};
use crate::Error;
use crate::audio::SAMPLE_RATE;
use crate::detect::Window;
use ear_core::{Millis, Word};

/// Hears the numbers "one two … ten": one every 400 ms of the recording's own clock, so that the same sound
/// gives the same words however it was cut into windows.
#[derive(Debug)]
pub struct FakeRecogniser;

const NUMBERS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten."];
const STEP: Millis = 400;

impl FakeRecogniser {
    /// The name that `--model` takes.
    pub const NAME: &str = "fake";
}

impl Recogniser for FakeRecogniser {
    fn engine(&self) -> &str {
        "fake"
    }

    fn model(&self) -> &str {
        Self::NAME
    }

    fn hear(&self, window: &Window, asked: &Asked<'_>) -> Result<Heard, Error> {
        let step = SAMPLE_RATE as usize * STEP as usize / 1000;
        let mut words = Vec::new();
        for piece in &window.pieces {
            for number in piece.source.start.div_ceil(step)..piece.source.end.div_ceil(step) {
                let source = number * step;
                let at = piece.at + source - piece.source.start;
                let span = window.to_recording(at..at + step * 9 / 10);
                words.push(Word { confidence: Some(0.9), ..Word::timed(NUMBERS[number % NUMBERS.len()], span) });
            }
        }
        let language = Some(asked.language.unwrap_or("en").to_owned());
        let runs = vec![Run { range: 0..window.samples.len(), language, silent: false }];
        Ok(Heard { runs, words, ..Heard::default() })
    }

    /// The numbers it knows are likely, other words the less the longer they are; whatever the sound.
    fn weigh(&self, _: &[f32], _: Option<&str>, readings: &[Reading<'_>]) -> Result<Vec<Option<Weighed>>, Error> {
        let weighed = |reading: &Reading<'_>| {
            let (tokens, log_prob) = likelihood(reading.words);
            (tokens > 0).then(|| Weighed { log_prob, tokens, context_log_prob: likelihood(reading.after).1 })
        };
        Ok(readings.iter().map(weighed).collect())
    }
}

/// The number of words, and how likely they are together.
fn likelihood(text: &str) -> (usize, f32) {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold((0, 0.0), |(count, sum), word| {
        let is_known = NUMBERS.iter().any(|number| number.trim_end_matches('.') == word.to_lowercase());
        (count + 1, sum - if is_known { 0.1 } else { word.len() as f32 })
    })
}
