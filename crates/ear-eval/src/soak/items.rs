//! What was put into the library, and so what must be there.

use crate::random::Random;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Samples a second of made sound: few, so that hours weigh little.
const RATE: u32 = 1000;
/// Minutes of a made sound: at least, and how many more at most.
const MINUTES: (usize, usize) = (5, 85);
/// Words of a made transcript: at least, and how many more at most.
const WORDS: (usize, usize) = (50, 2000);

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sound, to be recognised.
    Sound,
    /// A transcript that holds this word, and no other does.
    Transcript(String),
}

/// Where an item should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// In the library, and ready once the queue is empty.
    Kept,
    /// In the library, its work taken back.
    Cancelled,
    /// Gone.
    Removed,
}

/// One thing that was added.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its title, which no other has.
    pub title: String,
    /// The file that was added.
    pub file: PathBuf,
    /// What it is.
    pub kind: Kind,
    /// Its number in the library.
    pub episode: String,
    /// Where it should be.
    pub fate: Fate,
    /// Its words when nothing disturbs their recognition, once that was asked.
    pub words: Option<serde_json::Value>,
}

/// A tone with pauses, its pitch and length drawn: a WAV of few samples a second.
pub fn write_sound(file: &Path, random: &mut Random) -> Result<()> {
    let seconds = (MINUTES.0 + random.below(MINUTES.1)) as u32 * 60 + random.below(60) as u32;
    let pitch = 0.3 + random.share();
    let pause = 20 + random.below(60) as u32;
    let samples = (0..seconds * RATE).flat_map(|at| {
        let is_pause = (at / RATE).is_multiple_of(pause);
        let tone = if is_pause { 0.0 } else { 0.4 * (f64::from(at) * pitch).sin() };
        ((tone * 32_767.0) as i16).to_le_bytes()
    });
    let mut wav = header(seconds * RATE * 2);
    wav.extend(samples);
    fs::write(file, wav).with_context(|| format!("write {}", file.display()))
}

/// The header of a WAV at [`RATE`], one channel, 16 bits.
fn header(bytes: u32) -> Vec<u8> {
    let mut header = Vec::new();
    for part in [b"RIFF", &(36 + bytes).to_le_bytes(), b"WAVE", b"fmt ", &16u32.to_le_bytes(), &[1, 0, 1, 0]] {
        header.extend(part);
    }
    for part in [&RATE.to_le_bytes(), &(RATE * 2).to_le_bytes(), &[2, 0, 16, 0], b"data", &bytes.to_le_bytes()] {
        header.extend(part);
    }
    header
}

/// Random words, sentence by sentence, one of them the `marker`.
pub fn write_transcript(file: &Path, marker: &str, random: &mut Random) -> Result<()> {
    let count = WORDS.0 + random.below(WORDS.1);
    let place = random.below(count);
    let mut text = String::new();
    for number in 0..count {
        let word = if number == place { marker.to_owned() } else { made_up(random.below(3000), 2) };
        text += &word;
        text += if number % 12 == 11 { ".\n" } else { " " };
    }
    fs::write(file, text).with_context(|| format!("write {}", file.display()))
}

/// A word that can be said, of at least so many syllables; each number gives another.
pub fn made_up(mut number: usize, syllables: usize) -> String {
    const CONSONANTS: [&str; 12] = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "t", "v"];
    const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];
    let mut word = String::new();
    let mut left = syllables;
    while left > 0 || number > 0 {
        word += CONSONANTS[number % 12];
        word += VOWELS[number / 12 % 5];
        number /= 60;
        left = left.saturating_sub(1);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn words_are_many() {
        let words: BTreeSet<String> = (0..10_000).map(|number| made_up(number, 2)).collect();
        assert_eq!(words.len(), 10_000);
        assert_eq!((made_up(0, 4).len(), made_up(61, 2).as_str()), (8, "dada"));
    }

    #[test]
    fn made_files_are_what_they_should_be() {
        let folder = tempfile::tempdir().unwrap();
        let (sound, text) = (folder.path().join("a.wav"), folder.path().join("a.txt"));
        write_sound(&sound, &mut Random::new(1)).unwrap();
        let length = ear_speech::audio::Sound::open(&sound).unwrap().duration().unwrap();
        assert!((300_000..=5_460_000).contains(&length), "{length}");
        write_transcript(&text, "zephyrine", &mut Random::new(1)).unwrap();
        let words = fs::read_to_string(&text).unwrap();
        assert_eq!(words.split_whitespace().filter(|word| word.contains("zephyrine")).count(), 1);
    }
}
