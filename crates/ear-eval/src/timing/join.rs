//! Utterances joined into one long recording, with known silences between them.

use super::onset;
use crate::random::Random;
use crate::references::Reference;
use crate::wav::{self, samples, seconds};
use anyhow::{Result, ensure};
use std::path::Path;

/// Seconds of silence between two utterances: at least, and at most.
const SILENCE: (f64, f64) = (0.5, 3.0);

/// An utterance in the joined recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Its words, as written.
    pub text: String,
    /// Seconds at which its speech begins, by loudness.
    pub start_s: f64,
    /// Seconds at which its speech ends.
    pub end_s: f64,
}

/// Writes utterances one after the other, each once; then, until there are `hours`, all of them again in another
/// order. Utterances in which loudness tells no speech from noise are left out.
///
/// # Errors
/// If a sound can't be decoded, or none can be used.
pub fn join(references: &[Reference], hours: Option<f64>, seed: u64, to: &Path) -> Result<Vec<Placed>> {
    let mut sounds = Vec::new();
    for reference in references {
        let sound = wav::decode(&reference.sound)?;
        match onset::bounds(&sound) {
            Some(bounds) => sounds.push((reference, sound, bounds)),
            None => eprintln!("{}: speech can't be told from noise, so it is left out", reference.name),
        }
    }
    ensure!(!sounds.is_empty(), "there is no utterance with speech that stands out from noise");
    let wanted = samples(hours.unwrap_or_default() * 3600.0);
    let mut random = Random::new(seed);
    let (mut order, mut length) = (Vec::new(), 0);
    while order.is_empty() || length < wanted {
        let mut round: Vec<usize> = (0..sounds.len()).collect();
        if !order.is_empty() {
            round.sort_by_cached_key(|_| random.bits());
        }
        for number in round {
            let silence = samples(SILENCE.0 + random.share() * (SILENCE.1 - SILENCE.0));
            length += silence + sounds[number].1.len();
            order.push((number, silence));
            if !wanted.eq(&0) && length >= wanted {
                break;
            }
        }
    }
    let mut writer = wav::Writer::create(to, length + samples(SILENCE.0))?;
    let (mut placed, mut at) = (Vec::new(), 0);
    for (number, silence) in order {
        let (reference, sound, (start, end)) = &sounds[number];
        writer.write(&vec![0.0; silence])?;
        writer.write(sound)?;
        at += silence;
        let from = seconds(at);
        placed.push(Placed { text: reference.text.clone(), start_s: from + start, end_s: from + end });
        at += sound.len();
    }
    writer.finish()?;
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utterances_stand_where_they_are_said_to() {
        let folder = tempfile::tempdir().unwrap();
        let reference = |name: &str, from: f64, to: f64| {
            let sound = folder.path().join(name);
            let tone = |at: usize| {
                if (samples(from)..samples(to)).contains(&at) { (at as f32 * 0.3).sin() * 0.4 } else { 0.0 }
            };
            wav::write(&sound, &(0..samples(2.0)).map(tone).collect::<Vec<_>>()).unwrap();
            Reference { name: name.into(), sound, text: name.into(), rare: None }
        };
        let references = [reference("a.wav", 0.3, 1.8), reference("b.wav", 0.0, 1.0)];
        let joined = folder.path().join("joined.wav");
        let placed = join(&references, Some(0.01), 1, &joined).unwrap();
        let sound = wav::decode(&joined).unwrap();
        assert!(seconds(sound.len()) >= 36.0 && placed.len() >= 8, "{}", placed.len());
        assert_eq!(placed.iter().take(2).map(|placed| placed.text.as_str()).collect::<Vec<_>>(), ["a.wav", "b.wav"]);
        for Placed { start_s, end_s, .. } in placed {
            let loudest = |from: f64, to: f64| {
                sound[samples(from)..samples(to)].iter().fold(0.0f32, |loudest, sample| loudest.max(sample.abs()))
            };
            assert!(loudest(start_s - 0.1, start_s - 0.02) == 0.0 && loudest(start_s, end_s) > 0.3);
            assert!(loudest(end_s + 0.02, end_s + 0.1) == 0.0);
        }
    }
}
