//! `edit`, `rm`, `jobs`, `doctor` and `reindex`.

use crate::home::{Home, files_in};
use serde_json::json;

#[test]
fn edits_are_found_at_once() {
    let home = Home::new();
    home.file("talk.txt", "Peace talks begin.");
    home.run("add talk.txt --title Old --wait").ok();
    home.run("edit old --title The_vote --show Reports --date 2020-01-07").ok();
    assert_eq!(home.json("search title:vote")["hits"][0]["episode"], "The vote");
    assert_eq!(home.json("search title:old")["total"], 0);
    assert_eq!(home.json("search peace --show reports")["total"], 1);
    home.run("edit vote --no-show --no-date").ok();
    assert_eq!(home.json("search peace --show reports")["total"], 0);
    let episode = home.json("list")["episodes"][0].clone();
    assert_eq!((&episode["show"], &episode["date"]), (&json!(null), &json!(null)));
}

#[test]
fn shows_change_their_names() {
    let home = Home::new();
    home.file("talk.txt", "Peace talks begin.");
    home.run("add talk.txt --show Reports --wait").ok();
    home.run("edit --show-name reports --title News").ok();
    assert_eq!(home.json("search show:news")["total"], 1);
    assert_eq!(home.run("edit --show-name reports --title News").code, Some(3));
}

#[test]
fn edits_need_something_to_change() {
    let home = Home::new();
    home.file("talk.txt", "Peace talks begin.");
    home.run("add talk.txt --wait").ok();
    for line in [
        "edit talk",
        "edit --show-name x",
        "edit talk --date 2020-02-30",
        "edit talk --date 2020-01-01 --no-date",
        "edit",
    ] {
        let ran = home.run(line);
        assert_eq!(ran.code, Some(2), "{line}: {ran:?}");
    }
}

#[test]
fn removed_episodes_are_gone() {
    let home = Home::new();
    home.sound("talk.wav", 10, 220.0);
    home.run("add talk.wav --model fake --wait").ok();
    assert!(home.json("search two")["total"].as_u64() > Some(0));
    let sounds =
        || files_in(&home.library()).into_iter().filter(|path| path.metadata().unwrap().len() > 70_000).count();
    assert!(sounds() > 0);
    let asked = home.run("rm talk");
    assert_eq!(asked.code, Some(2), "{asked:?}");
    assert!(asked.err.contains("0:10 of sound") && asked.err.contains("--yes"), "{asked:?}");
    let removed = home.json("rm talk --yes");
    assert_eq!((&removed["total"], &removed["episodes"][0]["title"]), (&json!(1), &json!("Talk")));
    assert_eq!(home.json("search two")["total"], 0);
    assert_eq!(home.json("list")["total"], 0);
    let left: Vec<_> =
        files_in(&home.library()).into_iter().filter(|path| path.extension().is_some_and(|e| e == "wav")).collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new());
    assert!(home.path("talk.wav").exists());
}

#[test]
fn a_show_goes_with_its_episodes() {
    let home = Home::new();
    for name in ["a", "b"] {
        home.file(&format!("{name}.txt"), format!("Peace talks of {name} begin."));
        home.run(&format!("add {name}.txt --show Reports --wait")).ok();
    }
    home.file("c.txt", "Peace at last.");
    home.run("add c.txt --wait").ok();
    assert_eq!(home.run("rm --show nothing --yes").code, Some(3));
    assert_eq!(home.json("rm --show reports --yes")["total"], 2);
    assert_eq!(home.json("search peace")["total"], 1);
}

#[test]
fn jobs_are_cancelled_and_tried_again() {
    let home = Home::new();
    home.sound("talk.wav", 10, 220.0);
    home.run("add talk.wav --model fake --queue").ok();
    let job = home.json("jobs")["jobs"][0].clone();
    assert_eq!((&job["state"], &job["episode"]), (&json!("queued"), &json!("Talk")));
    let id = job["id"].as_str().unwrap();
    home.run(&format!("jobs cancel {id}")).ok();
    assert_eq!(home.run("work").ok().out, "nothing to do\n");
    assert_eq!(home.json("list")["episodes"][0]["state"], "cancelled");
    home.run(&format!("jobs retry {id}")).ok();
    home.run("work").ok();
    assert_eq!(home.json("list")["episodes"][0]["state"], "ready");
    assert!(!home.json("jobs list --all")["jobs"].as_array().unwrap().is_empty());
    for (line, code) in [("jobs cancel 999", 3), ("jobs retry 999", 3), ("jobs cancel x", 2)] {
        let ran = home.run(line);
        assert_eq!(ran.code, Some(code), "{ran:?}");
    }
}

#[test]
fn a_sound_library_is_well_and_can_be_indexed_again() {
    let home = Home::new();
    home.file("talk.txt", "Peace talks begin.");
    home.run("add talk.txt --wait").ok();
    assert_eq!(home.run("doctor").ok().out, "all is well\n");
    assert_eq!(home.json("doctor --repair"), json!({"findings": []}));
    home.run("reindex").ok();
    assert_eq!(home.json("search peace")["total"], 1);
}
