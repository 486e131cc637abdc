//! The library's database from outside: what holds among threads and processes, and what comes back.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod builders;
mod catalogue;
mod clips;
mod feeds;
mod jobs;
mod keep;
mod leases;
mod names;
mod names_by_hand;
mod opening;
mod soundness;
mod transcripts;
