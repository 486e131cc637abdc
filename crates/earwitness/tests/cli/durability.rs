//! Processes that are killed at any moment: nothing is lost, and nothing is there twice.

use crate::home::{Home, files_in, signal};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// How often workers are killed; more with `EARWITNESS_KILLS`, for a long look.
fn kills() -> u32 {
    std::env::var("EARWITNESS_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(20)
}

/// How often shorter commands are.
fn fewer_kills() -> u32 {
    kills().div_ceil(3)
}

/// Moments that are the same in every run, as far as the machine lets them be.
struct Moments(u64);

impl Moments {
    fn next(&mut self, most: Duration) -> Duration {
        // Knuth's linear congruential generator; its high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        most.mul_f64((self.0 >> 40) as f64 / (1u64 << 24) as f64)
    }
}

/// A home with files that take a while to hear.
fn talks() -> Home {
    let home = Home::new();
    for number in 1..=3 {
        home.file(&format!("talks/{number}.wav"), crate::tone::wav(1000, 700, 200.0 + 20.0 * f64::from(number)));
    }
    home
}

fn added() -> Home {
    let home = talks();
    home.run("add talks --model fake --queue").ok();
    home
}

/// Runs a command and kills it after a while; false where it had ended by itself.
fn killed(home: &Home, line: &str, after: Duration) -> bool {
    let mut child = home.start(line);
    thread::sleep(after);
    let runs = child.try_wait().unwrap().is_none();
    if runs {
        signal(&child, "KILL");
    }
    child.wait().unwrap();
    runs
}

/// Runs a command and kills it, again and again, after at most as long as it takes when nobody does. Then
/// once more to its end.
fn kill(home: &Home, line: &str, times: u32, most: Duration, mut after: impl FnMut()) {
    let mut moments = Moments(line.len() as u64);
    for _ in 0..times {
        killed(home, line, moments.next(most));
        after();
    }
    home.run(line).ok();
}

/// How long a command takes when nobody kills it.
fn timed(home: &Home, line: &str) -> Duration {
    let began = Instant::now();
    home.run(line).ok();
    began.elapsed()
}

/// All that a library holds, as far as it should be the same however it came about.
fn state(home: &Home, library: &str) -> Value {
    let run = |line: &str| home.json(&format!("--library {library} {line}"));
    let listed = run("list --limit 100");
    let mut episodes: Vec<Value> = Vec::new();
    for episode in listed["episodes"].as_array().unwrap() {
        let shown = run(&format!("show {}", episode["id"].as_str().unwrap()));
        episodes.push(json!([episode["title"], episode["state"], shown["words"], shown["stretches"]]));
    }
    episodes.sort_by_key(|episode| episode[0].to_string());
    let mut jobs: Vec<String> = run("jobs list --all")["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| format!("{} {} {}", job["kind"], job["episode"], job["state"]))
        .collect();
    jobs.sort();
    let mut hits: Vec<String> = run("search \"two_three\" --limit 100")["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| format!("{} {} {}", hit["episode"], hit["start_word"], hit["matched"]))
        .collect();
    hits.sort();
    assert_eq!(run("doctor --thorough"), json!({ "findings": [] }));
    json!({ "episodes": episodes, "jobs": jobs, "hits": hits, "sound": sound(Path::new(library)) })
}

/// The names of the recordings, which are the hashes of what they hold.
fn sound(library: &Path) -> Vec<String> {
    let mut names: Vec<String> = files_in(&library.join("recordings"))
        .iter()
        .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn library(home: &Home) -> String {
    home.library().display().to_string()
}

fn assert_same(found: &Value, expected: &Value) {
    for part in ["jobs", "hits", "sound"] {
        assert_eq!(found[part], expected[part], "{part}");
    }
    assert!(found["episodes"] == expected["episodes"], "the words differ");
}

#[test]
fn killed_workers_hear_all_of_it_once() {
    let undisturbed = added();
    let most = timed(&undisturbed, "work") / 2;
    let expected = state(&undisturbed, &library(&undisturbed));
    let mut moments = Moments(1);
    let mut left = kills();
    // A library is heard after some of them; then another takes the rest.
    while left > 0 {
        let home = added();
        while left > 0 && killed(&home, "work", moments.next(most)) {
            left -= 1;
        }
        home.run("work").ok();
        assert_same(&state(&home, &library(&home)), &expected);
    }
}

#[test]
fn what_was_being_added_is_there_once() {
    let undisturbed = talks();
    let most = timed(&undisturbed, "add talks --model fake --queue");
    undisturbed.run("work").ok();
    let home = talks();
    kill(&home, "add talks --model fake --queue", fewer_kills(), most, || ());
    home.run("work").ok();
    assert_same(&state(&home, &library(&home)), &state(&undisturbed, &library(&undisturbed)));
}

#[test]
fn an_index_that_was_being_built_is_whole_in_the_end() {
    let home = added();
    home.run("work").ok();
    let mut expected = state(&home, &library(&home));
    let most = timed(&home, "reindex");
    kill(&home, "reindex", fewer_kills(), most, || ());
    let mut found = state(&home, &library(&home));
    assert_same(&found, &expected);
    // A worker puts right what was broken off, too.
    let mut child = home.start("reindex");
    thread::sleep(most / 2);
    signal(&child, "KILL");
    child.wait().unwrap();
    home.run("work").ok();
    found = state(&home, &library(&home));
    // It does so by jobs, which are then among those that are done.
    for state in [&mut found, &mut expected] {
        state["jobs"] = Value::Null;
    }
    assert_same(&found, &expected);
}

#[test]
fn a_backup_that_was_broken_off_is_whole_or_says_so() {
    let home = added();
    home.run("work").ok();
    let most = timed(&home, "backup probe");
    let mut whole = 0;
    kill(&home, "backup copy", fewer_kills(), most, || {
        let ran = home.run("restore copy --into restored --json");
        match ran.code {
            Some(0) => {
                whole += 1;
                fs::remove_dir_all(home.path("restored")).unwrap();
            }
            _ => {
                let error = &ran.json()["error"];
                let said = error["message"].as_str().unwrap();
                assert!(said.contains("broken off") || error["code"] == "not_found", "{ran:?}");
                assert!(!home.path("restored").exists());
            }
        }
    });
    eprintln!("{whole} of {} backups were whole when they were killed", fewer_kills());
    home.run("restore copy --into restored").ok();
    let restored = home.path("restored").display().to_string();
    assert_same(&state(&home, &restored), &state(&home, &library(&home)));
}
