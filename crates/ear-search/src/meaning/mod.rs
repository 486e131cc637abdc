//! Search by meaning: the vectors of passages, in files beside the index, compared with that of a query one by one.
//!
//! The comparison is exact. A passage is found only where the index holds it as it was when its vector was made, so
//! what the filters leave out, what was removed and what reads otherwise by now is never found.

mod file;
mod scan;
mod table;

pub use file::{Piece, VectorFile, text_key};
pub use table::Vectors;

use crate::index::View;
use crate::query::{filters, plain};
use crate::request::{Order, PassageHit, Request};
use crate::search::{check_filters, hits};
use crate::{Error, WordIndex};
use ear_language::vectors::Vector;
pub(crate) use scan::{Near, multiplied, wide};
use std::ops::Range;
pub(crate) use table::Laid;

/// What is less like a query than this has most likely nothing to do with it. Of questions about heard texts nine in
/// ten find their paragraph above it, and of a thousand paragraphs about other things three are.
pub const FLOOR: f32 = 0.36;
/// Passages are looked at more closely from this cosine on: a sentence of theirs may be nearer.
pub(crate) const LOOKED_AT: f32 = 0.25;
/// No more hits than these: who looks further has asked the wrong question.
pub(crate) const MOST: usize = 500;

/// So many of the nearest passages are looked at sentence by sentence.
pub(crate) const SHARPENED: usize = 100;

/// What is near a query in meaning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeaningAnswer {
    /// How many there are, before paging; 500 at most.
    pub total: usize,
    /// The page asked for; scores are cosines. With each, the sentence that is nearest, where that is known.
    pub hits: Vec<(PassageHit, Option<Range<usize>>)>,
}

/// A passage seen sentence by sentence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sharp {
    /// The mean of the cosines of the passage and of its nearest sentence: better than either.
    pub cosine: f32,
    pub best: Option<Range<usize>>,
}

impl Vectors {
    /// Looks at the sentences of a passage, of which the cosine as a whole is known.
    pub(crate) fn sharp(&self, laid: &Laid, near: Near, meant: &Vector) -> Sharp {
        match self.best_sentence(laid, near.row, meant) {
            Some((best, cosine)) => Sharp { cosine: f32::midpoint(near.cosine, cosine), best: Some(best) },
            None => Sharp { cosine: near.cosine, best: None },
        }
    }
}

/// The words of a query that meaning is asked of, without its fields; `None` where it is more than words: who writes
/// quotes and operators wants them heeded.
///
/// Fails with [`Error::Query`] where it can't be read at all.
pub fn asked_in_words(query: &str) -> Result<Option<String>, Error> {
    let (words, _) = plain(crate::query::parse(query)?);
    Ok(words.map(|words| words.join(" ")).filter(|words| !words.is_empty()))
}

impl WordIndex {
    /// Finds the passages that mean the like of `meant`, the vector of [`asked_in_words`]; the filters and fields of
    /// the request are heeded. The first time after a change the vectors are read, which takes longer.
    pub fn meaning(&self, request: &Request, vectors: &Vectors, meant: &Vector) -> Result<MeaningAnswer, Error> {
        check_filters(request)?;
        let (words, fields) = plain(crate::query::parse(&request.query)?);
        if words.is_none_or(|words| words.is_empty()) {
            return Err(Error::Query {
                message: "meaning is asked in plain words".into(),
                column: 1,
                remedy: "write a question or some words without quotes and operators, or search by words".into(),
            });
        }
        let view = self.view()?;
        let laid = vectors.laid(&view).map_err(|error| self.error(error))?;
        let answer = || -> tantivy::Result<MeaningAnswer> {
            let wanted = filters(fields.as_ref(), request, &view)?;
            let near = laid.near(&view, wanted.as_deref(), meant, LOOKED_AT, MOST)?;
            answered(near, request, (vectors, meant), &laid, &view)
        };
        answer().map_err(|error| self.error(error))
    }
}

fn answered(
    near: Vec<Near>,
    request: &Request,
    (vectors, meant): (&Vectors, &Vector),
    laid: &Laid,
    view: &View,
) -> tantivy::Result<MeaningAnswer> {
    let sharpen = |(at, near): (usize, Near)| match at {
        0..SHARPENED => (near.row, vectors.sharp(laid, near, meant)),
        _ => (near.row, Sharp { cosine: near.cosine, best: None }),
    };
    let mut near: Vec<(u32, Sharp)> = near.into_iter().enumerate().map(sharpen).collect();
    near.retain(|(_, near)| near.cosine >= FLOOR);
    if request.order == Order::Relevance {
        near.sort_by(|a, b| b.1.cosine.total_cmp(&a.1.cosine));
    } else {
        near.sort_by_cached_key(|one| laid.time_key(one.0, request.order));
    }
    let total = near.len();
    let page: Vec<_> = near.into_iter().skip(request.offset).take(request.limit.min(crate::MAX_LIMIT)).collect();
    let found = hits(page.iter().map(|(row, near)| (laid.address(*row), near.cosine)), view)?;
    Ok(MeaningAnswer { total, hits: found.into_iter().zip(page.into_iter().map(|(_, near)| near.best)).collect() })
}
