//! Whisper (Radford et al. 2022, arXiv 2212.04356) through CTranslate2: any folder with a converted model.

mod align;
mod guards;
mod mel;
mod vocabulary;

use super::{Asked, Heard, LoadOptions, Recogniser};
use crate::Error;
use crate::audio::SAMPLE_RATE;
use crate::detect::{MAX_WINDOW, PAD, Window};
use ct2rs::sys::{ComputeType, Config, Device, StorageView, Whisper, WhisperOptions};
use ear_core::Word;
use mel::{FRAMES, LogMel};
use std::path::Path;
use vocabulary::Vocabulary;

/// A loaded model. Each call of [`Recogniser::hear`] runs on one thread of its own.
pub struct WhisperRecogniser {
    name: String,
    model: Whisper,
    mel: LogMel,
    vocabulary: Vocabulary,
    multilingual: bool,
    beam: usize,
}

/// A transcription of one window, before its words have times.
struct Draft {
    tokens: Vec<usize>,
    text: String,
    /// Mean log-probability of a token.
    average: f32,
    no_speech: f32,
}

impl WhisperRecogniser {
    /// Loads a model folder: `model.bin`, `config.json`, `vocabulary.txt` or `.json`. Weights are held as 8-bit
    /// integers, shared by all workers.
    pub fn load(name: &str, folder: &Path, options: &LoadOptions) -> Result<Self, Error> {
        let broken = |reason: String| Error::ModelBroken { path: folder.to_owned(), reason };
        let vocabulary = Vocabulary::load(folder)?;
        let config = Config {
            device: Device::CPU,
            compute_type: ComputeType::INT8,
            device_indices: vec![0; options.workers.max(1)],
            num_threads_per_replica: 1,
            ..Config::default()
        };
        let model = Whisper::new(folder, config).map_err(|error| broken(error.to_string()))?;
        let (mel, multilingual) = (LogMel::new(model.n_mels()), model.is_multilingual());
        Ok(Self { name: name.to_owned(), model, mel, vocabulary, multilingual, beam: options.beam.max(1) })
    }

    fn detect_language(&self, encoded: &StorageView) -> Result<(String, f32), Error> {
        if !self.multilingual {
            return Ok(("en".into(), 1.0));
        }
        let found = self.model.detect_language(encoded).map_err(Error::runtime("language detection"))?;
        let best = found.first().and_then(|languages| languages.first());
        let (token, probability) = best.map_or(("<|en|>", 0.0), |best| (best.language.as_str(), best.probability));
        Ok((token.trim_matches(|c| "<|>".contains(c)).to_owned(), probability))
    }

    fn prompt(&self, language: &str) -> Vec<String> {
        let mut prompt = vec!["<|startoftranscript|>".to_owned()];
        if self.multilingual {
            prompt.extend([format!("<|{language}|>"), "<|transcribe|>".to_owned()]);
        }
        prompt
    }

    /// Decodes with a beam; where that loops or is unlikely, again by sampling at rising temperatures
    /// (section 4.5 of the paper), and keeps the likeliest that does not loop.
    fn decode(&self, encoded: &StorageView, prompt: &[String]) -> Result<Draft, Error> {
        let mut best: Option<Draft> = None;
        for temperature in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
            let draft = self.generate(encoded, prompt, temperature)?;
            let looping = guards::loops(&draft.text);
            if !looping && (draft.average >= guards::LIKELY || guards::is_silence(draft.no_speech, draft.average)) {
                return Ok(draft);
            }
            let better =
                best.as_ref().is_none_or(|best| (!looping, draft.average) > (!guards::loops(&best.text), best.average));
            if better {
                best = Some(draft);
            }
        }
        best.ok_or_else(|| Error::runtime("recognition")("nothing was decoded"))
    }

    fn generate(&self, encoded: &StorageView, prompt: &[String], temperature: f32) -> Result<Draft, Error> {
        let sampling = temperature > 0.0;
        let options = WhisperOptions {
            beam_size: if sampling { 1 } else { self.beam },
            num_hypotheses: if sampling { 5 } else { 1 },
            sampling_topk: if sampling { 0 } else { 1 },
            sampling_temperature: if sampling { temperature } else { 1.0 },
            return_scores: true,
            return_no_speech_prob: true,
            ..WhisperOptions::default()
        };
        let mut results =
            self.model.generate(encoded, &[prompt.to_vec()], &options).map_err(Error::runtime("recognition"))?;
        let result = results.pop().ok_or_else(|| Error::runtime("recognition")("no result for the window"))?;
        let ids = result.sequences_ids.into_iter().next().unwrap_or_default();
        // The score is the mean over the tokens; the end of the text counts as one more.
        let score = result.scores.first().copied().unwrap_or(f32::NEG_INFINITY);
        let average = score * ids.len() as f32 / (ids.len() + 1) as f32;
        let tokens: Vec<usize> = ids.into_iter().filter(|id| self.vocabulary.is_text(*id)).collect();
        Ok(Draft { text: self.vocabulary.text(&tokens), tokens, average, no_speech: result.no_speech_prob })
    }
}

impl Recogniser for WhisperRecogniser {
    fn engine(&self) -> &str {
        "ctranslate2-whisper"
    }

    fn model(&self) -> &str {
        &self.name
    }

    fn hear(&self, window: &Window, asked: &Asked<'_>) -> Result<Heard, Error> {
        let mut heard = self.hear_once(window, asked.language)?;
        let mut rest = heard.unheard_from.map(|sample| window.from(sample));
        // Decoding sometimes ends at a pause though speech goes on; what was left is heard by itself.
        for _ in 0..RESTS {
            let Some(window) = rest.take() else { break };
            let known = heard.language.as_ref().map(|(code, _)| code.as_str());
            let more = self.hear_once(&window, known)?;
            if more.average < guards::LIKELY {
                break;
            }
            rest = more.unheard_from.map(|sample| window.from(sample));
            heard.words.extend(more.words);
        }
        Ok(Heard { language: heard.language, words: heard.words, ..Heard::default() })
    }
}

/// How often the rest of a window is heard again.
const RESTS: usize = 3;
/// Shorter speech without words is a cough or a breath: 400 ms.
const UNHEARD: usize = SAMPLE_RATE as usize * 2 / 5;

/// One pass over a window.
struct Pass {
    language: Option<(String, f32)>,
    words: Vec<Word>,
    average: f32,
    /// Speech goes on from this sample of the window without words.
    unheard_from: Option<usize>,
}

impl WhisperRecogniser {
    fn hear_once(&self, window: &Window, language: Option<&str>) -> Result<Pass, Error> {
        let samples = &window.samples[..window.samples.len().min(MAX_WINDOW)];
        let mut features = self.mel.features(samples);
        let features = StorageView::new(&[1, self.model.n_mels(), FRAMES], &mut features, Device::CPU)
            .map_err(Error::runtime("recognition"))?;
        let encoded = self.model.encode(&features, false).map_err(Error::runtime("recognition"))?;
        let language = match language {
            Some(language) => (language.to_owned(), 1.0),
            None => self.detect_language(&encoded)?,
        };
        let prompt = self.prompt(&language.0);
        let draft = self.decode(&encoded, &[&prompt[..], &["<|notimestamps|>".to_owned()]].concat())?;
        let mut pass = Pass { language: Some(language), words: Vec::new(), average: draft.average, unheard_from: None };
        if guards::is_silence(draft.no_speech, draft.average) || draft.tokens.is_empty() {
            return Ok(pass);
        }
        let tokens = &guards::without_loop(&draft.tokens);
        let start: Vec<usize> = prompt.iter().filter_map(|token| self.vocabulary.id(token)).collect();
        let frames = samples.len().div_ceil(mel::HOP);
        let aligned = self
            .model
            .align(&encoded, &start, std::slice::from_ref(tokens), &[frames], align::MEDIAN_WIDTH)
            .map_err(Error::runtime("alignment"))?;
        let aligned = aligned.first().ok_or_else(|| Error::runtime("alignment")("no alignment for the window"))?;
        let times = align::token_times(aligned.alignments.iter().map(|a| (a.token_x, a.frame_x)), tokens.len());
        let glued = pass.language.as_ref().is_some_and(|(code, _)| vocabulary::writes_without_spaces(code));
        let words = self.vocabulary.words(tokens, glued);
        let (words, end) = align::timed_words(words, &times, &aligned.text_token_probs, window);
        let unheard = window.speech.iter().find(|speech| speech.start >= end && speech.len() >= UNHEARD);
        pass.unheard_from = unheard.map(|speech| speech.start.saturating_sub(PAD).max(end));
        pass.words = words;
        Ok(pass)
    }
}
