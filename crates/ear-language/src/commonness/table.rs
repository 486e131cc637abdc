//! The table of words: sorted, front-coded in blocks, read where it lies.
//!
//! `words.bin`, all numbers little-endian: how many words (u32), how many blocks (u32), where each block begins (u32 each,
//! counted from the first block), then the blocks of [`BLOCK`] words. A word is a byte with the number of bytes it shares
//! with the one before (upper half, at most 15; none for the first of a block) and the number of bytes that follow (lower
//! half; at 15 another byte says how many more), those bytes, and its commonness in steps of 1/32.

use std::cmp::Ordering;

static WORDS: &[u8] = include_bytes!("../../data/commonness/words.bin");

/// Words in a block.
const BLOCK: usize = 16;
/// Bytes of the longest word. The tool that makes the table keeps none that is longer.
const LONGEST: usize = 30;

/// A word that the table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its place in the table.
    pub number: u32,
    /// Its commonness, in steps of 1/32.
    pub steps: u8,
}

/// Finds a folded word.
pub(super) fn find(word: &str) -> Option<Entry> {
    let word = word.as_bytes();
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }

    // The block is the last one that does not begin behind the word.
    let (mut low, mut high) = (0, number_at(WORDS, 4));
    while low < high {
        let middle = low.midpoint(high);
        if first_word(block(middle)) <= word {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let block_number = low.checked_sub(1)?;
    let words = number_at(WORDS, 0) - block_number * BLOCK;
    scan(block(block_number), words.min(BLOCK), word)
        .map(|(at, steps)| Entry { number: (block_number * BLOCK + at) as u32, steps })
}

/// Reads a block until the word is found or passed; its place in the block and its commonness.
fn scan(mut bytes: &[u8], words: usize, word: &[u8]) -> Option<(usize, u8)> {
    let mut text = [0_u8; LONGEST];
    for at in 0..words {
        let (shared, length, head) = lengths(bytes);
        text[shared..shared + length].copy_from_slice(&bytes[head..head + length]);
        match text[..shared + length].cmp(word) {
            Ordering::Less => bytes = &bytes[head + length + 1..],
            Ordering::Equal => return Some((at, bytes[head + length])),
            Ordering::Greater => return None,
        }
    }
    None
}

/// How many bytes the word at the start of `bytes` shares with the one before, how many are its own, and where those begin.
fn lengths(bytes: &[u8]) -> (usize, usize, usize) {
    let (shared, length) = (usize::from(bytes[0] >> 4), usize::from(bytes[0] & 15));
    if length == 15 { (shared, 15 + usize::from(bytes[1]), 2) } else { (shared, length, 1) }
}

fn first_word(block: &[u8]) -> &[u8] {
    let (_, length, head) = lengths(block);
    &block[head..head + length]
}

/// All that follows the start of a block.
fn block(number: usize) -> &'static [u8] {
    let blocks = 8 + 4 * number_at(WORDS, 4);
    &WORDS[blocks + number_at(WORDS, 8 + 4 * number)..]
}

/// The u32 at a place.
pub(super) fn number_at(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every word of the table, read from one end to the other.
    fn all() -> Vec<(String, u8)> {
        let (words, blocks) = (number_at(WORDS, 0), number_at(WORDS, 4));
        let mut read = Vec::with_capacity(words);
        for number in 0..blocks {
            let mut bytes = block(number);
            let mut text = Vec::new();
            for _ in 0..BLOCK.min(words - number * BLOCK) {
                let (shared, length, head) = lengths(bytes);
                text.truncate(shared);
                text.extend_from_slice(&bytes[head..head + length]);
                read.push((String::from_utf8(text.clone()).unwrap(), bytes[head + length]));
                bytes = &bytes[head + length + 1..];
            }
        }
        read
    }

    #[test]
    fn every_word_is_found_at_its_place() {
        let words = all();
        assert!(words.len() > 70_000, "{}", words.len());
        assert!(words.is_sorted_by(|one, other| one.0 < other.0));
        for (number, (word, steps)) in words.iter().enumerate() {
            assert_eq!(find(word), Some(Entry { number: number as u32, steps: *steps }), "{word}");
        }
    }

    #[test]
    fn what_lies_between_is_not_found() {
        for word in ["", "'", "0", "a'", "aardvarkz", "zzzzzz", "soleimani", "\u{10ffff}", &"x".repeat(40)] {
            assert_eq!(find(word), None, "{word}");
        }
    }
}
