//! How the terms of an index sound, laid out to be looked through.
//!
//! Words are made of pieces of three phones, of which there are far fewer than words. What a piece costs at the least is
//! found out once for a name, and adds up to a bound for every word.

use super::vocabulary::Entry;
use ear_language::sounds::{Abreast, Least, Phone};
use std::collections::HashMap;
use std::ops::Range;

/// Phones of a piece. Of longer ones there would be as many as there are words.
const PIECE: usize = 3;

/// The pieces that the forms of each term are made of.
pub(crate) struct Spoken {
    /// In order, so that those that begin alike come one after another.
    pieces: Vec<Box<[Phone]>>,
    /// Of all forms, one after another: indices into the pieces.
    parts: Vec<u16>,
    /// Where the parts of each form begin, and at last where the last ones end.
    forms: Vec<u32>,
    /// Where the forms of each term begin, and at last where the last ones end.
    terms: Vec<u32>,
    /// The phones of all forms, one after another.
    phones: Vec<Phone>,
    /// Where those of each form begin, and at last where the last ones end.
    starts: Vec<u32>,
    /// Where the phones of each term's most frequent form stand.
    first: Vec<(u32, u32)>,
}

impl Spoken {
    pub(crate) fn new(entries: &[Entry]) -> Self {
        let all = || entries.iter().flat_map(|entry| &entry.forms).flat_map(|form| form.phones.chunks(PIECE));
        let mut numbers: HashMap<&[Phone], u16> = all().map(|piece| (piece, 0)).collect();
        let mut pieces: Vec<&[Phone]> = numbers.keys().copied().collect();
        pieces.sort_unstable();
        for (number, piece) in pieces.iter().enumerate() {
            // There are fewer than 65,536 ways to put three of 39 phones.
            numbers.insert(piece, number as u16);
        }
        let mut spoken = Self {
            pieces: Vec::new(),
            parts: Vec::new(),
            forms: vec![0],
            terms: vec![0],
            phones: Vec::new(),
            starts: vec![0],
            first: Vec::with_capacity(entries.len()),
        };
        for entry in entries {
            let first = spoken.phones.len() as u32;
            spoken.first.push((first, first + entry.phones().len() as u32));
            for form in &entry.forms {
                spoken.phones.extend_from_slice(&form.phones);
                spoken.starts.push(spoken.phones.len() as u32);
                spoken.parts.extend(form.phones.chunks(PIECE).map(|piece| numbers[piece]));
                spoken.forms.push(spoken.parts.len() as u32);
            }
            spoken.terms.push(spoken.forms.len() as u32 - 1);
        }
        spoken.pieces = pieces.into_iter().map(Box::from).collect();
        spoken
    }

    /// How the most frequent form of a term sounds.
    pub(crate) fn phones(&self, term: u32) -> &[Phone] {
        let (from, to) = self.first[term as usize];
        &self.phones[from as usize..to as usize]
    }

    /// How each form of a term sounds, most frequent first.
    pub(crate) fn forms(&self, term: u32) -> impl Iterator<Item = &[Phone]> {
        self.numbers(term).map(|form| &self.phones[self.starts[form] as usize..self.starts[form + 1] as usize])
    }

    /// The numbers of a term's forms.
    fn numbers(&self, term: u32) -> Range<usize> {
        self.terms[term as usize] as usize..self.terms[term as usize + 1] as usize
    }

    /// What every piece costs at the least.
    pub(crate) fn least(&self, readings: &Abreast) -> Vec<Least> {
        readings.least(self.pieces.iter().map(|piece| &**piece))
    }

    /// What each form of a term costs at the least, by what the pieces do.
    pub(crate) fn of_term<'a>(&'a self, term: u32, least: &'a [Least]) -> impl Iterator<Item = Least> + 'a {
        self.numbers(term).map(move |form| {
            let parts = &self.parts[self.forms[form] as usize..self.forms[form + 1] as usize];
            parts.iter().fold(Least::NOTHING, |sum, &piece| sum + least[usize::from(piece)])
        })
    }
}
