//! `list`, `show`, `export`, `search` and `transcribe`.

use crate::home::Home;
use serde_json::json;
use std::fs;
use std::path::Path;

/// Two imported transcripts, one of which has times and speakers.
fn two_talks() -> Home {
    let home = Home::new();
    home.file(
        "vote.vtt",
        "WEBVTT\n\n00:01.000 --> 00:03.500\n<v Ann>The parliament in Baghdad voted today.\n\n00:01:04.000 --> 00:01:06.000\n<v Bo>Nobody knows what the peace talks will bring.\n",
    );
    home.file("garden.txt", "Roses want sun. The peace lily wants shade, and it talks to nobody.");
    home.run("add vote.vtt --title The_vote --show Reports --date 2020-01-07 --wait").ok();
    home.run("add garden.txt --title The_garden --date 2021-05-01 --wait").ok();
    home
}

#[test]
fn lists_are_newest_first() {
    let home = two_talks();
    let listed = home.run("list").ok().out;
    let lines: Vec<&str> = listed.lines().collect();
    assert!(lines[0].contains("2021-05-01") && lines[0].contains("The garden"), "{listed}");
    assert!(lines[1].contains("2020-01-07") && lines[1].contains("The vote  Reports"), "{listed}");
    assert_eq!(home.json("list --limit 1")["episodes"].as_array().unwrap().len(), 1);
    assert_eq!(home.json("list --show reports")["total"], 1);
    assert_eq!(home.json("list --shows")["shows"][0]["title"], "Reports");
    assert_eq!(home.run("list --show nothing").code, Some(3));
}

#[test]
fn transcripts_read_well() {
    let home = two_talks();
    let shown = home.run("show vote").ok().out;
    for part in ["The vote", "Reports · 2020-01-07", "0:01  Ann\n", "1:04  Bo\n", "peace talks"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let from = home.run("show vote --at 1:04").ok().out;
    assert!(!from.contains("parliament") && from.contains("peace talks"), "{from}");
    let json = home.json("show vote");
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    let expected = ["duration_ms", "engine", "language", "model", "sentences", "stretches", "timing", "turns", "words"];
    assert_eq!(
        {
            let mut keys = keys;
            keys.sort();
            keys
        },
        expected
    );
    assert_eq!(json["turns"][1]["speaker"], "Bo");
    assert_eq!(json["sentences"][0], json!([0, 6]));
}

#[test]
fn unknown_and_ambiguous_episodes_are_told_apart() {
    let home = two_talks();
    for (line, code) in
        [("show 99 --json", "not_found"), ("show nothing --json", "not_found"), ("show the --json", "ambiguous")]
    {
        let ran = home.run(line);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        assert_eq!(ran.json()["error"]["code"], code, "{ran:?}");
    }
    let ran = home.run("export 99 --format srt");
    assert_eq!((ran.code, ran.out.as_str()), (Some(3), ""));
    assert!(ran.err.starts_with("error: "), "{ran:?}");
}

#[test]
fn transcripts_are_written_for_other_programs() {
    let home = two_talks();
    for (format, expected) in [
        ("txt", "The parliament in Baghdad voted today."),
        ("srt", "00:00:01,000 --> 00:00:03,500\n"),
        ("vtt", "00:00:01.000 --> 00:00:03.500\n<v Ann>"),
        ("md", "# The vote"),
        ("json", "\"start_ms\": 1000"),
    ] {
        let ran = home.run(&format!("export vote --format {format}")).ok();
        assert!(ran.out.contains(expected), "{format}: {}", ran.out);
        let name = format!("out.{format}");
        let to_file = home.run(&format!("export vote --output {name}")).ok();
        assert_eq!(to_file.out, "");
        assert_eq!(fs::read_to_string(home.path(&name)).unwrap(), ran.out, "{format}");
    }
    let nowhere = home.run("export vote --output none/out.txt --json");
    assert_eq!((nowhere.code, nowhere.json()["error"]["code"].as_str()), (Some(1), Some("storage")));
}

#[test]
fn words_and_phrases_are_found() {
    let home = two_talks();
    for (query, total) in [
        ("peace_talks", 2),
        ("\"peace_talks\"", 1),
        ("peace_-lily", 1),
        ("voted_OR_roses", 2),
        ("parli*", 1),
        ("speaker:bo_peace", 1),
        ("peace --since 2021-01-01", 1),
        ("peace --show reports", 1),
        ("peace --speaker ann", 0),
        ("helicopter", 0),
    ] {
        assert_eq!(home.json(&format!("search {query}"))["total"], total, "{query}");
    }
    let newest = home.json("search peace --order newest --limit 1");
    assert_eq!((newest["total"].as_u64(), newest["hits"][0]["episode"].as_str()), (Some(2), Some("The garden")));
}

#[test]
fn answers_have_the_documented_shape() {
    let home = two_talks();
    let answer = home.json("search \"peace_talks\"");
    let hit = answer["hits"][0].as_object().unwrap();
    let mut keys: Vec<&str> = hit.keys().map(String::as_str).collect();
    keys.sort_unstable();
    let expected = [
        "by",
        "clip_id",
        "end_ms",
        "end_word",
        "episode",
        "episode_id",
        "group",
        "heard",
        "matched",
        "name",
        "probability",
        "score",
        "show",
        "show_id",
        "speaker",
        "start_ms",
        "start_word",
        "text",
        "transcript_id",
        "url",
    ];
    assert_eq!(keys, expected);
    assert!(hit["episode_id"].is_string() && hit["clip_id"].is_string() && hit["speaker"] == "Bo");
    let text: Vec<char> = hit["text"].as_str().unwrap().chars().collect();
    let matched: Vec<String> = hit["matched"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| text[pair[0].as_u64().unwrap() as usize..pair[1].as_u64().unwrap() as usize].iter().collect())
        .collect();
    assert!(matched.join(" ").starts_with("peace"), "{matched:?}");
    assert_eq!((&answer["pending"], &answer["query"]), (&json!(0), &json!("\"peace talks\"")));
    let read = home.run("search parliament").ok();
    assert!(read.out.contains("«parliament»") && read.out.contains("earwitness show"), "{read:?}");
    assert_eq!(read.err, "1 hit\n");
}

#[test]
fn what_is_not_searched_yet_is_told() {
    let home = two_talks();
    home.sound("late.wav", 5, 220.0);
    home.run("add late.wav --model fake --queue").ok();
    let ran = home.run("search peace").ok();
    assert!(ran.err.contains("1 episode can't be searched yet"), "{ran:?}");
    assert_eq!(home.json("search peace")["pending"], 1);
    let misspelled = home.run("search parliamant --by words").ok();
    assert!(
        misspelled.err.contains("nobody said “parliamant”") && misspelled.out.contains("«parliament»"),
        "{misspelled:?}"
    );
}

#[test]
fn broken_queries_point_at_the_place() {
    let home = two_talks();
    let ran = home.run_with(["search", "peace \"talks"]);
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert!(ran.err.ends_with("  peace \"talks\n        ^\n"), "{}", ran.err);
    let json = home.run_with(["search", "peace \"talks", "--json"]);
    assert_eq!((json.code, json.json()["error"]["code"].as_str()), (Some(4), Some("query")));
    assert!(json.json()["error"]["where"].as_str().unwrap().contains('7'), "{json:?}");
}

#[test]
fn one_file_is_recognised_without_a_library() {
    let home = Home::new();
    home.sound("talk.wav", 12, 220.0);
    let text = home.run("transcribe talk.wav --model fake").ok();
    assert!(text.out.starts_with("one two"), "{text:?}");
    let json = home.json("transcribe talk.wav --model fake");
    assert_eq!((&json["model"], &json["duration_ms"]), (&json!("fake"), &json!(12_000)));
    home.run("transcribe talk.wav --model fake --output talk.srt").ok();
    assert!(fs::read_to_string(home.path("talk.srt")).unwrap().starts_with("1\n00:00:00,000 --> "));
    assert!(!home.library().exists());
    let broken = home.file("broken.wav", "no sound");
    let ran = home.run_with([Path::new("transcribe"), &broken, Path::new("--model"), Path::new("fake")]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    assert!(ran.err.contains("broken.wav"), "{ran:?}");
}
