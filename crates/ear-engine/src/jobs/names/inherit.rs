//! Decisions that a new transcript takes over from older ones of the same episode.

use crate::names::said;
use ear_core::{NameId, RepairState, Span, Word, WordRange};
use ear_language::sounds::{Phone, pronounce_first};
use ear_store::{StoredRepair, fold_name};

/// Two hearings are alike whose letters or sounds differ by at most this share of the longer.
const ALIKE: f64 = 0.34;

/// A decision in the place that it has in another transcript.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Inherited {
    pub words: WordRange,
    pub meant: String,
    pub name: NameId,
    pub state: RepairState,
    pub probability: f32,
    pub by_hand: bool,
}

/// The decisions among these repairs of other transcripts, laid on the words of this one: where they were heard at
/// the same moment, or in texts without times as the same words, and what is heard there now is alike. Where the
/// words already say what was meant there is nothing to decide. Of several for the same words the first one counts.
pub(super) fn inherited(words: &[Word], decided: &[StoredRepair]) -> Vec<Inherited> {
    let mut found: Vec<Inherited> = Vec::new();
    for old in decided.iter().filter(|old| old.state != RepairState::Proposed) {
        let place = match old.span {
            Some(span) => at_moment(words, span).map(|range| closest(words, range, &old.heard)),
            None => Some(old.words.clone()).filter(|range| words.get(range.clone()).is_some()),
        };
        let Some(place) = place.filter(|place| !found.iter().any(|one| overlap(&one.words, place))) else { continue };
        let heard = said(words, &place);
        let is_same = match old.span {
            Some(_) => alike(&old.heard, &heard),
            None => fold_name(&old.heard) == fold_name(&heard),
        };
        if is_same && !says(&heard, &old.meant) {
            let StoredRepair { name, state, probability, by_hand, .. } = *old;
            found.push(Inherited { words: place, meant: old.meant.clone(), name, state, probability, by_hand });
        }
    }
    found.sort_by_key(|one| one.words.start);
    found
}

/// The words of a moment, if together they overlap it by half.
fn at_moment(words: &[Word], span: Span) -> Option<WordRange> {
    let inside = |word: &Word| word.span.is_some_and(|own| shared(own, span) * 2 >= own.duration().max(1));
    let start = words.iter().position(inside)?;
    let end = words.iter().rposition(inside)? + 1;
    let whole = words[start..end].iter().filter_map(|word| word.span).reduce(Span::join)?;
    (shared(whole, span) * 2 >= whole.duration().max(span.duration())).then_some(start..end)
}

/// The same words, or without the first or last of them what is most alike: a word more may lie in the moment.
fn closest(words: &[Word], range: WordRange, heard: &str) -> WordRange {
    let starts = range.start..=(range.start + 1).min(range.end - 1);
    let all = starts.flat_map(|start| (range.end - 1..=range.end).rev().map(move |end| start..end));
    let within = all.filter(|part| !part.is_empty());
    within.min_by(|a, b| distance(&said(words, a), heard).total_cmp(&distance(&said(words, b), heard))).unwrap_or(range)
}

fn shared(a: Span, b: Span) -> u64 {
    a.end().min(b.end()).saturating_sub(a.start().max(b.start()))
}

fn overlap(a: &WordRange, b: &WordRange) -> bool {
    a.start < b.end && b.start < a.end
}

/// Whether words already say what was meant.
fn says(heard: &str, meant: &str) -> bool {
    let (heard, meant) = (fold_name(heard), fold_name(meant));
    format!(" {heard} ").contains(&format!(" {meant} "))
}

/// Whether two hearings are much the same, in letters or in sounds.
fn alike(a: &str, b: &str) -> bool {
    distance(a, b) <= ALIKE
}

/// How far apart two hearings are in letters or, where that is less, in sounds: 0 to 1.
fn distance(a: &str, b: &str) -> f64 {
    let letters = |text: &str| -> Vec<char> { fold_name(text).chars().filter(|c| c.is_alphanumeric()).collect() };
    let sounds = |text: &str| -> Vec<Phone> {
        let mut phones = Vec::new();
        text.split_whitespace().for_each(|word| pronounce_first(word, &mut phones));
        phones
    };
    apart(&letters(a), &letters(b)).min(apart(&sounds(a), &sounds(b)))
}

/// Levenshtein's distance as a share of the longer; two that are empty are not alike.
fn apart<T: PartialEq>(a: &[T], b: &[T]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 1.0;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row[b.len()] as f64 / a.len().max(b.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{RepairId, TranscriptId, join_words};

    fn spoken(text: &str, from: u64) -> Vec<Word> {
        let words = text.split(' ').enumerate();
        words
            .map(|(at, word)| Word::timed(word, Span::new(from + at as u64 * 500, from + at as u64 * 500 + 450)))
            .collect()
    }

    fn decided(words: &[Word], range: WordRange, meant: &str, state: RepairState) -> StoredRepair {
        StoredRepair {
            id: RepairId(1),
            transcript: TranscriptId(1),
            name: NameId(1),
            span: words[range.clone()].iter().filter_map(|word| word.span).reduce(Span::join),
            heard: join_words(&words[range.clone()]),
            words: range,
            meant: meant.into(),
            probability: 0.5,
            evidence: Vec::new(),
            runner_up: None,
            state,
            by_hand: false,
        }
    }

    #[test]
    fn decisions_follow_the_moment_and_the_sound() {
        let old = spoken("the general sola money was there", 0);
        let check = |new: Vec<Word>, state, expected: Option<WordRange>| {
            let found = inherited(&new, &[decided(&old, 2..4, "Soleimani", state)]);
            assert_eq!(found.first().map(|one| (one.words.clone(), one.state)), expected.map(|range| (range, state)));
        };
        let accepted = RepairState::Accepted;
        check(spoken("well the general sola money was there", 0), accepted, None);
        check(spoken("the general sola money was there", 60), accepted, Some(2..4));
        check(spoken("a general solar money, was there", 0), accepted, Some(2..4));
        check(spoken("the general solamoney was there", 100), accepted, Some(2..3));
        check(spoken("the general Soleimani himself was there", 0), accepted, None);
        check(spoken("the general came down was there", 0), accepted, None);
        check(spoken("the general sola money was there", 0), RepairState::Refused, Some(2..4));
        check(spoken("the general sola money was there", 0), RepairState::Proposed, None);
        check(Vec::new(), accepted, None);
    }

    #[test]
    fn texts_without_times_share_their_words() {
        let bare = |text: &str| -> Vec<Word> { text.split(' ').map(Word::untimed).collect() };
        let old = decided(&bare("the sola money was"), 1..3, "Soleimani", RepairState::Accepted);
        assert_eq!(inherited(&bare("the sola money was"), std::slice::from_ref(&old)).len(), 1);
        assert_eq!(inherited(&bare("so the sola money"), std::slice::from_ref(&old)).len(), 0);
        assert_eq!(inherited(&bare("the sola"), std::slice::from_ref(&old)).len(), 0);
    }
}
