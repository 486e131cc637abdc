//! Whether memory stays flat over a very long file.

use crate::Outcome;
use crate::files;
use crate::random::Random;
use crate::table::{Table, number};
use crate::usage;
use crate::wav;
use anyhow::{Context, Result, ensure};
use clap::Args;
use ear_core::Millis;
use ear_speech::audio::{SAMPLE_RATE, Sound};
use ear_speech::recognise::{Ear, LoadOptions, Options, Step, transcribe};
use serde::Serialize;
use std::f32::consts::TAU;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Growth from the first quarter to the last that is no leak: allocators and the system round generously.
const FLAT_MB: f64 = 16.0;
/// The same as a share, for recognisers that hold hundreds of megabytes.
const FLAT_SHARE: f64 = 0.05;
const SEED: u64 = 1;
/// Different syllables of made sound.
const SYLLABLES: usize = 500;

/// Memory over time of decoding, voice detection and recognition of hours of sound.
#[derive(Args, Debug)]
pub struct LongArgs {
    /// Sound that is repeated one after the other: files or folders. Without any, sound like speech is made.
    places: Vec<PathBuf>,
    /// Hours of the long file; a WAV of 115 MB an hour is written to the temporary folder.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=23))]
    hours: u8,
    /// The model to recognise with; `fake` needs no weights and takes no time.
    #[arg(long, default_value = "fake")]
    model: String,
    /// Beam width.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=64))]
    beam: u16,
    /// Threads that recognise.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    hours: f64,
    words: usize,
    cpu_s_per_s: f64,
    peak_mb: f64,
    /// The most held in the first quarter, in MB.
    first_quarter_mb: f64,
    /// The most held in the last quarter, in MB.
    last_quarter_mb: f64,
    is_flat: bool,
}

/// Measures, and prints a table or an object. Incomplete where memory grew.
pub fn run(args: &LongArgs) -> Result<Outcome> {
    let folder = tempfile::tempdir().context("make a folder for the long file")?;
    let long = folder.path().join("long.wav");
    let hours = u64::from(args.hours);
    let samples = wav::samples(3600.0) * usize::from(args.hours);
    if args.places.is_empty() {
        make(&long, samples)?;
    } else {
        let sounds: Vec<PathBuf> =
            args.places.iter().map(|place| files::sounds(place)).collect::<Result<Vec<_>>>()?.concat();
        repeat(&sounds, &long, samples)?;
    }
    let ear = Ear::load(&args.model, &LoadOptions { workers: args.threads.into(), beam: args.beam.into() })?;
    let options = Options { workers: args.threads.into(), ..Options::default() };
    let report = listen(&ear, &options, &long, hours * 3_600_000)?;
    crate::print(args.json, &report, table)?;
    Ok(Outcome::complete_if(report.is_flat))
}

/// Recognises as the product does, but keeps no words: what it holds is what the way itself needs.
fn listen(ear: &Ear, options: &Options, sound: &Path, length: Millis) -> Result<Report> {
    let mut blocks = Sound::open(sound)?.map(|block| block.map_err(Into::into));
    let (mut first, mut last, mut words, mut unread) = (0.0f64, 0.0f64, 0, None);
    let mut on_step = |step| {
        match step {
            Step::Looked(moment) => match usage::memory_mb() {
                Ok(memory) if moment <= length / 4 => first = first.max(memory),
                Ok(memory) if moment > length / 4 * 3 => last = last.max(memory),
                Ok(_) => {}
                Err(error) => unread = Some(error),
            },
            Step::Heard(chunk) => words += chunk.words.len(),
        }
        Ok(ControlFlow::Continue(()))
    };
    let (joined, cpu_s, _) = usage::timed(|| transcribe(ear, &mut blocks, options, &mut on_step));
    let seconds = joined?.duration as f64 / 1000.0;
    if let Some(error) = unread {
        return Err(error);
    }
    ensure!(last > 0.0, "{}: ended before three quarters of its length", sound.display());
    Ok(Report {
        hours: seconds / 3600.0,
        words,
        cpu_s_per_s: cpu_s / seconds,
        // The system counts both at different moments.
        peak_mb: usage::peak_mb()?.max(first).max(last),
        first_quarter_mb: first,
        last_quarter_mb: last,
        is_flat: last - first <= FLAT_MB.max(FLAT_SHARE * first),
    })
}

/// Writes the sounds over and over as one WAV of so many samples.
fn repeat(sounds: &[PathBuf], to: &Path, samples: usize) -> Result<()> {
    let mut out = wav::Writer::create(to, samples)?;
    while out.left() > 0 {
        let before = out.left();
        for sound in sounds {
            for block in Sound::open(sound)? {
                out.write(&block?)?;
            }
        }
        ensure!(out.left() < before, "there is no sound to repeat");
    }
    out.finish()
}

/// Writes sound with the rhythm of speech: syllables of a few harmonics, phrases, pauses. Nobody says anything in it.
fn make(to: &Path, samples: usize) -> Result<()> {
    let mut random = Random::new(SEED);
    let mut out = wav::Writer::create(to, samples)?;
    // A syllable takes thousands of sines to make; drawn from many, they are as good as new.
    let syllables: Vec<Vec<f32>> = (0..SYLLABLES).map(|_| syllable(&mut random)).collect();
    while out.left() > 0 {
        for _ in 0..3 + random.below(12) {
            out.write(&syllables[random.below(SYLLABLES)])?;
        }
        out.write(&vec![0.0; wav::samples(0.2 + 1.2 * random.share() * random.share())])?;
    }
    out.finish()
}

/// A vowel: harmonics of a voice, strongest about two resonances, swelling and fading.
fn syllable(random: &mut Random) -> Vec<f32> {
    let length = wav::samples(0.12 + 0.15 * random.share());
    let pitch = 90.0 + 130.0 * random.share() as f32;
    let resonances = [300.0 + 500.0 * random.share() as f32, 900.0 + 1500.0 * random.share() as f32];
    let strength = |hertz: f32| resonances.iter().map(|at| (-((hertz - at) / 250.0).powi(2)).exp()).sum::<f32>();
    let harmonics: Vec<(f32, f32)> = (1..20).map(|number| pitch * number as f32).map(|hz| (hz, strength(hz))).collect();
    let sample = |at: usize| {
        let (moment, share) = (at as f32 / SAMPLE_RATE as f32, at as f32 / length as f32);
        let voice: f32 = harmonics.iter().map(|(hertz, level)| level * (TAU * hertz * moment).sin()).sum();
        0.06 * (share * TAU / 2.0).sin() * voice
    };
    (0..length).map(sample).collect()
}

fn table(report: &Report) -> String {
    let mut table = Table::new(["long file", ""].map(String::from).to_vec());
    for (name, value, decimals) in [
        ("hours", report.hours, 1),
        ("words", report.words as f64, 0),
        ("CPU s/s", report.cpu_s_per_s, 4),
        ("MB, first quarter", report.first_quarter_mb, 1),
        ("MB, last quarter", report.last_quarter_mb, 1),
        ("peak MB", report.peak_mb, 1),
    ] {
        table.row(vec![name.into(), number(Some(value), decimals)]);
    }
    let verdict = if report.is_flat { "Memory stays flat." } else { "Memory grows with the length of the file." };
    format!("{table}\n{verdict}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listened(long: &Path, seconds: usize) -> Report {
        let ear = Ear::load("fake", &LoadOptions { workers: 1, beam: 1 }).unwrap();
        let report =
            listen(&ear, &Options { workers: 1, ..Options::default() }, long, seconds as Millis * 1000).unwrap();
        assert!((report.hours * 3600.0 - seconds as f64).abs() < 0.1, "{report:?}");
        report
    }

    #[test]
    fn sounds_are_repeated_and_heard() {
        let folder = tempfile::tempdir().unwrap();
        let (short, long) = (folder.path().join("short.wav"), folder.path().join("long.wav"));
        let tone: Vec<f32> = (0..wav::samples(2.0)).map(|at| (at as f32 * 0.2).sin() * 0.3).collect();
        wav::write(&short, &tone).unwrap();
        repeat(&[short.clone(), short], &long, wav::samples(61.0)).unwrap();
        let report = listened(&long, 61);
        assert!(report.is_flat && report.words > 100, "{report:?}");
    }

    #[test]
    fn made_sound_has_the_rhythm_of_speech() {
        let folder = tempfile::tempdir().unwrap();
        let long = folder.path().join("long.wav");
        make(&long, wav::samples(60.0)).unwrap();
        let sound = wav::decode(&long).unwrap();
        let is_loud = |part: &[f32]| part.iter().any(|sample| sample.abs() > 0.02);
        let loud = sound.chunks(1600).filter(|part| is_loud(part)).count();
        assert!((200..560).contains(&loud) && sound.iter().all(|sample| sample.abs() < 1.0), "{loud}");
        assert!(listened(&long, 60).words > 50);
    }

    #[test]
    fn what_has_no_sound_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let (empty, long) = (folder.path().join("empty.wav"), folder.path().join("long.wav"));
        wav::write(&empty, &[]).unwrap();
        assert!(repeat(&[empty], &long, 100).is_err());
        assert!(repeat(&[], &long, 100).is_err());
    }

    #[test]
    fn the_object_has_its_documented_keys() {
        let report = Report {
            hours: 10.0,
            words: 9,
            cpu_s_per_s: 0.01,
            peak_mb: 80.0,
            first_quarter_mb: 50.0,
            last_quarter_mb: 79.5,
            is_flat: false,
        };
        insta::assert_json_snapshot!(report, @r#"
        {
          "hours": 10.0,
          "words": 9,
          "cpu_s_per_s": 0.01,
          "peak_mb": 80.0,
          "first_quarter_mb": 50.0,
          "last_quarter_mb": 79.5,
          "is_flat": false
        }
        "#);
        insta::assert_snapshot!(table(&report), @r#"
        long file
        -----------------  ------
        hours                10.0
        words                   9
        CPU s/s            0.0100
        MB, first quarter    50.0
        MB, last quarter     79.5
        peak MB              80.0

        Memory grows with the length of the file.
        "#);
    }
}
