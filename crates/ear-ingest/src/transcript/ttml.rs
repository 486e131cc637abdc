//! Timed Text (TTML, DFXP, EBU-TT), <https://www.w3.org/TR/ttml1/>: paragraphs with `begin` and `end`, and words as
//! spans with times, as Apple's podcast transcripts have them. Read as tags, without a tree.

use super::{
    Form, Source, Warnings, clock, quote,
    token::{Cue, Cues, Token, Tokens, Voice, is_break},
};
use crate::{
    Error,
    html::{self, Piece, Tag},
    markup,
};
use ear_core::Millis;
use std::{collections::HashMap, rc::Rc};

/// Whether the text begins like Timed Text.
pub(super) fn is_ttml(start: &str) -> bool {
    let mut tags = html::xml_pieces(start).filter_map(|(_, piece)| match piece {
        Piece::Start(tag) => Some(tag),
        _ => None,
    });
    start.trim_start().starts_with('<') && tags.next().is_some_and(|tag| local(&tag.name) == "tt")
}

/// Reads a document.
pub(super) fn parse(document: &str, warnings: &mut Warnings) -> Result<Source, Error> {
    let mut reader = Reader { frame_rate: 30.0, tick_rate: 1.0, ..Reader::default() };
    let mut counted = (0, 1);
    for (offset, piece) in html::xml_pieces(document) {
        let between = document.as_bytes().get(counted.0..offset).unwrap_or_default();
        counted = (offset.max(counted.0), counted.1 + between.iter().filter(|byte| **byte == b'\n').count());
        reader.take(counted.1, piece, warnings)?;
    }
    reader.close()?;
    let cues = reader.cues.finish();
    let language = reader.language;
    Ok(Source { language, title: reader.title, has_speakers: reader.named, ..Source::new(cues, Form::Captions) })
}

/// An element's name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// An attribute, whatever the prefix of its name.
fn attribute<'a>(tag: &'a Tag, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| tag.get(name))
}

#[derive(Default)]
struct Reader {
    cues: Cues,
    frame_rate: f64,
    tick_rate: f64,
    language: Option<String>,
    title: Option<String>,
    /// Names of speakers by id.
    agents: HashMap<String, Rc<str>>,
    agent: Option<String>,
    /// Text of the `<title>` or `<name>` at hand.
    within: Option<String>,
    open: Option<Open>,
    last: Option<Rc<str>>,
    named: bool,
}

/// A paragraph at hand.
#[derive(Default)]
struct Open {
    line: usize,
    start: Option<Millis>,
    end: Option<Millis>,
    done: Vec<Token>,
    tokens: Tokens,
    /// For each open span, when the words in it end, if it is one with times.
    spans: Vec<Option<Millis>>,
}

impl Reader {
    fn take(&mut self, line: usize, piece: Piece, warnings: &mut Warnings) -> Result<(), Error> {
        match piece {
            Piece::Text(text) => match (&mut self.open, &mut self.within) {
                (Some(open), _) => open.tokens.text(&text),
                (None, Some(within)) => within.push_str(&text),
                (None, None) => {}
            },
            Piece::Start(tag) => self.start(line, &tag, warnings)?,
            Piece::End(name) => match local(&name) {
                "p" => self.close()?,
                "span" => self.open.iter_mut().for_each(Open::end_span),
                name @ ("title" | "name") => self.end_text(name),
                _ => {}
            },
        }
        Ok(())
    }

    fn start(&mut self, line: usize, tag: &Tag, warnings: &mut Warnings) -> Result<(), Error> {
        match local(&tag.name) {
            "tt" => {
                self.language = attribute(tag, &["xml:lang", "lang"]).and_then(super::language);
                let rate =
                    |name| attribute(tag, &[name]).and_then(|rate| rate.parse().ok()).filter(|rate: &f64| *rate >= 1.0);
                self.frame_rate = rate("ttp:framerate").unwrap_or(self.frame_rate);
                self.tick_rate = rate("ttp:tickrate").unwrap_or(self.tick_rate);
            }
            "agent" => self.agent = attribute(tag, &["xml:id", "id"]).map(str::to_owned),
            "title" | "name" if self.open.is_none() && !tag.closed => self.within = Some(String::new()),
            "p" if !tag.closed => {
                self.close()?;
                self.open = Some(self.paragraph(line, tag, warnings));
            }
            "br" => self.open.iter_mut().for_each(|open| open.tokens.line()),
            "span" if !tag.closed => {
                let (start, end) = self.times(line, tag, warnings);
                if let Some(open) = &mut self.open {
                    open.start_span(start, end);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn paragraph(&mut self, line: usize, tag: &Tag, warnings: &mut Warnings) -> Open {
        let (start, end) = self.times(line, tag, warnings);
        let mut open =
            Open { line, start, end: end.filter(|end| start.is_some_and(|start| *end > start)), ..Open::default() };
        open.tokens.line();
        let id = attribute(tag, &["ttm:agent", "agent"]);
        let speaker = id.and_then(|id| self.agents.get(id).cloned().or_else(|| named(id)));
        self.named |= speaker.is_some();
        if speaker.is_some() || self.last.is_some() {
            open.tokens.voice(speaker.clone().map_or(Voice::New, Voice::Named));
        }
        self.last = speaker;
        open
    }

    fn end_text(&mut self, name: &str) {
        let Some(text) = self.within.take() else { return };
        match (name, self.agent.take()) {
            ("name", Some(id)) => {
                if let Some(name) = named(&text) {
                    self.agents.insert(id, name);
                }
            }
            ("title", _) => self.title = Some(markup::clean(&text, 300)).filter(|title| !title.is_empty()),
            _ => {}
        }
    }

    fn close(&mut self) -> Result<(), Error> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        open.end_piece(None);
        self.cues.push(Cue { line: open.line, start: open.start, end: open.end, tokens: open.done })
    }

    fn times(&self, line: usize, tag: &Tag, warnings: &mut Warnings) -> (Option<Millis>, Option<Millis>) {
        let mut time = |name: &str| {
            let text = tag.get(name)?;
            let found = self.time(text);
            if found.is_none() {
                warnings.add(line, format!("{} is not a time; it is left out", quote(text)));
            }
            found
        };
        let (start, end, length) = (time("begin"), time("end"), time("dur"));
        (start, end.or_else(|| Some(start? + length?)))
    }

    /// `00:00:01.5`, `00:00:01:12` (frames), `1.5s`, `1500ms`, `36f`, `100t`, and Apple's bare `1.5`.
    fn time(&self, text: &str) -> Option<Millis> {
        let text = text.trim();
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
        let units = [
            ("ms", 1.0),
            ("h", 3_600_000.0),
            ("m", 60_000.0),
            ("s", 1000.0),
            ("f", 1000.0 / self.frame_rate),
            ("t", 1000.0 / self.tick_rate),
        ];
        let offset = units.iter().find_map(|(unit, millis)| Some(number(text.strip_suffix(unit)?)? * millis));
        let frames = || {
            let (clock_time, frames) = text.rsplit_once(':').filter(|(before, _)| before.matches(':').count() == 2)?;
            Some(clock::time(clock_time)? as f64 + number(frames)? * 1000.0 / self.frame_rate)
        };
        let bare = || number(text).map(|seconds| seconds * 1000.0);
        let millis = offset.or_else(|| clock::time(text).map(|millis| millis as f64)).or_else(frames).or_else(bare)?;
        (millis <= clock::LAST as f64).then(|| millis.round() as Millis)
    }
}

impl Open {
    fn start_span(&mut self, start: Option<Millis>, end: Option<Millis>) {
        // Spans in spans: a sentence has words; the innermost times count.
        const DEEPEST: usize = 1000;
        if start.is_some() {
            self.end_piece(None);
            start.into_iter().for_each(|start| self.tokens.at(start));
        }
        if self.spans.len() < DEEPEST {
            self.spans.push(end.filter(|_| start.is_some()));
        }
    }

    fn end_span(&mut self) {
        if let Some(Some(end)) = self.spans.pop() {
            self.end_piece(Some(end));
        }
    }

    /// Ends a piece of text; its end is that of its last word.
    fn end_piece(&mut self, end: Option<Millis>) {
        if !self.tokens.has_words() {
            return;
        }
        let mut tokens = std::mem::take(&mut self.tokens).finish();
        let last = self.done.last().and_then(|token| token.text.chars().next_back());
        if let Some(first) = tokens.first_mut() {
            first.glued = last.zip(first.text.chars().next()).is_some_and(|(last, first)| is_break(last, first));
        }
        if let [only] = &mut tokens[..] {
            only.until = end.filter(|end| only.at.is_some_and(|at| *end >= at));
        }
        self.done.append(&mut tokens);
    }
}

fn named(text: &str) -> Option<Rc<str>> {
    let name = markup::clean(text, 120);
    (!name.is_empty()).then(|| name.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_in_many_shapes() {
        let reader = Reader { frame_rate: 25.0, tick_rate: 10_000_000.0, ..Reader::default() };
        for (text, expected) in [
            ("00:00:01.5", Some(1500)),
            ("00:00:01:05", Some(1200)),
            ("1.5s", Some(1500)),
            ("250ms", Some(250)),
            ("50f", Some(2000)),
            ("15000000t", Some(1500)),
            ("2.25", Some(2250)),
            ("1:02.500", Some(62_500)),
            ("-1s", None),
            ("1e99h", None),
            ("soon", None),
        ] {
            assert_eq!(reader.time(text), expected, "{text}");
        }
    }
}
