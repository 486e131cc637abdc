//! `reindex`: building the word index again.

use super::Context;
use crate::dto::EpisodesIndexedDto;
use crate::exit::{Ending, Outcome};
use crate::progress::Progress;
use crate::terminal::count;
use clap::Args;
use ear_engine::{Event, Stage};
use std::cell::Cell;

/// Build the word index again from the database
///
/// Nothing is lost by it: the index is made from what the library knows. Needed after the index was
/// damaged, or was written by another version; takes seconds for most libraries.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct ReindexArgs {}

const EXAMPLES: &str = "\
Examples:
  earwitness reindex
  earwitness reindex --library /media/talks";

pub fn run(context: &Context, _args: &ReindexArgs) -> Outcome {
    let library = context.library()?;
    let progress = Progress::new(&context.talk);
    let indexed = Cell::new(0);
    let outcome = library.reindex(&|event| {
        if matches!(event, Event::Finished { stage: Stage::Indexing, .. }) {
            indexed.set(indexed.get() + 1);
        }
        progress.event(event);
    });
    progress.close();
    outcome?;
    let episodes = indexed.get();
    context
        .print(&EpisodesIndexedDto { episodes }, || format!("{} indexed", count(episodes, "episode", "episodes")))?;
    Ok(Ending::Done)
}
