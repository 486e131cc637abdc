//! A document whose topics somebody has marked.

use ear_core::{Origin, Transcript, Turn, Word, WordRange};
use std::collections::BTreeSet;

/// Sentences, and where topics begin. All methods get the same sentences and cut in front of some of them; a reference
/// boundary always stands in front of a sentence.
#[derive(Clone, Debug)]
pub struct Document {
    /// The words, with turns where the source has them.
    pub transcript: Transcript,
    /// Its sentences.
    pub sentences: Vec<WordRange>,
    /// Sentences that begin a topic, but the first of the document; ascending.
    pub boundaries: Vec<usize>,
    /// Where boundaries can only stand in front of some sentences, these: the first sentences of turns. What is found
    /// elsewhere counts at the nearest of them, and measures count them as units.
    pub starts: Option<Vec<usize>>,
}

impl Document {
    /// Boundaries as the measures count them, and how many units there are: turns, or else sentences.
    pub fn in_units(&self, boundaries: &[usize]) -> (Vec<usize>, usize) {
        let Some(starts) = &self.starts else { return (boundaries.to_vec(), self.sentences.len()) };
        let nearest = |sentence: usize| {
            let after = starts.partition_point(|start| *start <= sentence);
            let before = after.saturating_sub(1);
            let is_nearer = |next: &usize| next - sentence < sentence.saturating_sub(starts[before]);
            if starts.get(after).is_some_and(is_nearer) { after } else { before }
        };
        let units: BTreeSet<usize> = boundaries.iter().map(|boundary| nearest(*boundary)).collect();
        (units.into_iter().filter(|unit| *unit > 0).collect(), starts.len())
    }

    /// The text of each sentence.
    pub fn texts(&self) -> Vec<String> {
        self.sentences.iter().map(|range| ear_core::join_words(&self.transcript.words[range.clone()])).collect()
    }
}

/// Who says something, and what; where a topic begins with it.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub speaker: Option<String>,
    pub text: String,
    pub begins_topic: bool,
}

/// What the parts of a source are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Lines, each a sentence as it is.
    Sentence,
    /// Paragraphs, of which the method knows nothing but that sentences end with them.
    Paragraph,
    /// Turns of speakers.
    Turn,
    /// Turns that are the units of the measures as well.
    Unit,
}

/// Joins the parts of a document. Parts without words are left out, and what begins with them begins with the next.
pub fn document(said: impl IntoIterator<Item = Said>, part: Part) -> Document {
    let mut transcript = Transcript::empty(Origin::Imported);
    let (mut begins, mut begins_next) = (BTreeSet::new(), false);
    for Said { speaker, text, begins_topic } in said {
        let start = transcript.words.len();
        begins_next |= begins_topic;
        transcript.words.extend(words(&text));
        let words = start..transcript.words.len();
        if words.is_empty() {
            continue;
        }
        if std::mem::take(&mut begins_next) && start > 0 {
            begins.insert(start);
        }
        transcript.turns.push(Turn { speaker, words });
    }
    let parts: Vec<WordRange> = transcript.turns.iter().map(|turn| turn.words.clone()).collect();
    let sentences = if part == Part::Sentence { parts.clone() } else { ear_language::sentences(&transcript) };
    let of_word = |word: &usize| sentences.partition_point(|sentence| sentence.start < *word);
    let boundaries = begins.iter().map(of_word).collect();
    let starts = (part == Part::Unit).then(|| parts.iter().map(|part| of_word(&part.start)).collect());
    if matches!(part, Part::Sentence | Part::Paragraph) {
        transcript.turns.clear();
    }
    Document { transcript, sentences, boundaries, starts }
}

/// Written words; signs that stand alone ("we 're on .") belong to the word before.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for piece in text.split_whitespace() {
        if piece.contains(char::is_alphanumeric) {
            words.push(Word::untimed(piece));
        } else if let Some(last) = words.last_mut() {
            last.text.push_str(piece);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, begins_topic: bool) -> Said {
        Said { speaker: Some("A".into()), text: text.into(), begins_topic }
    }

    #[test]
    fn boundaries_stand_in_front_of_sentences() {
        let parts =
            [said("It rained . We left .", true), said("{ . }", true), said("So. Yes!", false), said("No", true)];
        let check = |part, sentences: usize, boundaries: &[usize], turns: usize, starts: Option<Vec<usize>>| {
            let found = document(parts.clone(), part);
            assert_eq!(found.sentences.len(), sentences, "{part:?}");
            assert_eq!((found.boundaries.as_slice(), found.transcript.turns.len()), (boundaries, turns), "{part:?}");
            assert_eq!(found.starts, starts, "{part:?}");
        };
        check(Part::Sentence, 3, &[1, 2], 0, None);
        check(Part::Paragraph, 5, &[2, 4], 0, None);
        check(Part::Turn, 5, &[2, 4], 3, None);
        check(Part::Unit, 5, &[2, 4], 3, Some(vec![0, 2, 4]));
        assert_eq!(document(parts, Part::Turn).texts()[0], "It rained.");
    }

    #[test]
    fn what_is_found_within_a_turn_counts_at_its_nearer_end() {
        let parts = [said("One. Two. Three. Four. Five.", false), said("Six.", true), said("Seven. Eight.", false)];
        let found = document(parts, Part::Unit);
        assert_eq!(found.starts, Some(vec![0, 5, 6]));
        for (sentences, expected) in [(&[5, 6][..], &[1, 2][..]), (&[1], &[]), (&[3, 4], &[1]), (&[7], &[2])] {
            assert_eq!(found.in_units(sentences), (expected.to_vec(), 3), "{sentences:?}");
        }
    }
}
