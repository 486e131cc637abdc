//! The folder of the index: its format file, and the lock that lets one writer in at a time.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Raised whenever the fields or the analysis change, so that old indexes are refused rather than misread.
const FORMAT: u32 = 2;
const FORMAT_FILE: &str = "format.json";
const LOCK_FILE: &str = "write.lock";
/// The library's list of segments; it changes with every commit.
const META_FILE: &str = "meta.json";

#[derive(Serialize, Deserialize)]
struct Format {
    format: u32,
}

/// Creates the folder where it does not exist.
pub(crate) fn create_dir(dir: &Path) -> Result<(), Error> {
    fs::create_dir_all(dir).map_err(|source| file_error("create", dir.to_owned(), source))
}

/// Whether the folder holds an index of this format; one of another format is an error.
pub(crate) fn is_ready(dir: &Path) -> Result<bool, Error> {
    let has_index = dir.join(META_FILE).exists();
    match fs::read(dir.join(FORMAT_FILE)) {
        Ok(bytes) => check(dir, &bytes).map(|()| has_index),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(file_error("read", dir.join(FORMAT_FILE), source)),
    }
}

/// Whether the folder holds an index of any format.
pub(crate) fn has_index(dir: &Path) -> bool {
    dir.join(META_FILE).exists()
}

/// Marks the folder as ours, unless it holds an index of another format. To be called under the lock.
pub(crate) fn claim(dir: &Path) -> Result<(), Error> {
    if is_ready(dir)? || dir.join(FORMAT_FILE).exists() {
        return Ok(());
    }
    if dir.join(META_FILE).exists() {
        return Err(Error::Format { dir: dir.to_owned(), found: format!("has no {FORMAT_FILE}") });
    }
    mark(dir)
}

fn check(dir: &Path, bytes: &[u8]) -> Result<(), Error> {
    let found = match serde_json::from_slice::<Format>(bytes) {
        Ok(Format { format: FORMAT }) => return Ok(()),
        Ok(Format { format }) => format!("has format {format}, and this version reads {FORMAT}"),
        Err(error) => format!("has an unreadable {FORMAT_FILE} ({error})"),
    };
    Err(Error::Format { dir: dir.to_owned(), found })
}

/// Written beside and moved into place, so that it is never seen half written.
fn mark(dir: &Path) -> Result<(), Error> {
    let (path, new) = (dir.join(FORMAT_FILE), dir.join("format.json.new"));
    let json = serde_json::json!(Format { format: FORMAT }).to_string();
    fs::write(&new, json).map_err(|source| file_error("write", new.clone(), source))?;
    fs::rename(&new, &path).map_err(|source| file_error("write", path, source))
}

/// Removes every file of the folder but the lock. To be called under the lock.
pub(crate) fn erase(dir: &Path) -> Result<(), Error> {
    for entry in entries(dir)? {
        let path = entry.path();
        let is_file = entry.file_type().map_err(|source| file_error("read", path.clone(), source))?.is_file();
        if is_file && entry.file_name() != LOCK_FILE {
            match fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(file_error("remove", path, source));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Bytes on disk.
pub(crate) fn size(dir: &Path) -> Result<u64, Error> {
    let mut bytes = 0;
    for entry in entries(dir)? {
        match entry.metadata() {
            Ok(metadata) => bytes += metadata.len(),
            // A merge may remove a file while we are counting.
            Err(source) if source.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(file_error("read", entry.path(), source)),
        }
    }
    Ok(bytes)
}

fn entries(dir: &Path) -> Result<Vec<fs::DirEntry>, Error> {
    fs::read_dir(dir).and_then(Iterator::collect).map_err(|source| file_error("read", dir.to_owned(), source))
}

/// What names the present commit: it differs after every change by any process.
pub(crate) fn commit(dir: &Path) -> Result<Vec<u8>, Error> {
    let path = dir.join(META_FILE);
    fs::read(&path).map_err(|source| file_error("read", path, source))
}

/// Waits for the lock for as long as `patience`; it is given back when the file is dropped, or its process ends.
pub(crate) fn lock(dir: &Path, patience: Duration) -> Result<File, Error> {
    let path = dir.join(LOCK_FILE);
    let opened = File::options().create(true).append(true).open(&path);
    let file = opened.map_err(|source| file_error("open", path.clone(), source))?;
    let (start, mut pause) = (Instant::now(), Duration::from_millis(5));
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => std::thread::sleep(pause),
            Err(TryLockError::WouldBlock) => return Err(Error::Busy { dir: dir.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(file_error("lock", path, source)),
        }
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}

pub(crate) fn file_error(action: &'static str, path: PathBuf, source: io::Error) -> Error {
    Error::File { action, path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_waits_and_then_gives_up() {
        let dir = tempfile::tempdir().unwrap();
        let held = lock(dir.path(), Duration::ZERO).unwrap();
        assert!(matches!(lock(dir.path(), Duration::from_millis(20)), Err(Error::Busy { .. })));
        drop(held);
        lock(dir.path(), Duration::ZERO).unwrap();
    }

    #[test]
    fn unknown_formats_are_refused_with_a_remedy() {
        for (content, expected) in [
            (r#"{"format":2}"#, None),
            (r#"{"format":0}"#, Some("has format 0, and this version reads 2")),
            (r#"{"format":3}"#, Some("has format 3, and this version reads 2")),
            ("{", Some("has an unreadable format.json")),
            ("", Some("has an unreadable format.json")),
        ] {
            let dir = tempfile::tempdir().unwrap();
            fs::write(dir.path().join(FORMAT_FILE), content).unwrap();
            let message = claim(dir.path()).err().map(|error| error.to_string());
            match (&message, expected) {
                (None, None) => {}
                (Some(message), Some(expected)) => {
                    assert!(message.contains(expected) && message.contains("earwitness reindex"), "{message}");
                }
                _ => panic!("{content}: {message:?}"),
            }
        }
    }
}
