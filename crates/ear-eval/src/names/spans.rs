//! Which words a machine heard for each part of what was said.
//!
//! Runs of four parts that both sides have once are sure (the anchors of Hunt and Szymanski 1977, as in patience
//! sorting); what lies between two anchors is aligned part by part; where the parts differ, letter by letter, so that
//! "soleimani" gets both words of "sola money".

use super::fold::Folded;
use crate::alignment::{Step, align};
use std::collections::HashMap;
use std::ops::Range;

const ANCHOR: usize = 4;
/// Letters squared that one differing stretch may take.
const MAX_CELLS: usize = 4_000_000;
const ADDED: u32 = 4;
const SAME_SORT: u32 = 5;
const OTHER_SORT: u32 = 7;

/// For each part of the reference, the range of heard words; an empty one stands where the part was left out.
pub fn heard_words(said: &Folded, heard: &Folded) -> Vec<Range<usize>> {
    let steps = steps(&numbers(said, heard));
    let mut spans = vec![0..0; said.parts.len()];
    // Alignments leave no reference part out, so each stretch begins where the one before ended.
    let mut word = 0;
    for stretch in steps.chunk_by(|left, right| is_same(left) == is_same(right)) {
        if is_same(&stretch[0]) {
            for step in stretch {
                let Step::Same(part, at) = *step else { continue };
                word = heard.words[at] + 1;
                spans[part] = word - 1..word;
            }
            continue;
        }
        let parts: Vec<usize> = stretch.iter().filter_map(part_said).collect();
        let others: Vec<usize> = stretch.iter().filter_map(part_heard).collect();
        for (part, span) in parts.iter().zip(within(said, heard, &parts, &others, word)) {
            spans[*part] = span;
        }
        word = others.last().map_or(word, |at| heard.words[*at] + 1);
    }
    spans
}

fn is_same(step: &Step) -> bool {
    matches!(step, Step::Same(..))
}

fn part_said(step: &Step) -> Option<usize> {
    match step {
        Step::Same(part, _) | Step::Other(part, _) | Step::Missed(part) => Some(*part),
        Step::Added(_) => None,
    }
}

fn part_heard(step: &Step) -> Option<usize> {
    match step {
        Step::Same(_, at) | Step::Other(_, at) | Step::Added(at) => Some(*at),
        Step::Missed(_) => None,
    }
}

/// Both sides as numbers, the same for the same part: quick to compare.
fn numbers(said: &Folded, heard: &Folded) -> [Vec<u32>; 2] {
    let mut known: HashMap<&str, u32> = HashMap::new();
    [said, heard].map(|side| {
        let number = |part| {
            let next = known.len() as u32;
            *known.entry(part).or_insert(next)
        };
        side.parts.iter().map(String::as_str).map(number).collect()
    })
}

fn steps([said, heard]: &[Vec<u32>; 2]) -> Vec<Step> {
    let mut steps = Vec::with_capacity(said.len().max(heard.len()));
    let (mut part, mut at) = (0, 0);
    let ends = [(said.len(), heard.len())];
    for (next_part, next_at) in anchors(said, heard).into_iter().chain(ends) {
        let between = align(&said[part..next_part], &heard[at..next_at]);
        steps.extend(between.into_iter().map(|step| match step {
            Step::Same(left, right) => Step::Same(part + left, at + right),
            Step::Other(left, right) => Step::Other(part + left, at + right),
            Step::Missed(left) => Step::Missed(part + left),
            Step::Added(right) => Step::Added(at + right),
        }));
        if next_part < said.len() && next_at < heard.len() {
            steps.push(Step::Same(next_part, next_at));
        }
        (part, at) = (next_part + 1, next_at + 1);
    }
    steps
}

/// The first parts of runs that each side has once, as many as keep their order.
fn anchors(said: &[u32], heard: &[u32]) -> Vec<(usize, usize)> {
    let there = once(heard);
    let mut pairs: Vec<(usize, usize)> =
        once(said).into_iter().filter_map(|(run, part)| Some((part, *there.get(run)?))).collect();
    pairs.sort_unstable();
    // Longest increasing subsequence by patience sorting: `piles` holds the last pair of the best chain per length.
    let mut piles: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (number, (_, at)) in pairs.iter().enumerate() {
        let pile = piles.partition_point(|top| pairs[*top].1 < *at);
        before.push(pile.checked_sub(1).map(|pile| piles[pile]));
        if pile == piles.len() { piles.push(number) } else { piles[pile] = number }
    }
    let mut chain: Vec<_> = std::iter::successors(piles.last().copied(), |number| before[*number]).collect();
    chain.reverse();
    chain.into_iter().map(|number| pairs[number]).collect()
}

fn once(parts: &[u32]) -> HashMap<&[u32], usize> {
    let mut places: HashMap<&[u32], Option<usize>> = HashMap::new();
    for (at, run) in parts.windows(ANCHOR).enumerate() {
        places.entry(run).and_modify(|place| *place = None).or_insert(Some(at));
    }
    places.into_iter().filter_map(|(run, place)| Some((run, place?))).collect()
}

/// Spans of the parts of one stretch in which nothing agrees.
fn within(said: &Folded, heard: &Folded, parts: &[usize], others: &[usize], word: usize) -> Vec<Range<usize>> {
    let shared = shared_letters(
        &parts.iter().map(|part| said.parts[*part].as_str()).collect::<Vec<_>>(),
        &others.iter().map(|at| heard.parts[*at].as_str()).collect::<Vec<_>>(),
    );
    let mut spans: Vec<Option<Range<usize>>> = vec![None; parts.len()];
    let mut take = |part: usize, at: usize| {
        let word = heard.words[others[at]];
        let span = spans[part].take().unwrap_or(word..word + 1);
        spans[part] = Some(span.start.min(word)..span.end.max(word + 1));
    };
    let heard_parts = 0..others.len();
    for at in heard_parts {
        // A heard word belongs to the part that has most of its letters.
        let best = (0..parts.len()).filter(|part| shared[*part][at] > 0).max_by_key(|part| shared[*part][at]);
        if let Some(part) = best {
            take(part, at);
        }
    }
    for part in 0..parts.len() {
        // A part that has vanished into a longer word, as "mo" in "bimo".
        let most = said.parts[parts[part]].chars().count().div_ceil(2);
        if let Some(at) = (0..others.len()).find(|at| shared[part][*at] >= most) {
            take(part, at);
        }
    }
    let mut end = word;
    let placed = spans.into_iter().map(|span| {
        let span = span.unwrap_or(end..end);
        end = end.max(span.end);
        span
    });
    placed.collect()
}

/// How many letters of each part stand against how many of each heard part, in the cheapest alignment of all letters.
/// A vowel for a vowel or a consonant for a consonant is cheaper than one for the other.
fn shared_letters(said: &[&str], heard: &[&str]) -> Vec<Vec<usize>> {
    let mut shared = vec![vec![0; heard.len()]; said.len()];
    let [left, right] = [said, heard].map(|side| {
        let letters =
            |(number, part): (usize, &&str)| part.chars().map(move |letter| (number, letter)).collect::<Vec<_>>();
        side.iter().enumerate().flat_map(letters).collect::<Vec<_>>()
    });
    if left.len() * right.len() > MAX_CELLS {
        // Nobody hears whole minutes wrong: this is missing or foreign material, any pairing will do.
        (0..said.len().min(heard.len())).for_each(|number| shared[number][number] = said[number].chars().count());
        return shared;
    }
    let width = right.len() + 1;
    let mut costs = vec![0_u32; (left.len() + 1) * width];
    (0..width).for_each(|at| costs[at] = at as u32 * ADDED);
    for (row, (_, letter)) in left.iter().enumerate() {
        costs[(row + 1) * width] = (row as u32 + 1) * ADDED;
        for (at, (_, other)) in right.iter().enumerate() {
            let replaced = costs[row * width + at] + replacement(*letter, *other);
            let skipped = costs[row * width + at + 1].min(costs[(row + 1) * width + at]) + ADDED;
            costs[(row + 1) * width + at + 1] = replaced.min(skipped);
        }
    }
    let (mut row, mut at) = (left.len(), right.len());
    while row > 0 && at > 0 {
        let cost = costs[row * width + at];
        let ((part, letter), (number, other)) = (left[row - 1], right[at - 1]);
        if cost == costs[(row - 1) * width + at - 1] + replacement(letter, other) {
            shared[part][number] += 1;
            (row, at) = (row - 1, at - 1);
        } else if cost == costs[(row - 1) * width + at] + ADDED {
            row -= 1;
        } else {
            at -= 1;
        }
    }
    shared
}

fn replacement(left: char, right: char) -> u32 {
    let is_vowel = |letter: char| "aeiouy".contains(letter);
    match (left == right, is_vowel(left) == is_vowel(right)) {
        (true, _) => 0,
        (false, true) => SAME_SORT,
        (false, false) => OTHER_SORT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(said: &str, heard: &str) -> String {
        let words: Vec<&str> = heard.split(' ').collect();
        let spans = heard_words(&Folded::new(said.split(' ')), &Folded::new(words.iter().copied()));
        spans.into_iter().map(|span| words[span].join("+")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn misheard_names_get_their_words() {
        let check = |said: &str, heard: &str, expected: &str| assert_eq!(shown(said, heard), expected, "{said}");
        check("general soleimani said", "general sola money said", "general sola+money said");
        check("with d ambrosia now", "with dambrosia now", "with dambrosia dambrosia now");
        check("from bank of america please", "from bank of a mare please", "from bank of a+mare please");
        check("thank you josh next", "thank you next", "thank you  next");
        check("qasem soleimani died", "kasim solo many died", "kasim solo+many died");
        check("ask jonathan lamers from bmo", "ask jonathan lammers from bemo", "ask jonathan lammers from bemo");
        check("covid here", "covid-19 here", "covid-19 here");
    }

    #[test]
    fn long_texts_align_by_their_anchors() {
        let mut said: Vec<String> = (0..6000).map(|at| format!("w{}", at * at % 4099)).collect();
        let mut heard = said.clone();
        heard.splice(3000..3001, ["sola".to_owned(), "money".to_owned()]);
        heard.drain(100..105);
        said[3000] = "soleimani".into();
        let folded = |words: &[String]| Folded::new(words.iter().map(String::as_str));
        let spans = heard_words(&folded(&said), &folded(&heard));
        assert_eq!((&spans[3000], &spans[102], &spans[5999]), (&(2995..2997), &(100..100), &(5995..5996)));
    }

    proptest! {
        #[test]
        fn spans_stay_within_what_was_heard(said in "[ab]{1,3}( [ab]{1,3}){0,8}", heard in "[ab]{1,3}( [ab]{1,3}){0,8}") {
            let (said, heard) = (Folded::new(said.split(' ')), Folded::new(heard.split(' ')));
            let spans = heard_words(&said, &heard);
            prop_assert_eq!(spans.len(), said.parts.len());
            prop_assert!(spans.iter().all(|span| span.start <= span.end && span.end <= heard.parts.len()));
        }
    }
}
