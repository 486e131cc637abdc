//! Words to meaning. Everything here is a pure function of plain data.

mod blocks;
mod passages;
mod sentences;

pub use passages::{Passage, passages};
pub use sentences::sentences;
