//! Words on a timeline: the plain data that every part of Earwitness shares.
//!
//! Everything here is a value: no files, no clocks, no threads. Times are whole milliseconds from the
//! start of an episode, stretches of time and of words are half-open.

mod clip;
mod episode;
mod ids;
mod name;
mod span;
mod transcript;

pub use clip::{Author, Clip, ClipKind, Description, Grounded};
pub use episode::{Chapter, Credit, EpisodeDate, InvalidDate};
pub use ids::{ClipId, EpisodeId, InvalidId, JobId, NameId, RepairId, ShowId, TranscriptId};
pub use name::{
    Evidence, EvidenceKind, Mention, MentionBy, Name, NameKind, NameSource, Proposal, RepairState, SourceKind,
};
pub use span::{Millis, Span, clock};
pub use transcript::{
    Alternative, Origin, Stretch, StretchKind, Timing, Transcript, Turn, Word, WordRange, join_words,
};
