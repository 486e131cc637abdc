//! What must hold of the clips of whatever people bring.

use super::*;
use ear_ingest::transcript::{TextOptions, detect, parse};
use std::fs;
use std::path::{Path, PathBuf};

/// Documents of a set that are looked at, spread evenly.
const SOME: usize = 25;

/// Every clip is of whole sentences, all words are in one, and none is a scrap unless it is labelled.
fn check(transcript: &Transcript, place: &str) {
    let (sentences, _) = crate::names::parts(transcript);
    let pieces = Cutting::new(transcript, &sentences, None, &[], &[], &|_| 0).pieces();
    let mut next = 0;
    for piece in pieces.iter().filter(|piece| piece.music.is_none()) {
        assert_eq!(piece.sentences.start, next, "{place}: {piece:?}");
        next = piece.sentences.end;
        let words = &sentences[piece.sentences.start].start..&sentences[piece.sentences.end - 1].end;
        let long = transcript.span_of(*words.start..*words.end).map_or(0, |span| span.duration());
        let is_long_enough = words.end - words.start >= 40 || long >= 20_000;
        let is_labelled = piece.label.is_some() || pieces.len() == 1;
        assert!(is_long_enough || is_labelled, "{place}: {piece:?}");
    }
    assert_eq!(next, sentences.len(), "{place}");
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    let step = found.len().div_ceil(SOME).max(1);
    found.into_iter().step_by(step).collect()
}

#[test]
fn clips_of_real_documents_are_of_whole_sentences() {
    let Some(data) = std::env::var_os("EARWITNESS_TESTDATA").map(PathBuf::from) else {
        eprintln!("skipped: EARWITNESS_TESTDATA is not set");
        return;
    };
    let mut checked = 0;
    for set in ["corpora/changelog", "corpora/optech", "lectures/manual", "lectures/asr", "transcripts", "specimen"] {
        for path in documents(&data.join(set)) {
            let place = path.display().to_string();
            let name = place.strip_suffix(".md").map_or(place.clone(), |bare| format!("{bare}.txt"));
            let Ok(bytes) = fs::read(&path) else { continue };
            let Some(format) = detect(&name, &bytes) else { continue };
            // Ill-formed documents are among them.
            if let Ok(parsed) = parse(&bytes, format, &TextOptions::default()) {
                check(&parsed.transcript, &place);
                checked += 1;
            }
        }
    }
    assert!(checked > 50, "only {checked} documents were read in {}", data.display());
}
