//! A file on its way in: `goal.part`, and beside it `goal.part.json`, which says what it is a part of.
//!
//! What the note calls safe has reached the disk; after a power cut nothing beyond it is believed.

use super::{Fault, local::file_fault};
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// How much is written between two notes, in bytes.
const STEP: u64 = 8 * 1024 * 1024;

/// The longest note, in bytes.
const NOTE: u64 = 64 * 1024;

/// What a part is a part of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Source {
    /// The address that was asked for.
    pub url: String,
    /// Its tag.
    pub etag: Option<String>,
    /// Its date.
    pub last_modified: Option<String>,
    /// Its size in bytes.
    pub total: Option<u64>,
}

impl Source {
    /// What tells this version of the file from any other; `None` where nothing does for sure.
    pub fn validator(&self) -> Option<&str> {
        let strong = self.etag.as_deref().filter(|etag| etag.starts_with('"'));
        strong.or(self.last_modified.as_deref())
    }
}

#[derive(Serialize, Deserialize)]
struct Note {
    #[serde(flatten)]
    source: Source,
    safe: u64,
}

/// A part, open for writing and locked against others.
pub(super) struct Partial {
    file: File,
    path: PathBuf,
    note: PathBuf,
    safe: u64,
    /// How much is there, in bytes.
    pub done: u64,
    pub source: Source,
}

impl Partial {
    /// Opens the part for `goal`; what is there of another address, or of a version that cannot be told, is dropped.
    pub fn open(goal: &Path, url: &str) -> Result<Self, Fault> {
        let (path, note) = (beside(goal, ".part"), beside(goal, ".part.json"));
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|error| file_fault(&path, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let reason = "it is being fetched by another process; wait for it".to_owned();
                return Err(Fault::File { path: path.display().to_string(), reason });
            }
            Err(TryLockError::Error(error)) => return Err(file_fault(&path, &error)),
        }
        let length = file.metadata().map_err(|error| file_fault(&path, &error))?.len();
        let noted = read_note(&note)?.filter(|noted| noted.source.url == url && noted.source.validator().is_some());
        let mut partial = Self { file, path, note, safe: 0, done: 0, source: Source::default() };
        match noted.filter(|noted| noted.safe > 0 && noted.safe <= length) {
            Some(noted) => {
                partial.cut(noted.safe)?;
                (partial.safe, partial.source) = (noted.safe, noted.source);
            }
            None => partial.restart(Source { url: url.to_owned(), ..Source::default() })?,
        }
        Ok(partial)
    }

    /// Begins anew with what `source` is.
    pub fn restart(&mut self, source: Source) -> Result<(), Fault> {
        self.cut(0)?;
        self.source = source;
        self.safe = 0;
        self.write_note()
    }

    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.file.write_all(bytes).map_err(|error| file_fault(&self.path, &error))?;
        self.done += bytes.len() as u64;
        if self.done - self.safe >= STEP { self.keep() } else { Ok(()) }
    }

    /// Makes sure that what is there stays there.
    pub fn keep(&mut self) -> Result<(), Fault> {
        if self.done > self.safe {
            self.file.sync_data().map_err(|error| file_fault(&self.path, &error))?;
            self.safe = self.done;
            self.write_note()?;
        }
        Ok(())
    }

    /// Puts the whole file in its place.
    pub fn finish(self, goal: &Path) -> Result<(), Fault> {
        self.file.sync_all().map_err(|error| file_fault(&self.path, &error))?;
        fs::rename(&self.path, goal).map_err(|error| file_fault(goal, &error))?;
        sync_folder(goal)?;
        remove(&self.note)
    }

    /// Drops all of it.
    pub fn discard(self) -> Result<(), Fault> {
        remove(&self.path)?;
        remove(&self.note)
    }

    fn cut(&mut self, length: u64) -> Result<(), Fault> {
        let cut = self.file.set_len(length).and_then(|()| self.file.seek(SeekFrom::Start(length)));
        self.done = cut.map_err(|error| file_fault(&self.path, &error))?;
        Ok(())
    }

    fn write_note(&self) -> Result<(), Fault> {
        let note = Note { source: self.source.clone(), safe: self.safe };
        let reason = |reason: String| Fault::File { path: self.note.display().to_string(), reason };
        let json = serde_json::to_vec(&note).map_err(|error| reason(error.to_string()))?;
        fs::write(&self.note, json).map_err(|error| file_fault(&self.note, &error))
    }
}

/// A note that is missing or damaged says nothing.
fn read_note(path: &Path) -> Result<Option<Note>, Fault> {
    let mut json = Vec::new();
    match File::open(path).and_then(|file| file.take(NOTE).read_to_end(&mut json)) {
        Ok(_) => Ok(serde_json::from_slice(&json).ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(file_fault(path, &error)),
    }
}

fn beside(goal: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(goal);
    name.push(ending);
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<(), Fault> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(file_fault(path, &error)),
        _ => Ok(()),
    }
}

/// A name is safe only when its folder is.
#[cfg(unix)]
fn sync_folder(path: &Path) -> Result<(), Fault> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| file_fault(folder, &error))
}

/// Windows has no such step.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<(), Fault> {
    Ok(())
}
