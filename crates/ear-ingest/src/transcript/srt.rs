//! SubRip captions, leniently: counters may be missing, commas may be dots, blank lines may stand anywhere.

use super::{
    Form, Line, Source, Warnings, clock, quote,
    token::{Cue, Cues, Tokens},
};
use crate::{Error, markup};

/// Whether the line gives the times of a cue.
pub(super) fn is_timing(text: &str) -> bool {
    clock::split_times(text).is_some_and(|(start, end)| clock::time(start).is_some() && clock::time(end).is_some())
}

/// Reads cues; a document without a single line of times is left empty.
pub(super) fn parse(lines: &[Line<'_>], warnings: &mut Warnings) -> Result<Source, Error> {
    let mut cues = Cues::default();
    let starts: Vec<usize> = (0..lines.len()).filter(|index| looks_like_timing(lines[*index].text)).collect();
    if let Some(first) = starts.first() {
        stray(&lines[..text_end(lines, 0, *first)], &mut cues, warnings)?;
    }
    for (position, start) in starts.iter().enumerate() {
        let next = starts.get(position + 1).copied().unwrap_or(lines.len());
        let end = if next < lines.len() { text_end(lines, start + 1, next) } else { next };
        let body = &lines[start + 1..end];
        let first = body.iter().position(|line| !line.is_blank()).unwrap_or(body.len());
        let length = body[first..].iter().position(Line::is_blank).unwrap_or(body.len() - first);
        let (text, after) = body.split_at(first + length);
        let timing = lines[*start];
        let (from, to) = clock::cue_times(timing.number, timing.text, clock::LONGEST_CUE, warnings);
        cues.push(Cue { line: timing.number, start: from, end: to, tokens: tokens(text) })?;
        stray(after, &mut cues, warnings)?;
    }
    Ok(Source::new(cues.finish(), Form::Captions))
}

/// Also a line of times with a fault in it, which is worth a warning.
fn looks_like_timing(text: &str) -> bool {
    let digits = |side: &str| side.trim().chars().next().is_some_and(|first| first.is_ascii_digit());
    is_timing(text) || text.split_once("-->").is_some_and(|(start, end)| digits(start) || digits(end))
}

/// The end of the text before the line of times at `timing`: its counter is no text.
fn text_end(lines: &[Line<'_>], from: usize, timing: usize) -> usize {
    let has_counter = timing > from && is_counter(lines[timing - 1].text);
    timing - usize::from(has_counter)
}

fn is_counter(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Text without a line of times is kept, without times.
fn stray(lines: &[Line<'_>], cues: &mut Cues, warnings: &mut Warnings) -> Result<(), Error> {
    for block in lines.split(Line::is_blank).filter(|block| !block.is_empty()) {
        let text = if block.len() > 1 && is_counter(block[0].text) { &block[1..] } else { block };
        let line = text[0].number;
        warnings.add(line, format!("{} has no line of times; the words are kept without times", quote(text[0].text)));
        cues.push(Cue { line, start: None, end: None, tokens: tokens(text) })?;
    }
    Ok(())
}

fn tokens(lines: &[Line<'_>]) -> Vec<super::token::Token> {
    let mut tokens = Tokens::default();
    for line in lines {
        tokens.line();
        without_tags(line.text, &mut tokens);
    }
    tokens.finish()
}

/// Drops `<i>`, `<font …>` and the like, and SubStation's `{\an8}`; a lone `<` stays.
fn without_tags(text: &str, tokens: &mut Tokens) {
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, tag) = rest.split_at(at);
        tokens.text(&markup::references(before));
        let (opening, closing) = if tag.starts_with('<') { ('<', '>') } else { ('{', '}') };
        let second = tag[1..].chars().next();
        let is_tag = match closing {
            '>' => second.is_some_and(|c| c.is_ascii_alphabetic() || c == '/'),
            _ => second == Some('\\'),
        };
        // A tag holds no other: without this, a line of nothing but openings would be searched again and again.
        let end = tag[1..]
            .find([opening, closing])
            .map(|end| end + 1)
            .filter(|end| is_tag && tag[*end..].starts_with(closing));
        match end {
            Some(end) => rest = &tag[end + 1..],
            None => {
                tokens.text(&tag[..1]);
                rest = &tag[1..];
            }
        }
    }
    // SubStation's hard line break comes with some conversions.
    for (index, piece) in rest.split("\\N").enumerate() {
        if index > 0 {
            tokens.line();
        }
        tokens.text(&markup::references(piece));
    }
}
