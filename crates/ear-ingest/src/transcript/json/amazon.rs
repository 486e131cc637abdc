//! Amazon Transcribe's output of batch jobs: `results.items`, with words and punctuation as items of their own
//! (<https://docs.aws.amazon.com/transcribe/latest/dg/how-input.html>).

use super::{
    Outcome, Reader, confidence,
    said::{self, Said},
    speaker,
};
use crate::{Error, json::Node, markup, transcript::Source};
use std::{collections::HashMap, rc::Rc};

pub(super) fn parse(results: &Node, reader: &mut Reader<'_>) -> Outcome {
    if !results.has("items") && !results.has("transcripts") && !results.has("channel_labels") {
        return None;
    }
    Some(read(results, reader))
}

fn read(results: &Node, reader: &mut Reader<'_>) -> Result<Source, Error> {
    let labels = labels(results);
    let channels = results.get("channel_labels").map_or(&[][..], |channels| channels.list("channels"));
    reader.has_channels = channels.len() > 1;
    if reader.has_channels {
        for channel in channels {
            let name = channel.get("channel_label").and_then(speaker);
            let words = words(channel.list("items"), &labels, name.as_ref(), reader);
            reader.running(words)?;
        }
    } else if !results.list("items").is_empty() {
        let words = words(results.list("items"), &labels, None, reader);
        reader.running(words)?;
    } else {
        let texts = results.list("transcripts").iter().filter_map(|item| item.text("transcript"));
        let plain = texts
            .flat_map(str::split_whitespace)
            .map(|text| Said { text: markup::plain(text).into_owned(), ..Said::default() });
        reader.running(plain.collect())?;
    }
    Ok(reader.source("Amazon Transcribe", results.text("language_code")))
}

/// Who speaks at which start time: older outputs keep speakers in a list of their own.
fn labels(results: &Node) -> HashMap<String, Rc<str>> {
    let segments = results.get("speaker_labels").map_or(&[][..], |labels| labels.list("segments"));
    let items = segments.iter().flat_map(|segment| segment.list("items"));
    items.filter_map(|item| Some((key(item)?, speaker(item.get("speaker_label")?)?))).collect()
}

fn key(item: &Node) -> Option<String> {
    item.number("start_time").map(|start| format!("{start:.3}"))
}

fn words(
    items: &[Node],
    labels: &HashMap<String, Rc<str>>,
    channel: Option<&Rc<str>>,
    reader: &mut Reader<'_>,
) -> Vec<Said> {
    let mut words: Vec<Said> = Vec::new();
    for item in items {
        let best = item.list("alternatives").first();
        let Some(text) = best.and_then(|best| best.text("content")).or_else(|| item.text("content")) else { continue };
        if item.text("type") == Some("punctuation")
            && let Some(before) = words.last_mut()
        {
            before.text.push_str(&markup::plain(text));
            continue;
        }
        let mut word = reader.said(item, text);
        word.confidence = best.and_then(|best| best.get("confidence")).and_then(confidence);
        let labelled = || key(item).and_then(|key| labels.get(&key)).cloned();
        word.speaker = word.speaker.or_else(labelled).or_else(|| channel.cloned());
        words.push(word);
    }
    said::glue(&mut words);
    words
}
