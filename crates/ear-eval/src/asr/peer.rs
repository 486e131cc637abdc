//! faster-whisper as a system under test: Python, in an environment of its own.

use super::system::Settings;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SCRIPT: &str = include_str!("peer.py");
/// Versions are pinned, or figures of two days would not compare; the second is the library both systems use.
const PACKAGES: [&str; 2] = ["faster-whisper==1.2.1", "ctranslate2==4.8.4"];
/// Written when the packages are in, with their versions.
const MARKER: &str = "installed.txt";

/// The environment, ready to run.
#[derive(Debug)]
pub struct Peer {
    folder: PathBuf,
    model: PathBuf,
}

impl Peer {
    /// Installs faster-whisper below `peers`, or takes what an earlier run put there.
    ///
    /// # Errors
    /// If Python 3 with venv and pip is missing, the packages can't be had, or the model is not installed.
    pub fn prepare(peers: &Path, settings: &Settings) -> Result<Self> {
        let model = model_folder(settings.model.as_deref())?;
        let folder = peers.join("faster-whisper");
        let marker = folder.join(MARKER);
        let wanted = PACKAGES.join("\n");
        if fs::read_to_string(&marker).is_ok_and(|installed| installed == wanted) {
            return Ok(Self { folder, model });
        }
        fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
        eprintln!("Installing {} in {}", PACKAGES.join(" and "), folder.display());
        let environment = folder.join("environment");
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        run(Command::new(python(&folder)).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES))?;
        fs::write(&marker, wanted).with_context(|| format!("write {}", marker.display()))?;
        Ok(Self { folder, model })
    }

    /// The process that recognises.
    pub fn command(&self, settings: &Settings) -> Result<Command> {
        let settings = Settings { model: Some(self.model.display().to_string()), ..settings.clone() };
        let mut command = Command::new(python(&self.folder));
        command.args(["-c", SCRIPT, &serde_json::to_string(&settings)?]);
        // The model's folder is all it may use: it would fetch what it misses, and we would measure another model.
        command.env("HF_HUB_OFFLINE", "1").env("OMP_NUM_THREADS", settings.threads.to_string());
        Ok(command)
    }
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
    let shown = format!("{command:?}");
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
