//! Ranks and counts passages in one pass, the same way whatever segments they lie in.

use crate::request::Order;
use crate::schema::column;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

/// A passage with what ranks it; the greater is shown first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ranked {
    /// Greater is better.
    key: u64,
    /// Smaller comes first.
    episode: i64,
    first_word: u64,
    pub score: Score,
    pub address: DocAddress,
}

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |passage: &Self| (passage.key, Reverse((passage.episode, passage.first_word, passage.address)));
        rank(self).cmp(&rank(other))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Collects the best `keep` passages, best first, and the number of all.
pub(crate) struct Ranking {
    pub order: Order,
    pub keep: usize,
}

/// The ranking within one segment.
pub(crate) struct SegmentRanking {
    order: Order,
    keep: usize,
    segment: SegmentOrdinal,
    date: Column<u64>,
    episode: Column<i64>,
    first_word: Column<u64>,
    total: usize,
    /// The worst of the kept is on top.
    best: BinaryHeap<Reverse<Ranked>>,
}

impl Collector for Ranking {
    type Fruit = (usize, Vec<Ranked>);
    type Child = SegmentRanking;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentRanking> {
        let columns = reader.fast_fields();
        Ok(SegmentRanking {
            order: self.order,
            keep: self.keep,
            segment,
            date: columns.u64(column::DATE)?,
            episode: columns.i64(column::EPISODE)?,
            first_word: columns.u64(column::FIRST_WORD)?,
            total: 0,
            best: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Relevance
    }

    fn merge_fruits(&self, segments: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        let total = segments.iter().map(|(total, _)| total).sum();
        let mut best: Vec<Ranked> = segments.into_iter().flat_map(|(_, best)| best).collect();
        best.sort_unstable_by_key(|&passage| Reverse(passage));
        best.truncate(self.keep);
        Ok((total, best))
    }
}

impl SegmentRanking {
    /// The leading part of the key; equal ones are then ordered by episode and place.
    fn key(&self, doc: DocId, score: Score) -> u64 {
        let date = || self.date.first(doc).unwrap_or(0);
        match self.order {
            // Bits of floats that are not negative sort as they do. Equal scores: newest first.
            Order::Relevance => u64::from(score.max(0.0).to_bits()) << 32 | date(),
            Order::Newest => date(),
            Order::Oldest => match date() {
                0 => 0,
                day => u64::from(u32::MAX) - day,
            },
        }
    }

    /// Most passages of a long list are worse than all that are kept; their score alone tells.
    fn is_hopeless(&self, score: Score) -> bool {
        let worst = self.best.peek().filter(|_| self.order == Order::Relevance && self.best.len() == self.keep);
        worst.is_some_and(|Reverse(worst)| score < worst.score)
    }
}

impl SegmentCollector for SegmentRanking {
    type Fruit = (usize, Vec<Ranked>);

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        if self.keep == 0 || self.is_hopeless(score) {
            return;
        }
        let passage = Ranked {
            key: self.key(doc, score),
            episode: self.episode.first(doc).unwrap_or(0),
            first_word: self.first_word.first(doc).unwrap_or(0),
            score,
            address: DocAddress::new(self.segment, doc),
        };
        if self.best.len() < self.keep {
            self.best.push(Reverse(passage));
        } else if let Some(mut worst) = self.best.peek_mut().filter(|worst| worst.0 < passage) {
            *worst = Reverse(passage);
        }
    }

    fn harvest(self) -> Self::Fruit {
        (self.total, self.best.into_iter().map(|Reverse(passage)| passage).collect())
    }
}
