//! Transcripts: versions of what was said. Their words lie in chunks (see `chunks.rs`).

use crate::chunks::{self, Piece};
use crate::columns::{origin, origin_name, parsed, timing, timing_name};
use crate::{Error, Result, Store, UnixMillis, now};
use ear_core::{EpisodeId, Millis, Origin, Stretch, Timing, Transcript, TranscriptId, Turn};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

/// What is known of a transcript when recognition begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptHead {
    /// Where it comes from.
    pub origin: Origin,
    /// ISO 639-1 code of its main language, where known already.
    pub language: Option<String>,
    /// The recognising engine.
    pub engine: Option<String>,
    /// The engine's model.
    pub model: Option<String>,
    /// Of engine, model and settings: only what the same maker began is continued.
    pub fingerprint: String,
    /// How exact the times of its words will be.
    pub timing: Timing,
    /// Length of the sound, where known already.
    pub duration: Option<Millis>,
}

/// What is known when the last chunk is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompleteFields {
    /// ISO 639-1 code of its main language; `None` leaves what the head said.
    pub language: Option<String>,
    /// Length of the sound; `None` leaves what the head said.
    pub duration: Option<Millis>,
    /// How exact the times of its words are.
    pub timing: Timing,
    /// Who spoke which words.
    pub turns: Vec<Turn>,
    /// What the sound is; `None`: as the chunks said, one after the other.
    pub stretches: Option<Vec<Stretch>>,
}

/// A transcript without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptInfo {
    /// Its id; never used again for another transcript.
    pub id: TranscriptId,
    /// The episode it is of.
    pub episode: EpisodeId,
    /// Where it comes from.
    pub origin: Origin,
    /// ISO 639-1 code of its main language, where known.
    pub language: Option<String>,
    /// The recognising engine, for recognised ones.
    pub engine: Option<String>,
    /// The engine's model.
    pub model: Option<String>,
    /// Of engine, model and settings, for recognised ones.
    pub fingerprint: Option<String>,
    /// How exact its times are.
    pub timing: Timing,
    /// Length of the sound, or the end of the last timed word.
    pub duration: Option<Millis>,
    /// Every chunk is there; only complete transcripts are read and searched.
    pub complete: bool,
    /// Number of words so far.
    pub words: usize,
    /// When it was begun.
    pub created_at: UnixMillis,
}

/// Which transcript is read and searched: the lowest rank, and of those the newest.
pub(crate) const RANK: &str = "CASE origin
    WHEN 'corrected' THEN 0
    WHEN 'published' THEN iif(timing = 'none' OR covers < 0.5, 3, 1)
    WHEN 'recognised' THEN 2
    ELSE 4 END";

impl Store {
    /// Begins a transcript whose chunks follow one by one. What the same maker began before and did not
    /// complete is dropped: call [`Store::resume_partial`] first to continue that.
    ///
    /// # Errors
    /// [`Error::Missing`] where the episode does not exist.
    pub fn begin_transcript(&self, episode: EpisodeId, head: &TranscriptHead) -> Result<TranscriptId> {
        self.write("begin a transcript", |tx| {
            check_episode(tx, episode)?;
            tx.prepare_cached(
                "DELETE FROM transcripts WHERE state = 'partial' AND episode_id = ?1 AND fingerprint = ?2",
            )?
            .execute((episode.0, &head.fingerprint))?;
            let info = TranscriptInfo {
                id: TranscriptId(0),
                episode,
                origin: head.origin,
                language: head.language.clone(),
                engine: head.engine.clone(),
                model: head.model.clone(),
                fingerprint: Some(head.fingerprint.clone()),
                timing: head.timing,
                duration: head.duration,
                complete: false,
                words: 0,
                created_at: now(),
            };
            insert(tx, &info, &[], &[])
        })
    }

    /// Makes a transcript complete after its last chunk, so that it is read and searched. Safe to call twice.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn complete_transcript(&self, id: TranscriptId, fields: &CompleteFields) -> Result<()> {
        self.write("complete a transcript", |tx| {
            let stretches = match &fields.stretches {
                Some(stretches) => stretches.clone(),
                None => chunks::stretches(tx, id)?,
            };
            let changed = tx
                .prepare_cached(
                    "UPDATE transcripts SET state = 'complete', language = coalesce(:language, language),
                         duration_ms = coalesce(:duration, duration_ms), timing = :timing, turns = :turns,
                         stretches = :stretches
                     WHERE id = :id",
                )?
                .execute(named_params! {
                    ":id": id.0,
                    ":language": fields.language,
                    ":duration": fields.duration,
                    ":timing": timing_name(fields.timing),
                    ":turns": json(&fields.turns),
                    ":stretches": json(&stretches),
                })?;
            if changed == 0 { Err(Error::missing("transcript", id)) } else { Ok(()) }
        })
    }

    /// Drops all transcripts of an episode that were begun and not completed; returns how many.
    pub fn drop_partials(&self, episode: EpisodeId) -> Result<usize> {
        self.write("drop unfinished transcripts", |tx| {
            let mut delete =
                tx.prepare_cached("DELETE FROM transcripts WHERE state = 'partial' AND episode_id = ?1")?;
            Ok(delete.execute([episode.0])?)
        })
    }

    /// Adds a whole transcript as a new version beside those there are.
    ///
    /// # Errors
    /// [`Error::Missing`] where the episode does not exist.
    pub fn add_transcript(&self, episode: EpisodeId, transcript: &Transcript) -> Result<TranscriptId> {
        self.add_whole(episode, transcript, None)
    }

    /// The same for a transcript that was made from others; `fingerprint` says from which and how. One made
    /// alike is taken instead, so this is safe to call twice.
    ///
    /// # Errors
    /// [`Error::Missing`] where the episode does not exist.
    pub fn add_made_transcript(
        &self,
        episode: EpisodeId,
        transcript: &Transcript,
        fingerprint: &str,
    ) -> Result<TranscriptId> {
        self.add_whole(episode, transcript, Some(fingerprint))
    }

    fn add_whole(
        &self,
        episode: EpisodeId,
        transcript: &Transcript,
        fingerprint: Option<&str>,
    ) -> Result<TranscriptId> {
        // Made before the transaction begins: turning words into JSON is the slow part.
        let pieces = Piece::cut(&transcript.words);
        let info = TranscriptInfo {
            id: TranscriptId(0),
            episode,
            origin: transcript.origin,
            language: transcript.language.clone(),
            engine: transcript.engine.clone(),
            model: transcript.model.clone(),
            fingerprint: fingerprint.map(str::to_owned),
            timing: transcript.timing,
            duration: transcript.duration,
            complete: true,
            words: transcript.words.len(),
            created_at: now(),
        };
        self.write("add a transcript", |tx| {
            check_episode(tx, episode)?;
            let mut query = tx.prepare_cached(
                "SELECT id FROM transcripts WHERE episode_id = ?1 AND fingerprint = ?2 AND state = 'complete'",
            )?;
            if let Some(made) = query.query_row((episode.0, fingerprint), |row| row.get(0)).optional()? {
                return Ok(TranscriptId(made));
            }
            let id = insert(tx, &info, &transcript.turns, &transcript.stretches)?;
            for piece in &pieces {
                piece.insert(tx, id)?;
            }
            Ok(id)
        })
    }

    /// A whole transcript; of one that is not complete, what there is so far.
    ///
    /// # Errors
    /// [`Error::Missing`]; [`Error::DamagedTranscript`], [`Error::DamagedChunk`] and [`Error::ChunkLength`]
    /// where it cannot be read.
    pub fn load_transcript(&self, id: TranscriptId) -> Result<Transcript> {
        self.read("read a transcript", |tx| {
            let info = one(tx, id)?.ok_or_else(|| Error::missing("transcript", id))?;
            let mut query = tx.prepare_cached("SELECT turns, stretches FROM transcripts WHERE id = ?1")?;
            let (turns, stretches): (String, String) = query.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let damaged = |part| move |source| Error::DamagedTranscript { transcript: id, part, source };
            Ok(Transcript {
                origin: info.origin,
                language: info.language,
                engine: info.engine,
                model: info.model,
                duration: info.duration,
                timing: info.timing,
                words: chunks::words(tx, id, 0..info.words)?,
                turns: serde_json::from_str(&turns).map_err(damaged("turns"))?,
                stretches: if info.complete {
                    serde_json::from_str(&stretches).map_err(damaged("stretches"))?
                } else {
                    chunks::stretches(tx, id)?
                },
            })
        })
    }

    /// The transcript that is read and searched: corrected, else published with times, else recognised,
    /// else published without times, else imported; the newest of each.
    pub fn current_transcript(&self, episode: EpisodeId) -> Result<Option<TranscriptId>> {
        self.read("choose a transcript", |tx| {
            let mut query = tx.prepare_cached(&format!(
                "SELECT id FROM transcripts WHERE episode_id = ?1 AND state = 'complete'
                 ORDER BY {RANK}, id DESC LIMIT 1"
            ))?;
            Ok(query.query_row([episode.0], |row| row.get(0)).optional()?.map(TranscriptId))
        })
    }

    /// Notes how much of what was heard is in a text: a share from 0 to 1. A published text with less than half
    /// of it is read after what was recognised.
    pub fn note_covers(&self, id: TranscriptId, share: f64) -> Result<()> {
        self.write("note what a text covers", |tx| {
            tx.prepare_cached("UPDATE transcripts SET covers = ?2 WHERE id = ?1")?.execute((id.0, share))?;
            Ok(())
        })
    }

    /// All transcripts of an episode, best first, those not complete last.
    pub fn transcripts(&self, episode: EpisodeId) -> Result<Vec<TranscriptInfo>> {
        self.read("list transcripts", |tx| {
            let rest = format!("WHERE episode_id = ?1 ORDER BY state = 'partial', {RANK}, id DESC");
            let mut query = tx.prepare_cached(&select(&rest))?;
            Ok(query.query_map([episode.0], info)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One transcript without its words.
    pub fn transcript_info(&self, id: TranscriptId) -> Result<Option<TranscriptInfo>> {
        self.read("read about a transcript", |tx| one(tx, id))
    }
}

pub(crate) fn one(tx: &Connection, id: TranscriptId) -> Result<Option<TranscriptInfo>> {
    let mut query = tx.prepare_cached(&select("WHERE id = ?1"))?;
    Ok(query.query_row([id.0], info).optional()?)
}

/// Plain data of ours always has a JSON form.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("lists of words, turns and stretches have no maps with strange keys")
}

fn select(rest: &str) -> String {
    format!(
        "SELECT *, coalesce((SELECT first_word + word_count FROM transcript_chunks
             WHERE transcript_id = transcripts.id ORDER BY seq DESC LIMIT 1), 0) AS words
         FROM transcripts {rest}"
    )
}

fn insert(tx: &Connection, info: &TranscriptInfo, turns: &[Turn], stretches: &[Stretch]) -> Result<TranscriptId> {
    tx.prepare_cached(
        "INSERT INTO transcripts (episode_id, origin, language, engine, model, fingerprint, timing, duration_ms,
             turns, stretches, state, created_at)
         VALUES (:episode, :origin, :language, :engine, :model, :fingerprint, :timing, :duration, :turns,
             :stretches, :state, :created_at)",
    )?
    .execute(named_params! {
        ":episode": info.episode.0,
        ":origin": origin_name(info.origin),
        ":language": info.language,
        ":engine": info.engine,
        ":model": info.model,
        ":fingerprint": info.fingerprint,
        ":timing": timing_name(info.timing),
        ":duration": info.duration,
        ":turns": json(turns),
        ":stretches": json(stretches),
        ":state": if info.complete { "complete" } else { "partial" },
        ":created_at": info.created_at,
    })?;
    Ok(TranscriptId(tx.last_insert_rowid()))
}

fn check_episode(tx: &Connection, episode: EpisodeId) -> Result<()> {
    let exists = tx.prepare_cached("SELECT 1 FROM episodes WHERE id = ?1")?.exists([episode.0])?;
    if exists { Ok(()) } else { Err(Error::missing("episode", episode)) }
}

fn info(row: &Row<'_>) -> rusqlite::Result<TranscriptInfo> {
    Ok(TranscriptInfo {
        id: TranscriptId(row.get("id")?),
        episode: EpisodeId(row.get("episode_id")?),
        origin: parsed(row, "origin", origin)?,
        language: row.get("language")?,
        engine: row.get("engine")?,
        model: row.get("model")?,
        fingerprint: row.get("fingerprint")?,
        timing: parsed(row, "timing", timing)?,
        duration: row.get("duration_ms")?,
        complete: row.get::<_, String>("state")? == "complete",
        words: row.get("words")?,
        created_at: row.get("created_at")?,
    })
}
