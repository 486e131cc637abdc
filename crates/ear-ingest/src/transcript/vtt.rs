//! WebVTT captions after <https://www.w3.org/TR/webvtt1/#parsing>, but where that standard drops text we keep it.

use super::{
    Form, Line, Source, Warnings, clock, language, quote,
    token::{Cue, Cues, Token, Tokens, Voice},
};
use crate::{Error, markup};
use ear_core::Millis;
use std::rc::Rc;

/// Whether the text begins with the signature.
pub(super) fn has_signature(text: &str) -> bool {
    text.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

/// Reads cues.
pub(super) fn parse(lines: &[Line<'_>], warnings: &mut Warnings) -> Result<Source, Error> {
    let mut source = Source::new(Vec::new(), Form::Captions);
    let mut cues = Cues::default();
    let mut voices = Voices::default();
    let head = Header::of(lines, warnings);
    if head.is_of_chapters {
        let found = "a file of chapters (`Kind: chapters`)".to_owned();
        return Err(Error::NotTranscript { found, remedy: "give the captions or the transcript instead" });
    }
    for block in blocks(head.rest) {
        let (from, to) = match block.timing {
            Some(timing) => clock::cue_times(timing.number, timing.text, clock::LONGEST_CUE, warnings),
            None => {
                let said = quote(block.line.text);
                warnings
                    .add(block.line.number, format!("{said} is outside of any cue; the words are kept without times"));
                (None, None)
            }
        };
        let line = block.timing.unwrap_or(block.line).number;
        cues.push(Cue { line, start: from, end: to, tokens: payload(block.text, &mut voices) })?;
    }
    (source.cues, source.title, source.language) = (cues.finish(), head.title, head.language);
    Ok(source)
}

/// The cues of a file of chapters: start, end where there is one, and title.
pub(super) fn titles(lines: &[Line<'_>], warnings: &mut Warnings) -> Vec<(Millis, Option<Millis>, String)> {
    let head = Header::of(lines, warnings);
    let mut titles = Vec::new();
    for timing in blocks(head.rest).filter_map(|block| Some((block.timing?, block.text))) {
        let (timing, text) = timing;
        let (Some(start), end) = clock::cue_times(timing.number, timing.text, clock::LAST, warnings) else { continue };
        let tokens = payload(text, &mut Voices::default());
        let mut title = String::new();
        for token in tokens {
            title.push_str(if title.is_empty() || token.glued { "" } else { " " });
            title.push_str(&token.text);
        }
        titles.push((start, end, title));
    }
    titles
}

/// A cue, or lines outside of any.
struct Block<'a, 'b> {
    line: Line<'b>,
    timing: Option<Line<'b>>,
    text: &'a [Line<'b>],
}

/// The blocks after the header, without comments and styles.
fn blocks<'a, 'b>(mut rest: &'a [Line<'b>]) -> impl Iterator<Item = Block<'a, 'b>> {
    std::iter::from_fn(move || {
        loop {
            let start = rest.iter().position(|line| !line.is_blank())?;
            rest = &rest[start..];
            let line = rest[0];
            let has_identifier = !is_timing(line) && rest.get(1).is_some_and(|next| is_timing(*next));
            if is_comment(line.text) {
                let end = rest.iter().position(Line::is_blank).unwrap_or(rest.len());
                rest = &rest[end..];
                continue;
            }
            let timing = if has_identifier { rest[1] } else { line };
            let body = if has_identifier { &rest[2..] } else { &rest[usize::from(is_timing(line))..] };
            let end = body.iter().position(|line| line.is_blank() || is_timing(*line)).unwrap_or(body.len());
            rest = &body[end..];
            return Some(Block { line, timing: Some(timing).filter(|timing| is_timing(*timing)), text: &body[..end] });
        }
    })
}

fn is_timing(line: Line<'_>) -> bool {
    line.text.contains("-->")
}

fn is_comment(text: &str) -> bool {
    let text = text.trim_end();
    ["NOTE", "STYLE", "REGION"].contains(&text) || text.starts_with("NOTE ") || text.starts_with("NOTE\t")
}

/// The signature and the lines beneath it.
#[derive(Default)]
struct Header<'a, 'b> {
    title: Option<String>,
    language: Option<String>,
    is_of_chapters: bool,
    rest: &'a [Line<'b>],
}

impl<'a, 'b> Header<'a, 'b> {
    fn of(lines: &'a [Line<'b>], warnings: &mut Warnings) -> Self {
        let mut header = Self { rest: lines, ..Self::default() };
        let Some(first) = lines.first() else { return header };
        if !has_signature(first.text) {
            warnings.add(1, "the signature `WEBVTT` is missing");
            return header;
        }
        // The signature itself may look like a timing line.
        let below = lines[1..].iter().position(|line| line.is_blank() || is_timing(*line));
        let end = below.map_or(lines.len(), |line| line + 1);
        for line in &lines[1..end] {
            let Some((name, value)) = line.text.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "language" => header.language = language(value),
                "title" if !value.is_empty() => header.title = Some(value.to_owned()),
                "kind" => header.is_of_chapters = value.eq_ignore_ascii_case("chapters"),
                _ => {}
            }
        }
        // The identifier of a cue may follow at once, without a blank line.
        let identifier = usize::from(end > 1 && lines.get(end).is_some_and(|line| is_timing(*line)));
        header.rest = &lines[end - identifier..];
        header
    }
}

/// Follows the voices from cue to cue. Names are marked in each, as cues may be put in another order; that
/// somebody without a name speaks is marked where it changes.
#[derive(Default)]
struct Voices {
    last: Option<Rc<str>>,
    now: Option<Rc<str>>,
}

impl Voices {
    /// The mark for text that follows, if it needs one.
    fn change(&mut self, begins_cue: bool) -> Option<Voice> {
        if self.last == self.now && !(begins_cue && self.now.is_some()) {
            return None;
        }
        self.last = self.now.clone();
        Some(self.now.clone().map_or(Voice::New, Voice::Named))
    }
}

/// The text of a cue without its tags.
fn payload(lines: &[Line<'_>], voices: &mut Voices) -> Vec<Token> {
    let mut tokens = Tokens::default();
    let mut in_ruby = false;
    // A voice holds to the end of its cue, across lines.
    voices.now = None;
    for line in lines {
        tokens.line();
        let mut rest = line.text;
        while !rest.is_empty() {
            let (piece, after) = piece(rest);
            rest = after;
            match piece {
                Piece::Text(text) if !in_ruby => {
                    if !text.trim().is_empty()
                        && let Some(voice) = voices.change(!tokens.has_words())
                    {
                        tokens.voice(voice);
                    }
                    tokens.text(&markup::references(text));
                }
                Piece::Text(_) => {}
                Piece::Tag("rt") => in_ruby = true,
                Piece::Tag("/rt" | "/ruby") => in_ruby = false,
                Piece::Tag("/v") => voices.now = None,
                Piece::Tag(tag) => match clock::time(tag) {
                    Some(moment) => tokens.at(moment),
                    None => voices.now = voice(tag).unwrap_or_else(|| voices.now.take()),
                },
            }
        }
    }
    tokens.finish()
}

enum Piece<'a> {
    Text(&'a str),
    Tag(&'a str),
}

/// Cuts the next piece off: a tag, or text up to one. A `<` that starts no tag is text.
fn piece(text: &str) -> (Piece<'_>, &str) {
    if let Some(inner) = text.strip_prefix('<')
        && inner.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/')
        && let Some(end) = inner.find(['<', '>'])
        && let Some(after) = inner[end..].strip_prefix('>')
    {
        return (Piece::Tag(inner[..end].trim_end()), after);
    }
    let skip = text.chars().next().map_or(0, char::len_utf8);
    let end = text[skip..].find('<').map_or(text.len(), |at| skip + at);
    (Piece::Text(&text[..end]), &text[end..])
}

/// The name in `v Name` and `v.class Name`; `None` for other tags, `Some(None)` for a voice without a name.
fn voice(tag: &str) -> Option<Option<Rc<str>>> {
    let (kind, name) = tag.split_once([' ', '\t']).unwrap_or((tag, ""));
    if kind != "v" && !kind.starts_with("v.") {
        return None;
    }
    let name = markup::references(name).split_whitespace().collect::<Vec<_>>().join(" ");
    Some((!name.is_empty()).then(|| name.into()))
}
