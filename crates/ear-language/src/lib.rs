//! Words to meaning. Everything here is a pure function of plain data.

pub mod adverts;
pub mod align;
mod blocks;
pub mod commonness;
pub mod describe;
pub mod gazetteer;
pub mod names;
mod number_words;
mod passages;
pub mod repair;
mod sentences;
pub mod sounds;
pub mod topics;
mod trees;
pub mod vectors;

pub use passages::{Passage, passages};
pub use sentences::sentences;
