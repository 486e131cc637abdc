//! A pronouncing dictionary that is searched in the bytes of its file.
//!
//! Words lie in order of their bytes, in blocks of 16; within a block each word is written as how many bytes it
//! shares with the one before and what follows (front coding: Witten, Moffat and Bell 1999, "Managing Gigabytes").
//! Phones are written as bytes of which most stand for several phones (byte pair encoding, Gage 1994).
//!
//! The file is little-endian: `EWD1`; the number of pair codes (u8) and each as two bytes (codes below it; codes
//! below 39 are phones); the number of blocks (u32) and the offset of each (u32); the blocks. An entry is: a byte
//! of how many bytes are shared (high half, at most 15) and how many follow (low half; 15: the number is in the next
//! byte), those bytes, then for each pronunciation a byte (128 if another follows, plus the
//! number of codes) and its codes.

use super::Phone;

/// How many words make a block.
const BLOCK: usize = 16;

/// The most pronunciations of a word.
pub const MAX_WAYS: usize = 3;

/// The longest word, in bytes.
const MAX_WORD: usize = 64;

const MAGIC: &[u8] = b"EWD1";

/// The dictionary.
pub struct Dictionary<'a> {
    /// The phones of each code.
    codes: Vec<Vec<Phone>>,
    offsets: &'a [[u8; 4]],
    blocks: &'a [u8],
}

/// The pronunciations of one word, likeliest first.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    dictionary: &'a Dictionary<'a>,
    ways: &'a [u8],
}

impl<'a> Dictionary<'a> {
    /// Reads the file; takes no longer for more words. `None` if this is no dictionary.
    pub fn read(bytes: &'a [u8]) -> Option<Dictionary<'a>> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (pairs, rest) = rest.split_first()?;
        let (pairs, rest) = rest.split_at_checked(usize::from(*pairs) * 2)?;
        let mut codes: Vec<Vec<Phone>> = Phone::ALL.into_iter().map(|phone| vec![phone]).collect();
        for pair in pairs.as_chunks::<2>().0 {
            let [left, right] = pair.map(usize::from);
            let phones = [codes.get(left)?.as_slice(), codes.get(right)?.as_slice()].concat();
            codes.push(phones);
        }
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let (offsets, blocks) = rest.split_at_checked((u32::from_le_bytes(*count) as usize).checked_mul(4)?)?;
        Some(Dictionary { codes, offsets: offsets.as_chunks::<4>().0, blocks })
    }

    /// The entry of `word`, which is in lower case.
    pub fn find(&self, word: &str) -> Option<Entry<'_>> {
        let word = word.as_bytes();
        let after = self.offsets.partition_point(|offset| self.first_word(offset).is_some_and(|first| first <= word));
        let mut rest = self.block(self.offsets.get(after.checked_sub(1)?)?)?;
        let (mut current, mut length) = ([0; MAX_WORD], 0);
        for _ in 0..BLOCK {
            let (shared, suffix, tail) = next_word(rest)?;
            current.get_mut(shared..shared + suffix.len())?.copy_from_slice(suffix);
            length = if shared <= length { shared + suffix.len() } else { return None };
            match current[..length].cmp(word) {
                std::cmp::Ordering::Less => rest = after_ways(tail)?,
                std::cmp::Ordering::Equal => return Some(Entry { dictionary: self, ways: tail }),
                std::cmp::Ordering::Greater => return None,
            }
        }
        None
    }

    /// All words, in order of their bytes.
    pub fn words(&self) -> impl Iterator<Item = String> {
        let mut rest = self.blocks;
        let mut word: Vec<u8> = Vec::new();
        std::iter::from_fn(move || {
            let (shared, suffix, tail) = next_word(rest)?;
            rest = after_ways(tail)?;
            word.truncate(shared);
            word.extend_from_slice(suffix);
            String::from_utf8(word.clone()).ok()
        })
    }

    fn block(&self, offset: &[u8; 4]) -> Option<&[u8]> {
        self.blocks.get(u32::from_le_bytes(*offset) as usize..)
    }

    fn first_word(&self, offset: &[u8; 4]) -> Option<&[u8]> {
        Some(next_word(self.block(offset)?)?.1)
    }
}

impl Entry<'_> {
    /// Appends the likeliest pronunciation.
    pub fn say(&self, phones: &mut Vec<Phone>) {
        let Some((way, _, _)) = next_way(self.ways) else { return };
        self.decode(way, phones);
    }

    /// All pronunciations.
    pub fn ways(&self) -> Vec<Vec<Phone>> {
        let mut ways = Vec::new();
        let mut rest = self.ways;
        while let Some((way, more, tail)) = next_way(rest) {
            let mut phones = Vec::new();
            self.decode(way, &mut phones);
            ways.push(phones);
            if !more {
                break;
            }
            rest = tail;
        }
        ways
    }

    fn decode(&self, codes: &[u8], phones: &mut Vec<Phone>) {
        for code in codes {
            phones.extend_from_slice(self.dictionary.codes.get(usize::from(*code)).map_or(&[], Vec::as_slice));
        }
    }
}

/// How many bytes the next word shares with the one before, its other bytes, and what lies behind.
fn next_word(entries: &[u8]) -> Option<(usize, &[u8], &[u8])> {
    let (head, rest) = entries.split_first()?;
    let (length, rest) = match head & 15 {
        15 => (*rest.first()?, rest.get(1..)?),
        _ => (head & 15, rest),
    };
    let (suffix, rest) = rest.split_at_checked(usize::from(length))?;
    Some((usize::from(head >> 4), suffix, rest))
}

/// The codes of the next pronunciation, whether another follows, and what lies behind.
fn next_way(ways: &[u8]) -> Option<(&[u8], bool, &[u8])> {
    let (head, rest) = ways.split_first()?;
    let (codes, rest) = rest.split_at_checked(usize::from(head & 127))?;
    Some((codes, head & 128 != 0, rest))
}

fn after_ways(mut ways: &[u8]) -> Option<&[u8]> {
    loop {
        let (_, more, rest) = next_way(ways)?;
        if !more {
            return Some(rest);
        }
        ways = rest;
    }
}

/// Writes the file that [`Dictionary::read`] reads, from words in ascending order of their bytes, each with one to
/// [`MAX_WAYS`] pronunciations. `None` if a word or pronunciation is too long or the words are not in order.
pub fn write(words: &[(String, Vec<Vec<Phone>>)]) -> Option<Vec<u8>> {
    if !words.is_sorted_by(|a, b| a.0 < b.0) || words.iter().any(|(word, _)| word.len() > MAX_WORD) {
        return None;
    }
    let ways = words.iter().flat_map(|(_, ways)| ways);
    let (pairs, coded) = pair_codes(ways.map(|way| way.iter().map(|phone| phone.index() as u8).collect()).collect());
    let mut coded = coded.into_iter();
    let (mut offsets, mut blocks) = (Vec::new(), Vec::new());
    let mut before = "";
    for (index, (word, ways)) in words.iter().enumerate() {
        if index % BLOCK == 0 {
            offsets.push(u32::try_from(blocks.len()).ok()?);
            before = "";
        }
        let shared = word.bytes().zip(before.bytes()).take(15).take_while(|(a, b)| a == b).count();
        let rest = &word.as_bytes()[shared..];
        blocks.push((shared << 4) as u8 | rest.len().min(15) as u8);
        if rest.len() >= 15 {
            blocks.push(rest.len() as u8);
        }
        blocks.extend(rest);
        for (place, codes) in coded.by_ref().take(ways.len()).enumerate() {
            let more = if place + 1 < ways.len() { 128 } else { 0 };
            blocks.push(more | u8::try_from(codes.len()).ok().filter(|length| *length < 128)?);
            blocks.extend(codes);
        }
        before = word;
    }
    let mut bytes = MAGIC.to_vec();
    bytes.push(pairs.len() as u8);
    bytes.extend(pairs.as_flattened());
    bytes.extend(u32::try_from(offsets.len()).ok()?.to_le_bytes());
    offsets.iter().for_each(|offset| bytes.extend(offset.to_le_bytes()));
    bytes.extend(blocks);
    Some(bytes)
}

/// Byte pair encoding: the commonest pair of neighbouring codes becomes a code, until there are no more.
fn pair_codes(mut texts: Vec<Vec<u8>>) -> (Vec<[u8; 2]>, Vec<Vec<u8>>) {
    let mut pairs = Vec::new();
    for code in Phone::COUNT as u8..=255 {
        let mut counts = vec![0_u32; 1 << 16];
        for pair in texts.iter().flat_map(|text| text.windows(2)) {
            counts[usize::from(pair[0]) << 8 | usize::from(pair[1])] += 1;
        }
        // The first of equals, so that the outcome is the same everywhere.
        let Some((best, count)) = counts.into_iter().enumerate().rev().max_by_key(|(_, count)| *count) else { break };
        if count < 2 {
            break;
        }
        let pair = [(best >> 8) as u8, best as u8];
        pairs.push(pair);
        texts.iter_mut().for_each(|text| replace_pair(text, pair, code));
    }
    (pairs, texts)
}

fn replace_pair(text: &mut Vec<u8>, pair: [u8; 2], code: u8) {
    let (mut from, mut to) = (0, 0);
    while from < text.len() {
        let found = text[from..].starts_with(&pair);
        text[to] = if found { code } else { text[from] };
        from += if found { 2 } else { 1 };
        to += 1;
    }
    text.truncate(to);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phones(text: &str) -> Vec<Phone> {
        text.split_whitespace().map(|name| Phone::from_arpabet(name).expect("a phone")).collect()
    }

    #[test]
    fn what_is_written_is_found_and_nothing_else() {
        let mut words: Vec<(String, Vec<Vec<Phone>>)> =
            (0..100).map(|number| (format!("word{number:03}"), vec![phones("W ER D"), phones("W AO R D")])).collect();
        words.insert(0, ("a".to_owned(), vec![phones("AH"), phones("EY")]));
        words.push(("zoo".to_owned(), vec![phones("Z UW")]));
        words.push(("zoo-without-any-animals-in-it".to_owned(), vec![phones("Z UW")]));
        let bytes = write(&words).expect("a dictionary");
        let dictionary = Dictionary::read(&bytes).expect("a dictionary");
        for (word, ways) in &words {
            assert_eq!(dictionary.find(word).map(|entry| entry.ways()), Some(ways.clone()), "{word}");
        }
        assert!(dictionary.words().eq(words.iter().map(|(word, _)| word.clone())));
        for word in ["", "b", "word", "word0000", "word100", "zoos", "zz", "A", "é", &"w".repeat(300)] {
            assert!(dictionary.find(word).is_none(), "{word}");
        }
        assert!(write(&[("b".to_owned(), Vec::new()), ("a".to_owned(), Vec::new())]).is_none());
    }

    #[test]
    fn broken_files_give_nothing_and_do_not_panic() {
        let bytes = write(&[("ab".to_owned(), vec![phones("AE B")]), ("abc".to_owned(), vec![phones("AE B K")])]);
        let bytes = bytes.expect("a dictionary");
        for end in 0..bytes.len() {
            if let Some(dictionary) = Dictionary::read(&bytes[..end]) {
                let _ = dictionary.find("abc").map(|entry| entry.ways());
            }
        }
        for place in 0..bytes.len() {
            let mut broken = bytes.clone();
            broken[place] ^= 0xFF;
            if let Some(dictionary) = Dictionary::read(&broken) {
                let _ = dictionary.find("abc").map(|entry| entry.ways());
            }
        }
    }
}
