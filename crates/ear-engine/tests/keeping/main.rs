//! That nothing is lost: what the doctor finds and mends, backups, rules for sound, jobs that are taken away.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod backups;
mod faults;
mod jobs;
mod made;
mod rules;
