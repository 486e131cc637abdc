//! `reindex`: building the word index again.

use super::Context;
use crate::counter::Counter;
use crate::dto::EpisodesIndexedDto;
use crate::exit::{Ending, Outcome};
use crate::terminal::{count, harmless};
use clap::Args;
use ear_engine::Event;

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
    let counter = Counter::new(&context.talk);
    let indexed = library.reindex(&|event| match event {
        Event::Progress { done, total, .. } => {
            counter.step(|| format!("indexing: episode {done} of {}", total.unwrap_or_default()));
        }
        Event::Warning { message, .. } => context.talk.note(&format!("note: {}", harmless(&message))),
        _ => {}
    });
    counter.close();
    let episodes = indexed?;
    context
        .print(&EpisodesIndexedDto { episodes }, || format!("{} indexed", count(episodes, "episode", "episodes")))?;
    Ok(Ending::Done)
}
