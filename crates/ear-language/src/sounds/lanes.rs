//! A reading compared with many stretches of speech at once, by its costs alone.
//!
//! Each lane of a vector is another stretch (Rognes 2011, "Faster Smith-Waterman database searches with inter-sequence
//! SIMD parallelisation"). Costs are bytes that stay at their most, since what costs so much is too dear however it goes
//! on. This tells what cannot sound like the reading; where and how the rest does, [`places`] says.
//!
//! [`places`]: super::places

use super::matching::{EDGE, MAX_PHONES, Reading};
use super::{Phone, insertion};
use wide::u8x16;

/// As many stretches are compared at once.
pub const LANES: usize = 16;
/// Phones of a reading whose costs are fetched at once.
const BLOCK: usize = 8;
/// Blocks of the longest reading, and what phones cost that are too many.
const BLOCKS: usize = MAX_PHONES / BLOCK + 1;
/// Marks the last phone of a word.
const LAST: u8 = 0x80;
/// Numbers of phones; the last one stands for no phone.
const NUMBERS: usize = 64;

/// A phone of a stretch, and whether its word ends with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said(u8);

impl Said {
    /// Stands behind the end of a stretch that is shorter than others.
    pub const NOTHING: Self = Self(NUMBERS as u8 - 1);

    /// A phone.
    pub fn new(phone: Phone, is_last: bool) -> Self {
        Self(phone.index() as u8 | if is_last { LAST } else { 0 })
    }

    fn number(self) -> usize {
        usize::from(self.0) % NUMBERS
    }
}

/// The costs of one phone heard: the first is that of hearing one too many, each other that of hearing it instead of a
/// phone of the reading.
type Costs = [[u8; 2 * BLOCK]; BLOCKS.div_ceil(2)];

/// A reading, laid out to be compared with [`LANES`] stretches at once.
#[derive(Clone, Debug)]
pub struct Lanes {
    length: usize,
    costs: Box<[Costs; NUMBERS]>,
    /// What not hearing each phone costs; the first stands for none.
    missed: [[u8x16; BLOCK]; BLOCKS],
    /// What it costs to begin or to end inside of a word.
    edge: u8,
    /// What a place may cost; `None` where there is no place at any cost.
    most: Option<u8>,
}

impl Lanes {
    /// A reading, for places of at most `bar` a phone.
    pub fn new(reading: &Reading, bar: f32) -> Self {
        let most = u32::try_from(reading.most(bar)).ok().filter(|_| !reading.is_empty());
        // The dearest that is allowed has to be below the most that a byte holds. Costs are rounded down, so that they
        // add up to no more than they are.
        let unit = most.unwrap_or(0) / u32::from(u8::MAX) + 1;
        let rounded = |cost: u8| (u32::from(cost) / unit) as u8;
        let mut costs = Box::new([[[u8::MAX; 2 * BLOCK]; BLOCKS.div_ceil(2)]; NUMBERS]);
        for heard in Phone::ALL {
            let costs = costs[heard.index()].as_flattened_mut();
            costs[0] = rounded(insertion(heard));
            for at in 0..reading.len() {
                costs[at + 1] = rounded(reading.instead(at, heard));
            }
        }
        let mut missed = [[u8x16::ZERO; BLOCK]; BLOCKS];
        for (at, missed) in missed.as_flattened_mut()[1..].iter_mut().enumerate().take(reading.len()) {
            *missed = u8x16::splat(rounded(reading.missed(at..at + 1) as u8));
        }
        let most = most.map(|most| (most / unit) as u8);
        Self { length: reading.len(), costs, missed, edge: rounded(EDGE as u8), most }
    }

    /// Which of these stretches, as bits, something may sound in like the reading. In others [`places`] finds nothing.
    /// They stand side by side, phone after phone.
    ///
    /// [`places`]: super::places
    pub fn may_sound(&self, stretches: &[[Said; LANES]]) -> u16 {
        let Some(most) = self.most else { return 0 };
        let mut row = self.missed;
        let cells = row.as_flattened_mut();
        for at in 1..cells.len() {
            cells[at] = cells[at - 1].saturating_add(cells[at]);
        }
        let (block, cell) = (self.length / BLOCK, self.length % BLOCK);
        let mut least = u8x16::splat(u8::MAX);
        for said in stretches {
            let is_last = u8x16::new(said.map(|said| said.0)) & u8x16::splat(LAST);
            let edge = u8x16::splat(self.edge).saturating_sub(is_last);
            self.hear(said, edge, &mut row[..=block]);
            least = least.min(row[block][cell].saturating_add(edge));
        }
        let found = u8x16::splat(most).max(least).cmp_eq(u8x16::splat(most));
        found.move_mask() as u16
    }

    /// The costs after one more phone in each stretch.
    #[inline]
    fn hear(&self, said: &[Said; LANES], edge: u8x16, row: &mut [[u8x16; BLOCK]]) {
        let costs: [&Costs; LANES] = std::array::from_fn(|lane| &self.costs[said[lane].number()]);
        let (mut diagonal, mut left, mut inserted) = (u8x16::ZERO, u8x16::ZERO, u8x16::ZERO);
        for (block, (cells, missed)) in row.iter_mut().zip(&self.missed).enumerate() {
            let instead = turned(&costs, block);
            let mut cells = cells.iter_mut().zip(&instead).zip(missed);
            if block == 0
                && let Some(((cell, &too_many), _)) = cells.next()
            {
                (diagonal, left, inserted) = (*cell, edge, too_many);
                *cell = edge;
            }
            for ((cell, &instead), &missed) in cells {
                let above = *cell;
                left = diagonal
                    .saturating_add(instead)
                    .min(above.saturating_add(inserted))
                    .min(left.saturating_add(missed));
                (diagonal, *cell) = (above, left);
            }
        }
    }
}

/// The costs of a block of phones: for each of these a vector of its costs in all lanes.
#[inline]
fn turned(costs: &[&Costs; LANES], block: usize) -> [u8x16; BLOCK] {
    let of = |lane: usize| u8x16::new(costs[lane][block / 2]);
    // Shuffling two halves together as often as a number of lanes has bits turns the table round.
    let pairs: [u8x16; BLOCK] = if block.is_multiple_of(2) {
        std::array::from_fn(|lane| u8x16::unpack_low(of(lane), of(lane + BLOCK)))
    } else {
        std::array::from_fn(|lane| u8x16::unpack_high(of(lane), of(lane + BLOCK)))
    };
    shuffled(shuffled(shuffled(pairs)))
}

#[inline]
fn shuffled(rows: [u8x16; BLOCK]) -> [u8x16; BLOCK] {
    std::array::from_fn(|at| {
        let (one, other) = (rows[at / 2], rows[at / 2 + BLOCK / 2]);
        if at.is_multiple_of(2) { u8x16::unpack_low(one, other) } else { u8x16::unpack_high(one, other) }
    })
}

#[cfg(test)]
mod tests {
    use super::super::{BAR, HeardPhones, Pronunciation, places};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tables_are_turned_round() {
        let table: [Costs; LANES] = std::array::from_fn(|lane| {
            std::array::from_fn(|pair| std::array::from_fn(|at| (lane * 16 + (pair * 16 + at) % 16) as u8))
        });
        let costs = std::array::from_fn(|lane| &table[lane]);
        for block in 0..2 {
            for (at, turned) in turned(&costs, block).into_iter().enumerate() {
                let expected: [u8; LANES] = std::array::from_fn(|lane| (lane * 16 + block * BLOCK + at) as u8);
                assert_eq!(turned.to_array(), expected, "{block} {at}");
            }
        }
    }

    fn phones(lengths: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<Phone>> {
        // Few phones, so that names and words are alike often enough.
        const SOME: [Phone; 6] = [Phone::AH, Phone::B, Phone::M, Phone::IY, Phone::S, Phone::R];
        let any = prop_oneof![8 => prop::sample::select(&SOME[..]), 1 => prop::sample::select(&Phone::ALL[..])];
        prop::collection::vec(any, lengths)
    }

    fn words() -> impl Strategy<Value = Vec<Vec<Phone>>> {
        prop::collection::vec(phones(0..=6), 1..=9)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn what_may_sound_does(
            name in phones(1..=30),
            cost in 0.0_f32..3.0,
            stretches in prop::collection::vec(words(), 1..=LANES),
        ) {
            let reading = Reading::new(&Pronunciation { phones: name, starts: vec![0], cost });
            let mut side_by_side: Vec<[Said; LANES]> = Vec::new();
            let mut sounds = 0;
            for (lane, words) in stretches.iter().enumerate() {
                let mut heard = HeardPhones::new();
                words.iter().for_each(|word| heard.push(word));
                let said = words.iter().flat_map(|word| {
                    word.iter().enumerate().map(|(at, &phone)| Said::new(phone, at + 1 == word.len()))
                });
                for (at, said) in said.enumerate() {
                    if at == side_by_side.len() {
                        side_by_side.push([Said::NOTHING; LANES]);
                    }
                    side_by_side[at][lane] = said;
                }
                sounds |= u16::from(!places(&reading, &heard, 0..words.len(), BAR).is_empty()) << lane;
            }
            let may_sound = Lanes::new(&reading, BAR).may_sound(&side_by_side);
            prop_assert_eq!(sounds & !may_sound, 0);
            // Long readings may cost more than a byte holds.
            if reading.most(BAR) < i32::from(u8::MAX) {
                prop_assert_eq!(sounds, may_sound);
            }
        }
    }
}
