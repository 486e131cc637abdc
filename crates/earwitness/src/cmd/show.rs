//! `show`: reading an episode.

use super::Context;
use crate::dto::TranscriptDto;
use crate::exit::{Ending, Outcome};
use crate::terminal::{Look, harmless};
use crate::{input, output, reading};
use clap::Args;
use ear_engine::core::{Millis, Origin, TranscriptId, clock};
use ear_engine::{EpisodeDetail, EpisodeState, EpisodeSummary, Error, ErrorKind, Library, ReadableTranscript, Result};

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
}

const EXAMPLES: &str = "\
Examples:
  earwitness show 7
  earwitness show impeachment --at 12:31
  earwitness show 7 --transcript 3
  earwitness show 7 --json             every word with its time";

pub fn run(context: &Context, args: &ShowArgs) -> Outcome {
    let library = context.library()?;
    let id = library.find_episode(&args.episode)?;
    let detail = library.episode(id)?;
    let readable = transcript(&library, &detail.summary, args.transcript)?;
    if context.json {
        output::json(&TranscriptDto::from(&readable))?;
    } else {
        output::line(&text(&detail, &readable, args.at, context.look))?;
    }
    Ok(Ending::Done)
}

/// The transcript of an episode; an error that says how far it is, where there is none yet.
pub fn transcript(
    library: &Library,
    episode: &EpisodeSummary,
    which: Option<TranscriptId>,
) -> Result<ReadableTranscript> {
    match library.transcript(episode.id, which)? {
        Some(readable) => Ok(readable),
        None => Err(not_ready(episode)),
    }
}

fn not_ready(episode: &EpisodeSummary) -> Error {
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

fn text(detail: &EpisodeDetail, readable: &ReadableTranscript, at: Option<Millis>, look: Look) -> String {
    let mut text = head(detail, readable, look);
    let body = reading::passages(readable, at, look);
    if !body.is_empty() {
        text.push_str("\n\n");
        text.push_str(&body);
    }
    text
}

fn head(detail: &EpisodeDetail, readable: &ReadableTranscript, look: Look) -> String {
    let episode = &detail.summary;
    let mut facts: Vec<String> = episode.show.iter().map(|(_, show)| harmless(show).into_owned()).collect();
    facts.extend(episode.date.map(|date| date.to_string()));
    facts.extend(episode.duration.map(clock));
    facts.extend(readable.transcript.language.clone());
    let mut lines = vec![look.bold(&harmless(&episode.title))];
    lines.push(look.dim(&facts.join(" · ")));
    lines.push(look.dim(&format!("transcript {}, {}", readable.id, origin_text(readable))));
    let others: Vec<String> =
        detail.transcripts.iter().filter(|info| info.id != readable.id).map(|info| info.id.to_string()).collect();
    if !others.is_empty() {
        lines.push(look.dim(&format!("others: {}", others.join(", "))));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

fn origin_text(readable: &ReadableTranscript) -> String {
    let transcript = &readable.transcript;
    let origin = match transcript.origin {
        Origin::Recognised => "recognised",
        Origin::Published => "published by the show",
        Origin::Imported => "imported",
        Origin::Corrected => "corrected by hand",
    };
    let by = transcript.model.as_deref().or(transcript.engine.as_deref());
    by.map_or_else(|| origin.to_owned(), |by| format!("{origin} by {}", harmless(by)))
}
