//! Shows how far something is that is counted: a bar's line on a terminal, a plain line now and then elsewhere.

use crate::terminal::Talk;
use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

/// Without a terminal this is told so often.
const INTERVAL: Duration = Duration::from_secs(10);

/// Tells of one thing that goes on.
#[derive(Debug)]
pub struct Counter {
    talk: Talk,
    bar: Option<ProgressBar>,
    told: Cell<Instant>,
}

impl Counter {
    /// Tells where `talk` talks.
    pub fn new(talk: &Talk) -> Self {
        let on_terminal = io::stderr().is_terminal() && !talk.quiet();
        let style = ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = on_terminal.then(|| talk.bars().add(ProgressBar::no_length().with_style(style)));
        Self { talk: talk.clone(), bar, told: Cell::new(Instant::now()) }
    }

    /// Tells how far it is.
    pub fn step(&self, text: impl FnOnce() -> String) {
        match &self.bar {
            Some(bar) => bar.set_message(text()),
            None if self.told.get().elapsed() >= INTERVAL => {
                self.told.set(Instant::now());
                self.talk.note(&text());
            }
            None => {}
        }
    }

    /// Takes the line away.
    pub fn close(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
