//! From a query's characters to its tokens.

use super::ast::{Condition, Text};
use super::fields;
use crate::Error;
use crate::analysis::{Rules, forms, is_character};

/// A token and its 1-based column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub column: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    And,
    Or,
    /// `NOT` or a leading `-`.
    Not(&'static str),
    Word(String),
    Prefix(String),
    Phrase(String),
    Field(Condition),
}

/// An error of the query at `column`.
pub(super) fn error<T>(column: usize, message: impl Into<String>, remedy: impl Into<String>) -> Result<T, Error> {
    Err(Error::Query { message: message.into(), column, remedy: remedy.into() })
}

/// The tokens of a query.
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, Error> {
    let mut lexer = Lexer { characters: query.chars().collect(), at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer {
    characters: Vec<char>,
    at: usize,
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn next(&mut self) -> Result<Option<Token>, Error> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let column = self.at + 1;
        let Some(first) = self.peek() else { return Ok(None) };
        let kind = match first {
            '(' => self.step(Kind::Open),
            ')' => self.step(Kind::Close),
            '-' => self.minus()?,
            first if is_quote(first) => Kind::Phrase(self.quoted()?),
            _ => self.bare()?,
        };
        Ok(Some(Token { kind, column }))
    }

    fn step(&mut self, kind: Kind) -> Kind {
        self.at += 1;
        kind
    }

    fn minus(&mut self) -> Result<Kind, Error> {
        self.at += 1;
        if self.peek().is_none_or(|c| c.is_whitespace() || c == ')') {
            return error(self.at, "`-` stands alone", "write it right before the word to leave out, as in -word");
        }
        Ok(Kind::Not("-"))
    }

    /// What stands between this quote and the next.
    fn quoted(&mut self) -> Result<String, Error> {
        let open = self.at + 1;
        self.at += 1;
        let Some(length) = self.characters[self.at..].iter().position(|&c| is_quote(c)) else {
            return error(open, "this quote is never closed", "add a closing quote, or take this one away");
        };
        let text: String = self.characters[self.at..self.at + length].iter().collect();
        self.at += length + 1;
        if text.trim().is_empty() {
            return error(open, "there is nothing between the quotes", "write the words to find between them");
        }
        Ok(text)
    }

    fn bare(&mut self) -> Result<Kind, Error> {
        let start = self.at;
        let stop = |c: &char| c.is_whitespace() || is_quote(*c) || matches!(c, '(' | ')');
        let length = self.characters[start..].iter().position(stop).unwrap_or(self.characters.len() - start);
        self.at += length;
        let text: String = self.characters[start..self.at].iter().collect();
        match text.as_str() {
            "AND" => Ok(Kind::And),
            "OR" => Ok(Kind::Or),
            "NOT" => Ok(Kind::Not("NOT")),
            _ => match text.split_once(':') {
                Some((name, value)) if fields::is_name(name) => self.field(name, value, &text, start + 1),
                _ => word(text, start + 1),
            },
        }
    }

    fn field(&mut self, name: &str, value: &str, text: &str, column: usize) -> Result<Kind, Error> {
        let quoted = value.is_empty() && self.peek().is_some_and(is_quote);
        let place = column + name.chars().count() + 1;
        if value.is_empty() && !quoted && !fields::is_known(name) {
            return word(text.to_owned(), column);
        }
        if !fields::is_known(name) {
            return fields::unknown(name, column);
        }
        let value = if quoted { self.quoted()? } else { value.to_owned() };
        fields::condition(&name.to_ascii_lowercase(), Text { text: value, column: place }, column).map(Kind::Field)
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '＂')
}

/// A bare word, or the beginning of words.
fn word(text: String, column: usize) -> Result<Kind, Error> {
    let Some(star) = text.chars().position(|c| c == '*') else { return Ok(Kind::Word(text)) };
    let place = column + star;
    if star == 0 {
        return error(place, "`*` stands before a word", "write it after the beginning of a word, as in elect*");
    }
    match text.strip_suffix('*') {
        Some(prefix) if prefix.contains('*') => {}
        Some(prefix) if is_several_words(prefix) => {
            return error(column, "`*` stands after several words", "leave a space before the last, as in high speed*");
        }
        Some(prefix) => return Ok(Kind::Prefix(prefix.to_owned())),
        None => {}
    }
    error(place, "`*` stands inside a word", "it may only be the last character, as in elect*")
}

/// Whether it has parts, as `state-of-the-art`; characters of a script without spaces are none.
fn is_several_words(text: &str) -> bool {
    let forms = forms(text, Rules::PLAIN);
    forms.len() > 1 && !forms.iter().any(|form| is_character(form))
}
