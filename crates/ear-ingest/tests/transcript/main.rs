//! Whole documents through the public interface.

// The attribute tells clippy that what these share is test code, too.
#[cfg(test)]
mod common;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod programs;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod seeds;
#[cfg(test)]
mod snapshots;
