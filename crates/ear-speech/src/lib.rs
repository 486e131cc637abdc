//! Sound to words: decoding, voice detection, recognition with word times and confidence.
//!
//! The way of the data: [`audio::Sound`] streams 16 kHz samples, [`detect::Windower`] finds speech in them
//! and cuts windows in its pauses, a [`recognise::Recogniser`] hears each window, and
//! [`recognise::transcribe`] joins what was heard into words on the episode's timeline.

#[cfg(all(feature = "shared-recogniser", feature = "source-recogniser"))]
compile_error!("choose one recogniser: for the one built from source add --no-default-features");

pub mod audio;
pub mod detect;
mod error;
pub mod models;
pub mod recognise;

pub use error::Error;
