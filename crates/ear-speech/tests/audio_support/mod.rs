//! Sound files made by hand, and measures of sound.
#![expect(dead_code, reason = "each test binary uses a part of this")]

use ear_speech::audio::{AudioError, Sound};
use std::{
    env,
    f32::consts::TAU,
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A folder with one file of these bytes.
pub fn file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("room for a file");
    (folder, path)
}

/// All samples of a file.
pub fn decode(path: &Path) -> Result<Vec<f32>, AudioError> {
    let mut samples = Vec::new();
    for block in Sound::open(path)? {
        samples.extend(block?);
    }
    Ok(samples)
}

/// The kind of an error, for tables.
pub fn kind(error: &AudioError) -> &'static str {
    match error {
        AudioError::Empty { .. } => "empty",
        AudioError::NotSound { .. } => "not sound",
        AudioError::Unsupported { .. } => "unsupported",
        AudioError::Broken { .. } => "broken",
        AudioError::TooLong { .. } => "too long",
        AudioError::Io { .. } => "io",
    }
}

/// A wave file of 16-bit samples; `claimed` is what its header says of the length of its data.
pub fn wav_claiming(rate: u32, channels: u16, samples: &[i16], claimed: u32) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    raw_wav(1, rate, channels, 16, &data, claimed)
}

/// A wave file of 16-bit samples.
pub fn wav(rate: u32, channels: u16, samples: &[i16]) -> Vec<u8> {
    wav_claiming(rate, channels, samples, samples.len() as u32 * 2)
}

/// A wave file of any uncompressed form.
pub fn raw_wav(form: u16, rate: u32, channels: u16, bits: u16, data: &[u8], claimed: u32) -> Vec<u8> {
    let frame = channels * bits / 8;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend(claimed.saturating_add(36).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0");
    bytes.extend(form.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate * u32::from(frame)).to_le_bytes());
    bytes.extend(frame.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(claimed.to_le_bytes());
    bytes.extend(data);
    bytes
}

/// An AIFF file of 16-bit samples.
pub fn aiff(rate: u32, channels: u16, samples: &[i16]) -> Vec<u8> {
    let size = samples.len() as u32 * 2;
    let mut bytes = b"FORM".to_vec();
    bytes.extend((4 + 26 + 16 + size).to_be_bytes());
    bytes.extend(b"AIFFCOMM\0\0\0\x12");
    bytes.extend(channels.to_be_bytes());
    bytes.extend((samples.len() as u32 / u32::from(channels)).to_be_bytes());
    bytes.extend(16u16.to_be_bytes());
    // The rate is a float of 80 bits: exponent, then mantissa with its leading one.
    let exponent = 31 - rate.leading_zeros();
    bytes.extend((16_383 + exponent as u16).to_be_bytes());
    bytes.extend((u64::from(rate) << (63 - exponent)).to_be_bytes());
    bytes.extend(b"SSND");
    bytes.extend((size + 8).to_be_bytes());
    bytes.extend([0; 8]);
    bytes.extend(samples.iter().flat_map(|sample| sample.to_be_bytes()));
    bytes
}

/// A tone of half the full loudness, interleaved into `channels` equal channels.
pub fn tone(rate: u32, channels: u16, hertz: f32, frames: usize) -> Vec<i16> {
    let one = |n: usize| (16_384.0 * (TAU * hertz * n as f32 / rate as f32).sin()) as i16;
    (0..frames).flat_map(|n| std::iter::repeat_n(one(n), usize::from(channels))).collect()
}

/// Loudness (root of the mean square) and frequency (from the number of rising zero crossings).
pub fn measure(samples: &[f32]) -> (f32, f32) {
    let middle = &samples[samples.len() / 10..samples.len() * 9 / 10];
    let loudness = (middle.iter().map(|x| x * x).sum::<f32>() / middle.len() as f32).sqrt();
    let rising = middle.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
    (loudness, rising as f32 * 16_000.0 / middle.len() as f32)
}

/// How many samples `other` lags behind `reference` (within `reach`), and how well they agree there (1: the same).
pub fn lag(reference: &[f32], other: &[f32], reach: i64) -> (i64, f64) {
    let at =
        |samples: &[f32], n: i64| usize::try_from(n).ok().and_then(|n| samples.get(n)).map_or(0.0, |x| f64::from(*x));
    let score = |shift: i64| {
        let (mut both, mut one, mut two) = (0.0, 0.0, 0.0);
        for n in (0..reference.len().min(other.len()) as i64).step_by(17) {
            let (a, b) = (at(reference, n), at(other, n + shift));
            both += a * b;
            one += a * a;
            two += b * b;
        }
        both / (one * two).sqrt().max(1e-12)
    };
    (-reach..=reach).map(|shift| (shift, score(shift))).max_by(|a, b| a.1.total_cmp(&b.1)).expect("at least one shift")
}

/// The folder of real material, or `None` with a message.
pub fn testdata(part: &str) -> Option<PathBuf> {
    let folder = env::var_os("EARWITNESS_TESTDATA").map(|root| PathBuf::from(root).join(part));
    let found = folder.filter(|folder| folder.is_dir());
    if found.is_none() {
        eprintln!("skipped: no {part} in EARWITNESS_TESTDATA");
    }
    found
}
