//! Repairs: proposals that heard words stand for a name, and what became of them.

use super::fold::without_marks;
use super::{MOST_JSON, bounded_json, fold_name, required, shortened, span, spelled, state_name, state_named, words};
use crate::columns::parsed;
use crate::{Error, Result, Store};
use ear_core::{EpisodeId, Evidence, NameId, RepairId, RepairState, Span, TranscriptId, WordRange};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use std::collections::HashSet;

/// A repair.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRepair {
    /// Its id; never used again for another repair.
    pub id: RepairId,
    /// The transcript whose words it is about.
    pub transcript: TranscriptId,
    /// The name they stand for.
    pub name: NameId,
    /// The heard words, as indices into the transcript.
    pub words: WordRange,
    /// Their time, where known.
    pub span: Option<Span>,
    /// What was heard, without the marks around it.
    pub heard: String,
    /// What is read instead.
    pub meant: String,
    /// How likely it is right, 0 to 1.
    pub probability: f32,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// The next best name for these words.
    pub runner_up: Option<String>,
    /// What became of it.
    pub state: RepairState,
    /// The user made it.
    pub by_hand: bool,
}

/// A repair to be stored. Of long texts and lists the beginning is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRepairDraft {
    /// The name that the words stand for.
    pub name: NameId,
    /// The heard words, as indices into the transcript; not empty.
    pub words: WordRange,
    /// Their time, where known.
    pub span: Option<Span>,
    /// What was heard.
    pub heard: String,
    /// What is to be read instead; not empty.
    pub meant: String,
    /// How likely it is right, 0 to 1.
    pub probability: f32,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// The next best name for these words.
    pub runner_up: Option<String>,
    /// Proposed; or what was decided about the same sound in another transcript.
    pub state: RepairState,
    /// The user made it, in another transcript.
    pub by_hand: bool,
}

/// What was decided, in any episode, about words that were heard for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// What was heard, as [`fold_name`] gives it.
    pub heard: String,
    /// The name it was said to stand for.
    pub name: NameId,
    /// What was to be read instead; where that differs, the most frequent.
    pub meant: String,
    /// Accepted or refused; where both happened there is a ruling of each.
    pub state: RepairState,
    /// How often; each transcript of an episode counts.
    pub count: u32,
    /// In how many episodes.
    pub episodes: u32,
}

impl Store {
    /// One repair.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn repair(&self, id: RepairId) -> Result<StoredRepair> {
        self.read("read a repair", |tx| one(tx, id))
    }

    /// All repairs of a transcript, decided or not, in the order of its words; no proposals of names that the user
    /// wants to see no more.
    pub fn repairs(&self, transcript: TranscriptId) -> Result<Vec<StoredRepair>> {
        self.read("read repairs", |tx| {
            let mut repairs = of_transcript(tx, transcript)?;
            let forgotten = super::forgotten(tx)?;
            repairs.retain(|one| one.state != RepairState::Proposed || !forgotten.contains(&one.name));
            Ok(repairs)
        })
    }

    /// The repairs of all transcripts of an episode, the newest transcript first.
    pub fn repairs_of_episode(&self, episode: EpisodeId) -> Result<Vec<StoredRepair>> {
        self.read("read the repairs of an episode", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT repairs.* FROM repairs JOIN transcripts ON transcripts.id = transcript_id
                 WHERE episode_id = ?1 ORDER BY transcript_id DESC, first_word, end_word, repairs.id",
            )?;
            Ok(query.query_map([episode.0], repair)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The accepted repairs of a transcript in the order of its words; no two overlap.
    pub fn accepted(&self, transcript: TranscriptId) -> Result<Vec<StoredRepair>> {
        self.read("read accepted repairs", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT * FROM repairs WHERE transcript_id = ?1 AND state = 'accepted' ORDER BY first_word",
            )?;
            Ok(query.query_map([transcript.0], repair)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The repairs in which the same was heard for the same name, itself among them: in one episode, or in all.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn alike(&self, id: RepairId, in_episode: Option<EpisodeId>) -> Result<Vec<RepairId>> {
        self.read("find repairs alike", |tx| {
            one(tx, id)?;
            let mut query = tx.prepare_cached(
                "SELECT repairs.id FROM repairs JOIN transcripts ON transcripts.id = transcript_id
                 JOIN (SELECT heard_folded AS its_heard, name_id AS its_name FROM repairs WHERE id = ?1)
                     ON heard_folded = its_heard AND name_id = its_name
                 WHERE ?2 IS NULL OR episode_id = ?2 ORDER BY repairs.id",
            )?;
            let rows = query.query_map((id.0, in_episode.map(|episode| episode.0)), |row| row.get(0).map(RepairId))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What was heard for names of this spelling, as [`fold_name`] gives it, and refused more often than accepted.
    pub fn refused_for(&self, spelling: &str) -> Result<HashSet<String>> {
        let folded = fold_name(spelling);
        self.read("read what was refused", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT heard_folded FROM repairs WHERE state <> 'proposed'
                     AND name_id IN (SELECT name_id FROM name_spellings WHERE folded = ?1)
                 GROUP BY heard_folded HAVING sum(iif(state = 'refused', 1, -1)) > 0",
            )?;
            Ok(query.query_map([folded], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Where accepted repairs read otherwise than these words, which were heard there, maybe among others.
    pub fn accepted_where_heard(&self, text: &str) -> Result<Vec<(TranscriptId, WordRange)>> {
        let folded = format!(" {} ", fold_name(text));
        self.read("find accepted repairs by what was heard", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT transcript_id, first_word, end_word FROM repairs
                 WHERE state = 'accepted' AND instr(' ' || heard_folded || ' ', ?1) > 0",
            )?;
            let rows = query.query_map([folded], |row| Ok((TranscriptId(row.get(0)?), words(row)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// All that was decided about names that were not forgotten, by what was heard.
    pub fn rulings(&self) -> Result<Vec<Ruling>> {
        self.read("read what was decided", |tx| {
            // The inner query counts each reading, so that the outer one can take the most frequent: of bare
            // columns beside a lone max(), SQLite gives those of the row that has it.
            let mut query = tx.prepare_cached(
                "SELECT heard_folded, name_id, state, meant, max(times), sum(times) AS count,
                     (SELECT count(DISTINCT episode_id) FROM repairs AS all_repairs
                          JOIN transcripts ON transcripts.id = transcript_id
                          WHERE all_repairs.heard_folded = each.heard_folded AND all_repairs.name_id = each.name_id
                              AND all_repairs.state = each.state) AS episodes
                 FROM (SELECT heard_folded, name_id, state, meant, count(*) AS times FROM repairs
                       WHERE state <> 'proposed' AND name_id NOT IN (SELECT id FROM names WHERE forgotten) GROUP BY heard_folded, name_id, state, meant) AS each
                 GROUP BY heard_folded, name_id, state ORDER BY heard_folded, name_id, state",
            )?;
            let rows = query.query_map([], |row| {
                Ok(Ruling {
                    heard: row.get("heard_folded")?,
                    name: NameId(row.get("name_id")?),
                    meant: row.get("meant")?,
                    state: parsed(row, "state", state_named)?,
                    count: row.get("count")?,
                    episodes: row.get("episodes")?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// A draft as it is stored.
pub(super) struct Ready {
    pub name: NameId,
    pub words: WordRange,
    pub state: RepairState,
    pub by_hand: bool,
    pub heard_folded: String,
    pub meant: String,
    span: Option<Span>,
    heard: String,
    probability: f32,
    evidence: String,
    runner_up: Option<String>,
}

impl Ready {
    pub(super) fn of(draft: &StoredRepairDraft) -> Result<Self> {
        let heard = spelled(without_marks(&draft.heard));
        Ok(Self {
            name: draft.name,
            words: draft.words.clone(),
            state: draft.state,
            by_hand: draft.by_hand,
            heard_folded: fold_name(&heard),
            meant: required(&draft.meant)?,
            span: draft.span,
            heard,
            probability: if draft.probability.is_nan() { 0.0 } else { draft.probability.clamp(0.0, 1.0) },
            evidence: evidence_json(&draft.evidence),
            runner_up: draft.runner_up.as_deref().map(spelled).filter(|name| !name.is_empty()),
        })
    }

    pub(super) fn heard(&self) -> &str {
        &self.heard
    }

    pub(super) fn insert(&self, tx: &Connection, transcript: TranscriptId) -> Result<RepairId> {
        tx.prepare_cached(
            "INSERT INTO repairs (transcript_id, first_word, end_word, name_id, start_ms, end_ms, heard, heard_folded,
                 meant, probability, evidence, runner_up, state, by_hand)
             VALUES (:transcript, :first, :end, :name, :start, :until, :heard, :folded, :meant, :probability,
                 :evidence, :runner_up, :state, :by_hand)",
        )?
        .execute(named_params! {
            ":transcript": transcript.0,
            ":first": self.words.start,
            ":end": self.words.end,
            ":name": self.name.0,
            ":start": self.span.map(Span::start),
            ":until": self.span.map(Span::end),
            ":heard": self.heard,
            ":folded": self.heard_folded,
            ":meant": self.meant,
            ":probability": self.probability,
            ":evidence": self.evidence,
            ":runner_up": self.runner_up,
            ":state": state_name(self.state),
            ":by_hand": self.by_hand,
        })?;
        Ok(RepairId(tx.last_insert_rowid()))
    }

    /// Says of a repair that is there what is said now; what became of it stays.
    pub(super) fn update(&self, tx: &Connection, id: RepairId) -> Result<()> {
        tx.prepare_cached(
            "UPDATE repairs SET meant = :meant, probability = :probability, evidence = :evidence,
                 runner_up = :runner_up, by_hand = max(by_hand, :by_hand) WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":meant": self.meant,
            ":probability": self.probability,
            ":evidence": self.evidence,
            ":runner_up": self.runner_up,
            ":by_hand": self.by_hand,
        })?;
        Ok(())
    }
}

/// What weighs nothing that can be told weighs nothing: JSON has no word for it.
fn evidence_json(evidence: &[Evidence]) -> String {
    let json = bounded_json(evidence, |piece, most| Evidence {
        kind: piece.kind,
        text: shortened(&piece.text, most),
        weight: if piece.weight.is_finite() { piece.weight } else { 0.0 },
    });
    debug_assert!(json.len() <= MOST_JSON, "bounded_json bounds");
    json
}

pub(super) fn one(tx: &Connection, id: RepairId) -> Result<StoredRepair> {
    let mut query = tx.prepare_cached("SELECT * FROM repairs WHERE id = ?1")?;
    query.query_row([id.0], repair).optional()?.ok_or_else(|| Error::missing("repair", id))
}

pub(super) fn of_transcript(tx: &Connection, transcript: TranscriptId) -> Result<Vec<StoredRepair>> {
    let mut query =
        tx.prepare_cached("SELECT * FROM repairs WHERE transcript_id = ?1 ORDER BY first_word, end_word, id")?;
    Ok(query.query_map([transcript.0], repair)?.collect::<rusqlite::Result<_>>()?)
}

fn repair(row: &Row<'_>) -> rusqlite::Result<StoredRepair> {
    Ok(StoredRepair {
        id: RepairId(row.get("id")?),
        transcript: TranscriptId(row.get("transcript_id")?),
        name: NameId(row.get("name_id")?),
        words: words(row)?,
        span: span(row)?,
        heard: row.get("heard")?,
        meant: row.get("meant")?,
        probability: row.get("probability")?,
        evidence: parsed(row, "evidence", |text| serde_json::from_str(text).ok())?,
        runner_up: row.get("runner_up")?,
        state: parsed(row, "state", state_named)?,
        by_hand: row.get("by_hand")?,
    })
}
