//! What is said to a process that recognises, and what it answers.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// What all systems get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Name of a model, or its folder; `None` is the default.
    pub model: Option<String>,
    /// Beam width.
    pub beam: usize,
    /// Threads that recognise.
    pub threads: usize,
    /// ISO 639-1 code; `None` lets the system detect it.
    pub language: Option<String>,
    /// Whether peers leave out what their voice detector takes for silence.
    pub peer_vad: bool,
    /// Names and rare words that may be said; a peer gets them where it takes any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// What a system heard in one file, and what that took: one line of JSON a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// The words; empty after an error.
    pub text: String,
    /// Length of the sound in seconds.
    pub sound_s: f64,
    /// CPU seconds of the process between opening the sound and the last word; the model was loaded before.
    pub cpu_s: f64,
    /// Seconds by the clock for the same.
    pub wall_s: f64,
    /// The most memory the process has held so far, in MB; `None` where the system does not tell.
    pub peak_mb: Option<f64>,
    /// Why there are no words.
    pub error: Option<String>,
    /// The words with their times, in order.
    #[serde(default)]
    pub words: Vec<HeardWord>,
}

/// A word as a system heard it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeardWord {
    /// As written.
    pub text: String,
    /// Where it begins, in seconds.
    pub start_s: f64,
    /// Where it ends, in seconds.
    pub end_s: f64,
    /// How sure the system was, from 0 to 1, where it tells.
    #[serde(default)]
    pub confidence: Option<f64>,
    /// ISO 639-1 code of the language in which it was heard, where the system tells.
    #[serde(default)]
    pub language: Option<String>,
}

impl Heard {
    /// The words as written, one by one.
    pub fn texts(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }
}

/// Runs a system over sound files: it reads paths from stdin, one JSON string a line, and answers each with a
/// line of [`Heard`]. `on_file` is called after each, with how many are done.
///
/// # Errors
/// If the process can't be started, ends early, or says something else.
pub fn listen(command: &mut Command, sounds: &[&Path], on_file: &dyn Fn(usize)) -> Result<Vec<Heard>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let start = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = start.with_context(|| format!("start {program}"))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (mut stdin, stdout) = stdin.zip(stdout).context("the process has no pipes")?;
    let paths: Vec<String> = sounds.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    // Fed from a thread of its own: a process that answers before it has read everything would stop both.
    let feeder = thread::spawn(move || paths.iter().try_for_each(|path| writeln!(stdin, "{path}")));
    let answers = BufReader::new(stdout).lines().enumerate().map(|(done, line)| {
        let heard = serde_json::from_str(&line?).context("an answer can't be read");
        on_file(done + 1);
        heard
    });
    let heard: Result<Vec<Heard>> = answers.collect();
    let status = child.wait().with_context(|| format!("wait for {program}"))?;
    // Where the process ended early its own words say more than the broken pipe.
    let fed = feeder.join().map_err(|_| anyhow::anyhow!("the thread that names the files failed"))?;
    let heard = heard.with_context(|| format!("listen to {program}"))?;
    if !status.success() || heard.len() != sounds.len() {
        bail!("{program} ended with {status} after {} of {} files", heard.len(), sounds.len());
    }
    fed.with_context(|| format!("name the files to {program}"))?;
    Ok(heard)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn every_file_is_answered() {
        let line = r#"{"text":"a","sound_s":1,"cpu_s":0.5,"wall_s":1,"peak_mb":null,"error":null}"#;
        let sounds = [Path::new("a b.wav"), Path::new("c\".wav")];
        let heard =
            listen(&mut shell(&format!("while read -r path; do echo '{line}'; done")), &sounds, &|_| ()).unwrap();
        assert_eq!(heard.iter().map(|heard| heard.cpu_s).collect::<Vec<_>>(), [0.5, 0.5]);
    }

    #[test]
    fn a_process_that_fails_is_an_error() {
        for (script, expected) in [
            ("exit 3", "after 0 of 1 files"),
            ("cat >/dev/null", "after 0 of 1 files"),
            ("cat", "an answer can't be read"),
        ] {
            let error = format!("{:#}", listen(&mut shell(script), &[Path::new("a.wav")], &|_| ()).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
        assert!(listen(&mut Command::new("/no/such/program"), &[], &|_| ()).is_err());
    }
}
