//! A home folder of its own for each test, and the program run in it.

use crate::tone::wav;
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long to wait for what must happen before giving up.
const PATIENCE: Duration = Duration::from_secs(120);

/// A home folder with a library.
pub struct Home(TempDir);

/// What a run of the program came to.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Home {
    pub fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The library's folder.
    pub fn library(&self) -> PathBuf {
        self.path("data/earwitness/library")
    }

    /// The program with these arguments, in this home.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_earwitness"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("HOME", self.0.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env_remove("EARWITNESS_LIBRARY")
            .env_remove("EARWITNESS_TOKEN")
            .env_remove("EARWITNESS_LLM_URL")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program; the arguments are the words of `line`, with `_` for a space within one.
    pub fn run(&self, line: &str) -> Ran {
        self.run_with(line.split_whitespace().map(|word| word.replace('_', " ")))
    }

    pub fn run_with<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    pub fn start(&self, line: &str) -> Child {
        self.command(line.split_whitespace()).spawn().unwrap()
    }

    /// Runs the program with `--json`; it must go well.
    pub fn json(&self, line: &str) -> Value {
        let ran = self.run(&format!("{line} --json"));
        assert_eq!(ran.code, Some(0), "{line}: {ran:?}");
        ran.json()
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// A WAV file of so many seconds. The pitch makes its content its own.
    pub fn sound(&self, name: &str, seconds: u32, pitch: f64) -> PathBuf {
        self.file(name, wav(8000, seconds, pitch))
    }

    /// A WAV file that even a fast machine works on for seconds: ten hours, of few samples each second.
    pub fn long_sound(&self, name: &str) -> PathBuf {
        self.file(name, wav(1000, 36_000, 220.0))
    }

    /// Waits until `done` gives something.
    pub fn wait<T>(&self, what: &str, mut done: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(value) = done() {
                return value;
            }
            assert!(start.elapsed() < PATIENCE, "waited too long for {what}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until a worker is in the midst of a job.
    pub fn wait_for_work(&self) {
        self.wait("a job to be under way", || {
            let jobs = self.json("jobs");
            jobs["jobs"].as_array()?.iter().find(|job| job["state"] == "running").map(drop)
        });
        // Enough to hear something, far from enough to hear it all.
        thread::sleep(Duration::from_millis(500));
    }

    /// The words of an episode with their times.
    pub fn words(&self, episode: &str) -> Value {
        self.json(&format!("show {episode}"))["words"].clone()
    }
}

impl Ran {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The same, if it went well.
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// Sends a signal by its name.
pub fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// Every file below a folder.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else {
            files.push(path);
        }
    }
    files
}
