//! Documents that others wrote, where they are at hand.

use crate::common::{assert_sound, testdata};
use ear_ingest::{
    Error,
    transcript::{Format, Parsed, TextOptions, detect, parse},
};
use std::{fs, path::Path};

fn read(path: &Path) -> Result<Parsed, Error> {
    let bytes = fs::read(path).unwrap();
    let format = detect(&path.to_string_lossy(), &bytes).unwrap_or_else(|| panic!("{} is known", path.display()));
    parse(&bytes, format, &TextOptions::default())
}

#[test]
fn every_file_parses_or_says_why_not() {
    let Some(root) = testdata("transcripts") else { return };
    let mut empty = Vec::new();
    for folder in ["podcasting20", "webvtt"] {
        let mut files: Vec<_> = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for path in files {
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            if !["srt", "vtt", "txt", "sbv"].contains(&extension) {
                continue;
            }
            match read(&path) {
                Ok(parsed) => {
                    assert_sound(&parsed.transcript);
                    let count = parsed.warnings.len();
                    eprintln!("{}: {} words, {count} warnings", path.display(), parsed.transcript.words.len());
                    parsed.warnings.iter().take(4).for_each(|warning| eprintln!("    {warning}"));
                }
                Err(error) => {
                    assert!(matches!(error, Error::Nothing { .. }), "{}: {error}", path.display());
                    empty.push(path.file_name().unwrap().to_string_lossy().into_owned());
                }
            }
        }
    }
    let expected = [
        "empty.vtt",
        "invalid_format.sbv",
        "invalid_format1.srt",
        "invalid_format2.srt",
        "invalid_format3.srt",
        "no_captions.vtt",
    ];
    assert_eq!(empty, expected);
}

#[test]
fn captions_of_podcasts_give_their_speakers() {
    let Some(root) = testdata("transcripts/podcasting20") else { return };
    for (file, expected) in [
        ("buzzcast.srt", &["Alban", "Kevin", "Travis"][..]),
        ("podnews_weekly_review_2024-01-19.vtt", &["SPEAKER_1", "SPEAKER_2", "SPEAKER_3"]),
        ("kde_express-16_kde_en_telegram.vtt", &[]),
    ] {
        let transcript = read(&root.join(file)).unwrap().transcript;
        let mut speakers: Vec<&str> = transcript.turns.iter().filter_map(|turn| turn.speaker.as_deref()).collect();
        speakers.sort_unstable();
        speakers.dedup();
        for name in expected {
            assert!(speakers.contains(name), "{file}: {speakers:?}");
        }
        eprintln!("{file}: {speakers:?}, {} turns", transcript.turns.len());
        assert!(speakers.len() <= expected.len() + 4, "{file}: {speakers:?}");
        assert!(transcript.words.iter().all(|word| word.span.is_some()), "{file}");
    }
}

#[test]
fn a_machine_transcript_is_kept_word_for_word() {
    let Some(path) = testdata("specimen/heard.txt") else { return };
    let text = fs::read_to_string(&path).unwrap();
    let expected: Vec<&str> = text.split_whitespace().collect();
    let parsed = read(&path).unwrap();
    let words: Vec<&str> = parsed.transcript.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(words, expected);
    assert_eq!(parsed.title.as_deref(), text.lines().next());
    let warned: Vec<usize> = parsed.warnings.iter().map(|warning| warning.line).collect();
    assert_eq!(warned, [1, 3, text.lines().count()], "{:?}", parsed.warnings);

    let skipped = TextOptions { skip_head: 5, skip_tail: 1 };
    let parsed = parse(text.as_bytes(), Format::Text, &skipped).unwrap();
    let spoken: Vec<&str> = parsed.transcript.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(parsed.warnings, []);
    assert!(spoken.starts_with(&["On", "Sunday"]) && spoken.ends_with(&["is", "mass"]), "{spoken:?}");
}

#[test]
fn transcripts_in_markdown_have_their_speakers() {
    let Some(root) = testdata("corpora") else { return };
    for folder in ["changelog", "optech"] {
        let mut files: Vec<_> = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.retain(|path| path.file_name().is_some_and(|name| name != "README.md"));
        for path in files {
            let parsed = read(&path).unwrap();
            assert_sound(&parsed.transcript);
            let text = fs::read_to_string(&path).unwrap();
            let label = |line: &str| line.strip_prefix("**")?.split_once("**").map(|(name, _)| name.replace(':', ""));
            let mut marked: Vec<String> = text.lines().filter_map(label).filter(|name| name != "Break").collect();
            marked.dedup();
            let turns = parsed.transcript.turns.len();
            // Turns of nothing but a mark of sound vanish.
            let off = turns.abs_diff(marked.len());
            assert!(off * 10 <= marked.len(), "{}: {turns} turns of {}", path.display(), marked.len());
        }
    }
}
