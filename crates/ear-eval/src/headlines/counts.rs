//! How often a set of transcripts says words in a row, as a library would tell it.

use ear_core::Transcript;
use ear_language::commonness::fold;
use std::collections::HashMap;

/// Every place of every word.
#[derive(Default)]
pub struct Counts {
    words: Vec<u32>,
    numbers: HashMap<String, u32>,
    places: Vec<Vec<u32>>,
    /// How many transcripts have a word.
    within: Vec<usize>,
    all: u64,
}

impl Counts {
    /// Counts these transcripts.
    pub fn of<'t>(transcripts: impl Iterator<Item = &'t Transcript>) -> Self {
        let mut counts = Self::default();
        for transcript in transcripts {
            let begin = counts.words.len() as u32;
            for word in &transcript.words {
                counts.push(&fold(&word.text), begin);
            }
            // No words in a row lie across two transcripts.
            counts.words.push(u32::MAX);
        }
        counts
    }

    fn push(&mut self, folded: &str, begin: u32) {
        if folded.is_empty() {
            return;
        }
        let next = self.numbers.len() as u32;
        let number = *self.numbers.entry(folded.to_owned()).or_insert(next);
        if number == next {
            self.places.push(Vec::new());
            self.within.push(0);
        }
        let places = &mut self.places[number as usize];
        if places.last().is_none_or(|&last| last < begin) {
            self.within[number as usize] += 1;
        }
        places.push(self.words.len() as u32);
        self.words.push(number);
        self.all += 1;
    }

    /// How often these folded words stand in a row; all words where there are none.
    pub fn count(&self, words: &[&str]) -> u64 {
        let [first, rest @ ..] = words else { return self.all };
        let numbers: Option<Vec<u32>> = rest.iter().map(|word| self.numbers.get(*word).copied()).collect();
        let (Some(&first), Some(rest)) = (self.numbers.get(*first), numbers) else { return 0 };
        let places = self.places[first as usize].iter();
        places.filter(|&&place| self.words[place as usize + 1..].starts_with(&rest)).count() as u64
    }

    /// How many transcripts have the word.
    pub fn transcripts_with(&self, word: &str) -> usize {
        self.numbers.get(word).map_or(0, |&number| self.within[number as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{Origin, Word};

    #[test]
    fn words_in_a_row_are_counted() {
        let transcript = |text: &str| Transcript {
            words: text.split(' ').map(Word::untimed).collect(),
            ..Transcript::empty(Origin::Imported)
        };
        let transcripts = [transcript("The tide, the tide came"), transcript("in the tide")];
        let counts = Counts::of(transcripts.iter());
        let asked: [&[&str]; 6] =
            [&[], &["the"], &["the", "tide"], &["came", "in"], &["tide", "the", "tide"], &["ebb"]];
        assert_eq!(asked.map(|words| counts.count(words)), [8, 3, 3, 0, 1, 0]);
        assert_eq!([counts.transcripts_with("tide"), counts.transcripts_with("in")], [2, 1]);
    }
}
