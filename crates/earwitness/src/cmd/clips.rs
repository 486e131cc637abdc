//! `clips`: what an episode is about, clip by clip, what to hear next, and making clips right by hand.

mod edit;
mod text;

use super::Context;
use super::show::not_ready;
use crate::dto::{ClipDetailDto, ClipsDto, NextListDto};
use crate::exit::{Ending, Failure, Outcome};
use crate::terminal::count;
use clap::{Args, Subcommand};
use ear_engine::core::{ClipId, join_words};
use ear_engine::{ClipView, NextOptions, NextView};
use edit::{Heard, KindOf, Move, Rename, Split, Undo};

/// See what an episode is about, clip by clip, and what to hear next
///
/// Episodes are cut where the topic turns. Each clip begins and ends with a sentence, and has a headline, a
/// summary, keywords, and the people and places that it names. Advertisements, credits and music are clips of
/// their own, left out unless you ask for them.
///
/// What you change by hand stays when clips are made anew. CLIP is a number that `earwitness clips EPISODE`
/// lists.
#[derive(Debug, Args)]
#[command(
    after_long_help = EXAMPLES,
    override_usage = "earwitness clips <EPISODE> [OPTIONS]\n       earwitness clips <COMMAND> <CLIP> [OPTIONS]"
)]
pub struct ClipsArgs {
    /// The episode: its id, or part of its title
    episode: Option<String>,
    /// Also advertisements, credits and music
    #[arg(long)]
    adverts: bool,
    /// What to hear next: after the clip of EPISODE that was heard last, otherwise after its first
    #[arg(long, conflicts_with = "adverts")]
    next: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Read a clip: what it is about, what is said, and what comes next
    Show(Show),
    /// What to hear after a clip
    Next(Next),
    /// Give a clip another headline
    Rename(Rename),
    /// Let a clip begin or end with another sentence; its neighbour gives or takes what lies between
    Move(Move),
    /// Make two clips of one
    Split(Split),
    /// Make one clip of a clip and the one that follows it
    Join(SomeClip),
    /// Say that a clip is an advertisement, or that it is none
    Kind(KindOf),
    /// Mark a clip as heard: it no longer comes next
    Heard(Heard),
    /// Take back the last change to the clips of an episode
    Undo(Undo),
}

#[derive(Debug, Args)]
pub struct SomeClip {
    /// Its number
    #[arg(value_name = "CLIP")]
    id: ClipId,
}

#[derive(Debug, Args)]
struct Show {
    #[command(flatten)]
    clip: SomeClip,
    /// As it was heard, without the repairs that you accepted
    #[arg(long)]
    as_heard: bool,
}

#[derive(Debug, Args)]
struct Next {
    #[command(flatten)]
    clip: SomeClip,
    /// Only clips of the same show
    #[arg(long)]
    same_show: bool,
    /// Also clips that were heard
    #[arg(long)]
    heard: bool,
    /// Show this many at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
}

const EXAMPLES: &str = "\
Examples:
  earwitness clips 7                              its table of contents
  earwitness clips 7 --adverts                    advertisements, credits and music as well
  earwitness clips 7 --next                       what to hear next, and why
  earwitness clips show 12                        one clip, with what is said in it
  earwitness clips next 12 --same-show
  earwitness clips rename 12 'Parliament votes'   --reset brings back that of before
  earwitness clips move 12 --end 4:31             to the sentence that begins nearest to 4:31
  earwitness clips split 12 --at w420             in front of the sentence of word 420
  earwitness clips kind 13 advertisement          search leaves it out
  earwitness clips undo 7                         take back the last of these changes in episode 7";

/// How many clips that come next are told beside another answer.
const FEW: usize = 3;

pub fn run(context: &Context, args: ClipsArgs) -> Outcome {
    match (&args.episode, args.action) {
        (Some(episode), None) if args.next => next_in(context, episode),
        (Some(episode), None) => contents(context, episode, args.adverts),
        (None, None) => {
            Err(Failure::Usage("the clips of which episode?\n  `earwitness list` shows what there is".into()))
        }
        (None, Some(action)) if !args.adverts && !args.next => act(context, action),
        (_, Some(_)) => Err(Failure::Usage(
            "neither an episode nor options go before this command\n  Write `earwitness clips show CLIP`, `earwitness clips undo EPISODE`"
                .into(),
        )),
    }
}

fn act(context: &Context, action: Action) -> Outcome {
    match action {
        Action::Show(args) => show(context, &args),
        Action::Next(args) => next(context, &args),
        Action::Rename(args) => edit::rename(context, args),
        Action::Move(args) => edit::shift(context, &args),
        Action::Split(args) => edit::split(context, &args),
        Action::Join(args) => edit::join(context, &args),
        Action::Kind(args) => edit::kind(context, &args),
        Action::Heard(args) => edit::heard(context, &args),
        Action::Undo(args) => edit::undo(context, &args),
    }
}

fn contents(context: &Context, episode: &str, adverts: bool) -> Outcome {
    let library = context.library()?;
    let id = library.find_episode(episode)?;
    let view = library.clips(id)?;
    let episode = library.episode(id)?.summary;
    let next = if context.json { library.next_in(id, &NextOptions::default())?.1 } else { Vec::new() };
    let dto = ClipsDto::new(id, &view, adverts, &next);
    context.print(&dto, || text::contents(&episode.title, &view, adverts, context.look))?;
    if view.transcript.is_none() {
        context.talk.note(&format!("note: {}", not_ready(&episode)));
    } else if view.pending {
        context.talk.note("note: clips are still to be cut; `earwitness work` does it now");
    }
    if let Some(note) = &view.note {
        context.talk.note(&format!("note: {note}"));
    }
    let left_out = view.clips.len() - view.told().count();
    if !adverts && left_out > 0 && !context.json {
        let clips = count(left_out, "clip", "clips");
        context.talk.note(&format!("{clips} of advertisement or music left out; --adverts shows them"));
    }
    Ok(Ending::Done)
}

fn show(context: &Context, args: &Show) -> Outcome {
    let library = context.library()?;
    let clip = library.clip(args.clip.id)?;
    let reading = super::show::reading(args.as_heard);
    let episode = library.episode(clip.episode.0)?.summary;
    let read = super::show::transcript(&library, &episode, Some(clip.transcript), reading)?;
    let next = library.next(clip.id, &NextOptions { limit: FEW, ..NextOptions::default() })?;
    let said = join_words(read.transcript.words.get(clip.clip.words.clone()).unwrap_or_default());
    let dto = ClipDetailDto::new(&clip, said, &next);
    context.print(&dto, || text::detail(&clip, &read, &next, context.look))?;
    Ok(Ending::Done)
}

fn next_in(context: &Context, episode: &str) -> Outcome {
    let library = context.library()?;
    let id = library.find_episode(episode)?;
    let (after, next) = library.next_in(id, &NextOptions::default())?;
    if after.is_none() {
        context.talk.note("note: this episode has no clips yet; `earwitness work` cuts them");
    }
    tell_next(context, after.as_ref(), &next)
}

fn next(context: &Context, args: &Next) -> Outcome {
    let library = context.library()?;
    let clip = library.clip(args.clip.id)?;
    let options = NextOptions { limit: usize::from(args.limit), same_show: args.same_show, heard: args.heard };
    let next = library.next(clip.id, &options)?;
    tell_next(context, Some(&clip), &next)
}

fn tell_next(context: &Context, after: Option<&ClipView>, next: &[NextView]) -> Outcome {
    context.print(&NextListDto::new(after, next), || text::queue(after, next, context.look))?;
    Ok(Ending::Done)
}
