//! Words of a proposal and of the sentences it cites, as they are compared.

use super::super::lists::{Class, class};
use super::super::tokens::has_capital_inside;
use crate::commonness::fold;
use std::collections::HashSet;

/// A word as written, and as compared.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub raw: &'a str,
    /// Folded, without a possessive s.
    pub folded: String,
    pub stem: String,
    pub class: Class,
    /// It begins a sentence or a quote.
    pub first: bool,
    /// A mark stands behind it.
    pub marked: bool,
}

impl Token<'_> {
    /// Tells what a sentence is about.
    pub fn is_content(&self) -> bool {
        !self.class.any(Class::IDLE) && self.folded.chars().count() > 2
    }

    pub fn has_capital(&self) -> bool {
        self.raw.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)
    }

    /// Never an ordinary word, wherever it stands: "iPhone", "COVID-19", "a.example", scripts without capitals.
    pub fn is_special(&self) -> bool {
        let bare = self.raw.trim_matches(|c: char| !c.is_alphanumeric());
        let uncased = |c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase();
        has_capital_inside(bare)
            || bare.contains(['.', '@', '_', '/', ':', '#', '&', '='])
            || bare.contains(|c: char| c.is_numeric() || uncased(c))
    }

    /// The parts of a word with hyphens.
    fn parts(&self) -> impl Iterator<Item = &str> {
        self.folded.split('-').filter(|part| !part.is_empty())
    }
}

/// The words of a text.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    for raw in text.split(|c: char| c.is_whitespace() || matches!(c, '—' | '–' | '…')) {
        let whole = fold(raw);
        if whole.is_empty() {
            if let Some(last) = tokens.last_mut() {
                last.marked = true;
            }
            continue;
        }
        let folded = whole.strip_suffix("'s").unwrap_or(&whole).to_owned();
        let ends = |token: &Token<'_>| token.raw.trim_end_matches(['"', '”', '’', ')']).ends_with(['.', '!', '?', ':']);
        let first = tokens.last().is_none_or(ends) || raw.starts_with(['"', '“', '‘', '\'', '(']);
        let marked = raw.ends_with(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’' && c != '%');
        // Looked up whole: "it's" is listed.
        tokens.push(Token { stem: stem(&folded), class: class(&whole), folded, raw, first, marked });
    }
    tokens
}

/// The cited sentences, ready to be asked what they say.
pub(super) struct Said<'a> {
    pub sentences: Vec<Vec<Token<'a>>>,
    words: HashSet<String>,
    stems: HashSet<String>,
    starts: HashSet<String>,
}

impl<'a> Said<'a> {
    pub fn of(texts: impl Iterator<Item = &'a str>) -> Self {
        let sentences: Vec<Vec<Token<'a>>> = texts.map(tokens).collect();
        let (mut words, mut stems, mut starts) = (HashSet::new(), HashSet::new(), HashSet::new());
        for token in sentences.iter().flatten() {
            let parts = token.parts().map(str::to_owned);
            words.extend(parts.chain([token.folded.clone()]));
            stems.extend(token.parts().map(stem));
            stems.insert(token.stem.clone());
            starts.extend(start(&token.folded));
        }
        Self { sentences, words, stems, starts }
    }

    /// Whether they say a word in this very form.
    pub fn says(&self, token: &Token<'_>) -> bool {
        self.words.contains(&token.folded) || token.parts().all(|part| self.words.contains(part))
    }

    /// Whether they say it in some form.
    pub fn says_form(&self, token: &Token<'_>) -> bool {
        self.says(token) || self.stems.contains(&token.stem)
    }

    /// Whether they say it or a word of its family.
    pub fn says_kin(&self, token: &Token<'_>) -> bool {
        self.says_form(token) || start(&token.folded).is_some_and(|start| self.starts.contains(&start))
    }

    /// Whether one of them says these folded words in a row.
    pub fn says_row(&self, row: &[String]) -> bool {
        self.sentences.iter().any(|sentence| has_row(sentence, row))
    }
}

/// Whether these tokens hold folded words in a row.
pub(super) fn has_row(tokens: &[Token<'_>], row: &[String]) -> bool {
    !row.is_empty() && tokens.windows(row.len()).any(|some| some.iter().map(|token| &token.folded).eq(row))
}

/// The folded words of a text in a row.
pub(super) fn row(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| token.folded).collect()
}

/// What the forms of a word have in common; rough, and only to be compared.
pub(super) fn stem(folded: &str) -> String {
    let mut word = folded;
    if folded.len() > 3 && folded.is_ascii() {
        let ending = ["ing", "ed", "es", "s"].into_iter().find(|ending| folded.ends_with(ending));
        word = ending.map_or(folded, |ending| &folded[..folded.len() - ending.len()]);
    }
    let bytes = word.as_bytes();
    if bytes.len() > 3 && bytes.is_ascii() {
        let doubled = bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
        if doubled || bytes.ends_with(b"e") {
            word = &word[..word.len() - 1];
        }
    }
    match word.strip_suffix('y') {
        Some(before) if before.len() > 1 => format!("{before}i"),
        _ => word.to_owned(),
    }
}

/// What words of a family begin with: "president", "presidential".
fn start(folded: &str) -> Option<String> {
    const START: usize = 6;
    let start: String = folded.chars().take(START).collect();
    (start.chars().count() == START).then_some(start)
}
