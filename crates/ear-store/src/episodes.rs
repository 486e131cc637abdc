//! Episodes: the items of shows, with or without sound.

use crate::columns::{self, fold, json_list, parsed, tidy};
use crate::recordings::{self, NewRecording, Removed};
use crate::transcripts::RANK;
use crate::{Error, RemovedSound, Result, Store, UnixMillis, documents, now};
use ear_core::{EpisodeDate, EpisodeId, Millis, ShowId, TranscriptId};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

/// How far an episode has come, computed from its jobs and transcripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EpisodeState {
    /// Nothing was done and nothing is asked for.
    New,
    /// Jobs wait.
    Queued,
    /// A job runs.
    Working,
    /// A job failed for good and was not asked for again; there may still be a transcript to read.
    Failed,
    /// There is a transcript and nothing more to do.
    Ready,
}

/// An episode to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewEpisode {
    /// The show it belongs to, if any.
    pub show: Option<ShowId>,
    /// Its title; not empty.
    pub title: String,
    /// The day it was published.
    pub date: Option<EpisodeDate>,
    /// Show notes; empty where there are none.
    pub notes: String,
    /// ISO 639-1 code, where the user or the feed says it.
    pub language: Option<String>,
    /// Its sound, if it has any.
    pub recording: Option<NewRecording>,
    /// The path or address it came from, as given.
    pub source: String,
    /// What tells it from others where there is no sound: the hash of its transcript's content.
    pub source_key: Option<String>,
    /// Media type of its cover picture, where there is one.
    pub cover_media_type: Option<String>,
}

/// What became of [`Store::add_episode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddedEpisode {
    /// The episode.
    pub id: EpisodeId,
    /// It was there before, and nothing was changed.
    pub existed: bool,
}

/// An episode with what follows from its jobs and transcripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Its id; never used again for another episode.
    pub id: EpisodeId,
    /// The show it belongs to, if any.
    pub show: Option<ShowId>,
    /// The title of that show.
    pub show_title: Option<String>,
    /// Its title.
    pub title: String,
    /// The day it was published.
    pub date: Option<EpisodeDate>,
    /// Show notes; empty where there are none.
    pub notes: String,
    /// ISO 639-1 code, where the user or the feed said it.
    pub language: Option<String>,
    /// Hash of its recording, if it has sound.
    pub recording: Option<String>,
    /// When and by which rule the file of its sound was removed; `None` while it is here.
    pub sound_removed: Option<RemovedSound>,
    /// The path or address it came from, as given.
    pub source: String,
    /// Hash of the content it was made from, where it came without sound.
    pub source_key: Option<String>,
    /// Media type of its cover picture, where there is one.
    pub cover_media_type: Option<String>,
    /// When it was added.
    pub added_at: UnixMillis,
    /// Length of its sound, or of its transcript where there is no sound.
    pub duration: Option<Millis>,
    /// The transcript that is read and searched.
    pub transcript: Option<TranscriptId>,
    /// How far it has come.
    pub state: EpisodeState,
}

/// Changes to an episode: `None` leaves a field, `Some(None)` clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpisodeEdit {
    /// New title; not empty.
    pub title: Option<String>,
    /// Another show, or none.
    pub show: Option<Option<ShowId>>,
    /// Another day, or none.
    pub date: Option<Option<EpisodeDate>>,
    /// Other notes.
    pub notes: Option<String>,
    /// Another language, or none.
    pub language: Option<Option<String>>,
    /// Another kind of cover picture, or none.
    pub cover_media_type: Option<Option<String>>,
}

/// Which episodes to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpisodeQuery {
    /// Only those of this show; `Some(None)`: only those without a show.
    pub show: Option<Option<ShowId>>,
    /// Only those that have come this far.
    pub state: Option<EpisodeState>,
    /// How many to leave out at the start.
    pub offset: usize,
    /// How many to return at most.
    pub limit: usize,
}

impl Default for EpisodeQuery {
    fn default() -> Self {
        Self { show: None, state: None, offset: 0, limit: 50 }
    }
}

impl Store {
    /// Adds an episode and its recording. An episode with the same recording or the same source key is
    /// taken for the same one and left as it is, so this is safe to call twice.
    ///
    /// # Errors
    /// [`Error::EmptyTitle`], [`Error::Missing`] where the show does not exist.
    pub fn add_episode(&self, new: &NewEpisode) -> Result<AddedEpisode> {
        self.write("add an episode", |tx| match existing(tx, new)? {
            Some(id) => {
                // The sound may be back that a rule had removed.
                new.recording.as_ref().map(|recording| recordings::insert(tx, recording)).transpose()?;
                Ok(AddedEpisode { id, existed: true })
            }
            None => Ok(AddedEpisode { id: insert(tx, new)?, existed: false }),
        })
    }

    /// The episode with this recording (its hash) or source key, if there is one.
    pub fn episode_from(&self, key: &str) -> Result<Option<EpisodeId>> {
        self.read("find an episode by its source", |tx| by_key(tx, key))
    }

    /// One episode.
    pub fn episode(&self, id: EpisodeId) -> Result<Option<Episode>> {
        Ok(self.episodes(&[id])?.pop())
    }

    /// Episodes in the order asked for; those that do not exist are left out.
    pub fn episodes(&self, ids: &[EpisodeId]) -> Result<Vec<Episode>> {
        self.read("read episodes", |tx| {
            let mut query = tx.prepare_cached(&select("WHERE episodes.id = ?1"))?;
            let found = ids.iter().filter_map(|id| query.query_row([id.0], episode).optional().transpose());
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// A page of episodes, newest first by the day they were published, or were added where that is unknown.
    pub fn list_episodes(&self, query: &EpisodeQuery) -> Result<Vec<Episode>> {
        // The page is cut first: what is computed for an episode is computed for those shown only.
        let page = format!("SELECT id FROM episodes WHERE {} ORDER BY {NEWEST} LIMIT :limit OFFSET :offset", matches());
        self.read("list episodes", |tx| {
            let mut statement =
                tx.prepare_cached(&select(&format!("WHERE episodes.id IN ({page}) ORDER BY {NEWEST}")))?;
            let rows = statement.query_map(
                named_params! {
                    ":any_show": query.show.is_none(),
                    ":show": query.show.flatten().map(|show| show.0),
                    ":state": query.state.map(state_name),
                    ":limit": count(query.limit),
                    ":offset": count(query.offset),
                },
                episode,
            )?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many episodes a query matches before it is cut into pages.
    pub fn count_episodes(&self, query: &EpisodeQuery) -> Result<usize> {
        self.read("count episodes", |tx| {
            let mut statement = tx.prepare_cached(&format!("SELECT count(*) FROM episodes WHERE {}", matches()))?;
            let parameters = named_params! {
                ":any_show": query.show.is_none(),
                ":show": query.show.flatten().map(|show| show.0),
                ":state": query.state.map(state_name),
            };
            Ok(statement.query_row(parameters, |row| row.get(0))?)
        })
    }

    /// The episodes a person may mean by `text`: the one with this id; else those with this title; else
    /// those whose title holds it. Case does not matter. Newest first.
    pub fn find_episodes(&self, text: &str, limit: usize) -> Result<Vec<Episode>> {
        if let Ok(id) = text.trim().parse()
            && let Some(episode) = self.episode(id)?
        {
            return Ok(vec![episode]);
        }
        let folded = fold(text);
        if folded.is_empty() {
            return Ok(Vec::new());
        }
        self.read("find episodes", |tx| {
            // `instr` knows no wildcards, so that "100 %" means just that.
            for condition in ["folded = ?1", "instr(folded, ?1) > 0"] {
                let page = format!("SELECT id FROM episodes WHERE {condition} ORDER BY {NEWEST} LIMIT ?2");
                let mut query =
                    tx.prepare_cached(&select(&format!("WHERE episodes.id IN ({page}) ORDER BY {NEWEST}")))?;
                let found: Vec<_> =
                    query.query_map((&folded, count(limit)), episode)?.collect::<rusqlite::Result<_>>()?;
                if !found.is_empty() {
                    return Ok(found);
                }
            }
            Ok(Vec::new())
        })
    }

    /// Changes an episode.
    ///
    /// # Errors
    /// [`Error::Missing`] where the episode or its new show does not exist, [`Error::EmptyTitle`].
    pub fn edit_episode(&self, id: EpisodeId, edit: &EpisodeEdit) -> Result<()> {
        let title = edit.title.as_deref().map(episode_title).transpose()?;
        self.write("change an episode", |tx| {
            check_show(tx, edit.show.flatten())?;
            let changed = tx
                .prepare_cached(
                    "UPDATE episodes SET
                         title = coalesce(:title, title), folded = coalesce(:folded, folded),
                         show_id = iif(:set_show, :show, show_id), date = iif(:set_date, :date, date),
                         notes = coalesce(:notes, notes), language = iif(:set_language, :language, language),
                         cover_media_type = iif(:set_cover, :cover, cover_media_type)
                     WHERE id = :id",
                )?
                .execute(named_params! {
                    ":id": id.0,
                    ":title": title,
                    ":folded": title.as_deref().map(fold),
                    ":set_show": edit.show.is_some(),
                    ":show": edit.show.flatten().map(|show| show.0),
                    ":set_date": edit.date.is_some(),
                    ":date": edit.date.flatten().map(|date| date.to_string()),
                    ":notes": edit.notes,
                    ":set_language": edit.language.is_some(),
                    ":language": edit.language.as_ref().and_then(Option::as_ref),
                    ":set_cover": edit.cover_media_type.is_some(),
                    ":cover": edit.cover_media_type.as_ref().and_then(Option::as_ref),
                })?;
            if changed == 0 { Err(Error::missing("episode", id)) } else { Ok(()) }
        })
    }

    /// Removes episodes with all that belongs to them; those that do not exist are passed over. The caller
    /// takes them out of the search index and deletes the files of the removed recordings.
    pub fn remove_episodes(&self, ids: &[EpisodeId]) -> Result<Removed> {
        self.write("remove episodes", |tx| {
            let mut delete =
                tx.prepare_cached("DELETE FROM episodes WHERE id IN (SELECT value FROM json_each(?1)) RETURNING id")?;
            let gone = delete.query_map([json_list(ids.iter().map(|id| id.0))], |row| row.get(0).map(EpisodeId))?;
            let episodes = gone.collect::<rusqlite::Result<_>>()?;
            Ok(Removed {
                episodes,
                recordings: recordings::remove_unused(tx)?,
                documents: documents::remove_unused(tx)?,
            })
        })
    }
}

pub(crate) fn insert(tx: &Connection, new: &NewEpisode) -> Result<EpisodeId> {
    let title = episode_title(&new.title)?;
    check_show(tx, new.show)?;
    if let Some(recording) = &new.recording {
        recordings::insert(tx, recording)?;
    }
    tx.prepare_cached(
        "INSERT INTO episodes (show_id, title, folded, date, notes, language, recording, source, source_key,
             cover_media_type, added_at)
         VALUES (:show, :title, :folded, :date, :notes, :language, :recording, :source, :source_key,
             :cover, :added_at)",
    )?
    .execute(named_params! {
        ":show": new.show.map(|show| show.0),
        ":title": title,
        ":folded": fold(&title),
        ":date": new.date.map(|date| date.to_string()),
        ":notes": new.notes,
        ":language": new.language,
        ":recording": new.recording.as_ref().map(|recording| &recording.hash),
        ":source": new.source,
        ":source_key": new.source_key,
        ":cover": new.cover_media_type,
        ":added_at": now(),
    })?;
    Ok(EpisodeId(tx.last_insert_rowid()))
}

const NEWEST: &str = "coalesce(date, date(added_at / 1000, 'unixepoch')) DESC, id DESC";

/// [`EpisodeState`] of a row of `episodes`. It is read and searched also while names are looked for.
const STATE: &str = "CASE
    WHEN EXISTS (SELECT 1 FROM jobs WHERE episode_id = episodes.id AND kind NOT IN ('names', 'meaning', 'clips', 'describe') AND state = 'running')
        THEN 'working'
    WHEN EXISTS (SELECT 1 FROM jobs WHERE episode_id = episodes.id AND kind NOT IN ('names', 'meaning', 'clips', 'describe') AND state = 'queued')
        THEN 'queued'
    WHEN EXISTS (SELECT 1 FROM jobs WHERE episode_id = episodes.id AND kind NOT IN ('names', 'meaning', 'clips', 'describe') AND state = 'failed'
        AND NOT EXISTS
        (SELECT 1 FROM jobs AS later WHERE later.episode_id = episodes.id AND later.kind = jobs.kind
             AND later.id > jobs.id)) THEN 'failed'
    WHEN EXISTS (SELECT 1 FROM transcripts WHERE episode_id = episodes.id AND state = 'complete') THEN 'ready'
    ELSE 'new' END";

fn matches() -> String {
    format!("(:any_show OR show_id IS :show) AND (:state IS NULL OR {STATE} = :state)")
}

fn select(rest: &str) -> String {
    // The joined tables are renamed to share no column that `rest` sorts by.
    format!(
        "SELECT episodes.*, shows.title AS show_title, current.transcript AS transcript_id, {STATE} AS state,
             sounds.removed_at, sounds.removed_by,
             coalesce(sounds.length, current.duration) AS duration_ms
         FROM episodes
         LEFT JOIN (SELECT id AS show, title FROM shows) AS shows ON shows.show = show_id
         LEFT JOIN (SELECT hash, duration_ms AS length, removed_at, removed_by FROM recordings) AS sounds
             ON sounds.hash = recording
         LEFT JOIN (SELECT id AS transcript, duration_ms AS duration FROM transcripts) AS current
             ON current.transcript = (SELECT id FROM transcripts AS versions
                 WHERE versions.episode_id = episodes.id AND versions.state = 'complete'
                 ORDER BY {RANK}, versions.id DESC LIMIT 1)
         {rest}"
    )
}

fn episode(row: &Row<'_>) -> rusqlite::Result<Episode> {
    Ok(Episode {
        id: EpisodeId(row.get("id")?),
        show: row.get::<_, Option<_>>("show_id")?.map(ShowId),
        show_title: row.get("show_title")?,
        title: row.get("title")?,
        date: columns::date(row)?,
        notes: row.get("notes")?,
        language: row.get("language")?,
        recording: row.get("recording")?,
        sound_removed: RemovedSound::of(row)?,
        source: row.get("source")?,
        source_key: row.get("source_key")?,
        cover_media_type: row.get("cover_media_type")?,
        added_at: row.get("added_at")?,
        duration: row.get("duration_ms")?,
        transcript: row.get::<_, Option<_>>("transcript_id")?.map(TranscriptId),
        state: parsed(row, "state", state_named)?,
    })
}

fn state_name(state: EpisodeState) -> &'static str {
    match state {
        EpisodeState::New => "new",
        EpisodeState::Queued => "queued",
        EpisodeState::Working => "working",
        EpisodeState::Failed => "failed",
        EpisodeState::Ready => "ready",
    }
}

fn state_named(name: &str) -> Option<EpisodeState> {
    use EpisodeState::{Failed, New, Queued, Ready, Working};
    [New, Queued, Working, Failed, Ready].into_iter().find(|state| state_name(*state) == name)
}

fn episode_title(title: &str) -> Result<String> {
    let title = tidy(title);
    if title.is_empty() { Err(Error::EmptyTitle { what: "an episode" }) } else { Ok(title) }
}

/// SQLite's own refusal would not say which show.
fn check_show(tx: &Connection, show: Option<ShowId>) -> Result<()> {
    let Some(show) = show else { return Ok(()) };
    let exists = tx.prepare_cached("SELECT 1 FROM shows WHERE id = ?1")?.exists([show.0])?;
    if exists { Ok(()) } else { Err(Error::missing("show", show)) }
}

fn existing(tx: &Connection, new: &NewEpisode) -> Result<Option<EpisodeId>> {
    let keys = [new.recording.as_ref().map(|recording| recording.hash.as_str()), new.source_key.as_deref()];
    for key in keys.into_iter().flatten() {
        if let Some(id) = by_key(tx, key)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn by_key(tx: &Connection, key: &str) -> Result<Option<EpisodeId>> {
    let mut query = tx.prepare_cached("SELECT id FROM episodes WHERE recording = ?1 OR source_key = ?1")?;
    Ok(query.query_row([key], |row| row.get(0)).optional()?.map(EpisodeId))
}

/// SQLite counts in signed numbers; nobody has that many episodes.
fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
