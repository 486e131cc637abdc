//! Decisions about repairs, written down so that each can be undone as a whole.

use super::repairs::{Ready, one};
use super::{StoredRepairDraft, episode, resolve, state_name, state_named};
use crate::columns::parsed;
use crate::{Result, Store, UnixMillis, now};
use ear_core::{EpisodeId, RepairId, RepairState, TranscriptId, WordRange};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;

/// A decision that was undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The repairs that are again what they were before; those that the decision itself had made are gone.
    pub repairs: Vec<RepairId>,
    /// The episodes that read otherwise now.
    pub episodes: Vec<EpisodeId>,
    /// When the decision was made.
    pub decided_at: UnixMillis,
}

impl Store {
    /// Decides about repairs at once; `Proposed` takes a decision back. Accepting one puts accepted ones that
    /// overlap it back to proposed, also those of the same call. Returns the episodes that read otherwise now.
    /// Deciding again what is decided so changes nothing.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing) where one does not exist; then nothing is decided.
    pub fn decide(&self, repairs: &[RepairId], state: RepairState) -> Result<Vec<EpisodeId>> {
        self.write("decide about repairs", |tx| {
            let mut batch = Batch::begin(tx)?;
            for id in repairs {
                batch.set(*id, state)?;
            }
            batch.end()
        })
    }

    /// Adds a repair that the user made, accepted at once. Where the same words are known to stand for the same
    /// name, that repair is accepted, with this reading.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing), [`Error::NoSuchWords`](crate::Error::NoSuchWords),
    /// [`Error::EmptyName`](crate::Error::EmptyName).
    pub fn add_repair(&self, transcript: TranscriptId, draft: &StoredRepairDraft) -> Result<RepairId> {
        let mut ready = Ready::of(draft)?;
        (ready.state, ready.by_hand) = (RepairState::Proposed, true);
        self.write("add a repair", |tx| {
            episode::check_words(tx, transcript, [&ready.words])?;
            ready.name = resolve(tx, ready.name)?;
            let mut query = tx.prepare_cached(
                "SELECT id FROM repairs WHERE transcript_id = ?1 AND first_word = ?2 AND end_word = ?3 AND name_id = ?4",
            )?;
            let key = (transcript.0, ready.words.start, ready.words.end, ready.name.0);
            let there = query.query_row(key, |row| row.get(0).map(RepairId)).optional()?;
            let mut batch = Batch::begin(tx)?;
            let id = match there {
                Some(id) => {
                    ready.update(tx, id)?;
                    id
                }
                None => {
                    let id = ready.insert(tx, transcript)?;
                    batch.note(id, None, RepairState::Proposed)?;
                    id
                }
            };
            batch.set(id, RepairState::Accepted)?;
            batch.end()?;
            Ok(id)
        })
    }

    /// Undoes the last decision that was not undone, with all that it changed; `None` where there is none.
    pub fn undo_last(&self) -> Result<Option<Undone>> {
        self.write("undo a decision", |tx| {
            let mut query = tx.prepare_cached("SELECT max(batch) FROM repair_decisions WHERE undone = 0")?;
            let Some(number) = query.query_row([], |row| row.get::<_, Option<i64>>(0))? else { return Ok(None) };
            let steps = steps(tx, number)?;
            let mut batch = Batch { tx, number, at: now(), changed: BTreeSet::new() };
            for step in steps.iter().rev() {
                batch.revert(step)?;
            }
            tx.prepare_cached("UPDATE repair_decisions SET undone = 1 WHERE batch = ?1")?.execute([number])?;
            let made: BTreeSet<_> = steps.iter().filter(|step| step.old.is_none()).map(|step| step.repair).collect();
            let repairs: BTreeSet<_> = steps.iter().map(|step| step.repair).collect();
            Ok(Some(Undone {
                repairs: repairs.difference(&made).copied().collect(),
                decided_at: steps.first().map_or(0, |step| step.at),
                episodes: batch.end()?,
            }))
        })
    }
}

/// A change of one repair, as it was written down.
struct Step {
    at: UnixMillis,
    repair: RepairId,
    /// `None` where the repair was made by the decision.
    old: Option<RepairState>,
    new: RepairState,
}

fn steps(tx: &Connection, batch: i64) -> Result<Vec<Step>> {
    let mut query = tx.prepare_cached(
        "SELECT at, repair_id, coalesce(old_state, '') AS old, new_state FROM repair_decisions
         WHERE batch = ?1 AND undone = 0 ORDER BY id",
    )?;
    let rows = query.query_map([batch], |row| {
        Ok(Step {
            at: row.get("at")?,
            repair: RepairId(row.get("repair_id")?),
            old: parsed(row, "old", |name| if name.is_empty() { Some(None) } else { state_named(name).map(Some) })?,
            new: parsed(row, "new_state", state_named)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What is decided at once.
struct Batch<'a> {
    tx: &'a Connection,
    number: i64,
    at: UnixMillis,
    /// Transcripts that read otherwise now.
    changed: BTreeSet<TranscriptId>,
}

impl<'a> Batch<'a> {
    fn begin(tx: &'a Connection) -> Result<Self> {
        let mut query = tx.prepare_cached("SELECT coalesce(max(batch), 0) + 1 FROM repair_decisions")?;
        Ok(Self { tx, number: query.query_row([], |row| row.get(0))?, at: now(), changed: BTreeSet::new() })
    }

    fn set(&mut self, id: RepairId, state: RepairState) -> Result<()> {
        let repair = one(self.tx, id)?;
        if repair.state == state {
            return Ok(());
        }
        if state == RepairState::Accepted {
            for other in accepted_over(self.tx, repair.transcript, &repair.words)? {
                self.change(other, repair.transcript, RepairState::Accepted, RepairState::Proposed)?;
                self.note(other, Some(RepairState::Accepted), RepairState::Proposed)?;
            }
        }
        self.change(id, repair.transcript, repair.state, state)?;
        self.note(id, Some(repair.state), state)
    }

    fn note(&self, id: RepairId, old: Option<RepairState>, new: RepairState) -> Result<()> {
        self.tx
            .prepare_cached(
                "INSERT INTO repair_decisions (batch, at, repair_id, old_state, new_state) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((self.number, self.at, id.0, old.map(state_name), state_name(new)))?;
        Ok(())
    }

    fn change(&mut self, id: RepairId, of: TranscriptId, old: RepairState, new: RepairState) -> Result<()> {
        self.tx.prepare_cached("UPDATE repairs SET state = ?2 WHERE id = ?1")?.execute((id.0, state_name(new)))?;
        if old == RepairState::Accepted || new == RepairState::Accepted {
            self.changed.insert(of);
        }
        Ok(())
    }

    fn revert(&mut self, step: &Step) -> Result<()> {
        let repair = one(self.tx, step.repair)?;
        let Some(old) = step.old else {
            self.tx.prepare_cached("DELETE FROM repairs WHERE id = ?1")?.execute([step.repair.0])?;
            return Ok(());
        };
        // A new version of the words may have brought a decision of its own.
        let is_taken =
            old == RepairState::Accepted && !accepted_over(self.tx, repair.transcript, &repair.words)?.is_empty();
        if repair.state != step.new || is_taken {
            return Ok(());
        }
        self.change(step.repair, repair.transcript, repair.state, old)
    }

    fn end(self) -> Result<Vec<EpisodeId>> {
        let mut query = self.tx.prepare_cached("SELECT episode_id FROM transcripts WHERE id = ?1")?;
        let mut episodes = BTreeSet::new();
        for transcript in self.changed {
            episodes.insert(EpisodeId(query.query_row([transcript.0], |row| row.get(0))?));
        }
        for id in &episodes {
            episode::recount(self.tx, *id)?;
        }
        Ok(episodes.into_iter().collect())
    }
}

/// Accepted repairs that share a word with this stretch. No two overlap, so that walking back from its end they
/// end with the first that does not reach into it.
fn accepted_over(tx: &Connection, transcript: TranscriptId, words: &WordRange) -> Result<Vec<RepairId>> {
    let mut query = tx.prepare_cached(
        "SELECT id, end_word FROM repairs WHERE transcript_id = ?1 AND state = 'accepted' AND first_word < ?2
         ORDER BY first_word DESC",
    )?;
    let mut rows = query.query((transcript.0, words.end))?;
    let mut over = Vec::new();
    while let Some(row) = rows.next()? {
        if row.get::<_, usize>(1)? <= words.start {
            break;
        }
        over.push(RepairId(row.get(0)?));
    }
    Ok(over)
}
