//! How long sound is kept: rules of the library and of its shows, and what they come to. The files are the
//! caller's.

use crate::columns::date;
use crate::recordings::{self, Recording};
use crate::{Error, Result, Store, UnixMillis, now};
use ear_core::{EpisodeDate, EpisodeId, ShowId};
use rusqlite::{OptionalExtension, Row};
use std::fmt;
use std::str::FromStr;

/// Which sound is kept. What waits to be heard always is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Keep {
    /// All of it.
    #[default]
    All,
    /// That of the newest episodes of each show.
    Newest(u32),
    /// None, once it was heard.
    None,
}

/// A rule for sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct KeepRule {
    /// Which sound is kept.
    pub keep: Keep,
    /// Also sound goes that cannot be fetched again.
    pub even_only_copies: bool,
}

impl fmt::Display for KeepRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.keep {
            Keep::All => f.write_str("all"),
            Keep::Newest(count) => write!(f, "newest {count}"),
            Keep::None => f.write_str("none"),
        }?;
        f.write_str(if self.even_only_copies { ", even only copies" } else { "" })
    }
}

impl FromStr for KeepRule {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (keep, even_only_copies) = match text.split_once(", ") {
            Some((keep, "even only copies")) => (keep, true),
            Some(_) => return Err(()),
            None => (text, false),
        };
        let keep = match keep.split_once(' ') {
            None if keep == "all" => Keep::All,
            None if keep == "none" => Keep::None,
            Some(("newest", count)) => Keep::Newest(count.parse().map_err(|_| ())?),
            _ => return Err(()),
        };
        Ok(Self { keep, even_only_copies })
    }
}

/// When and by which rule the file of a recording was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedSound {
    /// When.
    pub at: UnixMillis,
    /// The rule, as [`KeepRule`] is written.
    pub rule: String,
}

impl RemovedSound {
    /// From the columns `removed_at` and `removed_by`.
    pub(crate) fn of(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        let at: Option<UnixMillis> = row.get("removed_at")?;
        let rule: Option<String> = row.get("removed_by")?;
        Ok(at.map(|at| Self { at, rule: rule.unwrap_or_default() }))
    }
}

/// The sound of an episode, with what decides whether it may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// The episode.
    pub episode: EpisodeId,
    /// Its title.
    pub title: String,
    /// Its show.
    pub show: Option<ShowId>,
    /// The day it was published.
    pub date: Option<EpisodeDate>,
    /// The recording.
    pub recording: Recording,
    /// There is a transcript to read without it.
    pub heard: bool,
    /// A job waits or runs that may need the sound.
    pub wanted: bool,
    /// Where a feed offered it.
    pub enclosure: Option<String>,
}

impl Store {
    /// The library's rule.
    pub fn keep_rule(&self) -> Result<KeepRule> {
        self.read("read the rule for sound", |tx| {
            let mut query = tx.prepare_cached("SELECT value FROM settings WHERE name = 'keep'")?;
            rule(query.query_row([], |row| row.get(0)).optional()?).map(Option::unwrap_or_default)
        })
    }

    /// Sets the library's rule; nothing is removed by this.
    pub fn set_keep_rule(&self, rule: &KeepRule) -> Result<()> {
        self.write("set the rule for sound", |tx| {
            tx.prepare_cached(
                "INSERT INTO settings VALUES ('keep', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute([rule.to_string()])?;
            Ok(())
        })
    }

    /// The rule of a show that has one of its own.
    pub fn show_keep_rule(&self, show: ShowId) -> Result<Option<KeepRule>> {
        self.read("read the rule of a show", |tx| {
            let mut query = tx.prepare_cached("SELECT keep FROM shows WHERE id = ?1")?;
            rule(query.query_row([show.0], |row| row.get(0)).optional()?.flatten())
        })
    }

    /// Gives a show a rule of its own, or takes it away; nothing is removed by this.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn set_show_keep_rule(&self, show: ShowId, rule: Option<&KeepRule>) -> Result<()> {
        self.write("set the rule of a show", |tx| {
            let mut update = tx.prepare_cached("UPDATE shows SET keep = ?2 WHERE id = ?1")?;
            let changed = update.execute((show.0, rule.map(ToString::to_string)))?;
            if changed == 0 { Err(Error::missing("show", show)) } else { Ok(()) }
        })
    }

    /// All sound, or that of one show (`Some(None)`: of episodes without a show), by show and newest first.
    pub fn sounds(&self, show: Option<Option<ShowId>>) -> Result<Vec<Sound>> {
        self.read("list the sound", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT episodes.id AS episode_id, episodes.title, episodes.show_id, episodes.date, recordings.*,
                     EXISTS (SELECT 1 FROM transcripts WHERE episode_id = episodes.id AND state = 'complete') AS heard,
                     EXISTS (SELECT 1 FROM jobs WHERE episode_id = episodes.id AND kind <> 'index'
                         AND state IN ('queued', 'running')) AS wanted,
                     (SELECT enclosure FROM feed_items WHERE episode_id = episodes.id AND enclosure IS NOT NULL
                         LIMIT 1) AS enclosure
                 FROM episodes JOIN recordings ON recordings.hash = episodes.recording
                 WHERE ?1 OR episodes.show_id IS ?2
                 ORDER BY episodes.show_id,
                     coalesce(date, date(episodes.added_at / 1000, 'unixepoch')) DESC, episodes.id DESC",
            )?;
            let rows = query.query_map((show.is_none(), show.flatten().map(|show| show.0)), sound)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Notes that a rule removes the file of a recording. False where it is gone already, or may not go any
    /// more: its transcript was removed, or a job wants the sound again.
    pub fn note_sound_removed(&self, hash: &str, rule: &KeepRule) -> Result<bool> {
        self.write("note that sound was removed", |tx| {
            let mut update = tx.prepare_cached(
                "UPDATE recordings SET removed_at = ?2, removed_by = ?3 WHERE hash = ?1 AND removed_at IS NULL
                     AND EXISTS (SELECT 1 FROM episodes JOIN transcripts ON episode_id = episodes.id
                         WHERE recording = hash AND state = 'complete')
                     AND NOT EXISTS (SELECT 1 FROM episodes JOIN jobs ON episode_id = episodes.id
                         WHERE recording = hash AND kind <> 'index' AND state IN ('queued', 'running'))",
            )?;
            Ok(update.execute((hash, now(), rule.to_string()))? == 1)
        })
    }

    /// Notes that the file of a recording is here again.
    pub fn note_sound_back(&self, hash: &str) -> Result<()> {
        self.write("note that sound is back", |tx| {
            tx.prepare_cached("UPDATE recordings SET removed_at = NULL, removed_by = NULL WHERE hash = ?1")?
                .execute([hash])?;
            Ok(())
        })
    }
}

fn rule(text: Option<String>) -> Result<Option<KeepRule>> {
    // A rule that this version cannot read was written by a newer one, and keeping all is always right.
    Ok(text.map(|text| text.parse().unwrap_or_default()))
}

fn sound(row: &Row<'_>) -> rusqlite::Result<Sound> {
    Ok(Sound {
        episode: EpisodeId(row.get("episode_id")?),
        title: row.get("title")?,
        show: row.get::<_, Option<_>>("show_id")?.map(ShowId),
        date: date(row)?,
        recording: recordings::recording(row)?,
        heard: row.get("heard")?,
        wanted: row.get("wanted")?,
        enclosure: row.get("enclosure")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_they_are_written() {
        for keep in [Keep::All, Keep::Newest(0), Keep::Newest(12), Keep::None] {
            for even_only_copies in [false, true] {
                let rule = KeepRule { keep, even_only_copies };
                assert_eq!(rule.to_string().parse(), Ok(rule));
            }
        }
        for text in ["", "newest", "newest x", "some", "all, but not all"] {
            assert!(text.parse::<KeepRule>().is_err(), "{text}");
        }
    }
}
