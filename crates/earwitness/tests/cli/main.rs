//! The program as people run it, each test in a home of its own.

mod adding;
mod aligning;
mod changing;
#[cfg(test)]
mod clips;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod durability_disk;
mod durability_keeping;
#[cfg(test)]
mod feeds;
#[cfg(test)]
mod folders;
#[cfg(test)]
mod home;
#[cfg(test)]
mod names;
mod reading;
#[cfg(test)]
#[path = "../support/tone.rs"]
mod tone;
mod usage;
#[cfg(test)]
mod web;
mod working;
