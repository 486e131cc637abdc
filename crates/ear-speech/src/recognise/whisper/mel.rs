//! Log-mel features as Whisper was trained on: 25 ms Hann windows each 10 ms, a Slaney mel filter bank
//! (Slaney 1998, Auditory Toolbox), log10, the loudest 80 dB, scaled to about −1 to 1.

use crate::audio::SAMPLE_RATE;
use realfft::{RealFftPlanner, RealToComplex, num_complex::Complex32};
use std::f32::consts::PI;
use std::sync::Arc;

/// Samples from one frame to the next.
pub(super) const HOP: usize = 160;
/// Frames of a window: thirty seconds.
pub(super) const FRAMES: usize = 3000;
const WIDTH: usize = 400;
const BINS: usize = WIDTH / 2 + 1;
const FLOOR: f32 = 1e-10;

/// Makes features. Shared between threads.
pub(super) struct LogMel {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    /// For each mel band its first bin and the weights from there on.
    bands: Vec<(usize, Vec<f32>)>,
}

impl LogMel {
    /// For a model with this many mel bands: 80, or 128 in newer ones.
    pub fn new(bands: usize) -> Self {
        let hann = |i: usize| 0.5 - 0.5 * (2.0 * PI * i as f32 / WIDTH as f32).cos();
        Self {
            fft: RealFftPlanner::new().plan_fft_forward(WIDTH),
            window: (0..WIDTH).map(hann).collect(),
            bands: mel_bands(bands),
        }
    }

    /// Features of sound, band by band, `frames` in each; silence fills up what the sound leaves.
    pub fn features(&self, samples: &[f32], frames: usize) -> Vec<f32> {
        let mut features = vec![FLOOR.log10(); self.bands.len() * frames];
        let mut frame = vec![0.0; WIDTH];
        let mut spectrum = vec![Complex32::default(); BINS];
        let mut scratch = self.fft.make_scratch_vec();
        let mut power = [0.0; BINS];
        // A frame reaches half its width to either side of its centre.
        let sounding = ((samples.len() + WIDTH / 2).div_ceil(HOP)).min(frames);
        for index in 0..sounding {
            self.fill(&mut frame, samples, index);
            if self.fft.process_with_scratch(&mut frame, &mut spectrum, &mut scratch).is_err() {
                continue; // only wrong lengths are errors, and these are fixed
            }
            for (power, value) in power.iter_mut().zip(&spectrum) {
                *power = value.norm_sqr();
            }
            for (band, (first, weights)) in self.bands.iter().enumerate() {
                let energy: f32 = weights.iter().zip(&power[*first..]).map(|(weight, power)| weight * power).sum();
                features[band * frames + index] = energy.max(FLOOR).log10();
            }
        }
        let loudest = features.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for value in &mut features {
            *value = (value.max(loudest - 8.0) + 4.0) / 4.0;
        }
        features
    }

    /// The frame centred on `index`, mirrored at the start of the sound, silent after its end.
    fn fill(&self, frame: &mut [f32], samples: &[f32], index: usize) {
        let start = (index * HOP) as isize - (WIDTH / 2) as isize;
        for (offset, (value, window)) in frame.iter_mut().zip(&self.window).enumerate() {
            let at = (start + offset as isize).unsigned_abs();
            *value = samples.get(at).copied().unwrap_or(0.0) * window;
        }
    }
}

/// Triangles of equal area, evenly spaced on the mel scale up to 8 kHz.
fn mel_bands(count: usize) -> Vec<(usize, Vec<f32>)> {
    let top = SAMPLE_RATE as f32 / 2.0;
    let edge = |i: usize| mel_to_hertz(hertz_to_mel(top) * i as f32 / (count + 1) as f32);
    let bin_hertz = |bin: usize| bin as f32 * SAMPLE_RATE as f32 / WIDTH as f32;
    (0..count)
        .map(|band| {
            let (low, centre, high) = (edge(band), edge(band + 1), edge(band + 2));
            let weight = |bin: usize| {
                let hertz = bin_hertz(bin);
                let slope = ((hertz - low) / (centre - low)).min((high - hertz) / (high - centre));
                slope.max(0.0) * 2.0 / (high - low)
            };
            let first = (0..BINS).find(|bin| weight(*bin) > 0.0).unwrap_or(0);
            (first, (first..BINS).map(weight).take_while(|weight| *weight > 0.0).collect())
        })
        .collect()
}

/// Linear below 1 kHz, logarithmic above.
fn hertz_to_mel(hertz: f32) -> f32 {
    if hertz < 1000.0 { hertz * 3.0 / 200.0 } else { 15.0 + (hertz / 1000.0).ln() * 27.0 / 6.4f32.ln() }
}

fn mel_to_hertz(mel: f32) -> f32 {
    if mel < 15.0 { mel * 200.0 / 3.0 } else { 1000.0 * ((mel - 15.0) * 6.4f32.ln() / 27.0).exp() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_loudest_in_its_band() {
        let mel = LogMel::new(80);
        let tone = |hertz: f32| -> Vec<f32> {
            (0..16_000).map(|i| (2.0 * PI * hertz * i as f32 / 16_000.0).sin() * 0.5).collect()
        };
        // Bands are evenly spaced on the mel scale: 45.25 mels over 81 steps.
        for (hertz, band) in [(440.0, 11), (1000.0, 26), (3000.0, 55), (6000.0, 72)] {
            let features = mel.features(&tone(hertz), FRAMES);
            let at = |band: usize| features[band * FRAMES + 50];
            let loudest = (0..80).max_by(|a, b| at(*a).total_cmp(&at(*b)));
            assert!(loudest.is_some_and(|found: usize| found.abs_diff(band) <= 1), "{hertz} Hz: {loudest:?}");
        }
    }

    #[test]
    fn features_of_silence_are_flat_and_as_long_as_asked() {
        let features = LogMel::new(80).features(&[], FRAMES);
        assert_eq!(features.len(), 80 * FRAMES);
        assert!(features.iter().all(|value| (*value - features[0]).abs() < 1e-6));
        assert_eq!(LogMel::new(128).features(&[0.1; 480_000], 1500).len(), 128 * 1500);
    }

    #[test]
    fn the_mel_scale_turns_back() {
        for hertz in [0.0, 440.0, 999.0, 1001.0, 7999.0] {
            assert!((mel_to_hertz(hertz_to_mel(hertz)) - hertz).abs() < 0.5);
        }
    }
}
