//! What was said: words, turns, stretches and the transcript that holds them.

use crate::{Millis, Span};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Half-open indices into a transcript's words.
pub type WordRange = Range<usize>;

/// One word as written, punctuation attached ("Well," not "Well" and ","). Any value of each field is
/// fine, so they are public.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The word as written, without surrounding white space.
    pub text: String,
    /// When it was said; absent where a transcript came without times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// How sure the recogniser was, from 0 to 1; absent in imported text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// No space stands before this word (Chinese, Japanese, Thai).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub glued: bool,
}

impl Word {
    /// A word without time or confidence.
    pub fn untimed(text: impl Into<String>) -> Self {
        Self { text: text.into(), span: None, confidence: None, glued: false }
    }

    /// A word with its time.
    pub fn timed(text: impl Into<String>, span: Span) -> Self {
        Self { span: Some(span), ..Self::untimed(text) }
    }
}

/// The words as running text.
pub fn join_words(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() && !word.glued {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

/// Another reading of a stretch of sound, which the recogniser found less likely than the one it gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The reading as text.
    pub text: String,
    /// Mean log-probability of a token: 0 is certain, lower is less likely.
    pub score: f32,
}

/// Consecutive words of one speaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The speaker as the source names them; `None` where it starts a turn without a name.
    pub speaker: Option<String>,
    /// The words of this turn.
    pub words: WordRange,
}

/// What a stretch of sound is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StretchKind {
    /// Somebody speaks.
    Speech,
    /// Music without speech.
    Music,
    /// Noise, applause, laughter.
    Noise,
    /// Nothing to hear.
    Silence,
}

/// A span with its kind and language. Marks such as "\[Spanish\]" are drawn from stretches; they are never words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: StretchKind,
    /// ISO 639-1 code of the language spoken, where known.
    pub language: Option<String>,
}

/// Where a transcript comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Heard by a recogniser here.
    Recognised,
    /// Published by the show beside its sound.
    Published,
    /// Brought by the user.
    Imported,
    /// Made right by hand.
    Corrected,
}

/// How exact the times of the words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Timing {
    /// Each word has its own time.
    Words,
    /// Only captions or paragraphs had times; those of their words are spread evenly between.
    Cues,
    /// No times at all.
    None,
}

/// One version of what was said. Never overwritten: a new version stands beside the old.
#[derive(Clone, Debug, PartialEq)]
pub struct Transcript {
    /// Where it comes from.
    pub origin: Origin,
    /// ISO 639-1 code of its main language, where known.
    pub language: Option<String>,
    /// The recognising engine, for recognised ones ("ctranslate2-whisper").
    pub engine: Option<String>,
    /// The engine's model ("whisper-base").
    pub model: Option<String>,
    /// Length of the sound, or the end of the last timed word where there is no sound.
    pub duration: Option<Millis>,
    /// How exact the times are.
    pub timing: Timing,
    /// Every word, in order.
    pub words: Vec<Word>,
    /// Who spoke which words: ascending, without overlap; empty where nobody can tell.
    pub turns: Vec<Turn>,
    /// What the sound is, ascending; empty where there was no sound to look at.
    pub stretches: Vec<Stretch>,
}

impl Transcript {
    /// A transcript without words.
    pub fn empty(origin: Origin) -> Self {
        Self {
            origin,
            language: None,
            engine: None,
            model: None,
            duration: None,
            timing: Timing::None,
            words: Vec::new(),
            turns: Vec::new(),
            stretches: Vec::new(),
        }
    }

    /// The smallest span that holds the times of these words; `None` if none of them has one.
    pub fn span_of(&self, range: WordRange) -> Option<Span> {
        self.words.get(range)?.iter().filter_map(|word| word.span).reduce(Span::join)
    }

    /// The turn that holds the word at `index`.
    pub fn turn_of(&self, index: usize) -> Option<&Turn> {
        let after = self.turns.partition_point(|turn| turn.words.end <= index);
        self.turns.get(after).filter(|turn| turn.words.contains(&index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_join_into_text() {
        let mut words: Vec<_> = ["Well,", "now", "then"].map(Word::untimed).into();
        assert_eq!(join_words(&words), "Well, now then");
        words[2].glued = true;
        assert_eq!(join_words(&words), "Well, nowthen");
        assert_eq!(join_words(&[]), "");
    }

    #[test]
    fn a_word_without_extras_is_short_in_json() {
        let word = Word::timed("hello", Span::new(10, 250));
        assert_eq!(serde_json::to_string(&word).unwrap(), r#"{"text":"hello","span":[10,250]}"#);
    }

    #[test]
    fn turns_are_found_by_word() {
        let turn = |speaker: &str, words| Turn { speaker: Some(speaker.into()), words };
        let transcript =
            Transcript { turns: vec![turn("A", 0..3), turn("B", 4..6)], ..Transcript::empty(Origin::Imported) };
        let found = |index| transcript.turn_of(index).and_then(|turn| turn.speaker.as_deref());
        assert_eq!([found(0), found(2), found(3), found(4), found(6)], [Some("A"), Some("A"), None, Some("B"), None]);
    }
}
