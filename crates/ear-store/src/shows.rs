//! Shows: programmes or feeds that episodes belong to.

use crate::columns::{fold, tidy};
use crate::recordings::{self, Removed};
use crate::{Error, Result, Store, UnixMillis, documents, now};
use ear_core::{Millis, ShowId};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

/// A show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Show {
    /// Its id; never used again for another show.
    pub id: ShowId,
    /// Its title; no two shows have the same one, however written.
    pub title: String,
    /// What the user or the feed says about it; empty where nobody said anything.
    pub notes: String,
    /// When it was added.
    pub added_at: UnixMillis,
}

/// A show with what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowListing {
    /// The show.
    pub show: Show,
    /// Number of its episodes.
    pub episodes: usize,
    /// Length of all its recordings together, as far as it is known.
    pub duration: Millis,
}

impl Store {
    /// The show of this title, created where there is none. Case and surrounding space do not matter.
    ///
    /// # Errors
    /// [`Error::EmptyTitle`].
    pub fn show_named(&self, title: &str) -> Result<ShowId> {
        let title = show_title(title)?;
        self.write("add a show", |tx| {
            if let Some(id) = id_of(tx, &title)? {
                return Ok(id);
            }
            tx.prepare_cached("INSERT INTO shows (title, folded, notes, added_at) VALUES (?1, ?2, '', ?3)")?
                .execute((&title, fold(&title), now()))?;
            Ok(ShowId(tx.last_insert_rowid()))
        })
    }

    /// The show of this title, if there is one. Case and surrounding space do not matter.
    pub fn find_show(&self, title: &str) -> Result<Option<Show>> {
        self.read("find a show", |tx| match id_of(tx, title)? {
            Some(id) => one(tx, id),
            None => Ok(None),
        })
    }

    /// One show.
    pub fn show(&self, id: ShowId) -> Result<Option<Show>> {
        self.read("read a show", |tx| one(tx, id))
    }

    /// All shows by title, with what they hold.
    pub fn shows(&self) -> Result<Vec<ShowListing>> {
        self.read("list the shows", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT shows.*, count(episodes.id) AS episodes, total(recordings.duration_ms) AS duration
                 FROM shows LEFT JOIN episodes ON show_id = shows.id
                 LEFT JOIN recordings ON hash = recording
                 GROUP BY shows.id ORDER BY shows.folded",
            )?;
            let rows = query.query_map([], |row| {
                let duration: f64 = row.get("duration")?;
                Ok(ShowListing { show: show(row)?, episodes: row.get("episodes")?, duration: duration as Millis })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Changes title or notes; `None` leaves them.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::EmptyTitle`], [`Error::TitleTaken`] where another show has the title.
    pub fn edit_show(&self, id: ShowId, title: Option<&str>, notes: Option<&str>) -> Result<()> {
        let title = title.map(show_title).transpose()?;
        self.write("change a show", |tx| {
            if let Some(title) = &title
                && id_of(tx, title)?.is_some_and(|other| other != id)
            {
                return Err(Error::TitleTaken { title: title.clone() });
            }
            let changed = tx
                .prepare_cached(
                    "UPDATE shows SET title = coalesce(:title, title), folded = coalesce(:folded, folded),
                     notes = coalesce(:notes, notes) WHERE id = :id",
                )?
                .execute(named_params! {
                    ":id": id.0, ":title": title, ":folded": title.as_deref().map(fold), ":notes": notes,
                })?;
            if changed == 0 { Err(Error::missing("show", id)) } else { Ok(()) }
        })
    }

    /// Removes a show with its episodes and all that belongs to them. The caller takes the removed
    /// episodes out of the search index and deletes the files of the removed recordings.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn remove_show(&self, id: ShowId) -> Result<Removed> {
        self.write("remove a show", |tx| {
            let episodes = tx
                .prepare_cached("SELECT id FROM episodes WHERE show_id = ?1 ORDER BY id")?
                .query_map([id.0], |row| row.get(0).map(ear_core::EpisodeId))?
                .collect::<rusqlite::Result<_>>()?;
            if tx.prepare_cached("DELETE FROM shows WHERE id = ?1")?.execute([id.0])? == 0 {
                return Err(Error::missing("show", id));
            }
            Ok(Removed {
                episodes,
                recordings: recordings::remove_unused(tx)?,
                documents: documents::remove_unused(tx)?,
            })
        })
    }
}

fn show_title(title: &str) -> Result<String> {
    let title = tidy(title);
    if title.is_empty() { Err(Error::EmptyTitle { what: "a show" }) } else { Ok(title) }
}

fn id_of(tx: &Connection, title: &str) -> Result<Option<ShowId>> {
    let mut query = tx.prepare_cached("SELECT id FROM shows WHERE folded = ?1")?;
    Ok(query.query_row([fold(title)], |row| row.get(0)).optional()?.map(ShowId))
}

fn one(tx: &Connection, id: ShowId) -> Result<Option<Show>> {
    let mut query = tx.prepare_cached("SELECT * FROM shows WHERE id = ?1")?;
    Ok(query.query_row([id.0], show).optional()?)
}

fn show(row: &Row<'_>) -> rusqlite::Result<Show> {
    Ok(Show {
        id: ShowId(row.get("id")?),
        title: row.get("title")?,
        notes: row.get("notes")?,
        added_at: row.get("added_at")?,
    })
}
