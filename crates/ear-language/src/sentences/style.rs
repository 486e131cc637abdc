//! How a transcript is written, which decides what its signs are worth.

use super::marks;
use crate::blocks::pause;
use ear_core::{Timing, Transcript};

/// Text with fewer ends of sentences than one in so many words counts as written without punctuation.
const SPARSE: usize = 45;

/// Speakers pause between sentences if half of all full stops come with a pause of so many milliseconds.
const PAUSE: u64 = 150;

pub(super) struct Style {
    /// Sentences end with punctuation.
    pub is_punctuated: bool,
    /// Sentences begin in upper case.
    pub is_cased: bool,
    /// The times show pauses between sentences.
    pub pauses: bool,
    pub is_german: bool,
}

impl Style {
    pub fn of(transcript: &Transcript) -> Self {
        let words = &transcript.words;
        let ends: Vec<usize> = (1..words.len()).filter(|index| marks::is_final(words, index - 1)).collect();
        let upper = ends.iter().filter(|index| marks::is_upper(&words[**index].text)).count();
        let mut gaps: Vec<u64> = ends.iter().filter_map(|index| pause(transcript, *index)).collect();
        let middle = gaps.len() / 2;
        let median = if gaps.is_empty() { 0 } else { *gaps.select_nth_unstable(middle).1 };
        // The last word ends a sentence, too.
        let count = ends.len() + usize::from(!words.is_empty() && marks::is_final(words, words.len() - 1));
        Self {
            is_punctuated: count * SPARSE >= words.len(),
            is_cased: upper * 2 > ends.len(),
            pauses: transcript.timing == Timing::Words && median >= PAUSE,
            is_german: transcript.language.as_deref() == Some("de"),
        }
    }
}
