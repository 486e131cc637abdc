//! Windows of sound to words, behind one trait.

mod fake;
mod joiner;
mod language;
mod stretches;
mod transcribe;
mod weigh;
#[cfg(any(feature = "shared-recogniser", feature = "source-recogniser"))]
mod whisper;

pub use fake::FakeRecogniser;
pub use language::LanguagePart;
pub use transcribe::{Chunk, Heard, Joined, Options, Resume, Run, Step, transcribe};
pub use weigh::{Reading, Weighed};
#[cfg(any(feature = "shared-recogniser", feature = "source-recogniser"))]
pub use whisper::{WhisperRecogniser, confidence};

use crate::Error;
use crate::detect::{LevelDetector, SileroDetector, SpeechDetector, Window};
use crate::models;

/// Hears windows of sound. Shared between threads: each call hears one window on the calling thread's behalf.
pub trait Recogniser: Send + Sync {
    /// The engine's name, such as "ctranslate2-whisper".
    fn engine(&self) -> &str;

    /// The model's name, such as "whisper-base".
    fn model(&self) -> &str;

    /// Hears one window.
    fn hear(&self, window: &Window, asked: &Asked<'_>) -> Result<Heard, Error>;

    /// How well readings fit `sound`, 16 kHz mono, which is listened to once; what is beyond
    /// [`MAX_WINDOW`](crate::detect::MAX_WINDOW) is not heard. `language` is an ISO 639-1 code; `None` has it told from
    /// the sound. One for each reading, in their order: `None` where it has no words, is too long, or where there is
    /// hardly any sound. A recogniser that can't tell says `None` of all.
    ///
    /// # Errors
    /// [`Error::Runtime`] where the recogniser fails.
    fn weigh(
        &self,
        sound: &[f32],
        language: Option<&str>,
        readings: &[Reading<'_>],
    ) -> Result<Vec<Option<Weighed>>, Error> {
        let _ = (sound, language);
        Ok(vec![None; readings.len()])
    }
}

/// What a recogniser is told of a window.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// ISO 639-1 code of the language spoken; `None` asks the recogniser to tell it.
    pub language: Option<&'a str>,
    /// The language spoken before, which goes on where the sound does not clearly tell otherwise.
    pub expected: Option<&'a str>,
    /// Names and rare words that may be said, as they are written.
    pub vocabulary: &'a [String],
    /// Names that may be said, as a machine gathered them: most of them are not said.
    pub gathered: &'a [String],
}

/// How to load a recogniser.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// Windows heard at the same time, each on one thread.
    pub workers: usize,
    /// Beam width; 1 is greedy and fastest.
    pub beam: usize,
}

/// A recogniser and the detector that goes with it.
pub struct Ear {
    /// Hears windows.
    pub recogniser: Box<dyn Recogniser>,
    detector: Detector,
}

enum Detector {
    Level,
    Silero(std::path::PathBuf),
}

impl Ear {
    /// Loads a model by the name in the manifest, or from a folder with a CTranslate2 Whisper. The name
    /// `fake` gives a recogniser without weights, for tests.
    pub fn load(model: &str, options: &LoadOptions) -> Result<Self, Error> {
        if model == FakeRecogniser::NAME {
            return Ok(Self { recogniser: Box::new(FakeRecogniser), detector: Detector::Level });
        }
        let folder = models::resolve(model)?;
        let detector = models::resolve(models::DETECTOR)?.join(models::DETECTOR_FILE);
        Ok(Self { recogniser: load_whisper(model, &folder, options)?, detector: Detector::Silero(detector) })
    }

    /// A detector at the start of a recording.
    pub fn detector(&self) -> Result<Box<dyn SpeechDetector>, Error> {
        Ok(match &self.detector {
            Detector::Level => Box::new(LevelDetector),
            Detector::Silero(file) => Box::new(SileroDetector::load(file)?),
        })
    }
}

#[cfg(any(feature = "shared-recogniser", feature = "source-recogniser"))]
fn load_whisper(name: &str, folder: &std::path::Path, options: &LoadOptions) -> Result<Box<dyn Recogniser>, Error> {
    Ok(Box::new(WhisperRecogniser::load(name, folder, options)?))
}

#[cfg(not(any(feature = "shared-recogniser", feature = "source-recogniser")))]
fn load_whisper(_: &str, _: &std::path::Path, _: &LoadOptions) -> Result<Box<dyn Recogniser>, Error> {
    Err(Error::NoRecogniser)
}
