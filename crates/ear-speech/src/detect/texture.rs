//! What sound is like where nobody speaks: music, noise or silence, told half second by half second.
//!
//! Music has partials that hold still: peaks of the spectrum that stay in their place for a quarter of a second,
//! and new ones keep coming, as notes do. Noise, applause and engines have none; a tone or mains hum has some, but
//! nothing new begins. So the beginnings of steady partials are counted. The steadiness of peaks as the mark of
//! music is from Seyerlehner, Pohle, Schedl and Widmer 2007, "Automatic music detection in television productions"
//! (continuous frequency activation), and older than that in Hawley 1993 and in Saunders 1996, "Real-time
//! discrimination of broadcast speech/music". On 70 pieces and 25 noises and tones, a minute each, music had 1.0 to
//! 20 beginnings a second (the median 7), noises 0.0 and steady tones 0.1.

use super::FRAME;
use crate::audio::SAMPLE_RATE;
use ear_core::StretchKind;
use realfft::{RealFftPlanner, RealToComplex, num_complex::Complex32};
use std::f32::consts::PI;
use std::ops::Range;
use std::sync::Arc;

/// A spectrum is taken of two frames: 64 ms.
const WIDTH: usize = 2 * FRAME;
/// Bins looked at, 15.6 Hz each: 94 to 5000 Hz.
const LOWEST: usize = 6;
const HIGHEST: usize = 320;
/// A peak stands out from this many bins to either side…
const AROUND: usize = 12;
/// …by this factor of power (6 dB).
const STANDS_OUT: f32 = 4.0;
/// Weaker peaks are not heard.
const FAINTEST: f32 = 1e-9;
/// Frames for which a partial holds still before it counts: 256 ms.
const STEADY: u8 = 8;
/// Frames of a unit: 512 ms.
const UNIT: usize = 16;
const UNIT_SAMPLES: usize = UNIT * FRAME;
/// Beginnings a second that make music.
const MUSIC: f32 = 1.0;
/// They are counted over this many units to either side.
const CONTEXT: usize = 3;
/// Mean power below which there is nothing to hear: −55 dB of full scale.
const SILENCE: f32 = 3.2e-6;
/// Shorter stretches go with their neighbours: two seconds.
const SHORTEST: usize = 4;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Unit {
    power: f32,
    beginnings: u16,
}

/// What a part of a recording is like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texture {
    /// Number of the first unit in the recording.
    first: usize,
    units: Vec<Unit>,
}

impl Texture {
    /// What this range of the recording, in samples, is, supposed that nobody speaks in it: stretches of two seconds
    /// or more, or one, that cover it without overlap.
    pub fn scenes(&self, range: Range<usize>) -> Vec<(Range<usize>, StretchKind)> {
        if range.is_empty() {
            return Vec::new();
        }
        let unit = |sample: usize| (sample / UNIT_SAMPLES).saturating_sub(self.first);
        let last = self.units.len().saturating_sub(1);
        let (from, until) = (unit(range.start).min(last), unit(range.end - 1).min(last) + 1);
        let units = self.units.get(from..until).unwrap_or_default();
        let mut runs: Vec<(usize, StretchKind)> = Vec::new();
        for index in 0..units.len() {
            let kind = kind(units, index);
            match runs.last_mut().filter(|run| run.1 == kind) {
                Some(run) => run.0 += 1,
                None => runs.push((1, kind)),
            }
        }
        absorb_short(&mut runs);
        let mut scenes: Vec<(Range<usize>, StretchKind)> = Vec::new();
        let mut end = self.first + from;
        for (length, kind) in runs {
            end += length;
            let start = scenes.last().map_or(range.start, |scene| scene.0.end);
            scenes.push((start..(end * UNIT_SAMPLES).clamp(start, range.end), kind));
        }
        match scenes.last_mut() {
            Some(last) => last.0.end = range.end,
            None => scenes.push((range, StretchKind::Silence)),
        }
        scenes
    }
}

fn kind(units: &[Unit], index: usize) -> StretchKind {
    let around = &units[index.saturating_sub(CONTEXT)..(index + CONTEXT + 1).min(units.len())];
    let beginnings: f32 = around.iter().map(|unit| f32::from(unit.beginnings)).sum();
    let seconds = (around.len() * UNIT_SAMPLES) as f32 / SAMPLE_RATE as f32;
    if units[index].power < SILENCE {
        StretchKind::Silence
    } else if beginnings >= 2.0 && beginnings >= MUSIC * seconds {
        StretchKind::Music
    } else {
        StretchKind::Noise
    }
}

/// The shortest run goes to its longer neighbour, until none is short.
fn absorb_short(runs: &mut Vec<(usize, StretchKind)>) {
    while runs.len() > 1 {
        let Some((index, &(length, _))) = runs.iter().enumerate().min_by_key(|(_, run)| run.0) else { return };
        if length >= SHORTEST {
            return;
        }
        let before = index.checked_sub(1).map_or(0, |before| runs[before].0);
        let after = runs.get(index + 1).map_or(0, |after| after.0);
        let into = if before >= after { index - 1 } else { index + 1 };
        runs[into].0 += length;
        runs.remove(index);
        runs.dedup_by(|next, run| {
            let same = next.1 == run.1;
            run.0 += if same { next.0 } else { 0 };
            same
        });
    }
}

/// Takes sound as it streams, and tells what it is like.
pub(super) struct TextureTracker {
    fft: Arc<dyn RealToComplex<f32>>,
    hann: Vec<f32>,
    /// The frame before.
    previous: Vec<f32>,
    /// For each bin the number of frames for which a peak has been there.
    age: Vec<u8>,
    frames: usize,
    open: Unit,
    texture: Texture,
}

impl TextureTracker {
    pub fn new() -> Self {
        Self {
            fft: RealFftPlanner::new().plan_fft_forward(WIDTH),
            hann: (0..WIDTH).map(|i| 0.5 - 0.5 * (2.0 * PI * i as f32 / WIDTH as f32).cos()).collect(),
            previous: vec![0.0; FRAME],
            age: vec![0; WIDTH / 2 + 1],
            frames: 0,
            open: Unit::default(),
            texture: Texture::default(),
        }
    }

    /// Takes whole frames.
    pub fn push(&mut self, samples: &[f32]) {
        for frame in samples.chunks_exact(FRAME) {
            self.open.power += frame.iter().map(|s| s * s).sum::<f32>() / UNIT_SAMPLES as f32;
            self.open.beginnings = self.open.beginnings.saturating_add(self.follow(frame));
            self.previous.copy_from_slice(frame);
            self.frames += 1;
            if self.frames.is_multiple_of(UNIT) {
                self.texture.units.push(std::mem::take(&mut self.open));
            }
        }
    }

    /// What the sound has been like since this sample; older parts are forgotten.
    pub fn since(&mut self, sample: usize) -> Texture {
        let gone = (sample / UNIT_SAMPLES).saturating_sub(self.texture.first).min(self.texture.units.len());
        self.texture.units.drain(..gone);
        self.texture.first += gone;
        let mut texture = self.texture.clone();
        if !self.frames.is_multiple_of(UNIT) {
            texture.units.push(self.open);
        }
        texture
    }

    /// Follows partials into the next frame; the number that have just held still for long enough.
    fn follow(&mut self, frame: &[f32]) -> u16 {
        let mut windowed: Vec<f32> = self.previous.iter().chain(frame).zip(&self.hann).map(|(s, w)| s * w).collect();
        let mut spectrum = vec![Complex32::default(); WIDTH / 2 + 1];
        if self.fft.process(&mut windowed, &mut spectrum).is_err() {
            return 0; // only wrong lengths are errors, and these are fixed
        }
        let scale = 1.0 / (WIDTH as f32 * WIDTH as f32 * 0.375);
        let power: Vec<f32> = spectrum.iter().map(|value| value.norm_sqr() * scale).collect();
        let mut beginnings = 0;
        let before = std::mem::replace(&mut self.age, vec![0; power.len()]);
        for bin in LOWEST..HIGHEST {
            let here = power[bin];
            if here <= FAINTEST || here < power[bin - 1] || here <= power[bin + 1] {
                continue;
            }
            let around = &power[bin.saturating_sub(AROUND)..=bin + AROUND];
            if here <= STANDS_OUT * around.iter().sum::<f32>() / around.len() as f32 {
                continue;
            }
            // A peak goes on in its own bin or in the next one to either side.
            let age = before[bin].max(before[bin - 1]).max(before[bin + 1]).saturating_add(1);
            beginnings += u16::from(age == STEADY);
            self.age[bin] = age;
        }
        beginnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(seed: u32) -> impl FnMut() -> f32 {
        let mut state = seed;
        move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        }
    }

    /// `seconds` of sound from a function of seconds.
    fn sound(seconds: f32, mut at: impl FnMut(f32) -> f32) -> Vec<f32> {
        (0..(seconds * SAMPLE_RATE as f32) as usize).map(|i| at(i as f32 / SAMPLE_RATE as f32)).collect()
    }

    fn note(hertz: f32, t: f32) -> f32 {
        (1..6).map(|k| (2.0 * PI * hertz * k as f32 * t).sin() / k as f32).sum::<f32>()
    }

    /// Chords of three notes, another each 1.2 s.
    fn chords(t: f32) -> f32 {
        let root = [220.0, 174.6, 261.6, 196.0][(t / 1.2) as usize % 4];
        0.1 * (note(root, t) + note(root * 1.26, t) + note(root * 1.5, t))
    }

    fn texture(sound: &[f32]) -> Texture {
        let mut tracker = TextureTracker::new();
        tracker.push(sound);
        tracker.since(0)
    }

    fn check(sound: &[f32], expected: StretchKind) {
        let range = 1000..sound.len();
        assert_eq!(texture(sound).scenes(range.clone()), [(range, expected)]);
    }

    #[test]
    fn music_noise_and_silence_are_told_apart() {
        let mut noise = random(1);
        let mut claps = random(2);
        check(&sound(9.0, |_| 0.0), StretchKind::Silence);
        check(&sound(9.0, |_| 0.1 * noise()), StretchKind::Noise);
        check(&sound(9.0, |t| 0.3 * (2.0 * PI * 440.0 * t).sin()), StretchKind::Noise);
        check(&sound(9.0, |t| 0.2 * note(50.0, t) + 0.002 * noise()), StretchKind::Noise);
        check(&sound(9.0, |t| 0.3 * (-((t * 7.0) % 1.0) * 9.0).exp() * claps()), StretchKind::Noise);
        check(&sound(9.0, chords), StretchKind::Music);
        check(&sound(9.0, |t| chords(t) + 0.05 * noise()), StretchKind::Music);
    }

    #[test]
    fn scenes_follow_one_another() {
        let mut noise = random(3);
        let sound = sound(30.0, |t| match t {
            _ if t < 10.0 => chords(t),
            _ if t < 20.0 => 0.0,
            _ if t < 20.6 => 0.2 * noise(),
            _ => 0.0,
        });
        let scenes = texture(&sound).scenes(4000..sound.len());
        let kinds: Vec<_> = scenes.iter().map(|scene| scene.1).collect();
        assert_eq!(kinds, [StretchKind::Music, StretchKind::Silence]);
        assert!(scenes[0].0.end.abs_diff(10 * SAMPLE_RATE as usize) <= 2 * UNIT_SAMPLES);
        assert_eq!((scenes[0].0.start, scenes[1].0.start, scenes[1].0.end), (4000, scenes[0].0.end, sound.len()));
    }

    #[test]
    fn what_is_old_is_forgotten() {
        let sound = sound(12.0, chords);
        let mut tracker = TextureTracker::new();
        tracker.push(&sound);
        let late = tracker.since(100_000);
        assert!(late.units.len() < 15);
        assert_eq!(late.scenes(100_000..110_000), [(100_000..110_000, StretchKind::Music)]);
        assert_eq!(Texture::default().scenes(0..5), [(0..5, StretchKind::Silence)]);
        assert_eq!(Texture::default().scenes(5..5), []);
    }
}
