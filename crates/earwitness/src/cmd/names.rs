//! `names`: the names of an episode, what was misheard, and the names of the library.

mod by_hand;
mod entities;
mod text;

use super::Context;
use super::show::not_ready;
use crate::decisions::{check_of_episode, undone_text};
use crate::dto::{DecidedDto, NamesDto, UndoneDto};
use crate::exit::{Ending, Failure, Outcome};
use crate::input;
use crate::terminal::{agreed, count, harmless};
use by_hand::CorrectArgs;
use clap::{Args, Subcommand};
use ear_engine::core::{EpisodeId, RepairId, RepairState};
use ear_engine::{Decided, Error, ErrorKind, RepairView, Verdict, Which};
use entities::{AddName, KindOf, ListNames, Merge, Rename, SomeName, Split};

/// See the names of an episode, and say what was misheard
///
/// Recognisers write names they don't know as other words: “sola money” for Soleimani. Earwitness lists
/// such places with what was probably meant, how likely that is, and why. Nothing is changed until you
/// accept it; then people read and search the right name, and what was heard is kept beside it.
///
/// Without EPISODE the commands are about the names of the whole library: people, places, organisations
/// and things, with all their spellings. NAME is a name's id, or the name itself.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct NamesArgs {
    /// The episode: its id, or part of its title
    episode: Option<String>,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say that repairs of EPISODE are right
    #[command(override_usage = "earwitness names EPISODE accept [OPTIONS] <ID>...\n       \
                                earwitness names EPISODE accept --all-from <P> [--yes]")]
    Accept(Accept),
    /// Say that repairs of EPISODE are wrong; they are not proposed again
    #[command(override_usage = "earwitness names EPISODE refuse [OPTIONS] <ID>...")]
    Refuse(Refuse),
    /// Take back decisions on EPISODE or, without it, the last change as a whole, whatever it was
    #[command(override_usage = "earwitness names EPISODE undo [OPTIONS] <ID>...\n       earwitness names undo")]
    Undo(Undo),
    /// Say yourself what was meant by some words of EPISODE
    #[command(override_usage = "earwitness names EPISODE correct <MEANT> --heard <WORDS> [--at <TIME>]\n       \
                                earwitness names EPISODE correct <MEANT> --at <TIME>\n       \
                                earwitness names EPISODE correct <MEANT> --words <FROM..TO>")]
    Correct(CorrectArgs),
    /// List the names of the library, those said most often first
    List(ListNames),
    /// Show a name, and where it is said
    About(SomeName),
    /// Add a name and follow it: it is looked for in every episode
    Add(AddName),
    /// Look for a name in every episode
    Follow(SomeName),
    /// No longer look for a name in every episode
    Unfollow(SomeName),
    /// Give a name another right spelling
    Rename(Rename),
    /// Say what a name is the name of
    Kind(KindOf),
    /// Make one name of several
    Merge(Merge),
    /// Make a name of its own of some spellings of a name
    Split(Split),
    /// Take a name out of all lists, and propose it no more; what was accepted reads as before
    Forget(SomeName),
    /// Bring a name back that was forgotten
    Recall(SomeName),
}

/// Which repairs.
#[derive(Debug, Args)]
struct Picked {
    /// Also all others of the episode where the same was heard for the same name
    #[arg(long)]
    alike: bool,
    /// Also all others of the library where the same was heard for the same name
    #[arg(long, conflicts_with = "alike")]
    everywhere: bool,
}

#[derive(Debug, Args)]
struct Accept {
    /// Their ids, as `earwitness names EPISODE` lists them
    #[arg(value_name = "ID", required_unless_present = "all_from")]
    ids: Vec<RepairId>,
    #[command(flatten)]
    picked: Picked,
    /// All that are still proposed and at least so likely, from 0 to 1
    #[arg(long, value_name = "P", value_parser = input::probability, conflicts_with_all = ["ids", "alike", "everywhere"])]
    all_from: Option<f32>,
    /// Don't ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Debug, Args)]
struct Refuse {
    /// Their ids, as `earwitness names EPISODE` lists them
    #[arg(value_name = "ID", required = true)]
    ids: Vec<RepairId>,
    #[command(flatten)]
    picked: Picked,
}

#[derive(Debug, Args)]
struct Undo {
    /// Put these back to what nobody has decided
    #[arg(value_name = "ID")]
    ids: Vec<RepairId>,
    #[command(flatten)]
    picked: Picked,
}

const EXAMPLES: &str = "\
Examples:
  earwitness names 7                              names, and what may have been misheard
  earwitness names 7 accept 12 --alike            12, and where the same was heard in this episode
  earwitness names 7 accept --all-from 0.9        all that are very likely; asks first
  earwitness names 7 refuse 13 14
  earwitness names 7 undo 12                      as if nobody had decided
  earwitness names undo                           take back the last change to repairs or names
  earwitness names 7 correct Soleimani --heard 'solar many' --at 1:23
  earwitness names list --kind person             people of the library
  earwitness names about soleimani                who says it, and when
  earwitness names merge 'Qasem Soleimani' 'Kassem Suleimani'
  earwitness names forget 'The Vote'              no name at all: list and propose it no more";

pub fn run(context: &Context, args: NamesArgs) -> Outcome {
    let Some(action) = args.action else {
        return match &args.episode {
            Some(episode) => show(context, episode),
            None => entities::list(context, &ListNames::default()),
        };
    };
    match (args.episode.as_deref(), action) {
        (Some(episode), Action::Accept(args)) => accept(context, episode, &args),
        (Some(episode), Action::Refuse(args)) => decide(context, episode, &args.ids, &args.picked, Verdict::Refuse),
        (Some(episode), Action::Undo(args)) if !args.ids.is_empty() => {
            decide(context, episode, &args.ids, &args.picked, Verdict::Undo)
        }
        (None, Action::Undo(args)) if args.ids.is_empty() => undo_last(context),
        (Some(_), Action::Undo(_)) => Err(Failure::Usage(
            "which decisions?\n  Give ids; `earwitness names undo` takes back the last change".into(),
        )),
        (Some(episode), Action::Correct(args)) => by_hand::run(context, episode, &args),
        (None, Action::Accept(_) | Action::Refuse(_) | Action::Undo(_) | Action::Correct(_)) => Err(Failure::Usage(
            "of which episode?\n  Name it before the command: `earwitness names EPISODE accept ID`".into(),
        )),
        (Some(episode), _) => Err(Failure::Usage(format!(
            "`{episode}` is not needed: this command is about the names of the whole library\n  Leave it out"
        ))),
        (None, Action::List(args)) => entities::list(context, &args),
        (None, Action::About(args)) => entities::about(context, &args),
        (None, Action::Add(args)) => entities::add(context, &args),
        (None, Action::Follow(args)) => entities::follow(context, &args, true),
        (None, Action::Unfollow(args)) => entities::follow(context, &args, false),
        (None, Action::Rename(args)) => entities::rename(context, &args),
        (None, Action::Kind(args)) => entities::kind(context, &args),
        (None, Action::Merge(args)) => entities::merge(context, &args),
        (None, Action::Split(args)) => entities::split(context, &args),
        (None, Action::Forget(args)) => entities::forget(context, &args),
        (None, Action::Recall(args)) => entities::recall(context, &args),
    }
}

fn show(context: &Context, episode: &str) -> Outcome {
    let library = context.library()?;
    let id = library.find_episode(episode)?;
    let view = library.names(id)?;
    let episode = library.episode(id)?.summary;
    context.print(&NamesDto::new(id, &view), || text::names(&episode.title, &view, context.look))?;
    if view.transcript.is_none() {
        context.talk.note(&format!("note: {}", not_ready(&episode)));
    } else if view.pending {
        context.talk.note("note: names are still to be looked for; `earwitness work` does it now");
    }
    if view.repairs.iter().any(|repair| repair.state == RepairState::Proposed) && !context.json {
        context
            .talk
            .note(&format!("`earwitness names {id} accept ID` says that one is right, `refuse ID` that it is wrong; --alike says it of all alike"));
    }
    Ok(Ending::Done)
}

fn accept(context: &Context, episode: &str, args: &Accept) -> Outcome {
    let Some(least) = args.all_from else {
        return decide(context, episode, &args.ids, &args.picked, Verdict::Accept);
    };
    let library = context.library()?;
    let id = library.find_episode(episode)?;
    let view = library.names(id)?;
    let wanted = library.free_from(id, least)?;
    let likely: Vec<&RepairView> = view.repairs.iter().filter(|repair| wanted.contains(&repair.id)).collect();
    if likely.is_empty() {
        context.print(&DecidedDto::new(&Decided::default(), Verdict::Accept), || {
            "nothing is proposed that is so likely".into()
        })?;
        return Ok(Ending::Done);
    }
    let what = format!("This accepts:\n{}", text::briefly(&likely));
    if !agreed(&what, "Accept them?", args.yes)? {
        context.talk.note("nothing was accepted");
        return Ok(Ending::Done);
    }
    let decided = library.decide(&[Which::AllFrom(id, least)], Verdict::Accept)?;
    tell(context, &decided, Verdict::Accept)
}

fn decide(context: &Context, episode: &str, ids: &[RepairId], picked: &Picked, verdict: Verdict) -> Outcome {
    let library = context.library()?;
    let id = library.find_episode(episode)?;
    let which = |id| match picked {
        Picked { everywhere: true, .. } => Which::AlikeInLibrary(id),
        Picked { alike: true, .. } => Which::AlikeInEpisode(id),
        _ => Which::One(id),
    };
    check_of_episode(&library, id, ids)?;
    let which: Vec<Which> = ids.iter().map(|&id| which(id)).collect();
    let decided = library.decide(&which, verdict)?;
    tell(context, &decided, verdict)
}

fn tell(context: &Context, decided: &Decided, verdict: Verdict) -> Outcome {
    let done = match verdict {
        Verdict::Accept => "accepted",
        Verdict::Refuse => "refused",
        Verdict::Undo => "nobody has decided any more on",
    };
    context.print(&DecidedDto::new(decided, verdict), || {
        let repairs = count(decided.repairs.len(), "repair", "repairs");
        match decided.episodes.len() {
            more @ 2.. => format!("{done} {repairs}; {more} episodes now read otherwise"),
            _ => format!("{done} {repairs}"),
        }
    })?;
    tell_what_follows(context, decided);
    Ok(Ending::Done)
}

/// Says what had to give way, and who makes search follow, where words changed.
fn tell_what_follows(context: &Context, decided: &Decided) {
    for one in &decided.displaced {
        let change = text::change(&one.heard, &one.meant);
        context.talk.note(&format!("note: {change} (repair {}) was accepted there, and no longer is", one.repair));
    }
    if !decided.displaced.is_empty() {
        context.talk.note("`earwitness names undo` brings it back as it was");
    }
    tell_that_search_follows(context, &decided.episodes);
}

fn tell_that_search_follows(context: &Context, episodes: &[EpisodeId]) {
    if !episodes.is_empty() && !context.json {
        context.talk.note("search follows when `earwitness work` or `earwitness serve` has done its part");
    }
}

fn undo_last(context: &Context) -> Outcome {
    let library = context.library()?;
    let Some(undone) = library.undo_last_decision()? else {
        return Err(Error::new(ErrorKind::NotFound, "there is nothing to take back").into());
    };
    context.print(&UndoneDto::from(&undone), || format!("took back {}", harmless(&undone_text(&undone))))?;
    tell_that_search_follows(context, &undone.episodes);
    Ok(Ending::Done)
}
