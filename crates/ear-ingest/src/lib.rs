//! Outside formats to core: transcripts that others wrote become words on a timeline.
//!
//! What strangers wrote is taken as it comes: everything readable is kept, every fault becomes a warning
//! with its line, and every size is bounded.

pub mod chapters;
mod error;
pub mod feed;
pub mod fetch;
pub mod html;
mod json;
mod markup;
pub mod names;
pub mod transcript;

pub use error::Error;
