//! Answers: the word index and its query language.
//!
//! The index holds passages (a few sentences of one speaker) and stores no text: it answers with the place of each
//! passage, and a [`Matcher`] tells which of its words matched.
//!
//! # The query language
//!
//! | written | finds |
//! |---|---|
//! | `peace talks` | passages with both words, in any form (`talk`, `talked`) |
//! | `"peace talks"` | the words in this order, also across the end of a passage within one turn |
//! | `peace OR war`, `peace AND war` | either, both; `AND` binds tighter than `OR` |
//! | `peace -war`, `peace NOT war` | without it |
//! | `peace (talks OR treaty)` | as the parentheses say |
//! | `elect*` | words that begin so, as spelled |
//! | `show:"Post Reports"` `speaker:martine` `title:iran` | all these words in the name or the title |
//! | `language:en` | episodes in a language |
//! | `since:2020` `until:2020-02` `since:2020-02-03` | episodes from the first or to the last day of it |
//!
//! Case, accents and punctuation make no difference. A query of fields alone is fine; one that only leaves things
//! out is not. Where nothing matches as typed, words that occur nowhere are respelled by at most two letters.

mod analysis;
mod collect;
mod error;
mod format;
mod fuse;
mod index;
mod matcher;
mod meaning;
mod query;
mod reading;
mod request;
mod schema;
mod search;
mod sound;
mod upnext;

pub use error::Error;
pub use fuse::{FusedAnswer, FusedHit, FusedRequest, is_question};
pub use index::{EpisodeDoc, PassageDoc, WordIndex};
pub use matcher::{Matched, Matcher};
pub use meaning::{FLOOR, MeaningAnswer, Piece, VectorFile, Vectors, asked_in_words, text_key};
pub use request::{Answer, MAX_LIMIT, Order, PassageHit, Request};
pub use sound::{LEAST_WORTH, SoundAnswer, SoundGroup, SoundHit, SoundRequest, looks_like_a_name, worth};
pub use upnext::{Asked, Candidate, Clips, Next, Reason, Subject, When};
