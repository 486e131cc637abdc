//! What came beside the sound, as it came, and what publisher and user say of an episode: chapters,
//! credits, names. The documents' files are the caller's.

use crate::columns::parsed;
use crate::{Error, Result, Store, UnixMillis, now};
use ear_core::{Chapter, Credit, EpisodeId, Millis, TranscriptId};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// A transcript.
    Transcript,
    /// A list of chapters.
    Chapters,
    /// A list of names.
    Names,
}

/// A document that belongs to an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub hash: String,
    /// Its size.
    pub bytes: u64,
    /// The address or path it came from.
    pub source: String,
    /// Its media type, where the source says it.
    pub media_type: Option<String>,
    /// ISO 639-1 code, where the source says it.
    pub language: Option<String>,
    /// The transcript that was read from it.
    pub transcript: Option<TranscriptId>,
}

/// What a feed says of an episode beside title, date and notes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// A page about it: http or https.
    pub link: Option<String>,
    /// Its season.
    pub season: Option<u32>,
    /// Its number within the season or show.
    pub number: Option<u32>,
    /// "full", "trailer" or "bonus".
    pub kind: Option<String>,
    /// Whether it is for grown-ups, where the feed says.
    pub explicit: Option<bool>,
    /// Its length as the feed says.
    pub duration: Option<Millis>,
}

/// A file that an episode came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpisodeFile {
    /// Its absolute path.
    pub path: String,
    /// The episode.
    pub episode: EpisodeId,
    /// SHA-256 of its bytes when it was read.
    pub hash: String,
    /// Its size when it was read.
    pub bytes: u64,
    /// When it had been changed last when it was read.
    pub modified: UnixMillis,
}

impl Store {
    /// Keeps a document with an episode. The same content again replaces where it came from and what was
    /// read from it.
    ///
    /// # Errors
    /// [`Error::Missing`] where the episode does not exist.
    pub fn add_document(&self, episode: EpisodeId, new: &Document) -> Result<()> {
        self.write("keep a document", |tx| {
            check_episode(tx, episode)?;
            tx.prepare_cached("INSERT INTO documents VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO NOTHING")?.execute((
                &new.hash,
                new.bytes,
                now(),
            ))?;
            tx.prepare_cached(
                "INSERT INTO episode_documents
                 VALUES (:episode, :kind, :hash, :source, :media_type, :language, :transcript, :now)
                 ON CONFLICT (episode_id, kind, hash) DO UPDATE SET source = excluded.source,
                     media_type = excluded.media_type, language = excluded.language,
                     transcript_id = coalesce(excluded.transcript_id, transcript_id)",
            )?
            .execute(named_params! {
                ":episode": episode.0,
                ":kind": kind_name(new.kind),
                ":hash": new.hash,
                ":source": new.source,
                ":media_type": new.media_type,
                ":language": new.language,
                ":transcript": new.transcript.map(|id| id.0),
                ":now": now(),
            })?;
            Ok(())
        })
    }

    /// The documents of an episode, oldest first.
    pub fn documents(&self, episode: EpisodeId) -> Result<Vec<Document>> {
        self.read("list documents", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT * FROM episode_documents JOIN documents USING (hash) WHERE episode_id = ?1
                 ORDER BY episode_documents.added_at, hash",
            )?;
            Ok(query.query_map([episode.0], document)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Hash and size of every document that is kept, for comparing with the library folder.
    pub fn all_documents(&self) -> Result<Vec<(String, u64)>> {
        self.read("list documents", |tx| {
            let mut query = tx.prepare_cached("SELECT hash, bytes FROM documents ORDER BY hash")?;
            Ok(query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The chapters of an episode, in order.
    pub fn chapters(&self, episode: EpisodeId) -> Result<Vec<Chapter>> {
        self.read("read chapters", |tx| {
            let mut query = tx.prepare_cached("SELECT * FROM chapters WHERE episode_id = ?1 ORDER BY seq")?;
            let rows = query.query_map([episode.0], |row| {
                Ok(Chapter {
                    start: row.get("start_ms")?,
                    end: row.get("end_ms")?,
                    title: row.get("title")?,
                    url: row.get("url")?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Replaces the chapters of an episode.
    ///
    /// # Errors
    /// [`Error::Missing`] where the episode does not exist.
    pub fn set_chapters(&self, episode: EpisodeId, chapters: &[Chapter]) -> Result<()> {
        self.write("note chapters", |tx| {
            check_episode(tx, episode)?;
            set_chapters(tx, episode, chapters)
        })
    }

    /// Whom the publisher names in an episode, in its order.
    pub fn credits(&self, episode: EpisodeId) -> Result<Vec<Credit>> {
        self.read("read credits", |tx| {
            let mut query = tx.prepare_cached("SELECT * FROM credits WHERE episode_id = ?1 ORDER BY seq")?;
            let rows = query.query_map([episode.0], |row| {
                Ok(Credit { name: row.get("name")?, role: row.get("role")?, url: row.get("url")? })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Replaces the credits of an episode.
    ///
    /// # Errors
    /// [`Error::Missing`] where the episode does not exist.
    pub fn set_credits(&self, episode: EpisodeId, credits: &[Credit]) -> Result<()> {
        self.write("note credits", |tx| {
            check_episode(tx, episode)?;
            set_credits(tx, episode, credits)
        })
    }

    /// What a feed says of an episode beside title, date and notes.
    pub fn facts(&self, episode: EpisodeId) -> Result<Facts> {
        self.read("read about an episode", |tx| {
            let mut query = tx.prepare_cached("SELECT * FROM episode_facts WHERE episode_id = ?1")?;
            Ok(query.query_row([episode.0], facts).optional()?.unwrap_or_default())
        })
    }

    /// The names that the user expects in an episode, as they were written, one a line.
    pub fn names_text(&self, episode: EpisodeId) -> Result<Option<String>> {
        self.read("read the names of an episode", |tx| {
            let mut query = tx.prepare_cached("SELECT names FROM episode_facts WHERE episode_id = ?1")?;
            Ok(query.query_row([episode.0], |row| row.get(0)).optional()?.flatten())
        })
    }

    /// Replaces the names that the user expects in an episode.
    ///
    /// # Errors
    /// [`Error::Missing`] where the episode does not exist.
    pub fn set_names_text(&self, episode: EpisodeId, names: Option<&str>) -> Result<()> {
        self.write("note the names of an episode", |tx| {
            check_episode(tx, episode)?;
            set_names(tx, episode, names)
        })
    }

    /// Notes the file that an episode came from, or that it lies or looks otherwise now.
    ///
    /// # Errors
    /// [`Error::Missing`] where the episode does not exist.
    pub fn note_file(&self, file: &EpisodeFile) -> Result<()> {
        self.write("note a file", |tx| {
            check_episode(tx, file.episode)?;
            tx.prepare_cached("INSERT OR REPLACE INTO episode_files VALUES (?1, ?2, ?3, ?4, ?5)")?.execute((
                &file.path,
                file.episode.0,
                &file.hash,
                file.bytes,
                file.modified,
            ))?;
            Ok(())
        })
    }

    /// Forgets a file that is no longer there.
    pub fn forget_file(&self, path: &str) -> Result<()> {
        self.write("forget a file", |tx| {
            tx.prepare_cached("DELETE FROM episode_files WHERE path = ?1")?.execute([path])?;
            Ok(())
        })
    }

    /// The file of this path, if an episode came from it.
    pub fn file_at(&self, path: &str) -> Result<Option<EpisodeFile>> {
        Ok(self.files("path = ?1", &[path])?.pop())
    }

    /// The files with this content.
    pub fn files_with(&self, hash: &str) -> Result<Vec<EpisodeFile>> {
        self.files("hash = ?1", &[hash])
    }

    /// The files whose path begins so.
    pub fn files_beginning(&self, start: &str) -> Result<Vec<EpisodeFile>> {
        self.files("path >= ?1 AND path < ?1 || ?2", &[start, "\u{10FFFF}"])
    }

    /// Says that an episode comes from elsewhere now, as when its file was renamed.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn set_source(&self, episode: EpisodeId, source: &str) -> Result<()> {
        self.write("note where an episode comes from", |tx| {
            let mut update = tx.prepare_cached("UPDATE episodes SET source = ?2 WHERE id = ?1")?;
            if update.execute((episode.0, source))? == 0 { Err(Error::missing("episode", episode)) } else { Ok(()) }
        })
    }

    fn files(&self, condition: &str, parameters: &[&str]) -> Result<Vec<EpisodeFile>> {
        self.read("look for a file", |tx| {
            let mut query =
                tx.prepare_cached(&format!("SELECT * FROM episode_files WHERE {condition} ORDER BY path"))?;
            let rows = query.query_map(rusqlite::params_from_iter(parameters), |row| {
                Ok(EpisodeFile {
                    path: row.get("path")?,
                    episode: EpisodeId(row.get("episode_id")?),
                    hash: row.get("hash")?,
                    bytes: row.get("bytes")?,
                    modified: row.get("modified_ms")?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// Documents go with the last episode that has them.
pub(crate) fn remove_unused(tx: &Connection) -> Result<Vec<String>> {
    let mut query = tx.prepare_cached(
        "DELETE FROM documents WHERE NOT EXISTS
             (SELECT 1 FROM episode_documents WHERE episode_documents.hash = documents.hash) RETURNING hash",
    )?;
    Ok(query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn set_chapters(tx: &Connection, episode: EpisodeId, chapters: &[Chapter]) -> Result<()> {
    tx.prepare_cached("DELETE FROM chapters WHERE episode_id = ?1")?.execute([episode.0])?;
    let mut insert = tx.prepare_cached("INSERT INTO chapters VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (seq, chapter) in chapters.iter().enumerate() {
        insert.execute((episode.0, seq, chapter.start, chapter.end, &chapter.title, &chapter.url))?;
    }
    Ok(())
}

pub(crate) fn set_credits(tx: &Connection, episode: EpisodeId, credits: &[Credit]) -> Result<()> {
    tx.prepare_cached("DELETE FROM credits WHERE episode_id = ?1")?.execute([episode.0])?;
    let mut insert = tx.prepare_cached("INSERT INTO credits VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (seq, credit) in credits.iter().filter(|credit| !credit.name.is_empty()).enumerate() {
        insert.execute((episode.0, seq, &credit.name, &credit.role, &credit.url))?;
    }
    Ok(())
}

pub(crate) fn set_names(tx: &Connection, episode: EpisodeId, names: Option<&str>) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO episode_facts (episode_id, names) VALUES (?1, ?2)
         ON CONFLICT (episode_id) DO UPDATE SET names = excluded.names",
    )?
    .execute((episode.0, names))?;
    Ok(())
}

/// Leaves the names, which are the user's.
pub(crate) fn set_facts(tx: &Connection, episode: EpisodeId, facts: &Facts) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO episode_facts (episode_id, link, season, number, kind, explicit, duration_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (episode_id) DO UPDATE SET link = excluded.link, season = excluded.season,
             number = excluded.number, kind = excluded.kind, explicit = excluded.explicit,
             duration_ms = excluded.duration_ms",
    )?
    .execute((episode.0, &facts.link, facts.season, facts.number, &facts.kind, facts.explicit, facts.duration))?;
    Ok(())
}

fn check_episode(tx: &Connection, episode: EpisodeId) -> Result<()> {
    let exists = tx.prepare_cached("SELECT 1 FROM episodes WHERE id = ?1")?.exists([episode.0])?;
    if exists { Ok(()) } else { Err(Error::missing("episode", episode)) }
}

fn kind_name(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Transcript => "transcript",
        DocumentKind::Chapters => "chapters",
        DocumentKind::Names => "names",
    }
}

fn kind_named(name: &str) -> Option<DocumentKind> {
    use DocumentKind::{Chapters, Names, Transcript};
    [Transcript, Chapters, Names].into_iter().find(|kind| kind_name(*kind) == name)
}

fn document(row: &Row<'_>) -> rusqlite::Result<Document> {
    Ok(Document {
        kind: parsed(row, "kind", kind_named)?,
        hash: row.get("hash")?,
        bytes: row.get("bytes")?,
        source: row.get("source")?,
        media_type: row.get("media_type")?,
        language: row.get("language")?,
        transcript: row.get::<_, Option<_>>("transcript_id")?.map(TranscriptId),
    })
}

fn facts(row: &Row<'_>) -> rusqlite::Result<Facts> {
    Ok(Facts {
        link: row.get("link")?,
        season: row.get("season")?,
        number: row.get("number")?,
        kind: row.get("kind")?,
        explicit: row.get("explicit")?,
        duration: row.get("duration_ms")?,
    })
}
