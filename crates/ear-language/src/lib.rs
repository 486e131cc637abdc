//! Words to meaning. Everything here is a pure function of plain data.

pub mod align;
mod blocks;
pub mod commonness;
pub mod gazetteer;
pub mod names;
mod number_words;
mod passages;
pub mod repair;
mod sentences;
pub mod sounds;
mod trees;

pub use passages::{Passage, passages};
pub use sentences::sentences;
