//! One file to words, without a library.

use crate::{Error, ErrorKind, Result, Stop};
use ear_core::{Millis, Origin, Stretch, Timing, Transcript, Word, WordRange, join_words};
use ear_speech::audio::Sound;
use ear_speech::recognise::{self, Chunk, Ear, LoadOptions, Options, Step};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

/// Beam width unless told otherwise.
pub(crate) const BEAM: usize = 5;

/// How to recognise.
#[derive(Clone, Debug, Default)]
pub struct TranscribeOptions {
    /// Name of a model, or a folder with a CTranslate2 Whisper; `None` is the default model.
    pub model: Option<String>,
    /// ISO 639-1 code; `None` detects it.
    pub language: Option<String>,
    /// Names and rare words that may be said, as they are written.
    pub names: Vec<String>,
    /// Windows of sound that are heard side by side; 0 means one a core, two at most.
    pub threads: usize,
    /// Let whatever else this machine does go first.
    pub nice: bool,
    /// Beam width; 0 means the default, 5.
    pub beam: usize,
}

/// How far recognition is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Sound done.
    pub done: Millis,
    /// Length of the sound, where it is known.
    pub total: Option<Millis>,
    /// Seconds of sound done per second.
    pub rate: Option<f64>,
    /// Words heard since the last call, as text.
    pub heard: String,
}

/// What was heard in one file.
#[derive(Clone, Debug)]
pub struct Transcribed {
    /// The words.
    pub transcript: Transcript,
    /// Its sentences: a partition of the words.
    pub sentences: Vec<WordRange>,
    /// Its paragraphs: a partition of the words.
    pub passages: Vec<WordRange>,
    /// Faults of the file that did not stop it.
    pub warnings: Vec<String>,
}

/// A loaded recogniser, for any number of files.
pub struct Transcriber {
    ear: Ear,
    language: Option<String>,
    names: Vec<String>,
    workers: usize,
}

impl Transcriber {
    /// Loads the model, which takes about a second.
    pub fn load(options: &TranscribeOptions) -> Result<Self> {
        if options.nice {
            crate::jobs::be_nice();
        }
        let model = options.model.clone().unwrap_or_else(crate::models::default_model);
        let workers = workers(options.threads);
        let beam = if options.beam == 0 { BEAM } else { options.beam };
        let ear = Ear::load(&model, &LoadOptions { workers, beam })?;
        Ok(Self { ear, language: options.language.clone(), names: options.names.clone(), workers })
    }

    /// Recognises the speech in one file.
    pub fn transcribe(&self, file: &Path, stop: &Stop, on_progress: &(dyn Fn(Progress) + Sync)) -> Result<Transcribed> {
        let options = Options {
            language: self.language.clone(),
            vocabulary: self.names.clone(),
            gathered: Vec::new(),
            workers: self.workers,
            resume: None,
        };
        let mut pace = Pace::new(0);
        let (mut words, mut stretches) = (Vec::<Word>::new(), Vec::<Stretch>::new());
        let end = run(&self.ear, file, &options, &mut |step, total| {
            let heard = match step {
                Step::Heard(Chunk { words: heard, stretches: more, span, .. }) => {
                    pace.reach(span.end());
                    stretches.extend(more);
                    words.extend_from_slice(&heard);
                    join_words(&heard)
                }
                Step::Looked(_) => String::new(),
            };
            on_progress(Progress { done: pace.done, total, rate: pace.rate(), heard });
            Ok(if stop.requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        if end.joined.stopped {
            return Err(Error::new(ErrorKind::Stopped, "stopped before the end").at(file.display().to_string()));
        }
        stretches.extend(end.joined.stretches);
        let transcript = Transcript {
            origin: Origin::Recognised,
            language: end.joined.language,
            engine: Some(self.ear.recogniser.engine().to_owned()),
            model: Some(self.ear.recogniser.model().to_owned()),
            duration: Some(end.joined.duration),
            timing: Timing::Words,
            words,
            turns: Vec::new(),
            stretches,
        };
        let sentences = ear_language::sentences(&transcript);
        let passages =
            ear_language::passages(&transcript, &sentences).into_iter().map(|passage| passage.words).collect();
        Ok(Transcribed { transcript, sentences, passages, warnings: end.warnings })
    }
}

/// Recognises the speech in one file.
pub fn transcribe_file(
    file: &Path,
    options: &TranscribeOptions,
    stop: &Stop,
    on_progress: &(dyn Fn(Progress) + Sync),
) -> Result<Transcribed> {
    // A file that is no sound should say so before a model is loaded.
    Sound::open(file)?;
    Transcriber::load(options)?.transcribe(file, stop, on_progress)
}

/// Windows heard side by side unless told otherwise. Each takes about 200 MB beside the model.
const MOST: usize = 2;

/// As many threads as asked for, or as there are cores, two at most.
pub(crate) fn workers(threads: usize) -> usize {
    if threads > 0 { threads } else { std::thread::available_parallelism().map_or(1, usize::from).min(MOST) }
}

/// How a run over a file ended.
pub(crate) struct End {
    pub joined: recognise::Joined,
    pub warnings: Vec<String>,
}

/// Streams a file through an ear. `on_step` also gets the sound's declared length.
pub(crate) fn run(
    ear: &Ear,
    file: &Path,
    options: &Options,
    on_step: &mut dyn FnMut(Step, Option<Millis>) -> Result<ControlFlow<()>>,
) -> Result<End> {
    let mut sound = Sound::open(file)?;
    let total = sound.duration();
    // The steps' errors are the engine's own; they go around the speech crate.
    let mut failed = None;
    let mut blocks = sound.by_ref().map(|block| block.map_err(ear_speech::Error::from));
    let joined = recognise::transcribe(ear, &mut blocks, options, &mut |step| match on_step(step, total) {
        Ok(flow) => Ok(flow),
        Err(error) => {
            failed = Some(error);
            Ok(ControlFlow::Break(()))
        }
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok(End { joined, warnings: sound.warnings().iter().map(|warning| warning.message.clone()).collect() }),
    }
}

/// How fast sound is being done.
pub(crate) struct Pace {
    began: Instant,
    from: Millis,
    pub done: Millis,
}

impl Pace {
    /// Starts the clock at this moment of the sound.
    pub fn new(from: Millis) -> Self {
        Self { began: Instant::now(), from, done: from }
    }

    pub fn reach(&mut self, moment: Millis) {
        self.done = self.done.max(moment);
    }

    /// Seconds of sound done per second; nothing until there is something to tell from.
    pub fn rate(&self) -> Option<f64> {
        let seconds = self.began.elapsed().as_secs_f64();
        let done = (self.done - self.from) as f64 / 1000.0;
        (done > 0.0 && seconds > 0.05).then(|| done / seconds)
    }
}
