//! Backups: a folder that holds what nobody can give back, and is itself a library without its index.
//!
//! Sound is named by its content, so a second backup into the same folder copies what is new. The database
//! changes last, and in one step.

pub(crate) mod copy;
pub(crate) mod manifest;
mod restore;

pub use restore::Restored;

use crate::library::DATABASE;
use crate::{Error, ErrorKind, Library, Result};
use copy::{Copied, files_below};
use ear_store::Store;
use manifest::{Entry, MANIFEST, Manifest, UNFINISHED};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// How to back up.
#[derive(Clone, Debug, Default)]
pub struct BackupOptions {
    /// Read again what the folder holds already, and copy anew what is damaged.
    pub verify: bool,
    /// Remove from the folder what the library no longer has.
    pub prune: bool,
}

/// How far copying is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copying {
    /// Files done, and in all.
    pub files: (usize, usize),
    /// Bytes done, and in all.
    pub bytes: (u64, u64),
}

/// What a backup came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackedUp {
    /// The folder.
    pub folder: PathBuf,
    /// Files that were copied, and their bytes; the database not counted.
    pub copied: (usize, u64),
    /// Files that were there already, and their bytes.
    pub kept: (usize, u64),
    /// Files there that the library no longer has, and their bytes; removed, if that was asked for.
    pub extra: (usize, u64),
    /// Bytes of the database.
    pub database: u64,
    /// What is missing from the backup because it is missing from the library or damaged there, with its path.
    pub problems: Vec<String>,
    /// Where a database was put aside that somebody had changed since it was backed up.
    pub put_aside: Option<PathBuf>,
}

/// Parts of a library whose files are kept by walking them.
const WALKED: [&str; 3] = ["covers", "documents", "lost"];

impl Library {
    /// Copies the library into a folder, while others go on working with it. What is there from an earlier
    /// backup is not copied again.
    pub fn backup(&self, to: &Path, options: &BackupOptions, on_step: &dyn Fn(Copying)) -> Result<BackedUp> {
        let folder = prepare(self.folder(), to)?;
        let before = Manifest::read(&folder)?;
        let inbox = folder.join("tmp");
        let snapshot = inbox.join(format!("{DATABASE}.{}", std::process::id()));
        let mut done = BackedUp { folder: folder.clone(), ..BackedUp::default() };
        // Sound goes in first, and once more what came meanwhile: the database names nothing that is not there.
        self.snapshot(&snapshot)?;
        let first = self.entries(&snapshot, before.as_ref())?;
        self.copy_all(&first, &folder, options, &mut done, on_step)?;
        self.snapshot(&snapshot)?;
        let entries = self.entries(&snapshot, before.as_ref())?;
        let known: BTreeSet<&str> = first.iter().map(|entry| entry.path.as_str()).collect();
        let late: Vec<Entry> = entries.iter().filter(|entry| !known.contains(entry.path.as_str())).cloned().collect();
        self.copy_all(&late, &folder, options, &mut done, &|_| ())?;

        let database = Entry { path: DATABASE.into(), bytes: size(&snapshot)?, sha256: copy::hash(&snapshot)? };
        done.database = database.bytes;
        done.put_aside = put_aside(&folder, before.as_ref())?;
        let there = |entry: &Entry| fs::metadata(folder.join(&entry.path)).is_ok_and(|file| file.len() == entry.bytes);
        let manifest = Manifest::new(database, entries.into_iter().filter(there).collect());
        finish(&folder, &snapshot, &manifest)?;
        extra(&folder, &manifest, options.prune, &mut done)?;
        Ok(done)
    }

    /// A consistent copy of the database, as one file, with nothing of it in the hands of workers.
    fn snapshot(&self, to: &Path) -> Result<()> {
        if to.exists() {
            fs::remove_file(to).map_err(|error| Error::file(to, &error))?;
        }
        self.store.backup(to)?;
        let copy = Store::open(to)?;
        copy.requeue_running()?;
        copy.clear_indexed()?;
        drop(copy);
        Ok(Store::settle(to)?)
    }

    /// What a backup holds beside the database, by that database and by what lies in the folders.
    fn entries(&self, snapshot: &Path, before: Option<&Manifest>) -> Result<Vec<Entry>> {
        let hashes: BTreeMap<(&str, u64), &str> = before.map_or_else(BTreeMap::new, |before| {
            before.files.iter().map(|entry| ((entry.path.as_str(), entry.bytes), entry.sha256.as_str())).collect()
        });
        let mut entries = Vec::new();
        for recording in Store::open_for_reading(snapshot)?.recordings()? {
            if recording.removed.is_none() {
                let file = self.recording_file(&recording);
                let path = file.strip_prefix(self.folder()).unwrap_or(&file).to_string_lossy().replace('\\', "/");
                entries.push(Entry { path, bytes: recording.bytes, sha256: recording.hash });
            }
        }
        for part in WALKED {
            for (path, bytes) in files_below(self.folder(), part)? {
                let known = hashes.get(&(path.as_str(), bytes)).map(|hash| (*hash).to_owned());
                let sha256 = match known {
                    Some(hash) => hash,
                    None => copy::hash(&self.folder().join(&path))?,
                };
                entries.push(Entry { path, bytes, sha256 });
            }
        }
        Ok(entries)
    }

    fn copy_all(
        &self,
        entries: &[Entry],
        folder: &Path,
        options: &BackupOptions,
        done: &mut BackedUp,
        on_step: &dyn Fn(Copying),
    ) -> Result<()> {
        let total = entries.iter().map(|entry| entry.bytes).sum();
        let mut bytes = 0;
        for (number, entry) in entries.iter().enumerate() {
            on_step(Copying { files: (number, entries.len()), bytes: (bytes, total) });
            self.copy_one(entry, folder, options.verify, done)?;
            bytes += entry.bytes;
        }
        on_step(Copying { files: (entries.len(), entries.len()), bytes: (bytes, total) });
        Ok(())
    }

    fn copy_one(&self, entry: &Entry, folder: &Path, verify: bool, done: &mut BackedUp) -> Result<()> {
        let (from, to) = (self.folder().join(&entry.path), folder.join(&entry.path));
        let is_there = fs::metadata(&to).is_ok_and(|there| there.len() == entry.bytes)
            && (!verify || copy::hash(&to)? == entry.sha256);
        if is_there {
            done.kept = (done.kept.0 + 1, done.kept.1 + entry.bytes);
            return Ok(());
        }
        match copy::copy(&from, &to, &folder.join("tmp"), &entry.sha256)? {
            Copied::Yes => done.copied = (done.copied.0 + 1, done.copied.1 + entry.bytes),
            Copied::Damaged => done.problems.push(format!("{}: is damaged in the library", entry.path)),
            Copied::Missing if self.still_wants(entry)? => {
                done.problems.push(format!("{}: is missing from the library", entry.path));
            }
            Copied::Missing => {}
        }
        Ok(())
    }

    /// Whether a file that is missing should be there: its episode may have been removed a moment ago.
    fn still_wants(&self, entry: &Entry) -> Result<bool> {
        let is_sound = entry.path.starts_with("recordings/");
        Ok(is_sound && self.store.recording(&entry.sha256)?.is_some_and(|recording| recording.removed.is_none()))
    }
}

/// Makes the folder ready to take a backup, or says why it can't.
fn prepare(library: &Path, to: &Path) -> Result<PathBuf> {
    fs::create_dir_all(to).map_err(|error| Error::file(to, &error))?;
    let folder = fs::canonicalize(to).map_err(|error| Error::file(to, &error))?;
    let refuse = |message: &str| Error::new(ErrorKind::BadInput, message).at(folder.display().to_string());
    if folder.starts_with(library) || library.starts_with(&folder) {
        return Err(refuse("a backup can't lie in the library, or around it").remedy("Name a folder elsewhere"));
    }
    let is_ours = folder.join(MANIFEST).is_file() || folder.join(UNFINISHED).is_file();
    let mut entries = fs::read_dir(&folder).map_err(|error| Error::file(&folder, &error))?;
    if !is_ours && entries.next().is_some() {
        return Err(refuse("this folder holds something else").remedy("Name an empty folder, or an earlier backup"));
    }
    for part in ["recordings", "covers", "tmp"] {
        let part = folder.join(part);
        fs::create_dir_all(&part).map_err(|error| Error::file(&part, &error))?;
    }
    let marker = folder.join(UNFINISHED);
    fs::write(&marker, "A backup is being made here, or was broken off.\n")
        .map_err(|error| Error::file(&marker, &error))?;
    Ok(folder)
}

/// Puts a database aside that is not the one an earlier backup wrote: somebody used the backup as a library.
fn put_aside(folder: &Path, before: Option<&Manifest>) -> Result<Option<PathBuf>> {
    let (place, Some(before)) = (folder.join(DATABASE), before) else { return Ok(None) };
    if !place.is_file() || copy::hash(&place)? == before.database.sha256 && !has_log(folder) {
        return Ok(None);
    }
    // A log beside it would be taken for that of the new one; and whoever uses it must end first.
    Store::settle(&place)?;
    let aside = folder.join(format!("{DATABASE}.changed-{}", timestamp()));
    fs::rename(&place, &aside).map_err(|error| Error::file(&aside, &error))?;
    Ok(Some(aside))
}

fn has_log(folder: &Path) -> bool {
    folder.join(format!("{DATABASE}-wal")).exists()
}

/// The step from the old backup to the new one. Between the two there is none, which the list's absence tells.
fn finish(folder: &Path, snapshot: &Path, manifest: &Manifest) -> Result<()> {
    let (list, place) = (folder.join(MANIFEST), folder.join(DATABASE));
    if list.exists() {
        fs::remove_file(&list).map_err(|error| Error::file(&list, &error))?;
    }
    fs::File::open(snapshot).and_then(|file| file.sync_all()).map_err(|error| Error::file(snapshot, &error))?;
    fs::rename(snapshot, &place).map_err(|error| Error::file(&place, &error))?;
    copy::sync_folder(folder)?;
    let bytes = serde_json::to_vec_pretty(manifest)
        .map_err(|error| Error::new(ErrorKind::Bug, format!("the list of the backup can't be written: {error}")))?;
    copy::write(&list, &folder.join("tmp"), &bytes)?;
    let marker = folder.join(UNFINISHED);
    fs::remove_file(&marker).map_err(|error| Error::file(&marker, &error))
}

/// What the folder holds beyond its list.
fn extra(folder: &Path, manifest: &Manifest, prune: bool, done: &mut BackedUp) -> Result<()> {
    let listed: BTreeSet<&str> = manifest.files.iter().map(|entry| entry.path.as_str()).collect();
    for part in ["recordings"].into_iter().chain(WALKED) {
        for (path, bytes) in files_below(folder, part)? {
            if listed.contains(path.as_str()) {
                continue;
            }
            done.extra = (done.extra.0 + 1, done.extra.1 + bytes);
            if prune {
                let file = folder.join(path);
                fs::remove_file(&file).map_err(|error| Error::file(&file, &error))?;
            }
        }
    }
    Ok(())
}

fn size(file: &Path) -> Result<u64> {
    fs::metadata(file).map(|metadata| metadata.len()).map_err(|error| Error::file(file, &error))
}

/// This moment, for the name of a file.
fn timestamp() -> String {
    jiff::Timestamp::now().strftime("%Y%m%d-%H%M%S").to_string()
}
