//! Deepgram's answers: `results.channels[].alternatives[].words`, and `results.utterances`
//! (<https://developers.deepgram.com/docs/pre-recorded-audio>).

use super::{
    Outcome, Reader,
    said::{self, Said},
};
use crate::{Error, json::Node, markup, transcript::Source};
use std::rc::Rc;

pub(super) fn parse(root: &Node, results: &Node, reader: &mut Reader<'_>) -> Outcome {
    let known =
        results.any_has("channels", &["alternatives"]) || results.any_has("utterances", &["words", "transcript"]);
    known.then(|| read(root, results, reader))
}

fn read(root: &Node, results: &Node, reader: &mut Reader<'_>) -> Result<Source, Error> {
    let channels = results.list("channels");
    let spoken: Vec<(usize, &[Node])> =
        channels.iter().enumerate().filter_map(|(index, channel)| Some((index, words_of(channel)?))).collect();
    reader.has_channels = spoken.len() > 1;
    if !spoken.is_empty() {
        for (index, items) in spoken {
            let name: Option<Rc<str>> = reader.has_channels.then(|| format!("Channel {index}").into());
            let words = words(items, name, reader);
            reader.running(words)?;
        }
    } else if !results.list("utterances").is_empty() {
        for utterance in results.list("utterances") {
            let whole = reader.said(utterance, utterance.text("transcript").unwrap_or_default());
            let found = words(utterance.list("words"), whole.speaker.clone(), reader);
            let found = if found.is_empty() { plain(&whole.text, whole.speaker.clone()) } else { found };
            let cue = said::cue(&found, whole.start, whole.end, &mut reader.speakers);
            reader.cues.push(cue)?;
        }
    } else {
        let texts = channels.iter().filter_map(|channel| channel.list("alternatives").first()?.text("transcript"));
        for text in texts {
            reader.running(plain(&markup::plain(text), None))?;
        }
    }
    let detected = channels.iter().find_map(|channel| channel.text("detected_language"));
    let language = detected.or_else(|| root.get("metadata")?.text("language"));
    Ok(reader.source("Deepgram", language))
}

/// The words of a channel's best reading, if there are any.
fn words_of(channel: &Node) -> Option<&[Node]> {
    let words = channel.list("alternatives").first()?.list("words");
    (!words.is_empty()).then_some(words)
}

fn plain(text: &str, speaker: Option<Rc<str>>) -> Vec<Said> {
    let word = |text: &str| Said { text: text.into(), speaker: speaker.clone(), ..Said::default() };
    text.split_whitespace().map(word).collect()
}

fn words(items: &[Node], speaker: Option<Rc<str>>, reader: &mut Reader<'_>) -> Vec<Said> {
    let mut words = Vec::new();
    for item in items {
        let Some(text) = item.text("punctuated_word").or_else(|| item.text("word")) else { continue };
        let mut word = reader.said(item, text);
        word.speaker = word.speaker.or_else(|| speaker.clone());
        words.push(word);
    }
    said::glue(&mut words);
    words
}
