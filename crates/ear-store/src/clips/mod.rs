//! Clips of episodes, what the user did to them, and which were heard.
//!
//! Clips are derived, and made again; a clip that covers what one of before covered has its id, and ids that are no
//! more lead to the clip that took their place. Hand work and what was heard are ground.

mod candidates;
mod keys;
mod matching;
mod proposals;
mod put;
mod work;

pub use candidates::{ClipCandidate, ClipEpisode, ClipInRow, ClipStamp, ClipsVersion};
pub use proposals::Proposed;
pub use put::{Making, NewClip};
pub use work::{ClipEdit, ClipWork, ClipWorkId, NewClipWork, UndoneClipEdit, Work};

use crate::columns::parsed;
use crate::names::{span, words};
use crate::transcripts::RANK;
use crate::{Error, Result, Store, UnixMillis, now};
use ear_core::{Clip, ClipId, ClipKind, EpisodeId, TranscriptId};
use rusqlite::{Connection, OptionalExtension, Row};

/// A clip as it is remembered.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredClip {
    /// Its id; the same as long as it covers about the same, and never used for another.
    pub id: ClipId,
    /// The episode it is of.
    pub episode: EpisodeId,
    /// The transcript whose words these are.
    pub transcript: TranscriptId,
    /// What it is.
    pub clip: Clip,
    /// The user set its edges, its headline or its kind.
    pub by_hand: bool,
    /// What it is about, as the maker of vectors writes it.
    pub vector: Option<Vec<u8>>,
    /// When it was marked as heard.
    pub heard_at: Option<UnixMillis>,
}

/// What the clips of an episode were made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClipsMade {
    /// The transcript.
    pub transcript: TranscriptId,
    /// The fingerprint of what made them.
    pub maker: String,
    /// The fingerprint of what they were made of beside words.
    pub made_of: String,
    /// How many edits and undoings there had been; see [`Store::clip_edits`].
    pub edits: i64,
    /// Counts how often they were made.
    pub version: i64,
}

const SELECT: &str = "SELECT clips.*, clip_heard.at AS heard_at
    FROM clips LEFT JOIN clip_heard ON clip_heard.clip_id = clips.id";

impl Store {
    /// The clips made of a transcript, in order; none where they were made of another.
    pub fn clips(&self, transcript: TranscriptId) -> Result<Vec<StoredClip>> {
        self.read("read clips", |tx| {
            let mut query = tx.prepare_cached(&format!("{SELECT} WHERE transcript_id = ?1 ORDER BY seq"))?;
            Ok(query.query_map([transcript.0], stored)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The clips of an episode, in order, whichever transcript they were made of.
    pub fn clips_of_episode(&self, episode: EpisodeId) -> Result<Vec<StoredClip>> {
        self.read("read clips", |tx| of_episode(tx, episode))
    }

    /// A clip; for an id that is no more, the clip that took its place.
    pub fn clip(&self, id: ClipId) -> Result<Option<StoredClip>> {
        self.read("read a clip", |tx| {
            let mut query = tx.prepare_cached(&format!(
                "{SELECT} WHERE clips.id = ?1 OR clips.id = (SELECT clips_gone.clip_id FROM clips_gone
                     WHERE clips_gone.id = ?1)
                 ORDER BY clips.id <> ?1 LIMIT 1"
            ))?;
            Ok(query.query_row([id.0], stored).optional()?)
        })
    }

    /// The clip of a transcript that has a word.
    pub fn clip_at(&self, transcript: TranscriptId, word: usize) -> Result<Option<ClipId>> {
        self.read("look for a clip", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT id FROM clips WHERE transcript_id = ?1 AND first_word <= ?2 AND end_word > ?2",
            )?;
            Ok(query.query_row((transcript.0, word), |row| row.get(0).map(ClipId)).optional()?)
        })
    }

    /// What the clips of an episode were made of; `None` where there are none.
    pub fn clips_made(&self, episode: EpisodeId) -> Result<Option<ClipsMade>> {
        self.read("read what made clips", |tx| made(tx, episode))
    }

    /// Episodes whose clips were not made of the transcript that is read, or by another maker; newest first.
    pub fn episodes_without_clips(&self, maker: &str) -> Result<Vec<EpisodeId>> {
        self.read("look for episodes without clips", |tx| {
            let mut query = tx.prepare_cached(&format!(
                "SELECT id FROM (SELECT id, date, (SELECT id FROM transcripts
                         WHERE episode_id = episodes.id AND state = 'complete' ORDER BY {RANK}, id DESC LIMIT 1)
                     AS current FROM episodes)
                 WHERE current IS NOT NULL AND NOT EXISTS (SELECT 1 FROM clips_made
                     WHERE episode_id = id AND transcript_id = current AND maker = ?1)
                 ORDER BY date DESC, id DESC"
            ))?;
            Ok(query.query_map([maker], |row| row.get(0).map(EpisodeId))?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Episodes with advertisements in the transcript that is read, with that transcript, oldest first.
    pub fn episodes_with_adverts(&self) -> Result<Vec<(EpisodeId, TranscriptId)>> {
        self.read("look for advertisements", |tx| {
            let mut query = tx.prepare_cached(&format!(
                "SELECT id, current FROM (SELECT id, (SELECT id FROM transcripts
                         WHERE episode_id = episodes.id AND state = 'complete' ORDER BY {RANK}, id DESC LIMIT 1)
                     AS current FROM episodes WHERE id IN
                         (SELECT episode_id FROM clips WHERE kind = 'advertisement'))
                 WHERE EXISTS (SELECT 1 FROM clips WHERE transcript_id = current AND kind = 'advertisement')
                 ORDER BY id"
            ))?;
            let rows = query.query_map([], |row| Ok((EpisodeId(row.get(0)?), TranscriptId(row.get(1)?))))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The words of a transcript's advertisements, in order.
    pub fn advert_words(&self, transcript: TranscriptId) -> Result<Vec<ear_core::WordRange>> {
        self.read("read advertisements", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT first_word, end_word FROM clips WHERE transcript_id = ?1 AND kind = 'advertisement'
                     AND end_word > first_word ORDER BY first_word",
            )?;
            Ok(query.query_map([transcript.0], words)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Marks a clip as heard, or takes the mark back. The clip that it was; see [`Store::clip`].
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn mark_heard(&self, id: ClipId, heard: bool) -> Result<ClipId> {
        self.write("mark a clip as heard", |tx| {
            let (id, episode) = resolve(tx, id)?;
            if heard {
                tx.prepare_cached("INSERT INTO clip_heard VALUES (?1, ?2, ?3) ON CONFLICT (clip_id) DO NOTHING")?
                    .execute((id.0, episode.0, now()))?;
            } else {
                tx.prepare_cached("DELETE FROM clip_heard WHERE clip_id = ?1")?.execute([id.0])?;
            }
            Ok(id)
        })
    }
}

/// The clip that an id leads to, and its episode.
fn resolve(tx: &Connection, id: ClipId) -> Result<(ClipId, EpisodeId)> {
    let mut query = tx.prepare_cached(
        "SELECT id, episode_id FROM clips WHERE id = coalesce((SELECT id FROM clips WHERE id = ?1),
             (SELECT clip_id FROM clips_gone WHERE id = ?1))",
    )?;
    let found = query.query_row([id.0], |row| Ok((ClipId(row.get(0)?), EpisodeId(row.get(1)?)))).optional()?;
    found.ok_or_else(|| Error::missing("clip", id))
}

fn of_episode(tx: &Connection, episode: EpisodeId) -> Result<Vec<StoredClip>> {
    let mut query = tx.prepare_cached(&format!("{SELECT} WHERE clips.episode_id = ?1 ORDER BY seq"))?;
    Ok(query.query_map([episode.0], stored)?.collect::<rusqlite::Result<_>>()?)
}

fn made(tx: &Connection, episode: EpisodeId) -> Result<Option<ClipsMade>> {
    let mut query = tx.prepare_cached("SELECT * FROM clips_made WHERE episode_id = ?1")?;
    let made = query.query_row([episode.0], |row| {
        Ok(ClipsMade {
            transcript: TranscriptId(row.get("transcript_id")?),
            maker: row.get("maker")?,
            made_of: row.get("made_of")?,
            edits: row.get("edits")?,
            version: row.get("version")?,
        })
    });
    Ok(made.optional()?)
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredClip> {
    Ok(StoredClip {
        id: ClipId(row.get("id")?),
        episode: EpisodeId(row.get("episode_id")?),
        transcript: TranscriptId(row.get("transcript_id")?),
        clip: Clip {
            kind: parsed(row, "kind", kind_named)?,
            label: row.get("label")?,
            words: words(row)?,
            span: span(row)?,
            chapter: row.get("chapter")?,
            description: parsed(row, "description", |text| serde_json::from_str(text).ok())?,
            broken_off: row.get("broken_off")?,
        },
        by_hand: row.get("by_hand")?,
        vector: row.get("vector")?,
        heard_at: row.get("heard_at")?,
    })
}

fn kind_name(kind: ClipKind) -> &'static str {
    match kind {
        ClipKind::Topic => "topic",
        ClipKind::Publisher => "publisher",
        ClipKind::Advertisement => "advertisement",
        ClipKind::Music => "music",
    }
}

fn kind_named(name: &str) -> Option<ClipKind> {
    use ClipKind::{Advertisement, Music, Publisher, Topic};
    [Topic, Publisher, Advertisement, Music].into_iter().find(|kind| kind_name(*kind) == name)
}
