//! Groups sentences into passages: what is indexed and found.

use crate::blocks::{blocks, pause};
use ear_core::{Transcript, WordRange};

/// The length a passage should have, in words.
const TARGET: f32 = 40.0;

/// The fewest words a passage should have; turns may be shorter.
const FEWEST: usize = 20;

/// The most words; only a single sentence may have more.
const MOST: usize = 80;

/// A pause is worth the more, the longer it is, up to this many milliseconds.
const LONG_PAUSE: u64 = 2_000;

/// Consecutive sentences of one turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The words of the passage.
    pub words: WordRange,
    /// Who speaks, where the transcript names them.
    pub speaker: Option<String>,
    /// The same turn goes on in the next passage.
    pub continues: bool,
}

/// The passages of a transcript: ascending, every word once. `sentences` are those of the same transcript, as
/// [`sentences`](crate::sentences()) gives them. A passage has 20 to 80 words, about 40 if it can be, but never
/// crosses a turn, so short turns are short passages. Takes time in proportion to the words.
pub fn passages(transcript: &Transcript, sentences: &[WordRange]) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut rest = sentences;
    for block in blocks(transcript) {
        let count = rest.partition_point(|sentence| sentence.start < block.end);
        let (inside, after) = rest.split_at(count);
        rest = after;
        let speaker = transcript.turn_of(block.start).and_then(|turn| turn.speaker.clone());
        let groups = group(transcript, inside);
        let last = groups.len().saturating_sub(1);
        passages.extend(groups.into_iter().enumerate().map(|(index, words)| Passage {
            words,
            speaker: speaker.clone(),
            continues: index < last,
        }));
    }
    passages
}

/// Groups the sentences of one turn at the least cost, by dynamic programming over the passages that end at each.
fn group(transcript: &Transcript, sentences: &[WordRange]) -> Vec<WordRange> {
    let count = sentences.len();
    let mut best = vec![0.0_f32; count + 1];
    let mut from = vec![0; count + 1];
    for end in 1..=count {
        let last = sentences[end - 1].end;
        let gain = if end < count { gain(transcript, last) } else { 0.0 };
        let mut least = f32::INFINITY;
        for start in (0..end).rev() {
            let words = last - sentences[start].start;
            if words > MOST && start + 1 < end {
                break;
            }
            let sum = best[start] + cost(words) - gain;
            if sum < least {
                least = sum;
                from[end] = start;
            }
        }
        best[end] = least;
    }
    let mut groups = Vec::new();
    let mut end = count;
    while end > 0 {
        groups.push(sentences[from[end]].start..sentences[end - 1].end);
        end = from[end];
    }
    groups.reverse();
    groups
}

/// What a passage of so many words costs: nothing at the target, 1 at its double.
fn cost(words: usize) -> f32 {
    let off = (words as f32 - TARGET) / TARGET;
    let lacking = FEWEST.saturating_sub(words) as f32 / FEWEST as f32;
    off * off + 2.0 * lacking
}

/// What it is worth to end a passage at a pause.
fn gain(transcript: &Transcript, index: usize) -> f32 {
    let pause = pause(transcript, index).unwrap_or_default().min(LONG_PAUSE);
    0.4 * pause as f32 / LONG_PAUSE as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentences;
    use ear_core::{Origin, Span, Timing, Turn, Word};

    fn lengths(transcript: &Transcript, sentences: &[WordRange]) -> Vec<usize> {
        passages(transcript, sentences).into_iter().map(|passage| passage.words.len()).collect()
    }

    fn of_length(words: usize) -> Transcript {
        Transcript { words: vec![Word::untimed("word"); words], ..Transcript::empty(Origin::Imported) }
    }

    /// Ranges of these lengths, one after the other.
    fn ranges(lengths: &[usize]) -> Vec<WordRange> {
        let mut start = 0;
        lengths.iter().map(|length| (start, start += length).0..start).collect()
    }

    #[test]
    fn passages_have_about_forty_words() {
        let check = |sentences: &[usize], expected: &[usize]| {
            let transcript = of_length(sentences.iter().sum());
            assert_eq!(lengths(&transcript, &ranges(sentences)), expected, "{sentences:?}");
        };
        check(&[10; 12], &[40, 40, 40]);
        check(&[2; 20], &[40]);
        check(&[30, 30, 30], &[30, 30, 30]);
        check(&[90, 5, 5, 30], &[90, 40]);
        check(&[35, 3], &[38]);
        check(&[3], &[3]);
        check(&[], &[]);
    }

    #[test]
    fn passages_end_at_pauses() {
        let mut transcript = of_length(80);
        let sentences = ranges(&[10; 8]);
        for (index, word) in transcript.words.iter_mut().enumerate() {
            let start = index as u64 * 300 + if index >= 30 { 2_000 } else { 0 };
            word.span = Some(Span::new(start, start + 300));
        }
        transcript.timing = Timing::Words;
        assert_eq!(lengths(&transcript, &sentences), [30, 50]);
    }

    #[test]
    fn turns_are_passages_however_short() {
        let mut transcript = of_length(0);
        transcript.words = "So we went home . Yeah. It was late.".split(' ').map(Word::untimed).collect();
        let turn = |words, speaker: Option<&str>| Turn { speaker: speaker.map(str::to_owned), words };
        transcript.turns = vec![turn(0..5, Some("A")), turn(5..6, Some("B")), turn(6..9, None)];
        let found = passages(&transcript, &sentences(&transcript));
        let speakers: Vec<_> =
            found.iter().map(|passage| (passage.speaker.as_deref(), passage.words.clone())).collect();
        assert_eq!(speakers, [(Some("A"), 0..5), (Some("B"), 5..6), (None, 6..9)]);
        assert!(found.iter().all(|passage| !passage.continues));
    }

    #[test]
    fn a_long_turn_goes_on() {
        let transcript = of_length(120);
        let found = passages(&transcript, &ranges(&[10; 12]));
        assert_eq!(found.iter().map(|passage| passage.continues).collect::<Vec<_>>(), [true, true, false]);
    }
}
