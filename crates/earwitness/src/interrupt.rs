//! Ctrl-C: the first asks work to stop at the next safe point, the second stops at once.

use crate::exit;
use crate::terminal::Talk;
use ear_engine::{Error, ErrorKind, Result, Stop};

/// A flag that the first Ctrl-C (or SIGTERM, or the end of the terminal) sets, after `message` is said.
/// The second ends the program. To be called once.
pub fn watch(talk: Talk, message: &'static str) -> Result<Stop> {
    let stop = Stop::default();
    let flag = stop.clone();
    let on_signal = move || {
        if flag.requested() {
            std::process::exit(exit::STOPPED.into());
        }
        flag.request();
        talk.line(&format!("\n{message}"));
    };
    ctrlc::set_handler(on_signal)
        .map_err(|error| Error::new(ErrorKind::Bug, format!("signals can't be watched: {error}")))?;
    Ok(stop)
}
