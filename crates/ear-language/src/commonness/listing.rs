//! The tables of words in a row: sorted by key, in blocks of differences, read where they lie.
//!
//! `pairs.bin` and `triples.bin`, all numbers little-endian: how many entries (u32), the commonness from which none is
//! missing (u32), for each block of [`BLOCK`] entries the key of its first (5 bytes) and where it begins (3 bytes, counted
//! from the first block), then the blocks. In a block each entry but the first is the difference of its key to the one
//! before (LEB128), and each has its commonness in steps of 1/32.
//!
//! The key of a pair is its first word's number times 2^17 plus the second's, that of a triple the place of its pair among
//! the pairs times 2^17 plus the third word's number.

use super::table::number_at;

pub(super) static PAIRS: Listing = Listing(include_bytes!("../../data/commonness/pairs.bin"));
pub(super) static TRIPLES: Listing = Listing(include_bytes!("../../data/commonness/triples.bin"));

/// Entries in a block.
const BLOCK: usize = 32;
/// Bytes before the heads of blocks, and in each of these.
const HEADER: usize = 8;
const HEAD: usize = 8;

/// A table of words in a row.
pub(super) struct Listing(&'static [u8]);

/// Words in a row that a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Their place in the table.
    pub place: u32,
    /// Their commonness, in steps of 1/32.
    pub steps: u8,
}

impl Listing {
    /// The commonness from which the table lacks none, in steps of 1/32.
    pub fn complete_from(&self) -> u8 {
        self.0[4]
    }

    /// Finds what stands at `before` (the number of a word, or the place of a pair) and is followed by the word `next`.
    pub fn find(&self, before: u32, next: u32) -> Option<Entry> {
        let key = u64::from(before) << 17 | u64::from(next);
        let (entries, blocks) = (self.entries(), self.blocks());

        // The block is the last one that does not begin behind the key.
        let (mut low, mut high) = (0, blocks);
        while low < high {
            let middle = low.midpoint(high);
            if self.head(middle).0 <= key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let block = low.checked_sub(1)?;
        let (mut at_key, mut bytes) = self.head(block);
        let mut place = block * BLOCK;
        while at_key < key {
            place += 1;
            if place == entries || place.is_multiple_of(BLOCK) {
                return None;
            }
            let (difference, length) = leb128(&bytes[1..]);
            at_key += difference;
            bytes = &bytes[1 + length..];
        }
        (at_key == key).then(|| Entry { place: place as u32, steps: bytes[0] })
    }

    fn entries(&self) -> usize {
        number_at(self.0, 0)
    }

    fn blocks(&self) -> usize {
        self.entries().div_ceil(BLOCK)
    }

    /// The key of a block's first entry, and all that follows the start of the block.
    fn head(&self, block: usize) -> (u64, &'static [u8]) {
        let at = HEADER + HEAD * block;
        let mut bytes = [0; HEAD];
        bytes.copy_from_slice(&self.0[at..at + HEAD]);
        let number = u64::from_le_bytes(bytes);
        let start = HEADER + HEAD * self.blocks() + (number >> 40) as usize;
        (number & ((1 << 40) - 1), &self.0[start..])
    }
}

fn leb128(bytes: &[u8]) -> (u64, usize) {
    let mut number = 0;
    let mut length = 0;
    loop {
        number |= u64::from(bytes[length] & 127) << (7 * length);
        length += 1;
        if bytes[length - 1] < 128 {
            return (number, length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every entry with its key, read from one end to the other.
    fn all(listing: &Listing) -> Vec<(u64, Entry)> {
        let mut read = Vec::with_capacity(listing.entries());
        for block in 0..listing.blocks() {
            let (mut key, mut bytes) = listing.head(block);
            for place in block * BLOCK..(block * BLOCK + BLOCK).min(listing.entries()) {
                if place % BLOCK > 0 {
                    let (difference, length) = leb128(bytes);
                    key += difference;
                    bytes = &bytes[length..];
                }
                read.push((key, Entry { place: place as u32, steps: bytes[0] }));
                bytes = &bytes[1..];
            }
        }
        read
    }

    #[test]
    fn every_entry_is_found_at_its_place() {
        for (listing, least) in [(&PAIRS, 200_000), (&TRIPLES, 50_000)] {
            let entries = all(listing);
            assert!(entries.len() > least, "{}", entries.len());
            assert!(entries.is_sorted_by(|one, other| one.0 < other.0));
            // Each seventh is looked up, which is enough to meet every place of a block.
            for (key, entry) in entries.iter().step_by(7) {
                assert_eq!(listing.find((key >> 17) as u32, (key & 0x1_ffff) as u32), Some(*entry), "{key}");
            }
        }
    }

    #[test]
    fn what_lies_between_is_not_found() {
        for listing in [&PAIRS, &TRIPLES] {
            for (before, next) in [(u32::MAX >> 15, u32::MAX >> 15), (u32::MAX, 0), (u32::MAX, u32::MAX)] {
                assert_eq!(listing.find(before, next), None);
            }
            let gaps = all(listing)
                .windows(2)
                .filter(|two| two[1].0 - two[0].0 > 1)
                .step_by(11)
                .map(|two| two[0].0 + 1)
                .collect::<Vec<_>>();
            assert!(!gaps.is_empty());
            for key in gaps {
                assert_eq!(listing.find((key >> 17) as u32, (key & 0x1_ffff) as u32), None, "{key}");
            }
        }
    }
}
