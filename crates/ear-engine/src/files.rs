//! Putting files where the library keeps them, by what they hold. Nobody sees one half written.

use crate::{Error, Library, Result};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

impl Library {
    /// Copies a recording to its place; its hash and size.
    pub(crate) fn keep_recording(&self, file: &Path, extension: &str) -> Result<(String, u64)> {
        let inbox = self.inbox();
        let mut copy = NamedTempFile::new_in(&inbox).map_err(|error| Error::file(&inbox, &error))?;
        let (hash, bytes) =
            read_through(file, |block| copy.write_all(block).map_err(|error| Error::file(&inbox, &error)))?;
        let place = self.recording_place(&hash, extension);
        if fs::metadata(&place).is_ok_and(|there| there.len() == bytes) {
            return Ok((hash, bytes));
        }
        let failed = |error: &std::io::Error| Error::file(&place, error);
        make_folder_of(&place)?;
        copy.as_file().sync_all().map_err(|error| failed(&error))?;
        copy.persist(&place).map_err(|error| failed(&error.error))?;
        Ok((hash, bytes))
    }

    /// Moves a recording that lies in the inbox to its place; its hash and size.
    pub(crate) fn adopt_recording(&self, file: &Path, extension: &str) -> Result<(String, u64)> {
        let (hash, bytes) = read_through(file, |_| Ok(()))?;
        let place = self.recording_place(&hash, extension);
        make_folder_of(&place)?;
        let failed = |error: std::io::Error| Error::file(&place, &error);
        File::open(file).and_then(|file| file.sync_all()).map_err(failed)?;
        fs::rename(file, &place).map_err(failed)?;
        Ok((hash, bytes))
    }

    /// Keeps a document as it came; its hash.
    pub(crate) fn keep_document(&self, bytes: &[u8]) -> Result<String> {
        let hash = hex(&Sha256::digest(bytes));
        let place = self.document_place(&hash);
        if fs::metadata(&place).is_ok_and(|there| there.len() == bytes.len() as u64) {
            return Ok(hash);
        }
        make_folder_of(&place)?;
        self.place(bytes, &place, true)?;
        Ok(hash)
    }

    pub(crate) fn keep_cover(&self, hash: &str, bytes: &[u8]) -> Result<()> {
        self.place(bytes, &self.cover_place(hash), false)
    }

    pub(crate) fn document_place(&self, hash: &str) -> PathBuf {
        self.folder().join("documents").join(hash.get(..2).unwrap_or("__")).join(hash)
    }

    fn place(&self, bytes: &[u8], place: &Path, is_ground: bool) -> Result<()> {
        let inbox = self.inbox();
        let failed = |error: std::io::Error| Error::file(&inbox, &error);
        let mut file = NamedTempFile::new_in(&inbox).map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        if is_ground {
            file.as_file().sync_all().map_err(failed)?;
        }
        file.persist(place).map(drop).map_err(|error| Error::file(place, &error.error))
    }
}

/// Reads a file in blocks and gives its hash and size.
fn read_through(file: &Path, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<(String, u64)> {
    let at = |error: std::io::Error| Error::file(file, &error);
    let mut from = File::open(file).map_err(at)?;
    let (mut hasher, mut bytes, mut block) = (Sha256::new(), 0u64, vec![0; 1 << 18]);
    loop {
        let read = from.read(&mut block).map_err(at)?;
        if read == 0 {
            return Ok((hex(&hasher.finalize()), bytes));
        }
        hasher.update(&block[..read]);
        each(&block[..read])?;
        bytes += read as u64;
    }
}

fn make_folder_of(place: &Path) -> Result<()> {
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder).map_err(|error| Error::file(folder, &error))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
