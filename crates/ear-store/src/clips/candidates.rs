//! All clips of the library at a glance, to choose what is heard next.

use super::{kind_name, kind_named};
use crate::columns::{date, parsed};
use crate::names::{span, words};
use crate::{Result, Store, UnixMillis};
use ear_core::{ClipId, ClipKind, Description, EpisodeDate, EpisodeId, NameId, ShowId, Span, WordRange};
use std::collections::HashMap;

/// What tells a clip from others.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipCandidate {
    /// The clip.
    pub id: ClipId,
    /// Its episode.
    pub episode: EpisodeId,
    /// The show of that.
    pub show: Option<ShowId>,
    /// When that was published.
    pub date: Option<EpisodeDate>,
    /// Its place among the episode's clips.
    pub seq: usize,
    /// What it is.
    pub kind: ClipKind,
    /// Its words.
    pub words: WordRange,
    /// When it is said.
    pub span: Option<Span>,
    /// Its headline.
    pub headline: String,
    /// Its keywords, the most telling first.
    pub keywords: Vec<String>,
    /// The names that it says, with how often.
    pub names: Vec<(NameId, u32)>,
    /// What it is about, as the maker of vectors writes it.
    pub vector: Option<Vec<u8>>,
    /// The source ends in the middle of a sentence, and this clip with it.
    pub broken_off: bool,
    /// When it was marked as heard.
    pub heard_at: Option<UnixMillis>,
}

impl Store {
    /// Every clip but advertisements and music, in the order of episodes and of words. Reads what the whole library
    /// has: keep it as long as [`Store::clips_version`] stays the same.
    pub fn clip_candidates(&self) -> Result<Vec<ClipCandidate>> {
        self.read("read clips", |tx| {
            let mut names: HashMap<i64, Vec<(NameId, u32)>> = HashMap::new();
            let mut query = tx.prepare_cached(
                "SELECT clips.id, name_id, count(*) FROM clips JOIN said ON said.transcript_id = clips.transcript_id
                     AND said.first_word >= clips.first_word AND said.first_word < clips.end_word
                 GROUP BY clips.id, name_id ORDER BY clips.id, count(*) DESC, name_id",
            )?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                names.entry(row.get(0)?).or_default().push((NameId(row.get(1)?), row.get(2)?));
            }
            let mut query = tx.prepare_cached(
                "SELECT clips.*, episodes.show_id, episodes.date, clip_heard.at AS heard_at
                 FROM clips JOIN episodes ON episodes.id = clips.episode_id
                     LEFT JOIN clip_heard ON clip_heard.clip_id = clips.id
                 WHERE kind NOT IN (?1, ?2) ORDER BY clips.episode_id, seq",
            )?;
            let left_out = (kind_name(ClipKind::Advertisement), kind_name(ClipKind::Music));
            let rows = query.query_map(left_out, |row| {
                let id: i64 = row.get("id")?;
                let description: Description = parsed(row, "description", |text| serde_json::from_str(text).ok())?;
                Ok(ClipCandidate {
                    id: ClipId(id),
                    episode: EpisodeId(row.get("episode_id")?),
                    show: row.get::<_, Option<_>>("show_id")?.map(ShowId),
                    date: date(row)?,
                    seq: row.get("seq")?,
                    kind: parsed(row, "kind", kind_named)?,
                    words: words(row)?,
                    span: span(row)?,
                    headline: description.headline,
                    keywords: description.keywords,
                    names: names.remove(&id).unwrap_or_default(),
                    vector: row.get("vector")?,
                    broken_off: row.get("broken_off")?,
                    heard_at: row.get("heard_at")?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Another text, other clips or marks: what was read of all clips is to be read again.
    pub fn clips_version(&self) -> Result<String> {
        self.read("look whether clips changed", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT (SELECT count(*) || '.' || coalesce(sum(version), 0) || '.' || coalesce(max(at), 0)
                     FROM clips_made) || '.' || (SELECT count(*) || '.' || coalesce(max(at), 0) FROM clip_heard)",
            )?;
            Ok(query.query_row([], |row| row.get(0))?)
        })
    }
}
