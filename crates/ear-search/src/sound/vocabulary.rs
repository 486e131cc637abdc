//! The terms of the index with the words that they were made of, and how these sound.

use super::cores::side_by_side;
use crate::analysis::{Analyzer, Rules};
use crate::schema::Fields;
use ear_language::sounds::{Phone, pronounce_first};
use std::collections::HashMap;
use tantivy::SegmentReader;

/// A term's other forms are rare and mostly sound alike, so few are kept.
const MAX_FORMS: usize = 4;
/// Forms that one core pronounces at a time.
const SHARE: usize = 1024;

/// Terms, and phones.
type Said = (Vec<u32>, Vec<Phone>);

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
        let mut forms: Vec<(Box<str>, u64)> = Vec::new();
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            if let Ok(form) = std::str::from_utf8(terms.key()) {
                forms.push((form.into(), u64::from(terms.value().doc_freq)));
            }
        }
        let said = |share: &&[(Box<str>, u64)]| share.iter().map(|(form, _)| self.said(form, &analyzers)).collect();
        let shares: Vec<&[(Box<str>, u64)]> = forms.chunks(SHARE).collect();
        let all: Vec<Vec<Said>> = side_by_side(&shares, said);
        for ((form, passages), (numbers, phones)) in forms.iter().zip(all.into_iter().flatten()) {
            numbers.iter().for_each(|&number| self.entries[number as usize].learn(form, *passages, &phones));
        }
        Ok(())
    }

    /// The terms that a form is of, by each analyzer, and how it sounds.
    fn said(&self, form: &str, analyzers: &[Analyzer]) -> Said {
        let mut numbers: Vec<u32> = Vec::new();
        for analyzer in analyzers {
            let terms: Vec<u32> = analyzer.terms(form).iter().filter_map(|term| self.find(term)).collect();
            if let [number] = terms[..] {
                numbers.push(number);
            }
        }
        let mut phones = Vec::new();
        if !numbers.is_empty() {
            pronounce_first(form, &mut phones);
        }
        (numbers, phones)
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

    fn learn(&mut self, text: &str, passages: u64, phones: &[Phone]) {
        match self.forms.iter().position(|form| *form.text == *text) {
            Some(at) => self.forms[at].passages += passages,
            None if self.forms.len() == MAX_FORMS => return,
            None => self.forms.push(Form { text: text.into(), passages, phones: phones.into() }),
        }
        self.forms.sort_by(|a, b| b.passages.cmp(&a.passages).then_with(|| a.text.cmp(&b.text)));
    }
}
