//! The pages as people use them: over HTTP, and in a real browser.

#[cfg(test)]
mod api;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod clips;
#[cfg(test)]
mod feeds;
#[cfg(test)]
mod listening;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod names;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod site;
#[cfg(test)]
mod tasks;
#[cfg(test)]
#[path = "../support/tone.rs"]
mod tone;
