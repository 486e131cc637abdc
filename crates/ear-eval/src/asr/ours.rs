//! Earwitness as a system under test.

use super::system::{Heard, Settings};
use crate::usage;
use anyhow::{Context, Result};
use clap::Args;
use ear_core::join_words;
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
    command.arg("asr-run").arg(serde_json::to_string(settings)?);
    Ok(command)
}

/// Reads paths from stdin, one JSON string a line, and writes what it hears as lines of [`Heard`].
pub fn run(args: &RunArgs) -> Result<()> {
    let settings: Settings = serde_json::from_str(&args.settings).context("read the settings")?;
    let options = TranscribeOptions {
        model: settings.model,
        language: settings.language,
        threads: settings.threads,
        beam: settings.beam,
        names: Vec::new(),
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
    let (text, sound_s, error) = match result {
        Ok(Transcribed { transcript, .. }) => {
            (join_words(&transcript.words), transcript.duration.unwrap_or_default() as f64 / 1000.0, None)
        }
        Err(error) => (String::new(), 0.0, Some(error.to_string())),
    };
    Heard { text, sound_s, cpu_s, wall_s, peak_mb: usage::peak_mb().ok(), error }
}
