//! From sound to tokens: encoding, decoding with a beam, and what is done where that goes wrong.

use super::{WhisperRecogniser, guards, mel};
use crate::Error;
use ct2rs::sys::{Device, StorageView, WhisperOptions};
use ear_core::Alternative;
use mel::FRAMES;

/// Fewest frames that are encoded: fifteen seconds. Given less the model loops.
const FEWEST: usize = FRAMES / 2;
/// Frames of silence after the sound: two seconds. Given less than half a second it says things twice.
const SILENCE_AFTER: usize = 200;
/// Temperatures at which to sample where the beam goes wrong (section 4.5 of the paper).
const TEMPERATURES: [f32; 5] = [0.2, 0.4, 0.6, 0.8, 1.0];
/// Texts that are asked of the beam, and at each temperature.
const READINGS: usize = 5;

/// Sound as the decoder takes it.
pub(super) struct Encoded<'a> {
    pub states: StorageView<'static>,
    pub samples: &'a [f32],
    frames: usize,
}

/// A transcription of one window, before its words have times.
#[derive(Debug)]
pub(super) struct Draft {
    pub tokens: Vec<usize>,
    pub text: String,
    /// Mean log-probability of a token.
    pub average: f32,
    pub no_speech: f32,
    /// Other texts that were found, likeliest first.
    pub others: Vec<Alternative>,
}

impl Draft {
    fn is_credible(&self) -> bool {
        !guards::loops(&self.text)
            && (self.average >= guards::LIKELY || guards::is_silence(self.no_speech, self.average))
    }

    fn or_better(self, other: Self) -> Self {
        let rank = |draft: &Self| (!guards::loops(&draft.text), draft.average);
        if rank(&other) > rank(&self) { other } else { self }
    }
}

impl WhisperRecogniser {
    /// Encodes up to thirty seconds. The model was trained on thirty seconds whatever the length of the sound;
    /// as it hears as well with less silence behind the sound, and the encoder's work grows faster than its
    /// input, only some is added.
    pub(super) fn encode<'a>(&self, samples: &'a [f32]) -> Result<Encoded<'a>, Error> {
        let frames = (samples.len().div_ceil(mel::HOP) + SILENCE_AFTER).clamp(FEWEST, FRAMES);
        self.encode_frames(samples, frames.next_multiple_of(2))
    }

    /// Encodes sound as short as it is: the model hears too little for words in it, and enough for the language.
    pub(super) fn encode_short<'a>(&self, samples: &'a [f32]) -> Result<Encoded<'a>, Error> {
        let frames = samples.len().div_ceil(mel::HOP).clamp(2, FRAMES);
        self.encode_frames(samples, frames.next_multiple_of(2))
    }

    fn encode_frames<'a>(&self, samples: &'a [f32], frames: usize) -> Result<Encoded<'a>, Error> {
        let mut features = self.mel.features(samples, frames);
        let features = StorageView::new(&[1, self.model.n_mels(), frames], &mut features, Device::CPU)
            .map_err(Error::runtime("recognition"))?;
        let states = self.model.encode(&features, false).map_err(Error::runtime("recognition"))?;
        Ok(Encoded { states, samples, frames })
    }

    /// Decodes with a beam. Where that loops or is unlikely it is tried again with the full thirty seconds, then by
    /// sampling at rising temperatures (section 4.5 of the paper); kept is the likeliest that does not loop.
    pub(super) fn decode(&self, sound: &mut Encoded<'_>, prompt: &[String]) -> Result<Draft, Error> {
        let mut best = self.generate(sound, prompt, 0.0)?;
        if !best.is_credible() && sound.frames < FRAMES {
            *sound = self.encode_frames(sound.samples, FRAMES)?;
            best = best.or_better(self.generate(sound, prompt, 0.0)?);
        }
        for temperature in TEMPERATURES {
            if best.is_credible() {
                break;
            }
            best = best.or_better(self.generate(sound, prompt, temperature)?);
        }
        Ok(best)
    }

    fn generate(&self, sound: &Encoded<'_>, prompt: &[String], temperature: f32) -> Result<Draft, Error> {
        let sampling = temperature > 0.0;
        let options = WhisperOptions {
            beam_size: if sampling { 1 } else { self.beam },
            num_hypotheses: if sampling { READINGS } else { READINGS.min(self.beam) },
            sampling_topk: if sampling { 0 } else { 1 },
            sampling_temperature: if sampling { temperature } else { 1.0 },
            return_scores: true,
            return_no_speech_prob: true,
            ..WhisperOptions::default()
        };
        let mut results =
            self.model.generate(&sound.states, &[prompt.to_vec()], &options).map_err(Error::runtime("recognition"))?;
        let result = results.pop().ok_or_else(|| Error::runtime("recognition")("no result for the window"))?;
        let mut readings = result.sequences_ids.into_iter().zip(result.scores).map(|(ids, score)| {
            // The score is the mean over the tokens; the end of the text counts as one more.
            let average = score * ids.len() as f32 / (ids.len() + 1) as f32;
            let tokens: Vec<usize> = ids.into_iter().filter(|id| self.vocabulary.is_text(*id)).collect();
            (self.vocabulary.text(&tokens), average, tokens)
        });
        let (text, average, tokens) = readings.next().unwrap_or((String::new(), f32::NEG_INFINITY, Vec::new()));
        let others = readings.map(|(text, score, _)| Alternative { text, score }).collect();
        Ok(Draft { tokens, text, average, no_speech: result.no_speech_prob, others })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(text: &str, average: f32, no_speech: f32) -> Draft {
        Draft { tokens: Vec::new(), text: text.into(), average, no_speech, others: Vec::new() }
    }

    #[test]
    fn drafts_are_tried_again_where_they_loop_or_are_unlikely() {
        let check = |draft: Draft, expected| assert_eq!(draft.is_credible(), expected, "{draft:?}");
        check(draft("a plain text", -0.4, 0.0), true);
        check(draft("a plain text", -1.4, 0.0), false);
        check(draft("into silence", -1.4, 0.9), true);
        check(draft(&"or, ".repeat(20), -0.1, 0.0), false);
    }

    #[test]
    fn the_likeliest_without_a_loop_is_kept() {
        let looping = || draft(&"or, ".repeat(20), -0.1, 0.0);
        assert_eq!(looping().or_better(draft("better", -2.0, 0.0)).text, "better");
        assert_eq!(draft("better", -2.0, 0.0).or_better(looping()).text, "better");
        assert_eq!(draft("worse", -2.0, 0.0).or_better(draft("better", -1.5, 0.0)).text, "better");
    }
}
