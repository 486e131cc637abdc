//! Peers as systems under test: Python, each in an environment of its own.

use super::protocol::Settings;
use super::{Clip, PeerName};
use crate::wav;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Written when the packages are in, with their versions.
const MARKER: &str = "installed.txt";
const TO_GGML: &str = include_str!("to_ggml.py");

/// What runs in an environment. Versions are pinned, or figures of two days would not compare.
struct Kit {
    folder: &'static str,
    packages: &'static [&'static str],
    script: &'static str,
}

const FASTER_WHISPER: Kit = Kit {
    folder: "faster-whisper",
    // The second is the library that ours uses too.
    packages: &["faster-whisper==1.2.1", "ctranslate2==4.8.4"],
    script: include_str!("faster_whisper.py"),
};

const WHISPER_CPP: Kit =
    Kit { folder: "whisper.cpp", packages: &["pywhispercpp==1.5.1"], script: include_str!("whisper_cpp.py") };

impl PeerName {
    fn kit(self) -> &'static Kit {
        match self {
            Self::FasterWhisper | Self::FasterWhisperBatched => &FASTER_WHISPER,
            Self::WhisperCpp => &WHISPER_CPP,
        }
    }
}

/// A peer that is ready to run.
#[derive(Debug)]
pub struct Peer {
    pub name: PeerName,
    folder: PathBuf,
    /// A folder, or for whisper.cpp a file.
    model: PathBuf,
}

impl Peer {
    /// Installs a peer below `peers`, or takes what an earlier run put there.
    ///
    /// # Errors
    /// If Python 3 with venv and pip is missing, the packages can't be had, or the model is not installed.
    pub fn prepare(peers: &Path, name: PeerName, settings: &Settings) -> Result<Self> {
        let model = model_folder(settings.model.as_deref())?;
        let kit = name.kit();
        let folder = peers.join(kit.folder);
        install(&folder, kit.packages)?;
        let model = if name == PeerName::WhisperCpp { converted(&folder, &model)? } else { model };
        Ok(Self { name, folder, model })
    }

    /// The process that recognises.
    pub fn command(&self, settings: &Settings) -> Result<Command> {
        let settings = Settings { model: Some(self.model.display().to_string()), ..settings.clone() };
        let mut command = Command::new(python(&self.folder));
        command.args(["-c", self.name.kit().script, &serde_json::to_string(&settings)?, self.name.label()]);
        // The model's folder is all it may use: it would fetch what it misses, and we would measure another model.
        command.env("HF_HUB_OFFLINE", "1").env("OMP_NUM_THREADS", settings.threads.to_string());
        Ok(command)
    }

    /// The clips in a form that this peer reads; the folder holds them as long as it is kept. whisper.cpp itself
    /// reads WAV at 16 kHz alone, so it gets what our decoder makes of a file, and that costs it nothing.
    pub fn ready(&self, clips: &[Clip]) -> Result<(Vec<Clip>, Option<TempDir>)> {
        if self.name != PeerName::WhisperCpp {
            return Ok((clips.to_vec(), None));
        }
        let folder = tempfile::tempdir().context("make a folder for decoded sound")?;
        let mut ready = Vec::new();
        for (number, clip) in clips.iter().enumerate() {
            let sound = folder.path().join(format!("{number}.wav"));
            // What can't be decoded goes as it is: the peer shall say so itself.
            let is_decoded = wav::decode(&clip.sound).and_then(|samples| wav::write(&sound, &samples)).is_ok();
            ready.push(Clip { name: clip.name.clone(), sound: if is_decoded { sound } else { clip.sound.clone() } });
        }
        Ok((ready, Some(folder)))
    }
}

fn install(folder: &Path, packages: &[&str]) -> Result<()> {
    let marker = folder.join(MARKER);
    let wanted = packages.join("\n");
    if fs::read_to_string(&marker).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    eprintln!("Installing {} in {}", packages.join(" and "), folder.display());
    let environment = folder.join("environment");
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    run(Command::new(python(folder)).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    fs::write(&marker, wanted).with_context(|| format!("write {}", marker.display()))
}

/// The model as one file for whisper.cpp; made once.
fn converted(folder: &Path, model: &Path) -> Result<PathBuf> {
    let weights = model.join("model.bin");
    let bytes = fs::metadata(&weights).with_context(|| format!("open {}", weights.display()))?.len();
    let name = model.file_name().unwrap_or_default().to_string_lossy();
    let file = folder.join(format!("{name}-{bytes}-q8_0.bin"));
    if !file.is_file() {
        eprintln!("Converting {} for whisper.cpp", model.display());
        let partial = file.with_extension("partial");
        run(Command::new(python(folder)).args(["-c", TO_GGML]).arg(model).arg(&partial))?;
        fs::rename(&partial, &file).with_context(|| format!("write {}", file.display()))?;
    }
    Ok(file)
}

fn python(folder: &Path) -> PathBuf {
    folder.join("environment").join("bin").join("python")
}

/// The folder of a model that is named by its folder, by its name, or not at all.
fn model_folder(model: Option<&str>) -> Result<PathBuf> {
    if let Some(folder) = model.map(Path::new).filter(|folder| folder.is_dir()) {
        return Ok(folder.to_owned());
    }
    let known = ear_engine::models();
    let wanted = known.iter().find(|known| model.map_or(known.default, |name| known.name == name));
    let Some(view) = wanted else { bail!("no model is called `{}`", model.unwrap_or("default")) };
    let missing = || format!("the model {0} is not installed: `earwitness models fetch {0}`", view.name);
    view.folder.clone().with_context(missing)
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    // A whole script as an argument is no part of a message.
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    let shown: Vec<String> = arguments.filter(|argument| !argument.contains('\n')).collect();
    let shown = format!("{program} {}", shown.join(" "));
    // stdout is for results.
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("run {shown}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    bail!("{shown} ended with {}: {}", output.status, lines[lines.len().saturating_sub(3)..].join(" / "));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_says_why() {
        let error = run(Command::new("sh").args(["-c", "echo no such package >&2; exit 4"])).unwrap_err().to_string();
        assert!(error.contains("no such package") && error.contains('4'), "{error}");
        assert!(run(&mut Command::new("/no/such/program")).is_err());
    }

    #[test]
    fn a_model_may_be_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(model_folder(folder.path().to_str()).unwrap(), folder.path());
    }
}
