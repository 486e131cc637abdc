//! What can go wrong with an index.

use ear_core::EpisodeId;
use std::{io, path::PathBuf};

/// Why the index could not be opened, changed or asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query cannot be understood.
    #[error("{message} (column {column}): {remedy}")]
    Query {
        /// What is wrong.
        message: String,
        /// Where: 1-based, in characters.
        column: usize,
        /// What to write instead.
        remedy: String,
    },
    /// A filter of the request holds nothing to compare with.
    #[error("the {filter} filter `{value}` holds no word")]
    Filter {
        /// The filter: `show` or `speaker`.
        filter: &'static str,
        /// Its value.
        value: String,
    },
    /// The index was written by another version, or its format file cannot be read.
    #[error("the search index in {} {found}: run `earwitness reindex` to build it again", dir.display())]
    Format {
        /// The folder of the index.
        dir: PathBuf,
        /// What was found there.
        found: String,
    },
    /// Another process kept writing for as long as we were willing to wait.
    #[error("another process is writing to the search index in {}: try again when it is done", dir.display())]
    Busy {
        /// The folder of the index.
        dir: PathBuf,
    },
    /// A passage does not hold as many texts as it has words.
    #[error("a passage of episode {episode} spans {words} words and brings {texts} texts")]
    Passage {
        /// The episode.
        episode: EpisodeId,
        /// Words by its range.
        words: usize,
        /// Texts given.
        texts: usize,
    },
    /// A file of the index could not be read or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The search library failed; a damaged index is built again by `earwitness reindex`.
    #[error("the search index in {} failed; if this happens again, run `earwitness reindex`", dir.display())]
    Index {
        /// The folder of the index.
        dir: PathBuf,
        /// Why, in the library's words.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
