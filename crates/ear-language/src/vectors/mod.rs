//! What sentences mean, as directions in space: two that say the like point the same way.
//!
//! The only part of this crate that needs a model. [`Vector`] itself is plain data.

mod meaning;
#[cfg(test)]
mod tests;
mod tokens;
mod vector;

pub use meaning::{Error, Meaning};
pub use vector::{SIZE, Vector};
