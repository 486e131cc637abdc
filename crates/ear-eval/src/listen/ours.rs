//! Earwitness as a system under test.

use super::protocol::{Heard, HeardWord, Settings};
use crate::usage;
use anyhow::{Context, Result};
use clap::Args;
use ear_core::{Millis, Transcript, Word, join_words};
use ear_engine::{Stop, TranscribeOptions, Transcribed, Transcriber};
use std::io::{Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The hidden command that recognises in a process of its own.
#[derive(Args, Debug)]
pub struct RunArgs {
    /// `Settings` as JSON.
    settings: String,
}

/// This program once more, as the process that recognises.
pub fn command(settings: &Settings) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("find this program")?);
    command.arg("listen-run").arg(serde_json::to_string(settings)?);
    Ok(command)
}

/// Reads paths from stdin, one JSON string a line, and writes what it hears as lines of [`Heard`].
pub fn run(args: &RunArgs) -> Result<()> {
    let settings: Settings = serde_json::from_str(&args.settings).context("read the settings")?;
    let options = TranscribeOptions {
        model: settings.model,
        language: settings.language,
        names: settings.names,
        threads: settings.threads,
        beam: settings.beam,
        ..TranscribeOptions::default()
    };
    let transcriber = Transcriber::load(&options).context("load the model")?;
    for line in stdin().lines() {
        let path: PathBuf = serde_json::from_str(&line?).context("read the path of a sound file")?;
        writeln!(stdout(), "{}", serde_json::to_string(&hear(&transcriber, &path))?)?;
    }
    Ok(())
}

fn hear(transcriber: &Transcriber, sound: &Path) -> Heard {
    let (result, cpu_s, wall_s) = usage::timed(|| transcriber.transcribe(sound, &Stop::default(), &|_| ()));
    let heard = match result {
        Ok(Transcribed { transcript, .. }) => Heard {
            text: join_words(&transcript.words),
            sound_s: seconds(transcript.duration.unwrap_or_default()),
            words: transcript.words.iter().map(|word| heard_word(word, &transcript)).collect(),
            ..Heard::default()
        },
        Err(error) => Heard { error: Some(error.to_string()), ..Heard::default() },
    };
    Heard { cpu_s, wall_s, peak_mb: usage::peak_mb().ok(), ..heard }
}

/// The word; its language is that of the stretch it lies in, else the transcript's.
fn heard_word(word: &Word, transcript: &Transcript) -> HeardWord {
    let (start, end) = word.span.map_or((0, 0), |span| (span.start(), span.end()));
    let middle = start.midpoint(end);
    let stretch = transcript.stretches.iter().min_by_key(|stretch| distance(middle, stretch.span));
    let language = stretch.and_then(|stretch| stretch.language.clone()).or_else(|| transcript.language.clone());
    HeardWord {
        text: word.text.clone(),
        start_s: seconds(start),
        end_s: seconds(end),
        confidence: word.confidence.map(f64::from),
        language,
    }
}

fn distance(moment: Millis, span: ear_core::Span) -> Millis {
    span.start().saturating_sub(moment).max(moment.saturating_sub(span.end()))
}

fn seconds(millis: Millis) -> f64 {
    millis as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{Origin, Span, Stretch, StretchKind};

    #[test]
    fn words_have_the_language_of_their_stretch() {
        let stretch = |start, end, language: Option<&str>| Stretch {
            span: Span::new(start, end),
            kind: StretchKind::Speech,
            language: language.map(str::to_owned),
        };
        let transcript = Transcript {
            language: Some("en".into()),
            stretches: vec![stretch(0, 1000, Some("en")), stretch(2000, 3000, Some("es")), stretch(5000, 6000, None)],
            ..Transcript::empty(Origin::Recognised)
        };
        let language = |start, end| heard_word(&Word::timed("a", Span::new(start, end)), &transcript).language;
        // A word a little outside belongs to the nearest.
        for (start, end, expected) in [(100, 300, "en"), (1800, 2100, "es"), (3000, 3200, "es"), (5100, 5200, "en")] {
            assert_eq!(language(start, end).as_deref(), Some(expected), "{start}");
        }
    }
}
