//! Recordings: what is known of the sound files in the library folder. The files themselves are the
//! caller's.

use crate::{Error, RemovedSound, Result, Store, UnixMillis, now};
use ear_core::{EpisodeId, Millis};
use rusqlite::{Connection, OptionalExtension, Row};

/// A sound file as it came, named by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecording {
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub hash: String,
    /// Extension of its file name, without the dot ("mp3"); may be empty.
    pub extension: String,
    /// Its media type ("audio/mpeg").
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// Its length, where it is already known.
    pub duration: Option<Millis>,
    /// What the file was called where it came from.
    pub original_name: Option<String>,
}

/// A sound file of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub hash: String,
    /// Extension of its file name, without the dot; may be empty.
    pub extension: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// Its length; unknown until it was decoded.
    pub duration: Option<Millis>,
    /// What the file was called where it came from.
    pub original_name: Option<String>,
    /// When it was added.
    pub added_at: UnixMillis,
    /// When and by which rule its file was removed; `None` while it is here.
    pub removed: Option<RemovedSound>,
}

/// What a removal took with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Episodes that are gone: the search index still holds them.
    pub episodes: Vec<EpisodeId>,
    /// Recordings no episode uses any more: their files still lie in the library folder.
    pub recordings: Vec<Recording>,
    /// Hashes of documents no episode has any more: their files still lie there.
    pub documents: Vec<String>,
}

impl Store {
    /// One recording by its hash.
    pub fn recording(&self, hash: &str) -> Result<Option<Recording>> {
        self.read("read a recording", |tx| one(tx, hash))
    }

    /// All recordings, for comparing with the library folder.
    pub fn recordings(&self) -> Result<Vec<Recording>> {
        self.read("list the recordings", |tx| {
            let mut query = tx.prepare_cached("SELECT * FROM recordings ORDER BY hash")?;
            Ok(query.query_map([], recording)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Notes how long a recording is, once it was decoded.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn set_recording_duration(&self, hash: &str, duration: Millis) -> Result<()> {
        self.write("note the length of a recording", |tx| {
            let mut update = tx.prepare_cached("UPDATE recordings SET duration_ms = ?2 WHERE hash = ?1")?;
            if update.execute((hash, duration))? == 0 { Err(Error::missing("recording", hash)) } else { Ok(()) }
        })
    }

    /// Gives an episode its sound, or other sound than it had; returns the recording it had, if that is
    /// now gone and its file may be deleted. Safe to call twice.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::RecordingTaken`] where another episode has this recording.
    pub fn attach_recording(&self, episode: EpisodeId, new: &NewRecording) -> Result<Option<Recording>> {
        self.write("attach a recording", |tx| {
            if let Some(owner) = owner(tx, &new.hash)? {
                let taken = Error::RecordingTaken { episode: owner };
                return if owner == episode { insert(tx, new).map(|()| None) } else { Err(taken) };
            }
            insert(tx, new)?;
            let mut update = tx.prepare_cached("UPDATE episodes SET recording = ?2 WHERE id = ?1")?;
            if update.execute((episode.0, &new.hash))? == 0 {
                return Err(Error::missing("episode", episode));
            }
            Ok(remove_unused(tx)?.pop())
        })
    }
}

/// The episode a recording belongs to.
pub(crate) fn owner(tx: &Connection, hash: &str) -> Result<Option<EpisodeId>> {
    let mut query = tx.prepare_cached("SELECT id FROM episodes WHERE recording = ?1")?;
    Ok(query.query_row([hash], |row| row.get(0)).optional()?.map(EpisodeId))
}

/// Notes a recording whose file is in its place now, also where a rule had removed it before.
pub(crate) fn insert(tx: &Connection, new: &NewRecording) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO recordings (hash, extension, media_type, bytes, duration_ms, original_name, added_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (hash) DO UPDATE SET removed_at = NULL, removed_by = NULL",
    )?
    .execute((&new.hash, &new.extension, &new.media_type, new.bytes, new.duration, &new.original_name, now()))?;
    Ok(())
}

/// Recordings come and go with their episodes within one transaction, so those without one are leavings.
pub(crate) fn remove_unused(tx: &Connection) -> Result<Vec<Recording>> {
    let mut query = tx.prepare_cached(
        "DELETE FROM recordings
         WHERE NOT EXISTS (SELECT 1 FROM episodes WHERE episodes.recording = recordings.hash) RETURNING *",
    )?;
    Ok(query.query_map([], recording)?.collect::<rusqlite::Result<_>>()?)
}

fn one(tx: &Connection, hash: &str) -> Result<Option<Recording>> {
    let mut query = tx.prepare_cached("SELECT * FROM recordings WHERE hash = ?1")?;
    Ok(query.query_row([hash], recording).optional()?)
}

pub(crate) fn recording(row: &Row<'_>) -> rusqlite::Result<Recording> {
    Ok(Recording {
        hash: row.get("hash")?,
        extension: row.get("extension")?,
        media_type: row.get("media_type")?,
        bytes: row.get("bytes")?,
        duration: row.get("duration_ms")?,
        original_name: row.get("original_name")?,
        added_at: row.get("added_at")?,
        removed: RemovedSound::of(row)?,
    })
}
