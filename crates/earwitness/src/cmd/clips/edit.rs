//! Making clips right by hand.

use super::{SomeClip, text};
use crate::clip_edits::{self, ClipChange, undone_text};
use crate::cmd::Context;
use crate::dto::{EditedDto, UndoneEditDto};
use crate::exit::{Ending, Outcome};
use crate::input::{self, Place};
use clap::{ArgGroup, Args, ValueEnum};
use ear_engine::core::{ClipKind, Millis, Span};
use ear_engine::{ClipView, Edge, Error, ErrorKind, Library, ReadableTranscript, Reading, Result};

#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("what").required(true),
    override_usage = "earwitness clips rename <CLIP> <HEADLINE>\n       earwitness clips rename <CLIP> --reset"
)]
pub struct Rename {
    #[command(flatten)]
    clip: SomeClip,
    /// The headline
    #[arg(group = "what")]
    headline: Option<String>,
    /// That which it had before you gave it one
    #[arg(long, group = "what")]
    reset: bool,
}

#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("end of it").required(true),
    override_usage = "earwitness clips move <CLIP> --start <MOMENT>\n       earwitness clips move <CLIP> --end <MOMENT>"
)]
pub struct Move {
    #[command(flatten)]
    clip: SomeClip,
    /// Begin with the sentence that begins nearest to this: 4:31, 1:02:09, seconds, or a word's number as w420
    #[arg(long, value_name = "MOMENT", value_parser = input::place, group = "end of it")]
    start: Option<Place>,
    /// End in front of the sentence that begins nearest to this
    #[arg(long, value_name = "MOMENT", value_parser = input::place, group = "end of it")]
    end: Option<Place>,
}

#[derive(Debug, Args)]
pub struct Split {
    #[command(flatten)]
    clip: SomeClip,
    /// In front of the sentence that begins nearest to this: 4:31, 1:02:09, seconds, or a word's number as w420
    #[arg(long, value_name = "MOMENT", value_parser = input::place)]
    at: Place,
}

#[derive(Debug, Args)]
pub struct KindOf {
    #[command(flatten)]
    clip: SomeClip,
    /// What it is
    kind: KindArg,
}

/// What a clip can be said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KindArg {
    /// Talk that the episode is about
    Topic,
    /// An advertisement, a promotion, credits
    Advertisement,
}

#[derive(Debug, Args)]
pub struct Heard {
    #[command(flatten)]
    clip: SomeClip,
    /// Take the mark back
    #[arg(long)]
    not: bool,
}

#[derive(Debug, Args)]
pub struct Undo {
    /// The episode: its id, or part of its title
    episode: String,
}

pub fn rename(context: &Context, args: Rename) -> Outcome {
    change(context, &args.clip, |_, _| Ok(ClipChange::Rename(args.headline)))
}

pub fn shift(context: &Context, args: &Move) -> Outcome {
    change(context, &args.clip, |library, clip| {
        let (edge, place) = match (args.start, args.end) {
            (Some(start), _) => (Edge::Start, Some(start)),
            (None, end) => (Edge::End, end),
        };
        let place = place.ok_or_else(|| Error::new(ErrorKind::BadInput, "no moment is given"))?;
        Ok(ClipChange::Move(edge, word(library, clip, place)?))
    })
}

pub fn split(context: &Context, args: &Split) -> Outcome {
    change(context, &args.clip, |library, clip| Ok(ClipChange::Split(word(library, clip, args.at)?)))
}

pub fn join(context: &Context, args: &SomeClip) -> Outcome {
    change(context, args, |_, _| Ok(ClipChange::Join))
}

pub fn kind(context: &Context, args: &KindOf) -> Outcome {
    let kind = match args.kind {
        KindArg::Topic => ClipKind::Topic,
        KindArg::Advertisement => ClipKind::Advertisement,
    };
    change(context, &args.clip, |_, _| Ok(ClipChange::Kind(kind)))?;
    if !context.json {
        context.talk.note("search follows when `earwitness work` or `earwitness serve` has done its part");
    }
    Ok(Ending::Done)
}

pub fn heard(context: &Context, args: &Heard) -> Outcome {
    let library = context.library()?;
    library.mark_heard(args.clip.id, !args.not)?;
    let clip = [library.clip(args.clip.id)?];
    context.print(&EditedDto::new(&clip), || text::lines(&clip, context.look))?;
    Ok(Ending::Done)
}

pub fn undo(context: &Context, args: &Undo) -> Outcome {
    let library = context.library()?;
    let episode = library.find_episode(&args.episode)?;
    let Some((undone, clips)) = clip_edits::undo(&library, episode)? else {
        let error = Error::new(ErrorKind::NotFound, "there is nothing to take back");
        return Err(error.at(format!("episode {episode}")).into());
    };
    context.print(&UndoneEditDto::new(&undone, &clips), || {
        let told = format!("took back {}", undone_text(&undone));
        if clips.is_empty() { told } else { format!("{told}\n{}", text::lines(&clips, context.look)) }
    })?;
    Ok(Ending::Done)
}

fn change(
    context: &Context,
    clip: &SomeClip,
    change: impl FnOnce(&Library, &ClipView) -> Result<ClipChange>,
) -> Outcome {
    let library = context.library()?;
    let clip = library.clip(clip.id)?;
    let change = change(&library, &clip)?;
    let clips = clip_edits::change(&library, clip.id, &change)?;
    context.print(&EditedDto::new(&clips), || text::lines(&clips, context.look))?;
    if !context.json {
        context.talk.note(&format!("`earwitness clips undo {}` takes it back", clip.episode.0));
    }
    Ok(Ending::Done)
}

/// The word at a place in the transcript of a clip; of a moment, that with which the nearest sentence begins.
fn word(library: &Library, clip: &ClipView, place: Place) -> Result<usize> {
    let at = match place {
        Place::Word(word) => return Ok(word),
        Place::Moment(at) => at,
    };
    let read = library.transcript_as(clip.episode.0, Some(clip.transcript), Reading::AsHeard)?;
    read.as_ref().and_then(|read| nearest(read, at)).ok_or_else(|| {
        let error = Error::new(ErrorKind::BadInput, "this transcript has no times");
        error.remedy("Give the number of a word, as `earwitness show --json` counts them from 0: w420")
    })
}

/// The first word of the sentence that begins nearest to a moment; for the end, the one after the last.
fn nearest(read: &ReadableTranscript, at: Millis) -> Option<usize> {
    let transcript = &read.transcript;
    let begins =
        |range: &ear_engine::core::WordRange| Some((range.start, transcript.span_of(range.clone()).map(Span::start)?));
    let end = read.sentences.last().and_then(|last| Some((last.end, transcript.span_of(last.clone())?.end())));
    let places = read.sentences.iter().filter_map(begins).chain(end);
    places.min_by_key(|(_, start)| start.abs_diff(at)).map(|(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::core::{Origin, Transcript, TranscriptId, Word};

    #[test]
    fn moments_lead_to_sentences() {
        let words = (0..6).map(|at| Word::timed("a", Span::new(at * 1000, at * 1000 + 900))).collect();
        let transcript = Transcript { words, ..Transcript::empty(Origin::Imported) };
        let mut read = ReadableTranscript {
            id: TranscriptId(1),
            transcript,
            sentences: vec![0..2, 2..5, 5..6],
            passages: vec![],
            repaired: vec![],
        };
        for (at, expected) in [(0, 0), (900, 0), (1100, 2), (4000, 5), (5400, 5), (5600, 6), (99_000, 6)] {
            assert_eq!(nearest(&read, at), Some(expected), "{at}");
        }
        read.transcript.words.iter_mut().for_each(|word| word.span = None);
        assert_eq!(nearest(&read, 0), None);
    }
}
