//! oTranscribe's `.otr`: JSON whose `text` is the HTML of its editor, with times as
//! `<span class="timestamp" data-timestamp="12.3">0:12</span>` (<https://github.com/oTranscribe/oTranscribe>).

use super::{Outcome, Reader};
use crate::{
    Error,
    html::{self, Piece, Tag},
    json::Node,
    transcript::{
        Form, Source,
        token::{Cue, Tokens},
    },
};
use ear_core::Millis;

/// Whether the fields are oTranscribe's.
pub(super) fn is_otranscribe(root: &Node) -> bool {
    let Some(text) = root.text("text") else { return false };
    let named = ["media", "media-time", "media-source"].iter().any(|name| root.has(name));
    text.contains("data-timestamp") || named && text.contains('<')
}

pub(super) fn parse(root: &Node, reader: &mut Reader<'_>) -> Outcome {
    Some(read(root.text("text")?, reader))
}

fn read(text: &str, reader: &mut Reader<'_>) -> Result<Source, Error> {
    let mut open = (None, Tokens::default());
    // The stamp shows its time once more, as text.
    let mut in_stamp = false;
    for (_, piece) in html::visible(text) {
        match piece {
            Piece::Start(tag) if is_stamp(&tag) => {
                let start = time(&tag, reader);
                let (before, tokens) = std::mem::replace(&mut open, (start, Tokens::default()));
                open.1.line();
                push(before, tokens, reader)?;
                in_stamp = !tag.closed;
            }
            Piece::End(name) if name == "span" => in_stamp = false,
            Piece::Start(tag) if html::is_block(&tag.name) => open.1.line(),
            Piece::End(name) if html::is_block(&name) => {
                in_stamp = false;
                open.1.line();
            }
            Piece::Text(text) if !in_stamp => open.1.text(&text),
            Piece::Start(_) | Piece::End(_) | Piece::Text(_) => {}
        }
    }
    push(open.0, open.1, reader)?;
    Ok(Source { form: Form::Talk, ..reader.source("oTranscribe", None) })
}

fn push(start: Option<Millis>, tokens: Tokens, reader: &mut Reader<'_>) -> Result<(), Error> {
    let tokens = tokens.finish();
    if tokens.is_empty() {
        return Ok(());
    }
    reader.cues.push(Cue { line: 0, start, end: None, tokens })
}

fn is_stamp(tag: &Tag) -> bool {
    tag.name == "span" && tag.get("class").is_some_and(|class| class.split_whitespace().any(|name| name == "timestamp"))
}

fn time(tag: &Tag, reader: &mut Reader<'_>) -> Option<Millis> {
    let value = tag.get("data-timestamp")?;
    reader.moment(&Node::Text(value.into()))
}
