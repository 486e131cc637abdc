//! Letters that are read one by one.

use super::reading::{Reading, Ways};
use super::{Phone, lexicon};

/// What a letter is called.
pub(super) fn letter_name(letter: char) -> Option<&'static [Phone]> {
    use Phone as P;
    Some(match letter.to_ascii_lowercase() {
        'a' => &[P::EY],
        'b' => &[P::B, P::IY],
        'c' => &[P::S, P::IY],
        'd' => &[P::D, P::IY],
        'e' => &[P::IY],
        'f' => &[P::EH, P::F],
        'g' => &[P::JH, P::IY],
        'h' => &[P::EY, P::CH],
        'i' => &[P::AY],
        'j' => &[P::JH, P::EY],
        'k' => &[P::K, P::EY],
        'l' => &[P::EH, P::L],
        'm' => &[P::EH, P::M],
        'n' => &[P::EH, P::N],
        'o' => &[P::OW],
        'p' => &[P::P, P::IY],
        'q' => &[P::K, P::Y, P::UW],
        'r' => &[P::AA, P::R],
        's' => &[P::EH, P::S],
        't' => &[P::T, P::IY],
        'u' => &[P::Y, P::UW],
        'v' => &[P::V, P::IY],
        'w' => &[P::D, P::AH, P::B, P::AH, P::L, P::Y, P::UW],
        'x' => &[P::EH, P::K, P::S],
        'y' => &[P::W, P::AY],
        'z' => &[P::Z, P::IY],
        _ => return None,
    })
}

/// Each letter of `letters` as a spoken word; `plural` adds the S of "MPs" and "FBI's" to the last.
pub(super) fn spelled_out(letters: &str, plural: bool, cost: f32) -> Reading {
    let mut words: Vec<Ways> =
        letters.chars().filter_map(letter_name).map(|phones| vec![(phones.to_vec(), 0.0)]).collect();
    if plural && let Some(last) = words.last_mut() {
        last.iter_mut().for_each(|(phones, _)| add_s(phones));
    }
    Reading { words, cost }
}

/// Adds the S of plurals and possessives as it sounds after what is there.
pub(super) fn add_s(phones: &mut Vec<Phone>) {
    use Phone as P;
    match phones.last() {
        Some(&(P::S | P::Z | P::SH | P::ZH | P::CH | P::JH)) => phones.extend([P::IH, P::Z]),
        Some(&(P::P | P::T | P::K | P::F | P::TH)) => phones.push(P::S),
        _ => phones.push(P::Z),
    }
}

/// The letters of "U.S.", "e.g", "E.N.": single letters with full stops between them, two or more.
pub(super) fn dotted(word: &str) -> Option<String> {
    let parts: Vec<&str> = word.strip_suffix('.').unwrap_or(word).split('.').collect();
    let single = |part: &&str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    (parts.len() > 1 && parts.iter().all(single)).then(|| parts.concat())
}

/// Readings of a word in capitals: letters or a word, whichever is likelier first. `capitals` are ASCII.
pub(super) fn capitals(capitals: &str, plural: bool) -> Vec<Reading> {
    let word = capitals.to_ascii_lowercase();
    let with_s = |mut ways: Ways| {
        if plural {
            ways.iter_mut().for_each(|(phones, _)| add_s(phones));
        }
        ways
    };
    if let Some(ways) = lexicon::known(&word) {
        let letters = spelled_out(&word, false, 0.0);
        let as_letters: Vec<Phone> = letters.words.iter().flat_map(|ways| ways[0].0.iter().copied()).collect();
        if unstressed(&ways[0].0) == unstressed(&as_letters) {
            return vec![spelled_out(&word, plural, 0.0)];
        }
        return vec![Reading::of(with_s(ways), 0.0), spelled_out(&word, plural, 1.0)];
    }
    let as_word = lexicon::spelled(&word);
    match reads_as_word(&word) {
        true => vec![Reading::of(with_s(as_word), 0.0), spelled_out(&word, plural, 0.5)],
        false if has_vowel(&word) => vec![spelled_out(&word, plural, 0.0), Reading::of(with_s(as_word), 1.0)],
        false => vec![spelled_out(&word, plural, 0.0)],
    }
}

/// The dictionary has weak vowels here and there where letters have names.
fn unstressed(phones: &[Phone]) -> Vec<Phone> {
    phones.iter().map(|phone| if *phone == Phone::IH { Phone::IY } else { *phone }).collect()
}

/// Whether there is a vowel letter.
pub(super) fn has_vowel(word: &str) -> bool {
    word.bytes().any(|letter| b"aeiouy".contains(&letter))
}

/// Whether capitals are said as a word, as NATO is and USDA is not: four letters or more, never three consonants
/// together, none that English cannot begin with. `word` is in lower case.
fn reads_as_word(word: &str) -> bool {
    const ONSETS: [&str; 30] = [
        "bl", "br", "ch", "cl", "cr", "dr", "fl", "fr", "gl", "gr", "kl", "kn", "kr", "ph", "pl", "pr", "sc", "sh",
        "sk", "sl", "sm", "sn", "sp", "st", "sw", "th", "tr", "tw", "wh", "wr",
    ];
    let vowel = |letter: &u8| b"aeiouy".contains(letter);
    let first_vowel = word.bytes().position(|letter| vowel(&letter)).unwrap_or(word.len());
    let longest_run = word.as_bytes().split(vowel).map(<[u8]>::len).max().unwrap_or(0);
    let begins = first_vowel < 2 || ONSETS.contains(&&word[..first_vowel]);
    let ends = word.as_bytes().iter().rev().position(vowel).unwrap_or(word.len()) < 2;
    word.len() >= 4 && longest_run <= 2 && begins && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_letters_are_initials() {
        for (word, expected) in [
            ("U.S.", Some("US")),
            ("U.S", Some("US")),
            ("e.g.", Some("eg")),
            ("E.N.A.", Some("ENA")),
            ("U.", None),
            ("Ph.D.", None),
            ("...", None),
            ("", None),
            (".", None),
            ("3.5", None),
            ("end.", None),
        ] {
            assert_eq!(dotted(word).as_deref(), expected, "{word}");
        }
    }

    #[test]
    fn some_capitals_are_words() {
        for (word, expected) in [
            ("covid", true),
            ("asean", true),
            ("unrwa", false),
            ("ncaa", false),
            ("fbi", false),
            ("https", false),
            ("brics", false),
            ("nasdaq", true),
            ("opec", true),
            ("xyz", false),
            ("", false),
        ] {
            assert_eq!(reads_as_word(word), expected, "{word}");
        }
    }
}
