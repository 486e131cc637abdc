//! Sounds without speech, the same in every run.

use crate::random::Random;
use crate::wav::samples;
use ear_speech::audio::SAMPLE_RATE;
use std::f32::consts::TAU;

const RATE: f32 = SAMPLE_RATE as f32;

/// A sound's name and its samples.
pub type Made = (&'static str, Vec<f32>);
/// How a kind of sound is made: so many samples, from this source of chance.
type Maker = fn(usize, &mut Random) -> Vec<f32>;

/// One sound of each kind, each so many seconds long.
pub fn made(seconds: f64, seed: u64) -> Vec<Made> {
    let kinds: [(&str, Maker); 9] = [
        ("silence", |length, _| vec![0.0; length]),
        ("faint hiss", |length, random| scaled(white(length, random), 0.001)),
        ("white noise", |length, random| scaled(white(length, random), 0.1)),
        ("pink noise", pink),
        ("tones", |length, _| tones(length)),
        ("hum", |length, _| hum(length)),
        ("clicks", |length, random| bursts(length, 3.0, 0.004, random)),
        ("applause", |length, random| bursts(length, 150.0, 0.02, random)),
        ("chords", chords),
    ];
    let make = |(number, (name, kind)): (usize, (&'static str, Maker))| {
        (name, kind(samples(seconds), &mut Random::new(seed + number as u64)))
    };
    kinds.into_iter().enumerate().map(make).collect()
}

fn scaled(sound: Vec<f32>, by: f32) -> Vec<f32> {
    sound.into_iter().map(|sample| sample * by).collect()
}

/// Evenly from -1 to 1.
fn either_side(random: &mut Random) -> f32 {
    (random.share() * 2.0 - 1.0) as f32
}

fn white(length: usize, random: &mut Random) -> Vec<f32> {
    (0..length).map(|_| either_side(random)).collect()
}

/// White noise summed at halving rates (Voss, in Gardner 1978, "White and brown music, fractal curves and
/// one-over-f fluctuations").
fn pink(length: usize, random: &mut Random) -> Vec<f32> {
    const ROWS: usize = 12;
    let mut rows = [0.0f32; ROWS];
    let sample = |at: usize| {
        let row = (at.trailing_zeros() as usize).min(ROWS - 1);
        rows[row] = either_side(random);
        rows.iter().sum::<f32>() * 0.3 / (ROWS as f32).sqrt()
    };
    (0..length).map(sample).collect()
}

/// A tone a second, up and down two octaves.
fn tones(length: usize) -> Vec<f32> {
    let tone = |at: usize| {
        let step = (at / SAMPLE_RATE as usize) % 12;
        let pitch = 220.0 * 2f32.powf(step.min(12 - step) as f32 / 3.0);
        0.3 * (TAU * pitch * (at as f32 / RATE)).sin()
    };
    (0..length).map(tone).collect()
}

/// The mains, with harmonics.
fn hum(length: usize) -> Vec<f32> {
    let harmonics = [(1.0, 0.1), (2.0, 0.05), (3.0, 0.06), (5.0, 0.03), (7.0, 0.01)];
    let hum = |at: usize| {
        let moment = at as f32 / RATE;
        harmonics.iter().map(|(times, level)| level * (TAU * 50.0 * times * moment).sin()).sum()
    };
    (0..length).map(hum).collect()
}

/// Short bursts of noise at random moments: so many a second, each dying away in so many seconds.
fn bursts(length: usize, rate: f64, decay_s: f64, random: &mut Random) -> Vec<f32> {
    let mut sound = vec![0.0f32; length];
    let fading = (-1.0 / (decay_s * f64::from(SAMPLE_RATE))).exp() as f32;
    for _ in 0..(rate * length as f64 / f64::from(SAMPLE_RATE)) as usize {
        let start = random.below(length);
        let mut level = 0.05 + 0.25 * random.share() as f32;
        for sample in sound.iter_mut().skip(start).take(samples(5.0 * decay_s)) {
            *sample += level * either_side(random);
            level *= fading;
        }
    }
    sound
}

/// Plucked chords, two a second: music as a synthesiser makes it.
fn chords(length: usize, random: &mut Random) -> Vec<f32> {
    const ROOTS: [i32; 4] = [0, 5, 7, 9];
    let mut sound = vec![0.0f32; length];
    let beat = SAMPLE_RATE as usize / 2;
    for start in (0..length).step_by(beat) {
        let root = ROOTS[random.below(ROOTS.len())];
        for interval in [0, 4, 7, 12] {
            let pitch = 130.8 * 2f32.powf((root + interval) as f32 / 12.0);
            for (at, sample) in sound.iter_mut().skip(start).take(2 * beat).enumerate() {
                let (moment, fade) = (at as f32 / RATE, (-(at as f32) / (0.3 * RATE)).exp());
                let partials = (1..=5).map(|partial| (TAU * pitch * partial as f32 * moment).sin() / partial as f32);
                *sample += 0.05 * fade * partials.sum::<f32>();
            }
        }
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sounds_are_the_same_in_every_run_and_not_too_loud() {
        let (first, second) = (made(2.0, 1), made(2.0, 1));
        assert!(first == second);
        for (name, sound) in &first {
            let loudest = sound.iter().fold(0.0f32, |loudest, sample| loudest.max(sample.abs()));
            assert_eq!(sound.len(), 32_000, "{name}");
            assert!(loudest < 1.5 && (loudest > 0.0) == (*name != "silence"), "{name}: {loudest}");
        }
        assert!(made(2.0, 2)[2] != first[2]);
    }

    #[test]
    fn pink_noise_has_more_below_than_above() {
        let sound = pink(64_000, &mut Random::new(1));
        let power = |sound: &[f32]| sound.iter().map(|sample| sample * sample).sum::<f32>();
        let differences: Vec<f32> = sound.windows(2).map(|pair| pair[1] - pair[0]).collect();
        // White noise has twice the power in its differences.
        assert!(power(&differences) < 0.5 * power(&sound));
    }
}
