//! What can go wrong with the library's database.

use ear_core::{EpisodeId, TranscriptId};
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
    /// A complete transcript takes no further chunks.
    #[error("transcript {transcript} is already complete")]
    AlreadyComplete {
        /// The transcript.
        transcript: TranscriptId,
    },
}

impl Error {
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
