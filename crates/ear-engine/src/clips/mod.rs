//! The clips of an episode: looking at them, making them right by hand, and giving them to other programs. How they
//! are made is in `make.rs`, when in `jobs/clips.rs`.

mod adverts;
mod chapters;
mod edit;
mod hand;
mod make;
mod model;
mod next;
mod pieces;
mod subjects;
mod table;
mod view;

pub(crate) use adverts::{apart, is_advert};
pub use chapters::ChapterFormat;
pub use edit::{Edge, UndoneEdit};
pub(crate) use make::MAKER;
pub(crate) use model::Asked;
pub use model::Endpoint;
pub use next::{NextOptions, NextReason, NextView};
pub(crate) use table::{ClipRow, ClipTable};
pub use view::{ClipView, ClipsView};
