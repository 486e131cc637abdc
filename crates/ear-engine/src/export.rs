//! Transcripts as text for other programs: plain text, Markdown, and subtitles.

use crate::{Error, ErrorKind, Library, Reading, Result};
use ear_core::{EpisodeId, Millis, Span, Timing, Transcript, TranscriptId, WordRange, clock, join_words};

/// A caption holds at most this many characters: two lines of 42, as broadcasters set them.
const MOST_CHARACTERS: usize = 84;
const MOST_IN_A_LINE: usize = 42;
/// A caption stays at most this long, in milliseconds.
const LONGEST: Millis = 7000;
/// After a sentence a new caption begins once the last holds this many characters.
const ENOUGH_CHARACTERS: usize = 40;
/// A pause longer than this, in milliseconds, begins a new caption.
const PAUSE: Millis = 1500;

/// A format to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Plain text, a paragraph a passage.
    Text,
    /// SubRip subtitles.
    Srt,
    /// WebVTT with speakers as voices.
    Vtt,
    /// Markdown with title, facts, speakers and times.
    Markdown,
}

impl Library {
    /// The transcript in a format, with accepted repairs; JSON is shaped by the program, not here.
    pub fn export(&self, episode: EpisodeId, which: Option<TranscriptId>, format: ExportFormat) -> Result<String> {
        self.export_as(episode, which, format, Reading::Repaired)
    }

    /// The same, read with or without accepted repairs.
    pub fn export_as(
        &self,
        episode: EpisodeId,
        which: Option<TranscriptId>,
        format: ExportFormat,
        reading: Reading,
    ) -> Result<String> {
        let title = self.episode(episode)?.summary.title;
        let readable =
            self.transcript_as(episode, which, reading)?.ok_or_else(|| crate::listing::no_transcript(episode))?;
        let subtitles = matches!(format, ExportFormat::Srt | ExportFormat::Vtt);
        if subtitles && readable.transcript.timing == Timing::None && !readable.transcript.words.is_empty() {
            let error = Error::new(ErrorKind::BadInput, "this transcript has no times, and subtitles need them");
            return Err(error.at(format!("episode {episode}")).remedy("Export it as txt, md or json"));
        }
        Ok(write_transcript(&title, &readable.transcript, &readable.passages, format))
    }
}

/// The transcript in a format. Captions leave out words without times.
pub fn write_transcript(title: &str, transcript: &Transcript, passages: &[WordRange], format: ExportFormat) -> String {
    match format {
        ExportFormat::Text => text(transcript, passages),
        ExportFormat::Markdown => markdown(title, transcript, passages),
        ExportFormat::Srt => srt(transcript),
        ExportFormat::Vtt => vtt(transcript),
    }
}

fn text(transcript: &Transcript, passages: &[WordRange]) -> String {
    let mut text = passages.iter().map(|range| said(transcript, range)).collect::<Vec<_>>().join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn markdown(title: &str, transcript: &Transcript, passages: &[WordRange]) -> String {
    let mut text = format!("# {}\n", escaped(title));
    let mut facts: Vec<String> = transcript.duration.map(clock).into_iter().collect();
    facts.extend(transcript.language.clone());
    facts.extend(transcript.model.clone());
    if !facts.is_empty() {
        text.push_str(&format!("\n{}\n", escaped(&facts.join(" · "))));
    }
    for range in passages {
        let speaker = speaker(transcript, range.start).map(|name| format!("**{}**", escaped(name)));
        let start = transcript.span_of(range.clone()).map(|span| clock(span.start()));
        let head: Vec<String> = speaker.into_iter().chain(start).collect();
        text.push('\n');
        if !head.is_empty() {
            text.push_str(&format!("{}\n\n", head.join(" ")));
        }
        text.push_str(&format!("{}\n", escaped(&said(transcript, range))));
    }
    text
}

fn srt(transcript: &Transcript) -> String {
    let mut text = String::new();
    for (index, (range, span)) in captions(transcript).into_iter().enumerate() {
        let (start, end) = (stamp(span.start(), ','), stamp(span.end(), ','));
        let lines = two_lines(&said(transcript, &range));
        text.push_str(&format!("{}\n{start} --> {end}\n{lines}\n\n", index + 1));
    }
    text
}

fn vtt(transcript: &Transcript) -> String {
    let mut text = "WEBVTT\n\n".to_owned();
    for (range, span) in captions(transcript) {
        let (start, end) = (stamp(span.start(), '.'), stamp(span.end(), '.'));
        let lines = entities(&two_lines(&said(transcript, &range)));
        let voice = speaker(transcript, range.start).map(|name| format!("<v {}>", entities(name))).unwrap_or_default();
        text.push_str(&format!("{start} --> {end}\n{voice}{lines}\n\n"));
    }
    text
}

/// The words cut into captions, with their times; never across a change of speaker.
fn captions(transcript: &Transcript) -> Vec<(WordRange, Span)> {
    let mut captions: Vec<(WordRange, Span, usize)> = Vec::new();
    for (index, word) in transcript.words.iter().enumerate() {
        let Some(span) = word.span else { continue };
        let length = word.text.chars().count() + usize::from(!word.glued);
        match captions.last_mut() {
            Some((range, whole, used)) if belongs(transcript, range, *whole, *used, index, span, length) => {
                *range = range.start..index + 1;
                *whole = whole.join(span);
                *used += length;
            }
            _ => captions.push((index..index + 1, span, length)),
        }
    }
    captions.into_iter().map(|(range, span, _)| (range, span)).collect()
}

/// Whether a word goes on with the caption before it.
fn belongs(
    transcript: &Transcript,
    range: &WordRange,
    whole: Span,
    used: usize,
    index: usize,
    span: Span,
    length: usize,
) -> bool {
    let last = &transcript.words[range.end - 1].text;
    let ends_sentence =
        last.trim_end_matches(['"', '”', '’', ')']).ends_with(['.', '?', '!', '。', '？', '！', '؟', '۔', '।']);
    let speaker = |index| transcript.turn_of(index).map(|turn| &turn.words);
    used + length <= MOST_CHARACTERS
        && whole.join(span).duration() <= LONGEST
        && span.start().saturating_sub(whole.end()) <= PAUSE
        && !(ends_sentence && used >= ENOUGH_CHARACTERS)
        && speaker(range.start) == speaker(index)
}

/// A caption's text, broken near its middle where it is too long for a line.
fn two_lines(text: &str) -> String {
    let length = text.chars().count();
    if length <= MOST_IN_A_LINE {
        return text.to_owned();
    }
    let spaces = text.char_indices().enumerate().filter(|(_, (_, character))| *character == ' ');
    let nearest = spaces.min_by_key(|(at, _)| at.abs_diff(length / 2));
    match nearest {
        Some((_, (byte, _))) => format!("{}\n{}", &text[..byte], &text[byte + 1..]),
        None => text.to_owned(),
    }
}

fn said(transcript: &Transcript, range: &WordRange) -> String {
    join_words(transcript.words.get(range.clone()).unwrap_or_default())
}

fn speaker(transcript: &Transcript, word: usize) -> Option<&str> {
    transcript.turn_of(word)?.speaker.as_deref().filter(|name| !name.is_empty())
}

/// `01:02:03,456`, with this mark before the milliseconds.
fn stamp(moment: Millis, mark: char) -> String {
    let seconds = moment / 1000;
    format!("{:02}:{:02}:{:02}{mark}{:03}", seconds / 3600, seconds / 60 % 60, seconds % 60, moment % 1000)
}

/// What means something in WebVTT, written so that it does not.
fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What means something in Markdown, written so that it does not.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, character) in text.char_indices() {
        let starts_line = index == 0;
        let special = matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>')
            || starts_line && matches!(character, '#' | '-' | '+' | '=' | '~');
        if special {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{Origin, Turn, Word};

    /// Words of half a second each, with a pause of `pause` milliseconds after each sentence.
    fn sample(text: &str, pause: Millis) -> Transcript {
        let mut at = 0;
        let mut words = Vec::new();
        for word in text.split(' ') {
            words.push(Word::timed(word, Span::new(at, at + 400)));
            at += 500 + if word.ends_with('.') { pause } else { 0 };
        }
        Transcript { words, duration: Some(at), ..Transcript::empty(Origin::Recognised) }
    }

    fn with_speakers(mut transcript: Transcript, cut: usize) -> Transcript {
        let end = transcript.words.len();
        let turn = |speaker: &str, words| Turn { speaker: Some(speaker.into()), words };
        transcript.turns = vec![turn("Ann <A>", 0..cut), turn("Bo", cut..end)];
        transcript
    }

    #[test]
    fn subtitles_have_times_and_speakers() {
        let transcript = with_speakers(sample("Peace & talks begin. Nobody knows.", 0), 4);
        insta::assert_snapshot!(write_transcript("T", &transcript, &[], ExportFormat::Srt));
        insta::assert_snapshot!(write_transcript("T", &transcript, &[], ExportFormat::Vtt));
    }

    #[test]
    fn captions_are_short_and_end_where_people_pause() {
        let said = |transcript: &Transcript| -> Vec<String> {
            captions(transcript).into_iter().map(|(range, _)| said(transcript, &range)).collect()
        };
        assert_eq!(said(&sample("One. Two. Three.", 2000)), ["One.", "Two.", "Three."]);
        assert_eq!(said(&sample("One. Two. Three.", 100)), ["One. Two. Three."]);
        let long = sample(&"word ".repeat(200), 0);
        for (range, span) in captions(&long) {
            assert!(span.duration() <= LONGEST && super::said(&long, &range).chars().count() <= MOST_CHARACTERS);
        }
        let sentences = said(&sample("It ended at last with hardly anything to show for it. Then it began.", 0));
        assert_eq!(sentences.len(), 2, "{sentences:?}");
    }

    #[test]
    fn words_without_times_are_no_captions() {
        let mut transcript = sample("Peace talks begin.", 0);
        transcript.words[1].span = None;
        assert_eq!(captions(&transcript), [(0..3, Span::new(0, 1400))]);
        transcript.words.iter_mut().for_each(|word| word.span = None);
        assert_eq!(write_transcript("T", &transcript, &[], ExportFormat::Srt), "");
        assert_eq!(write_transcript("T", &transcript, &[], ExportFormat::Vtt), "WEBVTT\n\n");
    }

    #[test]
    fn lines_break_near_their_middle() {
        for (text, expected) in [
            ("short", "short"),
            ("one two three four five six seven eight nine ten", "one two three four five\nsix seven eight nine ten"),
            (&"x".repeat(50), &"x".repeat(50)),
        ] {
            assert_eq!(two_lines(text), expected);
        }
    }

    #[test]
    fn pages_for_people() {
        let transcript = with_speakers(sample("#1 is *peace* today. Nobody knows.", 60_000), 4);
        let passages = [0..4, 4..6];
        assert_eq!(
            write_transcript("T", &transcript, &passages, ExportFormat::Text),
            "#1 is *peace* today.\n\nNobody knows.\n"
        );
        insta::assert_snapshot!(write_transcript("The [vote]", &transcript, &passages, ExportFormat::Markdown));
        assert_eq!(write_transcript("T", &Transcript::empty(Origin::Imported), &[], ExportFormat::Text), "");
    }
}
