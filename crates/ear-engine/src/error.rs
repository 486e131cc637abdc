//! One error for everything the engine does: what happened, where, and what to do about it.

use ear_speech::audio::AudioError;
use ear_store::Trouble;
use std::path::Path;
use std::{fmt, io};

/// Result of an engine call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of thing went wrong; decides the exit code and the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The input (a file, a value) can't be used as it is.
    BadInput,
    /// No such episode, show, job, file.
    NotFound,
    /// A title that more than one episode has.
    Ambiguous,
    /// A query that can't be read; `place` names the column.
    Query,
    /// Another process holds what is needed; trying again later works.
    Busy,
    /// Something the task needs is not installed: a model, ffmpeg, the recogniser.
    Missing,
    /// Stopped on request.
    Stopped,
    /// No room is left on the disk; what was begun goes on when there is.
    DiskFull,
    /// The library, or a file, can be read and not written.
    ReadOnly,
    /// The network, or the machine at its other end, did not give what was asked; trying again later may work.
    Network,
    /// The disk, the database or the index failed.
    Storage,
    /// A fault of the program itself.
    Bug,
}

impl ErrorKind {
    /// A short stable code for programs: `bad_input`, `not_found`, …
    pub fn code(self) -> &'static str {
        match self {
            Self::BadInput => "bad_input",
            Self::NotFound => "not_found",
            Self::Ambiguous => "ambiguous",
            Self::Query => "query",
            Self::Busy => "busy",
            Self::Missing => "missing",
            Self::Stopped => "stopped",
            Self::DiskFull => "disk_full",
            Self::ReadOnly => "read_only",
            Self::Network => "network",
            Self::Storage => "storage",
            Self::Bug => "bug",
        }
    }
}

/// What happened, where, and what to do about it.
#[derive(Clone, Debug)]
pub struct Error {
    /// What kind of error.
    pub kind: ErrorKind,
    /// What happened, in one sentence.
    pub message: String,
    /// The file, line, column or moment.
    pub place: Option<String>,
    /// What the reader can do.
    pub remedy: Option<String>,
}

impl Error {
    /// An error with a message only.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), place: None, remedy: None }
    }

    /// The same error, with the place it happened.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// The same error, with what to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(remedy) = &self.remedy {
            write!(f, ". {remedy}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl Error {
    /// A file that could not be read or written.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        let place = path.display().to_string();
        match error.kind() {
            io::ErrorKind::NotFound => Self::new(ErrorKind::NotFound, "there is no such file").at(place),
            io::ErrorKind::PermissionDenied => Self::new(ErrorKind::Storage, "permission denied")
                .at(place)
                .remedy("Check who owns it and its access rights"),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::disk_full().at(place)
            }
            io::ErrorKind::ReadOnlyFilesystem => {
                Self::new(ErrorKind::ReadOnly, "the disk allows no writing").at(place).remedy(WRITABLE)
            }
            _ => Self::new(ErrorKind::Storage, error.to_string()).at(place),
        }
    }
}

/// What helps where nothing can be written.
const WRITABLE: &str = "Make it writable, or copy the library to a disk that is and name that with --library";

impl Error {
    /// No room is left where the library lies.
    pub(crate) fn disk_full() -> Self {
        let remedy = "Make room; what was begun is kept, and `earwitness work` goes on with it. `earwitness disk` \
                      shows what takes room";
        Self::new(ErrorKind::DiskFull, "the disk is full").remedy(remedy)
    }

    /// Nothing can be written to the library.
    pub(crate) fn read_only(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::ReadOnly, message).remedy(WRITABLE)
    }
}

impl From<ear_store::Error> for Error {
    fn from(error: ear_store::Error) -> Self {
        use ear_store::Error as Store;
        let message = with_source(&error);
        match error.trouble() {
            Some(Trouble::DiskFull) => return Self::disk_full(),
            Some(Trouble::ReadOnly) => return Self::read_only(message),
            Some(Trouble::Busy) => {
                let error = Self::new(ErrorKind::Busy, message);
                return error.remedy("Another process is busy with the library; try again when it is done");
            }
            Some(Trouble::Damaged) => {
                let error = Self::new(ErrorKind::Storage, format!("the database is damaged: {message}"));
                return error.remedy("Bring it back from a backup: `earwitness restore BACKUP`");
            }
            Some(Trouble::CannotOpen) | None => {}
        }
        match error {
            Store::Missing { what: "clip", .. } => {
                Self::new(ErrorKind::NotFound, message).remedy("`earwitness clips EPISODE` shows what there is")
            }
            Store::Missing { what: "name" | "repair", .. } => {
                Self::new(ErrorKind::NotFound, message).remedy("`earwitness names EPISODE` shows what there is")
            }
            Store::Missing { .. } => {
                Self::new(ErrorKind::NotFound, message).remedy("`earwitness list` shows what there is")
            }
            Store::TitleTaken { .. } => {
                Self::new(ErrorKind::BadInput, message).remedy("Choose another title, or edit that show")
            }
            Store::EmptyTitle { .. }
            | Store::RecordingTaken { .. }
            | Store::EmptyName
            | Store::NoSuchWords { .. }
            | Store::TooMany { .. } => Self::new(ErrorKind::BadInput, message),
            Store::Newer { .. } | Store::Foreign { .. } => Self::new(ErrorKind::BadInput, message),
            Store::Older { .. } | Store::Unfinished { .. } => Self::read_only(message),
            Store::NotHeld { .. } => Self::new(ErrorKind::Busy, message).remedy("Another worker has it now"),
            Store::ChunkDiffers { .. } | Store::ChunkOrder { .. } | Store::AlreadyComplete { .. } => {
                Self::new(ErrorKind::Busy, message).remedy("Another worker was faster; its work stands")
            }
            _ => Self::new(ErrorKind::Storage, message).remedy("`earwitness doctor` looks for what is wrong"),
        }
    }
}

impl From<ear_search::Error> for Error {
    fn from(error: ear_search::Error) -> Self {
        use ear_search::Error as Search;
        let message = with_source(&error);
        if let Search::File { path, source, .. } = &error
            && let error @ Self { kind: ErrorKind::DiskFull | ErrorKind::ReadOnly, .. } = Self::file(path, source)
        {
            return error;
        }
        if full_below(&error) {
            return Self::disk_full();
        }
        match error {
            Search::Query { message, column, remedy } => {
                Self::new(ErrorKind::Query, message).at(format!("column {column}")).remedy(remedy)
            }
            Search::Filter { .. } => {
                Self::new(ErrorKind::Query, message).remedy("Give at least one word, or leave it out")
            }
            Search::Busy { .. } => Self::new(ErrorKind::Busy, message),
            Search::Passage { .. } => Self::new(ErrorKind::Bug, message),
            Search::Format { .. } | Search::File { .. } | Search::Index { .. } => {
                Self::new(ErrorKind::Storage, message)
                    .remedy("`earwitness reindex` builds the index again from what is remembered")
            }
        }
    }
}

impl From<ear_speech::Error> for Error {
    fn from(error: ear_speech::Error) -> Self {
        use ear_speech::Error as Speech;
        let (message, remedy) = (with_source(&error), error.remedy());
        let kind = match &error {
            Speech::Audio(AudioError::Io { source, path }) => return Self::file(path, source),
            Speech::Audio(AudioError::Unsupported { .. }) => ErrorKind::Missing,
            Speech::Audio(_) | Speech::ModelUnknown { .. } => ErrorKind::BadInput,
            Speech::ModelMissing { .. }
            | Speech::ModelBroken { .. }
            | Speech::Fetch { .. }
            | Speech::Device { .. }
            | Speech::NoRecogniser => ErrorKind::Missing,
            Speech::Runtime { .. } => ErrorKind::Bug,
            Speech::Io { source, path } => return Self::file(path, source),
        };
        Self::new(kind, message).remedy(remedy)
    }
}

impl From<ear_language::vectors::Error> for Error {
    fn from(error: ear_language::vectors::Error) -> Self {
        use ear_language::vectors::Error as Meaning;
        let (message, remedy) = (with_source(&error), error.remedy());
        let kind = match error {
            Meaning::Read { .. } | Meaning::Broken { .. } => ErrorKind::Missing,
            Meaning::Run { .. } => ErrorKind::Bug,
        };
        Self::new(kind, message).remedy(remedy)
    }
}

impl From<AudioError> for Error {
    fn from(error: AudioError) -> Self {
        ear_speech::Error::from(error).into()
    }
}

/// Whether an error goes back to a disk without room, however deep.
fn full_below(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let full =
            |error: &io::Error| matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        if error.downcast_ref::<io::Error>().is_some_and(full) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The message with those of its causes, since a reader sees no chain.
fn with_source(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !message.contains(&cause) {
            message = format!("{message}: {cause}");
        }
        source = error.source();
    }
    message
}
