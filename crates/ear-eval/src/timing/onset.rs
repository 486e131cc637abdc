//! Where speech begins and ends in a recording of one utterance, by loudness alone.
//!
//! This stands in for times set by hand. It knows nothing of the recogniser or of the voice detector under test, so
//! neither is measured against itself. Loudness is taken in decibels between the recording's own noise and its own
//! loud speech. Speech begins where it is loud for most of 100 ms, which a breath is not; from there it reaches back
//! over soft consonants as long as they stand out from noise. It ends likewise, only that words fall away in loudness
//! towards the end. Soft sounds beyond that count as silence, for every system alike.

use crate::wav::seconds;
use ear_speech::audio::SAMPLE_RATE;

/// Frames of 10 ms, each measured over 20 ms.
const STEP: usize = SAMPLE_RATE as usize / 100;
const WIDTH: usize = 2 * STEP;
/// Of so many frames this many must be loud.
const RUN: usize = 10;
const LOUD: usize = 8;
/// Shares of frames that are quieter than noise and than loud speech.
const NOISE: f64 = 0.1;
const SPEECH: f64 = 0.9;
/// How far between both what stands out from noise begins.
const SOFT: f64 = 1.0 / 3.0;
/// Digital silence counts as this loud, in decibels of full scale.
const FLOOR: f64 = -80.0;

/// How an end of speech is found.
struct Edge {
    /// How far between noise and loud speech what is loud begins.
    loud: f64,
    /// Frames of soft sound at most.
    reach: usize,
}

const START: Edge = Edge { loud: 2.0 / 3.0, reach: 15 };
const END: Edge = Edge { loud: 0.5, reach: 30 };

/// Seconds at which speech begins and ends; `None` where the sound has no contrast.
pub fn bounds(sound: &[f32]) -> Option<(f64, f64)> {
    let frames = (0..sound.len().saturating_sub(WIDTH)).step_by(STEP);
    let mut levels: Vec<f64> = frames.map(|at| level(&sound[at..][..WIDTH])).collect();
    let mut sorted = levels.clone();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted.get((share * sorted.len() as f64) as usize).copied();
    let (noise, speech) = (at(NOISE)?, at(SPEECH)?);
    if speech - noise < 6.0 {
        return None;
    }
    let first = START.first(&levels, noise, speech)?;
    levels.reverse();
    let last = levels.len() - 1 - END.first(&levels, noise, speech)?;
    // A frame is as loud as its middle.
    Some((seconds(first * STEP + STEP / 2), seconds(last * STEP + WIDTH - STEP / 2)))
}

impl Edge {
    /// The first frame of speech.
    fn first(&self, levels: &[f64], noise: f64, speech: f64) -> Option<usize> {
        let border = |share: f64| noise + share * (speech - noise);
        let is_loud: Vec<bool> = levels.iter().map(|level| *level > border(self.loud)).collect();
        let holds = |run: &[bool]| run[0] && run.iter().filter(|loud| **loud).count() >= LOUD;
        let loud = is_loud.windows(RUN).position(holds)?;
        let soft = levels[..loud].iter().rev().take(self.reach).take_while(|level| **level > border(SOFT));
        Some(loud - soft.count())
    }
}

fn level(sound: &[f32]) -> f64 {
    let power = sound.iter().map(|sample| f64::from(sample * sample)).sum::<f64>() / sound.len() as f64;
    (10.0 * power.log10()).max(FLOOR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::wav::samples;

    /// Noise with bursts of tone from and to these seconds.
    fn sound(length: f64, noise: f32, bursts: &[(f64, f64)]) -> Vec<f32> {
        let mut random = Random::new(1);
        let is_tone = |at: usize| bursts.iter().any(|(from, to)| (samples(*from)..samples(*to)).contains(&at));
        (0..samples(length))
            .map(|at| {
                let tone = if is_tone(at) { (at as f32 * 0.2).sin() * 0.3 } else { 0.0 };
                tone + noise * (random.share() as f32 - 0.5)
            })
            .collect()
    }

    #[test]
    fn speech_is_found_in_noise() {
        for noise in [0.0, 0.001, 0.02] {
            // A click is no speech.
            let (from, to) = bounds(&sound(3.0, noise, &[(0.1, 0.12), (0.5, 1.2), (1.4, 2.25)])).unwrap();
            assert!((from - 0.5).abs() <= 0.011 && (to - 2.25).abs() <= 0.011, "{noise}: {from} {to}");
        }
    }

    #[test]
    fn noise_alone_has_no_speech() {
        assert_eq!(bounds(&sound(2.0, 0.1, &[])), None);
        assert_eq!(bounds(&[]), None);
    }
}
