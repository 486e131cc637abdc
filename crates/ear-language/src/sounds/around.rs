//! Whether the words beside one that sounds like a part of a name may make up for the rest of it.
//!
//! Each lane of a vector is another reading: in its first half what stands before the word, in the second what follows.

use super::abreast::{ABREAST, Least};
use super::matching::{Fit, MAX_PHONES, Reading};
use bytemuck::cast;
use wide::{CmpGt, i16x8};

/// How a word lies in each reading: the costs of missing what is before its part, and up to its end, and its own cost
/// and one more, four numbers of 16 bits in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Laid {
    /// Before its part.
    pub from: u64,
    /// Up to the end of its part.
    pub to: u64,
    /// What it costs, and one more: never 0.
    pub cost: u64,
}

impl Laid {
    /// No word, or one that fits nowhere.
    pub const NOWHERE: Self = Self { from: 0, to: 0, cost: 0x0001_0001_0001_0001 };
    /// More than any word costs.
    pub const DEAR: u64 = 0x3fff_3fff_3fff_3fff;
}

/// Readings, and what may be missing of them.
#[derive(Clone, Debug)]
pub struct Around {
    /// For each reading, what missing the phones before each costs.
    missed: [[i16; MAX_PHONES + 1]; ABREAST],
    /// What missing all of each reading costs.
    all: u64,
    /// What the whole may cost.
    most: i16x8,
    /// And how much more it may seem to.
    slack: i16x8,
}

impl Around {
    /// The first [`ABREAST`] of these readings, for places of at most `bar` a phone, that may seem to cost `slack` more,
    /// in 64ths.
    pub fn new(readings: &[Reading], bar: f32, slack: i16) -> Self {
        let (mut missed, mut most) = ([[0; MAX_PHONES + 1]; ABREAST], [0; ABREAST]);
        for ((missed, most), reading) in missed.iter_mut().zip(&mut most).zip(readings) {
            *missed = std::array::from_fn(|end| reading.missed(0..end.min(reading.len())) as i16);
            *most = (bar * 64.0 * reading.len() as f32) as i16;
        }
        Self {
            missed,
            all: cast(missed.map(|missed| missed[MAX_PHONES])),
            most: cast([most, most]),
            slack: i16x8::splat(slack),
        }
    }

    /// How a word lies that fits so.
    pub fn laid(&self, fits: [Option<Fit>; ABREAST]) -> Laid {
        let of = |number: fn(&Self, usize, Fit) -> i16| {
            cast(std::array::from_fn::<i16, ABREAST, _>(|at| fits[at].map_or(0, |fit| number(self, at, fit))))
        };
        let from = of(|around, at, fit| around.missed[at][usize::from(fit.from)]);
        let to = of(|around, at, fit| around.missed[at][usize::from(fit.to)]);
        let cost = of(|_, _, fit| fit.cost as i16);
        Laid { from, to, cost: cost + Laid::NOWHERE.cost }
    }

    /// How much a word costs that costs no less than this, as [`Laid`] has it.
    pub fn cost(least: Least) -> u64 {
        cast::<_, u64>(least.costs().map(|cost| cost.max(0))) + Laid::NOWHERE.cost
    }

    /// What [`Around::cost`] was made of.
    pub fn least(cost: u64) -> Least {
        Least::of_costs(cast(cost - Laid::NOWHERE.cost))
    }

    /// How a word of this cost lies at best: it covers all.
    #[inline]
    pub fn anywhere(&self, cost: u64) -> Laid {
        Laid { from: 0, to: self.all, cost }
    }

    /// The readings, as bits, in which those beside a word may make up for what it lacks: the rest of the name either is
    /// not much, or they fit there.
    #[inline]
    pub fn may_make_up(&self, word: Laid, before: Laid, after: Laid) -> u8 {
        let both = |first: u64, second: u64| -> i16x8 { cast([first, second]) };
        let one = i16x8::ONE;
        let room = self.most + one - both(word.cost, word.cost);
        let (start, end) = (both(0, word.to), both(word.from, self.all));
        let missed = end - start;
        let (from, to) = (both(before.from, after.from).max(start), both(before.to, after.to).min(end));
        let covered = to - from;
        // Another word further on may be the rest of the rest.
        let uncovered: i16x8 = (missed - covered) >> 2;
        let with = both(before.cost, after.cost) - one + uncovered;
        let helps = covered.cmp_gt(i16x8::ZERO) & missed.cmp_gt(room >> 1);
        let cost = helps.blend(missed.min(with), missed);
        let [left, right]: [u64; 2] = cast(cost);
        let is_dear = (cost + both(right, left)).cmp_gt(room + self.slack);
        !is_dear.move_mask() as u8 & ((1 << ABREAST) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BAR, Phone, Pronunciation, fit};
    use super::*;
    use proptest::prelude::*;
    use std::ops::Range;

    const SLACK: i32 = 24;

    /// The same in one reading, step by step.
    fn may_make_up(reading: &Reading, word: Fit, before: Option<Fit>, after: Option<Fit>) -> bool {
        let room = (BAR * 64.0 * reading.len() as f32) as i32 - i32::from(word.cost);
        let cost = |rest: Range<usize>, beside: Option<Fit>| {
            let missed = reading.missed(rest.clone());
            let Some(fit) = beside.filter(|_| missed > room / 2) else { return missed };
            let (from, to) = (usize::from(fit.from).max(rest.start), usize::from(fit.to).min(rest.end));
            if from >= to {
                return missed;
            }
            missed.min(i32::from(fit.cost) + (missed - reading.missed(from..to)) / 4)
        };
        let left = cost(0..usize::from(word.from), before);
        left + cost(usize::from(word.to)..reading.len(), after) <= room + SLACK
    }

    fn phones(lengths: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<Phone>> {
        const SOME: [Phone; 7] = [Phone::AH, Phone::B, Phone::M, Phone::N, Phone::IY, Phone::S, Phone::R];
        prop::collection::vec(prop::sample::select(&SOME[..]), lengths)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn readings_abreast_are_as_each_alone(
            names in prop::collection::vec(phones(2..=20), 1..=4),
            word in phones(1..=8),
            before in phones(0..=6),
            after in phones(0..=6),
        ) {
            let reading = |phones| Reading::new(&Pronunciation { phones, starts: vec![0], cost: 0.0 });
            let readings: Vec<Reading> = names.into_iter().map(reading).collect();
            let fits = |word: &[Phone]| std::array::from_fn(|at| readings.get(at).and_then(|one| fit(one, word)));
            let around = Around::new(&readings, BAR, SLACK as i16);
            let (word, before, after): ([_; ABREAST], [_; ABREAST], [_; ABREAST]) = (fits(&word), fits(&before), fits(&after));
            let found = around.may_make_up(around.laid(word), around.laid(before), around.laid(after));
            for (at, reading) in readings.iter().enumerate() {
                if let Some(word) = word[at] {
                    let expected = may_make_up(reading, word, before[at], after[at]);
                    prop_assert_eq!(found & 1 << at != 0, expected);
                }
            }
        }
    }
}
