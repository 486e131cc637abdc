//! What can go wrong with the library's database.

use ear_core::{EpisodeId, JobId, TranscriptId};
use rusqlite::{ErrorCode, ffi};
use std::path::PathBuf;

/// What a call on the [`Store`](crate::Store) returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the library's database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be opened or is no database.
    #[error("cannot open the library's database {}", path.display())]
    Open {
        /// The database file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The file was written by a newer program; nothing in it was touched.
    #[error(
        "{} was written by a newer Earwitness (its form is {found}, this program knows forms up to {known}): \
         update Earwitness",
        path.display()
    )]
    Newer {
        /// The database file.
        path: PathBuf,
        /// The form of the file.
        found: i64,
        /// The newest form this program knows.
        known: i64,
    },
    /// The file was written by an older program, and cannot be brought to today's form where it is.
    #[error(
        "{} is of an older form ({found}; this program's is {known}) and cannot be written to: make it writable \
         once, or copy the library elsewhere",
        path.display()
    )]
    Older {
        /// The database file.
        path: PathBuf,
        /// The form of the file.
        found: i64,
        /// The form of this program.
        known: i64,
    },
    /// The program that wrote the file last was killed, and what it wrote last can be taken over only where
    /// the file can be written to.
    #[error(
        "the last changes to {} lie in a log beside it, which can be read only where it can be written: make it \
         writable once, or copy the library elsewhere",
        path.display()
    )]
    Unfinished {
        /// The database file.
        path: PathBuf,
    },
    /// The library was opened for reading only.
    #[error("the library's database {} cannot be written to: {}", path.display(), match why {
        crate::Frozen::ReadOnly => "the disk or the folder allows no writing",
        crate::Frozen::DiskFull => "the disk is full",
    })]
    Frozen {
        /// The database file.
        path: PathBuf,
        /// Why.
        why: crate::Frozen,
    },
    /// The copy that is kept before an older form is changed cannot be written.
    #[error("cannot keep a copy of the library's database in {}", path.display())]
    KeepCopy {
        /// Where the copy should go.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The job was called off, or another worker has it.
    #[error("job {job} is no longer held by this worker")]
    NotHeld {
        /// The job.
        job: JobId,
    },
    /// The file is a database, but not one of Earwitness; nothing in it was touched.
    #[error("{} is the database of another program", path.display())]
    Foreign {
        /// The database file.
        path: PathBuf,
    },
    /// A backup cannot be written.
    #[error("cannot copy the library's database to {}", path.display())]
    Backup {
        /// Where the copy should go.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// SQLite refused a request: a full disk, a lock held for more than ten seconds, a damaged file.
    #[error("cannot {doing} in the library's database")]
    Sql {
        /// What was being done.
        doing: &'static str,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The words or stretches of a chunk cannot be read.
    #[error("transcript {transcript} is damaged: chunk {seq} cannot be read")]
    DamagedChunk {
        /// The transcript.
        transcript: TranscriptId,
        /// The chunk, counted from 0.
        seq: usize,
        /// Where its JSON breaks.
        source: serde_json::Error,
    },
    /// A chunk holds another number of words than it says.
    #[error("transcript {transcript} is damaged: chunk {seq} should hold {expected} words and holds {found}")]
    ChunkLength {
        /// The transcript.
        transcript: TranscriptId,
        /// The chunk, counted from 0.
        seq: usize,
        /// The number of words it says it holds.
        expected: usize,
        /// The number of words it holds.
        found: usize,
    },
    /// The turns or stretches of a transcript cannot be read.
    #[error("transcript {transcript} is damaged: its {part} cannot be read")]
    DamagedTranscript {
        /// The transcript.
        transcript: TranscriptId,
        /// "turns" or "stretches".
        part: &'static str,
        /// Where its JSON breaks.
        source: serde_json::Error,
    },
    /// There is no such thing (any more).
    #[error("there is no {what} {id}")]
    Missing {
        /// "show", "episode", "transcript", "recording".
        what: &'static str,
        /// Its id or hash as given.
        id: String,
    },
    /// Another show has this title.
    #[error("another show is called `{title}`")]
    TitleTaken {
        /// The title as given.
        title: String,
    },
    /// A title is empty or only white space.
    #[error("the title of {what} may not be empty")]
    EmptyTitle {
        /// "a show" or "an episode".
        what: &'static str,
    },
    /// The recording already belongs to another episode.
    #[error("this recording already belongs to episode {episode}")]
    RecordingTaken {
        /// The episode that has it.
        episode: EpisodeId,
    },
    /// A chunk would leave a gap.
    #[error("chunk {seq} of transcript {transcript} is out of order: chunk {expected} is the next")]
    ChunkOrder {
        /// The transcript.
        transcript: TranscriptId,
        /// The chunk that came.
        seq: usize,
        /// The chunk that should have come.
        expected: usize,
    },
    /// The chunk is there already, with other words: two workers heard the same sound differently.
    #[error("chunk {seq} of transcript {transcript} was already stored with other words")]
    ChunkDiffers {
        /// The transcript.
        transcript: TranscriptId,
        /// The chunk that came.
        seq: usize,
    },
    /// A name, or what a repair means, is empty or only white space.
    #[error("a name may not be empty")]
    EmptyName,
    /// A stretch of words is empty or reaches beyond the transcript.
    #[error("transcript {transcript} has no words {start} to {end}: it has {words} words")]
    NoSuchWords {
        /// The transcript.
        transcript: TranscriptId,
        /// The first word asked for, counted from 0.
        start: usize,
        /// The word after the last asked for.
        end: usize,
        /// The number of words it has.
        words: usize,
    },
    /// More than an episode can have.
    #[error("{count} {what} for one episode: at most {most} are kept")]
    TooMany {
        /// "names", "mentions", "repairs".
        what: &'static str,
        /// How many came.
        count: usize,
        /// How many are kept at most.
        most: usize,
    },
    /// A complete transcript takes no further chunks.
    #[error("transcript {transcript} is already complete")]
    AlreadyComplete {
        /// The transcript.
        transcript: TranscriptId,
    },
}

/// What stands behind an error, where something can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// No room was left to write, or writing failed as it does then.
    DiskFull,
    /// Writing is not allowed.
    ReadOnly,
    /// The file, or one that has to lie beside it, cannot be opened.
    CannotOpen,
    /// The file is damaged, or no database at all.
    Damaged,
    /// Another process kept the database to itself for long.
    Busy,
}

impl Error {
    /// What stands behind this, where something can be done about it.
    pub fn trouble(&self) -> Option<Trouble> {
        let source = match self {
            Self::Open { source, .. } | Self::Backup { source, .. } | Self::Sql { source, .. } => source,
            Self::Frozen { why: crate::Frozen::ReadOnly, .. } => return Some(Trouble::ReadOnly),
            Self::Frozen { why: crate::Frozen::DiskFull, .. } => return Some(Trouble::DiskFull),
            Self::KeepCopy { source, .. } => {
                return match source.kind() {
                    std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Some(Trouble::DiskFull),
                    std::io::ErrorKind::ReadOnlyFilesystem => Some(Trouble::ReadOnly),
                    _ => None,
                };
            }
            _ => return None,
        };
        let rusqlite::Error::SqliteFailure(failure, _) = source else { return None };
        match failure.code {
            ErrorCode::DiskFull => Some(Trouble::DiskFull),
            // SQLite says "full" of one of the ways in which a disk is full only; quotas and the files beside
            // the database come as failed writes.
            ErrorCode::SystemIoFailure => match failure.extended_code {
                ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_SHMSIZE => {
                    Some(Trouble::DiskFull)
                }
                _ => None,
            },
            ErrorCode::ReadOnly => Some(Trouble::ReadOnly),
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Some(Trouble::CannotOpen),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Some(Trouble::Damaged),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Some(Trouble::Busy),
            _ => None,
        }
    }

    /// Says what was being done when SQLite refused.
    pub(crate) fn during(self, doing: &'static str) -> Self {
        match self {
            Self::Sql { source, .. } => Self::Sql { doing, source },
            other => other,
        }
    }

    pub(crate) fn missing(what: &'static str, id: impl ToString) -> Self {
        Self::Missing { what, id: id.to_string() }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Self {
        Self::Sql { doing: "do what was asked", source }
    }
}
