//! Our own JSON, as `export --format json`, `show --json` and `transcribe --format json` write it: taken as it is.

use super::confidence;
use crate::transcript::{MAX_WORDS, Warnings, clock, token::is_break};
use crate::{Error, json::Node, markup};
use ear_core::{Millis, Origin, Span, Stretch, StretchKind, Timing, Transcript, Turn, Word};

/// The most characters of a word or of a name.
const LONGEST: usize = 200;

/// Whether the fields are ours.
pub(super) fn is_own(root: &Node) -> bool {
    let ours = ["stretches", "turns", "sentences"].iter().filter(|name| root.has(name)).count();
    root.get("words").is_some_and(Node::is_list) && (ours >= 2 || root.any_has("words", &["start_ms", "end_ms"]))
}

/// Reads a document. Its origin is `Imported`; what recognised it is kept.
pub(super) fn parse(root: &Node, warnings: &mut Warnings) -> Result<Transcript, Error> {
    if root.list("words").len() > MAX_WORDS {
        return Err(Error::TooLong { limit: MAX_WORDS, of: "words" });
    }
    let name = |field: &str| root.text(field).map(|text| markup::clean(text, LONGEST)).filter(|text| !text.is_empty());
    let (words, places) = words(root, warnings);
    let last = words.iter().filter_map(|word| word.span).map(Span::end).max();
    let duration = millis(root, "duration_ms").max(last);
    let engine = name("engine");
    Ok(Transcript {
        origin: Origin::Imported,
        language: language(root),
        model: name("model"),
        duration,
        timing: timing(root, &words, engine.is_some()),
        turns: turns(root, &places, words.len()),
        stretches: stretches(root),
        words,
        engine,
    })
}

/// A code of two or three letters, as we write it.
fn language(node: &Node) -> Option<String> {
    let code = node.text("language")?;
    let fits = (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    fits.then(|| code.to_owned())
}

fn millis(node: &Node, name: &str) -> Option<Millis> {
    let number = node.number(name)?;
    (0.0..=clock::LAST as f64).contains(&number).then(|| number.round() as Millis)
}

/// The words, and where each entry of the list begins among them: an entry that is no word leaves none.
fn words(root: &Node, warnings: &mut Warnings) -> (Vec<Word>, Vec<usize>) {
    let mut words: Vec<Word> = Vec::new();
    let mut places = Vec::new();
    let mut floor = 0;
    let mut moved = 0;
    for item in root.list("words") {
        places.push(words.len());
        let said = item.text("text").unwrap_or_default();
        let times = millis(item, "start_ms").zip(millis(item, "end_ms"));
        let span = times.map(|(start, end)| Span::new(start.max(floor), end.max(floor)));
        moved += usize::from(times.is_some_and(|(start, end)| start < floor || end < start));
        floor = span.map_or(floor, Span::end);
        for (index, text) in
            said.split(|c: char| c.is_whitespace() || c.is_control()).filter(|text| !text.is_empty()).enumerate()
        {
            let text: String = text.chars().take(LONGEST).collect();
            let last = words.last().and_then(|word| word.text.chars().next_back());
            let given = item.get("glued") == Some(&Node::Bool(true));
            // The export doesn't say where no space stands, but the script does.
            let glued =
                index == 0 && last.zip(text.chars().next()).is_some_and(|(last, first)| given || is_break(last, first));
            let span = if index == 0 { span } else { span.map(|span| Span::new(span.end(), span.end())) };
            words.push(Word { text, span, confidence: item.get("confidence").and_then(confidence), glued });
        }
    }
    places.push(words.len());
    if moved > 0 {
        warnings.add(0, format!("{moved} words begin before the one before them ends; they were moved"));
    }
    (words, places)
}

/// How exact the times are: as the document says, else exact if a recogniser gave them.
fn timing(root: &Node, words: &[Word], recognised: bool) -> Timing {
    if words.iter().all(|word| word.span.is_none()) {
        return Timing::None;
    }
    match root.text("timing") {
        Some("cues") => Timing::Cues,
        Some("words") => Timing::Words,
        _ if recognised || words.iter().any(|word| word.confidence.is_some()) => Timing::Words,
        _ => Timing::Cues,
    }
}

/// The turns, made to follow each other without gaps.
fn turns(root: &Node, places: &[usize], count: usize) -> Vec<Turn> {
    let place = |number: Option<f64>| number.and_then(|number| places.get(number.max(0.0) as usize)).copied();
    let mut turns: Vec<Turn> = Vec::new();
    for item in root.list("turns") {
        let (Some(start), Some(end)) = (place(item.number("start_word")), place(item.number("end_word"))) else {
            continue;
        };
        let from = turns.last().map_or(0, |turn| turn.words.end);
        if start > from {
            turns.push(Turn { speaker: None, words: from..start });
        }
        if end > start.max(from) {
            let speaker = item.text("speaker").map(|name| markup::clean(name, LONGEST)).filter(|name| !name.is_empty());
            turns.push(Turn { speaker, words: start.max(from)..end });
        }
    }
    let from = turns.last().map_or(count, |turn| turn.words.end);
    if from < count {
        turns.push(Turn { speaker: None, words: from..count });
    }
    turns
}

fn stretches(root: &Node) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for item in root.list("stretches") {
        let kind = match item.text("kind") {
            Some("speech") => StretchKind::Speech,
            Some("music") => StretchKind::Music,
            Some("noise") => StretchKind::Noise,
            Some("silence") => StretchKind::Silence,
            _ => continue,
        };
        let Some((start, end)) = millis(item, "start_ms").zip(millis(item, "end_ms")) else { continue };
        let floor = stretches.last().map_or(0, |last| last.span.end());
        let span = Span::new(start.max(floor), end);
        if span.duration() > 0 {
            stretches.push(Stretch { span, kind, language: language(item) });
        }
    }
    stretches
}
