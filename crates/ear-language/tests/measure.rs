//! How well bare text is cut, measured on transcripts that others punctuated, where they are at hand: their
//! punctuation and case are taken away, and the sentences found are held against those of the original.

use ear_core::{Origin, Transcript, Turn, Word, WordRange};
use ear_language::sentences;
use std::{collections::BTreeSet, fs, path::PathBuf};

/// The files of a folder of the test data, in order; none where it is absent.
fn files(folder: &str) -> Vec<PathBuf> {
    let root = std::env::var_os("EARWITNESS_TESTDATA").map(PathBuf::from).unwrap_or_default();
    let Ok(entries) = fs::read_dir(root.join(folder)) else {
        eprintln!("skipped: no {folder} (set EARWITNESS_TESTDATA)");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    files.sort();
    files
}

/// A transcript whose paragraphs are turns.
fn transcript<'a>(paragraphs: impl Iterator<Item = &'a str>) -> Transcript {
    let mut transcript = Transcript::empty(Origin::Imported);
    for paragraph in paragraphs {
        let start = transcript.words.len();
        let words = paragraph.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
        transcript.words.extend(words.map(Word::untimed));
        let words = start..transcript.words.len();
        if !words.is_empty() {
            transcript.turns.push(Turn { speaker: None, words });
        }
    }
    transcript
}

/// The same without case and punctuation.
fn bare(transcript: &Transcript) -> Transcript {
    let mut bare = transcript.clone();
    for word in &mut bare.words {
        word.text = word.text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    }
    bare
}

/// Boundaries within turns: how many are right, how many were found, how many there are.
fn compare(found: &[WordRange], expected: &[WordRange], turns: &[Turn]) -> [usize; 3] {
    let edges: BTreeSet<usize> = turns.iter().map(|turn| turn.words.start).collect();
    let inner = |ranges: &[WordRange]| -> BTreeSet<usize> {
        ranges.iter().map(|range| range.start).filter(|start| !edges.contains(start)).collect()
    };
    let (found, expected) = (inner(found), inner(expected));
    [found.intersection(&expected).count(), found.len(), expected.len()]
}

fn measure(name: &str, transcripts: impl Iterator<Item = Transcript>) -> f64 {
    let (mut sums, mut words, mut pieces, mut even) = ([0; 3], 0, 0, [0; 3]);
    for transcript in transcripts {
        let bare = bare(&transcript);
        let (found, expected) = (sentences(&bare), sentences(&transcript));
        let add = |sums: &mut [usize; 3], counts: [usize; 3]| {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count)
        };
        add(&mut sums, compare(&found, &expected, &transcript.turns));
        let cuts: Vec<WordRange> = transcript
            .turns
            .iter()
            .flat_map(|turn| turn.words.clone().step_by(15).map(|start| start..start + 1))
            .collect();
        add(&mut even, compare(&cuts, &expected, &transcript.turns));
        words += transcript.words.len();
        pieces += found.len();
    }
    let f1 = |[right, found, expected]: [usize; 3]| 2.0 * right as f64 / (found + expected).max(1) as f64;
    eprintln!(
        "{name}: F1 {:.3} (precision {:.3}, recall {:.3}), {:.1} words a sentence; every 15 words: F1 {:.3}",
        f1(sums),
        sums[0] as f64 / sums[1].max(1) as f64,
        sums[0] as f64 / sums[2].max(1) as f64,
        words as f64 / pieces.max(1) as f64,
        f1(even)
    );
    f1(sums)
}

fn read(path: &PathBuf) -> String {
    fs::read_to_string(path).expect("the file is text")
}

#[test]
fn podcasts() {
    // The weights were fitted to every fourth file from the first.
    let files: Vec<PathBuf> = files("corpora/changelog").into_iter().skip(1).step_by(4).collect();
    if files.is_empty() {
        return;
    }
    let spoken = |line: &str| -> String {
        let line = line.split_once(":** ").map_or(line, |(_, spoken)| spoken);
        line.split("\\[").map(|part| part.split_once("\\]").map_or(part, |(_, after)| after)).collect()
    };
    let f1 = measure(
        "podcasts",
        files.iter().map(|path| {
            let lines: Vec<String> = read(path).lines().map(spoken).collect();
            transcript(lines.iter().map(String::as_str))
        }),
    );
    assert!(f1 > 0.40, "{f1}");
}

#[test]
fn another_show() {
    let files: Vec<PathBuf> = files("corpora/optech").into_iter().filter(|path| !path.ends_with("README.md")).collect();
    if files.is_empty() {
        return;
    }
    let f1 = measure(
        "another show",
        files.iter().map(|path| {
            let text = read(path);
            let body = text.split("## Transcription").last().unwrap_or_default().to_owned();
            let spoken = |part: &str| part.trim().split_once("**: ").map_or(part, |(_, spoken)| spoken).to_owned();
            let parts: Vec<String> = body.split("\n\n").map(spoken).collect();
            transcript(parts.iter().map(String::as_str))
        }),
    );
    assert!(f1 > 0.43, "{f1}");
}

#[test]
fn lectures() {
    let files = files("lectures/manual");
    if files.is_empty() {
        return;
    }
    // One breath a line, punctuation apart; turns here are the lecture's topics.
    let f1 = measure(
        "lectures",
        files.iter().map(|path| {
            let text = read(path).replace(" .", ".").replace(" ?", "?").replace(" ,", ",").replace(" '", "'");
            let topics: Vec<String> = text.split("==========").map(str::to_owned).collect();
            transcript(topics.iter().map(String::as_str))
        }),
    );
    assert!(f1 > 0.40, "{f1}");
}
