//! What can be wrong with a sound file, and what to do about it.

use ear_core::{Millis, clock};
use std::{io, path::PathBuf};

/// Why a file gave no sound. Each message names the file and, where there is one, the place in it;
/// [`AudioError::remedy`] says what a person can do.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// The file has no bytes, or a well-formed header and no sound after it.
    #[error("{} is empty: {what}", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// What is missing ("no bytes", "a header without sound").
        what: &'static str,
    },
    /// The content is no sound at all.
    #[error("{} is not a sound file (looks like {looks_like})", path.display())]
    NotSound {
        /// The file.
        path: PathBuf,
        /// What its first bytes look like ("a PDF document").
        looks_like: &'static str,
    },
    /// Probably sound, in a form that is not decoded here.
    #[error("{} cannot be decoded here: {what}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What it looks like and why that did not work.
        what: String,
    },
    /// A sound file that is too damaged.
    #[error("{} is damaged at {}: {reason}", path.display(), clock(*at))]
    Broken {
        /// The file.
        path: PathBuf,
        /// Where decoding stopped.
        at: Millis,
        /// What the decoder said.
        reason: String,
    },
    /// Longer than [`super::LONGEST`], by mistake or by malice.
    #[error("{} is longer than {} hours", path.display(), super::LONGEST / 3_600_000)]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl AudioError {
    /// What a person can do about it, as one sentence.
    pub fn remedy(&self) -> String {
        match self {
            Self::Empty { .. } => "Fetch or export the file again: there is nothing in it to hear.".to_owned(),
            Self::NotSound { .. } => {
                "Give a sound or video file (mp3, m4a, wav, flac, ogg, opus, webm, mp4 and others).".to_owned()
            }
            Self::Unsupported { .. } if super::ffmpeg::is_installed() => {
                "Convert it to mp3, flac or wav with the program that made it.".to_owned()
            }
            Self::Unsupported { .. } => "Install ffmpeg, or convert the file to mp3, flac or wav.".to_owned(),
            Self::Broken { .. } => "Fetch or export the file again; this copy is damaged.".to_owned(),
            Self::TooLong { .. } => "Cut it into parts that are shorter.".to_owned(),
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => "Check the path: no file is there.".to_owned(),
                io::ErrorKind::PermissionDenied => "Give this user the right to read it.".to_owned(),
                io::ErrorKind::IsADirectory => "Name a file in this folder, not the folder.".to_owned(),
                _ => "Check the disk that holds it, then try again.".to_owned(),
            },
        }
    }
}
