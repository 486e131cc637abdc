//! Readings of a name compared with the same phones side by side, by their costs alone.
//!
//! Each lane of a vector is another reading (Rognes 2011, "Faster Smith-Waterman database searches with inter-sequence
//! SIMD parallelisation").

use super::find::ANCHOR_COST;
use super::matching::{Fit, MAX_PHONES, Reading};
use super::{Phone, insertion};
use std::ops::Add;
use wide::{CmpGt, CmpLt, i16x8};

/// As many readings are compared at once: a vector holds the cost of each, and what it is worth.
pub const ABREAST: usize = 4;
/// Dearer than anything that is allowed, and far from the end of the numbers.
const DEAR: i16 = 8_000;

/// Readings of a name, phone beside phone.
#[derive(Clone, Debug)]
pub struct Abreast {
    /// For each phone heard, for each place in the readings: what it costs, and the same less what a place is worth.
    instead: Vec<i16x8>,
    /// The same for not hearing the phone at that place.
    missed: Vec<i16x8>,
    /// For each end of a part what it has to cover more than: nothing, or in readings that are shorter anything.
    beyond: Vec<i16x8>,
}

/// The least that phones may cost, for each reading; of phones in a row the least costs add up to no more than theirs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Least(i16x8);

impl Add for Least {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Least {
    /// Of no phones at all.
    pub const NOTHING: Self = Self(i16x8::ZERO);

    /// These costs; where it may be worth looking around is not known.
    pub(super) fn of_costs(costs: [i16; ABREAST]) -> Self {
        let mut lanes = [0; 2 * ABREAST];
        lanes[..ABREAST].copy_from_slice(&costs);
        Self(i16x8::new(lanes))
    }

    /// The lesser of both, in each reading.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// What fitting such a word into each reading costs at the least, in 64ths.
    #[inline]
    pub fn costs(self) -> [i16; ABREAST] {
        let [first, second, third, fourth, ..] = self.0.to_array();
        [first, second, third, fourth]
    }

    /// The readings, as bits, in which a word that costs no less may be worth looking around.
    #[inline]
    pub fn may_be_anchor(self) -> u8 {
        (self.0.cmp_lt(i16x8::splat(1)).move_mask() >> ABREAST) as u8
    }
}

impl Abreast {
    /// The first [`ABREAST`] of these readings.
    pub fn new(readings: &[Reading]) -> Self {
        let readings = &readings[..readings.len().min(ABREAST)];
        let length = readings.iter().map(Reading::len).max().unwrap_or(0);
        let costs = |at: usize, of: &dyn Fn(&Reading, usize) -> u8, beyond: i16| {
            let mut lanes = [beyond; 2 * ABREAST];
            for (lane, reading) in readings.iter().enumerate().filter(|(_, reading)| at < reading.len()) {
                let cost = i16::from(of(reading, at));
                (lanes[lane], lanes[lane + ABREAST]) = (cost, cost - ANCHOR_COST as i16);
            }
            i16x8::new(lanes)
        };
        let mut instead = Vec::with_capacity(Phone::COUNT * length);
        for heard in Phone::ALL {
            instead.extend((0..length).map(|at| costs(at, &|reading, at| reading.instead(at, heard), DEAR)));
        }
        // Behind the end of a shorter reading nothing is heard, and nothing missed.
        let missed = (0..length).map(|at| costs(at, &|reading, at| reading.missed(at..at + 1) as u8, 0)).collect();
        let beyond = |end: usize| {
            let mut lanes = [i16::MAX; 2 * ABREAST];
            lanes.iter_mut().zip(readings).filter(|(_, reading)| end <= reading.len()).for_each(|(lane, _)| *lane = 0);
            i16x8::new(lanes)
        };
        Self { instead, missed, beyond: (0..=length).map(beyond).collect() }
    }

    /// The least that each of these pieces of words costs, wherever in the readings it is. Quickest where those that
    /// begin alike come one after another.
    pub fn least<'a>(&self, pieces: impl IntoIterator<Item = &'a [Phone]>) -> Vec<Least> {
        let mut trail = Trail::new(self);
        pieces.into_iter().map(|piece| trail.least(piece)).collect()
    }

    /// The same as [`fit`](super::fit) gives for each reading.
    pub fn fit(&self, word: &[Phone]) -> [Option<Fit>; ABREAST] {
        let length = self.missed.len();
        let mut cost = [i16x8::ZERO; MAX_PHONES + 1];
        let mut start = [i16x8::ZERO; MAX_PHONES + 1];
        for (at, start) in start[..=length].iter_mut().enumerate() {
            *start = i16x8::splat(at as i16);
        }
        for &phone in word {
            let inserted = i16x8::splat(i16::from(insertion(phone)));
            let instead = &self.instead[phone.index() * length..(phone.index() + 1) * length];
            let (mut diagonal, mut diagonal_start) = (cost[0], start[0]);
            cost[0] += inserted;
            let (mut left, mut left_start) = (cost[0], start[0]);
            let cells = cost[1..].iter_mut().zip(&mut start[1..]);
            for (((cost, start), &instead), &missed) in cells.zip(instead).zip(&self.missed) {
                let (above, above_start) = (*cost, *start);
                let (same, more, less) = (diagonal + instead, above + inserted, left + missed);
                let from = more.cmp_lt(same).blend(above_start, diagonal_start);
                let best = more.min(same);
                left_start = less.cmp_lt(best).blend(left_start, from);
                left = less.min(best);
                (diagonal, diagonal_start) = (above, above_start);
                (*cost, *start) = (left, left_start);
            }
        }
        self.best(&cost[..=length], &start[..=length])
    }

    /// For each reading the part that costs least for what it covers, of those that end where the costs stand.
    fn best(&self, cost: &[i16x8], start: &[i16x8]) -> [Option<Fit>; ABREAST] {
        let mut best = [i16x8::splat(i16::MAX), i16x8::ZERO, i16x8::ZERO, i16x8::ZERO];
        for (end, ((&cost, &start), &beyond)) in cost.iter().zip(start).zip(&self.beyond).enumerate().skip(1) {
            let end = i16x8::splat(end as i16);
            let covers = end - start;
            let worth: i16x8 = cost - (covers << 5);
            let better = worth.cmp_lt(best[0]) & covers.cmp_gt(beyond);
            for (best, new) in best.iter_mut().zip([worth, start, end, cost]) {
                *best = better.blend(new, *best);
            }
        }
        let [worth, from, to, cost] = best.map(i16x8::to_array);
        let fit = |lane: usize| Fit { from: from[lane] as u8, to: to[lane] as u8, cost: cost[lane] as u16 };
        std::array::from_fn(|lane| (worth[lane] < i16::MAX).then(|| fit(lane)))
    }
}

/// The costs of the words that were heard last, so that of words that begin alike the beginning is compared once.
#[derive(Clone, Debug)]
pub struct Trail<'a> {
    abreast: &'a Abreast,
    /// The costs after each phone of the last word, and before the first.
    rows: Vec<i16x8>,
    last: [Phone; MAX_TRAIL],
    /// How many of these there are.
    depth: usize,
}

/// Phones of a word that are remembered.
const MAX_TRAIL: usize = 64;

impl<'a> Trail<'a> {
    /// Nothing heard yet.
    pub fn new(abreast: &'a Abreast) -> Self {
        let rows = vec![i16x8::ZERO; (abreast.missed.len() + 1) * (MAX_TRAIL + 1)];
        Self { abreast, rows, last: [Phone::AA; MAX_TRAIL], depth: 0 }
    }

    /// The least that this word costs, wherever in the readings it is; of a very long one nothing is known.
    pub fn least(&mut self, word: &[Phone]) -> Least {
        if word.len() > MAX_TRAIL {
            return Least::NOTHING;
        }
        let width = self.abreast.missed.len() + 1;
        let same = word.iter().zip(&self.last[..self.depth]).take_while(|(a, b)| a == b).count();
        for (depth, &phone) in word.iter().enumerate().skip(same) {
            let (before, after) = self.rows[depth * width..(depth + 2) * width].split_at_mut(width);
            self.abreast.hear(phone, before, after);
            self.last[depth] = phone;
        }
        self.depth = word.len();
        let row = &self.rows[word.len() * width..][..width];
        Least(row.iter().fold(row[0], |least, &cost| least.min(cost)))
    }
}

impl Abreast {
    /// The costs after one more phone, by those before it.
    #[inline]
    fn hear(&self, phone: Phone, before: &[i16x8], after: &mut [i16x8]) {
        let length = self.missed.len();
        let inserted = i16x8::splat(i16::from(insertion(phone)));
        let instead = &self.instead[phone.index() * length..(phone.index() + 1) * length];
        let mut left = before[0] + inserted;
        after[0] = left;
        let cells = after[1..].iter_mut().zip(before.windows(2));
        for (((cell, before), &instead), &missed) in cells.zip(instead).zip(&self.missed) {
            left = (before[0] + instead).min(before[1] + inserted).min(left + missed);
            *cell = left;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Pronunciation, fit, is_anchor};
    use super::*;
    use proptest::prelude::*;

    fn phones(lengths: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<Phone>> {
        // Few phones, so that names and words are alike often enough.
        const SOME: [Phone; 9] =
            [Phone::AH, Phone::B, Phone::M, Phone::N, Phone::IY, Phone::S, Phone::R, Phone::OY, Phone::HH];
        let any = prop_oneof![4 => prop::sample::select(&SOME[..]), 1 => prop::sample::select(&Phone::ALL[..])];
        prop::collection::vec(any, lengths)
    }

    fn readings() -> impl Strategy<Value = Vec<Reading>> {
        let reading = (phones(1..=20), 0.0_f32..3.0);
        let reading = reading.prop_map(|(phones, cost)| Reading::new(&Pronunciation { phones, starts: vec![0], cost }));
        prop::collection::vec(reading, 1..=5)
    }

    #[test]
    fn words_that_begin_alike_cost_what_they_do_alone() {
        let said = |phones: &[Phone]| Pronunciation { phones: phones.to_vec(), starts: vec![0], cost: 0.0 };
        let name = [Phone::S, Phone::OY, Phone::M, Phone::AH, Phone::N, Phone::IY];
        let abreast = Abreast::new(&[Reading::new(&said(&name)), Reading::new(&said(&name[2..]))]);
        let words: [&[Phone]; 6] = [&name[..4], &name[..2], &name[..5], &name[1..], &[], &[Phone::B; MAX_TRAIL + 1]];
        let mut trail = Trail::new(&abreast);
        for word in words {
            assert_eq!(trail.least(word), Trail::new(&abreast).least(word), "{word:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_word_fits_as_it_does_alone(readings in readings(), word in phones(0..=30)) {
            let abreast = Abreast::new(&readings);
            for (reading, fitted) in readings.iter().zip(abreast.fit(&word)) {
                prop_assert_eq!(fit(reading, &word), fitted);
            }
        }

        #[test]
        fn pieces_cost_no_more_than_their_word(readings in readings(), word in phones(1..=14), piece in 1_usize..5) {
            let abreast = Abreast::new(&readings);
            let whole = Trail::new(&abreast).least(&word);
            let least = abreast.least(word.chunks(piece)).into_iter().fold(Least::NOTHING, |sum, least| sum + least);
            for (number, reading) in readings.iter().enumerate().take(ABREAST) {
                if let Some(fit) = fit(reading, &word) {
                    for least in [least, whole] {
                        prop_assert!(i32::from(least.costs()[number]) <= i32::from(fit.cost));
                        prop_assert!(!is_anchor(fit, reading.len()) || least.may_be_anchor() & 1 << number != 0);
                    }
                }
            }
        }
    }
}
