//! The seeds of the fuzz targets, each of which once was a thought of what could go wrong.

use crate::common::assert_sound;
use ear_ingest::transcript::{Format, TextOptions, detect, parse};
use std::{
    fs,
    path::{Path, PathBuf},
};

#[test]
fn every_seed_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for (folder, format) in [
        ("srt", Format::Srt),
        ("vtt", Format::Vtt),
        ("json", Format::Json),
        ("html", Format::Html),
        ("ttml", Format::Ttml),
        ("text", Format::Text),
    ] {
        let files = seeds(&corpus, folder, 4);
        for path in files {
            let bytes = fs::read(&path).unwrap();
            let found = detect("a", &bytes);
            // These say what they are; a name has to say it for the others.
            if ["json", "html", "ttml"].contains(&folder) {
                assert_eq!(found, Some(format), "{}", path.display());
            }
            match parse(&bytes, format, &TextOptions::default()) {
                Ok(parsed) => assert_sound(&parsed.transcript),
                Err(error) => assert!(path.to_string_lossy().contains("refused"), "{}: {error}", path.display()),
            }
        }
    }
}

#[test]
fn every_seed_of_names_and_chapters_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for path in seeds(&corpus, "names", 2) {
        let (names, _) = ear_ingest::names::parse(&fs::read_to_string(&path).unwrap());
        assert!(names.iter().all(|entry| !entry.name.is_empty()) && names.len() >= 3, "{}: {names:?}", path.display());
    }
    for path in seeds(&corpus, "chapters", 3) {
        match ear_ingest::chapters::parse(&fs::read(&path).unwrap()) {
            Ok((chapters, _)) => assert!(chapters.len() >= 2, "{}", path.display()),
            Err(error) => assert!(path.to_string_lossy().contains("refused"), "{}: {error}", path.display()),
        }
    }
}

fn seeds(corpus: &Path, folder: &str, least: usize) -> Vec<PathBuf> {
    let files: Vec<_> = fs::read_dir(corpus.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= least, "{folder} has seeds");
    files
}

#[test]
fn repetition_is_read_in_linear_time() {
    const BYTES: usize = 1 << 16;
    let started = std::time::Instant::now();
    for piece in [
        "<a", "{\\a", "[a ", "A: ", "& ", "&#", "[", "0:01 ", "0:01\n", "-->\n", ">> ", "- A:\n", "<v A>b", "a\n\n",
        "♪ ", "日",
    ] {
        for format in [Format::Srt, Format::Vtt, Format::Text] {
            for start in ["", "WEBVTT\n\n00:00.000 --> 00:01.000\n"] {
                let document = start.to_owned() + &piece.repeat(BYTES / piece.len());
                if let Ok(parsed) = parse(document.as_bytes(), format, &TextOptions::default()) {
                    assert_sound(&parsed.transcript);
                }
            }
        }
    }
    // Seconds are plenty for what is linear; what is quadratic takes hours.
    assert!(started.elapsed().as_secs() < 120, "{:?}", started.elapsed());
}
