//! Words as they are compared: without case, marks and possessive endings.

use std::ops::Range;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Written words, in the parts that are compared: "COVID-19" has two, "`<unk>`" none.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// The parts of all words in order.
    pub parts: Vec<String>,
    /// The word that each part comes from.
    pub words: Vec<usize>,
    /// The parts of each word.
    pub of_word: Vec<Range<usize>>,
}

impl Folded {
    /// Folds each word.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut folded = Self::default();
        for (number, word) in words.into_iter().enumerate() {
            let start = folded.parts.len();
            folded.parts.extend(parts(word));
            folded.words.resize(folded.parts.len(), number);
            folded.of_word.push(start..folded.parts.len());
        }
        folded
    }
}

/// The parts of one word; none where it stands for something that was not understood.
pub fn parts(word: &str) -> Vec<String> {
    if word.starts_with('<') && word.ends_with('>') {
        return Vec::new();
    }
    word.split(['-', '–', '—', '/', ' ', '\u{a0}']).map(fold).filter(|part| !part.is_empty()).collect()
}

/// Letters and digits of a part, in lower case and without accents; no possessive "'s".
fn fold(part: &str) -> String {
    let plain = part.replace(['’', '‘', '`'], "'").to_lowercase();
    let owner = plain.strip_suffix("'s").unwrap_or(&plain);
    owner.nfkd().filter(|letter| letter.is_alphanumeric() && !is_combining_mark(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_marks_and_possessives() {
        let check = |word: &str, expected: &str| assert_eq!(parts(word).join(" "), expected, "{word}");
        check("Monro's", "monro");
        check("Lands’", "lands");
        check("COVID-19", "covid 19");
        check("U.S.", "us");
        check("Enagás", "enagas");
        check("I'm", "im");
        check("'s", "");
        check("y-", "y");
        check("<inaudible>", "");
    }

    #[test]
    fn parts_know_their_words() {
        let folded = Folded::new(["the", "<unk>", "non-GAAP"]);
        assert_eq!((folded.parts.join(" ").as_str(), folded.words), ("the non gaap", vec![0, 2, 2]));
        assert_eq!(folded.of_word, [0..1, 1..1, 1..3]);
    }
}
