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
}
