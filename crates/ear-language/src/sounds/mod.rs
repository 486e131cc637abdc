//! Written words to phones, and how unlike phones are.
//!
//! English words come from a dictionary, others from rules learned from it ([`rules`]); names from elsewhere are
//! read by the habits of other spellings too ([`pronounce_name`]). Everything is deterministic, and bounded for any
//! input: words are cut at 64 characters.

mod abreast;
mod around;
mod clues;
pub mod dictionary;
mod distance;
mod find;
mod fold;
mod foreign;
mod initials;
mod lanes;
mod lexicon;
mod matching;
mod model;
mod names;
pub(crate) mod numbers;
mod phone;
mod reading;
pub mod rules;
mod word;

pub use abreast::{ABREAST, Abreast, Least, Trail};
pub use around::{Around, Laid};
pub use clues::{CLUES, Clues, NAMES, PHRASE, SHARED, SoughtName, Usage, alike, clues};
pub use distance::{deletion, insertion, substitution};
pub use find::{BAR, Found, SoundText, is_anchor, may_be_anchor};
pub use lanes::{LANES, Lanes, Said};
pub use matching::{Fit, HeardPhones, MAX_PHONES, Makeup, Place, Reading, fit, makeup, places};
pub use model::SoundModel;
pub use phone::Phone;

/// The most pronunciations that [`pronounce`] gives.
pub const MAX_OF_WORD: usize = 4;

/// The most pronunciations that [`pronounce_name`] gives.
pub const MAX_OF_NAME: usize = 8;

/// One way to say something.
#[derive(Clone, Debug, PartialEq)]
pub struct Pronunciation {
    /// The phones of all words, one after another. Never empty, and below 256.
    pub phones: Vec<Phone>,
    /// The index of the phone at which each spoken word begins; ascending, the first is 0.
    pub starts: Vec<u8>,
    /// How much less likely it is than the likeliest, which costs 0; about natural logarithms.
    pub cost: f32,
}

/// Ways to say one written word, likeliest first, at most [`MAX_OF_WORD`].
///
/// Case, accents and punctuation around the word do not matter, but that words in capitals may be read letter by
/// letter. Numbers, initials and the parts of hyphenated words are several spoken words. Empty if there is nothing
/// to say, or if there are letters of another script than Latin.
pub fn pronounce(word: &str) -> Vec<Pronunciation> {
    reading::pronunciations(&word::readings(word), MAX_OF_WORD)
}

/// Appends the phones of the first of [`pronounce`], and nothing where that is empty. Quick.
pub fn pronounce_first(word: &str, phones: &mut Vec<Phone>) {
    if let Some(word) = as_plain(word, &mut [0; rules::MAX_LETTERS]) {
        match lexicon::find(word) {
            Some(entry) => return entry.say(phones),
            // What ends in S may be a plural, and what has no vowel is read as letters.
            None if initials::has_vowel(word) && !word.ends_with('s') && word.len() > 1 => {
                return lexicon::spell(word, phones);
            }
            None => {}
        }
    }
    if let Some(first) = pronounce(word).into_iter().next() {
        phones.extend(first.phones);
    }
}

/// Ways to say a whole name of one or more words, likeliest first, at most [`MAX_OF_NAME`].
///
/// Besides what [`pronounce`] gives for its words there are readings by the habits of other spellings, as the letters
/// suggest: "Xi" also as Chinese, "Wojciechowski" as Polish. Initials, numbers and hyphens are as in [`pronounce`].
/// Empty if there is nothing to say, or if a word is in another script than Latin.
pub fn pronounce_name(text: &str) -> Vec<Pronunciation> {
    reading::pronunciations(&names::readings(text), MAX_OF_NAME)
}

/// Whether the dictionary has the word, or what it is the possessive or plural of.
pub fn is_known(word: &str) -> bool {
    if let Some(word) = as_plain(word, &mut [0; rules::MAX_LETTERS])
        && lexicon::find(word).is_some()
    {
        return true;
    }
    fold::fold(word).is_some_and(|folded| word::known_ways(&folded.plain).is_some())
}

/// The word in lower case if it is ASCII letters alone, of which only the first may be a capital.
fn as_plain<'a>(word: &str, room: &'a mut [u8; rules::MAX_LETTERS]) -> Option<&'a str> {
    let bytes = word.as_bytes();
    let (first, rest) = bytes.split_first()?;
    if !first.is_ascii_alphabetic() || !rest.iter().all(u8::is_ascii_lowercase) {
        return None;
    }
    let room = room.get_mut(..bytes.len())?;
    room.copy_from_slice(bytes);
    room.make_ascii_lowercase();
    std::str::from_utf8(room).ok()
}
