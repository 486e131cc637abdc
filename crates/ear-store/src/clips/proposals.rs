//! What language models proposed to say of clips, and putting what may stand of it in its place.

use super::{ClipsMade, made};
use crate::transcripts::json;
use crate::{Error, Result, Store, now};
use ear_core::{ClipId, Description, EpisodeId};
use rusqlite::{Connection, OptionalExtension};

/// What a model was asked for last about the clips of an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// The model.
    pub model: String,
    /// How many headlines, sentences and whole answers of it were refused.
    pub refused: u32,
}

impl Store {
    /// An answer that is kept, by the caller's key of all that was asked.
    pub fn proposal(&self, episode: EpisodeId, key: &str) -> Result<Option<String>> {
        self.read("read a proposal", |tx| {
            let mut query =
                tx.prepare_cached("SELECT answer FROM clip_proposals WHERE episode_id = ?1 AND key = ?2")?;
            Ok(query.query_row((episode.0, key), |row| row.get(0)).optional()?)
        })
    }

    /// Keeps an answer.
    ///
    /// # Errors
    /// [`Error::Missing`] where the episode does not exist.
    pub fn put_proposal(&self, episode: EpisodeId, key: &str, answer: &str) -> Result<()> {
        self.write("keep a proposal", |tx| {
            if !tx.prepare_cached("SELECT 1 FROM episodes WHERE id = ?1")?.exists([episode.0])? {
                return Err(Error::missing("episode", episode));
            }
            tx.prepare_cached("INSERT OR REPLACE INTO clip_proposals VALUES (?1, ?2, ?3, ?4)")?.execute((
                episode.0,
                key,
                answer,
                now(),
            ))?;
            Ok(())
        })
    }

    /// Says other things of the clips of an episode, as long as they are those of `made`; whether they were. Of the
    /// answers that are kept those with other keys go.
    pub fn describe_clips(
        &self,
        episode: EpisodeId,
        made_of: &ClipsMade,
        descriptions: &[(ClipId, Description)],
        proposed: &Proposed,
        keys: &[String],
    ) -> Result<bool> {
        self.write("describe clips", |tx| {
            if made(tx, episode)?.as_ref() != Some(made_of) {
                return Ok(false);
            }
            let mut update =
                tx.prepare_cached("UPDATE clips SET description = ?3 WHERE id = ?1 AND episode_id = ?2")?;
            for (id, description) in descriptions {
                update.execute((id.0, episode.0, json(description)))?;
            }
            // Whoever keeps clips in memory sees by the version that they are others.
            let version = made_of.version + i64::from(!descriptions.is_empty());
            tx.prepare_cached("UPDATE clips_made SET version = ?2, at = ?3 WHERE episode_id = ?1 AND version <> ?2")?
                .execute((episode.0, version, now()))?;
            tx.prepare_cached("INSERT OR REPLACE INTO clips_proposed VALUES (?1, ?2, ?3, ?4, ?5)")?.execute((
                episode.0,
                version,
                &proposed.model,
                proposed.refused,
                now(),
            ))?;
            drop_other_answers(tx, episode, keys)?;
            Ok(true)
        })
    }

    /// What was proposed for the clips of an episode as they are; `None` where they were made anew since.
    pub fn proposed(&self, episode: EpisodeId) -> Result<Option<Proposed>> {
        self.read("read what was proposed", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT model, refused FROM clips_proposed JOIN clips_made USING (episode_id, version)
                 WHERE episode_id = ?1",
            )?;
            let proposed = query
                .query_row([episode.0], |row| Ok(Proposed { model: row.get("model")?, refused: row.get("refused")? }));
            Ok(proposed.optional()?)
        })
    }

    /// Episodes with clips that this model was not asked about, newest first.
    pub fn episodes_not_proposed(&self, model: &str) -> Result<Vec<EpisodeId>> {
        self.read("look for clips that nothing was proposed for", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT id FROM episodes JOIN clips_made ON clips_made.episode_id = id
                 WHERE NOT EXISTS (SELECT 1 FROM clips_proposed WHERE clips_proposed.episode_id = id
                     AND clips_proposed.version = clips_made.version AND model = ?1)
                 ORDER BY date DESC, id DESC",
            )?;
            Ok(query.query_map([model], |row| row.get(0).map(EpisodeId))?.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn drop_other_answers(tx: &Connection, episode: EpisodeId, keys: &[String]) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM clip_proposals WHERE episode_id = ?1 AND key NOT IN (SELECT value FROM json_each(?2))",
    )?
    .execute((episode.0, json(&keys)))?;
    Ok(())
}
