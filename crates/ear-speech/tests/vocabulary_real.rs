//! Names of a list, heard in real speech.

#![cfg(any(feature = "shared-recogniser", feature = "source-recogniser"))]

mod audio_support;

use audio_support::testdata;
use ear_core::{Alternative, Word, join_words};
use ear_speech::Error;
use ear_speech::audio::Sound;
use ear_speech::recognise::{Ear, LoadOptions, Options, Reading, Step, transcribe};
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

#[test]
fn a_reading_that_was_said_weighs_more_than_one_that_sounds_alike() {
    let Some(folder) = testdata("speech") else { return };
    let ear = match Ear::load("whisper-base", &LoadOptions { workers: 1, beam: 1 }) {
        Ok(ear) => ear,
        Err(Error::ModelMissing { .. }) => return eprintln!("skipped: the model is not installed"),
        Err(error) => panic!("{error}"),
    };
    let file = folder.join("librispeech_test-other/1688/1688-142285-0004.flac");
    let sound: Vec<f32> = Sound::open(&file).unwrap().flat_map(Result::unwrap).collect();
    let before = "His statement of having been a";
    let reading = |words| Reading { before, words, after: "was the thing I liked best" };
    let readings = ["shop-boy", "shoppy", "Chopin", "shop-boy"].map(reading);
    let long = "word ".repeat(500);
    let all = [&readings[..], &[reading(" "), reading(&long)]].concat();
    for language in [Some("en"), None] {
        let weighed = ear.recogniser.weigh(&sound, language, &all).unwrap();
        let [Some(said), Some(like), Some(other), Some(again), None, None] = weighed[..] else { panic!("{weighed:?}") };
        assert_eq!(said, again);
        assert!(said.log_prob > like.log_prob && like.log_prob > other.log_prob, "{weighed:?}");
        assert!(said.tokens > 1 && said.context_log_prob < 0.0 && said.context_log_prob > -8.0, "{weighed:?}");
    }
    assert_eq!(ear.recogniser.weigh(&sound[..100], None, &readings).unwrap(), [None; 4]);
    assert_eq!(ear.recogniser.weigh(&sound, None, &[]).unwrap(), []);
    // What is beyond a window is not heard.
    let twice = [&sound[..], &vec![0.0; 40 * 16_000]].concat();
    assert!(ear.recogniser.weigh(&twice, Some("en"), &readings).unwrap().iter().all(Option::is_some));
}
