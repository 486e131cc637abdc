//! A library through faults: what is refused, what is done once and not twice.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use ear_engine::core::EpisodeId;
use ear_engine::{AddOptions, DoctorOptions, ErrorKind, ExportFormat, Library, SearchRequest, Stop, WorkOptions};
use ear_store::{NewJob, Store};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A tone as a 16 kHz mono WAV file.
fn wav(folder: &Path, seconds: u32) -> PathBuf {
    let samples: Vec<u8> =
        (0..seconds * 16_000).flat_map(|i| (((f64::from(i) * 0.2).sin() * 9000.0) as i16).to_le_bytes()).collect();
    let length = samples.len() as u32;
    let mut bytes = [b"RIFF", &(36 + length).to_le_bytes()[..], b"WAVEfmt ", &16u32.to_le_bytes()].concat();
    bytes.extend([1u16, 1].map(u16::to_le_bytes).concat());
    bytes.extend([16_000u32, 32_000].map(u32::to_le_bytes).concat());
    bytes.extend([2u16, 16].map(u16::to_le_bytes).concat());
    bytes.extend([b"data", &length.to_le_bytes()[..], &samples].concat());
    let file = folder.join("tone.wav");
    fs::write(&file, bytes).unwrap();
    file
}

/// A library with one episode that the fake recogniser has heard.
fn heard() -> (TempDir, Library, EpisodeId) {
    let folder = tempfile::tempdir().unwrap();
    let file = wav(folder.path(), 12);
    let library = Library::open(&folder.path().join("library")).unwrap();
    let options = AddOptions { model: Some("fake".into()), ..AddOptions::default() };
    let episode = library.add(&file, &options).unwrap().episode;
    work(&library);
    (folder, library, episode)
}

fn work(library: &Library) {
    let summary = library.work(&WorkOptions::default(), &Stop::default(), &|_| ()).unwrap();
    assert_eq!((summary.failed, summary.stopped), (0, false));
}

fn hits(library: &Library, query: &str) -> usize {
    library.search(&SearchRequest { query: query.into(), ..SearchRequest::default() }).unwrap().total
}

/// What the doctor finds, as (code, mended).
fn doctor(library: &Library, repair: bool, thorough: bool) -> Vec<(&'static str, bool)> {
    let findings = library.doctor(&DoctorOptions { repair, thorough }, &|_| ()).unwrap();
    findings.iter().map(|finding| (finding.fault.code(), finding.mended)).collect()
}

#[test]
fn a_sound_library_has_no_faults() {
    let (_folder, library, _) = heard();
    assert_eq!(doctor(&library, false, true), []);
    assert!(hits(&library, "\"two three\"") > 0);
}

#[test]
fn recordings_without_their_database_are_not_taken_for_a_new_library() {
    let (folder, library, _) = heard();
    let place = library.folder().to_owned();
    drop(library);
    for file in ["earwitness.db", "earwitness.db-wal", "earwitness.db-shm"] {
        fs::remove_file(place.join(file)).ok();
    }
    let error = Library::open(&place).unwrap_err();
    assert!(error.kind == ErrorKind::Storage && error.message.contains("database is gone"), "{error}");
    assert!(folder.path().join("library/recordings").read_dir().unwrap().next().is_some());
}

#[test]
fn sound_that_was_heard_is_not_heard_twice() {
    let (_folder, library, episode) = heard();
    // As after a worker that died between the last word and saying that it was done.
    let store = Store::open(&library.folder().join("earwitness.db")).unwrap();
    let options = serde_json::json!({"model": "fake"}).to_string();
    store.enqueue(&NewJob { options, ..NewJob::new("transcribe", Some(episode)) }).unwrap();
    work(&library);
    assert_eq!(library.episode(episode).unwrap().transcripts.len(), 1);
}

#[test]
fn subtitles_need_times() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("talk.txt");
    fs::write(&file, "Nobody wrote down when this was said.\n").unwrap();
    let library = Library::open(&folder.path().join("library")).unwrap();
    let episode = library.add(&file, &AddOptions::default()).unwrap().episode;
    let error = library.export(episode, None, ExportFormat::Srt).unwrap_err();
    assert!(error.kind == ErrorKind::BadInput && error.remedy.is_some(), "{error}");
    assert!(library.export(episode, None, ExportFormat::Text).unwrap().starts_with("Nobody wrote"));
}

#[test]
fn models_are_named_rightly_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = wav(folder.path(), 1);
    let library = Library::open(&folder.path().join("library")).unwrap();
    let options = AddOptions { model: Some("no-such-model".into()), ..AddOptions::default() };
    assert_eq!(library.add(&file, &options).unwrap_err().kind, ErrorKind::BadInput);
}
