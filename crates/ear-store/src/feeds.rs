//! Feeds: where shows come from, and which of what they offer has become an episode.

use crate::documents::{self, Facts};
use crate::jobs::{self, JobError, NewJob};
use crate::{Error, NewEpisode, Result, Store, UnixMillis, episodes, now};
use ear_core::{Chapter, Credit, EpisodeId, ShowId};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

/// A feed's id; never used again for another feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedId(pub i64);

/// A feed to be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFeed {
    /// The show its episodes belong to.
    pub show: ShowId,
    /// Its address, as the user named it: http, https or file.
    pub url: String,
    /// The feed's own name for itself.
    pub guid: Option<String>,
    /// Addresses of this machine and its network are allowed.
    pub allow_private: bool,
    /// The model its episodes are recognised with; `None` is the default.
    pub model: Option<String>,
    /// ISO 639-1 code of the language spoken, where the user says it.
    pub spoken: Option<String>,
    /// Names that the user expects in all its episodes, one a line.
    pub names: Option<String>,
}

/// A feed and how it went last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its id.
    pub id: FeedId,
    /// The show its episodes belong to.
    pub show: ShowId,
    /// Its address, as the user named it.
    pub url: String,
    /// The feed's own name for itself.
    pub guid: Option<String>,
    /// ISO 639-1 code of the language it says it is in: a hint.
    pub language: Option<String>,
    /// Addresses of this machine and its network are allowed.
    pub allow_private: bool,
    /// The model its episodes are recognised with.
    pub model: Option<String>,
    /// ISO 639-1 code of the language spoken, where the user says it.
    pub spoken: Option<String>,
    /// Names that the user expects in all its episodes, one a line.
    pub names: Option<String>,
    /// The server's mark of the last answer.
    pub etag: Option<String>,
    /// The server's date of the last answer.
    pub last_modified: Option<String>,
    /// When it was last looked at.
    pub checked_at: Option<UnixMillis>,
    /// When it was last read without a failure.
    pub succeeded_at: Option<UnixMillis>,
    /// Failures in a row; 0 where the last look went well.
    pub failures: u32,
    /// Why the last look failed.
    pub error: Option<JobError>,
}

/// What a look at a feed found that went well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The server's mark of this answer.
    pub etag: Option<String>,
    /// The server's date of this answer.
    pub last_modified: Option<String>,
    /// ISO 639-1 code of the language it says it is in; `None` leaves what was known.
    pub language: Option<String>,
    /// The feed's own name for itself; `None` leaves what was known.
    pub guid: Option<String>,
}

/// An item that a feed was seen to offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedItem {
    /// What tells it from the others of its feed.
    pub key: String,
    /// It was made an episode; without one now, the user removed that.
    pub taken: bool,
    /// The episode it is.
    pub episode: Option<EpisodeId>,
    /// The address of its sound when it was seen.
    pub enclosure: Option<String>,
    /// What was asked for beside its sound, as JSON.
    pub links: String,
}

/// An item to be made an episode.
#[derive(Clone, Debug, Default)]
pub struct NewItem {
    /// What tells it from the others of its feed.
    pub key: String,
    /// The address of its sound.
    pub enclosure: Option<String>,
    /// What is asked for beside its sound, as JSON.
    pub links: String,
    /// The episode it becomes.
    pub episode: NewEpisode,
    /// What the feed says of it beside that.
    pub facts: Facts,
    /// Its parts.
    pub chapters: Vec<Chapter>,
    /// Who is in it.
    pub credits: Vec<Credit>,
    /// Names that the user expects in it, one a line.
    pub names: Option<String>,
}

impl Store {
    /// Follows a feed. One of the same address is taken for the same one: it stays with its show, and only
    /// more is allowed to it than before.
    ///
    /// # Errors
    /// [`Error::Missing`] where the show does not exist.
    pub fn add_feed(&self, new: &NewFeed) -> Result<FeedId> {
        self.write("add a feed", |tx| {
            if !tx.prepare_cached("SELECT 1 FROM shows WHERE id = ?1")?.exists([new.show.0])? {
                return Err(Error::missing("show", new.show));
            }
            let mut insert = tx.prepare_cached(
                "INSERT INTO feeds (show_id, url, guid, allow_private, model, spoken, names, added_at)
                 VALUES (:show, :url, :guid, :private, :model, :spoken, :names, :now)
                 ON CONFLICT (url) DO UPDATE SET
                     allow_private = max(allow_private, excluded.allow_private),
                     model = coalesce(excluded.model, model), spoken = coalesce(excluded.spoken, spoken),
                     names = coalesce(excluded.names, names)
                 RETURNING id",
            )?;
            let id = insert.query_row(
                named_params! {
                    ":show": new.show.0, ":url": new.url, ":guid": new.guid, ":private": new.allow_private,
                    ":model": new.model, ":spoken": new.spoken, ":names": new.names, ":now": now(),
                },
                |row| row.get(0),
            )?;
            Ok(FeedId(id))
        })
    }

    /// All feeds, or those of one show, in the order they were added.
    pub fn feeds(&self, show: Option<ShowId>) -> Result<Vec<Feed>> {
        self.read("list the feeds", |tx| {
            let mut query = tx.prepare_cached("SELECT * FROM feeds WHERE ?1 IS NULL OR show_id = ?1 ORDER BY id")?;
            Ok(query.query_map([show.map(|show| show.0)], feed)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The feed at this address.
    pub fn feed_at(&self, url: &str) -> Result<Option<Feed>> {
        self.read("find a feed", |tx| {
            Ok(tx.prepare_cached("SELECT * FROM feeds WHERE url = ?1")?.query_row([url], feed).optional()?)
        })
    }

    /// The feed that calls itself so, wherever it lies.
    pub fn feed_called(&self, guid: &str) -> Result<Option<Feed>> {
        self.read("find a feed", |tx| {
            let mut query = tx.prepare_cached("SELECT * FROM feeds WHERE guid = ?1 ORDER BY id LIMIT 1")?;
            Ok(query.query_row([guid], feed).optional()?)
        })
    }

    /// Notes that a feed lies at another address now.
    ///
    /// # Errors
    /// [`Error::Missing`]; [`Error::Sql`] where another feed has that address.
    pub fn move_feed(&self, id: FeedId, url: &str) -> Result<()> {
        self.write("note a feed's address", |tx| {
            let mut update =
                tx.prepare_cached("UPDATE feeds SET url = ?2, etag = NULL, last_modified = NULL WHERE id = ?1")?;
            found(update.execute((id.0, url))?, id)
        })
    }

    /// Notes that a feed was looked at and read.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn feed_checked(&self, id: FeedId, checked: &Checked) -> Result<()> {
        self.write("note a look at a feed", |tx| {
            let mut update = tx.prepare_cached(
                "UPDATE feeds SET etag = :etag, last_modified = :modified, language = coalesce(:language, language),
                     guid = coalesce(:guid, guid), checked_at = :now, succeeded_at = :now, failures = 0,
                     error_message = NULL, error_remedy = NULL
                 WHERE id = :id",
            )?;
            let changed = update.execute(named_params! {
                ":id": id.0, ":etag": checked.etag, ":modified": checked.last_modified,
                ":language": checked.language, ":guid": checked.guid, ":now": now(),
            })?;
            found(changed, id)
        })
    }

    /// Notes that a look at a feed failed.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn feed_failed(&self, id: FeedId, error: &JobError) -> Result<()> {
        self.write("note a look at a feed", |tx| {
            let mut update = tx.prepare_cached(
                "UPDATE feeds SET checked_at = ?2, failures = failures + 1, error_message = ?3, error_remedy = ?4
                 WHERE id = ?1",
            )?;
            found(update.execute((id.0, now(), &error.message, &error.remedy))?, id)
        })
    }

    /// Every item that a feed was ever seen to offer.
    pub fn feed_items(&self, feed: FeedId) -> Result<Vec<FeedItem>> {
        self.read("list the items of a feed", |tx| {
            let mut query = tx.prepare_cached("SELECT * FROM feed_items WHERE feed_id = ?1 ORDER BY key")?;
            Ok(query.query_map([feed.0], item)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Notes items (key, address of the sound) that were seen and not taken; those known are left alone.
    ///
    /// # Errors
    /// [`Error::Sql`] where the feed does not exist.
    pub fn saw_items(&self, feed: FeedId, seen: &[(String, Option<String>)]) -> Result<()> {
        self.write("note the items of a feed", |tx| {
            let mut insert = tx.prepare_cached(
                "INSERT INTO feed_items (feed_id, key, taken, enclosure, links, seen_at)
                 VALUES (?1, ?2, 0, ?3, '', ?4) ON CONFLICT (feed_id, key) DO NOTHING",
            )?;
            let now = now();
            seen.iter().try_for_each(|(key, enclosure)| insert.execute((feed.0, key, enclosure, now)).map(drop))?;
            Ok(())
        })
    }

    /// Makes an item an episode and queues a job for it, all or nothing. `None` where it was taken before,
    /// also by another process a moment ago.
    ///
    /// # Errors
    /// [`Error::EmptyTitle`], [`Error::Missing`] where the show does not exist.
    pub fn take_item(&self, feed: FeedId, new: &NewItem, job: &NewJob) -> Result<Option<EpisodeId>> {
        self.write("take an item of a feed", |tx| {
            let mut known = tx.prepare_cached("SELECT taken FROM feed_items WHERE feed_id = ?1 AND key = ?2")?;
            if known.query_row((feed.0, &new.key), |row| row.get(0)).optional()? == Some(true) {
                return Ok(None);
            }
            let episode = episodes::insert(tx, &new.episode)?;
            tx.prepare_cached(
                "INSERT INTO feed_items (feed_id, key, taken, episode_id, enclosure, links, seen_at)
                 VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6)
                 ON CONFLICT (feed_id, key) DO UPDATE SET taken = 1, episode_id = excluded.episode_id,
                     enclosure = excluded.enclosure, links = excluded.links",
            )?
            .execute((feed.0, &new.key, episode.0, &new.enclosure, &new.links, now()))?;
            documents::set_facts(tx, episode, &new.facts)?;
            documents::set_chapters(tx, episode, &new.chapters)?;
            documents::set_credits(tx, episode, &new.credits)?;
            documents::set_names(tx, episode, new.names.as_deref())?;
            jobs::enqueue(tx, &NewJob { episode: Some(episode), ..job.clone() })?;
            Ok(Some(episode))
        })
    }

    /// Notes another key of an item that was taken, so that a feed that renames its items doubles nothing.
    ///
    /// # Errors
    /// [`Error::Sql`] where the feed does not exist.
    pub fn rename_item(&self, feed: FeedId, from: &str, to: &str) -> Result<()> {
        self.write("rename an item of a feed", |tx| {
            tx.prepare_cached(
                "INSERT INTO feed_items (feed_id, key, taken, episode_id, enclosure, links, seen_at)
                 SELECT feed_id, ?3, taken, episode_id, enclosure, links, ?4 FROM feed_items
                 WHERE feed_id = ?1 AND key = ?2 ON CONFLICT (feed_id, key) DO NOTHING",
            )?
            .execute((feed.0, from, to, now()))?;
            Ok(())
        })
    }

    /// Notes the address of an item's sound, and what is now asked for beside it.
    pub fn set_item_links(&self, feed: FeedId, key: &str, enclosure: Option<&str>, links: &str) -> Result<()> {
        self.write("note the links of an item", |tx| {
            tx.prepare_cached(
                "UPDATE feed_items SET enclosure = coalesce(?3, enclosure), links = ?4
                 WHERE feed_id = ?1 AND key = ?2",
            )?
            .execute((feed.0, key, enclosure, links))?;
            Ok(())
        })
    }

    /// The feed that an episode came from.
    pub fn feed_of(&self, episode: EpisodeId) -> Result<Option<Feed>> {
        self.read("find the feed of an episode", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT feeds.* FROM feeds JOIN feed_items ON feed_id = feeds.id WHERE episode_id = ?1 LIMIT 1",
            )?;
            Ok(query.query_row([episode.0], feed).optional()?)
        })
    }

    /// Makes two episodes one: all that belongs to `from` goes to `into`, where it is kept beside what is
    /// there, and `from` is gone. For sound that turns out to be here already.
    ///
    /// # Errors
    /// [`Error::Missing`] where `into` does not exist.
    pub fn merge_episodes(&self, from: EpisodeId, into: EpisodeId) -> Result<()> {
        self.write("make two episodes one", |tx| {
            if !tx.prepare_cached("SELECT 1 FROM episodes WHERE id = ?1")?.exists([into.0])? {
                return Err(Error::missing("episode", into));
            }
            merge(tx, from, into)
        })
    }
}

/// What each table does with rows of the episode that goes. Lists are taken where there is none; the rest of
/// them goes with its episode.
const MERGE: &[&str] = &[
    "UPDATE OR IGNORE transcripts SET episode_id = :into WHERE episode_id = :from AND state = 'complete'",
    "UPDATE OR IGNORE episode_documents SET episode_id = :into WHERE episode_id = :from",
    "UPDATE OR IGNORE episode_facts SET episode_id = :into WHERE episode_id = :from",
    "UPDATE feed_items SET episode_id = :into WHERE episode_id = :from",
    "UPDATE episode_files SET episode_id = :into WHERE episode_id = :from",
    "UPDATE chapters SET episode_id = :into WHERE episode_id = :from
         AND NOT EXISTS (SELECT 1 FROM chapters WHERE episode_id = :into)",
    "UPDATE credits SET episode_id = :into WHERE episode_id = :from
         AND NOT EXISTS (SELECT 1 FROM credits WHERE episode_id = :into)",
    "UPDATE episodes SET
         date = coalesce(date, (SELECT date FROM episodes WHERE id = :from)),
         notes = iif(notes = '', coalesce((SELECT notes FROM episodes WHERE id = :from), ''), notes)
     WHERE id = :into",
    "DELETE FROM episodes WHERE id = :from AND id <> :into",
];

fn merge(tx: &Connection, from: EpisodeId, into: EpisodeId) -> Result<()> {
    for step in MERGE {
        // Not every step names both, and SQLite refuses a name that a statement has not.
        let mut statement = tx.prepare_cached(step)?;
        for (name, id) in [(":from", from), (":into", into)] {
            if let Some(index) = statement.parameter_index(name)? {
                statement.raw_bind_parameter(index, id.0)?;
            }
        }
        statement.raw_execute()?;
    }
    Ok(())
}

fn found(changed: usize, id: FeedId) -> Result<()> {
    if changed == 0 { Err(Error::missing("feed", id.0)) } else { Ok(()) }
}

fn feed(row: &Row<'_>) -> rusqlite::Result<Feed> {
    let message: Option<String> = row.get("error_message")?;
    let remedy = row.get("error_remedy")?;
    Ok(Feed {
        id: FeedId(row.get("id")?),
        show: ShowId(row.get("show_id")?),
        url: row.get("url")?,
        guid: row.get("guid")?,
        language: row.get("language")?,
        allow_private: row.get("allow_private")?,
        model: row.get("model")?,
        spoken: row.get("spoken")?,
        names: row.get("names")?,
        etag: row.get("etag")?,
        last_modified: row.get("last_modified")?,
        checked_at: row.get("checked_at")?,
        succeeded_at: row.get("succeeded_at")?,
        failures: row.get("failures")?,
        error: message.map(|message| JobError { message, remedy }),
    })
}

fn item(row: &Row<'_>) -> rusqlite::Result<FeedItem> {
    Ok(FeedItem {
        key: row.get("key")?,
        taken: row.get("taken")?,
        episode: row.get::<_, Option<_>>("episode_id")?.map(EpisodeId),
        enclosure: row.get("enclosure")?,
        links: row.get("links")?,
    })
}
