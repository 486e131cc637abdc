//! A library of its own for each test, served by the program, and a small HTTP client.

use crate::tone::wav;
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long to wait for what must happen before giving up.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A served library.
pub struct Site {
    home: TempDir,
    server: Option<Child>,
    /// The address of the first page, without a slash at its end.
    pub url: String,
}

/// An answer to a request.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Site {
    /// A library with nothing in it, not served yet.
    pub fn new() -> Self {
        Self { home: TempDir::new().unwrap(), server: None, url: String::new() }
    }

    /// A served library with a minute of sound, of which the fake recogniser hears numbers; episode 1.
    pub fn with_talk() -> Self {
        let mut site = Self::new();
        site.sound("talk.wav", 60);
        let added =
            site.run("add talk.wav --title The_long_count --show Numbers --date 2020-01-07 --model fake --wait");
        assert_eq!(added["added"][0]["episode_id"], "1", "{added}");
        site.serve(&[]);
        site
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// A WAV file: tones of four seconds with pauses between them, as talk has.
    pub fn sound(&self, name: &str, seconds: u32) -> PathBuf {
        self.file(name, wav(8000, seconds, 220.0))
    }

    /// Runs the program with `--json`; the arguments are the words of `line`, with `_` for a space within one.
    pub fn run(&self, line: &str) -> Value {
        let arguments = line.split_whitespace().map(|word| word.replace('_', " "));
        let output = self.command(arguments.chain(["--json".to_owned()])).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Serves the library on a free port.
    pub fn serve(&mut self, more: &[&str]) {
        let arguments = ["serve", "--listen", "127.0.0.1:0"].iter().chain(more);
        let mut child = self.command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        self.server = Some(child);
        let url = line.trim().strip_prefix("serving on ").unwrap_or_else(|| panic!("no address: {line}"));
        self.url = url.trim_end_matches('/').to_owned();
    }

    fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_earwitness"));
        command
            .args(arguments)
            .current_dir(self.home.path())
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env_remove("EARWITNESS_LIBRARY")
            .env_remove("EARWITNESS_TOKEN")
            .env_remove("EARWITNESS_LLM_URL")
            .stdin(Stdio::null());
        command
    }

    /// `127.0.0.1:` and the port.
    pub fn authority(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Sends a request as it is given, but for its `Host`, unless that is given as well.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| *name == "Host") {
            head.push_str(&format!("Host: {}\r\n", self.authority()));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(self.authority()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: answer[end + 4..].to_vec() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], &[])
    }

    /// Posts a form as a browser does from our own page.
    pub fn post(&self, path: &str, form: &str) -> Answer {
        let headers = [("Origin", self.url.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        self.ask("POST", path, &headers, format!("form_token={}&{form}", self.form_token()).as_bytes())
    }

    /// The token that the pages' forms hold.
    pub fn form_token(&self) -> String {
        let page = self.get("/").text();
        let (_, rest) = page.split_once("name=\"form_token\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            // It may have ended already; then there is nothing to end.
            server.kill().unwrap_or_default();
            server.wait().map(drop).unwrap_or_default();
        }
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

/// Waits until `done` gives something.
pub fn wait<T>(what: &str, mut done: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = done() {
            return value;
        }
        assert!(start.elapsed() < PATIENCE, "waited too long for {what}");
        thread::sleep(Duration::from_millis(50));
    }
}
