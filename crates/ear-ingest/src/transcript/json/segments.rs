//! Segments with a text and a time: Podcasting 2.0
//! (<https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md>), Whisper
//! and its kin (OpenAI, faster-whisper, WhisperX, Hugging Face), and plain lists of captions.

use super::{
    Outcome, Reader, align,
    said::{self, Said},
};
use crate::{
    Error,
    json::Node,
    markup,
    transcript::{
        Form, Source,
        token::{Cue, Tokens, Voice},
    },
};
use ear_core::Millis;
use std::rc::Rc;

const TEXTS: [&str; 2] = ["body", "text"];
const STARTS: [&str; 5] = ["startTime", "start", "start_time", "from", "start_ms"];
const ENDS: [&str; 5] = ["endTime", "end", "end_time", "to", "end_ms"];

/// Speech is never slower than this: three words a minute.
const SLOWEST_WORDS_PER_SECOND: f64 = 0.05;

/// Whether there is a list of captions, or a text at least.
pub(super) fn has_text(root: &Node) -> bool {
    let listed = root.items().iter().any(|item| item.first(&TEXTS).is_some_and(|text| text.as_text().is_some()));
    listed || root.text("text").is_some() || root.any_has("words", &["word"])
}

pub(super) fn parse(root: &Node, reader: &mut Reader<'_>) -> Outcome {
    let lists = ["segments", "chunks", "word_segments"].iter().find_map(|name| root.get(name));
    let items = lists.unwrap_or(root).items();
    let known = items.is_empty()
        || items.iter().any(|item| item.first(&TEXTS).is_some() || item.has("word") || item.has("words"));
    known.then(|| read(root, items, reader))
}

fn read(root: &Node, items: &[Node], reader: &mut Reader<'_>) -> Result<Source, Error> {
    let dialect = dialect(root, items);
    if dialect == CAPTIONS {
        reader.unit = unit(items);
    }
    let mut segments: Vec<Segment> = items.iter().map(|item| Segment::of(item, reader)).collect();
    if dialect == PODCASTING {
        // A speaker is named where they begin, and holds until the next.
        let mut last = None;
        for segment in &mut segments {
            last = segment.speaker.take().or(last);
            segment.speaker.clone_from(&last);
        }
    }
    let mut form = Form::Words;
    if segments.iter().any(|segment| !segment.words.is_empty()) {
        with_words(segments, reader)?;
    } else if root.any_has("words", &["word"]) {
        with_words_beside(root, segments, reader)?;
    } else if are_pieces(&segments) {
        let pieces = segments.into_iter().map(Segment::into_said).collect();
        reader.running(said::join_pieces(pieces))?;
    } else if are_words(&segments) {
        let mut words: Vec<Said> = segments.into_iter().map(Segment::into_said).collect();
        said::glue(&mut words);
        reader.running(words)?;
    } else if segments.is_empty() {
        let text = markup::plain(root.text("text").unwrap_or_default()).into_owned();
        let cue = text_cue(&text, None, None, None, reader);
        reader.cues.push(cue)?;
    } else {
        form = Form::Captions;
        for segment in segments {
            let cue = text_cue(&segment.text, segment.start, segment.end, segment.speaker, reader);
            reader.cues.push(cue)?;
        }
    }
    let language = root.first(&["language", "language_code"]).and_then(Node::as_text);
    Ok(Source { form, ..reader.source(dialect, language) })
}

const PODCASTING: &str = "Podcasting 2.0";
const CAPTIONS: &str = "a list of captions";

fn dialect(root: &Node, items: &[Node]) -> &'static str {
    let any = |names: &[&str]| items.iter().any(|item| item.first(names).is_some());
    if any(&["body", "startTime"]) {
        PODCASTING
    } else if root.has("word_segments") || items.iter().any(|item| item.any_has("words", &["score"])) {
        "WhisperX"
    } else if root.has("chunks") {
        "Hugging Face"
    } else if root.is_list() {
        CAPTIONS
    } else {
        "Whisper"
    }
}

/// Milliseconds in one unit of the times: bare lists of captions come in seconds and in milliseconds. If nobody
/// could talk so slowly in seconds, they are milliseconds.
fn unit(items: &[Node]) -> f64 {
    let mut words = 0;
    let mut time = 0.0;
    for item in items {
        let text = item.first(&TEXTS).and_then(Node::as_text).unwrap_or_default();
        let start = item.first(&STARTS).and_then(Node::as_number);
        let end = item.first(&ENDS).and_then(Node::as_number);
        let length = start.zip(end).map(|(start, end)| end - start).or_else(|| item.number("duration"));
        let Some(length) = length.filter(|length| *length > 0.0) else { continue };
        words += text.split_whitespace().count();
        time += length;
    }
    let named = items.iter().any(|item| item.has("start_ms"));
    let slow = time > 0.0 && words as f64 / time < SLOWEST_WORDS_PER_SECOND;
    if named || slow { 1.0 } else { 1000.0 }
}

/// A segment as it was written.
struct Segment {
    text: String,
    start: Option<Millis>,
    end: Option<Millis>,
    speaker: Option<Rc<str>>,
    confidence: Option<f32>,
    words: Vec<Said>,
}

impl Segment {
    fn of(item: &Node, reader: &mut Reader<'_>) -> Self {
        let text = item.first(&TEXTS).or_else(|| item.get("word")).and_then(Node::as_text).unwrap_or_default();
        let said = reader.said(item, "");
        let pair = item.list("timestamp");
        let mut time = |names: &[&str], place: usize| {
            reader.time(item, names).or_else(|| {
                pair.get(place).filter(|value| **value != Node::Null).and_then(|value| reader.moment(value))
            })
        };
        let start = time(&STARTS, 0);
        let end = time(&ENDS, 1);
        let length = item.get("duration").filter(|_| end.is_none()).and_then(|length| reader.moment(length));
        let end = end.or_else(|| Some(start? + length?));
        let words = item.list("words").iter().filter_map(|word| {
            let text = word.first(&["word", "text"])?.as_text()?;
            Some(reader.said(word, text))
        });
        let words = words.collect();
        Self {
            text: markup::plain(text).into_owned(),
            start,
            end,
            speaker: said.speaker,
            confidence: said.confidence,
            words,
        }
    }

    fn into_said(self) -> Said {
        let Self { text, start, end, speaker, confidence, .. } = self;
        Said { text, start, end, confidence, speaker, glued: false }
    }
}

/// Segments whose words have times.
fn with_words(segments: Vec<Segment>, reader: &mut Reader<'_>) -> Result<(), Error> {
    for segment in segments {
        let Segment { text, start, end, speaker, words, .. } = segment;
        let letters = |text: &str| align::letters(text);
        let joined: String = words.iter().map(|word| word.text.as_str()).collect();
        let (whole, found) = (letters(&text), letters(&joined));
        // Words that hold less than the text would lose some of it.
        if words.is_empty() || found.len() * 10 < whole.len() * 9 {
            let cue = text_cue(&text, start, end, speaker, reader);
            reader.cues.push(cue)?;
            continue;
        }
        let carries_spaces = joined.trim() == text.trim() || joined.starts_with(' ');
        let mut words = words;
        for word in &mut words {
            word.speaker = word.speaker.take().or_else(|| speaker.clone());
        }
        if carries_spaces {
            words = said::join_pieces(words);
        } else {
            said::glue(&mut words);
        }
        let cue = said::cue(&words, start, end, &mut reader.speakers);
        reader.cues.push(cue)?;
    }
    Ok(())
}

/// Segments, or one text, beside a list of bare words with times.
fn with_words_beside(root: &Node, segments: Vec<Segment>, reader: &mut Reader<'_>) -> Result<(), Error> {
    let mut words = Vec::new();
    for item in root.list("words") {
        let text = item.text("word").unwrap_or_default();
        words.push(reader.said(item, text));
    }
    let mut next = 0;
    for segment in &segments {
        let lent = align::lend(&segment.text, &words, &mut next);
        let cue = said::cue(&lent, segment.start, segment.end, &mut reader.speakers);
        reader.cues.push(cue)?;
    }
    if !segments.is_empty() {
        return Ok(());
    }
    let text = markup::plain(root.text("text").unwrap_or_default()).into_owned();
    let lent = align::lend(&text, &words, &mut next);
    let found = lent.iter().filter(|word| word.start.is_some()).count();
    if found * 10 >= words.len() * 9 {
        return reader.running(lent);
    }
    said::glue(&mut words);
    reader.running(words)
}

/// Whether each segment is a piece of a word, white space being a piece of its own.
fn are_pieces(segments: &[Segment]) -> bool {
    let blank = segments.iter().filter(|segment| !segment.text.is_empty() && segment.text.trim().is_empty()).count();
    blank > 0 && blank * 10 >= segments.len()
}

/// Whether each segment is a word.
fn are_words(segments: &[Segment]) -> bool {
    let words: usize = segments.iter().map(|segment| segment.text.split_whitespace().count()).sum();
    segments.len() > 1 && words * 10 <= segments.len() * 12
}

/// A cue of running text, line by line, whose words share its time.
pub(super) fn text_cue(
    text: &str,
    start: Option<Millis>,
    end: Option<Millis>,
    speaker: Option<Rc<str>>,
    reader: &mut Reader<'_>,
) -> Cue {
    let mut tokens = Tokens::default();
    let voice = reader.speakers.change(speaker.as_ref());
    if voice != Voice::Same {
        tokens.voice(voice);
    }
    for line in markup::plain(text).lines() {
        tokens.line();
        tokens.text(line);
    }
    Cue { line: 0, start, end: end.filter(|end| start.is_some_and(|start| *end > start)), tokens: tokens.finish() }
}
