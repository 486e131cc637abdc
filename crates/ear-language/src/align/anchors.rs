//! Anchors: runs of tokens that occur once in each sequence, as patience diff takes lines (Bram Cohen), kept
//! where they come in the same order in both: a longest increasing subsequence (Schensted 1961; Fredman 1975).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

/// A place in each sequence that belong together.
pub(super) type Pair = (usize, usize);

/// Pairs of equal tokens within these ranges, strictly ascending in both, from runs of `length` tokens that
/// occur once in each.
pub(super) fn anchors(a: &[u32], b: &[u32], within: (Range<usize>, Range<usize>), length: usize) -> Vec<Pair> {
    let (in_a, in_b) = (once(a, within.0, length), once(b, within.1, length));
    let mut shared: Vec<Pair> = in_a.iter().filter_map(|(run, place)| Some(((*place)?, (*in_b.get(run)?)?))).collect();
    shared.sort_unstable();
    let chain = longest_ascending(&shared);
    let mut pairs: Vec<Pair> = Vec::with_capacity(chain.len() + length);
    for (i, j) in chain {
        for step in 0..length {
            // Runs overlap; where two overlap differently the earlier stands.
            if pairs.last().is_none_or(|last| last.0 < i + step && last.1 < j + step) {
                pairs.push((i + step, j + step));
            }
        }
    }
    pairs
}

/// Where each run that occurs once is; `None` for those that occur more often.
fn once(tokens: &[u32], within: Range<usize>, length: usize) -> HashMap<&[u32], Option<usize>> {
    let mut places = HashMap::with_capacity(within.len());
    for (offset, run) in tokens[within.clone()].windows(length).enumerate() {
        match places.entry(run) {
            Entry::Vacant(entry) => drop(entry.insert(Some(within.start + offset))),
            Entry::Occupied(mut entry) => *entry.get_mut() = None,
        }
    }
    places
}

/// The longest part of `pairs`, which ascend in the first place, that ascends in the second too. All places
/// are distinct. Takes n log n.
fn longest_ascending(pairs: &[Pair]) -> Vec<Pair> {
    // tails[k]: the pair that ends the best chain of k + 1 pairs; before[p]: the pair before p in its chain.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        let place = tails.partition_point(|tail| pairs[*tail].1 < pair.1);
        before.push(place.checked_sub(1).map(|previous| tails[previous]));
        match tails.get_mut(place) {
            Some(tail) => *tail = index,
            None => tails.push(index),
        }
    }
    let mut chain = Vec::with_capacity(tails.len());
    let mut next = tails.last().copied();
    while let Some(index) = next {
        chain.push(pairs[index]);
        next = before[index];
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, length: usize, expected: &[Pair]) {
        let letters = |text: &str| text.bytes().map(u32::from).collect::<Vec<_>>();
        let (a, b) = (letters(a), letters(b));
        assert_eq!(anchors(&a, &b, (0..a.len(), 0..b.len()), length), expected);
    }

    #[test]
    fn what_occurs_once_in_both_is_an_anchor() {
        check("abcd", "abcd", 2, &[(0, 0), (1, 1), (2, 2), (3, 3)]);
        check("xabyab", "zab", 2, &[]);
        check("abcx", "yabc", 3, &[(0, 1), (1, 2), (2, 3)]);
        check("ab", "abc", 3, &[]);
        check("", "", 1, &[]);
    }

    #[test]
    fn what_changed_places_is_left_out() {
        check("abcdefXY", "XYabcdef", 2, &[(0, 2), (1, 3), (2, 4), (3, 5), (4, 6), (5, 7)]);
    }
}
