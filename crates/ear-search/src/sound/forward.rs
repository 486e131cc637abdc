//! The words of the index in the order in which they were said.
//!
//! The index leads from words to places. To compare what stands around a place, the way back is needed: it is made
//! once for each segment, from the positions that are in the index anyway, and kept in memory (eight bytes a word, with
//! the places of each word) as long as the index is open. Nothing of it is on disk.

use super::cores::side_by_side;
use super::vocabulary::Vocabulary;
use crate::schema::Fields;
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use tantivy::postings::{Postings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED};

/// Marks terms that belong to the passages after.
const TAIL: u32 = 1 << 31;
/// Into so many shares the terms of a segment are cut, to be read side by side.
const SHARES: usize = 8;

/// The terms of one segment's passages, each followed by the first that come after it in its turn.
pub(crate) struct Forward {
    /// Where each passage begins among the terms, and at last where the last one ends.
    starts: Vec<u32>,
    /// Numbers of the vocabulary.
    terms: Vec<u32>,
    /// Where each term stands among all, term after term.
    places: Vec<u32>,
    /// Where the places of each term begin, and at last where the last ones end.
    of_terms: Vec<u32>,
}

impl Forward {
    /// Turns a segment round. New terms get their numbers.
    pub(crate) fn new(segment: &SegmentReader, fields: Fields, vocabulary: &mut Vocabulary) -> tantivy::Result<Self> {
        let index = segment.inverted_index(fields.body)?;
        let mut all: Vec<(TermInfo, u32)> = Vec::new();
        let mut keys: Vec<Box<str>> = Vec::new();
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            if let Ok(key) = std::str::from_utf8(terms.key()) {
                all.push((terms.value().clone(), 0));
                keys.push(key.into());
            }
        }
        // Frequent terms get the first numbers: what is known of them then lies close together, and stays at hand.
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|&at| Reverse(all[at].0.doc_freq));
        for at in order {
            let (term, tail) = keys[at].strip_prefix('>').map_or((&*keys[at], 0), |term| (term, TAIL));
            all[at].1 = vocabulary.number(term) | tail;
        }
        let shares: Vec<&[(TermInfo, u32)]> = all.chunks(all.len().div_ceil(SHARES).max(1)).collect();
        let starts = starts(&index, &shares, segment.max_doc())?;
        let terms: Vec<AtomicU32> = (0..starts[starts.len() - 1]).map(|_| AtomicU32::new(0)).collect();
        let place = |share: &&[(TermInfo, u32)]| -> tantivy::Result<()> {
            let mut positions = Vec::new();
            for (info, number) in *share {
                let option = IndexRecordOption::WithFreqsAndPositions;
                let mut postings = index.read_postings_from_terminfo(info, option)?;
                while postings.doc() != TERMINATED {
                    postings.positions(&mut positions);
                    let start = starts[postings.doc() as usize] as usize;
                    let length = starts[postings.doc() as usize + 1] as usize - start;
                    for &position in positions.iter().filter(|&&position| (position as usize) < length) {
                        terms[start + position as usize].store(*number, Ordering::Relaxed);
                    }
                    postings.advance();
                }
            }
            Ok(())
        };
        side_by_side(&shares, place).into_iter().collect::<tantivy::Result<()>>()?;
        let terms: Vec<u32> = terms.into_iter().map(AtomicU32::into_inner).collect();
        let (places, of_terms) = places(&terms);
        Ok(Self { starts, terms, places, of_terms })
    }

    /// Where among all terms one stands, in order.
    pub(crate) fn places(&self, term: u32) -> &[u32] {
        let Some(&[start, end]) = self.of_terms.get(term as usize..term as usize + 2) else { return &[] };
        &self.places[start as usize..end as usize]
    }

    /// All terms that belong to their passage.
    pub(crate) fn said(&self) -> impl Iterator<Item = u32> {
        self.terms.iter().copied().filter(|term| term & TAIL == 0)
    }

    /// How many passages there are.
    pub(crate) fn passages(&self) -> DocId {
        self.starts.len() as DocId - 1
    }

    /// Where the terms of a passage stand among all: its own, then those that follow.
    pub(crate) fn range(&self, doc: DocId) -> Range<usize> {
        self.starts[doc as usize] as usize..self.starts[doc as usize + 1] as usize
    }

    /// How many terms there are.
    pub(crate) fn len(&self) -> usize {
        self.terms.len()
    }

    /// The number of a term, by its place among all.
    #[inline]
    pub(crate) fn term(&self, at: usize) -> u32 {
        self.terms[at] & !TAIL
    }

    /// The terms of a passage.
    pub(crate) fn passage(&self, doc: DocId) -> Passage<'_> {
        Passage { terms: &self.terms[self.range(doc)] }
    }
}

/// Where each term stands, term after term, and where the places of each begin (counting sort).
fn places(terms: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let number = |term: &u32| (term & !TAIL) as usize;
    let mut of_terms = vec![0_u32; terms.iter().map(number).max().map_or(0, |last| last + 1) + 1];
    terms.iter().for_each(|term| of_terms[number(term) + 1] += 1);
    let mut end = 0;
    for start in &mut of_terms {
        end += *start;
        *start = end;
    }
    let mut next = of_terms.clone();
    let mut places = vec![0; terms.len()];
    for (at, term) in terms.iter().enumerate() {
        let next = &mut next[number(term)];
        places[*next as usize] = at as u32;
        *next += 1;
    }
    (places, of_terms)
}

/// Where each passage begins among the terms of all, and at last where the last one ends.
fn starts(index: &InvertedIndexReader, shares: &[&[(TermInfo, u32)]], passages: DocId) -> tantivy::Result<Vec<u32>> {
    let count = |share: &&[(TermInfo, u32)]| -> tantivy::Result<Vec<u32>> {
        let mut lengths = vec![0_u32; passages as usize];
        for (info, _) in *share {
            let mut postings = index.read_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
            while postings.doc() != TERMINATED {
                lengths[postings.doc() as usize] += postings.term_freq();
                postings.advance();
            }
        }
        Ok(lengths)
    };
    let mut starts = vec![0_u32; passages as usize + 1];
    for lengths in side_by_side(shares, count) {
        for (sum, length) in starts[1..].iter_mut().zip(lengths?) {
            *sum += length;
        }
    }
    let mut end = 0;
    for start in &mut starts {
        end += *start;
        *start = end;
    }
    Ok(starts)
}

/// The terms of one passage.
#[derive(Clone, Copy)]
pub(crate) struct Passage<'a> {
    terms: &'a [u32],
}

impl Passage<'_> {
    #[cfg(test)]
    pub(crate) fn len(self) -> usize {
        self.terms.len()
    }

    /// The number of a term.
    pub(crate) fn at(self, position: usize) -> u32 {
        self.terms[position] & !TAIL
    }

    /// Whether the term belongs to a passage after.
    pub(crate) fn is_tail(self, position: usize) -> bool {
        self.terms[position] & TAIL != 0
    }
}
