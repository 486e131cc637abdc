//! Cuts XML into tags and text, and goes on where XML's rules say to give up.
//!
//! quick-xml does the cutting; a fault makes it start again a little later in the document. How often, and how
//! much is read twice, is bounded, so that no document takes more than a few times its length.

use super::warn::Warnings;
use quick_xml::{Reader, events::Event};

/// How many faults are passed over that make quick-xml read up to the end of the document.
const FAULTS: usize = 60;

/// A piece of a document, as written.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// What stands between `<` and `>`, or `/>` if it is `empty`.
    Start { content: &'a str, empty: bool },
    /// The name of an end tag.
    End(&'a str),
    /// Text without references.
    Text(&'a str),
    /// What stands between `&` and `;`.
    Reference(&'a str),
}

pub(super) struct Tokens<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    /// Where the reader began.
    origin: usize,
    faults: usize,
    /// Bytes that may still be read a second time.
    again: usize,
}

impl<'a> Tokens<'a> {
    pub fn of(text: &'a str) -> Self {
        let again = 4 * text.len() + (1 << 16);
        let mut tokens = Self { text, reader: Reader::from_str(""), origin: 0, faults: 0, again };
        tokens.start_at(0);
        tokens
    }

    /// How far the document has been read, in bytes.
    pub fn offset(&self) -> usize {
        self.origin + usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX - self.origin)
    }

    fn start_at(&mut self, offset: usize) {
        let rest = self.text.get(offset..).unwrap_or_default();
        let text = rest.trim_start_matches('\u{feff}');
        self.origin = self.text.len() - text.len();
        self.reader = Reader::from_str(text);
        let config = self.reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
    }

    /// The next token and where it begins; `None` at the end.
    pub fn next(&mut self, warnings: &mut Warnings) -> Option<(usize, Token<'a>)> {
        loop {
            let start = self.offset();
            let event = self.reader.read_event();
            let raw = self.text.get(start..self.offset()).unwrap_or_default();
            let token = match event {
                Ok(Event::Eof) => return None,
                Ok(Event::Start(_) | Event::Empty(_)) => self.tag(start, raw, warnings),
                Ok(Event::End(_)) => Some(Token::End(end_name(raw))),
                Ok(Event::Text(_)) => Some(Token::Text(raw)),
                Ok(Event::CData(_)) => Some(Token::Text(
                    raw.strip_prefix("<![CDATA[").and_then(|raw| raw.strip_suffix("]]>")).unwrap_or_default(),
                )),
                Ok(Event::GeneralRef(_)) => {
                    Some(Token::Reference(raw.trim_start_matches('&').strip_suffix(';').unwrap_or(raw)))
                }
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => None,
                Err(error) => {
                    warnings.add(start, format!("{error}; read on after it"));
                    self.recover(start)?
                }
            };
            if let Some(token) = token {
                return Some((start, token));
            }
        }
    }

    /// A start tag, if it is one: `<` in text and tags without `>` look like it at first.
    fn tag(&mut self, start: usize, raw: &'a str, warnings: &mut Warnings) -> Option<Token<'a>> {
        let content = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let begins = content.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':');
        let second = content.find('<');
        if begins && second.is_none() {
            return Some(start_tag(content));
        }
        if self.again < raw.len() {
            return None;
        }
        self.again -= raw.len();
        if !begins {
            warnings.add(start, "a lone `<`; taken as text");
            self.start_at(start + 1);
            return Some(Token::Text("<"));
        }
        warnings.add(start, "a tag without its `>` or a quote too few; ended where it seems to end");
        let content = &content[..second.unwrap_or(content.len())];
        let (content, step) = match content.find('>') {
            Some(end) => (&content[..end], end + 2),
            None => (content, content.len() + 1),
        };
        self.start_at(start + step);
        Some(start_tag(content))
    }

    /// Goes on after a fault at `start`; `None` where there have been too many.
    fn recover(&mut self, start: usize) -> Option<Option<Token<'a>>> {
        self.faults += 1;
        if self.faults > FAULTS {
            return None;
        }
        let rest = self.text.get(start..).unwrap_or_default();
        if let Some(text) = rest.strip_prefix("<![CDATA[") {
            let text = &text[..text.find("</").unwrap_or(text.len())];
            self.start_at(start + "<![CDATA[".len() + text.len());
            return Some(Some(Token::Text(text)));
        }
        // `rest` begins with `<`, as nothing else is refused.
        let next = rest.char_indices().skip(1).find(|(_, c)| *c == '<').map_or(rest.len(), |(at, _)| at);
        let markup = &rest[..next];
        let end = markup.find('>').map(|end| end + 1);
        self.start_at(start + end.unwrap_or(next));
        let markup = &markup[..end.unwrap_or(next)];
        if markup.starts_with("</") {
            return Some(Some(Token::End(end_name(markup))));
        }
        let is_tag = markup.chars().nth(1).is_some_and(char::is_alphabetic) && end.is_some();
        Some(is_tag.then(|| start_tag(markup[1..].trim_end_matches('>'))))
    }
}

fn start_tag(content: &str) -> Token<'_> {
    match content.strip_suffix('/') {
        Some(content) => Token::Start { content, empty: true },
        None => Token::Start { content, empty: false },
    }
}

fn end_name(raw: &str) -> &str {
    raw.trim_start_matches("</").trim_end_matches('>').split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str], warned: usize) {
        let (mut tokens, mut warnings, mut found) = (Tokens::of(text), Warnings::default(), Vec::new());
        while let Some((_, token)) = tokens.next(&mut warnings) {
            found.push(match token {
                Token::Start { content, empty } => format!("{}{content}", if empty { "*" } else { "+" }),
                Token::End(name) => format!("-{name}"),
                Token::Text(text) => format!("'{text}"),
                Token::Reference(name) => format!("&{name}"),
            });
        }
        assert_eq!(found, expected);
        let warnings = warnings.finish(text);
        assert_eq!(warnings.len(), warned, "{warnings:?}");
    }

    #[test]
    fn well_formed_documents_are_cut() {
        check(
            "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a b='>'>x&amp;y<!-- - --><c/><![CDATA[<d>]]></a >",
            &["+a b='>'", "'x", "&amp", "'y", "*c", "'<d>", "-a"],
            0,
        );
        check("\u{feff}\u{feff} <a>é</a>", &["' ", "+a", "'é", "-a"], 0);
        check("", &[], 0);
    }

    #[test]
    fn faults_are_passed_over() {
        check("<a>1 < 2</a>", &["+a", "'1 ", "'<", "' 2", "-a"], 1);
        check("<a>b & c; & d</a>", &["+a", "'b ", "& c", "' ", "'& d", "-a"], 0);
        check("<a><b c='d><e>f</e></a>", &["+a", "+b c='d", "+e", "'f", "-e", "-a"], 1);
        check("<a><b c=\"d e=\"f\"><g></g></a>", &["+a", "+b c=\"d e=\"f\"", "+g", "-g", "-a"], 1);
        check("<a><b <c>d</c></a>", &["+a", "+b ", "+c", "'d", "-c", "-a"], 1);
        check("<a><![CDATA[b</a>", &["+a", "'b", "-a"], 1);
        check("<a><![CD", &["+a"], 1);
        check("<a><!-- b</a>", &["+a", "-a"], 1);
        check("<a></a", &["+a", "-a"], 1);
        check("<a", &[], 1);
        check("<\u{feff}a>", &["'<", "'a>"], 1);
    }

    #[test]
    fn hostile_documents_take_no_longer() {
        let started = std::time::Instant::now();
        for piece in ["<", "<!--", "<a ", "<a b='", "<![CDATA[", "</", "<?", "<!DOCTYPE [", "&", "< >", "< <a"] {
            let text = piece.repeat((1 << 20) / piece.len()) + ">";
            let (mut tokens, mut warnings) = (Tokens::of(&text), Warnings::default());
            while tokens.next(&mut warnings).is_some() {}
        }
        assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    }
}
