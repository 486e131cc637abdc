//! Which sentences stand in which episodes, word for word: what stands in many of a show is no talk.

use crate::columns::json_list;
use crate::{Error, Result, Store};
use ear_core::EpisodeId;
use std::collections::{BTreeSet, HashMap};

/// More episodes than this that say a sentence tell no more.
const MOST: u32 = 8;
/// More sentences of an episode than this are not looked at.
const SENTENCES: usize = 100_000;

impl Store {
    /// Notes the sentences that an episode says, by keys of the caller's, in place of those noted before. Returns the
    /// other episodes of its show that share a sentence with it which few of them say, where that is news: what is to
    /// be thought of their sentences changes. Of these there are few, since a sentence that many say is no news.
    ///
    /// # Errors
    /// [`Error::Missing`] where the episode does not exist.
    pub fn put_sentence_keys(&self, episode: EpisodeId, keys: &[u64]) -> Result<Vec<EpisodeId>> {
        let keys: BTreeSet<i64> = keys.iter().take(SENTENCES).map(|key| *key as i64).collect();
        self.write("note sentences", |tx| {
            if !tx.prepare_cached("SELECT 1 FROM episodes WHERE id = ?1")?.exists([episode.0])? {
                return Err(Error::missing("episode", episode));
            }
            let mut query = tx.prepare_cached("SELECT key FROM sentence_keys WHERE episode_id = ?1")?;
            let there = query.query_map([episode.0], |row| row.get(0))?.collect::<rusqlite::Result<BTreeSet<i64>>>()?;
            if there == keys {
                return Ok(Vec::new());
            }
            let mut delete = tx.prepare_cached("DELETE FROM sentence_keys WHERE key = ?1 AND episode_id = ?2")?;
            for key in there.difference(&keys) {
                delete.execute((key, episode.0))?;
            }
            let mut insert = tx.prepare_cached("INSERT INTO sentence_keys VALUES (?1, ?2)")?;
            for key in keys.difference(&there) {
                insert.execute((key, episode.0))?;
            }
            let news = json_list(keys.symmetric_difference(&there).copied());
            let mut query = tx.prepare_cached(
                "WITH shared AS (SELECT key, id, count(*) OVER (PARTITION BY key) AS says
                     FROM sentence_keys JOIN episodes ON id = episode_id
                     WHERE key IN (SELECT value FROM json_each(?2)) AND id <> ?1
                         AND show_id = (SELECT show_id FROM episodes WHERE id = ?1))
                 SELECT DISTINCT id FROM shared WHERE says < ?3 ORDER BY id",
            )?;
            let rows = query.query_map((episode.0, news, MOST), |row| row.get(0).map(EpisodeId))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// In how many other episodes of the same show the sentences of an episode stand, 8 at most, by their keys as they
    /// were noted; those that stand nowhere else are left out.
    pub fn repeated_sentences(&self, episode: EpisodeId) -> Result<HashMap<u64, u32>> {
        self.read("count sentences", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT key, min(?2, count(*)) FROM sentence_keys JOIN episodes ON id = episode_id
                 WHERE key IN (SELECT key FROM sentence_keys WHERE episode_id = ?1) AND id <> ?1
                     AND show_id = (SELECT show_id FROM episodes WHERE id = ?1)
                 GROUP BY key",
            )?;
            let rows = query.query_map((episode.0, MOST), |row| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
