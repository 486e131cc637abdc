//! The program under test, in a home folder of its own.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A call that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(180);

/// Where the program is, and the home it is given.
pub struct Program {
    file: PathBuf,
    home: PathBuf,
}

/// What a call came to.
#[derive(Debug)]
pub struct Ran {
    /// Exit code; `None` after a signal.
    pub code: Option<i32>,
    /// What it wrote.
    pub out: String,
    /// What it said.
    pub err: String,
    /// How long it took.
    pub took: Duration,
}

impl Program {
    /// The program in this file; by default the one beside this program.
    ///
    /// # Errors
    /// If there is none.
    pub fn find(file: Option<&Path>, home: &Path) -> Result<Self> {
        let beside = || Ok(std::env::current_exe().context("find this program")?.with_file_name("earwitness"));
        let file = file.map_or_else(beside, |file| Ok::<_, anyhow::Error>(file.to_owned()))?;
        if !file.is_file() {
            bail!("{}: there is no program: `cargo build -p earwitness`, or name it with --program", file.display());
        }
        Ok(Self { file: std::path::absolute(file)?, home: home.to_owned() })
    }

    /// The folder of the library.
    pub fn library(&self) -> PathBuf {
        self.home.join("library")
    }

    /// Calls the program and waits for its end.
    ///
    /// # Errors
    /// If it can't be started, or hangs.
    pub fn run(&self, arguments: &[&str]) -> Result<Ran> {
        let (out, err) = (self.home.join("out"), self.home.join("err"));
        let began = Instant::now();
        let mut child = self.command(arguments, &out, &err)?.spawn().context("start the program")?;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if began.elapsed() > PATIENCE {
                child.kill()?;
                child.wait()?;
                bail!("`{}` did not end in {} s", arguments.join(" "), PATIENCE.as_secs());
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let read = |file: &Path| std::fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Ran { code: status.code(), out: read(&out)?, err: read(&err)?, took: began.elapsed() })
    }

    /// Starts the program, to go on beside. What it says goes to a file of this name.
    ///
    /// # Errors
    /// If it can't be started.
    pub fn start(&self, arguments: &[&str], name: &str) -> Result<Child> {
        let file = self.home.join(format!("{name}.log"));
        self.command(arguments, &file, &file)?.spawn().context("start the program")
    }

    fn command(&self, arguments: &[&str], out: &Path, err: &Path) -> Result<Command> {
        let mut command = Command::new(&self.file);
        // One that goes on beside writes both into one file.
        let same = out == err;
        let out = File::create(out).with_context(|| format!("create {}", out.display()))?;
        let err = if same { out.try_clone() } else { File::create(err) }.context("make a file for messages")?;
        command
            .args(arguments)
            .current_dir(&self.home)
            .env("HOME", &self.home)
            .env("XDG_DATA_HOME", self.home.join("data"))
            .env("EARWITNESS_LIBRARY", self.library())
            .env_remove("EARWITNESS_TOKEN")
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err);
        Ok(command)
    }
}

impl Ran {
    /// What it wrote as JSON.
    ///
    /// # Errors
    /// If it is none.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.out).with_context(|| format!("read what was answered: {}{}", self.out, self.err))
    }

    /// The last line of what it said, for messages.
    pub fn last_words(&self) -> &str {
        self.err.lines().chain(self.out.lines()).rfind(|line| !line.trim().is_empty()).unwrap_or("nothing was said")
    }
}
