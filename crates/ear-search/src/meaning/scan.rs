//! Compares a vector with all others, one by one, on two threads.

use super::table::Laid;
use crate::index::View;
use ear_language::vectors::{SIZE, Vector};
use std::ops::Range;
use std::thread;
use tantivy::TERMINATED;
use tantivy::query::{EnableScoring, Query};

/// Fewer rows are looked through before another thread has begun.
const ALONE: u32 = 20_000;

/// A row and how near it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Near {
    pub row: u32,
    pub cosine: f32,
}

/// Parts of a query's vector, widened once for all rows.
pub(crate) fn wide(meant: &Vector) -> [i16; SIZE] {
    let mut parts = [0; SIZE];
    parts.iter_mut().zip(meant.parts()).for_each(|(wide, part)| *wide = i16::from(*part));
    parts
}

/// The inner product; a sum of [`SIZE`] products of signed bytes fits 32 bits many times over.
pub(crate) fn multiplied(parts: &[i8], with: &[i16; SIZE]) -> i32 {
    // Wrapping, so that builds that check for overflow take many at once, too.
    let product = |(&a, &b): (&i8, &i16)| i32::from(i16::from(a)).wrapping_mul(i32::from(b));
    parts.iter().zip(with).map(product).fold(0, i32::wrapping_add)
}

impl Laid {
    /// The nearest rows, best first and equal ones in their order: at most `most`, none below `floor`, and of those
    /// that are in the index only what `wanted` lets through.
    pub(crate) fn near(
        &self,
        view: &View,
        wanted: Option<&dyn Query>,
        meant: &Vector,
        floor: f32,
        most: usize,
    ) -> tantivy::Result<Vec<Near>> {
        let allowed = wanted.map(|wanted| self.allowed(view, wanted)).transpose()?;
        let scan =
            Scan { laid: self, allowed: allowed.as_deref(), with: wide(meant), scale: meant.scale(), floor, most };
        let rows = self.starts.last().copied().unwrap_or(0);
        let half = self.starts.partition_point(|start| *start < rows / 2).min(self.chunks.len());
        let mut best = if rows < ALONE {
            scan.chunks(0..self.chunks.len())
        } else {
            thread::scope(|scope| {
                let other = scope.spawn(|| scan.chunks(0..half));
                let mut best = scan.chunks(half..self.chunks.len());
                match other.join() {
                    Ok(found) => best.extend(found),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
                best
            })
        };
        keep(&mut best, most);
        Ok(best)
    }

    /// Which rows a query lets through.
    fn allowed(&self, view: &View, wanted: &dyn Query) -> tantivy::Result<Vec<bool>> {
        let mut allowed = vec![false; self.starts.last().map_or(0, |rows| *rows as usize)];
        let weight = wanted.weight(EnableScoring::disabled_from_searcher(&view.searcher))?;
        for (ord, segment) in view.searcher.segment_readers().iter().enumerate() {
            let mut docs = weight.scorer(segment, 1.0)?;
            let mut doc = docs.doc();
            while doc != TERMINATED {
                // Those that were deleted have no row.
                if let Some(row) = self.row(tantivy::DocAddress::new(ord as u32, doc)) {
                    allowed[row as usize] = true;
                }
                doc = docs.advance();
            }
        }
        Ok(allowed)
    }
}

struct Scan<'a> {
    laid: &'a Laid,
    allowed: Option<&'a [bool]>,
    with: [i16; SIZE],
    scale: f32,
    floor: f32,
    most: usize,
}

impl Scan<'_> {
    fn chunks(&self, range: Range<usize>) -> Vec<Near> {
        let mut best = Vec::new();
        let mut floor = self.floor;
        for at in range {
            let (chunk, start) = (&self.laid.chunks[at], self.laid.starts[at]);
            for (within, parts) in chunk.parts.chunks_exact(SIZE).enumerate() {
                let cosine = multiplied(parts, &self.with) as f32 * chunk.scales[within] * self.scale;
                let row = start + within as u32;
                if cosine < floor || !self.lets_through(row) {
                    continue;
                }
                best.push(Near { row, cosine });
                if best.len() >= 4 * self.most {
                    keep(&mut best, self.most);
                    floor = best.last().map_or(floor, |worst| worst.cosine.max(floor));
                }
            }
        }
        best
    }

    fn lets_through(&self, row: u32) -> bool {
        self.laid.is_indexed(row) && self.allowed.is_none_or(|allowed| allowed[row as usize])
    }
}

/// Sorts them, best first, and drops the worst.
fn keep(best: &mut Vec<Near>, most: usize) {
    best.sort_unstable_by(|a, b| b.cosine.total_cmp(&a.cosine).then(a.row.cmp(&b.row)));
    best.truncate(most);
}
