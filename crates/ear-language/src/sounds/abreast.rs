//! Readings of a name compared with the same phones side by side, by their costs alone.
//!
//! Each lane of a vector is another reading (Rognes 2011, "Faster Smith-Waterman database searches with inter-sequence
//! SIMD parallelisation"). This tells what cannot sound like any of them; where and how the rest does, [`fit`] and
//! [`places`] say.
//!
//! [`fit`]: super::fit
//! [`places`]: super::places

use super::find::ANCHOR_COST;
use super::matching::{EDGE, Fit, MAX_PHONES, Reading};
use super::{Phone, insertion};
use std::ops::Add;
use wide::{CmpLt, i16x8};

/// As many readings are compared at once: a vector holds the cost of each, and what it is worth.
pub const ABREAST: usize = 4;
/// Dearer than anything that is allowed, and far from the end of the numbers.
const DEAR: i16 = 8_000;

/// Readings of a name, phone beside phone.
#[derive(Clone, Debug)]
pub struct Abreast {
    /// How long each reading is.
    lengths: Vec<usize>,
    /// For each phone heard, for each place in the readings: what it costs, and the same less what a place is worth.
    instead: Vec<i16x8>,
    /// The same for not hearing the phone at that place.
    missed: Vec<i16x8>,
    /// What each reading may cost more than.
    above: i16x8,
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
    /// The first [`ABREAST`] of these readings, for places of at most `bar` a phone.
    pub fn new(readings: &[Reading], bar: f32) -> Self {
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
        let mut above = [i16::MIN; 2 * ABREAST];
        for (above, reading) in above.iter_mut().zip(readings).filter(|(_, reading)| !reading.is_empty()) {
            *above = i16::try_from(reading.most(bar) + 1).unwrap_or(i16::MAX);
        }
        Self { lengths: readings.iter().map(Reading::len).collect(), instead, missed, above: i16x8::new(above) }
    }

    /// The least that each of these pieces of words costs, wherever in the readings it is. Quickest where those that
    /// begin alike come one after another.
    pub fn least<'a>(&self, pieces: impl IntoIterator<Item = &'a [Phone]>) -> Vec<Least> {
        let mut rows: Vec<[i16x8; MAX_PHONES + 1]> = vec![[i16x8::ZERO; MAX_PHONES + 1]];
        let mut last: &[Phone] = &[];
        let mut all = Vec::new();
        for piece in pieces {
            let same = piece.iter().zip(last).take_while(|(a, b)| a == b).count();
            for (depth, &phone) in piece.iter().enumerate().skip(same) {
                let mut row = rows[depth];
                row[0] += i16x8::splat(i16::from(insertion(phone)));
                self.hear(phone, rows[depth][0], &mut row);
                rows.truncate(depth + 1);
                rows.push(row);
            }
            let row = &rows[piece.len()][..=self.missed.len()];
            all.push(Least(row.iter().fold(row[0], |least, &cost| least.min(cost))));
            last = piece;
        }
        all
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
        let mut fits = [None; ABREAST];
        for (lane, (fit, &length)) in fits.iter_mut().zip(&self.lengths).enumerate() {
            let of = |end: usize| (cost[end].as_array_ref()[lane], start[end].as_array_ref()[lane]);
            let worth = |end: usize| i32::from(of(end).0) - 32 * (end as i32 - i32::from(of(end).1));
            let best = (1..=length).filter(|&end| (of(end).1 as usize) < end).min_by_key(|&end| worth(end));
            *fit = best.map(|end| Fit { from: of(end).1 as u8, to: end as u8, cost: of(end).0 as u16 });
        }
        fits
    }

    /// The readings, as bits, that something among words of these phones may sound like. For others [`places`] finds none.
    ///
    /// [`places`]: super::places
    pub fn may_sound<'a>(&self, words: impl IntoIterator<Item = &'a [Phone]>) -> u8 {
        let length = self.missed.len();
        let mut row = [i16x8::ZERO; MAX_PHONES + 1];
        for at in 0..length {
            row[at + 1] = row[at] + self.missed[at];
        }
        let mut found = i16x8::ZERO;
        for phones in words {
            for (at, &phone) in phones.iter().enumerate() {
                let edge = i16x8::splat(if at + 1 == phones.len() { 0 } else { EDGE as i16 });
                let before = std::mem::replace(&mut row[0], edge);
                self.hear(phone, before, &mut row);
                found |= (row[length] + edge).cmp_lt(self.above);
            }
        }
        found.move_mask() as u8 & ((1 << self.lengths.len()) - 1)
    }

    /// The costs after one more phone; `before` is what the first of the row was.
    #[inline]
    fn hear(&self, phone: Phone, before: i16x8, row: &mut [i16x8; MAX_PHONES + 1]) {
        let length = self.missed.len();
        let inserted = i16x8::splat(i16::from(insertion(phone)));
        let instead = &self.instead[phone.index() * length..(phone.index() + 1) * length];
        let (mut diagonal, mut left) = (before, row[0]);
        for ((cell, &instead), &missed) in row[1..].iter_mut().zip(instead).zip(&self.missed) {
            let above = *cell;
            left = (diagonal + instead).min(above + inserted).min(left + missed);
            (diagonal, *cell) = (above, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BAR, HeardPhones, Pronunciation, fit, is_anchor, places};
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_word_fits_as_it_does_alone(readings in readings(), word in phones(0..=30)) {
            let abreast = Abreast::new(&readings, BAR);
            for (reading, fitted) in readings.iter().zip(abreast.fit(&word)) {
                prop_assert_eq!(fit(reading, &word), fitted);
            }
        }

        #[test]
        fn pieces_cost_no_more_than_their_word(readings in readings(), word in phones(1..=14), piece in 1_usize..5) {
            let abreast = Abreast::new(&readings, BAR);
            let least = abreast.least(word.chunks(piece)).into_iter().fold(Least::NOTHING, |sum, least| sum + least);
            for (number, reading) in readings.iter().enumerate().take(ABREAST) {
                if let Some(fit) = fit(reading, &word) {
                    prop_assert!(i32::from(least.costs()[number]) <= i32::from(fit.cost));
                    prop_assert!(!is_anchor(fit, reading.len()) || least.may_be_anchor() & 1 << number != 0);
                }
            }
        }

        #[test]
        fn what_may_sound_does(readings in readings(), words in prop::collection::vec(phones(0..=6), 1..=9)) {
            let mut heard = HeardPhones::new();
            words.iter().for_each(|word| heard.push(word));
            let may = Abreast::new(&readings, BAR).may_sound(words.iter().map(Vec::as_slice));
            for (number, reading) in readings.iter().enumerate().take(ABREAST) {
                let sounds = !places(reading, &heard, 0..words.len(), BAR).is_empty();
                prop_assert_eq!(may & 1 << number != 0, sounds);
            }
        }
    }
}
