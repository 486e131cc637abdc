//! Who has the word, as terms: a stretch in which the same few people speak costs less, by the same code as for words.

use super::terms::Terms;
use ear_core::{Transcript, WordRange};
use std::collections::HashMap;

/// A speaker counts once for so many words, as words in a row are by the same mostly.
const WORDS: usize = 30;

/// A term for every 30 words of each named speaker, in the sentence that completes them.
pub(super) fn speakers(transcript: &Transcript, sentences: &[WordRange]) -> Terms {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut said: Vec<usize> = Vec::new();
    let mut units = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let mut terms = Vec::new();
        if let Some(speaker) = transcript.turn_of(sentence.start).and_then(|turn| turn.speaker.as_deref()) {
            let next = numbers.len() as u32;
            let number = *numbers.entry(speaker).or_insert(next);
            if number == next {
                said.push(0);
            }
            let words = &mut said[number as usize];
            *words += sentence.len();
            terms.resize(*words / WORDS, number);
            *words %= WORDS;
        }
        units.push(terms);
    }
    Terms { units, distinct: numbers.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{Origin, Turn, Word};

    #[test]
    fn speakers_count_by_their_words() {
        let turn = |words, speaker: Option<&str>| Turn { speaker: speaker.map(str::to_owned), words };
        let talk = Transcript {
            words: vec![Word::untimed("so"); 150],
            turns: vec![
                turn(0..70, Some("A")),
                turn(70..80, Some("B")),
                turn(80..100, None),
                turn(100..150, Some("A")),
            ],
            ..Transcript::empty(Origin::Imported)
        };
        let found = speakers(&talk, &[0..20, 20..70, 70..80, 80..100, 100..120, 120..150]);
        let expected = vec![vec![], vec![0, 0], vec![], vec![], vec![0], vec![0]];
        assert_eq!(found, Terms { units: expected, distinct: 2 });
    }
}
