//! How the terms of an index sound, laid out to be looked through.
//!
//! Words are made of pieces of three phones, of which there are far fewer than words. What a piece costs at the least is
//! found out once for a name, and adds up to a bound for every word. Words that begin alike stand together, so that
//! their beginning is compared once.

use super::vocabulary::Entry;
use ear_language::sounds::{Abreast, Least, Phone, Said};
use std::collections::HashMap;
use std::ops::Range;

/// Phones of a piece. Of longer ones there would be as many as there are words.
const PIECE: usize = 3;
/// Pieces of a word in a row: few words have more, and all rows are as long, so that none is waited for.
const PARTS: usize = 4;
/// Phones by which words are put in order: so many fit in a number.
const ORDERED: usize = 10;
/// Most terms have no more phones than these, and all terms' are kept in rows of so many.
const SHORT: usize = 15;

/// How the forms of each term sound. Forms have numbers by how they sound; those that begin alike come one after
/// another.
pub(crate) struct Spoken {
    pieces: Vec<Box<[Phone]>>,
    /// The first pieces of each form, as indices; as many as a row has, where there are fewer the last is of no phones.
    parts: Vec<[u16; PARTS]>,
    /// The phones of all forms, one after another.
    phones: Vec<Phone>,
    /// Where the phones of each form begin, and at last where the last ones end.
    starts: Vec<u32>,
    /// The term that each form is of.
    terms: Vec<u32>,
    /// The forms of each term, most frequent first, one after another.
    forms: Vec<u32>,
    /// Where the forms of each term begin, and at last where the last ones end.
    of_terms: Vec<u32>,
    /// How many phones the most frequent form of each term has, and these where it is not longer than they may be.
    short: Vec<(u8, [Said; SHORT])>,
}

impl Spoken {
    pub(crate) fn new(entries: &[Entry]) -> Self {
        let all = entries.iter().flat_map(|entry| &entry.forms).map(|form| &*form.phones);
        let all: Vec<&[Phone]> = all.collect();
        let mut numbers: HashMap<&[Phone], u16> =
            all.iter().flat_map(|phones| phones.chunks(PIECE)).map(|piece| (piece, 0)).collect();
        numbers.insert(&[], 0);
        let mut pieces: Vec<&[Phone]> = numbers.keys().copied().collect();
        pieces.sort_unstable();
        for (number, piece) in pieces.iter().enumerate() {
            // There are fewer than 65,536 ways to put three of 39 phones.
            numbers.insert(piece, number as u16);
        }
        let mut order: Vec<(u64, u32)> = all.iter().map(|phones| key(phones)).zip(0..).collect();
        order.sort_unstable();
        let mut of_terms = vec![0];
        let mut owners = Vec::with_capacity(all.len());
        for (term, entry) in entries.iter().enumerate() {
            owners.extend(entry.forms.iter().map(|_| term as u32));
            of_terms.push(owners.len() as u32);
        }
        let (mut parts, mut phones, mut starts) = (Vec::with_capacity(all.len()), Vec::new(), vec![0]);
        let mut forms = vec![0; all.len()];
        for (number, &(_, form)) in order.iter().enumerate() {
            let said = all[form as usize];
            let mut row = [0; PARTS];
            row.iter_mut().zip(said.chunks(PIECE)).for_each(|(part, piece)| *part = numbers[piece]);
            parts.push(row);
            phones.extend_from_slice(said);
            starts.push(phones.len() as u32);
            forms[form as usize] = number as u32;
        }
        Self {
            pieces: pieces.into_iter().map(Box::from).collect(),
            parts,
            phones,
            starts,
            terms: order.iter().map(|&(_, form)| owners[form as usize]).collect(),
            forms,
            of_terms,
            short: entries.iter().map(|entry| short(entry.phones())).collect(),
        }
    }

    /// How many forms there are.
    pub(crate) fn forms(&self) -> u32 {
        self.terms.len() as u32
    }

    /// The term that a form is of.
    pub(crate) fn term(&self, form: u32) -> u32 {
        self.terms[form as usize]
    }

    /// The forms of a term, most frequent first.
    pub(crate) fn forms_of(&self, term: u32) -> &[u32] {
        &self.forms[self.of_terms[term as usize] as usize..self.of_terms[term as usize + 1] as usize]
    }

    /// How a form sounds.
    pub(crate) fn phones(&self, form: u32) -> &[Phone] {
        &self.phones[self.starts[form as usize] as usize..self.starts[form as usize + 1] as usize]
    }

    /// How the most frequent form of a term sounds.
    pub(crate) fn phones_of(&self, term: u32) -> &[Phone] {
        self.forms_of(term).first().map_or(&[], |&form| self.phones(form))
    }

    /// Appends how terms in a row sound, each in its most frequent form.
    pub(crate) fn say(&self, terms: impl Iterator<Item = u32>, said: &mut Vec<Said>) {
        for term in terms {
            let (length, short) = &self.short[term as usize];
            let length = usize::from(*length);
            if length <= SHORT {
                // All of the row is quicker to copy than a part of it.
                let end = said.len() + length;
                said.extend_from_slice(short);
                said.truncate(end);
            } else {
                said.extend(marked(self.phones_of(term)));
            }
        }
    }

    /// What every piece costs at the least.
    pub(crate) fn pieces(&self, readings: &Abreast) -> Vec<Least> {
        readings.least(self.pieces.iter().map(|piece| &**piece))
    }

    /// What a form costs at the least, by what its pieces do; nothing is known of those that have more than a row holds.
    #[inline]
    pub(crate) fn least(&self, form: u32, pieces: &[Least]) -> Least {
        let length = self.starts[form as usize + 1] - self.starts[form as usize];
        if length as usize > PARTS * PIECE {
            return Least::NOTHING;
        }
        let [first, second, third, fourth] = self.parts[form as usize].map(|part| pieces[usize::from(part)]);
        first + second + (third + fourth)
    }

    /// A share of the forms after another.
    pub(crate) fn shares(&self, of: u32) -> Vec<Range<u32>> {
        (0..self.forms()).step_by(of as usize).map(|from| from..(from + of).min(self.forms())).collect()
    }
}

/// Puts phones in order by the first of them.
fn key(phones: &[Phone]) -> u64 {
    let number = |at: usize| phones.get(at).map_or(0, |phone| 1 + phone.index() as u64);
    (0..ORDERED).fold(0, |key, at| key << 6 | number(at))
}

fn marked(phones: &[Phone]) -> impl Iterator<Item = Said> {
    phones.iter().enumerate().map(|(at, &phone)| Said::new(phone, at + 1 == phones.len()))
}

fn short(phones: &[Phone]) -> (u8, [Said; SHORT]) {
    let mut row = [Said::NOTHING; SHORT];
    row.iter_mut().zip(marked(phones)).for_each(|(place, said)| *place = said);
    (u8::try_from(phones.len()).unwrap_or(u8::MAX), row)
}
