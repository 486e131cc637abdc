//! Sound to files and back: 16 kHz mono.

use anyhow::{Context, Result, ensure};
use ear_speech::audio::{SAMPLE_RATE, Sound};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Samples of so many seconds.
pub fn samples(seconds: f64) -> usize {
    (seconds * f64::from(SAMPLE_RATE)).round() as usize
}

/// Seconds of so many samples.
pub fn seconds(samples: usize) -> f64 {
    samples as f64 / f64::from(SAMPLE_RATE)
}

/// All of a file's sound; for files of minutes, not of hours.
///
/// # Errors
/// If it can't be decoded, or has no sound.
pub fn decode(file: &Path) -> Result<Vec<f32>> {
    let mut sound = Vec::new();
    for block in Sound::open(file)? {
        sound.extend(block?);
    }
    ensure!(!sound.is_empty(), "{}: there is no sound in it", file.display());
    Ok(sound)
}

/// Writes samples as a WAV of 16 bits; what is louder than 1 is cut.
///
/// # Errors
/// If the file can't be written.
pub fn write(to: &Path, samples: &[f32]) -> Result<()> {
    let mut writer = Writer::create(to, samples.len())?;
    writer.write(samples)?;
    writer.finish()
}

/// A WAV file that is written piece by piece.
pub struct Writer {
    out: BufWriter<File>,
    name: String,
    left: usize,
}

impl Writer {
    /// A file that will hold exactly so many samples.
    ///
    /// # Errors
    /// If it can't be written, or is too long for a WAV (37 hours).
    pub fn create(to: &Path, samples: usize) -> Result<Self> {
        let name = to.display().to_string();
        let mut out = BufWriter::new(File::create(to).with_context(|| format!("create {name}"))?);
        let bytes = u32::try_from(samples * 2 + 36).with_context(|| format!("{name}: too long for a WAV"))?;
        out.write_all(&header(bytes - 36)).with_context(|| format!("write {name}"))?;
        Ok(Self { out, name, left: samples })
    }

    /// How many samples are still to come.
    pub fn left(&self) -> usize {
        self.left
    }

    /// Adds samples; those that are too many are left out.
    pub fn write(&mut self, samples: &[f32]) -> Result<()> {
        let fitting = &samples[..samples.len().min(self.left)];
        // The cast saturates, so nothing wraps around.
        let bytes: Vec<u8> = fitting.iter().flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes()).collect();
        self.left -= fitting.len();
        self.out.write_all(&bytes).with_context(|| format!("write {}", self.name))
    }

    /// Fills what is left with silence and closes the file.
    pub fn finish(mut self) -> Result<()> {
        while self.left > 0 {
            self.write(&vec![0.0; self.left.min(SAMPLE_RATE as usize)])?;
        }
        self.out.flush().with_context(|| format!("write {}", self.name))
    }
}

/// The 44 bytes before the samples (Microsoft and IBM 1991, "Multimedia programming interface and data
/// specifications").
fn header(bytes: u32) -> Vec<u8> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.wav");
        let tone: Vec<f32> = (0..samples(1.5)).map(|at| (at as f32 * 0.2).sin() * 0.3).collect();
        let mut writer = Writer::create(&file, samples(2.0)).unwrap();
        writer.write(&tone).unwrap();
        assert_eq!(writer.left(), samples(0.5));
        writer.finish().unwrap();
        let read = decode(&file).unwrap();
        assert_eq!(seconds(read.len()), 2.0);
        assert!(read.iter().zip(&tone).all(|(read, tone)| (read - tone).abs() < 0.001));
        assert!(read[tone.len()..].iter().all(|sample| *sample == 0.0));
    }

    #[test]
    fn a_file_without_sound_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.wav");
        write(&file, &[]).unwrap();
        assert!(decode(&file).is_err());
        assert!(decode(&folder.path().join("absent.wav")).is_err());
    }
}
