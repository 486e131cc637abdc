//! Names across episodes: all of them, the places of one, those of a show, those of a time.

use super::{StoredName, entities, fold_name, kind_name, resolve, span, words};
use crate::{Result, Store};
use ear_core::{EpisodeDate, EpisodeId, MentionBy, NameId, NameKind, ShowId, Span, TranscriptId, WordRange};
use rusqlite::{Row, named_params};

/// Episodes of a show that are looked at for its regulars: those of late years.
const REGULARS_OF: u32 = 200;

/// A name with how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameSummary {
    /// The name.
    pub name: StoredName,
    /// How often it is said, by words or accepted repairs.
    pub mentions: u64,
    /// In how many episodes.
    pub episodes: u64,
    /// Repairs to it that nobody has decided.
    pub proposed: u64,
}

/// A place where a name is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePlace {
    /// The episode.
    pub episode: EpisodeId,
    /// The transcript, of which `words` are indices.
    pub transcript: TranscriptId,
    /// The words that stand for it.
    pub words: WordRange,
    /// Their time, where known.
    pub span: Option<Span>,
    /// How they came to.
    pub by: MentionBy,
    /// What was heard, without the marks around it.
    pub heard: String,
}

impl Store {
    /// A page of names, the most said first, and how many there are in all: of one kind, and with a spelling
    /// that holds `query`, where these are given. Not those that the user wants to see no more, nor those that
    /// nothing has any more, which are about to be swept.
    pub fn names_listing(
        &self,
        kind: Option<NameKind>,
        query: Option<&str>,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<NameSummary>, usize)> {
        const MATCHES: &str = "NOT forgotten AND (by_hand OR followed
            OR EXISTS (SELECT 1 FROM episode_names AS met WHERE met.name_id = names.id)
            OR EXISTS (SELECT 1 FROM repairs WHERE repairs.name_id = names.id))
            AND (:kind IS NULL OR kind = :kind) AND (:query IS NULL OR EXISTS
            (SELECT 1 FROM name_spellings WHERE name_id = names.id AND instr(folded, :query) > 0))";
        let kind = kind.map(kind_name);
        let query = query.map(fold_name).filter(|query| !query.is_empty());
        self.read("list names", |tx| {
            let mut count = tx.prepare_cached(&format!("SELECT count(*) FROM names WHERE {MATCHES}"))?;
            let total = count.query_row(named_params! { ":kind": kind, ":query": query }, |row| row.get(0))?;
            let mut page = tx.prepare_cached(&format!(
                "SELECT *, (SELECT count(*) FROM repairs WHERE name_id = listed.id AND state = 'proposed')
                 FROM (SELECT names.id, coalesce(sum(said), 0) AS mentions, coalesce(sum(said > 0), 0)
                       FROM names LEFT JOIN episode_names ON name_id = names.id WHERE {MATCHES}
                       GROUP BY names.id ORDER BY mentions DESC, name, names.id LIMIT :limit OFFSET :offset) AS listed"
            ))?;
            let rows = page.query_map(
                named_params! { ":kind": kind, ":query": query, ":limit": whole(limit), ":offset": whole(offset) },
                |row| Ok((NameId(row.get(0)?), row.get(1)?, row.get(2)?, row.get(3)?)),
            )?;
            let mut listed = Vec::new();
            for row in rows {
                let (id, mentions, episodes, proposed) = row?;
                listed.extend(entities::one(tx, id)?.map(|name| NameSummary { name, mentions, episodes, proposed }));
            }
            Ok((listed, total))
        })
    }

    /// One name as in [`Store::names_listing`]; one that was joined into another leads there.
    pub fn name_summary(&self, id: NameId) -> Result<Option<NameSummary>> {
        self.read("read a name", |tx| {
            let id = match resolve(tx, id) {
                Err(crate::Error::Missing { .. }) => return Ok(None),
                resolved => resolved?,
            };
            let mut query = tx.prepare_cached(
                "SELECT coalesce(sum(said), 0), coalesce(sum(said > 0), 0),
                     (SELECT count(*) FROM repairs WHERE name_id = ?1 AND state = 'proposed'
                          AND NOT (SELECT forgotten FROM names WHERE id = ?1))
                 FROM episode_names WHERE name_id = ?1",
            )?;
            let counts = query.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let (mentions, episodes, proposed) = counts;
            Ok(entities::one(tx, id)?.map(|name| NameSummary { name, mentions, episodes, proposed }))
        })
    }

    /// A page of the places where a name is said, in the transcripts that its episodes' names were made of:
    /// newest episode first, then in the order of words.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing).
    pub fn name_places(&self, name: NameId, limit: usize, offset: usize) -> Result<Vec<NamePlace>> {
        self.read("find the places of a name", |tx| {
            let name = resolve(tx, name)?;
            let mut query = tx.prepare_cached(
                "SELECT transcripts.episode_id, said.* FROM said JOIN transcripts ON transcripts.id = said.transcript_id
                 JOIN episodes ON episodes.id = transcripts.episode_id
                 LEFT JOIN names_made ON names_made.episode_id = episodes.id
                 WHERE said.name_id = ?1
                     AND said.transcript_id = coalesce(names_made.transcript_id, said.transcript_id)
                 ORDER BY coalesce(date, date(added_at / 1000, 'unixepoch')) DESC, episodes.id DESC,
                     said.transcript_id DESC, said.first_word LIMIT ?2 OFFSET ?3",
            )?;
            let rows = query.query_map((name.0, whole(limit), whole(offset)), place)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Names that are said, or whose bearers take part, in at least this share of a show's newest 200 episodes
    /// and in two at least, `except` not counted; with in how many, the most frequent first.
    pub fn regulars(
        &self,
        show: ShowId,
        except: EpisodeId,
        least_share: f32,
        limit: usize,
    ) -> Result<Vec<(NameId, u32)>> {
        self.read("find a show's regulars", |tx| {
            let mut query = tx.prepare_cached(
                "WITH looked_at AS MATERIALIZED (SELECT id FROM episodes JOIN names_made ON episode_id = id
                     WHERE show_id = ?1 AND id <> ?5
                     ORDER BY coalesce(date, date(added_at / 1000, 'unixepoch')) DESC, id DESC LIMIT ?2)
                 SELECT name_id, count(*) AS episodes FROM episode_names
                 WHERE episode_id IN (SELECT id FROM looked_at) AND (said > 0 OR credited)
                     AND name_id NOT IN (SELECT id FROM names WHERE forgotten)
                 GROUP BY name_id HAVING episodes >= max(2, ?3 * (SELECT count(*) FROM looked_at))
                 ORDER BY episodes DESC, name_id LIMIT ?4",
            )?;
            let rows = query.query_map((show.0, REGULARS_OF, least_share, whole(limit), except.0), counted)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Names that other episodes than `except`, published at most `days` days before or after `date`, say
    /// exactly or by an accepted repair; with in how many, the most frequent first.
    pub fn near_names(
        &self,
        except: EpisodeId,
        date: EpisodeDate,
        days: u32,
        limit: usize,
    ) -> Result<Vec<(NameId, u32)>> {
        self.read("find names near in time", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT name_id, count(*) AS episodes FROM episode_names
                 WHERE said > 0 AND episode_id IN (SELECT id FROM episodes WHERE id <> ?1
                     AND date BETWEEN date(?2, '-' || ?3 || ' days') AND date(?2, '+' || ?3 || ' days'))
                 GROUP BY name_id ORDER BY episodes DESC, sum(said) DESC, name_id LIMIT ?4",
            )?;
            let rows = query.query_map((except.0, date.to_string(), days, whole(limit)), counted)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn counted(row: &Row<'_>) -> rusqlite::Result<(NameId, u32)> {
    Ok((NameId(row.get(0)?), row.get(1)?))
}

fn place(row: &Row<'_>) -> rusqlite::Result<NamePlace> {
    Ok(NamePlace {
        episode: EpisodeId(row.get("episode_id")?),
        transcript: TranscriptId(row.get("transcript_id")?),
        words: words(row)?,
        span: span(row)?,
        by: if row.get("repaired")? { MentionBy::Repair } else { MentionBy::Words },
        heard: row.get("heard")?,
    })
}

/// SQLite counts in signed numbers; nobody has that many names.
fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
