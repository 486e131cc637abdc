//! Plain transcripts: captions (SubRip, WebVTT) and text, read leniently.
//!
//! Every format becomes cues of tokens (`token`). What is no speech is then taken out (`marks`,
//! `rolling`), speakers are read off (`labels`), and the rest is laid out as a transcript (`assemble`).

mod assemble;
mod clock;
mod decode;
mod furniture;
mod labels;
mod marks;
mod rolling;
mod srt;
mod text;
mod token;
mod vtt;

use crate::Error;
use ear_core::{Stretch, Transcript};
use std::fmt;
use token::Cue;

/// The largest document that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The largest number of words that a transcript may have: more than 200 hours of talk.
pub const MAX_WORDS: usize = 2_000_000;

/// The largest number of lines: captions have a few for each of their words at most.
const MAX_LINES: usize = 2 * MAX_WORDS;

/// How many warnings are written out; the rest is counted in the last.
const MAX_WARNINGS: usize = 100;

/// A way of writing transcripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// SubRip captions; also YouTube's SBV, which differs only in its line of times.
    Srt,
    /// WebVTT captions, <https://www.w3.org/TR/webvtt1/>.
    Vtt,
    /// Plain text, with or without times and speakers.
    Text,
}

/// A transcript as read, with what was odd about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// What was said; its origin is `Imported`.
    pub transcript: Transcript,
    /// A title, where the document seems to hold one.
    pub title: Option<String>,
    /// What was odd, by line.
    pub warnings: Vec<Warning>,
}

/// Something odd at a line of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The line, counted from 1.
    pub line: usize,
    /// What is odd there, and what was done about it.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// What to leave out of plain text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextOptions {
    /// Lines to leave out at the start, blank ones counted.
    pub skip_head: usize,
    /// Lines to leave out at the end, blank ones counted.
    pub skip_tail: usize,
}

/// What a format's parser hands on.
struct Source {
    cues: Vec<Cue>,
    title: Option<String>,
    language: Option<String>,
}

/// A line with its number, counted from 1.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    number: usize,
    text: &'a str,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Tells a document's format by its content and, where that is silent, by the extension of `name`.
/// `None` for what is not text or is text of another kind (HTML, JSON, XML, RTF, PDF).
pub fn detect(name: &str, bytes: &[u8]) -> Option<Format> {
    let text = decode::decode_start(bytes)?;
    let start = text.trim_start();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    if vtt::has_signature(start) {
        return Some(Format::Vtt);
    }
    if lines(&text).iter().take(200).any(|line| srt::is_timing(line.text)) {
        return Some(if extension == "vtt" { Format::Vtt } else { Format::Srt });
    }
    let beginning: String = start.chars().take(16).collect::<String>().to_ascii_lowercase();
    const OTHERS: [&str; 7] = ["<!doctype", "<html", "<?xml", "{\\rtf", "%pdf", "{\"", "[{"];
    if OTHERS.iter().any(|other| beginning.starts_with(other)) {
        return None;
    }
    match extension.as_str() {
        "srt" | "sbv" => Some(Format::Srt),
        "vtt" => Some(Format::Vtt),
        "json" | "html" | "htm" | "xhtml" | "xml" | "rss" | "opml" | "csv" | "tsv" | "pdf" | "rtf" => None,
        "txt" | "text" | "md" => Some(Format::Text),
        // Programs and data can look like old-fashioned text, but for their control characters.
        _ if start.chars().any(|c| c.is_control() && !c.is_whitespace()) => None,
        _ => Some(Format::Text),
    }
}

/// Reads a transcript. `options` matter for plain text only.
///
/// # Errors
/// [`Error::TooBig`], [`Error::TooLong`], [`Error::NotText`], or [`Error::Nothing`] where no word was found.
/// All other faults are warnings, and the words around them are kept.
pub fn parse(bytes: &[u8], format: Format, options: &TextOptions) -> Result<Parsed, Error> {
    let mut warnings = Warnings::default();
    let text = decode::decode(bytes, &mut warnings)?;
    let lines = lines(&text);
    if lines.len() > MAX_LINES {
        return Err(Error::TooLong { limit: MAX_LINES, of: "lines" });
    }
    let Source { mut cues, title, language } = match format {
        Format::Srt => srt::parse(&lines, &mut warnings)?,
        Format::Vtt => vtt::parse(&lines, &mut warnings)?,
        Format::Text => text::parse(&lines, options, &mut warnings)?,
    };
    let captions = format != Format::Text;
    if captions {
        assemble::sort(&mut cues, &mut warnings);
    }
    let stretches: Vec<Stretch> = cues.iter_mut().filter_map(|cue| marks::strip(cue, captions)).collect();
    if captions {
        rolling::remove(&mut cues, &mut warnings);
    }
    labels::apply(&mut cues, captions);
    let mut transcript = assemble::transcript(cues, captions, stretches)?;
    if transcript.words.is_empty() {
        return Err(nothing(format));
    }
    transcript.language = language;
    Ok(Parsed { transcript, title, warnings: warnings.finish() })
}

fn nothing(format: Format) -> Error {
    let (looked_for, remedy) = match format {
        Format::Srt => (
            "cues such as `00:00:01,000 --> 00:00:02,500` with text beneath",
            "import it as plain text if it has no times",
        ),
        Format::Vtt => (
            "the line `WEBVTT` and cues such as `00:01.000 --> 00:02.500` with text beneath",
            "import it as plain text if it has no times",
        ),
        Format::Text => {
            ("lines of text", "check that the file is the right one and that not all its lines are skipped")
        }
    };
    Error::Nothing { looked_for, remedy }
}

/// Splits at LF, CRLF and CR, up to one line more than is allowed; a trailing line break starts no further line.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && lines.len() <= MAX_LINES {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        lines.push(Line { number: lines.len() + 1, text: &rest[..end] });
        let after = &rest[end..];
        let step = if after.starts_with("\r\n") { 2 } else { after.len().min(1) };
        rest = &after[step..];
    }
    lines
}

/// Collects warnings up to a bound.
#[derive(Default)]
struct Warnings {
    kept: Vec<Warning>,
    dropped: usize,
    last_line: usize,
}

impl Warnings {
    fn add(&mut self, line: usize, message: impl Into<String>) {
        if self.kept.len() < MAX_WARNINGS {
            self.kept.push(Warning { line, message: message.into() });
            return;
        }
        self.dropped += 1;
        self.last_line = line;
    }

    fn finish(mut self) -> Vec<Warning> {
        self.kept.sort_by_key(|warning| warning.line);
        if self.dropped > 0 {
            self.kept.push(Warning { line: self.last_line, message: format!("and {} more warnings", self.dropped) });
        }
        self.kept
    }
}

/// The start of a text, to be quoted in a warning.
fn quote(text: &str) -> String {
    const LONGEST: usize = 48;
    let text = text.trim();
    if text.chars().count() <= LONGEST {
        return format!("`{text}`");
    }
    format!("`{}…`", text.chars().take(LONGEST).collect::<String>().trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_content_before_name() {
        let utf16: Vec<u8> = "\u{feff}WEBVTT\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&str, &[u8], Option<Format>); 14] = [
            ("a.txt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi", Some(Format::Vtt)),
            ("a.srt", b"\xef\xbb\xbfWEBVTT - with a title", Some(Format::Vtt)),
            ("a", &utf16, Some(Format::Vtt)),
            ("a.txt", b"1\r\n00:00:00,000 --> 00:00:01,000\r\nHi", Some(Format::Srt)),
            ("a.vtt", b"00:00.000 --> 00:01.000\nHi", Some(Format::Vtt)),
            ("a.sbv", b"0:00:00.378,0:00:11.378\nHi", Some(Format::Srt)),
            ("a.SRT", b"", Some(Format::Srt)),
            ("a.txt", b"WEBVTTING is a word", Some(Format::Text)),
            ("notes", b"just talk --> like this", Some(Format::Text)),
            ("a.json", b"{\"segments\": []}", None),
            ("a.txt", b"  <!DOCTYPE html><html>", None),
            ("a.txt", b"ID3\x03\x00\x00\x00\x00", None),
            ("a.vtt", b"\x00\x01\x02", None),
            ("a.txt", b"[00:00.000 --> 00:11.840]  Hello there", Some(Format::Text)),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(detect(name, bytes), expected, "{name} {:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn every_line_break_counts() {
        let split = |text| lines(text).iter().map(|line| line.text.to_owned()).collect::<Vec<_>>();
        assert_eq!(split("a\nb\r\nc\rd\n"), ["a", "b", "c", "d"]);
        assert_eq!(split("\n\r\n\r"), ["", "", ""]);
        assert_eq!(split(""), Vec::<String>::new());
    }

    #[test]
    fn warnings_are_bounded() {
        let mut warnings = Warnings::default();
        (0..250).for_each(|line| warnings.add(line, "odd"));
        let kept = warnings.finish();
        assert_eq!(kept.len(), 101);
        assert_eq!(kept[100].to_string(), "line 249: and 150 more warnings");
    }

    #[test]
    fn what_cannot_be_read_says_what_to_do() {
        let error = |bytes: &[u8], format| parse(bytes, format, &TextOptions::default()).unwrap_err().to_string();
        assert!(error(b"", Format::Srt).starts_with("nothing spoken found: looked for cues such as"));
        assert!(error(b"WEBVTT\n\nNOTE nothing here", Format::Vtt).contains("import it as plain text"));
        assert!(error(b"\n \n", Format::Text).contains("not all its lines are skipped"));
        assert!(
            error("\n".repeat(MAX_LINES + 1).as_bytes(), Format::Text).starts_with("too long: more than 4000000 lines")
        );
        assert!(error(b"\x00\x01\x02binary", Format::Text).starts_with("not text"));
    }
}
