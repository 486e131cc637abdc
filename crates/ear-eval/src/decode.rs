//! Whether memory stays flat over a very long file.

use crate::Outcome;
use crate::table::{Table, number};
use crate::usage;
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use ear_core::Millis;
use ear_speech::audio::{SAMPLE_RATE, Sound};
use ear_speech::recognise::{Ear, LoadOptions, Options, Step, transcribe};
use serde::Serialize;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Growth between a tenth of the way and the end that is no leak: allocators and the system round generously.
const FLAT_MB: f64 = 16.0;

/// Peak memory of decoding, voice detection and recognition of one sound repeated for hours.
#[derive(Args, Debug)]
pub struct DecodeArgs {
    /// The sound that is repeated.
    file: PathBuf,
    /// Hours of the long file; a WAV of 115 MB an hour is written to the temporary folder.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=23))]
    hours: u8,
    /// The model to recognise with; `fake` needs no weights and takes no time.
    #[arg(long, default_value = "fake")]
    model: String,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    hours: f64,
    words: usize,
    cpu_s_per_s: f64,
    /// Peak at a tenth of the way, in MB.
    peak_mb_at_10_percent: f64,
    peak_mb: f64,
    is_flat: bool,
}

/// Measures, and prints a table or an object. Incomplete where memory grew.
pub fn run(args: &DecodeArgs) -> Result<Outcome> {
    let folder = tempfile::tempdir().context("make a folder for the long file")?;
    let long = folder.path().join("long.wav");
    let hours = u32::from(args.hours);
    repeat(&args.file, &long, hours * 3600 * SAMPLE_RATE)?;
    let report = listen(&long, &args.model, Millis::from(hours) * 3_600_000)?;
    crate::print(args.json, &report, table)?;
    Ok(Outcome::complete_if(report.is_flat))
}

/// Recognises as the product does, but keeps no words: what it holds is what the way itself needs.
fn listen(sound: &Path, model: &str, length: Millis) -> Result<Report> {
    let ear = Ear::load(model, &LoadOptions { workers: 1, beam: 1 })?;
    let mut blocks = Sound::open(sound)?.map(|block| block.map_err(Into::into));
    let (mut early, mut words) = (None, 0);
    let mut on_step = |step| {
        match step {
            Step::Looked(moment) if early.is_none() && moment >= length / 10 => early = Some(usage::peak_mb()),
            Step::Looked(_) => {}
            Step::Heard(chunk) => words += chunk.words.len(),
        }
        Ok(ControlFlow::Continue(()))
    };
    let options = Options { workers: 1, ..Options::default() };
    let (joined, cpu_s, _) = usage::timed(|| transcribe(&ear, &mut blocks, &options, &mut on_step));
    let seconds = joined?.duration as f64 / 1000.0;
    let Some(early) = early else { bail!("{}: ended before a tenth of its length", sound.display()) };
    let (early, peak_mb) = (early?, usage::peak_mb()?);
    Ok(Report {
        hours: seconds / 3600.0,
        words,
        cpu_s_per_s: cpu_s / seconds,
        peak_mb_at_10_percent: early,
        peak_mb,
        is_flat: peak_mb - early <= FLAT_MB,
    })
}

/// Writes the sound over and over as one WAV of so many samples at 16 kHz mono, 16 bits each.
fn repeat(from: &Path, to: &Path, samples: u32) -> Result<()> {
    let mut out = BufWriter::new(File::create(to).with_context(|| format!("create {}", to.display()))?);
    out.write_all(&wav_header(samples))?;
    let mut left = samples as usize;
    while left > 0 {
        let before = left;
        for block in Sound::open(from)? {
            let block = block?;
            let fitting = &block[..block.len().min(left)];
            let bytes: Vec<u8> = fitting.iter().flat_map(|sample| to_16_bits(*sample).to_le_bytes()).collect();
            out.write_all(&bytes).with_context(|| format!("write {}", to.display()))?;
            left -= fitting.len();
        }
        ensure!(left < before, "{}: there is no sound in it", from.display());
    }
    out.flush().with_context(|| format!("write {}", to.display()))
}

fn to_16_bits(sample: f32) -> i16 {
    // The cast saturates, so nothing wraps around.
    (sample * 32_767.0) as i16
}

/// The 44 bytes before the samples (Microsoft and IBM 1991, "Multimedia programming interface and data
/// specifications").
fn wav_header(samples: u32) -> Vec<u8> {
    let bytes = samples * 2;
    let mut header = Vec::with_capacity(44);
    header.extend(b"RIFF");
    header.extend((bytes + 36).to_le_bytes());
    header.extend(b"WAVEfmt ");
    header.extend(16u32.to_le_bytes());
    // PCM, one channel.
    header.extend([1u16, 1].map(u16::to_le_bytes).concat());
    header.extend([SAMPLE_RATE, SAMPLE_RATE * 2].map(u32::to_le_bytes).concat());
    // Two bytes a frame, 16 bits a sample.
    header.extend([2u16, 16].map(u16::to_le_bytes).concat());
    header.extend(b"data");
    header.extend(bytes.to_le_bytes());
    header
}

fn table(report: &Report) -> String {
    let mut table = Table::new(["long file", ""].map(String::from).to_vec());
    for (name, value, decimals) in [
        ("hours", report.hours, 1),
        ("CPU s/s", report.cpu_s_per_s, 4),
        ("peak MB at 10 %", report.peak_mb_at_10_percent, 1),
        ("peak MB at the end", report.peak_mb, 1),
    ] {
        table.row(vec![name.into(), number(Some(value), decimals)]);
    }
    let verdict = if report.is_flat { "Memory stays flat." } else { "Memory grows with the length of the file." };
    format!("{table}\n{verdict}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_is_repeated_and_heard() {
        let folder = tempfile::tempdir().unwrap();
        let (short, long) = (folder.path().join("short.wav"), folder.path().join("long.wav"));
        let mut file = wav_header(SAMPLE_RATE * 2);
        let tone = (0..SAMPLE_RATE * 2).map(|at| to_16_bits((at as f32 * 0.2).sin() * 0.3));
        file.extend(tone.flat_map(i16::to_le_bytes));
        std::fs::write(&short, file).unwrap();
        repeat(&short, &long, SAMPLE_RATE * 61).unwrap();
        assert_eq!(Sound::open(&long).unwrap().duration(), Some(61_000));
        let report = listen(&long, "fake", 61_000).unwrap();
        assert!(report.is_flat && report.words > 100 && (report.hours * 3600.0 - 61.0).abs() < 0.1, "{report:?}");
    }

    #[test]
    fn what_has_no_sound_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.wav");
        std::fs::write(&empty, wav_header(0)).unwrap();
        assert!(repeat(&empty, &folder.path().join("long.wav"), 100).is_err());
    }

    #[test]
    fn the_object_has_its_documented_keys() {
        let report = Report {
            hours: 10.0,
            words: 9,
            cpu_s_per_s: 0.01,
            peak_mb_at_10_percent: 50.0,
            peak_mb: 80.0,
            is_flat: false,
        };
        insta::assert_json_snapshot!(report, @r#"
        {
          "hours": 10.0,
          "words": 9,
          "cpu_s_per_s": 0.01,
          "peak_mb_at_10_percent": 50.0,
          "peak_mb": 80.0,
          "is_flat": false
        }
        "#);
        insta::assert_snapshot!(table(&report), @r#"
        long file
        ------------------  ------
        hours                 10.0
        CPU s/s             0.0100
        peak MB at 10 %       50.0
        peak MB at the end    80.0

        Memory grows with the length of the file.
        "#);
    }
}
