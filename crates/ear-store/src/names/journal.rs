//! What the user did to names, written down so that it can be taken back: the rows as they were.
//!
//! Acts are taken back one after another, the last first, so that between an act and its taking back nothing changes
//! its rows but what is made again from words and lists.

use super::rows::{Change, Rows, changes, rows_of, write_down};
use super::{LONGEST, shortened};
use crate::columns::parsed;
use crate::{Result, UnixMillis, now};
use ear_core::NameId;
use rusqlite::Connection;

/// What kind of thing the user did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Accepted or refused repairs, or took that back.
    Decided,
    /// Said what was meant by some words.
    Corrected,
    /// Added a name and followed it.
    Added,
    /// Followed a name.
    Followed,
    /// No longer follows a name.
    Unfollowed,
    /// Said what a name is the name of.
    Sorted,
    /// Gave a name another right spelling.
    Renamed,
    /// Made one name of several.
    Joined,
    /// Made a name of its own of some spellings.
    Split,
    /// Wants to see a name no more.
    Forgot,
    /// Wants to see it again.
    Recalled,
}

impl Act {
    const ALL: [Self; 11] = [
        Self::Decided,
        Self::Corrected,
        Self::Added,
        Self::Followed,
        Self::Unfollowed,
        Self::Sorted,
        Self::Renamed,
        Self::Joined,
        Self::Split,
        Self::Forgot,
        Self::Recalled,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::Corrected => "corrected",
            Self::Added => "added",
            Self::Followed => "followed",
            Self::Unfollowed => "unfollowed",
            Self::Sorted => "sorted",
            Self::Renamed => "renamed",
            Self::Joined => "joined",
            Self::Split => "split",
            Self::Forgot => "forgot",
            Self::Recalled => "recalled",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }
}

/// An act while it is done.
pub(super) struct Acting<'a> {
    tx: &'a Connection,
    names: Vec<NameId>,
    before: Rows,
}

impl<'a> Acting<'a> {
    /// To be called before anything of these names is changed.
    pub(super) fn on(tx: &'a Connection, names: &[NameId]) -> Result<Self> {
        Ok(Self { tx, names: names.to_vec(), before: rows_of(tx, names)? })
    }

    /// A name that the act has made.
    pub(super) fn made(&mut self, name: NameId) {
        self.names.push(name);
    }

    /// Writes the act down, unless it changed nothing.
    pub(super) fn done(self, what: Act, name: &str, other: Option<&str>) -> Result<()> {
        let changes = self.changes()?;
        if changes.is_empty() {
            return Ok(());
        }
        let act = begin(self.tx, what, Some(name), other)?;
        write_down(self.tx, act, &changes)
    }

    /// Writes what was changed down as part of an act that began already.
    pub(super) fn part_of(self, act: i64) -> Result<()> {
        write_down(self.tx, act, &self.changes()?)
    }

    fn changes(&self) -> Result<Vec<Change>> {
        Ok(changes(&self.before, rows_of(self.tx, &self.names)?))
    }
}

/// Begins an act; what is written down with its number is undone together.
pub(super) fn begin(tx: &Connection, what: Act, name: Option<&str>, other: Option<&str>) -> Result<i64> {
    tx.prepare_cached("INSERT INTO acts (at, what, name, other) VALUES (?1, ?2, ?3, ?4)")?.execute((
        now(),
        what.name(),
        name.map(|name| shortened(name, LONGEST)),
        other.map(|other| shortened(other, LONGEST)),
    ))?;
    Ok(tx.last_insert_rowid())
}

/// Forgets an act that changed nothing.
pub(super) fn drop_empty(tx: &Connection, act: i64) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM acts WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM repair_decisions WHERE batch = ?1)
             AND NOT EXISTS (SELECT 1 FROM act_rows WHERE act = ?1)",
    )?
    .execute([act])?;
    Ok(())
}

/// An act as it was written down.
pub(super) struct Done {
    pub act: i64,
    pub at: UnixMillis,
    pub what: Act,
    pub name: Option<String>,
    pub other: Option<String>,
}

/// The last act of which something is left to take back.
pub(super) fn last(tx: &Connection) -> Result<Option<Done>> {
    let mut query = tx.prepare_cached(
        "SELECT id, at, what, name, other FROM acts WHERE NOT undone
             AND (EXISTS (SELECT 1 FROM repair_decisions WHERE batch = acts.id AND NOT repair_decisions.undone)
                 OR EXISTS (SELECT 1 FROM act_rows WHERE act = acts.id))
         ORDER BY id DESC LIMIT 1",
    )?;
    let mut rows = query.query([])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let what = parsed(row, "what", Act::named)?;
    Ok(Some(Done { act: row.get("id")?, at: row.get("at")?, what, name: row.get("name")?, other: row.get("other")? }))
}
