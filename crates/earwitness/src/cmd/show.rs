//! `show`: reading an episode.

use super::Context;
use crate::dto::TranscriptDto;
use crate::exit::{Ending, Outcome};
use crate::terminal::{Look, harmless};
use crate::{input, output, reading};
use clap::Args;
use ear_engine::core::{Credit, Millis, Origin, Timing, TranscriptId, clock};
use ear_engine::{
    EpisodeDetail, EpisodeState, EpisodeSummary, Error, ErrorKind, Library, ReadableTranscript, Reading, Result,
    TranscriptInfo,
};

/// Read an episode's transcript
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct ShowArgs {
    /// Its id, or part of its title
    episode: String,
    /// Begin at this moment: 12:31, 1:02:09 or seconds
    #[arg(long, value_name = "TIME", value_parser = input::moment)]
    at: Option<Millis>,
    /// Another of its transcripts than the one that is read first
    #[arg(long, value_name = "ID")]
    transcript: Option<TranscriptId>,
    /// As it was heard, without the repairs that you accepted
    #[arg(long)]
    as_heard: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness show 7
  earwitness show impeachment --at 12:31
  earwitness show 7 --transcript 3     another of the transcripts that its head lists
  earwitness show 7 --json             every word with its time";

pub fn run(context: &Context, args: &ShowArgs) -> Outcome {
    let library = context.library()?;
    let id = library.find_episode(&args.episode)?;
    let detail = library.episode(id)?;
    let readable = transcript(&library, &detail.summary, args.transcript, reading(args.as_heard))?;
    if context.json {
        output::json(&TranscriptDto::from(&readable))?;
    } else {
        let note = library.times_note(id, readable.id)?;
        output::line(&text(&detail, &readable, note.as_deref(), args.at, context.look))?;
    }
    Ok(Ending::Done)
}

/// The transcript of an episode; an error that says how far it is, where there is none yet.
pub fn transcript(
    library: &Library,
    episode: &EpisodeSummary,
    which: Option<TranscriptId>,
    reading: Reading,
) -> Result<ReadableTranscript> {
    match library.transcript_as(episode.id, which, reading)? {
        Some(readable) => Ok(readable),
        None => Err(not_ready(episode)),
    }
}

/// What `--as-heard` comes to.
pub fn reading(as_heard: bool) -> Reading {
    if as_heard { Reading::AsHeard } else { Reading::Repaired }
}

/// Why an episode has no transcript, and what to do about it.
pub fn not_ready(episode: &EpisodeSummary) -> Error {
    let error = |kind, message: &str, remedy: &str| Error::new(kind, message).remedy(remedy);
    let error = match &episode.state {
        EpisodeState::Queued => error(ErrorKind::Busy, "it waits to be recognised", "`earwitness work` does it now"),
        EpisodeState::Working(..) => error(ErrorKind::Busy, "it is being recognised", "Try again when that is done"),
        EpisodeState::Failed(why) => error(
            ErrorKind::NotFound,
            &format!("it could not be recognised: {why}"),
            "`earwitness jobs` lists what can be tried again",
        ),
        EpisodeState::Cancelled => error(
            ErrorKind::NotFound,
            "its recognition was cancelled",
            "`earwitness jobs --all` lists what can be tried again",
        ),
        EpisodeState::Ready => error(ErrorKind::NotFound, "it has no transcript", "`earwitness doctor` may know why"),
    };
    error.at(format!("episode {}", episode.id))
}

fn text(
    detail: &EpisodeDetail,
    readable: &ReadableTranscript,
    note: Option<&str>,
    at: Option<Millis>,
    look: Look,
) -> String {
    let mut text = head(detail, readable, note, look);
    let body = reading::passages(readable, at, look);
    if !body.is_empty() {
        text.push_str("\n\n");
        text.push_str(&body);
    }
    text
}

fn head(detail: &EpisodeDetail, readable: &ReadableTranscript, note: Option<&str>, look: Look) -> String {
    let episode = &detail.summary;
    let mut facts: Vec<String> = episode.show.iter().map(|(_, show)| harmless(show).into_owned()).collect();
    facts.extend(episode.date.map(|date| date.to_string()));
    facts.extend(episode.duration.map(clock));
    facts.extend(readable.transcript.language.clone());
    let mut lines = vec![look.bold(&harmless(&episode.title))];
    lines.push(look.dim(&facts.join(" · ")));
    lines.extend(credits_text(&detail.credits).map(|credits| look.dim(&credits)));
    let (shown, others): (Vec<_>, Vec<_>) = detail.transcripts.iter().partition(|info| info.id == readable.id);
    lines.extend(shown.into_iter().map(|info| look.dim(&format!("transcript {}", described(info)))));
    lines.extend(note.map(|note| look.dim(&harmless(note))));
    lines.extend(others.into_iter().map(|info| look.dim(&format!("also transcript {}", described(info)))));
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// Whom the publisher names: `with Ann Lee (guest), Bo`.
fn credits_text(credits: &[Credit]) -> Option<String> {
    let named = credits.iter().map(|credit| match &credit.role {
        Some(role) => format!("{} ({})", harmless(&credit.name), harmless(role)),
        None => harmless(&credit.name).into_owned(),
    });
    (!credits.is_empty()).then(|| format!("with {}", named.collect::<Vec<_>>().join(", ")))
}

/// A transcript in one line: "3: recognised by whisper-base, word times, 812 words".
fn described(info: &TranscriptInfo) -> String {
    let origin = match info.origin {
        Origin::Recognised => "recognised",
        Origin::Published => "published by the show",
        Origin::Imported => "imported",
        Origin::Corrected => "corrected by hand",
    };
    let times = match info.timing {
        Timing::Words => "word times",
        Timing::Cues => "caption times",
        Timing::None => "no times",
    };
    let by = info.model.as_deref().or(info.engine.as_deref()).map(harmless);
    let (origin, times) = match by {
        Some(by) if info.origin == Origin::Recognised => (format!("{origin} by {by}"), times.to_owned()),
        // Only its times come from a recogniser.
        Some(by) => (origin.to_owned(), format!("{times} by {by}")),
        None => (origin.to_owned(), times.to_owned()),
    };
    let words = if info.words == 1 { "word" } else { "words" };
    format!("{}: {origin}, {times}, {} {words}", info.id, info.words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transcripts_are_told_apart() {
        for (origin, timing, model, words, expected) in [
            (Origin::Recognised, Timing::Words, Some("base"), 812, "3: recognised by base, word times, 812 words"),
            (Origin::Published, Timing::Words, Some("base"), 1, "3: published by the show, word times by base, 1 word"),
            (Origin::Published, Timing::Cues, None, 5, "3: published by the show, caption times, 5 words"),
            (Origin::Imported, Timing::None, None, 0, "3: imported, no times, 0 words"),
        ] {
            let model = model.map(str::to_owned);
            let info =
                TranscriptInfo { id: TranscriptId(3), origin, language: None, engine: None, model, timing, words };
            assert_eq!(described(&info), expected);
        }
    }
}
