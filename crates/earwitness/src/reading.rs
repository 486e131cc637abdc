//! Transcripts as people read them in a terminal.

use crate::terminal::{Look, harmless};
use ear_engine::ReadableTranscript;
use ear_engine::core::{Millis, Span, WordRange, clock, join_words};

/// The passages from `at` on, each with its clock time and, where it changes, its speaker.
pub fn passages(readable: &ReadableTranscript, at: Option<Millis>, look: Look) -> String {
    let ranges = readable.passages.iter().filter(|range| !ends_before(readable, range, at));
    shown(readable, ranges.cloned(), look)
}

/// The same for the part of the passages that lies within these words.
pub fn within(readable: &ReadableTranscript, words: &WordRange, look: Look) -> String {
    let cut = |range: &WordRange| range.start.max(words.start)..range.end.min(words.end);
    shown(readable, readable.passages.iter().map(cut).filter(|range| !range.is_empty()), look)
}

fn shown(readable: &ReadableTranscript, ranges: impl Iterator<Item = WordRange>, look: Look) -> String {
    let transcript = &readable.transcript;
    let mut speaker = None;
    let mut text = String::new();
    for range in ranges {
        let turn = transcript.turn_of(range.start);
        let start = transcript.span_of(range.clone()).map(Span::start);
        let mut head: Vec<String> = start.map(|start| look.dim(&clock(start))).into_iter().collect();
        if turn.map(|turn| &turn.words) != speaker {
            speaker = turn.map(|turn| &turn.words);
            let name = turn.and_then(|turn| turn.speaker.as_deref()).filter(|name| !name.is_empty());
            head.extend(name.map(|name| look.bold(&harmless(name))));
        }
        if !head.is_empty() {
            text.push_str(&head.join("  "));
            text.push('\n');
        }
        let said = join_words(transcript.words.get(range).unwrap_or_default());
        text.push_str(&look.wrapped(&harmless(&said), "  "));
        text.push_str("\n\n");
    }
    text.truncate(text.trim_end().len());
    text
}

/// Whether all of this passage was said before `at`; one without times never was.
fn ends_before(readable: &ReadableTranscript, range: &WordRange, at: Option<Millis>) -> bool {
    match (at, readable.transcript.span_of(range.clone())) {
        (Some(at), Some(span)) => span.end() <= at,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::core::{Origin, Transcript, TranscriptId, Turn, Word};

    fn sample() -> ReadableTranscript {
        let word = |(index, text): (usize, &str)| {
            let start = index as Millis * 40_000;
            Word::timed(text, Span::new(start, start + 500))
        };
        let words = ["Good", "morning.", "Welcome.", "Thank", "you."].into_iter().enumerate().map(word).collect();
        let turns = vec![Turn { speaker: Some("Ann\u{7}".into()), words: 0..3 }, Turn { speaker: None, words: 3..5 }];
        let transcript = Transcript { words, turns, ..Transcript::empty(Origin::Imported) };
        ReadableTranscript {
            id: TranscriptId(1),
            transcript,
            sentences: vec![],
            passages: vec![0..2, 2..3, 3..5],
            repaired: vec![],
        }
    }

    #[test]
    fn a_transcript_reads_with_times_and_speakers() {
        let look = Look::plain(Some(40));
        let expected = "0:00  Ann \n  Good morning.\n\n1:20\n  Welcome.\n\n2:00\n  Thank you.";
        assert_eq!(passages(&sample(), None, look), expected);
        assert_eq!(passages(&sample(), Some(90_000), look), "2:00\n  Thank you.");
        assert_eq!(within(&sample(), &(1..4), look), "0:40  Ann \n  morning.\n\n1:20\n  Welcome.\n\n2:00\n  Thank");
        let mut untimed = sample();
        untimed.transcript.words.iter_mut().for_each(|word| word.span = None);
        untimed.transcript.turns.clear();
        assert_eq!(passages(&untimed, Some(90_000), look), "  Good morning.\n\n  Welcome.\n\n  Thank you.");
    }
}
