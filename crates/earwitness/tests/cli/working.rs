//! `work`: stopping, dying, going on, and working side by side.

use crate::home::{Home, Ran, signal};
use std::fs;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

/// A home with one long episode in its queue.
fn long_episode() -> Home {
    let home = Home::new();
    home.long_sound("long.wav");
    home.run("add long.wav --model fake --queue").ok();
    home
}

/// The words of the long episode when nothing stops it.
fn undisturbed() -> &'static serde_json::Value {
    static WORDS: OnceLock<serde_json::Value> = OnceLock::new();
    WORDS.get_or_init(|| {
        let home = long_episode();
        home.run("work").ok();
        home.words("long")
    })
}

#[test]
fn stopped_work_goes_on_to_the_same_words() {
    for name in ["INT", "TERM"] {
        let home = long_episode();
        let child = home.start("work");
        home.wait_for_work();
        signal(&child, name);
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(130), "{ran:?}");
        assert!(
            ran.err.contains("stopping after this chunk") && ran.err.contains("`earwitness work` goes on"),
            "{ran:?}"
        );
        assert_eq!(home.json("list --unready")["total"], 1);
        home.run("work").ok();
        assert!(home.words("long") == *undisturbed(), "the words differ");
    }
}

#[test]
fn killed_work_goes_on_to_the_same_words() {
    let home = long_episode();
    let mut child = home.start("work");
    home.wait_for_work();
    signal(&child, "KILL");
    child.wait().unwrap();
    assert_eq!(home.json("list --unready")["total"], 1);
    // The lease of the dead has to run out first.
    home.wait("the episode to be done", || {
        home.run("work").ok();
        (home.json("list --unready")["total"] == 0).then_some(())
    });
    assert!(home.words("long") == *undisturbed(), "the words differ");
}

#[test]
fn workers_share_the_queue() {
    let home = Home::new();
    for number in 1..=6 {
        home.sound(&format!("talks/{number}.wav"), 60, 200.0 + 20.0 * f64::from(number));
    }
    home.run("add talks --model fake --queue").ok();
    let workers = [home.start("work --json"), home.start("work --json")];
    let done: u64 = workers
        .into_iter()
        .map(|worker| {
            let ran = Ran::from(worker.wait_with_output().unwrap()).ok();
            assert_eq!(ran.json()["failed"], 0, "{ran:?}");
            ran.json()["done"].as_u64().unwrap()
        })
        .sum();
    let jobs = home.json("jobs list --all")["jobs"].as_array().unwrap().len() as u64;
    assert_eq!(done, jobs);
    let listed = home.json("list");
    assert!(listed["episodes"].as_array().unwrap().iter().all(|episode| episode["state"] == "ready"), "{listed}");
    assert_eq!(home.run("doctor").ok().out, "all is well\n");
    for number in 1..=6 {
        assert!(home.json(&format!("search title:{number}_two"))["total"].as_u64() > Some(0), "{number}");
    }
}

#[test]
fn adding_waits_for_others_who_do_the_work() {
    let home = long_episode();
    let worker = home.start("work");
    home.wait_for_work();
    let ran = home.run("add long.wav --model fake --wait").ok();
    assert!(ran.out.contains("already here"), "{ran:?}");
    assert_eq!(home.json("list --unready")["total"], 0);
    Ran::from(worker.wait_with_output().unwrap()).ok();
}

#[test]
fn a_waiting_worker_takes_what_is_added() {
    let home = Home::new();
    fs::create_dir_all(home.library()).unwrap();
    let worker = home.start("work --keep-going");
    thread::sleep(Duration::from_millis(500));
    home.sound("talk.wav", 10, 220.0);
    home.run("add talk.wav --model fake --queue").ok();
    home.wait("the episode to be done", || (home.json("list")["episodes"][0]["state"] == "ready").then_some(()));
    signal(&worker, "INT");
    let ran = Ran::from(worker.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(130), "{ran:?}");
}

#[test]
fn serving_works_through_the_queue_too() {
    let home = Home::new();
    home.sound("talk.wav", 10, 220.0);
    home.run("add talk.wav --model fake --queue").ok();
    let server = home.start("serve --listen 0");
    home.wait("the episode to be done", || (home.json("list")["episodes"][0]["state"] == "ready").then_some(()));
    signal(&server, "INT");
    let ran = Ran::from(server.wait_with_output().unwrap()).ok();
    assert!(ran.out.starts_with("serving on http://127.0.0.1:"), "{ran:?}");
}
