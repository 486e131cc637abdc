//! Storing clips in place of those there were.

use super::matching::{Extent, matches, successor};
use super::{kind_name, kind_named, made, of_episode};
use crate::columns::parsed;
use crate::names::{span, words};
use crate::transcripts::{self, json};
use crate::{Error, Result, Store, UnixMillis, now};
use ear_core::{Clip, ClipId, EpisodeId, Span, TranscriptId};
use rusqlite::{Connection, named_params};
use std::collections::HashMap;

/// More clips of an episode than this come from a mistake.
const MOST: usize = 50_000;
/// A new clip that was heard before to this share, in hundredths, counts as heard.
const HEARD_SHARE: u64 = 80;

/// A clip to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct NewClip {
    /// What it is.
    pub clip: Clip,
    /// The user set its edges, its headline or its kind.
    pub by_hand: bool,
    /// What it is about, as the maker of vectors writes it.
    pub vector: Option<Vec<u8>>,
}

/// What makes clips, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Making {
    /// The fingerprint of what makes them.
    pub maker: String,
    /// The fingerprint of what they are made of beside words.
    pub made_of: String,
    /// What [`Store::clip_edits`] said when it was asked what the user did.
    pub edits: i64,
}

impl Store {
    /// Stores the clips of an episode, made of this transcript, in place of those there were, also of its other
    /// transcripts. Their ids, in the order given: a clip that covers at least half of what one of before covered, or
    /// is covered by it so, has its id, those that share most first. Ids that are no more lead to the clips that took
    /// their place.
    ///
    /// # Errors
    /// [`Error::Missing`] where episode or transcript does not exist, [`Error::NoSuchWords`], [`Error::TooMany`].
    pub fn put_clips(
        &self,
        episode: EpisodeId,
        transcript: TranscriptId,
        making: &Making,
        clips: &[NewClip],
    ) -> Result<Vec<ClipId>> {
        check_count(clips)?;
        self.write("store clips", |tx| put(tx, episode, transcript, making, clips))
    }
}

pub(super) fn check_count(clips: &[NewClip]) -> Result<()> {
    if clips.len() > MOST { Err(Error::TooMany { what: "clips", count: clips.len(), most: MOST }) } else { Ok(()) }
}

pub(super) fn put(
    tx: &Connection,
    episode: EpisodeId,
    transcript: TranscriptId,
    making: &Making,
    clips: &[NewClip],
) -> Result<Vec<ClipId>> {
    check_words(tx, episode, transcript, clips)?;
    let new: Vec<Extent> = clips.iter().map(|new| extent(transcript, &new.clip)).collect();
    let (live, gone) = (live(tx, episode)?, gone(tx, episode)?);
    let ids = ids(&live, &gone, &new);
    // Stored under their ids, but those without, which get theirs here.
    let mut given = Vec::with_capacity(clips.len());
    drop_others(tx, episode, &ids)?;
    for (seq, (clip, id)) in clips.iter().zip(&ids).enumerate() {
        given.push(store(tx, episode, transcript, seq, clip, *id)?);
    }
    lead_on(tx, episode, &live, &gone, &new, &given)?;
    take_over_heard(tx, episode, &live, &new, &ids, &given)?;
    let version = made(tx, episode)?.map_or(0, |made| made.version) + 1;
    tx.prepare_cached("INSERT OR REPLACE INTO clips_made VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute((
        episode.0,
        transcript.0,
        &making.maker,
        &making.made_of,
        making.edits,
        version,
        now(),
    ))?;
    Ok(given)
}

/// A clip that is there, or was, and whether it was heard.
struct Before {
    id: ClipId,
    extent: Extent,
    heard_at: Option<UnixMillis>,
}

fn live(tx: &Connection, episode: EpisodeId) -> Result<Vec<Before>> {
    let clips = of_episode(tx, episode)?.into_iter();
    Ok(clips
        .map(|clip| Before { id: clip.id, extent: extent(clip.transcript, &clip.clip), heard_at: clip.heard_at })
        .collect())
}

fn gone(tx: &Connection, episode: EpisodeId) -> Result<Vec<Before>> {
    let mut query = tx.prepare_cached("SELECT * FROM clips_gone WHERE episode_id = ?1 ORDER BY id")?;
    let rows = query.query_map([episode.0], |row| {
        let extent = Extent {
            transcript: TranscriptId(row.get("transcript_id")?),
            kind: parsed(row, "kind", kind_named)?,
            words: words(row)?,
            span: span(row)?,
        };
        Ok(Before { id: ClipId(row.get("id")?), extent, heard_at: None })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn extent(transcript: TranscriptId, clip: &Clip) -> Extent {
    Extent { transcript, kind: clip.kind, words: clip.words.clone(), span: clip.span }
}

/// The ids of new clips: of those that are there, then of those that were.
fn ids(live: &[Before], gone: &[Before], new: &[Extent]) -> Vec<Option<ClipId>> {
    let extents = |before: &[Before]| -> Vec<Extent> { before.iter().map(|before| before.extent.clone()).collect() };
    let known = matches(&extents(live), &new.iter().map(Some).collect::<Vec<_>>());
    let unknown: Vec<Option<&Extent>> =
        new.iter().zip(&known).map(|(new, known)| Some(new).filter(|_| known.is_none())).collect();
    let again = matches(&extents(gone), &unknown);
    known.iter().zip(again).map(|(known, again)| known.map(|at| live[at].id).or(again.map(|at| gone[at].id))).collect()
}

/// Removes the clips of an episode that none of these ids is of, and remembers what they covered.
fn drop_others(tx: &Connection, episode: EpisodeId, ids: &[Option<ClipId>]) -> Result<()> {
    let kept = crate::columns::json_list(ids.iter().flatten().map(|id| id.0));
    tx.prepare_cached(
        "INSERT OR REPLACE INTO clips_gone
         SELECT id, episode_id, NULL, transcript_id, kind, first_word, end_word, start_ms, end_ms FROM clips
         WHERE episode_id = ?1 AND id NOT IN (SELECT value FROM json_each(?2))",
    )?
    .execute((episode.0, &kept))?;
    tx.prepare_cached("DELETE FROM clips WHERE episode_id = ?1 AND id NOT IN (SELECT value FROM json_each(?2))")?
        .execute((episode.0, &kept))?;
    tx.prepare_cached("DELETE FROM clips_gone WHERE episode_id = ?1 AND id IN (SELECT value FROM json_each(?2))")?
        .execute((episode.0, &kept))?;
    Ok(())
}

fn store(
    tx: &Connection,
    episode: EpisodeId,
    transcript: TranscriptId,
    seq: usize,
    new: &NewClip,
    id: Option<ClipId>,
) -> Result<ClipId> {
    let NewClip { clip, by_hand, vector } = new;
    // An update keeps the row, so that what points to it stays.
    tx.prepare_cached(
        "INSERT INTO clips (id, episode_id, transcript_id, seq, kind, label, first_word, end_word, start_ms, end_ms,
             chapter, description, broken_off, by_hand, vector)
         VALUES (:id, :episode, :transcript, :seq, :kind, :label, :first, :end, :start_ms, :end_ms, :chapter,
             :description, :broken_off, :by_hand, :vector)
         ON CONFLICT (id) DO UPDATE SET transcript_id = excluded.transcript_id, seq = excluded.seq,
             kind = excluded.kind, label = excluded.label, first_word = excluded.first_word,
             end_word = excluded.end_word, start_ms = excluded.start_ms, end_ms = excluded.end_ms,
             chapter = excluded.chapter, description = excluded.description, broken_off = excluded.broken_off,
             by_hand = excluded.by_hand, vector = excluded.vector",
    )?
    .execute(named_params! {
        ":id": id.map(|id| id.0),
        ":episode": episode.0,
        ":transcript": transcript.0,
        ":seq": seq,
        ":kind": kind_name(clip.kind),
        ":label": clip.label,
        ":first": clip.words.start,
        ":end": clip.words.end,
        ":start_ms": clip.span.map(Span::start),
        ":end_ms": clip.span.map(Span::end),
        ":chapter": clip.chapter,
        ":description": json(&clip.description),
        ":broken_off": clip.broken_off,
        ":by_hand": by_hand,
        ":vector": vector,
    })?;
    Ok(id.unwrap_or_else(|| ClipId(tx.last_insert_rowid())))
}

/// Lets ids that are no more lead to the clips that took their place.
fn lead_on(
    tx: &Connection,
    episode: EpisodeId,
    live: &[Before],
    gone: &[Before],
    new: &[Extent],
    given: &[ClipId],
) -> Result<()> {
    let mut query = tx.prepare_cached("SELECT id FROM clips_gone WHERE episode_id = ?1 AND clip_id IS NULL")?;
    let lost = query.query_map([episode.0], |row| row.get(0).map(ClipId))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let extents: HashMap<ClipId, &Extent> = live.iter().chain(gone).map(|before| (before.id, &before.extent)).collect();
    let mut update = tx.prepare_cached("UPDATE clips_gone SET clip_id = ?2 WHERE id = ?1")?;
    for id in lost {
        if let Some(at) = extents.get(&id).and_then(|extent| successor(extent, new)) {
            update.execute((id.0, given[at].0))?;
        }
    }
    Ok(())
}

/// What was heard under another id was heard.
fn take_over_heard(
    tx: &Connection,
    episode: EpisodeId,
    live: &[Before],
    new: &[Extent],
    ids: &[Option<ClipId>],
    given: &[ClipId],
) -> Result<()> {
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO clip_heard VALUES (?1, ?2, ?3)")?;
    for ((extent, _), id) in new.iter().zip(ids).zip(given).filter(|((_, known), _)| known.is_none()) {
        let heard = live.iter().filter_map(|before| Some((before.heard_at?, before.extent.overlap(extent))));
        let (at, shared) = heard.fold((0, 0), |(at, sum), (when, shared)| (when.max(at), sum + shared));
        let whole = extent.overlap(extent);
        if shared > 0 && shared * 100 >= whole * HEARD_SHARE {
            insert.execute((id.0, episode.0, at))?;
        }
    }
    Ok(())
}

fn check_words(tx: &Connection, episode: EpisodeId, transcript: TranscriptId, clips: &[NewClip]) -> Result<()> {
    let info = transcripts::one(tx, transcript)?.filter(|info| info.episode == episode);
    let info = info.ok_or_else(|| Error::missing("transcript", transcript))?;
    match clips.iter().map(|new| &new.clip.words).find(|words| words.start > words.end || words.end > info.words) {
        None => Ok(()),
        Some(range) => Err(Error::NoSuchWords { transcript, start: range.start, end: range.end, words: info.words }),
    }
}
