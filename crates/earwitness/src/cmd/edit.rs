//! `edit`: changing what is known of an episode or a show.

use super::Context;
use crate::dto::{EpisodeDetailDto, ShowDto};
use crate::exit::{Ending, Failure, Outcome};
use crate::terminal::harmless;
use crate::{input, notes};
use clap::Args;
use ear_engine::core::EpisodeDate;
use ear_engine::{EpisodeEdit, Library, ShowEdit};
use std::path::PathBuf;

/// Change what is known of an episode or a show
///
/// Searching finds it under the new values at once. What was said is never changed.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct EditArgs {
    /// Its id, or part of its title
    #[arg(required_unless_present = "show_name")]
    episode: Option<String>,
    /// Change this show instead: its id or its name
    #[arg(long, value_name = "SHOW", conflicts_with_all = ["episode", "show", "no_show", "date", "no_date", "language", "no_language"])]
    show_name: Option<String>,
    /// New title
    #[arg(long)]
    title: Option<String>,
    /// Move it to this show, which is made if there is none of that name
    #[arg(long, value_name = "NAME", conflicts_with = "no_show")]
    show: Option<String>,
    /// Take it out of its show
    #[arg(long)]
    no_show: bool,
    /// New date, as 2020-01-31
    #[arg(long, conflicts_with = "no_date")]
    date: Option<EpisodeDate>,
    /// Forget its date
    #[arg(long)]
    no_date: bool,
    /// New notes, as for `add`
    #[arg(long, value_name = "FILE", conflicts_with = "no_notes")]
    notes: Option<PathBuf>,
    /// Forget its notes
    #[arg(long)]
    no_notes: bool,
    /// New language, as its two letters
    #[arg(long, value_name = "CODE", value_parser = input::language, conflicts_with = "no_language")]
    language: Option<String>,
    /// Forget its language
    #[arg(long)]
    no_language: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness edit 7 --title 'The vote' --date 2020-01-07
  earwitness edit impeachment --show 'Post Reports' --no-language
  earwitness edit --show-name 'Post Reports' --title 'Reports'";

pub fn run(context: &Context, args: EditArgs) -> Outcome {
    let library = context.library()?;
    let notes = change(args.notes.as_deref().map(notes::read).transpose()?.map(|notes| notes.text), args.no_notes);
    if let Some(show) = &args.show_name {
        return edit_show(context, &library, show, ShowEdit { title: args.title, notes });
    }
    let edit = EpisodeEdit {
        title: args.title,
        show: change(args.show, args.no_show),
        date: change(args.date, args.no_date),
        notes,
        language: change(args.language, args.no_language),
    };
    edit_episode(context, &library, &args.episode.unwrap_or_default(), edit)
}

/// A new value, or that there is to be none.
fn change<T>(value: Option<T>, forget: bool) -> Option<Option<T>> {
    if forget { Some(None) } else { value.map(Some) }
}

fn edit_episode(context: &Context, library: &Library, episode: &str, edit: EpisodeEdit) -> Outcome {
    let EpisodeEdit { title, show, date, notes, language } = &edit;
    if title.is_none() && show.is_none() && date.is_none() && notes.is_none() && language.is_none() {
        return nothing_to_change();
    }
    let id = library.find_episode(episode)?;
    library.edit_episode(id, &edit)?;
    let detail = library.episode(id)?;
    context.print(&EpisodeDetailDto::from(&detail), || {
        format!("changed episode {id}: {}", harmless(&detail.summary.title))
    })?;
    Ok(Ending::Done)
}

fn edit_show(context: &Context, library: &Library, show: &str, edit: ShowEdit) -> Outcome {
    if edit.title.is_none() && edit.notes.is_none() {
        return nothing_to_change();
    }
    let id = library.find_show(show)?;
    library.edit_show(id, &edit)?;
    if let Some(show) = library.shows()?.iter().find(|show| show.id == id) {
        context.print(&ShowDto::from(show), || format!("changed show {id}: {}", harmless(&show.title)))?;
    }
    Ok(Ending::Done)
}

fn nothing_to_change() -> Outcome {
    Err(Failure::Usage("nothing to change: give at least one new value, such as --title".into()))
}
