//! Whisper (Radford et al. 2022, arXiv 2212.04356) through CTranslate2: any folder with a converted model.

mod align;
mod candidates;
pub mod confidence;
mod decode;
mod device;
mod guards;
mod language;
mod listen;
mod mel;
mod readings;
mod second_listen;
mod sound_alike;
mod vocabulary;
mod weigh;

use super::language::runs;
use super::{Asked, Heard, LoadOptions, Reading, Recogniser, Run, Weighed};
use crate::Error;
use crate::audio::SAMPLE_RATE;
use crate::detect::{MAX_WINDOW, PAD, Window};
use candidates::Names;
use ct2rs::sys::{Config, Device, Whisper};
use decode::Encoded;
use ear_core::{Alternative, Word, join_words};
use mel::LogMel;
use readings::Part;
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
    /// Samples by which words begin later than their attention says.
    later: isize,
}

impl WhisperRecogniser {
    /// Loads a model folder: `model.bin`, `config.json`, `vocabulary.txt` or `.json`. Weights are shared by all
    /// workers and on the processor held as 8-bit integers. `EARWITNESS_DEVICE=cuda` computes on a graphics card.
    pub fn load(name: &str, folder: &Path, options: &LoadOptions) -> Result<Self, Error> {
        let vocabulary = Vocabulary::load(folder)?;
        let (device, compute_type) = device::chosen()?;
        let failed = |reason: String| match device {
            Device::CUDA => Error::Device { reason },
            _ => Error::ModelBroken { path: folder.to_owned(), reason },
        };
        let config = Config {
            device,
            compute_type,
            device_indices: vec![0; options.workers.max(1)],
            num_threads_per_replica: 1,
            ..Config::default()
        };
        let model = Whisper::new(folder, config).map_err(|error| failed(error.to_string()))?;
        let (mel, multilingual) = (LogMel::new(model.n_mels()), model.is_multilingual());
        let (beam, later) = (options.beam.max(1), align::later(folder));
        Ok(Self { name: name.to_owned(), model, mel, vocabulary, multilingual, beam, later })
    }

    fn prompt(&self, language: &str) -> Vec<String> {
        let mut prompt = vec!["<|startoftranscript|>".to_owned()];
        if self.multilingual {
            prompt.extend([format!("<|{language}|>"), "<|transcribe|>".to_owned()]);
        }
        prompt
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
        let encoded = self.encode(heard_at_once(&window.samples))?;
        let names = Names::new(asked.vocabulary, asked.gathered);
        if let Some(code) = asked.language {
            let pass = self.hear_once(window, encoded, code, &names)?;
            return self.go_on(window, pass, code, &names);
        }
        let mut languages = self.languages(window, &encoded)?;
        let mut runs = runs(&languages, asked.expected);
        if runs.len() < 2 {
            let code = runs.pop().map_or("en".to_owned(), |run| run.1);
            let pass = self.hear_once(window, encoded, &code, &names)?;
            if !language::is_sure(&languages, &code) && language::is_foreign(pass.average, seconds(window)) {
                let runs = vec![language::whole(window, None, pass.silent)];
                return Ok(Heard { runs, languages, ..Heard::default() });
            }
            if languages.len() == 1 && language::is_doubtful(window, &pass.words) {
                languages = self.look_at_parts(window)?;
            }
            runs = language::of_window(&languages, asked.expected, &code);
            if runs.len() < 2 && runs.iter().all(|run| run.1 == code) {
                return Ok(Heard { languages, ..self.go_on(window, pass, &code, &names)? });
            }
        }
        let mut whole = Heard { languages, ..Heard::default() };
        for (range, code) in runs {
            let part = window.part(range.clone());
            let pass = self.hear_once(&part, self.encode(&part.samples)?, &code, &names)?;
            let heard = self.go_on(&part, pass, &code, &names)?;
            whole.runs.extend(heard.runs.into_iter().map(|run| Run { range: range.clone(), ..run }));
            whole.words.extend(heard.words);
        }
        Ok(whole)
    }

    fn weigh(
        &self,
        sound: &[f32],
        language: Option<&str>,
        readings: &[Reading<'_>],
    ) -> Result<Vec<Option<Weighed>>, Error> {
        self.weigh_readings(sound, language, readings)
    }
}

fn heard_at_once(samples: &[f32]) -> &[f32] {
    &samples[..samples.len().min(MAX_WINDOW)]
}

/// How often the rest of a window is heard again.
const RESTS: usize = 3;
/// Shorter speech without words is a cough or a breath: 400 ms.
const UNHEARD: usize = SAMPLE_RATE as usize * 2 / 5;

/// One pass over a window.
#[derive(Default)]
struct Pass {
    words: Vec<Word>,
    part: Part,
    average: f32,
    /// Nobody speaks after all.
    silent: bool,
    /// Speech goes on from this sample of the window without words.
    unheard_from: Option<usize>,
}

impl WhisperRecogniser {
    /// Hears what the first pass over a window left.
    fn go_on(&self, window: &Window, heard: Pass, code: &str, names: &Names<'_>) -> Result<Heard, Error> {
        if heard.silent {
            return Ok(Heard { runs: vec![language::whole(window, None, true)], ..Heard::default() });
        }
        let (mut words, mut parts) = (heard.words, vec![heard.part]);
        let mut rest = heard.unheard_from.map(|sample| window.from(sample));
        // Decoding sometimes ends at a pause though speech goes on; what was left is heard by itself.
        for _ in 0..RESTS {
            let Some(window) = rest.take() else { break };
            let more = self.hear_once(&window, self.encode(&window.samples)?, code, names)?;
            if more.silent || more.average < guards::LIKELY {
                break;
            }
            rest = more.unheard_from.map(|sample| window.from(sample));
            words.extend(more.words);
            parts.push(more.part);
        }
        let runs = vec![language::whole(window, Some(code.to_owned()), false)];
        Ok(Heard { runs, words, alternatives: readings::of_window(&parts), ..Heard::default() })
    }

    fn hear_once(
        &self,
        window: &Window,
        mut encoded: Encoded<'_>,
        code: &str,
        names: &Names<'_>,
    ) -> Result<Pass, Error> {
        let prompt = self.prompt(code);
        let draft = self.decode(&mut encoded, &[&prompt[..], &["<|notimestamps|>".to_owned()]].concat())?;
        let mut pass = Pass { average: draft.average, ..Pass::default() };
        if guards::is_invented(&draft.text, draft.no_speech, draft.average, seconds(window)) {
            return Ok(Pass { silent: true, ..pass });
        }
        let mut tokens = guards::without_loop(&draft.tokens);
        let mut laid = self.lay(&encoded, &prompt, &tokens)?;
        let (mut others, mut placed) = (draft.others, Vec::new());
        let glued = vocabulary::writes_without_spaces(code);
        if !glued && let Some(meant) = self.with_names(names, &encoded, &prompt, &tokens, &laid)? {
            others.insert(0, Alternative { text: draft.text, score: draft.average });
            (tokens, laid, placed) = (meant.tokens, meant.aligned, meant.names);
        }
        let token_words = self.vocabulary.words(&tokens, glued);
        let (mut words, end) = align::timed_words(token_words.clone(), &laid.times, &laid.probabilities, window);
        listen::trust(&placed, &token_words, &mut words);
        let unheard = window.speech.iter().find(|speech| speech.start >= end && speech.len() >= UNHEARD);
        pass.unheard_from = unheard.map(|speech| speech.start.saturating_sub(PAD).max(end));
        pass.part = Part { best: join_words(&words), others };
        pass.words = words;
        Ok(pass)
    }
}

/// Seconds of speech in a window.
fn seconds(window: &Window) -> f32 {
    window.speech.iter().map(ExactSizeIterator::len).sum::<usize>() as f32 / SAMPLE_RATE as f32
}
