//! Names of a list, heard in real speech.

#![cfg(any(feature = "shared-recogniser", feature = "source-recogniser"))]

mod audio_support;

use audio_support::testdata;
use ear_core::{Alternative, Word, join_words};
use ear_speech::Error;
use ear_speech::audio::Sound;
use ear_speech::recognise::{Ear, LoadOptions, Options, Step, transcribe};
use std::ops::ControlFlow;
use std::path::Path;

fn hear(ear: &Ear, file: &Path, names: &[&str]) -> Result<(Vec<Word>, Vec<Alternative>), Error> {
    let vocabulary = names.iter().map(|name| (*name).to_owned()).collect();
    let options = Options { language: Some("en".into()), vocabulary, workers: 1, ..Options::default() };
    let (mut words, mut alternatives) = (Vec::new(), Vec::new());
    let mut sound = Sound::open(file)?.map(|block| block.map_err(Error::from));
    transcribe(ear, &mut sound, &options, &mut |step| {
        if let Step::Heard(chunk) = step {
            words.extend(chunk.words);
            alternatives.extend(chunk.alternatives);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((words, alternatives))
}

#[test]
fn names_are_heard_where_they_are_said_and_nowhere_else() {
    let Some(folder) = testdata("speech") else { return };
    let ear = match Ear::load("whisper-base", &LoadOptions { workers: 1, beam: 5 }) {
        Ok(ear) => ear,
        Err(Error::ModelMissing { .. }) => return eprintln!("skipped: the model is not installed"),
        Err(error) => panic!("{error}"),
    };
    let file = folder.join("librispeech_test-other/1688/1688-142285-0005.flac");
    let (plain, _) = hear(&ear, &file, &[]).unwrap();
    let (misfit, _) = hear(&ear, &file, &["Kubernetes", "Wagner", "Saoirse", "ComfyUI", "peephole"]).unwrap();
    assert_eq!(plain, misfit);

    let (words, alternatives) = hear(&ear, &file, &["Kubernetes", "shoppy", "Wagner"]).unwrap();
    let name = words.iter().find(|word| word.text == "shoppy");
    assert!(!join_words(&plain).contains("shoppy"), "nothing is shown by a word that was heard anyway");
    assert!(name.is_some_and(|name| name.confidence.is_some_and(|sure| sure >= 0.5)), "{words:?}");
    // What was heard without the list is not hidden, and each word keeps its time.
    assert!(alternatives.iter().any(|other| other.text.trim() == join_words(&plain)), "{alternatives:?}");
    assert_eq!(words.len(), plain.len());
    let moved = words.iter().zip(&plain).filter_map(|(word, before)| Some((word.span?, before.span?)));
    assert!(moved.into_iter().all(|(now, before)| now.start().abs_diff(before.start()) <= 100), "{words:?}\n{plain:?}");
}
