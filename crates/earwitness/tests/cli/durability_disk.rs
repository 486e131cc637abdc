//! Disks that are full or allow no writing, made in a namespace of mounts, so that they are what they seem also
//! to root.

use crate::home::{Home, Ran};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// A shell that may mount, with the program as `$EAR` and the library's folder as `$LIB`; nothing where the
/// system lets nobody do that.
fn shell(home: &Home, script: &str) -> Option<Command> {
    let ways = [&["-Urm"][..], &["-m"][..]];
    let works = |way: &&&[&str]| {
        let tried = Command::new("unshare").args(**way).args(["sh", "-c", "mount -t tmpfs none /mnt"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    let Some(way) = ways.iter().find(works) else {
        eprintln!("skipped: no disk can be mounted here");
        return None;
    };
    let inner = home.command(["unused"]);
    let mut command = Command::new("unshare");
    command.args(*way).args(["sh", "-c", script]).env("EAR", inner.get_program()).env("LIB", home.library());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.current_dir(home.path(".")).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Some(command)
}

/// Runs commands of the program, one a line, after `before`; what each came to.
fn run(home: &Home, before: &str, lines: &[&str]) -> Option<Vec<Ran>> {
    let mut script = format!("{before}\n");
    for (number, line) in lines.iter().enumerate() {
        match line.strip_prefix("sh: ") {
            Some(line) => {
                script.push_str(&format!("{{ {line}; }} >{number}.out 2>{number}.err; echo $? >{number}.code\n"))
            }
            None => script.push_str(&format!("\"$EAR\" {line} >{number}.out 2>{number}.err; echo $? >{number}.code\n")),
        }
    }
    let output = shell(home, &script)?.output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |number: usize, end: &str| std::fs::read_to_string(home.path(&format!("{number}.{end}"))).unwrap();
    let ran = |number| Ran {
        code: read(number, "code").trim().parse().ok(),
        out: read(number, "out"),
        err: read(number, "err"),
    };
    Some((0..lines.len()).map(ran).collect())
}

/// A home whose library lies on a disk of this size as soon as `before` has run.
const SMALL: &str = "mkdir -p \"$LIB\" && mount -t tmpfs -o size=12m none \"$LIB\"";

#[test]
fn work_that_meets_a_full_disk_goes_on_when_there_is_room() {
    // So much is left: nothing; enough to begin.
    for left in ["0", "200K"] {
        let home = Home::new();
        home.file("talk.wav", crate::tone::wav(1000, 3600, 220.0));
        let fill =
            format!("sh: dd if=/dev/zero of=\"$LIB/filler\" bs=4k; sync; truncate -s -{left} \"$LIB/filler\"; true");
        let lines = [
            "add talk.wav --model fake --queue",
            fill.as_str(),
            "work --json",
            "list",
            "work",
            "work",
            "sh: rm \"$LIB/filler\"",
            "jobs --json",
            "work --json",
            "show talk --json",
            "doctor --thorough --json",
            "jobs list --all --json",
        ];
        let Some(ran) = run(&home, SMALL, &lines) else { return };
        let error = &ran[2].json()["error"];
        assert_eq!((ran[2].code, &error["code"]), (Some(1), &json!("disk_full")), "{left}: {:?}", ran[2]);
        assert!(error["remedy"].as_str().unwrap().contains("Make room"), "{left}: {error}");
        assert!(ran[3].code == Some(0) && ran[3].out.contains("Talk"), "{left}: {:?}", ran[3]);
        for again in &ran[4..6] {
            assert!(again.code == Some(1) && again.err.contains("the disk is full"), "{left}: {again:?}");
        }
        // It was met as often as a job may fail, and is still to be done.
        let waiting = &ran[7].json()["jobs"][0];
        assert_eq!((&waiting["state"], &waiting["attempts"]), (&json!("queued"), &json!(0)), "{left}: {waiting}");
        assert_eq!((ran[8].code, &ran[8].json()["failed"]), (Some(0), &json!(0)), "{left}: {:?}", ran[8]);
        assert_eq!(ran[10].json(), json!({ "findings": [] }), "{left}");
        let mut kinds: Vec<Value> =
            ran[11].json()["jobs"].as_array().unwrap().iter().map(|job| job["kind"].clone()).collect();
        // Where a model of meaning is installed, there is a job for it.
        kinds.retain(|kind| kind != "meaning");
        assert_eq!(kinds, ["clips", "names", "index", "transcribe"], "{left}");

        let other = Home::new();
        other.file("talk.wav", crate::tone::wav(1000, 3600, 220.0));
        other.run("add talk.wav --model fake --wait").ok();
        assert!(ran[9].json()["words"] == other.words("talk"), "{left}: the words differ");
    }
}

#[test]
fn what_does_not_fit_is_not_half_added() {
    let home = Home::new();
    home.file("small.wav", crate::tone::wav(1000, 60, 220.0));
    home.file("large.wav", crate::tone::wav(8000, 2400, 230.0));
    let lines = [
        "add small.wav --model fake --wait",
        "add large.wav --model fake --queue --json",
        "list --json",
        "sh: find \"$LIB/recordings\" \"$LIB/tmp\" -type f ! -name reserve",
        "backup \"$LIB/../copy\" --json",
        "doctor --thorough --json",
    ];
    let Some(ran) = run(&home, SMALL, &lines) else { return };
    let failed = &ran[1].json()["failed"][0];
    assert_eq!((ran[1].code, &failed["error"]["code"]), (Some(1), &json!("disk_full")), "{:?}", ran[1]);
    assert_eq!(ran[2].json()["total"], 1);
    assert_eq!(ran[3].out.lines().count(), 1, "{:?}", ran[3]);
    assert_eq!((ran[4].code, ran[5].json()), (Some(0), json!({ "findings": [] })), "{:?}", ran[4]);
}

#[test]
fn a_backup_without_room_says_so_and_is_not_whole() {
    let home = Home::new();
    home.sound("talk.wav", 300, 220.0);
    home.run("add talk.wav --model fake --wait").ok();
    let before = "mkdir -p copy && mount -t tmpfs -o size=1m none copy";
    let lines = ["backup copy --json", "restore copy --into again", "list"];
    let Some(ran) = run(&home, before, &lines) else { return };
    assert_eq!((ran[0].code, &ran[0].json()["error"]["code"]), (Some(1), &json!("disk_full")), "{:?}", ran[0]);
    assert!(ran[1].code != Some(0) && ran[1].err.contains("broken off"), "{:?}", ran[1]);
    assert_eq!(ran[2].code, Some(0));
}

/// Makes the library one that nothing can be written to.
const READ_ONLY: &str = "mount --bind \"$LIB\" \"$LIB\" && mount -o remount,bind,ro \"$LIB\"";

fn one_talk() -> Home {
    let home = Home::new();
    home.file("talk.vtt", "WEBVTT\n\n00:01.000 --> 00:03.500\n<v Ann>Peace talks begin.\n");
    home.file("other.txt", "Nobody knows the end.");
    home.run("add talk.vtt --wait").ok();
    home
}

#[test]
fn a_library_on_a_read_only_disk_can_be_read() {
    let home = one_talk();
    let reading = [
        "list --json",
        "search peace --json",
        "show talk --json",
        "export talk --format srt",
        "jobs --json",
        "doctor --thorough --json",
        "disk --json",
        "backup copy --json",
    ];
    let writing =
        ["add other.txt", "edit talk --title New", "rm talk --yes", "reindex", "keep none --yes", "doctor --repair"];
    let lines: Vec<&str> = reading.iter().chain(&writing).copied().collect();
    let Some(ran) = run(&home, READ_ONLY, &lines) else { return };
    for (line, ran) in reading.iter().zip(&ran) {
        assert_eq!(ran.code, Some(0), "{line}: {ran:?}");
        assert!(ran.err.contains("nothing can be written to this library"), "{line}: {ran:?}");
    }
    assert_eq!((&ran[0].json()["total"], &ran[1].json()["total"]), (&json!(1), &json!(1)));
    assert!(ran[3].out.contains("Peace talks begin."));
    for (line, ran) in writing.iter().zip(&ran[reading.len()..]) {
        assert_eq!(ran.code, Some(1), "{line}: {ran:?}");
        assert!(ran.err.contains("Make it writable") && !ran.err.contains("bug"), "{line}: {ran:?}");
    }
    assert_eq!(home.json("list")["total"], 1);
    assert_eq!(home.json("search peace")["total"], 1);
}

#[test]
fn a_library_on_a_read_only_disk_is_served() {
    let home = one_talk();
    let script = format!("{READ_ONLY} && exec \"$EAR\" serve --listen 0");
    let Some(mut command) = shell(&home, &script) else { return };
    let mut server = Server(command.spawn().unwrap());
    let address = server.address();
    for (path, expected) in [("/", "Talk"), ("/e/1", "Peace talks begin."), ("/search?q=peace", "Peace")] {
        let page = get(&address, path);
        assert!(page.starts_with("HTTP/1.1 200") && page.contains(expected), "{path}: {page}");
    }
}

/// Ends with the test, however that ends.
pub struct Server(pub Child);

impl Server {
    /// Where it listens, as soon as it does.
    pub fn address(&mut self) -> String {
        let told = BufReader::new(self.0.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        told.strip_prefix("serving on http://").unwrap().trim_end_matches('/').to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap_or_default();
        self.0.wait().map(drop).unwrap_or_default();
    }
}

pub fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_killed_library_on_a_read_only_disk_says_why_it_cannot_be_read() {
    let home = Home::new();
    home.long_sound("long.wav");
    home.run("add long.wav --model fake --queue").ok();
    let mut child = home.start("work");
    home.wait_for_work();
    crate::home::signal(&child, "KILL");
    child.wait().unwrap();
    // The memory that its log was shared by does not outlast the machine.
    std::fs::remove_file(home.library().join("earwitness.db-shm")).unwrap();
    let Some(ran) = run(&home, READ_ONLY, &["list"]) else { return };
    assert!(ran[0].code == Some(1) && ran[0].err.contains("lie in a log"), "{:?}", ran[0]);
    assert_eq!(home.json("list --unready")["total"], 1);
}

#[test]
fn a_newer_library_is_refused_and_left_alone() {
    let home = one_talk();
    let path = home.library().join("earwitness.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // Where SQLite keeps the number of a database's form.
    bytes[60..64].copy_from_slice(&99u32.to_be_bytes());
    std::fs::write(&path, &bytes).unwrap();
    for line in ["list", "work", "doctor --repair", "reindex", "backup copy"] {
        let ran = home.run(line);
        assert!(ran.code == Some(1) && ran.err.contains("update Earwitness"), "{line}: {ran:?}");
    }
    assert!(std::fs::read(&path).unwrap() == bytes);
}
