//! The index from the outside: what goes in is found again, and nothing else is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod library;
mod meaning;
mod model;
mod sharing;
mod sound;
