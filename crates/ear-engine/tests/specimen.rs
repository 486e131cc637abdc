//! The page that the product grew from, cut into clips.

use ear_engine::{AddOptions, Library, Stop, Verdict, Which, WorkOptions};
use std::path::Path;

/// The page that the product grew from, with the facts of its notes; likely repairs are accepted.
#[test]
fn the_specimen() {
    let Some(folder) = std::env::var_os("EARWITNESS_TESTDATA").map(|folder| Path::new(&folder).join("specimen")) else {
        eprintln!("skipped: EARWITNESS_TESTDATA is not set");
        return;
    };
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    }
    let facts: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("context.json")).unwrap()).unwrap();
    let listed = |key: &str| -> String {
        facts[key].as_array().unwrap().iter().map(|name| format!("{}\n", name.as_str().unwrap())).collect()
    };
    let library = tempfile::tempdir().unwrap();
    let library = Library::open(library.path()).unwrap();
    let options = AddOptions {
        title: facts["episode"].as_str().map(str::to_owned),
        names: Some(listed("people") + &listed("places")),
        skip_head: 5,
        skip_tail: 1,
        ..AddOptions::default()
    };
    let episode = library.add(&folder.join("heard.txt"), &options).unwrap().episode;
    let work = || library.work(&WorkOptions::default(), &Stop::default(), &|_| {}).unwrap();
    work();
    library.decide(&[Which::AllFrom(episode, 0.5)], Verdict::Accept).unwrap();
    work();
    let view = library.clips(episode).unwrap();
    let whole = library.transcript(episode, None).unwrap().unwrap();
    let clips = view.clips;
    // Where each clip is, how it is called, and which words say so; the words themselves are not ours to copy.
    let table: Vec<String> = clips
        .iter()
        .map(|view| {
            let clip = &view.clip;
            let summary: Vec<_> = clip.description.summary.iter().map(|said| said.words.clone()).collect();
            let places: Vec<_> = view.places.iter().map(|(_, name)| name.as_str()).collect();
            let tail = if clip.broken_off { ", broken off" } else { "" };
            format!("{:?}{tail}: {}\n  {summary:?}\n  {}", clip.words, clip.description.headline, places.join(", "))
        })
        .collect();
    insta::assert_snapshot!("specimen", table.join("\n"));
    let broken: Vec<bool> = clips.iter().map(|clip| clip.clip.broken_off).collect();
    assert!(!broken.is_empty() && broken.iter().enumerate().all(|(at, broken)| *broken == (at + 1 == clips.len())));
    let tail = whole.sentences.last().unwrap();
    for said in clips.iter().flat_map(|clip| &clip.clip.description.summary) {
        assert!(said.words.end <= tail.start, "a sentence that was cut off is no summary");
    }
}
