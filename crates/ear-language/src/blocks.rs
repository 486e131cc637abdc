//! The stretches of words that nothing may join: turns, and what lies between them.

use ear_core::{Transcript, WordRange};

/// Cuts all words at the edges of turns. Turns that overlap or reach too far do no harm.
pub(crate) fn blocks(transcript: &Transcript) -> Vec<WordRange> {
    let count = transcript.words.len();
    let edges = transcript.turns.iter().flat_map(|turn| [turn.words.start, turn.words.end]);
    let mut edges: Vec<usize> = edges.map(|edge| edge.min(count)).chain([0, count]).collect();
    edges.sort_unstable();
    edges.dedup();
    edges.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// The pause before the word at `index` in milliseconds, where both neighbours have times.
pub(crate) fn pause(transcript: &Transcript, index: usize) -> Option<u64> {
    let before = transcript.words.get(index.checked_sub(1)?)?.span?;
    let after = transcript.words.get(index)?.span?;
    Some(after.start().saturating_sub(before.end()))
}
