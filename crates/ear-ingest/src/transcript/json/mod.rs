//! Transcripts in JSON, of programs that recognise speech and of those that publish it.
//!
//! Which program wrote a document is told by its fields. Each reader makes cues (`said`), so that what comes
//! after is the same for all; our own export alone is taken as it is (`own`).

mod align;
mod amazon;
mod assemblyai;
mod deepgram;
mod google;
mod languages;
mod otranscribe;
mod own;
mod revai;
mod said;
mod segments;
mod whisper_cpp;

use super::{Form, Source, Warnings, assemble, clock, token::Cues};
use crate::{
    Error,
    json::{self, Document, Node},
    markup,
};
use ear_core::{Millis, Transcript};
use said::{Said, Speakers};
use std::rc::Rc;

/// The longest name of a speaker, in characters.
const LONGEST_NAME: usize = 120;

/// What was in a document.
pub(super) enum Read {
    /// Cues, which still hold marks and perhaps labels.
    Source(Source),
    /// A transcript of ours.
    Own(Box<Transcript>),
}

/// Reads a document.
pub(super) fn parse(text: &str, warnings: &mut Warnings) -> Result<Read, Error> {
    let document = json::parse(text.trim_start_matches('\u{feff}'))?;
    if document.mended {
        warnings.add(0, "not quite JSON: numbers such as NaN, or halves of characters, were left out");
    }
    if own::is_own(&document.root) {
        return own::parse(&document.root, warnings).map(|transcript| Read::Own(Box::new(transcript)));
    }
    let mut reader = Reader::new(warnings);
    let root = &document.root;
    let root = root.get("response").unwrap_or(root);
    let source = if root.has("monologues") {
        revai::parse(root, &mut reader)
    } else if root.has("transcription") {
        whisper_cpp::parse(root, &mut reader)
    } else if root.has("segments") || root.has("word_segments") || root.has("chunks") {
        segments::parse(root, &mut reader)
    } else if let Some(results) = root.get("results") {
        of_results(root, results, &mut reader)
    } else if assemblyai::is_assemblyai(root) {
        assemblyai::parse(root, &mut reader)
    } else if otranscribe::is_otranscribe(root) {
        otranscribe::parse(root, &mut reader)
    } else if segments::has_text(root) {
        segments::parse(root, &mut reader)
    } else {
        None
    };
    let mut source = source.ok_or_else(|| unknown(&document))??;
    reader.finish(&mut source);
    Ok(Read::Source(source))
}

type Outcome = Option<Result<Source, Error>>;

/// Several vendors have `results`.
fn of_results(root: &Node, results: &Node, reader: &mut Reader<'_>) -> Outcome {
    if results.has("channels") || results.has("utterances") {
        return deepgram::parse(root, results, reader);
    }
    if results.is_list() {
        return google::parse(results.items(), reader);
    }
    amazon::parse(results, reader)
}

fn unknown(document: &Document) -> Error {
    if document.root.has("chapters") {
        let found = "a list of chapters".to_owned();
        return Error::NotTranscript { found, remedy: "give the transcript itself, or add the episode by its feed" };
    }
    let names: Vec<String> = match &document.root {
        Node::Map(fields) => {
            let known = fields.iter().map(|(key, _)| key.name().to_owned());
            known.chain(document.strangers.iter().cloned()).take(6).map(|name| format!("`{name}`")).collect()
        }
        Node::List(_) => return Error::UnknownJson { found: "a list without texts".into() },
        _ => return Error::UnknownJson { found: "a single value".into() },
    };
    let found = if names.is_empty() { "no fields".into() } else { format!("the fields {}", names.join(", ")) };
    Error::UnknownJson { found }
}

/// What the readers share: how to read times, confidences and speakers, and the faults found.
struct Reader<'w> {
    warnings: &'w mut Warnings,
    speakers: Speakers,
    cues: Cues,
    /// Milliseconds in one unit of the document's bare numbers.
    unit: f64,
    faulty_times: usize,
    /// Channels with words of their own, one after the other.
    has_channels: bool,
}

impl<'w> Reader<'w> {
    fn new(warnings: &'w mut Warnings) -> Self {
        Self {
            warnings,
            speakers: Speakers::default(),
            cues: Cues::default(),
            unit: 1000.0,
            faulty_times: 0,
            has_channels: false,
        }
    }

    /// The time in the first of these fields; one that can't be right is counted and left out.
    fn time(&mut self, item: &Node, names: &[&str]) -> Option<Millis> {
        self.moment(item.first(names)?)
    }

    fn moment(&mut self, value: &Node) -> Option<Millis> {
        let millis = match value {
            Node::Number(number) => Some(number * self.unit),
            Node::Text(text) => time_in(text, self.unit),
            Node::Map(_) => {
                let part = |name| value.number(name).unwrap_or(0.0);
                Some(part("seconds") * 1000.0 + part("nanos") / 1e6)
            }
            _ => None,
        };
        // A recogniser's first word may begin a little before the sound.
        let sound = millis.filter(|millis| *millis > -1000.0 && *millis <= clock::LAST as f64);
        if sound.is_none() {
            self.faulty_times += 1;
        }
        sound.map(|millis| millis.max(0.0).round() as Millis)
    }

    /// A word with its times, confidence and speaker, under the names that most programs use.
    fn said(&mut self, item: &Node, text: &str) -> Said {
        Said {
            text: markup::plain(text).into_owned(),
            start: self.time(item, &["start", "start_time", "startTime", "startOffset", "start_offset"]),
            end: self.time(item, &["end", "end_time", "endTime", "endOffset", "end_offset"]),
            confidence: item.first(&["probability", "score", "confidence"]).and_then(confidence),
            speaker: item
                .first(&["speaker", "speaker_label", "speakerLabel", "speakerTag", "speaker_tag"])
                .and_then(speaker),
            glued: false,
        }
    }

    /// Adds words that follow each other without gaps in the list.
    fn running(&mut self, words: Vec<Said>) -> Result<(), Error> {
        for cue in said::cues(words, &mut self.speakers) {
            self.cues.push(cue)?;
        }
        Ok(())
    }

    /// The cues so far as what a program of that name wrote. Channels come one after the other, and are put
    /// in the order of time.
    fn source(&mut self, dialect: &'static str, language: Option<&str>) -> Source {
        let mut cues = std::mem::take(&mut self.cues).finish();
        if self.has_channels {
            assemble::sort(&mut cues, &mut Warnings::default());
        }
        let language = language.and_then(languages::code);
        Source { language, dialect: Some(dialect), ..Source::new(cues, Form::Words) }
    }

    fn finish(self, source: &mut Source) {
        source.has_speakers |= self.speakers.heard;
        if self.faulty_times > 0 {
            let message = format!(
                "times that can't be right (negative, beyond 100 hours, or none at all): {}; they were guessed from their neighbours",
                self.faulty_times
            );
            self.warnings.add(0, message);
        }
    }
}

/// `1.300s`, `4.87` and `00:00:01,000`, in milliseconds.
fn time_in(text: &str, unit: f64) -> Option<f64> {
    let text = text.trim();
    if let Some(seconds) = text.strip_suffix('s') {
        return seconds.parse::<f64>().ok().map(|seconds| seconds * 1000.0);
    }
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.map(|number| number * unit).or_else(|| clock::time(text).map(|millis| millis as f64))
}

/// A probability; scores beyond it are cut.
fn confidence(value: &Node) -> Option<f32> {
    value.as_number().map(|number| number.clamp(0.0, 1.0) as f32)
}

/// A speaker's name; bare numbers are spelled out. `None` where the source says that it doesn't know.
fn speaker(value: &Node) -> Option<Rc<str>> {
    let name = match value {
        Node::Number(number) => format!("Speaker {number}"),
        Node::Text(text) => markup::line(text, LONGEST_NAME),
        Node::Map(_) => return value.first(&["display_name", "name", "id"]).and_then(speaker),
        _ => return None,
    };
    let name = name.trim_end_matches(':').trim_end();
    let digits = !name.is_empty() && name.len() <= 4 && name.bytes().all(|byte| byte.is_ascii_digit());
    let missing = ["", "?", "none", "null"].contains(&name.to_lowercase().as_str());
    (!missing).then(|| if digits { format!("Speaker {name}").into() } else { name.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_in_many_shapes() {
        let mut warnings = Warnings::default();
        let mut reader = Reader::new(&mut warnings);
        let document = json::parse(
            r#"[1.3, "1.300s", "4.87", "00:00:01,000", {"seconds":"2","nanos":500000000}, -0.2, -5, 1e300, "x", true]"#,
        );
        let found: Vec<_> = document.unwrap().root.items().iter().map(|value| reader.moment(value)).collect();
        let expected = [Some(1300), Some(1300), Some(4870), Some(1000), Some(2500), Some(0), None, None, None, None];
        assert_eq!((found, reader.faulty_times), (expected.to_vec(), 4));
    }

    #[test]
    fn speakers_have_names() {
        let check = |json: &str, expected: Option<&str>| {
            assert_eq!(speaker(&json::parse(json).unwrap().root).as_deref(), expected, "{json}");
        };
        check("0", Some("Speaker 0"));
        check("\"1\"", Some("Speaker 1"));
        check("\" spk_0 \"", Some("spk_0"));
        check("\"<b>Ann</b> &amp; Bo:\"", Some("Ann & Bo"));
        check("{\"id\": 3, \"display_name\": \"Ann\"}", Some("Ann"));
        check("\"Unknown\"", Some("Unknown"));
        check("\"?\"", None);
        check("[]", None);
    }
}
