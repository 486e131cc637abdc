//! Libraries to try things on.

use ear_engine::core::EpisodeId;
use ear_engine::{AddOptions, DoctorOptions, Event, Finding, Library, SearchRequest, Stop, WorkOptions};
use ear_store::Store;
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A library with an episode that the fake recogniser has heard.
pub struct Heard {
    pub folder: TempDir,
    pub library: Library,
    pub episode: EpisodeId,
}

impl Heard {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(&folder.path().join("library")).unwrap();
        let episode = add(&library, &tone(folder.path(), "tone.wav", 3, 0.2));
        work(&library);
        Self { folder, library, episode }
    }

    /// The same library as another process opens it, once this one is closed.
    pub fn again(self) -> Self {
        let Self { folder, library, episode } = self;
        drop(library);
        let library = Library::open(&folder.path().join("library")).unwrap();
        Self { folder, library, episode }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the sound of the episode lies.
    pub fn sound(&self) -> PathBuf {
        self.library.recording(self.episode).unwrap().unwrap().0
    }

    pub fn store(&self) -> Store {
        Store::open(&self.library.folder().join("earwitness.db")).unwrap()
    }

    /// Breaks the tables as no call on the store would.
    pub fn sql(&self, sql: &str) {
        let raw = Connection::open(self.library.folder().join("earwitness.db")).unwrap();
        raw.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
    }

    pub fn findings(&self, repair: bool, thorough: bool) -> Vec<Finding> {
        self.library.doctor(&DoctorOptions { repair, thorough }, &|_| ()).unwrap()
    }
}

/// A tone as a 16 kHz mono WAV file. The pitch makes its content its own.
pub fn tone(folder: &Path, name: &str, seconds: u32, pitch: f64) -> PathBuf {
    let samples: Vec<u8> =
        (0..seconds * 16_000).flat_map(|i| (((f64::from(i) * pitch).sin() * 9000.0) as i16).to_le_bytes()).collect();
    let length = samples.len() as u32;
    let mut bytes = [b"RIFF", &(36 + length).to_le_bytes()[..], b"WAVEfmt ", &16u32.to_le_bytes()].concat();
    bytes.extend([1u16, 1].map(u16::to_le_bytes).concat());
    bytes.extend([16_000u32, 32_000].map(u32::to_le_bytes).concat());
    bytes.extend([2u16, 16].map(u16::to_le_bytes).concat());
    bytes.extend([b"data", &length.to_le_bytes()[..], &samples].concat());
    let file = folder.join(name);
    fs::write(&file, bytes).unwrap();
    file
}

pub fn add(library: &Library, file: &Path) -> EpisodeId {
    let options = AddOptions { model: Some("fake".into()), ..AddOptions::default() };
    library.add(file, &options).unwrap().episode
}

pub fn work(library: &Library) {
    work_telling(library, &|_| ());
}

pub fn work_telling(library: &Library, on_event: &(dyn Fn(Event) + Sync)) {
    library.work(&WorkOptions::default(), &Stop::default(), on_event).unwrap();
}

pub fn hits(library: &Library, query: &str) -> usize {
    library.search(&SearchRequest { query: query.into(), ..SearchRequest::default() }).unwrap().total
}
