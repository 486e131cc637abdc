//! Finding what sounds like a name in a text that is at hand as a whole.
//!
//! Comparing every word of a long text with every name would take minutes. A text has few distinct words, so each is
//! compared with the name once; only around those that sound like a part of it is the text itself looked at. Of the
//! words of a span that sounds like the name at least one sounds like its part (the pigeonhole principle), so little
//! is lost.

use super::matching::{Fit, HeardPhones, Place, Reading, fit, places};
use super::{Phone, pronounce_first};
use std::collections::HashMap;
use std::ops::Range;

/// What costs more for each phone sounds like anything: places beyond are not judged.
pub const BAR: f32 = 0.22;
/// The least share of a name that a word has to cover to be looked around.
const COVERS: f32 = 0.34;
/// The most that a word may cost for each phone that it covers, in 64ths.
pub(super) const ANCHOR_COST: i32 = 15;
/// How many words either side of an anchor may belong to the name.
const AROUND: usize = 4;

/// A text that is searched by sound.
#[derive(Clone, Debug)]
pub struct SoundText {
    heard: HeardPhones,
    /// The phones of each distinct word.
    vocabulary: Vec<Vec<Phone>>,
    /// Where each distinct word stands.
    positions: Vec<Vec<u32>>,
}

/// A place, and which of the readings it sounds like.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Index into the readings that were looked for.
    pub reading: usize,
    /// The place.
    pub place: Place,
}

impl SoundText {
    /// Pronounces a text, each distinct word once.
    pub fn new<S: AsRef<str>>(words: &[S]) -> Self {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut text = Self { heard: HeardPhones::new(), vocabulary: Vec::new(), positions: Vec::new() };
        for (at, word) in words.iter().enumerate() {
            let number = *numbers.entry(word.as_ref()).or_insert_with(|| {
                let mut phones = Vec::new();
                pronounce_first(word.as_ref(), &mut phones);
                text.vocabulary.push(phones);
                text.positions.push(Vec::new());
                text.vocabulary.len() - 1
            });
            text.positions[number].push(at as u32);
            text.heard.push(&text.vocabulary[number]);
        }
        text
    }

    /// The phones of these words.
    pub fn phones(&self, words: Range<usize>) -> &[Phone] {
        self.heard.of(words)
    }

    /// How many words there are.
    pub fn words(&self) -> usize {
        self.heard.words()
    }

    /// What sounds like any of these readings at a cost of at most `bar` a phone, in order of the text; where
    /// places overlap, the cheapest.
    pub fn find(&self, readings: &[Reading], bar: f32) -> Vec<Found> {
        let mut all: Vec<Found> = Vec::new();
        for (number, reading) in readings.iter().enumerate() {
            for window in self.windows(reading) {
                let found = places(reading, &self.heard, window, bar);
                all.extend(found.into_iter().map(|place| Found { reading: number, place }));
            }
        }
        cheapest(all)
    }

    /// The parts of the text around words that sound like a part of the reading.
    fn windows(&self, reading: &Reading) -> Vec<Range<usize>> {
        let mut anchors: Vec<u32> = Vec::new();
        let least = Phone::ALL.map(|heard| reading.least_cost(heard));
        let least_of = |phones: &[Phone]| phones.iter().map(|phone| i32::from(least[phone.index()])).sum();
        for (phones, positions) in self.vocabulary.iter().zip(&self.positions) {
            let may_be = may_be_anchor(least_of(phones), phones.len(), reading.len());
            if may_be && fit(reading, phones).is_some_and(|fit| is_anchor(fit, reading.len())) {
                anchors.extend(positions);
            }
        }
        anchors.sort_unstable();
        let mut windows: Vec<Range<usize>> = Vec::new();
        for anchor in anchors {
            let anchor = anchor as usize;
            let window = anchor.saturating_sub(AROUND)..(anchor + AROUND + 1).min(self.words());
            match windows.last_mut() {
                Some(last) if window.start <= last.end => last.end = window.end,
                _ => windows.push(window),
            }
        }
        windows
    }
}

/// Whether a word that fits so is worth looking around.
#[inline]
pub fn is_anchor(fit: Fit, length: usize) -> bool {
    let covers = i32::from(fit.to) - i32::from(fit.from);
    covers as f32 >= COVERS * length as f32 && i32::from(fit.cost) <= ANCHOR_COST * covers
}

/// Whether a word of so many phones that costs at least so much, in 64ths, may be worth looking around in a reading of
/// this length. Quicker than to fit it.
#[inline]
pub fn may_be_anchor(least: i32, phones: usize, length: usize) -> bool {
    // A word covers hardly more of a name than it has phones.
    let covers = (phones + 2).min(length);
    covers as f32 >= COVERS * length as f32 && least <= ANCHOR_COST * covers as i32
}

/// Of overlapping places only the cheapest, in order of the text.
fn cheapest(mut all: Vec<Found>) -> Vec<Found> {
    all.sort_by(|a, b| {
        let rank = |found: &Found| (found.place.words.start, found.place.words.end, found.reading);
        a.place.cost.total_cmp(&b.place.cost).then_with(|| rank(a).cmp(&rank(b)))
    });
    let mut taken: Vec<Range<usize>> = Vec::new();
    let mut chosen: Vec<Found> = Vec::new();
    for found in all {
        let words = &found.place.words;
        let next = taken.partition_point(|range| range.end <= words.start);
        if taken.get(next).is_none_or(|range| range.start >= words.end) {
            taken.insert(next, words.clone());
            chosen.push(found);
        }
    }
    chosen.sort_by_key(|found| found.place.words.start);
    chosen
}
