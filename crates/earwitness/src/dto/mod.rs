//! The public JSON, in one place: what `--json` prints and what the HTTP interface answers.
//!
//! Ids are strings, what is unknown is null, times are whole milliseconds, ranges are half-open.

mod added;
mod clips;
mod episodes;
mod error;
mod jobs;
mod keeping;
mod models;
mod names;
mod next;
mod search;
mod transcript;
mod trends;

pub use added::{AddedDto, FailedSource, LookDto, TakenSource};
#[cfg(test)]
pub use clips::samples as clip_samples;
pub use clips::{ClipDetailDto, ClipsDto, EditedDto, UndoneEditDto};
pub use episodes::{EpisodeDetailDto, EpisodesDto, RemovedDto, RemovedEpisode, ShowDto, ShowsDto};
pub use error::ErrorDto;
pub use jobs::{ChangedJobDto, EpisodesIndexedDto, JobsDto, WorkDto};
pub use keeping::{BackedUpDto, DiskDto, DoctorDto, KeepDto, RestoredDto};
pub use models::{FetchedDto, ModelsDto, ServingDto, VerifiedDto, VerifiedModel};
#[cfg(test)]
pub use names::samples as name_samples;
pub use names::{DecidedDto, DecisionsDto, NameDetailDto, NameListDto, NameSummaryDto, NamesDto, UndoneDto};
#[cfg(test)]
pub use next::samples as next_samples;
pub use next::{NextDto, NextListDto};
pub use search::SearchDto;
#[cfg(test)]
pub use search::samples as search_samples;
pub use transcript::TranscriptDto;
pub use trends::TrendsDto;
#[cfg(test)]
pub use trends::samples as trend_samples;

/// A half-open range as JSON writes it: `[from, to]`.
pub type Pair = [usize; 2];
