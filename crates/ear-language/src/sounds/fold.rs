//! Written words to plain letters: lower case, no accents, plain apostrophes.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most characters of a word that are looked at.
pub const MAX_CHARACTERS: usize = 64;

/// Letters that Unicode does not take apart, and their plain form.
const PLAIN: [(char, &str); 15] = [
    ('ø', "o"),
    ('ł', "l"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ı', "i"),
    ('ħ', "h"),
    ('ŋ', "ng"),
    ('ə', "a"),
    ('ĸ', "k"),
    ('ŧ', "t"),
    ('ɓ', "b"),
];

/// A word in lower case, twice. Both have ASCII digits, apostrophes and full stops, and no other marks.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Without accents, as dictionaries have it: "zizek".
    pub plain: String,
    /// With them, each letter one character: "žižek".
    pub accented: String,
}

/// Folds a word. `None` if there are letters of another script than Latin.
pub fn fold(word: &str) -> Option<Folded> {
    let mut folded = Folded::default();
    for character in word.nfc().take(MAX_CHARACTERS).flat_map(char::to_lowercase) {
        let plain = match character {
            'a'..='z' | '0'..='9' | '\'' | '.' => character,
            '’' | '‘' | '`' | '´' => '\'',
            _ => {
                fold_letter(character, &mut folded)?;
                continue;
            }
        };
        folded.plain.push(plain);
        folded.accented.push(plain);
    }
    Some(folded)
}

fn fold_letter(letter: char, folded: &mut Folded) -> Option<()> {
    // The letters that stand for ʿayn and hamza are silent in English.
    if matches!(letter, 'ʿ' | 'ʾ' | 'ʼ' | 'ʻ' | 'ʹ' | 'ʺ') {
        return Some(());
    }
    let listed = PLAIN.iter().find(|(known, _)| *known == letter).map(|(_, plain)| *plain);
    let plain = match listed {
        Some(plain) => plain.to_owned(),
        None => {
            std::iter::once(letter).nfkd().filter(|part| !is_combining_mark(*part)).collect::<String>().to_lowercase()
        }
    };
    if plain.chars().any(|part| part.is_alphanumeric() && !part.is_ascii()) {
        return None;
    }
    let plain: String = plain.chars().filter(char::is_ascii_alphanumeric).collect();
    folded.plain.push_str(&plain);
    // Wide letters and ligatures come apart too, but are no letters with accents.
    let accented = std::iter::once(letter).nfd().nth(1).is_some();
    match listed.is_some() || accented {
        true => folded.accented.push(letter),
        false => folded.accented.push_str(&plain),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, plain: &str, accented: &str) {
        assert_eq!(fold(word), Some(Folded { plain: plain.to_owned(), accented: accented.to_owned() }), "{word}");
    }

    #[test]
    fn letters_lose_case_and_accents() {
        check("Café", "cafe", "café");
        check("Žižek", "zizek", "žižek");
        check("Pen\u{303}a", "pena", "peña");
        check("Łódź", "lodz", "łódź");
        check("Søren", "soren", "søren");
        check("Strauß", "strauss", "strauß");
        check("O’Brien", "o'brien", "o'brien");
        check("Qurʾan", "quran", "quran");
        check("Ｕ.Ｓ.", "u.s.", "u.s.");
        check("ﬁn", "fin", "fin");
        check("Nguyễn", "nguyen", "nguyễn");
        check("—", "", "");
    }

    #[test]
    fn other_scripts_are_not_read() {
        for word in ["Путин", "東京", "Ελλάδα", "غزة", "Putinа"] {
            assert_eq!(fold(word), None, "{word}");
        }
    }
}
