//! Whole feeds through the public interface.

// The attribute tells clippy that what these share is test code, too.
#[cfg(test)]
mod common;
#[cfg(test)]
mod encodings;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod podcastparser;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod seeds;
