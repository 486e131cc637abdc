//! The program as it is called, with a recogniser that needs no weights.

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn ear_eval(args: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ear-eval")).args(args).current_dir(folder).output().expect("the program starts")
}

fn object(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// A tone of so many seconds at 16 kHz.
fn write_tone(path: &Path, seconds: u32) {
    let samples: Vec<u8> =
        (0..seconds * 16_000).flat_map(|at| (((at as f32 * 0.2).sin() * 10_000.0) as i16).to_le_bytes()).collect();
    let length = samples.len() as u32;
    let mut file = Vec::new();
    for part in [b"RIFF", &(36 + length).to_le_bytes(), b"WAVE", b"fmt ", &16u32.to_le_bytes(), &[1, 0, 1, 0]] {
        file.extend(part);
    }
    for part in [&16_000u32.to_le_bytes(), &32_000u32.to_le_bytes(), &[2, 0, 16, 0], b"data", &length.to_le_bytes()] {
        file.extend(part);
    }
    file.extend(samples);
    fs::write(path, file).expect("the folder can be written");
}

#[test]
fn recognition_is_scored_file_by_file() {
    let folder = tempfile::tempdir().unwrap();
    write_tone(&folder.path().join("tone.wav"), 4);
    // The fake recogniser counts, a number every 400 ms.
    fs::write(folder.path().join("tone.txt"), "One, two, three, four, five, six, seven, eight, nine, ten.").unwrap();
    let output = ear_eval(&["asr", ".", "--model", "fake", "--runs", "2", "--json"], folder.path());
    let report = object(&output);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(report["files"][0]["name"], "tone.wav");
    // Numbers said one after the other are one number after normalisation.
    assert_eq!((&report["total"]["words"], &report["total"]["wer"]), (&json!(1), &json!(0.0)));
    assert!(report["total"]["cpu_s_per_s"].as_f64().is_some_and(|cpu| cpu > 0.0));
    assert!(report["total"]["peak_mb"].as_f64().is_some_and(|peak| peak > 1.0));
}

#[test]
fn a_broken_file_counts_as_not_heard() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.wav"), "no sound").unwrap();
    fs::write(folder.path().join("broken.txt"), "three words here").unwrap();
    let output = ear_eval(&["asr", ".", "--model", "fake", "--json"], folder.path());
    let report = object(&output);
    assert_eq!((output.status.code(), &report["total"]["deletions"]), (Some(1), &json!(3)));
    assert!(report["files"][0]["error"].as_str().is_some_and(|error| error.contains("broken.wav")), "{report}");
}

#[test]
fn nothing_to_measure_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let output = ear_eval(&["asr", "."], folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no sound file with a reference"));
    assert_eq!(ear_eval(&["asr"], folder.path()).status.code(), Some(2));
}

#[test]
fn a_library_of_an_hour_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let sentence =
        |number: usize| format!("**Ann:** Sentence number {number} tells of thing {}, you know.\n\n", number * 7);
    fs::write(folder.path().join("talk.md"), (0..500).map(sentence).collect::<String>()).unwrap();
    let output = ear_eval(&["speed", "--hours", "1", "--corpora", ".", "--json"], folder.path());
    let report = object(&output);
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!((&report["hours"], &report["unanswered"]), (&json!(1), &json!(0)));
    for (kind, at_least) in [("words", 200), ("phrase", 190), ("miss", 45)] {
        let latency = &report["latency_ms"][kind];
        assert!(latency["queries"].as_u64().is_some_and(|queries| queries >= at_least), "{kind}: {latency}");
        assert!(latency["p50"].as_f64() <= latency["p99"].as_f64() && latency["p50"].is_f64());
    }
    for key in ["index_mb", "text_mb", "words_per_s", "peak_mb"] {
        assert!(report[key].as_f64().is_some_and(|value| value > 0.0), "{key}: {report}");
    }
}

#[test]
fn memory_over_a_long_file_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    write_tone(&folder.path().join("tone.wav"), 30);
    let report = object(&ear_eval(&["long", "tone.wav", "--hours", "1", "--json"], folder.path()));
    assert_eq!((&report["hours"], &report["is_flat"]), (&json!(1.0), &json!(true)));
    assert!(report["last_quarter_mb"].as_f64() <= report["peak_mb"].as_f64(), "{report}");
}

#[test]
fn invented_words_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    write_tone(&folder.path().join("tone.wav"), 6);
    // The fake recogniser takes loudness for speech, and says a number every 400 ms.
    let report = object(&ear_eval(
        &["invented", "tone.wav@1-3", "tone.wav", "--made", "2", "--model", "fake", "--json"],
        folder.path(),
    ));
    let file = |at: usize| (report["files"][at]["name"].as_str(), report["files"][at]["words"].as_u64());
    assert_eq!((file(0), file(1)), ((Some("tone.wav@1-3"), Some(5)), (Some("tone.wav"), Some(15))));
    assert_eq!(file(2), (Some("(silence)"), Some(0)));
    let minutes = report["total"]["minutes"].as_f64().unwrap();
    assert!((minutes - (8.0 + 9.0 * 2.0) / 60.0).abs() < 0.01 && report["total"]["words"].as_u64() >= Some(20));
    let told = ear_eval(&["invented", "absent.wav"], folder.path());
    assert!(told.status.code() == Some(1) && String::from_utf8_lossy(&told.stderr).contains("absent.wav"));
}

/// Two utterances with a table that names their rare words.
fn write_utterances(folder: &Path) {
    for (name, seconds) in [("a.wav", 3), ("b.wav", 4)] {
        write_utterance(&folder.join(name), seconds);
    }
    let table = "a\tone two three ahoy\t[\"ahoy\"]\nb\tfour five\t[]\n";
    fs::write(folder.join("transcripts.tsv"), table).expect("the folder can be written");
    fs::write(folder.join("others.words"), "mizzen\nhalyard\nbosun\n").expect("the folder can be written");
}

/// A tone between two pauses.
fn write_utterance(path: &Path, seconds: u32) {
    write_tone(path, seconds);
    let mut file = fs::read(path).expect("the file was just written");
    let (start, end) = (44 + 16_000, file.len() - 16_000);
    file[44..start].fill(0);
    file[end..].fill(0);
    fs::write(path, file).expect("the folder can be written");
}

#[test]
fn times_are_compared_with_joined_utterances() {
    let folder = tempfile::tempdir().unwrap();
    write_utterances(folder.path());
    let output = ear_eval(&["timing", ".", "--model", "fake", "--hours", "0.01", "--json"], folder.path());
    let report = object(&output);
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert!(report["utterances"].as_u64() >= Some(5) && report["minutes"].as_f64() >= Some(0.6), "{report}");
    assert!(report["starts"]["found"].is_u64() && report["wer"].is_f64(), "{report}");
}

#[test]
fn lists_of_words_are_tried() {
    let folder = tempfile::tempdir().unwrap();
    write_utterances(folder.path());
    let arguments =
        ["vocabulary", ".", "--model", "fake", "--distractors", "others.words", "--strangers", "3", "--json"];
    let report = object(&ear_eval(&arguments, folder.path()));
    assert_eq!(report["listed"], json!({ "none": 0, "list": 1, "strangers": 4, "misfit": 3 }));
    for condition in ["none", "list", "strangers", "misfit"] {
        let scores = &report[condition];
        assert_eq!((&scores["rare_words"], &scores["rare_wer"]), (&json!(1), &json!(1.0)), "{condition}: {scores}");
    }
}

#[test]
fn confidence_is_compared_with_the_truth() {
    let folder = tempfile::tempdir().unwrap();
    write_tone(&folder.path().join("tone.wav"), 4);
    fs::write(folder.path().join("tone.txt"), "One, two, three, four, five, six, seven, eight, nine, ten.").unwrap();
    let report =
        object(&ear_eval(&["calibration", ".", "--model", "fake", "--cross-validate", "--json"], folder.path()));
    // The fake is a hair less than .9 sure of all of it, and all of it is right.
    assert_eq!((&report["words"], &report["right"], &report["bins"][8]["n"]), (&json!(10), &json!(10), &json!(10)));
    assert!((report["ece"].as_f64().unwrap() - 0.1).abs() < 1e-6, "{report}");
    assert!(report["cross_validated"]["fitted"]["slope"].is_f64(), "{report}");
}

#[test]
fn a_soak_needs_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let output = ear_eval(&["soak", "--program", "absent"], folder.path());
    assert!(output.status.code() == Some(1) && String::from_utf8_lossy(&output.stderr).contains("there is no program"));
}
