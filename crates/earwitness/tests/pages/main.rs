//! The pages as people use them: over HTTP, and in a real browser.

#[cfg(test)]
mod browser;
mod listening;
mod looks;
mod protocol;
#[cfg(test)]
mod site;
mod tasks;
