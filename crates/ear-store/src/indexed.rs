//! What the search index holds, so that it can be compared with what it should hold.

use crate::transcripts::RANK;
use crate::{Result, Store, UnixMillis, now};
use ear_core::{EpisodeId, TranscriptId};
use rusqlite::{OptionalExtension, Row};

/// What the search index holds of an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// The episode.
    pub episode: EpisodeId,
    /// The transcript that was indexed.
    pub transcript: TranscriptId,
    /// Of the index's form and settings.
    pub fingerprint: String,
    /// When it was indexed.
    pub at: UnixMillis,
}

impl Store {
    /// What the search index holds of an episode, if anything.
    pub fn indexed(&self, episode: EpisodeId) -> Result<Option<Indexed>> {
        self.read("read what is indexed", |tx| {
            let mut query = tx.prepare_cached("SELECT * FROM indexed WHERE episode_id = ?1")?;
            Ok(query.query_row([episode.0], indexed).optional()?)
        })
    }

    /// What the search index holds of all episodes, by episode.
    pub fn all_indexed(&self) -> Result<Vec<Indexed>> {
        self.read("read what is indexed", |tx| {
            let mut query = tx.prepare_cached("SELECT * FROM indexed ORDER BY episode_id")?;
            Ok(query.query_map([], indexed)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Notes that the search index now holds this transcript of an episode.
    ///
    /// # Errors
    /// [`Error::Sql`](crate::Error::Sql) where episode or transcript were removed meanwhile.
    pub fn set_indexed(&self, episode: EpisodeId, transcript: TranscriptId, fingerprint: &str) -> Result<()> {
        self.write("note what is indexed", |tx| {
            tx.prepare_cached("INSERT OR REPLACE INTO indexed VALUES (?1, ?2, ?3, ?4)")?.execute((
                episode.0,
                transcript.0,
                fingerprint,
                now(),
            ))?;
            Ok(())
        })
    }

    /// Notes that the search index was emptied.
    pub fn clear_indexed(&self) -> Result<()> {
        self.write("forget what is indexed", |tx| {
            tx.execute("DELETE FROM indexed", [])?;
            Ok(())
        })
    }

    /// Episodes whose current transcript is not in the index, or was put there by another maker; with
    /// that transcript, oldest first.
    pub fn not_indexed(&self, fingerprint: &str) -> Result<Vec<(EpisodeId, TranscriptId)>> {
        self.read("compare with what is indexed", |tx| {
            let mut query = tx.prepare_cached(&format!(
                "SELECT id, current FROM (SELECT id, (SELECT id FROM transcripts
                         WHERE episode_id = episodes.id AND state = 'complete' ORDER BY {RANK}, id DESC LIMIT 1)
                     AS current FROM episodes)
                 WHERE current IS NOT NULL AND NOT EXISTS (SELECT 1 FROM indexed
                     WHERE episode_id = id AND transcript_id = current AND fingerprint = ?1)
                 ORDER BY id"
            ))?;
            let rows = query.query_map([fingerprint], |row| Ok((EpisodeId(row.get(0)?), TranscriptId(row.get(1)?))))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many words the search index holds.
    pub fn indexed_words(&self) -> Result<u64> {
        self.read("count what is indexed", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT coalesce(sum(word_count), 0) FROM transcript_chunks
                 WHERE transcript_id IN (SELECT transcript_id FROM indexed)",
            )?;
            Ok(query.query_row([], |row| row.get(0))?)
        })
    }

    /// Episodes whose current transcript has accepted repairs, so that it reads otherwise than it was heard; with
    /// that transcript, oldest first.
    pub fn episodes_with_accepted(&self) -> Result<Vec<(EpisodeId, TranscriptId)>> {
        self.read("look for accepted repairs", |tx| {
            let mut query = tx.prepare_cached(&format!(
                "SELECT id, current FROM (SELECT id, (SELECT id FROM transcripts
                         WHERE episode_id = episodes.id AND state = 'complete' ORDER BY {RANK}, id DESC LIMIT 1)
                     AS current FROM episodes WHERE id IN (SELECT episode_id FROM transcripts
                         WHERE id IN (SELECT transcript_id FROM repairs WHERE state = 'accepted')))
                 WHERE EXISTS (SELECT 1 FROM repairs WHERE transcript_id = current AND state = 'accepted')
                 ORDER BY id"
            ))?;
            let rows = query.query_map([], |row| Ok((EpisodeId(row.get(0)?), TranscriptId(row.get(1)?))))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn indexed(row: &Row<'_>) -> rusqlite::Result<Indexed> {
    Ok(Indexed {
        episode: EpisodeId(row.get("episode_id")?),
        transcript: TranscriptId(row.get("transcript_id")?),
        fingerprint: row.get("fingerprint")?,
        at: row.get("at")?,
    })
}
