//! The library: one folder that holds everything.
//!
//! ```text
//! earwitness.db   what we remember (ground)
//! recordings/     sound as it came, by content hash (ground)
//! covers/         pictures from inside the sound, by the same hash (ground)
//! documents/      transcripts, chapters and names as they came, by content hash (ground)
//! index/          the word index (derived)
//! vectors/        what sentences and passages mean (derived)
//! lost/           sound that no episode has, put aside by the doctor
//! tmp/            files on their way in; emptied when they are a day old
//! ```

use crate::clips::ClipTable;
use crate::meaning::Understanding;
use crate::reserve::RESERVE;
use crate::workers::is_held;
use crate::{Error, ErrorKind, Result};
use ear_search::WordIndex;
use ear_speech::recognise::{Ear, LoadOptions};
use ear_store::{Frozen, Recording, Store};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

pub(crate) const DATABASE: &str = "earwitness.db";

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
    pub(crate) understanding: Mutex<Option<Arc<Understanding>>>,
    pub(crate) clip_table: Mutex<Arc<ClipTable>>,
}

impl Library {
    /// Opens the library in this folder, making it where there is none, and bringing one of an older form to
    /// today's. One that can't be written to can still be read: [`Library::frozen`] says so.
    pub fn open(folder: &Path) -> Result<Self> {
        if !Self::exists(folder) {
            if holds_files(&folder.join("recordings")) {
                let error =
                    Error::new(ErrorKind::Storage, "there are recordings here, but their database is gone or empty");
                let error = error.at(folder.join(DATABASE).display().to_string());
                let remedy = "Bring it back from a backup with `earwitness restore BACKUP --force`; or move the \
                              recordings away and add them anew";
                return Err(error.remedy(remedy));
            }
            make_parts(folder)?;
        }
        let folder = fs::canonicalize(folder).map_err(|error| Error::file(folder, &error))?;
        let store = Store::open(&folder.join(DATABASE))?;
        if store.frozen().is_none() {
            make_parts(&folder)?;
            sweep(&folder.join("tmp"));
        }
        let (index, ear, understanding) = (OnceLock::new(), Mutex::new(None), Mutex::new(None));
        let library = Self { folder, store, index, ear, understanding, clip_table: Mutex::default() };
        if library.store.frozen().is_none() {
            library.take_reserve();
        }
        Ok(library)
    }

    /// Why nothing can be written to this library, in a sentence; `None` where it can.
    pub fn frozen(&self) -> Option<&'static str> {
        Some(match self.store.frozen()? {
            Frozen::ReadOnly => "nothing can be written to this library, so it is shown as it is",
            Frozen::DiskFull => "the disk is full, so the library is shown as it is and nothing is changed",
        })
    }

    /// Whether what keeps the library from being written to may pass by itself: a full disk.
    pub fn may_thaw(&self) -> bool {
        self.store.frozen() == Some(Frozen::DiskFull)
    }

    /// What opening the library changed of its form, in a sentence, if it was an older one.
    pub fn migrated(&self) -> Option<String> {
        let migrated = self.store.migrated()?;
        let (from, to, copy) = (migrated.from, migrated.to, migrated.copy.display());
        Some(format!("the library was brought from form {from} to form {to}; its database as it was is kept in {copy}"))
    }

    /// Whether a library is in this folder.
    pub fn exists(folder: &Path) -> bool {
        // An empty file is what a broken copy leaves behind.
        fs::metadata(folder.join(DATABASE)).is_ok_and(|database| database.is_file() && database.len() > 0)
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
    /// listed, repaired and reindexed. One that is gone is begun anew, and filled by jobs.
    pub(crate) fn index(&self) -> Result<&WordIndex> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let missing = self.index_is_missing();
        if missing && self.store.frozen() == Some(Frozen::ReadOnly) {
            return Err(Error::read_only("the word index is missing, and can't be built where nothing can be written"));
        }
        let index = WordIndex::open(&self.index_folder())?;
        if missing && !self.store.all_indexed()?.is_empty() {
            self.store.clear_indexed()?;
            self.queue_unindexed()?;
        }
        Ok(self.index.get_or_init(|| index))
    }

    /// Whether there is no word index at all.
    pub(crate) fn index_is_missing(&self) -> bool {
        self.index.get().is_none() && !WordIndex::exists(&self.index_folder())
    }

    /// Starts the word index anew, empty; gently where it can be opened, since others may be searching it.
    pub(crate) fn reset_index(&self) -> Result<()> {
        if !self.index_is_missing() && self.index().is_ok_and(|index| index.clear().is_ok()) {
            return Ok(());
        }
        let index = WordIndex::reset(&self.index_folder())?;
        // One that was opened before reads the folder anew with its next search.
        self.index.set(index).unwrap_or_default();
        Ok(())
    }

    /// The recogniser for a model: the one that is loaded, for however many windows at once, otherwise one for as many
    /// as are usual.
    pub(crate) fn any_ear(&self, model: &str) -> Result<Arc<Ear>> {
        let loaded = self.ear.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match loaded.filter(|(key, _)| key.model == model) {
            Some((_, ear)) => Ok(ear),
            None => self.ear(&EarKey { model: model.to_owned(), workers: crate::transcribe::workers(0) }),
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

/// The folders that every library has.
fn make_parts(folder: &Path) -> Result<()> {
    ["recordings", "covers", "tmp"].iter().try_for_each(|part| {
        let part = folder.join(part);
        fs::create_dir_all(&part).map_err(|error| Error::file(&part, &error))
    })
}

/// Removes what a killed process left on its way in. Failing to is no reason not to open: the file is tried
/// again at the next start.
fn sweep(inbox: &Path) {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    for entry in fs::read_dir(inbox).into_iter().flatten().flatten() {
        let keeps = is_held(&entry.path()) || entry.file_name() == RESERVE;
        if !keeps && lies_still(&entry.path(), DAY) && fs::remove_file(entry.path()).is_err() {
            continue;
        }
    }
}

/// Whether nobody wrote to a file for so long. One from a future that far away was written before the clock was
/// set back.
pub(crate) fn lies_still(file: &Path, for_long: Duration) -> bool {
    let Ok(modified) = fs::metadata(file).and_then(|metadata| metadata.modified()) else { return false };
    match modified.elapsed() {
        Ok(age) => age > for_long,
        Err(ahead) => ahead.duration() > for_long,
    }
}
