//! The words of the index in the order in which they were said.
//!
//! The index leads from words to places. To compare what stands around a place, the way back is needed: it is made
//! once for each segment, from the positions that are in the index anyway, and kept in memory (four bytes a word) as
//! long as the index is open. Nothing of it is on disk.

use super::vocabulary::Vocabulary;
use crate::schema::Fields;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

/// Marks terms that belong to the passages after.
const TAIL: u32 = 1 << 31;

/// The terms of one segment's passages, each followed by the first that come after it in its turn.
pub(crate) struct Forward {
    /// Where each passage begins among the terms, and at last where the last one ends.
    starts: Vec<u32>,
    /// Numbers of the vocabulary.
    terms: Vec<u32>,
}

impl Forward {
    /// Turns a segment round. New terms get their numbers.
    pub(crate) fn new(segment: &SegmentReader, fields: Fields, vocabulary: &mut Vocabulary) -> tantivy::Result<Self> {
        let index = segment.inverted_index(fields.body)?;
        let mut lengths = vec![0_u32; segment.max_doc() as usize];
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            let mut postings = index.read_postings_from_terminfo(terms.value(), IndexRecordOption::WithFreqs)?;
            while postings.doc() != TERMINATED {
                lengths[postings.doc() as usize] += postings.term_freq();
                postings.advance();
            }
        }
        let mut starts = Vec::with_capacity(lengths.len() + 1);
        let mut end = 0_u32;
        for length in lengths {
            starts.push(end);
            end += length;
        }
        starts.push(end);
        let mut forward = Self { starts, terms: vec![0; end as usize] };
        let mut positions = Vec::new();
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            let Ok(key) = std::str::from_utf8(terms.key()) else { continue };
            let (term, tail) = key.strip_prefix('>').map_or((key, 0), |term| (term, TAIL));
            let number = vocabulary.number(term);
            let option = IndexRecordOption::WithFreqsAndPositions;
            let mut postings = index.read_postings_from_terminfo(terms.value(), option)?;
            while postings.doc() != TERMINATED {
                postings.positions(&mut positions);
                let start = forward.starts[postings.doc() as usize] as usize;
                let length = forward.starts[postings.doc() as usize + 1] as usize - start;
                for &position in positions.iter().filter(|&&position| (position as usize) < length) {
                    forward.terms[start + position as usize] = number | tail;
                }
                postings.advance();
            }
        }
        Ok(forward)
    }

    /// All terms that belong to their passage.
    pub(crate) fn said(&self) -> impl Iterator<Item = u32> {
        self.terms.iter().copied().filter(|term| term & TAIL == 0)
    }

    /// How many passages there are.
    pub(crate) fn passages(&self) -> DocId {
        self.starts.len() as DocId - 1
    }

    /// The terms of a passage: its own, then those that follow.
    pub(crate) fn passage(&self, doc: DocId) -> Passage<'_> {
        let range = self.starts[doc as usize] as usize..self.starts[doc as usize + 1] as usize;
        Passage { terms: &self.terms[range] }
    }
}

/// The terms of one passage.
#[derive(Clone, Copy)]
pub(crate) struct Passage<'a> {
    terms: &'a [u32],
}

impl Passage<'_> {
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
