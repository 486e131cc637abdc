//! How much waits, and how fast work of that kind went lately: what an honest guess of the time left needs.

use crate::{Result, Store};
use rusqlite::{Row, named_params};

/// The jobs of one kind and model that wait or run.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// What is to be done ("transcribe", "fetch").
    pub kind: String,
    /// The model it is done with, where the jobs name one.
    pub model: Option<String>,
    /// How many jobs.
    pub jobs: usize,
    /// What is left of those whose size is known: milliseconds of sound, or bytes to fetch.
    pub rest: u64,
    /// How many have no known size.
    pub unknown: usize,
    /// Milliseconds of sound, or bytes, done in a millisecond by the last jobs of this kind and model.
    pub pace: Option<f64>,
}

/// Jobs that tell how fast work goes: the last of their kind and model.
const RECENT: u32 = 12;

impl Store {
    /// What waits or runs, by kind and model.
    pub fn waiting(&self) -> Result<Vec<Waiting>> {
        self.read("look at what waits", |tx| {
            // The recording tells the size of what is to be heard. What is to be fetched tells it as it comes;
            // its sound is to be heard then, and is as long as its feed says.
            let mut query = tx.prepare_cached(
                "WITH open AS (
                     SELECT kind, json_extract(options, '$.model') AS model,
                         (1 - progress) * iif(kind = 'fetch', total_ms, coalesce(
                             (SELECT duration_ms FROM recordings WHERE hash = episodes.recording), total_ms)) AS rest
                     FROM jobs LEFT JOIN episodes ON episodes.id = jobs.episode_id
                     WHERE jobs.state IN ('queued', 'running') AND json_valid(options)
                     UNION ALL
                     SELECT 'transcribe', json_extract(options, '$.model'), duration_ms
                     FROM jobs JOIN episodes ON episodes.id = jobs.episode_id
                     LEFT JOIN episode_facts ON episode_facts.episode_id = episodes.id
                     WHERE jobs.kind = 'fetch' AND jobs.state IN ('queued', 'running') AND recording IS NULL
                         AND iif(json_valid(options), json_extract(options, '$.sound') IS NOT NULL, 0))
                 SELECT kind, model, count(*) AS jobs, total(rest) AS rest, count(*) - count(rest) AS unknown
                 FROM open GROUP BY kind, model ORDER BY kind, model",
            )?;
            let rows = query.query_map([], waiting)?;
            let mut found = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            // Those that were begun more than once were also interrupted for who knows how long.
            let mut query = tx.prepare_cached(
                "SELECT sum(size) / nullif(sum(took), 0) FROM (
                     SELECT max(finished_at - started_at, 1) * 1.0 AS took,
                         iif(kind = 'fetch', recordings.bytes, recordings.duration_ms) AS size
                     FROM jobs JOIN episodes ON episodes.id = jobs.episode_id
                     JOIN recordings ON recordings.hash = episodes.recording
                     WHERE kind = :kind AND jobs.state = 'done' AND attempts = 1 AND json_valid(options)
                         AND json_extract(options, '$.model') IS :model
                     ORDER BY jobs.id DESC LIMIT :recent)",
            )?;
            for waiting in &mut found {
                waiting.pace = query.query_row(
                    named_params! { ":kind": waiting.kind, ":model": waiting.model, ":recent": RECENT },
                    |row| row.get(0),
                )?;
            }
            Ok(found)
        })
    }
}

fn waiting(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    let rest: f64 = row.get("rest")?;
    Ok(Waiting {
        kind: row.get("kind")?,
        model: row.get("model")?,
        jobs: row.get("jobs")?,
        rest: rest as u64,
        unknown: row.get("unknown")?,
        pace: None,
    })
}
