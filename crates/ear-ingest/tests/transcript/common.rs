//! Shared by the tests of whole documents.

use ear_core::{Transcript, join_words};
use ear_ingest::transcript::{Format, Parsed, TextOptions, parse};
use std::fmt::Write as _;

/// Parses what must parse.
pub fn read(document: &str, format: Format) -> Parsed {
    parse(document.as_bytes(), format, &TextOptions::default()).unwrap_or_else(|error| panic!("{error}\n{document}"))
}

/// A transcript as a page: turns (or the whole) with times and words, then stretches and warnings.
pub fn page(parsed: &Parsed) -> String {
    let transcript = &parsed.transcript;
    let mut page = format!("{:?}", transcript.timing);
    for (name, value) in [("title", &parsed.title), ("language", &transcript.language)] {
        if let Some(value) = value {
            write!(page, " {name}={value}").unwrap();
        }
    }
    page.push('\n');
    let whole = [ear_core::Turn { speaker: Some(String::new()), words: 0..transcript.words.len() }];
    let turns = if transcript.turns.is_empty() { &whole[..] } else { &transcript.turns };
    for turn in turns {
        let span = transcript.span_of(turn.words.clone()).map(|span| format!("{}-{} ", span.start(), span.end()));
        let speaker = turn.speaker.as_deref().unwrap_or("?");
        let words = join_words(&transcript.words[turn.words.clone()]);
        writeln!(page, "{}{speaker}: {words}", span.unwrap_or_default()).unwrap();
    }
    for stretch in &transcript.stretches {
        writeln!(page, "{}-{} {:?}", stretch.span.start(), stretch.span.end(), stretch.kind).unwrap();
    }
    for warning in &parsed.warnings {
        writeln!(page, "! {warning}").unwrap();
    }
    page
}

/// What holds for every transcript that comes out.
pub fn assert_sound(transcript: &Transcript) {
    let spans: Vec<_> = transcript.words.iter().filter_map(|word| word.span).collect();
    assert!(spans.windows(2).all(|pair| pair[0].end() <= pair[1].start()), "spans ascend");
    let last = spans.last().map(|span| span.end());
    // Our own export knows how long its sound is.
    assert!(transcript.duration == last || transcript.engine.is_some() && transcript.duration > last);
    let has_space = |text: &str| text.contains(char::is_whitespace);
    assert!(transcript.words.iter().all(|word| !word.text.is_empty() && !has_space(&word.text)), "words are words");
    if let Some(last) = transcript.turns.last() {
        assert_eq!((transcript.turns[0].words.start, last.words.end), (0, transcript.words.len()));
        assert!(transcript.turns.windows(2).all(|pair| pair[0].words.end == pair[1].words.start));
        assert!(transcript.turns.iter().all(|turn| !turn.words.is_empty()));
    }
    assert!(transcript.words.iter().filter_map(|word| word.confidence).all(|sure| (0.0..=1.0).contains(&sure)));
    assert!(transcript.stretches.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()));
}

/// The folder of foreign test data, if there is one.
pub fn testdata(part: &str) -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("EARWITNESS_TESTDATA").map(|root| std::path::Path::new(&root).join(part));
    let folder = folder.filter(|folder| folder.exists());
    if folder.is_none() {
        eprintln!("skipped: no {part} (set EARWITNESS_TESTDATA)");
    }
    folder
}

/// A transcript as its facts, and each word with its time and confidence, a line a turn.
pub fn spoken(parsed: &Parsed) -> String {
    let transcript = &parsed.transcript;
    let mut page = format!("{} {:?}", parsed.dialect.unwrap_or("?"), transcript.timing);
    if let Some(language) = &transcript.language {
        write!(page, " {language}").unwrap();
    }
    for (index, word) in transcript.words.iter().enumerate() {
        if let Some(turn) = transcript.turns.iter().find(|turn| turn.words.start == index) {
            write!(page, "\n{}:", turn.speaker.as_deref().unwrap_or("?")).unwrap();
        } else if index == 0 {
            page.push_str("\n:");
        }
        let time = word.span.map(|span| format!("({}-{})", span.start(), span.end())).unwrap_or_default();
        let sure = word.confidence.map(|sure| format!("{sure:.2}")).unwrap_or_default();
        write!(page, " {}{}{time}{sure}", if word.glued { "+" } else { "" }, word.text).unwrap();
    }
    for stretch in &transcript.stretches {
        write!(page, "\n{}-{} {:?}", stretch.span.start(), stretch.span.end(), stretch.kind).unwrap();
    }
    for warning in &parsed.warnings {
        write!(page, "\n! {warning}").unwrap();
    }
    page
}
