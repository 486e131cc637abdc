//! AssemblyAI's transcripts: `words` with times in milliseconds, and `utterances` of speakers with letters
//! (<https://www.assemblyai.com/docs/api-reference/transcripts/get>).

use super::{
    Outcome, Reader,
    said::{self, Said},
};
use crate::{Error, json::Node, markup, transcript::Source};
use std::rc::Rc;

/// Whether the fields are AssemblyAI's.
pub(super) fn is_assemblyai(root: &Node) -> bool {
    let named = ["audio_url", "acoustic_model", "audio_duration", "utterances"].iter().any(|name| root.has(name));
    let listed = root.any_has("words", &["text"]) || root.any_has("utterances", &["text", "words"]);
    listed || named && (root.has("text") || root.has("error"))
}

pub(super) fn parse(root: &Node, reader: &mut Reader<'_>) -> Outcome {
    if root.text("status") == Some("error") {
        let why = markup::line(root.text("error").unwrap_or("it does not say why"), 200);
        let found = format!("the report of a failed job ({why})");
        return Some(Err(Error::NotTranscript { found, remedy: "run the job again and export its transcript" }));
    }
    Some(read(root, reader))
}

fn read(root: &Node, reader: &mut Reader<'_>) -> Result<Source, Error> {
    // Others write the same fields in seconds, and these have decimals.
    let whole =
        |word: &Node| ["start", "end"].iter().all(|name| word.number(name).is_none_or(|time| time.fract() == 0.0));
    let utterances = root.list("utterances");
    let in_millis = root.list("words").iter().chain(utterances).all(whole);
    reader.unit = if in_millis { 1.0 } else { 1000.0 };
    let told = root.any_has("words", &["speaker"]);
    if !root.list("words").is_empty() && (told || utterances.is_empty()) {
        let words = words(root.list("words"), None, reader);
        reader.running(words)?;
    } else if !utterances.is_empty() {
        for utterance in utterances {
            let whole = reader.said(utterance, utterance.text("text").unwrap_or_default());
            let found = words(utterance.list("words"), whole.speaker.clone(), reader);
            let found = if found.is_empty() { plain(&whole.text, whole.speaker.clone()) } else { found };
            let cue = said::cue(&found, whole.start, whole.end, &mut reader.speakers);
            reader.cues.push(cue)?;
        }
    } else {
        let text = markup::plain(root.text("text").unwrap_or_default()).into_owned();
        reader.running(plain(&text, None))?;
    }
    Ok(reader.source("AssemblyAI", root.text("language_code")))
}

fn plain(text: &str, speaker: Option<Rc<str>>) -> Vec<Said> {
    let word = |text: &str| Said { text: text.into(), speaker: speaker.clone(), ..Said::default() };
    text.split_whitespace().map(word).collect()
}

fn words(items: &[Node], speaker: Option<Rc<str>>, reader: &mut Reader<'_>) -> Vec<Said> {
    let mut words = Vec::new();
    for item in items {
        let Some(text) = item.text("text") else { continue };
        let mut word = reader.said(item, text);
        word.speaker = word.speaker.or_else(|| speaker.clone());
        words.push(word);
    }
    said::glue(&mut words);
    words
}
