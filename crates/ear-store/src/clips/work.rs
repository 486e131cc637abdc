//! What the user does to clips by hand: each edit is written down and can be undone.

use super::put::{check_count, put};
use super::{ClipsMade, Making, NewClip, made};
use crate::names::{span, words};
use crate::{Result, Store, UnixMillis, now};
use ear_core::{ClipId, ClipKind, EpisodeId, Span, TranscriptId, WordRange};
use rusqlite::{Connection, OptionalExtension, Row};

/// Most characters of a headline that are kept.
const LONGEST: usize = 200;

/// Names a piece of hand work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClipWorkId(i64);

/// What the user said of some words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// They are one clip.
    Range,
    /// How the clip that they are most of is called.
    Headline(String),
    /// What the clip that they are most of is.
    Kind(ClipKind),
}

/// A piece of hand work that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClipWork {
    /// Its id.
    pub id: ClipWorkId,
    /// What was said.
    pub work: Work,
    /// The transcript whose words these are.
    pub transcript: TranscriptId,
    /// The words.
    pub words: WordRange,
    /// Their time, by which they are found in other transcripts.
    pub span: Option<Span>,
}

/// Hand work to be noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClipWork {
    /// What is said.
    pub work: Work,
    /// Of which words, of the transcript that the edit is of.
    pub words: WordRange,
    /// Their time.
    pub span: Option<Span>,
}

/// An edit of an episode's clips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClipEdit {
    /// What is done, in a word: "move", "split".
    pub what: &'static str,
    /// The work that no longer holds.
    pub ends: Vec<ClipWorkId>,
    /// The work that holds now.
    pub adds: Vec<NewClipWork>,
}

/// An edit that was undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoneClipEdit {
    /// What had been done, in a word.
    pub what: String,
    /// When.
    pub at: UnixMillis,
}

impl Store {
    /// Counts the edits of an episode's clips and their undoings: another number, other hand work.
    pub fn clip_edits(&self, episode: EpisodeId) -> Result<i64> {
        self.read("count edits of clips", |tx| edits(tx, episode))
    }

    /// The hand work that holds for an episode's clips, oldest first.
    pub fn clip_work(&self, episode: EpisodeId) -> Result<Vec<ClipWork>> {
        self.read("read hand work on clips", |tx| {
            let mut query =
                tx.prepare_cached("SELECT * FROM clip_work WHERE episode_id = ?1 AND ended_by IS NULL ORDER BY id")?;
            Ok(query.query_map([episode.0], work)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Notes an edit and stores the clips as they are with it, ids as [`Store::put_clips`] gives them. `None`, and
    /// nothing is done, where the clips are no longer `seen`: look again, and edit those. What `making` says of
    /// edits is left aside: the clips are made with this one.
    ///
    /// # Errors
    /// As for [`Store::put_clips`].
    pub fn edit_clips(
        &self,
        episode: EpisodeId,
        seen: &ClipsMade,
        edit: &ClipEdit,
        clips: &[NewClip],
    ) -> Result<Option<Vec<ClipId>>> {
        check_count(clips)?;
        self.write("edit clips", |tx| {
            if made(tx, episode)?.as_ref() != Some(seen) {
                return Ok(None);
            }
            let is_current = edits(tx, episode)? == seen.edits;
            note(tx, episode, seen.transcript, edit)?;
            // Clips that lack an edit of before lack it still, and are made again.
            let edits = if is_current { edits(tx, episode)? } else { seen.edits };
            let making = Making { maker: seen.maker.clone(), made_of: seen.made_of.clone(), edits };
            put(tx, episode, seen.transcript, &making, clips).map(Some)
        })
    }

    /// Takes back the last edit of an episode's clips that was not undone; `None` where there is none. The clips are
    /// to be made again then.
    pub fn undo_clip_edit(&self, episode: EpisodeId) -> Result<Option<UndoneClipEdit>> {
        self.write("undo an edit of clips", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT id, what, at FROM clip_edits WHERE episode_id = ?1 AND undone = 0 ORDER BY id DESC LIMIT 1",
            )?;
            let last = query.query_row([episode.0], |row| {
                Ok((row.get::<_, i64>(0)?, UndoneClipEdit { what: row.get(1)?, at: row.get(2)? }))
            });
            let Some((id, undone)) = last.optional()? else { return Ok(None) };
            tx.prepare_cached("DELETE FROM clip_work WHERE made_by = ?1")?.execute([id])?;
            tx.prepare_cached("UPDATE clip_work SET ended_by = NULL WHERE ended_by = ?1")?.execute([id])?;
            tx.prepare_cached("UPDATE clip_edits SET undone = 1 WHERE id = ?1")?.execute([id])?;
            Ok(Some(undone))
        })
    }
}

fn edits(tx: &Connection, episode: EpisodeId) -> Result<i64> {
    let mut query =
        tx.prepare_cached("SELECT count(*) + coalesce(sum(undone), 0) FROM clip_edits WHERE episode_id = ?1")?;
    Ok(query.query_row([episode.0], |row| row.get(0))?)
}

fn note(tx: &Connection, episode: EpisodeId, transcript: TranscriptId, edit: &ClipEdit) -> Result<()> {
    tx.prepare_cached("INSERT INTO clip_edits (episode_id, at, what) VALUES (?1, ?2, ?3)")?.execute((
        episode.0,
        now(),
        edit.what,
    ))?;
    let id = tx.last_insert_rowid();
    let mut end = tx.prepare_cached("UPDATE clip_work SET ended_by = ?2 WHERE id = ?1 AND episode_id = ?3")?;
    for work in &edit.ends {
        end.execute((work.0, id, episode.0))?;
    }
    let mut add = tx.prepare_cached(
        "INSERT INTO clip_work (episode_id, transcript_id, what, first_word, end_word, start_ms, end_ms, value, made_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for NewClipWork { work, words, span } in &edit.adds {
        let (what, value) = match work {
            Work::Range => ("range", None),
            Work::Headline(text) => ("headline", Some(text.chars().take(LONGEST).collect())),
            Work::Kind(kind) => ("kind", Some(super::kind_name(*kind).to_owned())),
        };
        let (start, end) = (span.map(Span::start), span.map(Span::end));
        add.execute((episode.0, transcript.0, what, words.start, words.end, start, end, value, id))?;
    }
    Ok(())
}

fn work(row: &Row<'_>) -> rusqlite::Result<ClipWork> {
    let what: String = row.get("what")?;
    let work = match what.as_str() {
        "range" => Work::Range,
        "kind" => Work::Kind(crate::columns::parsed(row, "value", super::kind_named)?),
        _ => Work::Headline(row.get("value")?),
    };
    Ok(ClipWork {
        id: ClipWorkId(row.get("id")?),
        work,
        transcript: TranscriptId(row.get("transcript_id")?),
        words: words(row)?,
        span: span(row)?,
    })
}
