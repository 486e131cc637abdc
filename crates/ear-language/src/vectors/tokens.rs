//! Text as the numbers of the word pieces that BERT's uncased models read.
//!
//! WordPiece (Wu et al. 2016, "Google's neural machine translation system", §4.1), with the cleaning and the
//! cutting of Devlin et al. 2019 ("BERT"): what is in the vocabulary is taken whole, other words as the longest
//! pieces from left to right, and a word of which a piece is missing as unknown.

use serde::Deserialize;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Words of more characters are unknown, so that no word takes long.
const LONGEST_WORD: usize = 100;

/// The vocabulary, by whether a piece begins a word or goes on with one.
#[derive(Debug)]
pub(crate) struct Tokens {
    begins: HashMap<String, i32>,
    goes_on: HashMap<String, i32>,
    unknown: i32,
    first: i32,
    last: i32,
}

/// As much of a `tokenizer.json` as matters here.
#[derive(Deserialize)]
struct File {
    model: FileModel,
}

#[derive(Deserialize)]
struct FileModel {
    vocab: HashMap<String, i32>,
}

impl Tokens {
    /// Reads the vocabulary of a `tokenizer.json`; the reason if it is none.
    pub(crate) fn parse(json: &[u8]) -> Result<Tokens, String> {
        let file: File = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        Tokens::new(file.model.vocab)
    }

    fn new(vocabulary: HashMap<String, i32>) -> Result<Tokens, String> {
        let special = |name: &str| vocabulary.get(name).copied().ok_or_else(|| format!("it has no {name}"));
        let (unknown, first, last) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        let (mut begins, mut goes_on) = (HashMap::new(), HashMap::new());
        for (piece, id) in vocabulary {
            match piece.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => goes_on.insert(rest.to_owned(), id),
                _ => begins.insert(piece, id),
            };
        }
        Ok(Tokens { begins, goes_on, unknown, first, last })
    }

    /// The numbers of a text, between those that mark its beginning and its end; at most `most`, which is 2 or
    /// more. Reads no more of a long text than it takes.
    pub(crate) fn of(&self, text: &str, most: usize) -> Vec<i32> {
        let mut ids = vec![self.first];
        let mut word = String::new();
        for piece in text.chars().flat_map(parts) {
            if ids.len() >= most {
                break;
            }
            match piece {
                // More letters would not make an unknown word any less known.
                Piece::Letter(letter) if word.len() <= 4 * LONGEST_WORD => word.push(letter),
                Piece::Letter(_) => {}
                Piece::Space => self.end_word(&mut word, &mut ids),
                Piece::Alone(sign) => {
                    self.end_word(&mut word, &mut ids);
                    word.push(sign);
                    self.end_word(&mut word, &mut ids);
                }
            }
        }
        self.end_word(&mut word, &mut ids);
        ids.truncate(most - 1);
        ids.push(self.last);
        ids
    }

    /// Adds the numbers of the word gathered so far, which is then empty.
    fn end_word(&self, word: &mut String, ids: &mut Vec<i32>) {
        let before = ids.len();
        let mut rest = word.as_str();
        if rest.chars().nth(LONGEST_WORD).is_some() {
            ids.push(self.unknown);
            rest = "";
        }
        while !rest.is_empty() {
            let pieces = if rest.len() == word.len() { &self.begins } else { &self.goes_on };
            let ends = rest.char_indices().rev().map(|(at, letter)| at + letter.len_utf8());
            let Some((end, id)) = ends.into_iter().find_map(|end| Some((end, *pieces.get(&rest[..end])?))) else {
                ids.truncate(before);
                ids.push(self.unknown);
                break;
            };
            ids.push(id);
            rest = &rest[end..];
        }
        word.clear();
    }
}

/// What a character is to the cutting of words.
#[derive(Clone, Copy)]
enum Piece {
    /// A part of a word.
    Letter(char),
    /// A word of its own: punctuation, and the characters of scripts without spaces.
    Alone(char),
    /// Between words.
    Space,
}

/// The parts of a character: lower case, without accents, without what can't be seen.
fn parts(character: char) -> impl Iterator<Item = Piece> {
    let alone = is_ideograph(character);
    let unseen = character == '\u{fffd}' || (is_other(character) && !character.is_whitespace());
    let kept = (!unseen).then_some(character).into_iter();
    let plain = kept.nfd().filter(|c| c.general_category() != GeneralCategory::NonspacingMark);
    plain.flat_map(char::to_lowercase).map(move |part| match part {
        _ if part.is_whitespace() => Piece::Space,
        _ if alone || is_punctuation(part) => Piece::Alone(part),
        _ => Piece::Letter(part),
    })
}

/// Characters of the category Other: control and format characters, and such as stand for nothing.
fn is_other(character: char) -> bool {
    character.general_category_group() == GeneralCategoryGroup::Other
}

fn is_punctuation(character: char) -> bool {
    character.is_ascii_punctuation() || character.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// The blocks that BERT takes for Chinese; Japanese kana and Korean syllables are not among them.
fn is_ideograph(character: char) -> bool {
    matches!(u32::from(character),
        0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x2a6df | 0x2a700..=0x2ceaf | 0x2f800..=0x2fa1f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PIECES: [&str; 12] =
        ["[UNK]", "[CLS]", "[SEP]", "tide", "tides", "##s", "##wa", "##water", "un", "##turn", ".", "e"];

    fn tokens() -> Tokens {
        Tokens::new(PIECES.into_iter().zip(0..).map(|(piece, id)| (piece.to_owned(), id)).collect()).unwrap()
    }

    #[test]
    fn words_are_taken_whole_or_in_the_longest_pieces() {
        let tokens = tokens();
        let check = |text: &str, expected: &str| {
            let found: Vec<&str> = tokens.of(text, 20).iter().map(|&id| PIECES[id as usize]).collect();
            assert_eq!(found.join(" "), format!("[CLS] {expected} [SEP]").replace("  ", " "), "{text}");
        };
        check("Tides. TIDE", "tides . tide");
        check("tidewater", "tide ##water");
        check("untides", "[UNK]");
        check("unturns é", "un ##turn ##s e");
        check("tidewaters tidewart", "tide ##water ##s [UNK]");
        check("s [SEP]", "[UNK] [UNK] [UNK] [UNK]");
        check("ti\u{ad}de", "tide");
        check("", "");
    }

    #[test]
    fn files_without_a_vocabulary_are_refused() {
        for json in ["", "[]", r#"{"model": {"vocab": {"[UNK]": "x"}}}"#, r#"{"model": {"vocab": {"[UNK]": 0}}}"#] {
            assert!(Tokens::parse(json.as_bytes()).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn no_text_gives_more_than_asked_for(text in "(\\PC|tide|[\u{0}\u{300}é. ]){0,60}", most in 2usize..30) {
            let tokens = tokens();
            let ids = tokens.of(&text, most);
            prop_assert!(ids.len() <= most && ids[0] == 1 && ids[ids.len() - 1] == 2);
            prop_assert!(!ids[1..ids.len() - 1].iter().any(|id| [1, 2].contains(id)));
            let whole = tokens.of(&text, usize::MAX);
            let kept = ids.len() - 1;
            prop_assert_eq!(&whole[..kept], &ids[..kept]);
        }
    }
}
