//! Transcripts: what `transcribe` and `show` print.

use super::Pair;
use ear_engine::core::{Millis, RepairId, Span, StretchKind, Timing, Transcript, WordRange};
use ear_engine::{ReadableTranscript, Repaired, Transcribed};
use serde::Serialize;
use std::collections::HashMap;

/// A transcript with its sentences.
#[derive(Debug, Serialize)]
pub struct TranscriptDto {
    language: Option<String>,
    duration_ms: Option<Millis>,
    engine: Option<String>,
    model: Option<String>,
    timing: Timing,
    stretches: Vec<StretchDto>,
    words: Vec<WordDto>,
    turns: Vec<TurnDto>,
    sentences: Vec<Pair>,
}

/// What a stretch of the sound is.
#[derive(Debug, Serialize)]
pub struct StretchDto {
    start_ms: Millis,
    end_ms: Millis,
    kind: StretchKind,
    language: Option<String>,
}

/// One word.
#[derive(Debug, Serialize)]
pub struct WordDto {
    text: String,
    start_ms: Option<Millis>,
    end_ms: Option<Millis>,
    confidence: Option<f32>,
    speaker: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    glued: bool,
    /// Where an accepted repair begins: what was heard there. The other words that it replaces are empty, so that
    /// every word keeps its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    heard: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repair_id: Option<RepairId>,
}

/// Consecutive words of one speaker.
#[derive(Debug, Serialize)]
pub struct TurnDto {
    speaker: Option<String>,
    start_word: usize,
    end_word: usize,
}

impl TranscriptDto {
    fn new(transcript: &Transcript, sentences: &[WordRange], repaired: &[Repaired]) -> Self {
        Self {
            language: transcript.language.clone(),
            duration_ms: transcript.duration,
            engine: transcript.engine.clone(),
            model: transcript.model.clone(),
            timing: transcript.timing,
            stretches: stretches(transcript),
            words: words(transcript, repaired),
            turns: turns(transcript),
            sentences: sentences.iter().map(|range| [range.start, range.end]).collect(),
        }
    }
}

impl From<&Transcribed> for TranscriptDto {
    fn from(heard: &Transcribed) -> Self {
        Self::new(&heard.transcript, &heard.sentences, &[])
    }
}

impl From<&ReadableTranscript> for TranscriptDto {
    fn from(readable: &ReadableTranscript) -> Self {
        Self::new(&readable.transcript, &readable.sentences, &readable.repaired)
    }
}

fn stretches(transcript: &Transcript) -> Vec<StretchDto> {
    let stretches = transcript.stretches.iter();
    stretches
        .map(|stretch| StretchDto {
            start_ms: stretch.span.start(),
            end_ms: stretch.span.end(),
            kind: stretch.kind,
            language: stretch.language.clone(),
        })
        .collect()
}

fn words(transcript: &Transcript, repaired: &[Repaired]) -> Vec<WordDto> {
    let repairs: HashMap<usize, &Repaired> = repaired.iter().map(|repair| (repair.words.start, repair)).collect();
    let words = transcript.words.iter().enumerate();
    words
        .map(|(index, word)| WordDto {
            text: word.text.clone(),
            start_ms: word.span.map(Span::start),
            end_ms: word.span.map(Span::end),
            confidence: word.confidence,
            speaker: transcript.turn_of(index).and_then(|turn| turn.speaker.clone()),
            glued: word.glued,
            heard: repairs.get(&index).map(|repair| repair.heard.clone()),
            repair_id: repairs.get(&index).map(|repair| repair.repair),
        })
        .collect()
}

fn turns(transcript: &Transcript) -> Vec<TurnDto> {
    let turns = transcript.turns.iter();
    turns
        .map(|turn| TurnDto { speaker: turn.speaker.clone(), start_word: turn.words.start, end_word: turn.words.end })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::core::{Origin, Stretch, TranscriptId, Turn, Word};

    #[test]
    fn a_transcript_has_the_documented_shape() {
        let mut heard = Word::timed("Hello.", Span::new(120, 480));
        heard.confidence = Some(0.5);
        let transcript = Transcript {
            language: Some("en".into()),
            engine: Some("ctranslate2-whisper".into()),
            model: Some("whisper-base".into()),
            duration: Some(1000),
            words: vec![heard, Word::untimed("Bye.")],
            turns: vec![Turn { speaker: Some("Ann".into()), words: 0..1 }, Turn { speaker: None, words: 1..2 }],
            stretches: vec![Stretch { span: Span::new(0, 1000), kind: StretchKind::Speech, language: None }],
            ..Transcript::empty(Origin::Recognised)
        };
        let sentences = vec![0..1, 1..2];
        let passages = vec![0..1, 1..2];
        let readable =
            ReadableTranscript { id: TranscriptId(1), transcript, sentences, passages, repaired: Vec::new() };
        insta::assert_json_snapshot!(TranscriptDto::from(&readable));
    }

    #[test]
    fn a_repair_says_what_was_heard() {
        let mut empty = Word::untimed("");
        empty.glued = true;
        let transcript =
            Transcript { words: vec![Word::untimed("Soleimani"), empty], ..Transcript::empty(Origin::Recognised) };
        let repaired = [Repaired { repair: RepairId(4), words: 0..2, heard: "sola money".into() }];
        let words = serde_json::to_value(TranscriptDto::new(&transcript, &[], &repaired)).unwrap()["words"].clone();
        assert_eq!((&words[0]["text"], &words[0]["heard"]), (&"Soleimani".into(), &"sola money".into()));
        assert_eq!((&words[0]["repair_id"], &words[1]["text"]), (&"4".into(), &"".into()));
        assert!(words[1].get("heard").is_none());
    }
}
