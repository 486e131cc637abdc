//! Names across the library: who and what they are, where they are said, and repairs that read heard words as
//! one of them.
//!
//! Names, their spellings and decisions are ground; the names of an episode, mentions and repairs that are only
//! proposed are derived. What was heard is never changed: an accepted repair is laid over it by whoever reads.

mod decisions;
mod edit;
mod entities;
mod episode;
mod fold;
mod journal;
mod listing;
mod repairs;
mod rows;

pub use decisions::{Ruled, Undone};
pub(crate) use entities::recover;
pub use fold::fold_name;
pub use journal::Act;
pub use listing::{NamePlace, NameSummary};
pub use repairs::{Ruling, StoredRepair, StoredRepairDraft};

use crate::columns::{parsed, tidy};
use crate::{Error, Result};
use ear_core::{MentionBy, Millis, NameId, NameKind, NameSource, RepairState, Span, WordRange};
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::HashSet;

/// Most characters of a name, of its role, or of heard words that are kept.
const LONGEST: usize = 200;
/// Most bytes of a list of evidence or sources as JSON.
const MOST_JSON: usize = 4096;

/// A name as the whole library knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredName {
    /// Its id; never used again for another name.
    pub id: NameId,
    /// The spelling that is shown.
    pub name: String,
    /// What it is the name of, where that is known.
    pub kind: Option<NameKind>,
    /// Who or what that is.
    pub role: Option<String>,
    /// Other spellings, right ones first, each the most frequent first.
    pub variants: Vec<Variant>,
    /// The user follows it.
    pub followed: bool,
    /// The user made, renamed, joined or split it, or gave it its kind.
    pub by_hand: bool,
    /// The user wants to see it no more.
    pub forgotten: bool,
}

/// Another way a name was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// As it was written.
    pub text: String,
    /// What machines heard for it, from an accepted repair.
    pub misheard: bool,
    /// How often it stands in transcripts.
    pub count: u32,
}

/// A name that an episode has, with where it was met; also where it is never said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpisodeName {
    /// The name.
    pub name: NameId,
    /// Where it was met.
    pub sources: Vec<NameSource>,
}

/// Words of a transcript that stand for a name: which, how they came to, and their time.
pub type MentionRow = (NameId, WordRange, MentionBy, Option<Span>);

/// How a spelling relates to its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Name,
    Spelling,
    Part,
}

impl Form {
    /// Of one folded spelling beside a name, folded too.
    fn of(spelling: &str, name: &str) -> Self {
        if spelling == name {
            return Self::Name;
        }
        let is_part = spelling.split(' ').all(|word| name.split(' ').any(|other| other == word));
        if is_part { Self::Part } else { Self::Spelling }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Spelling => "spelling",
            Self::Part => "part",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Name, Self::Spelling, Self::Part].into_iter().find(|form| form.name() == name)
    }
}

fn kind_name(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Person => "person",
        NameKind::Place => "place",
        NameKind::Organisation => "organisation",
        NameKind::Thing => "thing",
    }
}

pub(crate) fn kind_named(name: &str) -> Option<NameKind> {
    use NameKind::{Organisation, Person, Place, Thing};
    [Person, Place, Organisation, Thing].into_iter().find(|kind| kind_name(*kind) == name)
}

fn kind(row: &Row<'_>) -> rusqlite::Result<Option<NameKind>> {
    if row.get_ref("kind")? == rusqlite::types::ValueRef::Null {
        return Ok(None);
    }
    parsed(row, "kind", kind_named).map(Some)
}

fn state_name(state: RepairState) -> &'static str {
    match state {
        RepairState::Proposed => "proposed",
        RepairState::Accepted => "accepted",
        RepairState::Refused => "refused",
    }
}

fn state_named(name: &str) -> Option<RepairState> {
    use RepairState::{Accepted, Proposed, Refused};
    [Proposed, Accepted, Refused].into_iter().find(|state| state_name(*state) == name)
}

/// From the columns `first_word` and `end_word`.
pub(crate) fn words(row: &Row<'_>) -> rusqlite::Result<WordRange> {
    Ok(row.get("first_word")?..row.get("end_word")?)
}

/// From the columns `start_ms` and `end_ms`.
pub(crate) fn span(row: &Row<'_>) -> rusqlite::Result<Option<Span>> {
    let (start, end): (Option<Millis>, Option<Millis>) = (row.get("start_ms")?, row.get("end_ms")?);
    Ok(start.zip(end).map(|(start, end)| Span::new(start, end)))
}

/// A spelling as it is kept: white space tidied, not too long.
fn spelled(text: &str) -> String {
    shortened(tidy(text).as_str(), LONGEST).trim_end().to_owned()
}

/// [`spelled`], for what has to be there.
fn required(text: &str) -> Result<String> {
    let text = spelled(text);
    if text.is_empty() { Err(Error::EmptyName) } else { Ok(text) }
}

fn shortened(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// A list as JSON that never gets too long: its texts are cut ever shorter, then its end is left out.
fn bounded_json<T: serde::Serialize>(list: &[T], cut: impl Fn(&T, usize) -> T) -> String {
    let mut json = String::new();
    for most in [400, 100, 30] {
        json = crate::transcripts::json(&list.iter().map(|item| cut(item, most)).collect::<Vec<_>>());
        if json.len() <= MOST_JSON {
            return json;
        }
    }
    let mut kept = list.len();
    while json.len() > MOST_JSON {
        kept /= 2;
        json = crate::transcripts::json(&list[..kept].iter().map(|item| cut(item, 30)).collect::<Vec<_>>());
    }
    json
}

/// The names that the user wants to see no more.
fn forgotten(tx: &Connection) -> Result<HashSet<NameId>> {
    let mut query = tx.prepare_cached("SELECT id FROM names WHERE forgotten")?;
    Ok(query.query_map([], |row| row.get(0).map(NameId))?.collect::<rusqlite::Result<_>>()?)
}

/// The name that this id leads to: itself, or the one it was joined into.
fn resolve(tx: &Connection, id: NameId) -> Result<NameId> {
    let mut query = tx.prepare_cached(
        "SELECT id FROM names WHERE id = ?1 UNION ALL SELECT name_id FROM names_forwarded WHERE old_id = ?1",
    )?;
    let found = query.query_row([id.0], |row| row.get(0)).optional()?;
    found.map(NameId).ok_or_else(|| Error::missing("name", id))
}
