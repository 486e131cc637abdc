//! Folders: taken in once, and watched.

use crate::home::{Home, Ran, signal};
use crate::tone::wav;
use serde_json::json;
use std::fs;

const SRT: &str = "1\n00:00:01,000 --> 00:00:03,500\nPeace talks begin.\n";

#[test]
fn two_files_of_one_name_are_one_episode() {
    let home = Home::new();
    home.sound("talk.wav", 10, 220.0);
    home.file("talk.en.srt", SRT);
    let added = home.json("add talk.en.srt talk.wav --model fake --wait");
    assert_eq!(added["added"][0]["joined"], false, "{added}");
    assert_eq!(added["added"][1]["joined"], true);
    let listed = home.json("list");
    assert_eq!((&listed["total"], &listed["episodes"][0]["has_sound"]), (&json!(1), &json!(true)));
    let shown = home.run("show talk").ok().out;
    assert!(shown.contains("recognised by fake") && shown.contains("also transcript"), "{shown}");
    let again = home.run("add talk.wav talk.en.srt --model fake").ok();
    assert_eq!(again.out.matches("already here as episode 1").count(), 2, "{again:?}");
}

#[test]
fn what_lies_beside_a_recording_belongs_to_it() {
    let home = Home::new();
    home.sound("talks/talk.wav", 10, 220.0);
    home.file("talks/talk.names.txt", "Ann Lee = Anne Leigh - host\n");
    home.file(
        "talks/talk.chapters.json",
        r#"{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Opening"}, {"startTime": 5, "title": "The vote"}]}"#,
    );
    home.json("add talks --model fake --wait");
    let detail = home.json("edit talk --language en");
    assert_eq!(detail["chapters"][1], json!({"start_ms": 5000, "end_ms": null, "title": "The vote", "url": null}));
    assert_eq!(home.json("list")["total"], 1);
    let alone = home.run("add talks/talk.names.txt");
    assert!(alone.ok().out.contains("joined to episode 1"));
    home.file("lost.names.txt", "Ann Lee\n");
    assert_eq!(home.run("add lost.names.txt").code, Some(1));
}

#[test]
fn a_watched_folder_is_worked_through() {
    let home = Home::new();
    fs::create_dir_all(home.path("talks")).unwrap();
    let child = home.start("add talks --watch --model fake --wait");
    home.file("talks/new.wav.part", wav(8000, 10, 220.0));
    home.wait("the library", || home.library().join("earwitness.db").exists().then_some(()));
    fs::rename(home.path("talks/new.wav.part"), home.path("talks/new.wav")).unwrap();
    home.wait("the episode to be heard", || (home.json("list")["episodes"][0]["state"] == "ready").then_some(()));
    signal(&child, "INT");
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(130), "{ran:?}");
    assert!(ran.out.contains("added episode 1: New") && ran.err.contains("watching"), "{ran:?}");
    assert_eq!(home.run("add nowhere --watch").code, Some(1));
}
