//! `add`: what becomes of sources.

use crate::home::Home;
use serde_json::json;

#[test]
fn sound_becomes_words() {
    let home = Home::new();
    home.sound("talk.wav", 20, 220.0);
    let added = home.json("add talk.wav --title The_vote --show Reports --date 2020-01-07 --model fake --wait");
    assert_eq!(added["added"][0]["episode"], "The vote");
    assert_eq!(added["added"][0]["existed"], false);
    assert_eq!(added["failed"], json!([]));
    assert_eq!(added["work"]["failed"], 0);
    let listed = home.json("list");
    let episode = &listed["episodes"][0];
    assert_eq!(listed["total"], 1);
    for (key, value) in [
        ("title", json!("The vote")),
        ("show", json!("Reports")),
        ("date", json!("2020-01-07")),
        ("state", json!("ready")),
        ("has_sound", json!(true)),
        ("duration_ms", json!(20_000)),
    ] {
        assert_eq!(episode[key], value, "{key}: {episode}");
    }
    let shown = home.json("show vote");
    assert_eq!(shown["engine"], "fake");
    assert!(shown["words"].as_array().unwrap().len() > 20, "{shown}");
}

#[test]
fn the_same_content_is_one_episode() {
    let home = Home::new();
    home.sound("a.wav", 10, 220.0);
    home.sound("copy/b.wav", 10, 220.0);
    let first = home.json("add a.wav --model fake --wait");
    let second = home.run("add copy/b.wav --model fake").ok();
    assert!(second.out.starts_with("already here as episode"), "{second:?}");
    let third = home.json("add a.wav --model fake --wait");
    assert_eq!(third["added"][0]["existed"], true);
    assert_eq!(third["added"][0]["episode_id"], first["added"][0]["episode_id"]);
    assert_eq!(home.json("list")["total"], 1);
}

#[test]
fn one_broken_file_does_not_stop_the_others() {
    let home = Home::new();
    home.sound("talks/a.wav", 10, 220.0);
    home.file("talks/b.wav", b"RIFF\x10\0\0\0WAVEfmt \x02\0\0\0\0\xff");
    home.sound("talks/c.wav", 10, 330.0);
    home.file("talks/.hidden.wav", "nor this");
    let ran = home.run("add talks --model fake --wait --json");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("b.wav"), "{ran:?}");
    let ready = home.json("list")["episodes"].as_array().unwrap().iter().filter(|e| e["state"] == "ready").count();
    assert_eq!(ready, 2);
}

#[test]
fn missing_files_and_addresses_say_what_to_do() {
    let home = Home::new();
    let missing = home.run("add nothing.wav");
    assert_eq!(missing.code, Some(3), "{missing:?}");
    assert!(missing.err.contains("nothing.wav"), "{missing:?}");
    let inside = home.run("add http://127.0.0.1:1/talk.mp3 --json");
    assert_eq!(inside.code, Some(1), "{inside:?}");
    assert!(inside.err.contains("--allow-private"), "{inside:?}");
    assert_eq!(inside.json()["failed"][0]["error"]["code"], "bad_input");
}

#[test]
fn titles_are_for_one_source() {
    let home = Home::new();
    home.sound("talks/a.wav", 5, 220.0);
    home.sound("talks/b.wav", 5, 330.0);
    for line in ["add talks --title Both", "add talks/a.wav talks/b.wav --date 2020-01-07"] {
        let ran = home.run(line);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains("one source"), "{ran:?}");
    }
}

#[test]
fn queued_sources_wait_for_work() {
    let home = Home::new();
    home.sound("a.wav", 10, 220.0);
    let ran = home.run("add a.wav --model fake --queue").ok();
    assert!(ran.err.contains("queued"), "{ran:?}");
    assert_eq!(home.json("list --unready")["episodes"][0]["state"], "queued");
    let early = home.run("show a --json");
    assert_eq!(early.code, Some(5), "{early:?}");
    assert_eq!(early.json()["error"]["code"], "busy");
    let worked = home.json("work");
    assert_eq!((&worked["failed"], &worked["stopped"]), (&json!(0), &json!(false)));
    assert_eq!(home.json("list")["episodes"][0]["state"], "ready");
    assert_eq!(home.run("work").ok().out, "nothing to do\n");
}

#[test]
fn transcripts_come_in_as_they_are() {
    let srt = "1\n00:00:01,000 --> 00:00:03,500\nPeace talks begin.\n\n2\n00:00:04,000 --> 00:00:06,000\nNobody knows the end.\n";
    let vtt = "WEBVTT\n\n00:01.000 --> 00:03.500\n<v Ann>Peace talks begin.\n\n00:04.000 --> 00:06.000\n<v Bo>Nobody knows the end.\n";
    let txt = "The page's headline\nPeace talks begin.\nNobody knows the end.\nNext up: sports\n";
    for (name, content, start, speaker) in [
        ("a.srt", srt, json!(1000), json!(null)),
        ("a.vtt", vtt, json!(1000), json!("Ann")),
        ("a.txt", txt, json!(null), json!(null)),
    ] {
        let home = Home::new();
        home.file(name, content);
        let line = format!("add {name} --title Talks --wait");
        home.run(&if name == "a.txt" { format!("{line} --skip-head 1 --skip-tail 1") } else { line }).ok();
        let words = home.words("talks");
        let texts: Vec<_> = words.as_array().unwrap().iter().filter_map(|word| word["text"].as_str()).collect();
        assert_eq!(texts.join(" "), "Peace talks begin. Nobody knows the end.", "{name}");
        assert_eq!((&words[0]["start_ms"], &words[0]["speaker"]), (&start, &speaker), "{name}");
        assert_eq!(home.json("search peace")["total"], 1, "{name}");
    }
}

#[test]
fn notes_name_what_is_not_named() {
    let home = Home::new();
    home.file("talk.txt", "Peace talks begin.");
    home.file(
        "notes.json",
        r#"{"show": "Reports", "episode": "The vote", "published": "2020-01-07", "people": ["Ann Lee"], "note": "From the page."}"#,
    );
    home.run("add talk.txt --notes notes.json --title My_own --wait").ok();
    let episode = home.json("list")["episodes"][0].clone();
    assert_eq!(episode["title"], "My own");
    assert_eq!(episode["show"], "Reports");
    assert_eq!(episode["date"], "2020-01-07");
    let edited = home.json("edit 1 --language en");
    assert!(edited["notes"].as_str().unwrap().contains("Ann Lee"), "{edited}");
}
