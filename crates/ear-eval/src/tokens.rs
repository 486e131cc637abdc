//! Normalised words, and which written words each of them comes from.

use crate::alignment::{Step, align};
use crate::normalise::normalise;
use std::collections::HashMap;
use std::ops::Range;

/// A word after normalisation. "twenty one" is one of them and comes from two words, "it's" gives two that come
/// from the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The word.
    pub text: String,
    /// Indices of the written words.
    pub words: Range<usize>,
}

/// The tokens of written words. Words that vanish in normalisation, such as "uh", belong to none or to a
/// neighbour's.
pub fn tokens(words: &[&str]) -> Vec<Token> {
    let mut known: HashMap<&str, Vec<String>> = HashMap::new();
    let (mut singles, mut from) = (Vec::new(), Vec::new());
    for (number, &word) in words.iter().enumerate() {
        let alone =
            known.entry(word).or_insert_with(|| normalise(word).split_whitespace().map(str::to_owned).collect());
        singles.extend(alone.iter().cloned());
        from.extend(alone.iter().map(|_| number));
    }
    let whole: Vec<String> = normalise(&words.join(" ")).split_whitespace().map(str::to_owned).collect();
    let mut tokens: Vec<Token> = whole.iter().map(|text| Token { text: text.clone(), words: 0..0 }).collect();
    let steps = align(&singles, &whole);
    // Where both differ, as in "twenty one" and "21", each token of the part comes from all words of the part.
    for part in steps.chunk_by(|left, right| is_same(left) == is_same(right)) {
        if is_same(&part[0]) {
            for step in part {
                let Step::Same(single, token) = step else { continue };
                tokens[*token].words = from[*single]..from[*single] + 1;
            }
            continue;
        }
        let singles = part.iter().filter_map(|step| match step {
            Step::Same(single, _) | Step::Other(single, _) | Step::Missed(single) => Some(from[*single]),
            Step::Added(_) => None,
        });
        let range = singles.fold(None, |range: Option<Range<usize>>, word| {
            Some(range.map_or(word..word + 1, |range| range.start.min(word)..range.end.max(word + 1)))
        });
        for step in part {
            if let Step::Other(_, token) | Step::Added(token) = step {
                tokens[*token].words = range.clone().unwrap_or_default();
            }
        }
    }
    tokens
}

fn is_same(step: &Step) -> bool {
    matches!(step, Step::Same(..))
}

/// The texts alone.
pub fn texts(tokens: &[Token]) -> Vec<&str> {
    tokens.iter().map(|token| token.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_their_words() {
        let check = |text: &str, expected: &str| {
            let words: Vec<&str> = text.split_whitespace().collect();
            let shown = tokens(&words).into_iter().map(|Token { text, words }| format!("{text}@{words:?}"));
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{text}");
        };
        check("", "");
        check("Well, hello!", "well@0..1 hello@1..2");
        check("It's Bob.", "it@0..1 is@0..1 bob@1..2");
        check("uh we, um, are twenty one now", "we@1..2 are@3..4 21@4..6 now@6..7");
        check("pay twenty million dollars today", "pay@0..1 $20000000@1..4 today@4..5");
        check("one, two, three", "123@0..3");
    }
}
