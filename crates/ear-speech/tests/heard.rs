//! The whole way with a real model: nothing is invented where nobody speaks, and each language is written as itself.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop")]

use ear_core::{Stretch, StretchKind, Word, join_words};
use ear_speech::Error;
use ear_speech::audio::Sound;
use ear_speech::recognise::{Ear, Joined, LoadOptions, Options, Step, transcribe};
use std::f32::consts::TAU;
use std::ops::ControlFlow;
use std::path::PathBuf;

const RATE: f32 = 16_000.0;

/// The model, if it is on this machine.
fn ear(model: &str) -> Option<Ear> {
    match Ear::load(model, &LoadOptions { workers: 2, beam: 5 }) {
        Ok(ear) => Some(ear),
        Err(Error::ModelMissing { .. } | Error::NoRecogniser) => {
            eprintln!("skipped: {model} is not installed");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

fn read(name: &str) -> Option<Vec<f32>> {
    let folder = std::env::var_os("EARWITNESS_TESTDATA").map(PathBuf::from);
    let Some(file) = folder.map(|folder| folder.join("speech").join(name)).filter(|file| file.exists()) else {
        eprintln!("skipped: EARWITNESS_TESTDATA has no speech/{name}");
        return None;
    };
    Some(Sound::open(&file).unwrap().flat_map(|block| block.unwrap()).collect())
}

fn hear(ear: &Ear, sound: &[f32]) -> (Vec<Word>, Vec<Stretch>, Joined) {
    let (mut words, mut stretches) = (Vec::new(), Vec::new());
    let mut blocks = sound.chunks(16_000).map(|block| Ok(block.to_vec()));
    let options = Options { workers: 2, ..Options::default() };
    let joined = transcribe(ear, &mut blocks, &options, &mut |step| {
        if let Step::Heard(chunk) = step {
            words.extend(chunk.words);
            stretches.extend(chunk.stretches);
        }
        Ok(ControlFlow::Continue(()))
    })
    .unwrap();
    stretches.extend(joined.stretches.clone());
    let cut = |pair: &[Stretch]| pair[0].span.end() == pair[1].span.start();
    assert!(stretches.windows(2).all(cut), "stretches are no partition: {stretches:?}");
    assert_eq!(stretches.last().map_or(0, |last| last.span.end()), joined.duration);
    (words, stretches, joined)
}

fn sound(seconds: f32, mut at: impl FnMut(f32) -> f32) -> Vec<f32> {
    (0..(seconds * RATE) as usize).map(|i| at(i as f32 / RATE)).collect()
}

fn random(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    }
}

/// A melody over chords, another note each half second.
fn music(t: f32) -> f32 {
    let note = |hertz: f32| (1..5).map(|k| (TAU * hertz * k as f32 * t).sin() / k as f32).sum::<f32>();
    let step = (t * 2.0) as usize;
    let decay = (-(t * 2.0).fract() * 2.0).exp();
    let root = [220.0, 174.6, 261.6, 196.0][step / 4 % 4];
    let tune = [2.0, 2.25, 2.5, 3.0, 2.67, 2.5, 2.25, 2.0][step % 8];
    0.08 * (note(root) + note(root * 1.25) + note(root * 1.5) + 2.0 * decay * note(root * tune))
}

#[test]
fn nothing_is_invented() {
    let Some(ear) = ear("whisper-base") else { return };
    let (mut white, mut claps, mut hiss) = (random(1), random(2), random(3));
    let mut brown = 0.0;
    let sounds = [
        ("silence", StretchKind::Silence, sound(8.0, |_| 0.0)),
        ("white noise", StretchKind::Noise, sound(8.0, |_| 0.2 * white())),
        (
            "rumble",
            StretchKind::Noise,
            sound(8.0, |_| {
                brown = 0.98 * brown + 0.05 * hiss();
                brown
            }),
        ),
        ("a tone", StretchKind::Noise, sound(8.0, |t| 0.3 * (TAU * 440.0 * t).sin())),
        ("hum", StretchKind::Noise, sound(8.0, |t| 0.2 * (TAU * 50.0 * t).sin() + 0.1 * (TAU * 150.0 * t).sin())),
        ("clapping", StretchKind::Noise, sound(8.0, |t| 0.5 * (-(t * 9.0).fract() * 8.0).exp() * claps())),
        ("music", StretchKind::Music, sound(12.0, music)),
    ];
    for (name, kind, sound) in sounds {
        let (words, stretches, joined) = hear(&ear, &sound);
        assert_eq!(join_words(&words), "", "{name}");
        assert_eq!(stretches.iter().map(|stretch| stretch.kind).collect::<Vec<_>>(), [kind], "{name}");
        assert_eq!(joined.language, None, "{name}");
    }
}

#[test]
fn each_language_is_written_as_itself() {
    let (Some(ear), Some(spanish), Some(english)) = (ear("whisper-base"), read("spanish.wav"), read("jfk.flac")) else {
        return;
    };
    let pause = vec![0.0; 10_000];
    let both = [&spanish[..], &pause, &english, &pause, &spanish].concat();
    let (words, stretches, _) = hear(&ear, &both);
    let languages: Vec<_> = stretches.iter().filter_map(|stretch| stretch.language.as_deref()).collect();
    assert_eq!(languages, ["es", "en", "es"], "{}", join_words(&words));
    let text = join_words(&words);
    assert!(text.starts_with("Esta es una grab") && text.contains("what your country can do"), "{text}");
}

#[test]
fn a_model_that_knows_one_language_is_silent_in_others() {
    let (Some(ear), Some(spanish), Some(english)) = (ear("whisper-tiny.en"), read("spanish.wav"), read("jfk.flac"))
    else {
        return;
    };
    let (words, stretches, joined) = hear(&ear, &spanish);
    assert_eq!(join_words(&words), "");
    assert!(stretches.iter().any(|stretch| stretch.kind == StretchKind::Speech && stretch.language.is_none()));
    assert_eq!(joined.language, None);
    assert!(hear(&ear, &english).0.len() > 20);
}
