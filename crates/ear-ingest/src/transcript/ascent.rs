//! Which of many times to believe: those of the longest run that does not go backwards.

use ear_core::Millis;

/// The indices of the longest non-descending run of times, last first, by patience sorting.
pub(super) fn longest_ascent(found: &[(usize, Millis)]) -> Vec<usize> {
    let mut tops: Vec<usize> = Vec::new();
    let mut before = vec![None; found.len()];
    for (position, (_, time)) in found.iter().enumerate() {
        let pile = tops.partition_point(|top| found[*top].1 <= *time);
        before[position] = pile.checked_sub(1).map(|pile| tops[pile]);
        if pile == tops.len() {
            tops.push(position);
        } else {
            tops[pile] = position;
        }
    }
    let mut ascent = Vec::new();
    let mut next = tops.last().copied();
    while let Some(position) = next {
        ascent.push(found[position].0);
        next = before[position];
    }
    ascent
}
