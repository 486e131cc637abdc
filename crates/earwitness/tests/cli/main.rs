//! The program as people run it, each test in a home of its own.

mod adding;
mod changing;
#[cfg(test)]
mod home;
mod reading;
#[cfg(test)]
#[path = "../support/tone.rs"]
mod tone;
mod usage;
mod working;
