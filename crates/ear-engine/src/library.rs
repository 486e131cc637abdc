//! The library: one folder that holds everything.
//!
//! ```text
//! earwitness.db   what we remember (ground)
//! recordings/     sound as it came, by content hash (ground)
//! covers/         pictures from inside the sound, by the same hash (ground)
//! index/          the word index (derived)
//! lost/           sound that no episode has, put aside by the doctor
//! tmp/            files on their way in; emptied when they are a day old
//! ```

use crate::{Error, ErrorKind, Result};
use ear_search::WordIndex;
use ear_speech::recognise::{Ear, LoadOptions};
use ear_store::{Recording, Store};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

const DATABASE: &str = "earwitness.db";

/// What a loaded recogniser was loaded as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EarKey {
    pub model: String,
    pub workers: usize,
}

/// An open library. Cheap to share between threads.
pub struct Library {
    folder: PathBuf,
    pub(crate) store: Store,
    index: OnceLock<WordIndex>,
    ear: Mutex<Option<(EarKey, Arc<Ear>)>>,
}

impl Library {
    /// Opens the library in this folder, making it where there is none.
    pub fn open(folder: &Path) -> Result<Self> {
        if !Self::exists(folder) && holds_files(&folder.join("recordings")) {
            let error = Error::new(ErrorKind::Storage, "there are recordings here, but their database is gone");
            let error = error.at(folder.join(DATABASE).display().to_string());
            return Err(error.remedy("Bring it back from a backup; or move the recordings away and add them anew"));
        }
        for part in ["recordings", "covers", "tmp"] {
            let part = folder.join(part);
            fs::create_dir_all(&part).map_err(|error| Error::file(&part, &error))?;
        }
        let folder = fs::canonicalize(folder).map_err(|error| Error::file(folder, &error))?;
        let store = Store::open(&folder.join(DATABASE))?;
        sweep(&folder.join("tmp"));
        Ok(Self { folder, store, index: OnceLock::new(), ear: Mutex::new(None) })
    }

    /// Whether a library is in this folder.
    pub fn exists(folder: &Path) -> bool {
        folder.join(DATABASE).is_file()
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where files on their way in may lie; on the same disk as the recordings.
    pub fn inbox(&self) -> PathBuf {
        self.folder.join("tmp")
    }

    pub(crate) fn recording_file(&self, recording: &Recording) -> PathBuf {
        self.recording_place(&recording.hash, &recording.extension)
    }

    pub(crate) fn recording_place(&self, hash: &str, extension: &str) -> PathBuf {
        let start = hash.get(..2).unwrap_or("__");
        self.folder.join("recordings").join(start).join(format!("{hash}.{extension}"))
    }

    pub(crate) fn cover_place(&self, hash: &str) -> PathBuf {
        self.folder.join("covers").join(hash)
    }

    pub(crate) fn index_folder(&self) -> PathBuf {
        self.folder.join("index")
    }

    /// The word index, opened when it is first needed, so that a library with a broken one can still be
    /// listed, repaired and reindexed.
    pub(crate) fn index(&self) -> Result<&WordIndex> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let index = WordIndex::open(&self.index_folder())?;
        Ok(self.index.get_or_init(|| index))
    }

    /// Starts the word index anew, empty.
    pub(crate) fn reset_index(&self) -> Result<()> {
        match self.index() {
            Ok(index) => Ok(index.clear()?),
            Err(_) => {
                let index = WordIndex::reset(&self.index_folder())?;
                self.index.set(index).map_err(|_| Error::new(ErrorKind::Busy, "the word index was opened meanwhile"))
            }
        }
    }

    /// The recogniser for a model; loaded once and kept, since loading takes seconds.
    pub(crate) fn ear(&self, key: &EarKey) -> Result<Arc<Ear>> {
        let mut loaded = self.ear.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ear)) = loaded.as_ref().filter(|(loaded, _)| loaded == key) {
            return Ok(Arc::clone(ear));
        }
        // The old model goes before the new one comes, so that only one is in memory.
        *loaded = None;
        let ear =
            Arc::new(Ear::load(&key.model, &LoadOptions { workers: key.workers, beam: crate::transcribe::BEAM })?);
        *loaded = Some((key.clone(), Arc::clone(&ear)));
        Ok(ear)
    }
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn holds_files(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

/// Removes what a killed process left on its way in. Failing to is no reason not to open: the file is tried
/// again at the next start.
fn sweep(inbox: &Path) {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    for entry in fs::read_dir(inbox).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age > DAY) && fs::remove_file(entry.path()).is_err() {
            continue;
        }
    }
}
