//! Words to meaning. Everything here is a pure function of plain data.

pub mod align;
mod blocks;
mod passages;
mod sentences;

pub use passages::{Passage, passages};
pub use sentences::sentences;
