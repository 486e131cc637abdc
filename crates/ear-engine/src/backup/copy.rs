//! Copying files so that no half of one is ever taken for the whole.

use crate::files::hex;
use crate::{Error, Result};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// What copying a file came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copied {
    /// It is in its place now.
    Yes,
    /// There is no such file.
    Missing,
    /// It does not hold what it should, and was not copied.
    Damaged,
}

/// Copies a file to `to` by way of `inbox`, a folder on the same disk, if it has this SHA-256.
pub(crate) fn copy(from: &Path, to: &Path, inbox: &Path, sha256: &str) -> Result<Copied> {
    let mut source = match File::open(from) {
        Ok(source) => source,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Copied::Missing),
        Err(error) => return Err(Error::file(from, &error)),
    };
    let failed = |error: &io::Error| Error::file(to, error);
    let mut part = NamedTempFile::new_in(inbox).map_err(|error| failed(&error))?;
    let (mut hasher, mut block) = (Sha256::new(), vec![0; 1 << 18]);
    loop {
        // What can't be read to its end is damaged, whatever the disk says of it.
        let Ok(read) = source.read(&mut block) else { return Ok(Copied::Damaged) };
        if read == 0 {
            break;
        }
        hasher.update(&block[..read]);
        part.write_all(&block[..read]).map_err(|error| failed(&error))?;
    }
    if hex(&hasher.finalize()) != sha256 {
        return Ok(Copied::Damaged);
    }
    put(part, to)?;
    Ok(Copied::Yes)
}

/// Writes a small file so that it is there whole or not at all.
pub(crate) fn write(to: &Path, inbox: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error: io::Error| Error::file(to, &error);
    let mut part = NamedTempFile::new_in(inbox).map_err(failed)?;
    part.write_all(bytes).map_err(failed)?;
    put(part, to)
}

fn put(part: NamedTempFile, to: &Path) -> Result<()> {
    let failed = |error: &io::Error| Error::file(to, error);
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    part.as_file().sync_all().map_err(|error| failed(&error))?;
    part.persist(to).map_err(|error| failed(&error.error))?;
    sync_folder(folder)
}

/// Makes what was moved into a folder outlast a power cut.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(folder).and_then(|file| file.sync_all()).map_err(|error| Error::file(folder, &error))?;
    }
    Ok(())
}

/// SHA-256 of a file.
pub(crate) fn hash(file: &Path) -> Result<String> {
    let failed = |error: io::Error| Error::file(file, &error);
    let mut source = File::open(file).map_err(failed)?;
    let (mut hasher, mut block) = (Sha256::new(), vec![0; 1 << 18]);
    loop {
        let read = source.read(&mut block).map_err(failed)?;
        if read == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&block[..read]);
    }
}

/// Every file below a folder with its path from `base`, sorted; none where there is no such folder.
pub(crate) fn files_below(base: &Path, folder: &str) -> Result<Vec<(String, u64)>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let path = base.join(&folder);
        let failed = |error: io::Error| Error::file(&path, &error);
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(error)),
        };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => folders.push(name),
                Ok(metadata) if metadata.is_file() => found.push((name, metadata.len())),
                Ok(_) => {}
                // It went while we looked.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed(error)),
            }
        }
    }
    found.sort();
    Ok(found)
}
