//! Words as they are compared: without case, accents and punctuation, numbers spelled, compounds taken apart.

use super::numbers::{ordinal, spelled};
use ear_core::Word;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A sequence of words as tokens. One word may give several ("well-known", "20 %"), or none ("—").
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// Equal tokens have equal numbers, in both sequences.
    pub ids: Vec<u32>,
    /// The word each token comes from; ascending.
    pub word: Vec<usize>,
    /// Letters of each token, at least 1: how long it takes to say.
    pub letters: Vec<u32>,
}

impl Tokens {
    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The tokens of the word at `index`.
    pub fn of_word(&self, index: usize) -> std::ops::Range<usize> {
        let start = self.word.partition_point(|word| *word < index);
        start..self.word.partition_point(|word| *word <= index)
    }
}

/// Gives tokens their numbers.
#[derive(Debug, Default)]
pub(super) struct Interner(HashMap<String, u32>);

impl Interner {
    /// The tokens of these words.
    pub fn tokens(&mut self, words: &[Word]) -> Tokens {
        let mut tokens = Tokens::default();
        for (index, word) in words.iter().enumerate() {
            for token in split(&word.text) {
                tokens.letters.push(token.chars().count().clamp(1, 1000) as u32);
                let next = self.0.len() as u32;
                tokens.ids.push(*self.0.entry(token).or_insert(next));
                tokens.word.push(index);
            }
        }
        tokens
    }

    /// How many different tokens there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// The tokens of one word.
fn split(text: &str) -> Vec<String> {
    let folded: Vec<char> =
        text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect();
    let mut tokens = Vec::new();
    let mut currency = None;
    let mut index = 0;
    while index < folded.len() {
        let letter = folded[index];
        if letter.is_ascii_digit() {
            index = number(&folded, index, &mut tokens);
            tokens.extend(currency.take().map(str::to_owned));
        } else if stands_alone(letter) {
            tokens.push(letter.to_string());
            index += 1;
        } else if letter.is_alphanumeric() {
            index = run(&folded, index, &mut tokens);
        } else {
            currency = sign(letter, &mut tokens).or(currency);
            index += 1;
        }
    }
    tokens
}

/// Takes letters up to the next that can't belong to the same token; apostrophes within are dropped.
fn run(folded: &[char], start: usize, tokens: &mut Vec<String>) -> usize {
    let belongs = |letter: &char| {
        (letter.is_alphanumeric() && !letter.is_ascii_digit() && !stands_alone(*letter)) || is_apostrophe(*letter)
    };
    let letters = folded[start..].iter().take_while(|letter| belongs(letter)).count();
    let token = folded[start..start + letters].iter().filter(|letter| !is_apostrophe(**letter)).collect();
    tokens.push(token);
    start + letters
}

/// Takes a number with its thousands, its decimals, and an ordinal's ending.
fn number(folded: &[char], start: usize, tokens: &mut Vec<String>) -> usize {
    let digits_at = |from: usize| folded[from..].iter().take_while(|letter| letter.is_ascii_digit()).count();
    let mut end = start + digits_at(start);
    let mut digits: String = folded[start..end].iter().collect();
    let mut plain = true;
    while folded.get(end) == Some(&',') && digits_at(end + 1) == 3 && digits.len() < 16 {
        digits.extend(&folded[end + 1..end + 4]);
        end += 4;
        plain = false;
    }
    tokens.extend(spelled(&digits, plain).into_iter().map(str::to_owned));
    if folded.get(end) == Some(&'.') && digits_at(end + 1) > 0 {
        let decimals = digits_at(end + 1);
        tokens.push("point".to_owned());
        // After the point digits are read one by one, as those of "00" are.
        for digit in &folded[end + 1..end + 1 + decimals] {
            tokens.extend(spelled(&digit.to_string(), true).into_iter().map(str::to_owned));
        }
        end += 1 + decimals;
    }
    let ending: String = folded[end..].iter().take_while(|letter| letter.is_alphabetic()).take(3).collect();
    if matches!(ending.as_str(), "st" | "nd" | "rd" | "th") {
        if let Some(last) = tokens.last_mut() {
            *last = ordinal(last);
        }
        end += 2;
    }
    end
}

/// Signs that are said: some at once, those of money after the number that follows them.
fn sign(letter: char, tokens: &mut Vec<String>) -> Option<&'static str> {
    match letter {
        '%' => tokens.push("percent".into()),
        '&' => tokens.push("and".into()),
        '$' => return Some("dollars"),
        '€' => return Some("euros"),
        '£' => return Some("pounds"),
        _ => {}
    }
    None
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | 'ʼ')
}

/// Letters of scripts that write no spaces: two texts need not agree on where words begin.
fn stands_alone(letter: char) -> bool {
    matches!(u32::from(letter),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xf900..=0xfaff
        | 0x20000..=0x3ffff)
        && letter.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_their_dress() {
        for (text, expected) in [
            ("Well,", "well"),
            ("don’t", "dont"),
            ("don't!", "dont"),
            ("Café", "cafe"),
            ("cafe\u{301}", "cafe"),
            ("well-known", "well known"),
            ("—", ""),
            ("20", "twenty"),
            ("$2,500.50", "two thousand five hundred point five zero dollars"),
            ("20%", "twenty percent"),
            ("21st", "twenty first"),
            ("1999", "nineteen ninety nine"),
            ("AT&T", "at and t"),
            ("mp3", "mp three"),
            ("24/7", "twenty four seven"),
            ("你好吗", "你 好 吗"),
            ("Straße", "straße"),
            ("３", "three"),
            ("Привет!", "привет"),
            ("''", ""),
        ] {
            assert_eq!(split(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn tokens_know_their_words() {
        let mut interner = Interner::default();
        let tokens = interner.tokens(&["A", "—", "well-known", "a"].map(Word::untimed));
        assert_eq!((tokens.ids, tokens.word), (vec![0, 1, 2, 0], vec![0, 2, 2, 3]));
    }
}
