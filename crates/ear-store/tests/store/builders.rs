//! A library to try things on, and short ways to fill it.

use ear_core::{EpisodeId, Origin, Span, Stretch, Timing, Transcript, Word};
use ear_store::{NewChunk, NewEpisode, NewRecording, Store, TranscriptHead};
use rusqlite::Connection;
use std::path::PathBuf;
use tempfile::TempDir;

/// An empty library that goes when it is dropped.
pub struct Library {
    pub store: Store,
    pub folder: TempDir,
}

impl Library {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { store: Store::open(&folder.path().join("library.db")).unwrap(), folder }
    }

    /// The same library as another process sees it.
    pub fn again(&self) -> Store {
        Store::open(self.store.path()).unwrap()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The tables themselves, for breaking them.
    pub fn raw(&self) -> Connection {
        Connection::open(self.store.path()).unwrap()
    }

    pub fn episode(&self, title: &str) -> EpisodeId {
        self.store.add_episode(&new_episode(title)).unwrap().id
    }

    pub fn episode_with_sound(&self, title: &str, digit: char) -> EpisodeId {
        let new = NewEpisode { recording: Some(new_recording(digit)), ..new_episode(title) };
        self.store.add_episode(&new).unwrap().id
    }
}

pub fn new_episode(title: &str) -> NewEpisode {
    NewEpisode { title: title.into(), source: format!("/talks/{title}"), ..NewEpisode::default() }
}

/// A recording whose hash is one digit, repeated.
pub fn new_recording(digit: char) -> NewRecording {
    NewRecording {
        hash: digit.to_string().repeat(64),
        extension: "mp3".into(),
        media_type: "audio/mpeg".into(),
        bytes: 1_000,
        duration: Some(60_000),
        original_name: Some("talk.mp3".into()),
    }
}

/// Words "w0", "w1", … of 300 ms each.
pub fn timed_words(count: u64) -> Vec<Word> {
    (0..count).map(|n| Word::timed(format!("w{n}"), Span::new(n * 300, n * 300 + 250))).collect()
}

pub fn transcript(origin: Origin, timing: Timing) -> Transcript {
    Transcript { timing, words: timed_words(3), ..Transcript::empty(origin) }
}

pub fn head(fingerprint: &str) -> TranscriptHead {
    TranscriptHead {
        origin: Origin::Recognised,
        language: Some("en".into()),
        engine: Some("an-engine".into()),
        model: Some("a-model".into()),
        fingerprint: fingerprint.into(),
        timing: Timing::Words,
        duration: Some(90_000),
    }
}

/// A chunk without other readings.
pub fn chunk<'a>(seq: usize, span: Span, words: &'a [Word], stretches: &'a [Stretch]) -> NewChunk<'a> {
    NewChunk { seq, span, words, stretches, alternatives: &[] }
}
