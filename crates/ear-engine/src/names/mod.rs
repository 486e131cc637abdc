//! The names of an episode and of the library: looking at them, deciding what was misheard, and the layer of
//! accepted repairs that readers see. How names are found is in `jobs/names.rs`.

mod decide;
mod entities;
mod episode;
mod layer;
mod reading;
mod spelling;
mod view;

pub(crate) use episode::said;
pub(crate) use layer::{Accepted, lay, parts};
pub use spelling::checked_names;
pub use view::{
    Decided, Displaced, MentionView, NameDetail, NameEpisode, NameSummaryView, NameView, NamesView, Reading,
    RepairView, Repaired, Undone, Verdict, Which,
};
