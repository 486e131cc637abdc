//! Transcripts in HTML: Podcasting 2.0's (`<cite>` names a speaker, `<time>` a time), and any other page as text.

use super::{
    Form, Line, Source, TextOptions, Warnings, clock, labels, quote, text,
    token::{Cue, Cues, Tokens, Voice},
};
use crate::{
    Error,
    html::{self, Piece},
    markup,
};
use ear_core::Millis;
use std::rc::Rc;

/// The longest name of a speaker, in characters.
const LONGEST_NAME: usize = 120;

/// Whether the text begins like a page, or is a piece of one in Podcasting 2.0's form.
pub(super) fn is_html(start: &str) -> bool {
    let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let lower: String = start.chars().take(64 * 1024).collect::<String>().to_ascii_lowercase();
    let mut rest = lower.as_str();
    // A saved page may begin with a comment, and XHTML with a declaration.
    while let Some(after) = rest.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")) {
        rest = after.1.trim_start();
    }
    if let Some((_, after)) = rest.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        rest = after.trim_start();
        return rest.starts_with("<!doctype html") || rest.starts_with("<html");
    }
    let begins = ["<!doctype html", "<html", "<head", "<body", "<meta", "<cite", "<time"];
    let podcasting = lower.contains("<cite") && lower.contains("</cite>") && lower.contains("<p");
    begins.iter().any(|tag| rest.starts_with(tag)) || rest.starts_with('<') && podcasting
}

/// Whether the text begins with an element that a name such as `x.html` makes sure of.
pub(super) fn begins_with_element(start: &str) -> bool {
    start.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!'))
}

/// Reads a page.
pub(super) fn parse(document: &str, options: &TextOptions, warnings: &mut Warnings) -> Result<Source, Error> {
    let told = |piece: &Piece| matches!(piece, Piece::Start(tag) if ["cite", "time"].contains(&tag.name.as_str()));
    if !html::visible(document).any(|(_, piece)| told(&piece)) {
        return plain(document, options, warnings);
    }
    let mut page = Page { document, counted: (0, 1), ..Page::default() };
    for (offset, piece) in html::visible(document) {
        page.take(offset, piece, warnings)?;
    }
    page.close()?;
    let (cues, title) = (page.cues.finish(), page.title);
    Ok(Source { title, has_speakers: page.named, dialect: Some("Podcasting 2.0"), ..Source::new(cues, Form::Talk) })
}

/// Any page: what a reader would see, as plain text.
fn plain(document: &str, options: &TextOptions, warnings: &mut Warnings) -> Result<Source, Error> {
    let seen = html::to_text(document);
    let lines: Vec<Line<'_>> = super::lines(&seen);
    let mut found = Warnings::default();
    let source = text::parse(&lines, options, &mut found)?;
    // The lines are those of the text, which nobody has before them.
    for warning in found.finish() {
        warnings.add(0, warning.message);
    }
    Ok(source)
}

#[derive(Default)]
struct Page<'a> {
    document: &'a str,
    /// An offset, and the number of its line.
    counted: (usize, usize),
    cues: Cues,
    open: Tokens,
    start: Option<Millis>,
    line: usize,
    /// Text of the `<cite>`, `<time>` or headline at hand.
    within: Option<(String, String)>,
    stamp: Option<Millis>,
    named: bool,
    title: Option<String>,
    /// A speaker or a time was seen: what follows was spoken.
    begun: bool,
}

impl Page<'_> {
    fn take(&mut self, offset: usize, piece: Piece, warnings: &mut Warnings) -> Result<(), Error> {
        match piece {
            Piece::Text(text) => match &mut self.within {
                Some((_, inner)) => inner.push_str(&text),
                None => self.open.text(&text),
            },
            Piece::Start(tag) => {
                // Nobody puts a paragraph into a name or a time: it was never closed.
                if html::is_block(&tag.name)
                    && let Some((name, inner)) = self.within.take()
                {
                    self.set_apart(&name, &inner, warnings)?;
                }
                let set_apart = matches!(tag.name.as_str(), "cite" | "time") || !self.begun && is_headline(&tag.name);
                if set_apart && self.within.is_none() && !tag.closed {
                    self.stamp = tag.get("datetime").and_then(moment);
                    self.line = self.line_at(offset);
                    self.within = Some((tag.name, String::new()));
                } else if html::is_block(&tag.name) {
                    self.open.line();
                }
            }
            Piece::End(name) => match self.within.take_if(|(within, _)| *within == name) {
                Some((_, inner)) => self.set_apart(&name, &inner, warnings)?,
                None if html::is_block(&name) => self.open.line(),
                None => {}
            },
        }
        Ok(())
    }

    /// What a `<cite>`, a `<time>` or a headline says.
    fn set_apart(&mut self, name: &str, inner: &str, warnings: &mut Warnings) -> Result<(), Error> {
        match name {
            "cite" => {
                let speaker = labels::clean(&markup::clean(inner, LONGEST_NAME));
                self.begun = true;
                self.close()?;
                if !speaker.is_empty() {
                    self.named = true;
                    self.open.voice(Voice::Named(Rc::from(speaker)));
                }
            }
            "time" => {
                self.begun = true;
                match moment(inner).or(self.stamp) {
                    Some(start) => {
                        self.close()?;
                        self.start = Some(start);
                    }
                    None => warnings.add(self.line, format!("{} is not a time; it is left out", quote(inner))),
                }
            }
            _ => {
                let title = markup::clean(inner, 300);
                self.title = self.title.take().or((!title.is_empty()).then_some(title));
            }
        }
        Ok(())
    }

    /// Ends the cue at hand. Names stay for the words to come, as `<cite>` may stand before `<time>`.
    fn close(&mut self) -> Result<(), Error> {
        if !self.open.has_words() {
            return Ok(());
        }
        let tokens = std::mem::take(&mut self.open).finish();
        self.open.line();
        self.cues.push(Cue { line: self.line, start: self.start.take(), end: None, tokens })
    }

    fn line_at(&mut self, offset: usize) -> usize {
        let (from, number) = self.counted;
        let between = self.document.as_bytes().get(from..offset).unwrap_or_default();
        self.counted = (offset.max(from), number + between.iter().filter(|byte| **byte == b'\n').count());
        self.counted.1
    }
}

fn is_headline(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3")
}

/// `0:30`, `[00:30]`, or an ISO 8601 duration such as `PT1H2M3.5S`.
fn moment(text: &str) -> Option<Millis> {
    let text = text.trim().trim_matches(['[', ']', '(', ')']);
    clock::time(text).or_else(|| duration(text)).filter(|moment| *moment <= clock::LAST)
}

fn duration(text: &str) -> Option<Millis> {
    let mut rest = text.strip_prefix("PT")?;
    let mut total = 0.0;
    while !rest.is_empty() {
        let end = rest.find(['H', 'M', 'S'])?;
        let number: f64 = rest[..end].parse().ok().filter(|number: &f64| (0.0..1e7).contains(number))?;
        total += number * [3600.0, 60.0, 1.0]["HMS".find(&rest[end..=end])?];
        rest = &rest[end + 1..];
    }
    Some((total * 1000.0).round() as Millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_text() {
        for (text, expected) in [
            ("<!DOCTYPE html><p>", true),
            ("  <HTML>", true),
            ("<!-- saved from url=(1) -->\n<html>", true),
            ("<?xml version=\"1.0\"?>\n<html xmlns=\"x\">", true),
            ("<cite>Ann:</cite> <time>0:00</time>\n<p>Hello</p>", true),
            ("<?xml version=\"1.0\"?><rss>", false),
            ("<i>Hello</i> there", false),
            ("5 < 6", false),
            ("", false),
        ] {
            assert_eq!(is_html(text), expected, "{text}");
        }
    }

    #[test]
    fn times_are_read_in_either_form() {
        for (text, expected) in [
            ("0:30", Some(30_000)),
            ("[1:02:03]", Some(3_723_000)),
            ("PT1H2M3.5S", Some(3_723_500)),
            ("PT", Some(0)),
            ("PT1X", None),
            ("soon", None),
        ] {
            assert_eq!(moment(text), expected, "{text}");
        }
    }
}
