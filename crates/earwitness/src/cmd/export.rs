//! `export`: transcripts and chapters as files.

use super::{Context, show};
use crate::dto::TranscriptDto;
use crate::exit::{Ending, Failure, Outcome};
use crate::output;
use clap::{Args, ValueEnum};
use ear_engine::core::TranscriptId;
use ear_engine::{ChapterFormat, Error, ErrorKind, ExportFormat, Result};
use serde::Serialize;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// Write an episode's transcript, or its clips as chapters, for other programs
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct ExportArgs {
    /// Its id, or part of its title
    episode: String,
    /// The format [default: by the name of the output, otherwise txt]
    #[arg(long, short)]
    format: Option<Format>,
    /// The file to write [default: stdout]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Another of its transcripts than the one that is read first
    #[arg(long, value_name = "ID")]
    transcript: Option<TranscriptId>,
    /// As it was heard, without the repairs that you accepted
    #[arg(long)]
    as_heard: bool,
    /// Its clips as chapters, in this form, instead of its transcript
    #[arg(long, value_name = "FORM", conflicts_with_all = ["format", "transcript", "as_heard"])]
    chapters: Option<Chapters>,
    /// Also advertisements, credits and music, as chapters that tables of contents leave out
    #[arg(long, requires = "chapters")]
    adverts: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness export 7 --format srt > talk.srt
  earwitness export impeachment --output talk.vtt
  earwitness export 7 --format json
  earwitness export 7 --chapters json --output chapters.json
  earwitness export 7 --chapters ffmetadata > 7.txt    for `ffmpeg -i talk.mp3 -i 7.txt -map_chapters 1`";

/// A format that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Plain text, a paragraph a passage
    Txt,
    /// SubRip subtitles
    Srt,
    /// WebVTT with speakers
    Vtt,
    /// Every word with its time, as `show --json`
    Json,
    /// Markdown with facts, speakers and times
    Md,
}

impl Format {
    /// The format asked for, or that of the output's name, or plain text. `--json` asks for JSON.
    pub fn choose(asked: Option<Self>, json: bool, output: Option<&Path>) -> Self {
        let by_name = || Self::from_str(output?.extension()?.to_str()?, true).ok();
        asked.or(json.then_some(Self::Json)).or_else(by_name).unwrap_or(Self::Txt)
    }

    /// As the engine calls it; `None` for JSON, which is shaped here.
    pub fn of_engine(self) -> Option<ExportFormat> {
        match self {
            Self::Txt => Some(ExportFormat::Text),
            Self::Srt => Some(ExportFormat::Srt),
            Self::Vtt => Some(ExportFormat::Vtt),
            Self::Md => Some(ExportFormat::Markdown),
            Self::Json => None,
        }
    }
}

/// A form of chapters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Chapters {
    /// The chapters file of Podcasting 2.0
    Json,
    /// WebVTT, as players of video on the web take it
    Vtt,
    /// Elements podcast:soundbite for a feed: how each clip begins, up to two minutes
    Soundbites,
    /// Metadata that ffmpeg writes into sound and video
    Ffmetadata,
    /// A tag of ID3v2.4 that goes in front of an MP3 file without one
    Id3,
}

impl Chapters {
    fn of_engine(self) -> ChapterFormat {
        match self {
            Self::Json => ChapterFormat::Json,
            Self::Vtt => ChapterFormat::Vtt,
            Self::Soundbites => ChapterFormat::Soundbites,
            Self::Ffmetadata => ChapterFormat::FfMetadata,
            Self::Id3 => ChapterFormat::Id3,
        }
    }
}

pub fn run(context: &Context, args: &ExportArgs) -> Outcome {
    let library = context.library()?;
    let id = library.find_episode(&args.episode)?;
    if let Some(form) = args.chapters {
        if form == Chapters::Id3 && args.output.is_none() && io::stdout().is_terminal() {
            let told = "this tag is no text, and a terminal can't show it\n  Name a file with --output";
            return Err(Failure::Usage(told.into()));
        }
        let chapters = library.export_chapters(id, form.of_engine(), args.adverts)?;
        return write(chapters, args.output.as_deref());
    }
    let format = Format::choose(args.format, context.json, args.output.as_deref());
    let reading = show::reading(args.as_heard);
    let readable = show::transcript(&library, &library.episode(id)?.summary, args.transcript, reading)?;
    let text = match format.of_engine() {
        Some(format) => library.export_as(id, Some(readable.id), format, reading)?,
        None => json(&TranscriptDto::from(&readable))?,
    };
    write(text, args.output.as_deref())
}

/// Writes a result to a file, or to stdout.
pub fn write(content: impl AsRef<[u8]>, output: Option<&Path>) -> Outcome {
    match output {
        Some(path) => output::write_file(path, content)?,
        None => output::print(content)?,
    }
    Ok(Ending::Done)
}

/// A value as the text of a JSON file.
pub fn json(value: &impl Serialize) -> Result<String> {
    match serde_json::to_string_pretty(value) {
        Ok(text) => Ok(text + "\n"),
        Err(error) => Err(Error::new(ErrorKind::Bug, format!("this can't be written as JSON: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_asked_for_or_guessed() {
        for (asked, json, output, expected) in [
            (None, false, None, Format::Txt),
            (None, true, None, Format::Json),
            (None, false, Some("a.VTT"), Format::Vtt),
            (None, false, Some("a.doc"), Format::Txt),
            (Some(Format::Srt), true, Some("a.vtt"), Format::Srt),
        ] {
            assert_eq!(Format::choose(asked, json, output.map(Path::new)), expected, "{asked:?} {json} {output:?}");
        }
    }
}
