//! What Earwitness remembers: shows, episodes, recordings, transcripts, names and jobs, in one SQLite file that
//! any number of processes on one machine share. Nothing else in Earwitness knows SQL.
//!
//! Every call on [`Store`] is one transaction: it happens as a whole or not at all, and none stays open
//! when it returns. Times of the world are unix milliseconds ([`UnixMillis`]).

mod chunks;
mod clips;
mod clock;
mod columns;
mod documents;
mod episodes;
mod error;
mod feeds;
mod indexed;
mod integrity;
mod jobs;
mod keep;
mod leases;
mod migrations;
mod names;
mod opening;
mod outlook;
mod recordings;
mod shows;
mod transcripts;

pub use chunks::{NewChunk, Partial};
pub use clips::{
    ClipCandidate, ClipEdit, ClipEpisode, ClipInRow, ClipStamp, ClipWork, ClipWorkId, ClipsMade, ClipsVersion, Making,
    NewClip, NewClipWork, Proposed, StoredClip, UndoneClipEdit, Work,
};
pub use clock::{Moment, now};
pub use documents::{Document, DocumentKind, EpisodeFile, Facts};
pub use episodes::{AddedEpisode, Episode, EpisodeEdit, EpisodeQuery, EpisodeState, NewEpisode};
pub use error::{Error, Result, Trouble};
pub use feeds::{Checked, Feed, FeedId, FeedItem, NewFeed, NewItem};
pub use indexed::Indexed;
pub use integrity::Anomaly;
pub use jobs::{Job, JobError, JobQuery, JobState, NewJob};
pub use keep::{Keep, KeepRule, RemovedSound, Sound};
pub use leases::{Heartbeat, Progress, Wanted};
pub use migrations::Migrated;
pub use names::{
    Act, EpisodeName, MentionRow, NamePlace, NameSummary, Ruled, Ruling, StoredName, StoredRepair, StoredRepairDraft,
    Undone, Variant, fold_name,
};
pub use opening::Frozen;
pub use outlook::Waiting;
pub use recordings::{NewRecording, Recording, Removed};
pub use shows::{Show, ShowListing};
pub use transcripts::{CompleteFields, TranscriptHead, TranscriptInfo};

use opening::{Mode, connect};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Milliseconds since 1970-01-01 UTC.
pub type UnixMillis = i64;

/// Connections kept between calls; more are opened where more threads call at once.
const IDLE_CONNECTIONS: usize = 8;

/// The library's database. Share one among threads (`Arc<Store>` or `&Store`): each call takes a
/// connection of its own, so that readers never wait, and writers only for each other.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    mode: Mutex<Mode>,
    migrated: Option<Migrated>,
    idle: Mutex<Vec<Connection>>,
}

impl Store {
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
        if let Some(why) = self.frozen()
            && !self.thaw(why)
        {
            return Err(Error::Frozen { path: self.path.clone(), why });
        }
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
        let mut connection = kept.map_or_else(|| connect(&self.path, self.mode(), OpenFlags::empty()), Ok)?;
        let result = work(&mut connection);
        let mut idle = idle();
        // A connection that could not even roll back is not given to anybody else.
        if connection.is_autocommit() && idle.len() < IDLE_CONNECTIONS {
            idle.push(connection);
        }
        result
    }
}
