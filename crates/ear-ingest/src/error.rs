//! What can stop an import.

/// Why a document could not be imported at all. Lesser faults are warnings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The document is larger than any transcript.
    #[error(
        "too big: {bytes} bytes, and transcripts may have {limit}; if this is sound, add it as sound, else split the file"
    )]
    TooBig {
        /// Size of the document in bytes.
        bytes: usize,
        /// The largest size accepted in bytes.
        limit: usize,
    },
    /// The document is longer than any episode.
    #[error("too long: more than {limit} {of}; split the file into its episodes")]
    TooLong {
        /// The largest number accepted.
        limit: usize,
        /// What there is too much of: words or lines.
        of: &'static str,
    },
    /// The document is larger than any of its kind.
    #[error("too big: {bytes} bytes, and {what} may have {limit}; check that the address is the right one")]
    TooBigFor {
        /// Its kind, in the plural.
        what: &'static str,
        /// Size of the document in bytes.
        bytes: usize,
        /// The largest size accepted in bytes.
        limit: usize,
    },
    /// The document is neither RSS, Atom nor JSON Feed.
    #[error("not a feed: found {found}, and looked for RSS, Atom or JSON Feed; {remedy}")]
    NotAFeed {
        /// What it is instead.
        found: String,
        /// What to do about it.
        remedy: String,
    },
    /// Something could not be fetched.
    #[error("cannot fetch {url}: {fault}")]
    Fetch {
        /// Its address, without name and password.
        url: String,
        /// What happened.
        fault: crate::fetch::Fault,
    },
    /// The bytes are not text in an encoding we know.
    #[error("not text: looked for UTF-8, UTF-16 with a byte order mark or Windows-1252; save the file as UTF-8")]
    NotText,
    /// The document is text, but nothing in it was spoken.
    #[error("nothing spoken found: looked for {looked_for}; {remedy}")]
    Nothing {
        /// What a document of this format should have held.
        looked_for: &'static str,
        /// What to do about it.
        remedy: &'static str,
    },
    /// The document holds no chapter.
    #[error(
        "no chapters found: looked for JSON with `chapters` that have a `startTime`, or WebVTT whose cues are titles; check that the file is the right one"
    )]
    NoChapters,
    /// The document begins like JSON, but is not.
    #[error(
        "not valid JSON at line {line}, column {column}: {message}; the file may be cut short: export or download it again"
    )]
    Json {
        /// The line, counted from 1.
        line: usize,
        /// The column in bytes, counted from 1.
        column: usize,
        /// What the parser says.
        message: String,
    },
    /// The document is JSON, but of no kind that we know.
    #[error(
        "no transcript of a known kind: it has {found}; looked for the JSON of Podcasting 2.0, Whisper, WhisperX, whisper.cpp, Amazon Transcribe, Google Speech-to-Text, Deepgram, AssemblyAI, Rev.ai, oTranscribe, or our own; export it as SubRip, WebVTT or plain text instead"
    )]
    UnknownJson {
        /// The fields that it has, in words.
        found: String,
    },
    /// The document is of a kind that we know, but holds no transcript.
    #[error("not a transcript: this is {found}; {remedy}")]
    NotTranscript {
        /// What it is.
        found: String,
        /// What to do about it.
        remedy: &'static str,
    },
}
