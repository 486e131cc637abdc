//! Rev.ai's transcripts: `monologues` of `elements`, which carry their own spaces and punctuation
//! (<https://docs.rev.ai/api/asynchronous/get-started/>).

use super::{
    Outcome, Reader,
    said::{self, Said},
    speaker,
};
use crate::{Error, json::Node, transcript::Source};
use std::rc::Rc;

pub(super) fn parse(root: &Node, reader: &mut Reader<'_>) -> Outcome {
    root.get("monologues").is_some_and(Node::is_list).then(|| read(root, reader))
}

fn read(root: &Node, reader: &mut Reader<'_>) -> Result<Source, Error> {
    for monologue in root.list("monologues") {
        let name = name(root, monologue);
        let pieces = monologue.list("elements").iter().filter_map(|element| piece(element, &name, reader)).collect();
        let words = said::join_pieces(pieces);
        reader.running(words)?;
    }
    Ok(reader.source("Rev.ai", root.text("language")))
}

/// The speaker of a monologue: a number, which may stand for a name elsewhere in the document.
fn name(root: &Node, monologue: &Node) -> Option<Rc<str>> {
    let info = monologue.get("speaker_info").filter(|info| info.has("display_name") || info.has("name"));
    let number = monologue.number("speaker");
    let listed = || {
        let known = root.list("speakers").iter().find(|known| number.is_some() && known.number("id") == number);
        known.filter(|known| known.has("name"))
    };
    info.or_else(listed).or_else(|| monologue.get("speaker")).and_then(speaker)
}

fn piece(element: &Node, name: &Option<Rc<str>>, reader: &mut Reader<'_>) -> Option<Said> {
    let value = element.text("value")?;
    // What could not be heard comes as "<inaudible>"; it is a mark, not markup.
    let unheard = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let text = unheard.map_or_else(|| value.to_owned(), |mark| format!("[{mark}]"));
    let mut piece = reader.said(element, &text);
    piece.start = reader.time(element, &["ts", "timestamp"]).or(piece.start);
    piece.end = reader.time(element, &["end_ts", "end_timestamp"]).or(piece.end);
    piece.speaker.clone_from(name);
    Some(piece)
}
