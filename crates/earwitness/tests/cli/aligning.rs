//! A text beside its recording: it gets the times of the sound, and its own are checked.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use crate::home::Home;
use serde_json::Value;
use std::fmt::Write;

/// A home with one recording, what the fake recogniser hears in it, and the folder they are in.
fn recording() -> (Home, Vec<Value>) {
    let home = Home::new();
    home.sound("talks/talk.wav", 60, 220.0);
    home.run("add talks/talk.wav --model fake --wait").ok();
    let words = home.words("talk").as_array().unwrap().clone();
    assert!(words.len() > 50);
    (home, words)
}

fn text(words: &[Value]) -> String {
    words.iter().map(|word| word["text"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

/// Captions of five words each, `late` milliseconds after what was heard.
fn subtitles(words: &[Value], late: u64) -> String {
    let stamp = |ms: u64| format!("00:{:02}:{:02},{:03}", ms / 60_000, ms / 1000 % 60, ms % 1000);
    let mut srt = String::new();
    for (index, caption) in words.chunks(5).enumerate() {
        let start = caption[0]["start_ms"].as_u64().unwrap() + late;
        let end = caption[caption.len() - 1]["end_ms"].as_u64().unwrap() + late;
        writeln!(srt, "{}\n{} --> {}\n{}\n", index + 1, stamp(start), stamp(end), text(caption)).unwrap();
    }
    srt
}

/// The ids of the transcripts whose line in the head of `show` holds `what`.
fn ids(shown: &str, what: &str) -> Vec<String> {
    let lines = shown.lines().filter(|line| line.contains("transcript ") && line.contains(what));
    let id = |line: &str| line.split("transcript ").nth(1)?.split(':').next().map(str::to_owned);
    lines.filter_map(id).collect()
}

#[test]
fn a_text_without_times_gets_those_of_the_sound() {
    let (home, words) = recording();
    home.file("talks/talk.txt", text(&words));
    home.run("add talks/talk.txt --wait").ok();
    let shown = home.run("show talk").ok().out;
    assert_eq!(ids(&shown, "imported, no times").len(), 1, "{shown}");
    let aligned = ids(&shown, "imported, word times by fake");
    assert_eq!(aligned.len(), 1, "{shown}");
    let got = home.json(&format!("show talk --transcript {}", aligned[0]));
    let times = |words: &[Value]| words.iter().map(|word| word["start_ms"].clone()).collect::<Vec<_>>();
    assert_eq!(times(got["words"].as_array().unwrap()), times(&words));
    assert_eq!((&got["engine"], &got["model"]), (&"aligned".into(), &"fake".into()));
    let vtt = home.run(&format!("export talk --transcript {} --format vtt", aligned[0])).ok().out;
    assert!(vtt.contains("-->"), "{vtt}");
    // Doing it again changes nothing.
    home.run("add talks/talk.txt --wait").ok();
    home.run("work").ok();
    assert_eq!(home.run("show talk").ok().out, shown);
}

#[test]
fn times_that_are_off_are_told_and_put_right() {
    let (home, words) = recording();
    home.file("talks/talk.srt", subtitles(&words, 4000));
    let ran = home.run("add talks/talk.srt --wait").ok();
    assert!(ran.err.contains("the imported times run 4.0 s late"), "{ran:?}");
    let shown = home.run("show talk").ok().out;
    let (brought, aligned) = (ids(&shown, "imported, caption times"), ids(&shown, "imported, word times by fake"));
    assert_eq!((brought.len(), aligned.len()), (1, 1), "{shown}");
    let brought = home.run(&format!("show talk --transcript {}", brought[0])).ok().out;
    let note = format!("run 4.0 s late; transcript {} has them put right", aligned[0]);
    assert!(brought.contains(&note), "{brought}");
    let got = home.json(&format!("show talk --transcript {}", aligned[0]));
    assert_eq!(got["words"][0]["start_ms"], words[0]["start_ms"]);
}

#[test]
fn a_text_of_something_else_is_told_apart() {
    let (home, _) = recording();
    home.file(
        "talks/talk.txt",
        "Nobody counts here; it is about rivers, their mouths, and what they carry to the sea.\n",
    );
    let ran = home.run("add talks/talk.txt --wait").ok();
    assert!(ran.err.contains("is not of this recording"), "{ran:?}");
    let shown = home.run("show talk").ok().out;
    assert!(ids(&shown, "imported, no times").len() == 1 && ids(&shown, "word times").len() == 1, "{shown}");
}
