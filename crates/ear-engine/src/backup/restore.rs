//! Making a library from a backup. It is put together beside its place and moved there when it is whole.

use super::copy::{self, Copied};
use super::manifest::{Entry, Manifest, UNFINISHED};
use super::{Copying, timestamp};
use crate::library::DATABASE;
use crate::{Error, ErrorKind, Event, Library, Result};
use ear_store::{Anomaly, Store};
use std::fs;
use std::path::{Path, PathBuf};

/// What a restore came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The library.
    pub folder: PathBuf,
    /// Files that were brought back, and their bytes; the database not counted.
    pub files: (usize, u64),
    /// Episodes that are in it.
    pub episodes: usize,
    /// What is missing from the backup or damaged there, with its path.
    pub problems: Vec<String>,
    /// Where what lay there before was moved.
    pub moved_aside: Option<PathBuf>,
}

impl Library {
    /// Makes the library `into` from a backup, checks every file by its hash, and builds its index. What lies
    /// there is left alone and the restore refused, unless `replace` says to move it aside first.
    pub fn restore(
        backup: &Path,
        into: &Path,
        replace: bool,
        on_step: &dyn Fn(Copying),
        on_event: &dyn Fn(Event),
    ) -> Result<Restored> {
        let manifest = whole(backup)?;
        let (folder, staging) = places(backup, into)?;
        let occupied = fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some());
        if occupied {
            check_replaceable(&folder, replace)?;
        }
        let mut restored =
            Restored { folder: folder.clone(), files: (0, 0), episodes: 0, problems: Vec::new(), moved_aside: None };
        let inbox = staging.join("tmp");
        fs::create_dir_all(&inbox).map_err(|error| Error::file(&inbox, &error))?;
        restore_database(backup, &manifest, &staging, &mut restored)?;
        copy_files(backup, &manifest.files, &staging, &mut restored, on_step)?;
        if occupied {
            restored.moved_aside = Some(move_aside(&folder)?);
        } else if folder.exists() {
            fs::remove_dir(&folder).map_err(|error| Error::file(&folder, &error))?;
        }
        fs::rename(&staging, &folder).map_err(|error| Error::file(&folder, &error))?;
        copy::sync_folder(folder.parent().unwrap_or(&folder))?;
        let library = Self::open(&folder)?;
        library.reindex(on_event)?;
        restored.episodes = library.store.count_episodes(&ear_store::EpisodeQuery::default())?;
        Ok(restored)
    }
}

/// The list of a backup that was finished.
fn whole(backup: &Path) -> Result<Manifest> {
    if let Some(manifest) = Manifest::read(backup)? {
        return Ok(manifest);
    }
    let place = backup.display().to_string();
    if backup.join(UNFINISHED).is_file() {
        let error = Error::new(ErrorKind::BadInput, "this backup was broken off before it was whole").at(place);
        return Err(error.remedy("Make it again with `earwitness backup`, or restore from another"));
    }
    let remedy = "Name a folder that `earwitness backup` wrote";
    Err(Error::new(ErrorKind::NotFound, "there is no backup here").at(place).remedy(remedy))
}

/// Where the library will be, and where it is put together: beside it, so that moving it there is one step.
fn places(backup: &Path, into: &Path) -> Result<(PathBuf, PathBuf)> {
    let absolute = std::path::absolute(into).map_err(|error| Error::file(into, &error))?;
    let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        return Err(Error::new(ErrorKind::BadInput, "a library can't lie here").at(into.display().to_string()));
    };
    fs::create_dir_all(parent).map_err(|error| Error::file(parent, &error))?;
    let parent = fs::canonicalize(parent).map_err(|error| Error::file(parent, &error))?;
    let backup = fs::canonicalize(backup).map_err(|error| Error::file(backup, &error))?;
    let folder = fs::canonicalize(&absolute).unwrap_or_else(|_| parent.join(name));
    if folder.starts_with(&backup) || backup.starts_with(&folder) {
        let error = Error::new(ErrorKind::BadInput, "a library can't be restored into its backup, or around it");
        return Err(error.at(folder.display().to_string()).remedy("Name a folder elsewhere with --into"));
    }
    let (parent, name) = (folder.parent().unwrap_or(&parent), folder.file_name().unwrap_or(name));
    let staging = parent.join(format!(".{}.restoring", name.to_string_lossy()));
    Ok((folder, staging))
}

/// Whether what lies in a folder may be moved aside, and nobody uses it.
fn check_replaceable(folder: &Path, replace: bool) -> Result<()> {
    let place = folder.display().to_string();
    if !replace {
        let what = if Library::exists(folder) { "there is a library here" } else { "this folder holds something" };
        let remedy = "Name another folder with --into, or move what is here aside with --force: nothing is deleted";
        return Err(Error::new(ErrorKind::BadInput, what).at(place).remedy(remedy));
    }
    let database = folder.join(DATABASE);
    match if database.is_file() { Store::settle(&database) } else { Ok(()) } {
        Err(error) if error.trouble() == Some(ear_store::Trouble::Busy) => {
            let error = Error::new(ErrorKind::Busy, "another process uses the library that would be moved aside");
            Err(error.at(place).remedy("End `earwitness serve` and `earwitness work` first"))
        }
        // It is going to be replaced: that it is broken is the best of reasons.
        _ => Ok(()),
    }
}

fn restore_database(backup: &Path, manifest: &Manifest, staging: &Path, restored: &mut Restored) -> Result<()> {
    let (from, to) = (backup.join(DATABASE), staging.join(DATABASE));
    if copy::hash(&from)? != manifest.database.sha256 {
        let problem = format!("{DATABASE}: was changed since the backup was made, and is taken as it is now");
        restored.problems.push(problem);
    }
    let store = Store::open_for_reading(&from).or_else(|error| match error {
        // An older form is brought to today's in the copy, and the backup is left as it is.
        ear_store::Error::Older { .. } => {
            let part = staging.join("tmp").join(DATABASE);
            fs::copy(&from, &part).map_err(|error| Error::file(&part, &error))?;
            Ok::<_, Error>(Store::open(&part)?)
        }
        error => Err(error.into()),
    })?;
    let damage = store.integrity(true)?.into_iter().find(|anomaly| matches!(anomaly, Anomaly::Corruption(_)));
    if let Some(damage) = damage {
        let message = format!("the database of this backup is damaged: {}", damage.message());
        let error = Error::new(ErrorKind::Storage, message).at(from.display().to_string());
        return Err(error.remedy("Restore from another backup"));
    }
    for end in ["", "-wal", "-shm"] {
        let stale = staging.join(format!("{DATABASE}{end}"));
        if stale.exists() {
            fs::remove_file(&stale).map_err(|error| Error::file(&stale, &error))?;
        }
    }
    store.backup(&to)?;
    drop(store);
    let copy = Store::open(&to)?;
    copy.requeue_running()?;
    copy.clear_indexed()?;
    Ok(())
}

fn copy_files(
    backup: &Path,
    files: &[Entry],
    staging: &Path,
    restored: &mut Restored,
    on_step: &dyn Fn(Copying),
) -> Result<()> {
    let total = files.iter().map(|entry| entry.bytes).sum();
    let mut bytes = 0;
    for (number, entry) in files.iter().enumerate() {
        on_step(Copying { files: (number, files.len()), bytes: (bytes, total) });
        let to = staging.join(&entry.path);
        // From a restore that was broken off; it got its name only after its hash was right.
        let is_there = fs::metadata(&to).is_ok_and(|there| there.len() == entry.bytes);
        let copied = if is_there {
            Copied::Yes
        } else {
            copy::copy(&backup.join(&entry.path), &to, &staging.join("tmp"), &entry.sha256)?
        };
        match copied {
            Copied::Yes => restored.files = (restored.files.0 + 1, restored.files.1 + entry.bytes),
            Copied::Missing => restored.problems.push(format!("{}: is missing from the backup", entry.path)),
            Copied::Damaged => restored.problems.push(format!("{}: is damaged in the backup", entry.path)),
        }
        bytes += entry.bytes;
    }
    on_step(Copying { files: (files.len(), files.len()), bytes: (bytes, total) });
    Ok(())
}

/// Moves a folder to a name beside it that nothing has.
fn move_aside(folder: &Path) -> Result<PathBuf> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut aside = folder.with_file_name(format!("{name}.before-restore-{}", timestamp()));
    let mut number = 2;
    while aside.exists() {
        aside = folder.with_file_name(format!("{name}.before-restore-{}-{number}", timestamp()));
        number += 1;
    }
    fs::rename(folder, &aside).map_err(|error| Error::file(&aside, &error))?;
    Ok(aside)
}
