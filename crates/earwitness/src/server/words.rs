//! The times of the words, for the script of an episode's page. No public interface: it may change with it.
//!
//! A transcript's text is in the page already. This adds, for each word, when it is said and how sure the
//! recogniser was, in about seven bytes a word: times are in hundredths of a second, as the pause since the word
//! before and the length of the word.

use super::error::JsonError;
use super::fields::Fields;
use super::pages::episode_id;
use super::state::Shared;
use axum::Json;
use axum::extract::{Path, State};
use ear_core::{TranscriptId, Word};
use ear_engine::{Error, ErrorKind, Reading};
use serde::Serialize;

/// The words' times, packed.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct WordsView {
    /// Pause and length of each word by turns; a length of -1 stands for a word without a time. Empty if none
    /// has one.
    times: Vec<i64>,
    /// A digit for each word: tenths of confidence, rounded down; `-` where unknown. Empty if all are.
    sure: String,
    /// The length of each word in UTF-16 units; absent where words are what white space separates.
    lengths: Option<Vec<usize>>,
    /// Which word of the transcript the first of these is.
    first: usize,
}

/// `GET /e/{id}/words.json?transcript=&heard=&from=&to=`; the last two are the first word that is wanted and the
/// first that is not.
pub(crate) async fn words(
    State(app): State<Shared>,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Json<WordsView>, JsonError> {
    let id = episode_id(&id)?;
    let which = fields.parsed::<TranscriptId>("transcript")?;
    let reading = reading(&fields);
    let read = app.ask(move |library| library.transcript_as(id, which, reading)).await?;
    let read = read.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("episode {id} has no transcript yet")))?;
    let words = &read.transcript.words;
    let to = fields.parsed::<usize>("to")?.unwrap_or(words.len()).min(words.len());
    let from = fields.parsed::<usize>("from")?.unwrap_or(0).min(to);
    Ok(Json(WordsView { first: from, ..pack(&words[from..to]) }))
}

/// `heard=1` asks for the words as they were heard, without repairs.
pub(crate) fn reading(fields: &Fields) -> Reading {
    if fields.filled("heard").is_some() { Reading::AsHeard } else { Reading::Repaired }
}

fn pack(words: &[Word]) -> WordsView {
    let mut times = Vec::with_capacity(words.len() * 2);
    let mut before = 0;
    for word in words {
        let Some(span) = word.span else {
            times.extend([0, -1]);
            continue;
        };
        // Rounding moments, not lengths, keeps errors from adding up.
        let (start, end) = (hundredths(span.start()), hundredths(span.end()));
        times.extend([start - before, end - start]);
        before = end;
    }
    if words.iter().all(|word| word.span.is_none()) {
        times.clear();
    }
    let known = words.iter().any(|word| word.confidence.is_some());
    let sure = if known { words.iter().map(digit).collect() } else { String::new() };
    let simple =
        words.iter().all(|word| !word.glued && !word.text.is_empty() && !word.text.contains(char::is_whitespace));
    let lengths = (!simple).then(|| words.iter().map(|word| word.text.encode_utf16().count()).collect());
    WordsView { times, sure, lengths, first: 0 }
}

fn hundredths(moment: u64) -> i64 {
    i64::try_from((moment.saturating_add(5)) / 10).unwrap_or(i64::MAX / 2)
}

fn digit(word: &Word) -> char {
    match word.confidence {
        Some(confidence) if confidence >= 0.0 => char::from(b'0' + (confidence * 10.0).min(9.0) as u8),
        _ => '-',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::Span;

    #[test]
    fn words_are_packed() {
        let mut words = vec![
            Word { confidence: Some(0.97), ..Word::timed("One", Span::new(1204, 1496)) },
            Word::untimed("two"),
            Word { confidence: Some(0.31), ..Word::timed("three", Span::new(1400, 2000)) },
            Word { confidence: Some(1.0), ..Word::timed("four", Span::new(2003, 2003)) },
        ];
        let expected =
            WordsView { times: vec![120, 30, 0, -1, -10, 60, 0, 0], sure: "9-39".into(), lengths: None, first: 0 };
        assert_eq!(pack(&words), expected);
        words[2].glued = true;
        words[1].text = "𝄞o".into();
        assert_eq!(pack(&words).lengths, Some(vec![3, 3, 5, 4]));
        assert_eq!(
            pack(&[Word::untimed("a")]),
            WordsView { times: vec![], sure: String::new(), lengths: None, first: 0 }
        );
    }
}
