//! The index: what goes in, and how several processes share it.

use crate::analysis::Rules;
use crate::reading::ReadingDirectory;
use crate::schema::{Fields, column, documents, schema};
use crate::sound::SoundIndex;
use crate::{Error, format};
use ear_core::{EpisodeDate, EpisodeId, ShowId, TranscriptId};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::LockError;
use tantivy::indexer::LogMergePolicy;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError, Term};

/// How long a writer waits for another.
const PATIENCE: Duration = Duration::from_secs(30);
/// What the one indexing thread may hold in memory before it writes a segment.
const WRITER_BYTES: usize = 40_000_000;
/// A segment with more than this share of deleted passages is written anew.
const DELETED_SHARE: f32 = 0.3;

/// An episode as it is indexed.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeDoc {
    /// The episode; what was indexed for it before is replaced.
    pub episode: EpisodeId,
    /// Its show.
    pub show: ShowId,
    /// The show's name, for `show:`.
    pub show_name: String,
    /// The episode's title, for `title:`.
    pub title: String,
    /// The day it was published.
    pub date: Option<EpisodeDate>,
    /// ISO 639-1 code; decides the stemmer. English rules where it is unknown.
    pub language: Option<String>,
    /// The transcript that the word indices refer to.
    pub transcript: TranscriptId,
    /// Its passages, in order. An episode without passages is not in the index.
    pub passages: Vec<PassageDoc>,
}

/// A few sentences of one speaker: the unit that is found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PassageDoc {
    /// Its words in the transcript.
    pub words: Range<usize>,
    /// Who speaks, where known; for `speaker:`.
    pub speaker: Option<String>,
    /// The words as they read, one for each of `words`.
    pub texts: Vec<String>,
    /// The words as heard, one for each of `words`, where some read otherwise; else empty. Search by words finds them
    /// too.
    pub heard: Vec<String>,
    /// The next passage goes on in the same turn, so that phrases may cross into it.
    pub continues: bool,
    /// It is an advertisement or the like, and found only where [`Request::adverts`](crate::Request::adverts) asks for
    /// it.
    pub advert: bool,
}

/// The word index of a library: a folder shared by any number of threads and processes. Cloning it is cheap.
#[derive(Clone)]
pub struct WordIndex {
    shared: Arc<Shared>,
}

struct Shared {
    dir: PathBuf,
    reader: IndexReader,
    fields: Fields,
    view: Mutex<View>,
    /// The view that was last searched by sound, turned round.
    sounds: Mutex<Option<(Vec<u8>, Arc<SoundIndex>)>>,
}

/// The index at one commit.
#[derive(Clone)]
pub(crate) struct View {
    /// What names the commit.
    pub commit: Vec<u8>,
    pub searcher: Searcher,
    pub fields: Fields,
    /// The rules by which any of its passages were analysed.
    pub rules: Vec<Rules>,
}

impl WordIndex {
    /// Opens the index in `dir`, and creates both where they do not exist.
    ///
    /// Fails with [`Error::Format`] where the folder holds an index of another version; [`WordIndex::reset`] is then
    /// the way on.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        format::create_dir(dir)?;
        // Only a new folder has to wait for others, so that searching goes on while somebody writes for long.
        if !format::is_ready(dir)? {
            let _lock = format::lock(dir, PATIENCE)?;
            create(dir)?;
        }
        Self::open_created(dir)
    }

    /// Throws away whatever index is in `dir`, of any version, and creates an empty one. Other processes that search
    /// it meanwhile may see errors; [`WordIndex::clear`] is gentler where the index can be opened.
    pub fn reset(dir: &Path) -> Result<Self, Error> {
        format::create_dir(dir)?;
        let _lock = format::lock(dir, PATIENCE)?;
        format::erase(dir)?;
        create(dir)?;
        Self::open_created(dir)
    }

    fn open_created(dir: &Path) -> Result<Self, Error> {
        let (_, fields) = schema();
        let commit = format::commit(dir)?;
        let opened = || -> tantivy::Result<Self> {
            let index = Index::open(ReadingDirectory(MmapDirectory::open(dir)?))?;
            let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            let view = Mutex::new(View::new(commit, &reader, fields)?);
            let sounds = Mutex::new(None);
            Ok(Self { shared: Arc::new(Shared { dir: dir.to_owned(), reader, fields, view, sounds }) })
        };
        opened().map_err(|error| index_error(dir, error))
    }

    /// Indexes these episodes and replaces what was indexed for them; searches in every process see it when it returns.
    ///
    /// Each call is one commit of some tens of milliseconds: many short episodes are better put together, up to a
    /// few hundred hours at a time. Waits up to 30 s for other writers and then fails with [`Error::Busy`].
    pub fn put(&self, docs: &[EpisodeDoc]) -> Result<(), Error> {
        docs.iter().try_for_each(check_passages)?;
        if docs.is_empty() {
            return Ok(());
        }
        self.write(|writer| {
            for doc in docs {
                writer.delete_term(self.episode_term(doc.episode));
                for document in documents(&self.shared.fields, doc) {
                    writer.add_document(document)?;
                }
            }
            Ok(())
        })
    }

    /// Takes these episodes out; those that are not in the index are no error.
    pub fn remove(&self, episodes: &[EpisodeId]) -> Result<(), Error> {
        if episodes.is_empty() {
            return Ok(());
        }
        self.write(|writer| {
            for &episode in episodes {
                writer.delete_term(self.episode_term(episode));
            }
            Ok(())
        })
    }

    /// Takes everything out.
    pub fn clear(&self) -> Result<(), Error> {
        self.write(|writer| writer.delete_all_documents().map(drop))
    }

    /// The episodes in the index, each with its transcript and number of passages.
    pub fn episodes(&self) -> Result<BTreeMap<EpisodeId, (TranscriptId, u64)>, Error> {
        let view = self.view()?;
        count_passages(&view).map_err(|error| self.error(error))
    }

    /// Files of the index whose content is not what was written, by their checksums. Reads all of it.
    pub fn damaged_files(&self) -> Result<Vec<PathBuf>, Error> {
        let dir = &self.shared.dir;
        let checked =
            Index::open(ReadingDirectory(MmapDirectory::open(dir).map_err(|error| self.error(error.into()))?))
                .and_then(|index| index.validate_checksum());
        let mut damaged: Vec<PathBuf> =
            checked.map_err(|error| self.error(error))?.into_iter().map(|file| dir.join(file)).collect();
        damaged.sort();
        Ok(damaged)
    }

    /// Whether `dir` holds an index, of whatever version.
    pub fn exists(dir: &Path) -> bool {
        format::has_index(dir)
    }

    /// Size on disk, in bytes.
    pub fn size_bytes(&self) -> Result<u64, Error> {
        format::size(&self.shared.dir)
    }

    /// The newest commit, by whichever process.
    pub(crate) fn view(&self) -> Result<View, Error> {
        // A panic elsewhere cannot leave a half-made view behind, so a poisoned lock is as good as any.
        let mut view = self.shared.view.lock().unwrap_or_else(PoisonError::into_inner);
        let commit = format::commit(&self.shared.dir)?;
        if view.commit != commit {
            // Read before reloading: if a commit falls in between, the next search reloads once more.
            let fresh =
                self.shared.reader.reload().and_then(|()| View::new(commit, &self.shared.reader, self.shared.fields));
            *view = fresh.map_err(|error| self.error(error))?;
        }
        Ok(view.clone())
    }

    /// The newest commit with its words turned round for sound. Others wait while it is made: making it twice would
    /// take twice the memory and no less time.
    pub(crate) fn sounding_view(&self) -> Result<(View, Arc<SoundIndex>), Error> {
        let view = self.view()?;
        let mut sounds = self.shared.sounds.lock().unwrap_or_else(PoisonError::into_inner);
        match &*sounds {
            Some((commit, made)) if *commit == view.commit => Ok((view, made.clone())),
            last => {
                let last = last.as_ref().map(|(_, last)| last.as_ref());
                let made = Arc::new(SoundIndex::new(&view, last).map_err(|error| self.error(error))?);
                *sounds = Some((view.commit.clone(), made.clone()));
                Ok((view, made))
            }
        }
    }

    pub(crate) fn error(&self, error: TantivyError) -> Error {
        index_error(&self.shared.dir, error)
    }

    fn episode_term(&self, episode: EpisodeId) -> Term {
        Term::from_field_i64(self.shared.fields.episode, episode.0)
    }

    /// Commits one change, and sees the merges through that it gives rise to.
    fn write(&self, change: impl FnOnce(&IndexWriter) -> tantivy::Result<()>) -> Result<(), Error> {
        let dir = &self.shared.dir;
        let _lock = format::lock(dir, PATIENCE)?;
        // Opened anew under the lock, since the library keeps a list of files that other processes change.
        let commit = || -> tantivy::Result<()> {
            let index = Index::open_in_dir(dir)?;
            let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES)?;
            let mut policy = LogMergePolicy::default();
            policy.set_del_docs_ratio_before_merge(DELETED_SHARE);
            writer.set_merge_policy(Box::new(policy));
            change(&writer)?;
            writer.commit()?;
            writer.wait_merging_threads()
        };
        commit().map_err(|error| self.error(error))
    }
}

impl View {
    fn new(commit: Vec<u8>, reader: &IndexReader, fields: Fields) -> tantivy::Result<Self> {
        let searcher = reader.searcher();
        let mut tags = BTreeSet::new();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(fields.rules)?;
            let mut terms = index.terms().stream()?;
            while terms.advance() {
                tags.extend(std::str::from_utf8(terms.key()).ok().and_then(Rules::from_tag));
            }
        }
        Ok(Self { commit, searcher, fields, rules: tags.into_iter().collect() })
    }
}

/// Creates the index in a folder that holds none. To be called under the lock.
fn create(dir: &Path) -> Result<(), Error> {
    format::claim(dir)?;
    let created = || -> tantivy::Result<()> {
        let (schema, _) = schema();
        Index::open_or_create(MmapDirectory::open(dir)?, schema).map(drop)
    };
    created().map_err(|error| index_error(dir, error))
}

fn check_passages(doc: &EpisodeDoc) -> Result<(), Error> {
    match doc.passages.iter().find(|passage| passage.words.len() != passage.texts.len()) {
        None => Ok(()),
        Some(passage) => {
            Err(Error::Passage { episode: doc.episode, words: passage.words.len(), texts: passage.texts.len() })
        }
    }
}

fn count_passages(view: &View) -> tantivy::Result<BTreeMap<EpisodeId, (TranscriptId, u64)>> {
    let mut episodes = BTreeMap::new();
    for segment in view.searcher.segment_readers() {
        let episode = segment.fast_fields().i64(column::EPISODE)?;
        let transcript = segment.fast_fields().i64(column::TRANSCRIPT)?;
        for doc in segment.doc_ids_alive() {
            let (Some(id), Some(version)) = (episode.first(doc), transcript.first(doc)) else { continue };
            episodes.entry(EpisodeId(id)).or_insert((TranscriptId(version), 0)).1 += 1;
        }
    }
    Ok(episodes)
}

fn index_error(dir: &Path, error: TantivyError) -> Error {
    let dir = dir.to_owned();
    match error {
        TantivyError::LockFailure(LockError::LockBusy, _) => Error::Busy { dir },
        TantivyError::SchemaError(found) => Error::Format { dir, found: format!("has other fields ({found})") },
        error => match no_room(&error) {
            Some(kind) => Error::File { action: "write", path: dir, source: kind.into() },
            None => Error::Index { dir, source: Box::new(error) },
        },
    }
}

/// Whether an error comes of a disk that takes nothing more. The library hands on errors of its threads as text
/// only, so it is text that is looked at.
fn no_room(error: &TantivyError) -> Option<std::io::ErrorKind> {
    use std::io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let text = format!("{error:?}");
    [StorageFull, QuotaExceeded, ReadOnlyFilesystem].into_iter().find(|kind| text.contains(&format!("{kind:?}")))
}
