//! All clips of the library at a glance: to choose what is heard next, and to see what is talked about more and more.

use super::{StoredClip, stored};
use crate::columns::{date, json_list, parsed};
use crate::names::{kind_named, span, words};
use crate::{Result, Store, UnixMillis};
use ear_core::{ClipId, EpisodeDate, EpisodeId, Millis, NameId, NameKind, ShowId, Span, TranscriptId, WordRange};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Deserialize;
use std::collections::HashMap;

/// What tells a clip from others.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipCandidate {
    /// The clip.
    pub id: ClipId,
    /// Its episode.
    pub episode: EpisodeId,
    /// The transcript whose words these are.
    pub transcript: TranscriptId,
    /// Its place among the episode's clips.
    pub seq: usize,
    /// Its words.
    pub words: WordRange,
    /// When it is said.
    pub span: Option<Span>,
    /// Its keywords, the most telling first.
    pub keywords: Vec<String>,
    /// The names that it says, with how often: the most frequent first.
    pub names: Vec<(NameId, u32)>,
    /// What it is about, as the maker of vectors writes it.
    pub vector: Option<Vec<u8>>,
}

/// An episode that has clips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClipEpisode {
    /// The episode.
    pub episode: EpisodeId,
    /// Its show.
    pub show: Option<ShowId>,
    /// When it was published.
    pub date: Option<EpisodeDate>,
    /// Another one, other clips or other names.
    pub stamp: ClipStamp,
}

/// Tells whether the clips of an episode, or the names in them, were made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClipStamp {
    version: i64,
    at: UnixMillis,
    names_at: Option<UnixMillis>,
}

/// Tells whether anything changed of what is read of all clips, without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClipsVersion {
    /// Of clips and names, as they were made.
    made: String,
    /// Of shows and dates of episodes.
    episodes: String,
    /// What the user did to names: another one, and names of all clips are to be read again.
    pub acts: String,
}

/// A clip with those beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipInRow {
    /// The clip.
    pub clip: StoredClip,
    /// The one before it in the episode.
    pub previous: Option<ClipId>,
    /// The one after it in the episode.
    pub following: Option<ClipId>,
}

/// What is not told: the rest is what people want to hear.
const TOLD: &str = "kind NOT IN ('advertisement', 'music')";

impl Store {
    /// The clips of these episodes, of all where none are given, but advertisements and music, in the order of
    /// episodes and of words. Reads a lot: keep it as long as [`Store::clips_version`] stays the same.
    pub fn clip_candidates(&self, episodes: Option<&[EpisodeId]>) -> Result<Vec<ClipCandidate>> {
        let wanted = episodes.map(|episodes| json_list(episodes.iter().map(|episode| episode.0)));
        self.read("read clips", |tx| {
            let mut query = tx.prepare_cached(&format!(
                "SELECT * FROM clips WHERE {TOLD} AND (?1 IS NULL OR episode_id IN (SELECT value FROM json_each(?1)))
                 ORDER BY episode_id, seq"
            ))?;
            let mut candidates =
                query.query_map([wanted], candidate)?.collect::<rusqlite::Result<Vec<ClipCandidate>>>()?;
            for clips in candidates.chunk_by_mut(|one, other| one.transcript == other.transcript) {
                give_names(tx, clips)?;
            }
            Ok(candidates)
        })
    }

    /// Changes with what [`Store::clip_candidates`], [`Store::clip_episodes`] and [`Store::names_briefly`] give.
    pub fn clips_version(&self) -> Result<ClipsVersion> {
        self.read("look whether clips changed", |tx| {
            let told = |sql: &str| -> Result<String> { Ok(tx.prepare_cached(sql)?.query_row([], |row| row.get(0))?) };
            Ok(ClipsVersion {
                made: told(
                    "SELECT (SELECT count(*) || '.' || coalesce(sum(version), 0) || '.' || coalesce(max(at), 0)
                         FROM clips_made) || '.' || (SELECT count(*) || '.' || coalesce(max(at), 0) FROM names_made)",
                )?,
                // Which episode has which show and which date, as sums: no two of some small edits are likely to leave
                // them the same. Both are read from indexes.
                episodes: told(
                    "SELECT (SELECT count(*) || '.' || coalesce(sum((id % 1009 + 1) * coalesce(show_id, -1)), 0)
                         FROM episodes) || '.' || (SELECT coalesce(sum((id % 1009 + 1) * unixepoch(coalesce(date,
                             date(added_at / 1000, 'unixepoch'))) / 86400), 0) FROM episodes)",
                )?,
                acts: told("SELECT coalesce(max(id), 0) || '.' || coalesce(sum(undone), 0) FROM acts")?,
            })
        })
    }

    /// The episodes that have clips, in the order of their ids.
    pub fn clip_episodes(&self) -> Result<Vec<ClipEpisode>> {
        self.read("look which episodes have clips", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT clips_made.episode_id, show_id, date, version, clips_made.at, names_made.at AS names_at
                 FROM clips_made JOIN episodes ON episodes.id = clips_made.episode_id
                     LEFT JOIN names_made ON names_made.episode_id = clips_made.episode_id
                 ORDER BY clips_made.episode_id",
            )?;
            let rows = query.query_map([], |row| {
                Ok(ClipEpisode {
                    episode: EpisodeId(row.get("episode_id")?),
                    show: row.get::<_, Option<_>>("show_id")?.map(ShowId),
                    date: date(row)?,
                    stamp: ClipStamp {
                        version: row.get("version")?,
                        at: row.get("at")?,
                        names_at: row.get("names_at")?,
                    },
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What names are called and what they are the names of, but those that the user wants to see no more.
    pub fn names_briefly(&self) -> Result<HashMap<NameId, (String, Option<NameKind>)>> {
        self.read("read names", |tx| {
            let mut query = tx.prepare_cached("SELECT id, name, kind FROM names WHERE NOT forgotten")?;
            let rows = query.query_map([], |row| {
                let kind: Option<String> = row.get(2)?;
                Ok((NameId(row.get(0)?), (row.get(1)?, kind.as_deref().and_then(kind_named))))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Changes with what [`Store::heard_clips`] gives.
    pub fn heard_version(&self) -> Result<(i64, UnixMillis)> {
        self.read("look what was heard", |tx| {
            let mut query = tx.prepare_cached("SELECT count(*), coalesce(max(at), 0) FROM clip_heard")?;
            Ok(query.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
        })
    }

    /// The ids of clips that were heard, also of some that are no more.
    pub fn heard_clips(&self) -> Result<Vec<ClipId>> {
        self.read("look what was heard", |tx| {
            let mut query = tx.prepare_cached("SELECT clip_id FROM clip_heard ORDER BY clip_id")?;
            Ok(query.query_map([], |row| row.get(0).map(ClipId))?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Clips with those beside them, in the order asked for; those that are no more are left out.
    pub fn clips_in_row(&self, ids: &[ClipId]) -> Result<Vec<ClipInRow>> {
        self.read("read clips", |tx| {
            let mut clip = tx.prepare_cached(&format!("{} WHERE clips.id = ?1", super::SELECT))?;
            let mut beside = tx.prepare_cached(
                "SELECT (SELECT id FROM clips WHERE transcript_id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT 1),
                     (SELECT id FROM clips WHERE transcript_id = ?1 AND seq > ?2 ORDER BY seq LIMIT 1)",
            )?;
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                let row = clip.query_row([id.0], |row| Ok((stored(row)?, row.get::<_, i64>("seq")?)));
                let Some((clip, seq)) = row.optional()? else { continue };
                let id = |row: &Row<'_>, at| row.get::<_, Option<_>>(at).map(|id| id.map(ClipId));
                let (previous, following) =
                    beside.query_row((clip.transcript.0, seq), |row| Ok((id(row, 0)?, id(row, 1)?)))?;
                found.push(ClipInRow { clip, previous, following });
            }
            Ok(found)
        })
    }

    /// The first word, and its time, at which these words of a transcript say a name.
    pub fn first_said(
        &self,
        transcript: TranscriptId,
        words: &WordRange,
        name: NameId,
    ) -> Result<Option<(usize, Option<Millis>)>> {
        self.read("find where a name is said", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT first_word, start_ms FROM said WHERE transcript_id = ?1 AND first_word >= ?2
                     AND first_word < ?3 AND name_id = ?4 ORDER BY first_word LIMIT 1",
            )?;
            let found =
                query.query_row((transcript.0, words.start, words.end, name.0), |row| Ok((row.get(0)?, row.get(1)?)));
            Ok(found.optional()?)
        })
    }
}

#[derive(Deserialize)]
struct Described {
    keywords: Vec<String>,
}

fn candidate(row: &Row<'_>) -> rusqlite::Result<ClipCandidate> {
    let described: Described = parsed(row, "description", |text| serde_json::from_str(text).ok())?;
    Ok(ClipCandidate {
        id: ClipId(row.get("id")?),
        episode: EpisodeId(row.get("episode_id")?),
        transcript: TranscriptId(row.get("transcript_id")?),
        seq: row.get("seq")?,
        words: words(row)?,
        span: span(row)?,
        keywords: described.keywords,
        names: Vec::new(),
        vector: row.get("vector")?,
    })
}

/// Counts the names that each of some clips of one transcript says; the clips are in the order of words.
fn give_names(tx: &Connection, clips: &mut [ClipCandidate]) -> Result<()> {
    let Some(transcript) = clips.first().map(|clip| clip.transcript) else { return Ok(()) };
    let mut query =
        tx.prepare_cached("SELECT first_word, name_id FROM said WHERE transcript_id = ?1 ORDER BY first_word")?;
    let mut rows = query.query([transcript.0])?;
    let mut at = 0;
    while let Some(row) = rows.next()? {
        let (word, name): (usize, _) = (row.get(0)?, NameId(row.get(1)?));
        while clips.get(at).is_some_and(|clip| clip.words.end <= word) {
            at += 1;
        }
        let Some(clip) = clips.get_mut(at) else { break };
        if clip.words.contains(&word) {
            match clip.names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => clip.names.push((name, 1)),
            }
        }
    }
    clips.iter_mut().for_each(|clip| clip.names.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name)));
    Ok(())
}
