//! Fetching from servers that mean no good.

// The attribute tells clippy that what these share is test code, too.
#[cfg(test)]
mod documents;
#[cfg(test)]
mod downloads;
#[cfg(test)]
mod posts;
#[cfg(test)]
mod server;
