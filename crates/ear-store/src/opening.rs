//! How a library's database is opened: shared with other processes where it can be written to, else as it
//! stands, for reading.

use crate::migrations::{self, Migrated};
use crate::{Error, Result, Store, Trouble};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a call waits for another process to finish writing before it fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a library can be read and not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frozen {
    /// The disk or the folder allows no writing.
    ReadOnly,
    /// The disk had no room even for the files beside the database that sharing it needs.
    DiskFull,
}

/// How connections are opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// For reading and writing, beside other processes.
    Shared,
    /// For reading. `immutable`: nobody writes, so that no files are needed beside the database.
    Frozen { why: Frozen, immutable: bool },
}

impl Store {
    /// Opens the database at `path`, creating it or bringing it to today's form where needed; before that a
    /// copy of it is put beside it. One that can't be written to is opened for reading: see
    /// [`Store::frozen`].
    ///
    /// # Errors
    /// [`Error::Newer`] and [`Error::Foreign`] for files this program must not touch, [`Error::Open`] for
    /// what is no database or cannot be read, [`Error::Older`] and [`Error::Unfinished`] for what cannot be
    /// written to and would have to be.
    pub fn open(path: &Path) -> Result<Self> {
        match Self::open_shared(path) {
            Err(error) if path.is_file() => match error.trouble().and_then(|trouble| why_frozen(path, trouble)) {
                Some(why) => Self::open_frozen(path, why, error),
                None => Err(error),
            },
            opened => opened,
        }
    }

    /// Opens the database for reading only, as it stands, also where it could be written to.
    ///
    /// # Errors
    /// Those of [`Store::open`].
    pub fn open_for_reading(path: &Path) -> Result<Self> {
        let missing = Error::Open { path: path.into(), source: rusqlite::Error::InvalidPath(path.into()) };
        Self::open_frozen(path, Frozen::ReadOnly, missing)
    }

    /// Why nothing can be written, if that is so; found out when the library was opened. Where the disk was
    /// full, each write tries again.
    pub fn frozen(&self) -> Option<Frozen> {
        match self.mode() {
            Mode::Shared => None,
            Mode::Frozen { why, .. } => Some(why),
        }
    }

    pub(crate) fn mode(&self) -> Mode {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tries to open a library for writing that met a full disk when it was opened; true where it can be
    /// written to now.
    pub(crate) fn thaw(&self, why: Frozen) -> bool {
        if why == Frozen::ReadOnly {
            return false;
        }
        let Ok(shared) = Self::open_shared(&self.path) else { return false };
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner) = Mode::Shared;
        *idle = shared.idle.into_inner().unwrap_or_else(PoisonError::into_inner);
        true
    }

    /// What opening it changed of its form, if it was an older one.
    pub fn migrated(&self) -> Option<&Migrated> {
        self.migrated.as_ref()
    }

    /// Puts all that is in the log beside the database into the file itself and ends sharing it, so that the
    /// file alone is the whole library.
    ///
    /// # Errors
    /// Where other connections are open, here or in other processes ([`Trouble::Busy`]).
    pub fn settle(path: &Path) -> Result<()> {
        let settle = |source| Error::Open { path: path.into(), source };
        let connection = connect(path, Mode::Shared, OpenFlags::empty())?;
        connection.busy_timeout(Duration::from_millis(200)).map_err(settle)?;
        connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).map_err(settle)?;
        connection.close().map_err(|(_, source)| settle(source))
    }

    fn open_shared(path: &Path) -> Result<Self> {
        let open = |source| Error::Open { path: path.into(), source };
        let mut connection = connect(path, Mode::Shared, OpenFlags::SQLITE_OPEN_CREATE)?;
        // In one transaction, or what another process creates meanwhile would be seen by halves.
        let snapshot = connection.transaction().map_err(open)?;
        migrations::check(&snapshot, path)?;
        drop(snapshot);
        write_ahead(&connection).map_err(open)?;
        if connection.is_readonly("main").map_err(open)? {
            return Err(open(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(8), None)));
        }
        let migrated = migrations::migrate(&mut connection, path)
            .map_err(|error| error.during("bring the tables to today's form"))?;
        Ok(Self { path: path.into(), mode: Mutex::new(Mode::Shared), migrated, idle: Mutex::new(vec![connection]) })
    }

    /// `otherwise`: why it could not be opened for writing.
    fn open_frozen(path: &Path, why: Frozen, otherwise: Error) -> Result<Self> {
        let look = |mode| -> Result<Connection> {
            let connection = connect(path, mode, OpenFlags::empty())?;
            migrations::check_whole(&connection, path)?;
            Ok(connection)
        };
        // Others may be writing, whose log is then read too; only where there is none the file alone counts.
        let mode = Mode::Frozen { why, immutable: false };
        let opened = match look(mode) {
            Ok(connection) => Ok((connection, mode)),
            Err(error @ (Error::Newer { .. } | Error::Older { .. } | Error::Foreign { .. })) => Err(error),
            Err(_) if has_log(path) => Err(Error::Unfinished { path: path.into() }),
            Err(_) => {
                let mode = Mode::Frozen { why, immutable: true };
                look(mode).map(|connection| (connection, mode))
            }
        };
        match opened {
            Ok((connection, mode)) => Ok(Self {
                path: path.into(),
                mode: Mutex::new(mode),
                migrated: None,
                idle: Mutex::new(vec![connection]),
            }),
            Err(Error::Open { .. } | Error::Sql { .. }) => Err(otherwise),
            Err(error) => Err(error),
        }
    }
}

pub(crate) fn connect(path: &Path, mode: Mode, more: OpenFlags) -> Result<Connection> {
    let connect = || {
        let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
        let connection = match mode {
            Mode::Shared => Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_READ_WRITE)?,
            Mode::Frozen { immutable: false, .. } => {
                Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_READ_ONLY)?
            }
            Mode::Frozen { immutable: true, .. } => {
                let flags = flags | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
                Connection::open_with_flags(format!("file:{}?immutable=1", escaped(path)), flags)?
            }
        };
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // With a write-ahead log this loses nothing when a process dies, and at worst the last moments
        // when the power fails; the file stays whole either way.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    };
    connect().map_err(|source| Error::Open { path: path.into(), source })
}

/// Whether what went wrong means that reading may still work.
fn why_frozen(path: &Path, trouble: Trouble) -> Option<Frozen> {
    match trouble {
        Trouble::DiskFull => Some(Frozen::DiskFull),
        Trouble::ReadOnly | Trouble::CannotOpen => match probe(path.parent()?) {
            Ok(()) => None,
            Err(error) if error.kind() == std::io::ErrorKind::StorageFull => Some(Frozen::DiskFull),
            Err(_) => Some(Frozen::ReadOnly),
        },
        Trouble::Damaged | Trouble::Busy => None,
    }
}

/// Whether a file can be made in a folder: the one question that access rights, mounts and file systems all
/// answer truly.
fn probe(folder: &Path) -> std::io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let file = folder.join(format!(".earwitness-probe-{}", std::process::id()));
    OpenOptions::new().write(true).create(true).truncate(true).open(&file)?;
    fs::remove_file(&file)
}

fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(PathBuf::from(log)).is_ok_and(|log| log.len() > 0)
}

/// A path as SQLite's addresses write it.
fn escaped(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    path.as_os_str().as_encoded_bytes().iter().fold(String::new(), |mut text, &byte| {
        if plain(byte) {
            text.push(byte.into());
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    })
}

/// Switches to a write-ahead log. SQLite does not wait for locks here, so we do.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let began = Instant::now();
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && began.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(20));
            }
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_met_a_full_disk_is_written_to_when_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("library.db");
        drop(Store::open(&path).unwrap());
        for (why, thaws) in [(Frozen::DiskFull, true), (Frozen::ReadOnly, false)] {
            let store = Store::open_frozen(&path, why, Error::Foreign { path: path.clone() }).unwrap();
            assert_eq!((store.frozen(), store.shows().unwrap().len()), (Some(why), 0));
            assert_eq!(store.set_keep_rule(&crate::KeepRule::default()).is_ok(), thaws);
            assert_eq!(store.frozen(), if thaws { None } else { Some(why) });
        }
    }

    #[test]
    fn addresses_hold_any_path() {
        for (path, expected) in [("/a/b-c.db", "/a/b-c.db"), ("/a b?#%/é", "/a%20b%3F%23%25/%C3%A9")] {
            assert_eq!(escaped(Path::new(path)), expected);
        }
    }
}
