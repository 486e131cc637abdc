//! What Earwitness remembers: shows, episodes, recordings, transcripts and jobs, in one SQLite file that
//! any number of processes on one machine share. Nothing else in Earwitness knows SQL.
//!
//! Every call on [`Store`] is one transaction: it happens as a whole or not at all, and none stays open
//! when it returns. Times of the world are unix milliseconds ([`UnixMillis`]).

mod chunks;
mod columns;
mod episodes;
mod error;
mod indexed;
mod integrity;
mod jobs;
mod leases;
mod migrations;
mod recordings;
mod shows;
mod transcripts;

pub use chunks::Partial;
pub use episodes::{AddedEpisode, Episode, EpisodeEdit, EpisodeQuery, EpisodeState, NewEpisode};
pub use error::{Error, Result};
pub use indexed::Indexed;
pub use jobs::{Job, JobError, JobQuery, JobState, NewJob};
pub use leases::{Heartbeat, Progress, Wanted};
pub use recordings::{NewRecording, Recording, Removed};
pub use shows::{Show, ShowListing};
pub use transcripts::{CompleteFields, TranscriptHead, TranscriptInfo};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01 UTC.
pub type UnixMillis = i64;

/// The time of the world; 0 where the clock stands before 1970.
pub fn now() -> UnixMillis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as UnixMillis)
}

/// How long a call waits for another process to finish writing before it fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections kept between calls; more are opened where more threads call at once.
const IDLE_CONNECTIONS: usize = 8;

/// The library's database. Share one among threads (`Arc<Store>` or `&Store`): each call takes a
/// connection of its own, so that readers never wait, and writers only for each other.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Store {
    /// Opens the database at `path`, creating it or bringing it to today's form where needed.
    ///
    /// # Errors
    /// [`Error::Newer`] and [`Error::Foreign`] for files this program must not touch, [`Error::Open`] for
    /// what is no database or cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
        let open = |source| Error::Open { path: path.into(), source };
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_CREATE)?;
        // In one transaction, or what another process creates meanwhile would be seen by halves.
        let snapshot = connection.transaction().map_err(open)?;
        migrations::check(&snapshot, path)?;
        drop(snapshot);
        write_ahead(&connection).map_err(open)?;
        migrations::migrate(&mut connection, path).map_err(|error| error.during("bring the tables to today's form"))?;
        Ok(Self { path: path.into(), idle: Mutex::new(vec![connection]) })
    }

    /// Where the database lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a consistent copy to the new file `to`, while others go on reading and writing.
    ///
    /// # Errors
    /// [`Error::Backup`] where `to` exists or cannot be written.
    pub fn backup(&self, to: &Path) -> Result<()> {
        self.with_connection(|connection| {
            let name = to.to_str().ok_or_else(|| rusqlite::Error::InvalidPath(to.into()));
            let copied = name.and_then(|name| connection.execute("VACUUM INTO ?1", [name]));
            copied.map(|_| ()).map_err(|source| Error::Backup { path: to.into(), source })
        })
    }

    /// Reads from one moment's state of the library, whatever others write meanwhile.
    pub(crate) fn read<T>(&self, doing: &'static str, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.transact(doing, TransactionBehavior::Deferred, work)
    }

    /// Writes as a whole or not at all. `work` must be quick: nobody else can write meanwhile.
    pub(crate) fn write<T>(&self, doing: &'static str, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.transact(doing, TransactionBehavior::Immediate, work)
    }

    fn transact<T>(
        &self,
        doing: &'static str,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        self.with_connection(|connection| {
            let transaction = connection.transaction_with_behavior(behavior)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })
        .map_err(|error| error.during(doing))
    }

    fn with_connection<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let mut connection = kept.map_or_else(|| connect(&self.path, OpenFlags::empty()), Ok)?;
        let result = work(&mut connection);
        let mut idle = idle();
        // A connection that could not even roll back is not given to anybody else.
        if connection.is_autocommit() && idle.len() < IDLE_CONNECTIONS {
            idle.push(connection);
        }
        result
    }
}

fn connect(path: &Path, more: OpenFlags) -> Result<Connection> {
    let connect = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags | more)?;
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
