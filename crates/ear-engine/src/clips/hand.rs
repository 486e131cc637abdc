//! Where hand work on clips stands in the transcript that is read, which need not be the one it was done to.

use crate::{Library, Result};
use ear_core::{Span, Transcript, TranscriptId, Word, WordRange};
use ear_store::ClipWork;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

/// Words of another transcript are the same where at least this share of them is, in hundredths.
const SAME: usize = 90;

/// Hand work with the sentences that it is about here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub work: ClipWork,
    pub sentences: Range<usize>,
}

impl Library {
    /// Places hand work in a transcript: by its words where they are the same, otherwise by time. What can't be placed
    /// is kept for another transcript.
    pub(super) fn held(
        &self,
        work: Vec<ClipWork>,
        id: TranscriptId,
        transcript: &Transcript,
        sentences: &[WordRange],
    ) -> Result<Vec<Held>> {
        let mut others: HashMap<TranscriptId, Vec<Word>> = HashMap::new();
        let mut held = Vec::new();
        for work in work {
            let words = if work.transcript == id {
                Some(work.words.clone())
            } else {
                let theirs = match others.entry(work.transcript) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => {
                        let is_there = self.store.transcript_info(work.transcript)?.is_some();
                        new.insert(if is_there {
                            self.store.load_transcript(work.transcript)?.words
                        } else {
                            Vec::new()
                        })
                    }
                };
                placed(&work, theirs, &transcript.words)
            };
            if let Some(range) = words.and_then(|words| snapped(sentences, &words)) {
                held.push(Held { work, sentences: range });
            }
        }
        Ok(held)
    }
}

/// The words here that are those of another transcript.
fn placed(work: &ClipWork, theirs: &[Word], ours: &[Word]) -> Option<WordRange> {
    if let (Some(theirs), Some(here)) = (theirs.get(work.words.clone()), ours.get(work.words.clone())) {
        let same = theirs.iter().zip(here).filter(|(one, other)| folded(&one.text) == folded(&other.text)).count();
        if same * 100 >= theirs.len() * SAME {
            return Some(work.words.clone());
        }
    }
    by_time(work.span?, ours)
}

fn folded(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of whose time at least half lies in a span.
fn by_time(span: Span, words: &[Word]) -> Option<WordRange> {
    let middle = |word: &Word| word.span.map(|span| span.start() + span.duration() / 2);
    let inside = |word: &Word| middle(word).is_some_and(|middle| span.contains(middle));
    let first = words.iter().position(inside)?;
    let last = words.iter().rposition(inside)?;
    Some(first..last + 1)
}

/// The sentences whose edges are nearest to those of these words; `None` where that leaves none.
pub(super) fn snapped(sentences: &[WordRange], words: &WordRange) -> Option<Range<usize>> {
    let range = nearest(sentences, words.start)..nearest(sentences, words.end);
    (!range.is_empty()).then_some(range)
}

/// The sentence that begins nearest to a word; one more than the last for the end.
pub(super) fn nearest(sentences: &[WordRange], word: usize) -> usize {
    let after = sentences.partition_point(|sentence| sentence.start < word);
    let begins = |at: usize| sentences.get(at).map_or_else(|| sentences.last().map_or(0, |last| last.end), |s| s.start);
    match after.checked_sub(1) {
        Some(before) if word - begins(before) < begins(after).abs_diff(word) => before,
        _ => after,
    }
}

/// How many these ranges share.
pub(super) fn shared(one: &Range<usize>, other: &Range<usize>) -> usize {
    one.end.min(other.end).saturating_sub(one.start.max(other.start))
}

/// Which of these ranges a range is most of, or which is most of it: the one they share most of, at least half of the
/// shorter.
pub(super) fn best(ranges: &[Range<usize>], wanted: &Range<usize>) -> Option<usize> {
    let fits = |at: &usize| {
        let range = &ranges[*at];
        let both = shared(range, wanted);
        both > 0 && both * 2 >= range.len().min(wanted.len())
    };
    (0..ranges.len()).filter(fits).max_by_key(|&at| (shared(&ranges[at], wanted), std::cmp::Reverse(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_go_to_the_nearest_sentence() {
        let sentences = [0..4, 4..10, 10..12];
        for (word, expected) in
            [(0, 0), (1, 0), (2, 1), (3, 1), (4, 1), (6, 1), (7, 2), (9, 2), (11, 3), (12, 3), (99, 3)]
        {
            assert_eq!(nearest(&sentences, word), expected, "{word}");
        }
        assert_eq!(snapped(&sentences, &(3..9)), Some(1..2));
        assert_eq!(snapped(&sentences, &(4..6)), None);
        assert_eq!(nearest(&[], 5), 0);
    }

    #[test]
    fn words_are_found_by_their_time() {
        let word = |text: &str, at: u64| Word::timed(text, Span::new(at * 1000, at * 1000 + 900));
        let shifted: Vec<Word> =
            "well he said the gate".split(' ').enumerate().map(|(at, text)| word(text, at as u64)).collect();
        assert_eq!(by_time(Span::new(2900, 5000), &shifted), Some(3..5));
        assert_eq!(by_time(Span::new(9000, 9900), &shifted), None);
        assert_eq!(folded("Locked,"), folded("locked"));
    }
}
