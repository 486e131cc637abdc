//! Advertisements, sponsors' messages, promotions, credits and jingles.
//!
//! A sentence speaks for one by its phrases (`phrases.tsv`), by standing word for word in other episodes of the show, by
//! addresses that listeners are sent to, by naming a sponsor that was announced just before, and by music beside it. Which sentences are one is decided for all of them at
//! once (Viterbi 1967): a stretch costs to begin, and each of its sentences that says nothing of the kind costs too, so
//! that one phrase alone ("brought to you by") makes none. All weights are log-odds; they are set by hand.

mod evidence;
mod phrases;
mod reads;

use crate::commonness::fold;
use ear_core::{Transcript, Word, WordRange};
use evidence::{Evidence, evidence};
use std::ops::Range;

/// A stretch that is no part of what the episode is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Advert {
    /// Its sentences.
    pub sentences: Range<usize>,
    /// "sponsor", "promotion", "credits" or "jingle".
    pub label: &'static str,
    /// How sure that is, from .5 to 1.
    pub probability: f32,
    /// What speaks for it, in words.
    pub why: String,
}

/// What a stretch may be; a number of this list is a state.
const LABELS: [&str; 4] = ["sponsor", "promotion", "credits", "jingle"];

/// What it costs a stretch to begin, to end, and to become one of another label.
const BEGIN: f32 = 3.0;
const END: f32 = 0.5;
const CHANGE: f32 = 1.8;

/// The fewest words of a stretch.
const FEWEST: usize = 5;

/// The fewest words of a sentence whose repetition means anything.
const REPEATABLE: usize = 6;

/// The advertisements of an episode, ascending, without overlap. `repeated` tells in how many other episodes of the show
/// a sentence stands word for word. Takes time in proportion to the words.
pub fn adverts(transcript: &Transcript, sentences: &[WordRange], repeated: &dyn Fn(usize) -> u32) -> Vec<Advert> {
    let mut all: Vec<Evidence> =
        (0..sentences.len()).map(|number| evidence(transcript, sentences, number, repeated(number))).collect();
    reads::weigh(transcript, sentences, &mut all);
    let mut found = Vec::new();
    for (sentences_of, label) in stretches(&all) {
        let words: usize = sentences_of.clone().map(|number| sentences[number].len()).sum();
        let gain: f32 = sentences_of.clone().map(|number| all[number].of(label)).sum::<f32>() - BEGIN - END;
        if words >= FEWEST && gain > 0.0 {
            found.push(Advert {
                label: LABELS[label],
                probability: 1.0 / (1.0 + (-gain).exp()),
                why: evidence::why(&all[sentences_of.clone()], label),
                sentences: sentences_of,
            });
        }
    }
    found
}

/// A hash of a sentence's folded words, the same on every machine, by which repetition is counted; `None` for sentences
/// of fewer than six words, which are repeated by chance.
pub fn sentence_key(words: &[Word]) -> Option<u64> {
    let folded: Vec<_> = words.iter().map(|word| fold(&word.text)).filter(|word| !word.is_empty()).collect();
    if folded.len() < REPEATABLE {
        return None;
    }
    // FNV-1a (Fowler, Noll, Vo 1991).
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let bytes = folded.iter().flat_map(|word| word.bytes().chain([b' ']));
    Some(bytes.fold(0xcbf2_9ce4_8422_2325, step))
}

/// The best way to cut the sentences into content (state 0) and stretches of one label.
fn stretches(all: &[Evidence]) -> Vec<(Range<usize>, usize)> {
    const STATES: usize = LABELS.len() + 1;
    let cost = |from: usize, to: usize| match (from, to) {
        (from, to) if from == to => 0.0,
        (0, _) => BEGIN,
        (_, 0) => END,
        _ => CHANGE,
    };
    let mut best = [0.0, -BEGIN, -BEGIN, -BEGIN, -BEGIN];
    let mut back: Vec<[usize; STATES]> = Vec::with_capacity(all.len());
    for (number, evidence) in all.iter().enumerate() {
        let mut next = [0.0; STATES];
        let mut from = [0; STATES];
        for (to, (next, from)) in next.iter_mut().zip(&mut from).enumerate() {
            let reached = |before: usize| best[before] - if number == 0 { 0.0 } else { cost(before, to) };
            *from = if number == 0 {
                to
            } else {
                (0..STATES).rev().max_by(|&one, &other| reached(one).total_cmp(&reached(other))).unwrap_or(0)
            };
            *next = reached(*from) + to.checked_sub(1).map_or(0.0, |label| evidence.of(label));
        }
        (best, back) = (next, {
            back.push(from);
            back
        });
    }
    let mut state = (0..STATES)
        .rev()
        .max_by(|&one, &other| (best[one] - cost(one, 0)).total_cmp(&(best[other] - cost(other, 0))))
        .unwrap_or(0);
    let mut found: Vec<(Range<usize>, usize)> = Vec::new();
    for number in (0..all.len()).rev() {
        match found.last_mut() {
            Some((range, label)) if state == *label + 1 && range.start == number + 1 => range.start = number,
            _ if state > 0 => found.push((number..number + 1, state - 1)),
            _ => {}
        }
        state = back[number][state];
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests;
