//! Transcripts that others made: captions (SubRip, WebVTT, TTML), JSON of many programs, pages, and text,
//! read leniently.
//!
//! Every format becomes cues of tokens (`token`). What is no speech is then taken out (`marks`,
//! `rolling`), speakers are read off (`labels`), and the rest is laid out as a transcript (`assemble`).

mod ascent;
mod assemble;
mod clock;
mod decode;
mod furniture;
mod html;
mod json;
mod labels;
mod marks;
mod rolling;
mod srt;
mod text;
mod token;
mod ttml;
mod vtt;

use crate::Error;
pub(crate) use clock::{LAST, time};
pub(crate) use decode::decode_unicode;
use ear_core::{Millis, Stretch, Transcript};
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
    /// JSON of Podcasting 2.0, of a program or vendor that recognises speech, of oTranscribe, or our own; the
    /// document tells which.
    Json,
    /// HTML: Podcasting 2.0's form with speakers and times, or any page, taken as text.
    Html,
    /// Timed Text (TTML, DFXP), <https://www.w3.org/TR/ttml1/>.
    Ttml,
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
    /// Whose form it was, where a format has several: "WhisperX", "Deepgram".
    pub dialect: Option<&'static str>,
    /// What was odd, by line.
    pub warnings: Vec<Warning>,
}

/// Something odd at a line of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The line, counted from 1; 0 where the message is about the document, or names the place itself.
    pub line: usize,
    /// What is odd there, and what was done about it.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return f.write_str(&self.message);
        }
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
    form: Form,
    /// The source itself names its speakers, so that no labels are looked for in the text.
    has_speakers: bool,
    dialect: Option<&'static str>,
}

impl Source {
    fn new(cues: Vec<Cue>, form: Form) -> Self {
        Self { cues, title: None, language: None, form, has_speakers: false, dialect: None }
    }
}

/// What the cues of a source are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Lines shown for a few seconds, which may roll, and in which a dash is another voice.
    Captions,
    /// Words with times of their own.
    Words,
    /// Paragraphs with a time at their start.
    Talk,
    /// Text, some of whose lines may begin with times.
    Prose,
}

impl Form {
    /// Whether brackets and dashes mean what they mean in captions.
    fn is_captioned(self) -> bool {
        matches!(self, Self::Captions | Self::Words)
    }
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

/// Tells a document's format by its content and, where that is silent, by the extension of `name`. The first
/// 64 KiB of the document are enough. `None` for what is not text or is text of another kind (feeds, XML, RTF,
/// PDF). JSON and HTML of any kind are taken: whether they hold a transcript is for [`parse`] to say.
pub fn detect(name: &str, bytes: &[u8]) -> Option<Format> {
    let text = decode::decode_start(bytes)?;
    let start = text.trim_start();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    if vtt::has_signature(start) {
        return Some(Format::Vtt);
    }
    if is_json(start) {
        return Some(Format::Json);
    }
    if lines(&text).iter().take(200).any(|line| srt::is_timing(line.text)) {
        return Some(if extension == "vtt" { Format::Vtt } else { Format::Srt });
    }
    if html::is_html(start) {
        return Some(Format::Html);
    }
    if ttml::is_ttml(start) {
        return Some(Format::Ttml);
    }
    let beginning: String = start.chars().take(16).collect::<String>().to_ascii_lowercase();
    const OTHERS: [&str; 6] = ["<?xml", "<rss", "<feed", "<opml", "{\\rtf", "%pdf"];
    if OTHERS.iter().any(|other| beginning.starts_with(other)) {
        return None;
    }
    match extension.as_str() {
        "srt" | "sbv" => Some(Format::Srt),
        "vtt" => Some(Format::Vtt),
        "html" | "htm" | "xhtml" if html::begins_with_element(start) => Some(Format::Html),
        "json" | "otr" | "html" | "htm" | "xhtml" | "xml" | "rss" | "opml" | "csv" | "tsv" | "pdf" | "rtf" => None,
        "txt" | "text" | "md" => Some(Format::Text),
        // Programs and data can look like old-fashioned text, but for their control characters.
        _ if start.chars().any(|c| c.is_control() && !c.is_whitespace()) => None,
        _ => Some(Format::Text),
    }
}

/// Whether the text begins like JSON. "\[Music\]" and "{\an8}" do not.
fn is_json(start: &str) -> bool {
    let inner = |open: char| start.strip_prefix(open).map(str::trim_start);
    let object = inner('{').is_some_and(|rest| rest.starts_with(['"', '}']));
    object || inner('[').is_some_and(|rest| rest.starts_with('{') && is_json(rest) || rest.trim_end() == "]")
}

/// Reads a transcript. `options` matter for plain text and for pages without times only.
///
/// # Errors
/// [`Error::TooBig`], [`Error::TooLong`], [`Error::NotText`], for JSON also [`Error::Json`],
/// [`Error::UnknownJson`] and [`Error::NotTranscript`], or [`Error::Nothing`] where no word was found.
/// All other faults are warnings, and the words around them are kept.
pub fn parse(bytes: &[u8], format: Format, options: &TextOptions) -> Result<Parsed, Error> {
    let mut warnings = Warnings::default();
    let text = match format {
        Format::Json => decode::decode_unicode(bytes, &mut warnings)?,
        _ => decode::decode(bytes, &mut warnings)?,
    };
    let is_tagged = matches!(format, Format::Html | Format::Ttml);
    if is_tagged && text.len() > crate::html::MAX_BYTES {
        return Err(Error::TooBig { bytes: text.len(), limit: crate::html::MAX_BYTES });
    }
    let source = match format {
        Format::Json => match json::parse(&text, &mut warnings)? {
            json::Read::Source(source) => source,
            json::Read::Own(transcript) => return own(*transcript, warnings),
        },
        Format::Html => html::parse(&text, options, &mut warnings)?,
        Format::Ttml => ttml::parse(&text, &mut warnings)?,
        Format::Srt | Format::Vtt | Format::Text => of_lines(&text, format, options, &mut warnings)?,
    };
    lay_out(source, format, warnings)
}

fn of_lines(text: &str, format: Format, options: &TextOptions, warnings: &mut Warnings) -> Result<Source, Error> {
    let lines = lines(text);
    if lines.len() > MAX_LINES {
        return Err(Error::TooLong { limit: MAX_LINES, of: "lines" });
    }
    match format {
        Format::Srt => srt::parse(&lines, warnings),
        Format::Vtt => vtt::parse(&lines, warnings),
        _ => text::parse(&lines, options, warnings),
    }
}

/// The cues of a WebVTT file of chapters.
pub(crate) fn vtt_titles(text: &str, warnings: &mut Warnings) -> Result<Vec<(Millis, Option<Millis>, String)>, Error> {
    let lines = lines(text);
    if lines.len() > MAX_LINES {
        return Err(Error::TooLong { limit: MAX_LINES, of: "lines" });
    }
    Ok(vtt::titles(&lines, warnings))
}

fn own(transcript: Transcript, warnings: Warnings) -> Result<Parsed, Error> {
    if transcript.words.is_empty() {
        return Err(nothing(Format::Json));
    }
    Ok(Parsed { transcript, title: None, dialect: Some("Earwitness"), warnings: warnings.finish() })
}

/// Takes out what is no speech, reads speakers off, and lays the words out.
fn lay_out(source: Source, format: Format, mut warnings: Warnings) -> Result<Parsed, Error> {
    let Source { mut cues, title, language, form, has_speakers, dialect } = source;
    if form != Form::Prose {
        assemble::sort(&mut cues, &mut warnings);
    }
    let captioned = form.is_captioned();
    let stretches: Vec<Stretch> = cues.iter_mut().filter_map(|cue| marks::strip(cue, captioned)).collect();
    if form == Form::Captions {
        rolling::remove(&mut cues, &mut warnings);
    }
    if !has_speakers && form != Form::Words {
        labels::apply(&mut cues, captioned);
    }
    let mut transcript = assemble::transcript(cues, captioned, stretches)?;
    if transcript.words.is_empty() {
        return Err(nothing(format));
    }
    transcript.language = language;
    Ok(Parsed { transcript, title, dialect, warnings: warnings.finish() })
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
        Format::Json => (
            "words or segments with text, as programs that recognise speech write them",
            "check that the job that wrote the file has finished",
        ),
        Format::Html => ("a page with text, such as `<cite>`, `<time>` and `<p>`", "save the page's text instead"),
        Format::Ttml => ("paragraphs such as `<p begin=\"1s\" end=\"2s\">`", "export it as SubRip or WebVTT"),
        Format::Text => {
            ("lines of text", "check that the file is the right one and that not all its lines are skipped")
        }
    };
    Error::Nothing { looked_for, remedy }
}

/// `en` of `en-GB`.
fn language(tag: &str) -> Option<String> {
    let code = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(code)
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
pub(crate) struct Warnings {
    kept: Vec<Warning>,
    dropped: usize,
    last_line: usize,
}

impl Warnings {
    /// Adds a warning; `line` is 0 where there is none.
    pub fn add(&mut self, line: usize, message: impl Into<String>) {
        if self.kept.len() < MAX_WARNINGS {
            self.kept.push(Warning { line, message: message.into() });
            return;
        }
        self.dropped += 1;
        self.last_line = line;
    }

    /// All warnings in the order of their lines.
    pub fn finish(mut self) -> Vec<Warning> {
        self.kept.sort_by_key(|warning| warning.line);
        if self.dropped > 0 {
            self.kept.push(Warning { line: self.last_line, message: format!("and {} more warnings", self.dropped) });
        }
        self.kept
    }
}

/// The start of a text, to be quoted in a warning.
pub(crate) fn quote(text: &str) -> String {
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
        let cases: [(&str, &[u8], Option<Format>); 22] = [
            ("a.txt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi", Some(Format::Vtt)),
            ("a.srt", b"\xef\xbb\xbfWEBVTT - with a title", Some(Format::Vtt)),
            ("a", &utf16, Some(Format::Vtt)),
            ("a.txt", b"1\r\n00:00:00,000 --> 00:00:01,000\r\nHi", Some(Format::Srt)),
            ("a.vtt", b"00:00.000 --> 00:01.000\nHi", Some(Format::Vtt)),
            ("a.sbv", b"0:00:00.378,0:00:11.378\nHi", Some(Format::Srt)),
            ("a.SRT", b"", Some(Format::Srt)),
            ("a.txt", b"WEBVTTING is a word", Some(Format::Text)),
            ("notes", b"just talk --> like this", Some(Format::Text)),
            ("a.txt", b" {\"segments\": []}", Some(Format::Json)),
            ("a", b"[\n {\"text\": \"x\"", Some(Format::Json)),
            ("a.json", b"[Music] just a text", None),
            ("a.txt", b"[Music] just a text", Some(Format::Text)),
            ("a.txt", b"  <!DOCTYPE html><html>", Some(Format::Html)),
            ("a.html", b"<p>Hello", Some(Format::Html)),
            ("a.md", b"<p>Hello", Some(Format::Text)),
            ("a.xml", b"<?xml version=\"1.0\"?>\n<tt xml:lang=\"en\">", Some(Format::Ttml)),
            ("a.txt", b"<?xml version=\"1.0\"?>\n<rss>", None),
            ("a", b"<rss version=\"2.0\">", None),
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
