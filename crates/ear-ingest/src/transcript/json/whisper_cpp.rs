//! whisper.cpp's `--output-json` and `--output-json-full`: `transcription` with times in milliseconds (`offsets`)
//! and as text (`timestamps`), and the tokens (<https://github.com/ggml-org/whisper.cpp>).

use super::{
    Outcome, Reader,
    said::{self, Said},
    segments::text_cue,
    speaker,
};
use crate::{Error, json::Node, markup, transcript::Source};
use ear_core::Millis;

pub(super) fn parse(root: &Node, reader: &mut Reader<'_>) -> Outcome {
    let items = root.get("transcription")?;
    items.is_list().then(|| read(root, items.items(), reader))
}

fn read(root: &Node, items: &[Node], reader: &mut Reader<'_>) -> Result<Source, Error> {
    for item in items {
        let text = item.text("text").unwrap_or_default();
        let (start, end) = times(item, reader);
        let name = item.get("speaker").and_then(speaker);
        let tokens = item.list("tokens").iter().filter_map(|token| piece(token, reader));
        let pieces: Vec<Said> = tokens.map(|piece| Said { speaker: name.clone(), ..piece }).collect();
        let same = pieces.iter().map(|piece| piece.text.as_str()).collect::<String>().trim() == text.trim();
        let cue = if same && !pieces.is_empty() {
            let mut words = said::join_pieces(pieces);
            words.iter_mut().for_each(|word| word.text = markup::plain(&word.text).into_owned());
            said::cue(&words, start, end, &mut reader.speakers)
        } else {
            // Tokens may hold halves of characters, and then the text alone is whole.
            text_cue(text, start, end, name, reader)
        };
        reader.cues.push(cue)?;
    }
    let language = root.get("result").and_then(|result| result.text("language"));
    Ok(reader.source("whisper.cpp", language))
}

fn times(item: &Node, reader: &mut Reader<'_>) -> (Option<Millis>, Option<Millis>) {
    let Some(offsets) = item.get("offsets") else {
        let Some(stamps) = item.get("timestamps") else { return (None, None) };
        return (reader.time(stamps, &["from"]), reader.time(stamps, &["to"]));
    };
    reader.unit = 1.0;
    let times = (reader.time(offsets, &["from"]), reader.time(offsets, &["to"]));
    reader.unit = 1000.0;
    times
}

/// A token of text; marks of the model such as `[_BEG_]` and `<|en|>` are none.
fn piece(token: &Node, reader: &mut Reader<'_>) -> Option<Said> {
    let text = token.text("text")?;
    let special = text.starts_with("[_") && text.ends_with(']') || text.starts_with("<|") && text.ends_with("|>");
    if special {
        return None;
    }
    let (start, end) = times(token, reader);
    let confidence = token.get("p").and_then(super::confidence);
    Some(Said { text: text.into(), start, end, confidence, ..Said::default() })
}
