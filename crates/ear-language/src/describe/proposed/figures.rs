//! Numbers of a text, in digits or words, in one form: "2,000,000", "2 million" and "two million" are the same.

use super::tokens::Token;
use crate::number_words::{SMALL, TENS};
use crate::sounds::numbers::{Ending, read};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// A number that may be read in more ways than these is compared by the first of them.
const MOST_WAYS: usize = 12;
const GREAT: [&str; 5] = ["hundred", "thousand", "million", "billion", "trillion"];

static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let plain = SMALL.into_iter().chain(TENS).chain(GREAT).filter(|word| !word.is_empty());
    let digits = (0..20).chain((20..100).step_by(10)).map(|number: u32| number.to_string());
    let digits = digits.chain(["100", "1000", "1000000", "1000000000"].map(str::to_owned));
    let ended = digits.flat_map(|digits| [Ending::Ordinal, Ending::Plural].map(|ending| read(&digits, ending)));
    let ended = ended.flatten().filter_map(|way| way.last().copied());
    let others = ["trillions", "dozen", "dozens", "half", "twice", "double", "triple"];
    plain.chain(ended).chain(others).collect()
});

/// Words that make one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    /// Which they are.
    pub tokens: Range<usize>,
    /// How it may be read.
    pub ways: Vec<String>,
}

/// The numbers of a text.
pub(super) fn figures(tokens: &[Token<'_>]) -> Vec<Figure> {
    let parts: Vec<Option<Vec<String>>> = tokens.iter().map(ways).collect();
    let is_link = |at: usize| {
        matches!(&*tokens[at].folded, "and" | "point") && !tokens[at].marked && at + 1 < tokens.len() && at > 0
    };
    let mut figures = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if parts[at].is_none() {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < tokens.len() && !tokens[end - 1].marked {
            let linked = is_link(end) && parts[end + 1].is_some() && may_link(tokens, end);
            match (parts[end].is_some(), linked) {
                (true, _) => end += 1,
                (false, true) => end += 2,
                (false, false) => break,
            }
        }
        figures.push(Figure { tokens: at..end, ways: joined(&tokens[at..end], &parts[at..end]) });
        at = end;
    }
    figures
}

/// "two hundred and five", "three point five", but not "two and five".
fn may_link(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at].folded == "point" || GREAT.contains(&&*tokens[at - 1].folded)
}

fn joined(tokens: &[Token<'_>], parts: &[Option<Vec<String>>]) -> Vec<String> {
    let mut all = vec![String::new()];
    for (token, ways) in tokens.iter().zip(parts) {
        let link = [if token.folded == "point" { "point".to_owned() } else { String::new() }];
        let ways = ways.as_deref().unwrap_or(&link);
        let with = all.iter().flat_map(|before| ways.iter().map(move |way| format!("{before} {way}")));
        all = with.take(MOST_WAYS).collect();
    }
    all.iter().map(|way| settled(way)).collect()
}

/// "one hundred" is "a hundred".
fn settled(way: &str) -> String {
    let words: Vec<&str> = way.split_whitespace().collect();
    let from = usize::from(words.len() > 1 && words[0] == "one" && GREAT.contains(&words[1]));
    words[from..].join(" ")
}

/// How a word may be read as a number, or a part of one.
fn ways(token: &Token<'_>) -> Option<Vec<String>> {
    let folded = token.folded.as_str();
    if folded.split('-').all(|part| WORDS.contains(part)) {
        return Some(vec![folded.replace('-', " ")]);
    }
    let digits_end = folded.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(folded.len());
    let (digits, ending) = folded.split_at(digits_end);
    let digits = digits.replace(',', "");
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.bytes().filter(|byte| *byte == b'.').count() <= 1;
    let (ending, unit) = match ending {
        "" => (Ending::None, ""),
        "st" | "nd" | "rd" | "th" => (Ending::Ordinal, ""),
        "s" => (Ending::Plural, ""),
        "k" => (Ending::None, " thousand"),
        "m" => (Ending::None, " million"),
        "bn" | "b" => (Ending::None, " billion"),
        "tn" => (Ending::None, " trillion"),
        _ => return None,
    };
    let ways = read(&digits, ending);
    is_number.then(|| ways.into_iter().map(|way| format!("{}{unit}", way.join(" "))).collect())
}
