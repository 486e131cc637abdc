//! Google Speech-to-Text's answers, v1, v1p1beta1 and v2, as REST writes them: `results` with `alternatives`
//! (<https://cloud.google.com/speech-to-text/docs/reference/rest/v1/speech/recognize>).

use super::{
    Outcome, Reader,
    said::{self, Said},
};
use crate::{Error, json::Node, markup, transcript::Source, transcript::token::Cue, transcript::token::Tokens};
use ear_core::Millis;
use std::rc::Rc;

const SPEAKERS: [&str; 3] = ["speakerTag", "speaker_tag", "speakerLabel"];

pub(super) fn parse(results: &[Node], reader: &mut Reader<'_>) -> Outcome {
    let known = results.iter().any(|result| result.has("alternatives"));
    known.then(|| read(results, reader))
}

fn read(results: &[Node], reader: &mut Reader<'_>) -> Result<Source, Error> {
    let language = results.iter().find_map(|result| result.first(&["languageCode", "language_code"])?.as_text());
    let results = without_repeat(results);
    let channels: Vec<Option<i64>> = results.iter().map(channel).collect();
    reader.has_channels = channels.windows(2).any(|pair| pair[0] != pair[1]);
    let mut before = 0;
    for (result, channel) in results.iter().zip(channels) {
        let Some(best) = result.list("alternatives").first() else { continue };
        let name: Option<Rc<str>> =
            channel.filter(|_| reader.has_channels).map(|channel| format!("Channel {channel}").into());
        let ended = reader.time(result, &["resultEndTime", "resultEndOffset", "result_end_time", "result_end_offset"]);
        let words = words(best, name, reader);
        if words.is_empty() {
            let cue = sentence(best.text("transcript").unwrap_or_default(), before, ended);
            reader.cues.push(cue)?;
        } else {
            reader.running(words)?;
        }
        before = ended.unwrap_or(before);
    }
    Ok(reader.source("Google Speech-to-Text", language))
}

/// With speakers told apart, the last result says all words of the others once more, with their speakers.
fn without_repeat(results: &[Node]) -> &[Node] {
    let count = |result: &Node| result.list("alternatives").first().map_or(0, |best| best.list("words").len());
    let told = |result: &Node| {
        let best = result.list("alternatives").first();
        best.is_some_and(|best| best.list("words").iter().any(is_told))
    };
    match results.split_last() {
        Some((last, others)) if told(last) && !others.iter().any(told) => {
            let all: usize = others.iter().map(count).sum();
            if count(last) >= all { std::slice::from_ref(last) } else { results }
        }
        _ => results,
    }
}

/// A tag of 0 stands for none.
fn is_told(word: &Node) -> bool {
    word.first(&SPEAKERS).is_some_and(|tag| tag.as_number() != Some(0.0))
}

fn channel(result: &Node) -> Option<i64> {
    result.first(&["channelTag", "channel_tag"])?.as_number().map(|number| number as i64)
}

fn words(best: &Node, channel: Option<Rc<str>>, reader: &mut Reader<'_>) -> Vec<Said> {
    let mut words = Vec::new();
    for item in best.list("words") {
        let Some(text) = item.text("word") else { continue };
        // Japanese words come with their reading: "カメラ|カメラ".
        let mut word = reader.said(item, text.split('|').next().unwrap_or(text));
        // REST leaves out what is zero, and so the start of the first word.
        word.start = word.start.or(word.end.filter(|_| words.is_empty()).map(|_| 0));
        word.confidence = word.confidence.filter(|confidence| *confidence > 0.0);
        word.speaker = word.speaker.filter(|_| is_told(item)).or_else(|| channel.clone());
        words.push(word);
    }
    said::glue(&mut words);
    words
}

fn sentence(text: &str, start: Millis, end: Option<Millis>) -> Cue {
    let mut tokens = Tokens::default();
    tokens.line();
    tokens.text(&markup::plain(text));
    Cue { line: 0, start: end.map(|_| start), end: end.filter(|end| *end > start), tokens: tokens.finish() }
}
