//! Decisions about repairs, written down so that each can be undone as a whole; and undoing whatever came last.

use super::journal::{self, Act, Acting, Done};
use super::repairs::{Ready, one};
use super::rows::put_back;
use super::{StoredRepairDraft, episode, resolve, state_name, state_named};
use crate::columns::parsed;
use crate::{Result, Store, UnixMillis, now};
use ear_core::{EpisodeId, RepairId, RepairState, TranscriptId, WordRange};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;

/// What a decision changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruled {
    /// The episodes that read otherwise now.
    pub episodes: Vec<EpisodeId>,
    /// Repairs that were accepted for some of the same words, and no longer are.
    pub displaced: Vec<RepairId>,
}

/// An act that was taken back, or could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// Its number: later acts have greater ones.
    pub number: i64,
    /// What it was.
    pub what: Act,
    /// The name it was about, as it was called then; of corrections what was meant.
    pub name: Option<String>,
    /// The other name, spelling or kind; of corrections what was heard.
    pub other: Option<String>,
    /// The repairs that are again what they were before.
    pub repairs: Vec<RepairId>,
    /// The repairs that it had made, which are gone.
    pub gone: Vec<RepairId>,
    /// The episodes that read otherwise now.
    pub episodes: Vec<EpisodeId>,
    /// Episodes that have a name that it changed: theirs are to be found anew.
    pub concerned: Vec<EpisodeId>,
    /// When it was done.
    pub at: UnixMillis,
}

impl Store {
    /// Decides about repairs at once; `Proposed` takes a decision back. Accepting one puts accepted ones that
    /// overlap it back to proposed, also those of the same call. Deciding again what is decided so changes nothing.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing) where one does not exist; then nothing is decided.
    pub fn decide(&self, repairs: &[RepairId], state: RepairState) -> Result<Ruled> {
        self.write("decide about repairs", |tx| {
            let mut batch = Batch::begin(tx, Act::Decided, None, None)?;
            for id in repairs {
                batch.set(*id, state)?;
            }
            batch.end()
        })
    }

    /// Adds a repair that the user made, accepted at once. Where the same words are known to stand for the same
    /// name, that repair is accepted, with this reading. A name that was forgotten is known again.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing), [`Error::NoSuchWords`](crate::Error::NoSuchWords),
    /// [`Error::EmptyName`](crate::Error::EmptyName).
    pub fn add_repair(&self, transcript: TranscriptId, draft: &StoredRepairDraft) -> Result<(RepairId, Ruled)> {
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
            let mut batch = Batch::begin(tx, Act::Corrected, Some(&ready.meant), Some(ready.heard()))?;
            let acting = Acting::on(tx, &[ready.name])?;
            tx.prepare_cached("UPDATE names SET forgotten = 0 WHERE id = ?1")?.execute([ready.name.0])?;
            if let Some(id) = there {
                ready.update(tx, id)?;
            }
            acting.part_of(batch.number)?;
            let id = match there {
                Some(id) => id,
                None => {
                    let id = ready.insert(tx, transcript)?;
                    batch.note(id, None, RepairState::Proposed)?;
                    id
                }
            };
            batch.set(id, RepairState::Accepted)?;
            Ok((id, batch.end()?))
        })
    }

    /// The last act that was not taken back, as [`Store::undo_last`] would take it back, but that no episodes are named;
    /// `None` where there is none.
    pub fn last_act(&self) -> Result<Option<Undone>> {
        self.read("look for the last act", |tx| {
            let Some(done) = journal::last(tx)? else { return Ok(None) };
            let steps = steps(tx, done.act)?;
            Ok(Some(undone(done, &steps)))
        })
    }

    /// Takes back the last act that was not taken back, with all that it changed: a decision, a correction, or a
    /// change of names; `None` where there is none, or where it is not the one of this number.
    pub fn undo_last(&self, number: Option<i64>) -> Result<Option<Undone>> {
        self.write("undo an act", |tx| {
            let done = journal::last(tx)?.filter(|done| number.is_none_or(|number| number == done.act));
            let Some(done) = done else { return Ok(None) };
            let steps = steps(tx, done.act)?;
            let mut batch =
                Batch { tx, number: done.act, at: now(), ruled: Ruled::default(), changed: BTreeSet::new() };
            for step in steps.iter().rev() {
                batch.revert(step)?;
            }
            let put_back = put_back(tx, done.act)?;
            for episode in &put_back.episodes {
                episode::recount(tx, *episode)?;
            }
            tx.prepare_cached("UPDATE repair_decisions SET undone = 1 WHERE batch = ?1")?.execute([done.act])?;
            tx.prepare_cached("UPDATE acts SET undone = 1 WHERE id = ?1")?.execute([done.act])?;
            let mut episodes: BTreeSet<_> = batch.end()?.episodes.into_iter().collect();
            episodes.extend(put_back.read_otherwise);
            Ok(Some(Undone {
                episodes: episodes.into_iter().collect(),
                concerned: put_back.episodes.into_iter().collect(),
                ..undone(done, &steps)
            }))
        })
    }
}

fn undone(done: Done, steps: &[Step]) -> Undone {
    let made: BTreeSet<_> = steps.iter().filter(|step| step.old.is_none()).map(|step| step.repair).collect();
    let repairs: BTreeSet<_> = steps.iter().map(|step| step.repair).collect();
    Undone {
        number: done.act,
        what: done.what,
        name: done.name,
        other: done.other,
        repairs: repairs.difference(&made).copied().collect(),
        gone: made.into_iter().collect(),
        episodes: Vec::new(),
        concerned: Vec::new(),
        at: done.at,
    }
}

/// A change of one repair, as it was written down.
struct Step {
    repair: RepairId,
    /// `None` where the repair was made by the decision.
    old: Option<RepairState>,
    new: RepairState,
}

fn steps(tx: &Connection, batch: i64) -> Result<Vec<Step>> {
    let mut query = tx.prepare_cached(
        "SELECT repair_id, coalesce(old_state, '') AS old, new_state FROM repair_decisions
         WHERE batch = ?1 AND undone = 0 ORDER BY id",
    )?;
    let rows = query.query_map([batch], |row| {
        Ok(Step {
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
    ruled: Ruled,
    /// Transcripts that read otherwise now.
    changed: BTreeSet<TranscriptId>,
}

impl<'a> Batch<'a> {
    fn begin(tx: &'a Connection, what: Act, name: Option<&str>, other: Option<&str>) -> Result<Self> {
        let number = journal::begin(tx, what, name, other)?;
        Ok(Self { tx, number, at: now(), ruled: Ruled::default(), changed: BTreeSet::new() })
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
                self.ruled.displaced.push(other);
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

    fn end(mut self) -> Result<Ruled> {
        journal::drop_empty(self.tx, self.number)?;
        let mut query = self.tx.prepare_cached("SELECT episode_id FROM transcripts WHERE id = ?1")?;
        let mut episodes = BTreeSet::new();
        for transcript in &self.changed {
            episodes.insert(EpisodeId(query.query_row([transcript.0], |row| row.get(0))?));
        }
        for id in &episodes {
            episode::recount(self.tx, *id)?;
        }
        self.ruled.episodes = episodes.into_iter().collect();
        Ok(self.ruled)
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
