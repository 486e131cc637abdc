//! WebVTT captions after <https://www.w3.org/TR/webvtt1/#parsing>, but where that standard drops text we keep it.

use super::{
    Line, Source, Warnings, clock, quote,
    token::{Cue, Cues, Token, Tokens, Voice},
};
use crate::Error;
use std::rc::Rc;

/// Whether the text begins with the signature.
pub(super) fn has_signature(text: &str) -> bool {
    text.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

/// Reads cues.
pub(super) fn parse(lines: &[Line<'_>], warnings: &mut Warnings) -> Result<Source, Error> {
    let mut source = Source { cues: Vec::new(), title: None, language: None };
    let mut cues = Cues::default();
    let mut voices = Voices::default();
    let mut rest = header(lines, &mut source, warnings);
    while let Some(start) = rest.iter().position(|line| !line.is_blank()) {
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
        let (from, to) = if is_timing(timing) {
            clock::cue_times(timing.number, timing.text, warnings)
        } else {
            warnings.add(
                line.number,
                format!("{} is outside of any cue; the words are kept without times", quote(line.text)),
            );
            (None, None)
        };
        let tokens = payload(&body[..end], &mut voices);
        cues.push(Cue { line: timing.number, start: from, end: to, tokens })?;
        rest = &body[end..];
    }
    source.cues = cues.finish();
    Ok(source)
}

fn is_timing(line: Line<'_>) -> bool {
    line.text.contains("-->")
}

fn is_comment(text: &str) -> bool {
    let text = text.trim_end();
    ["NOTE", "STYLE", "REGION"].contains(&text) || text.starts_with("NOTE ") || text.starts_with("NOTE\t")
}

/// Reads the signature and the lines beneath it, and returns the rest.
fn header<'a, 'b>(lines: &'a [Line<'b>], source: &mut Source, warnings: &mut Warnings) -> &'a [Line<'b>] {
    let Some(first) = lines.first() else { return lines };
    if !has_signature(first.text) {
        warnings.add(1, "the signature `WEBVTT` is missing");
        return lines;
    }
    let end = lines.iter().position(|line| line.is_blank() || is_timing(*line)).unwrap_or(lines.len());
    for line in &lines[1..end] {
        match line.text.split_once(':') {
            Some(("Language", value)) => source.language = language(value),
            Some(("Title", value)) if !value.trim().is_empty() => source.title = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    // The identifier of a cue may follow at once, without a blank line.
    let identifier = usize::from(end > 1 && lines.get(end).is_some_and(|line| is_timing(*line)));
    &lines[end - identifier..]
}

/// `en` of `en-GB`.
fn language(tag: &str) -> Option<String> {
    let code = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(code)
}

/// Follows the voices from cue to cue, so that only changes are marked.
#[derive(Default)]
struct Voices {
    last: Option<Rc<str>>,
    now: Option<Rc<str>>,
}

impl Voices {
    /// The mark for text that follows, if it needs one.
    fn change(&mut self) -> Option<Voice> {
        if self.last == self.now {
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
                        && let Some(voice) = voices.change()
                    {
                        tokens.voice(voice);
                    }
                    tokens.text(&unescape(text));
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
    let name = unescape(name).split_whitespace().collect::<Vec<_>>().join(" ");
    Some((!name.is_empty()).then(|| name.into()))
}

/// Decodes character references: the standard's six names and numbers.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        let reference = &rest[at + 1..];
        let end = reference.bytes().take(10).position(|byte| byte == b';');
        match end.and_then(|end| Some((referred(&reference[..end])?, end))) {
            Some((character, end)) => {
                plain.push(character);
                rest = &reference[end + 1..];
            }
            None => {
                plain.push('&');
                rest = reference;
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn referred(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "lrm" => '\u{200e}',
        "rlm" => '\u{200f}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}
