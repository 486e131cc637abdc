//! The terms of the index with the words that they were made of, and how these sound.

use crate::analysis::{Analyzer, Rules};
use crate::schema::Fields;
use ear_language::sounds::{Phone, pronounce_first};
use std::collections::HashMap;
use tantivy::SegmentReader;

/// A term's other forms are rare and mostly sound alike, so few are kept.
const MAX_FORMS: usize = 4;

/// The terms of an index.
#[derive(Clone, Default)]
pub(crate) struct Vocabulary {
    numbers: HashMap<Box<str>, u32>,
    entries: Vec<Entry>,
    words: u64,
}

/// A term.
#[derive(Clone, Default)]
pub(crate) struct Entry {
    /// How often it was said.
    pub count: u64,
    /// The words it stands for, most frequent first.
    pub forms: Vec<Form>,
}

/// A word as it is spelled, folded.
#[derive(Clone)]
pub(crate) struct Form {
    pub text: Box<str>,
    /// How many passages hold it.
    passages: u64,
    pub phones: Box<[Phone]>,
}

impl Vocabulary {
    /// The number of a term, new where it has none.
    pub(crate) fn number(&mut self, term: &str) -> u32 {
        if let Some(&number) = self.numbers.get(term) {
            return number;
        }
        let number = self.entries.len() as u32;
        self.numbers.insert(term.into(), number);
        self.entries.push(Entry::default());
        number
    }

    /// Counts how often each term was said, anew.
    pub(crate) fn count(&mut self, said: impl Iterator<Item = u32>) {
        self.entries.iter_mut().for_each(|entry| entry.count = 0);
        self.words = 0;
        for number in said {
            self.entries[number as usize].count += 1;
            self.words += 1;
        }
    }

    /// How many words were said.
    pub(crate) fn words(&self) -> u64 {
        self.words
    }

    /// Its terms by number.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The term of this number.
    pub(crate) fn entry(&self, number: u32) -> &Entry {
        &self.entries[number as usize]
    }

    /// The number of a term, where it has one.
    pub(crate) fn find(&self, term: &str) -> Option<u32> {
        self.numbers.get(term).copied()
    }

    /// Learns the forms that a segment holds, and how they sound.
    pub(crate) fn learn(&mut self, segment: &SegmentReader, fields: Fields, rules: &[Rules]) -> tantivy::Result<()> {
        let analyzers: Vec<Analyzer> = rules.iter().map(|&rules| Analyzer::new(rules)).collect();
        let index = segment.inverted_index(fields.form)?;
        let mut forms = index.terms().stream()?;
        while forms.advance() {
            let Ok(form) = std::str::from_utf8(forms.key()) else { continue };
            let passages = u64::from(forms.value().doc_freq);
            for analyzer in &analyzers {
                let numbers: Vec<u32> = analyzer.terms(form).iter().filter_map(|term| self.find(term)).collect();
                if let [number] = numbers[..] {
                    self.entries[number as usize].learn(form, passages);
                }
            }
        }
        Ok(())
    }
}

impl Entry {
    /// How its most frequent form sounds.
    pub(crate) fn phones(&self) -> &[Phone] {
        self.forms.first().map_or(&[], |form| &form.phones)
    }

    /// Its most frequent form.
    pub(crate) fn text(&self) -> &str {
        self.forms.first().map_or("", |form| &form.text)
    }

    fn learn(&mut self, text: &str, passages: u64) {
        match self.forms.iter().position(|form| *form.text == *text) {
            Some(at) => self.forms[at].passages += passages,
            None if self.forms.len() == MAX_FORMS => return,
            None => {
                let mut phones = Vec::new();
                pronounce_first(text, &mut phones);
                self.forms.push(Form { text: text.into(), passages, phones: phones.into() });
            }
        }
        self.forms.sort_by(|a, b| b.passages.cmp(&a.passages).then_with(|| a.text.cmp(&b.text)));
    }
}
