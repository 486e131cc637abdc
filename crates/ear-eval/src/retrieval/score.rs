//! How well a list of paragraphs answers a question that one of them answers.

use serde::Serialize;
use std::collections::BTreeMap;

/// Hits that people look at.
const TOP: usize = 10;
/// What Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion", add to ranks.
const RANK: f64 = 60.0;

/// Means over all questions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Normalised discounted cumulative gain of the first ten.
    pub ndcg10: f64,
    /// One by the rank of the right one.
    pub mrr: f64,
    /// How often the first is right.
    pub r1: f64,
    /// How often one of the first ten is.
    pub r10: f64,
}

/// Adds answers up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scores {
    asked: f64,
    ndcg10: f64,
    mrr: f64,
    r1: f64,
    r10: f64,
}

impl Scores {
    /// An answer: paragraphs, best first, and the right one.
    pub fn add(&mut self, found: &[usize], right: usize) {
        self.asked += 1.0;
        let Some(at) = found.iter().position(|paragraph| *paragraph == right) else { return };
        self.mrr += 1.0 / (at + 1) as f64;
        self.r1 += f64::from(u8::from(at == 0));
        if at < TOP {
            self.r10 += 1.0;
            self.ndcg10 += 1.0 / (at as f64 + 2.0).log2();
        }
    }

    /// Their means.
    pub fn figures(&self) -> Figures {
        let mean = |sum: f64| sum / self.asked.max(1.0);
        Figures { ndcg10: mean(self.ndcg10), mrr: mean(self.mrr), r1: mean(self.r1), r10: mean(self.r10) }
    }
}

/// Several lists as one, by reciprocal ranks.
pub fn reciprocal_ranks(lists: &[&[usize]]) -> Vec<usize> {
    let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
    for list in lists {
        for (at, paragraph) in list.iter().enumerate() {
            *scores.entry(*paragraph).or_default() += 1.0 / (RANK + (at + 1) as f64);
        }
    }
    let mut fused: Vec<(usize, f64)> = scores.into_iter().collect();
    fused.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    fused.into_iter().map(|(paragraph, _)| paragraph).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_count() {
        let mut scores = Scores::default();
        scores.add(&[7, 8], 7);
        scores.add(&[7, 8, 9], 9);
        scores.add(&[7], 9);
        scores.add(&(0..11).collect::<Vec<_>>(), 10);
        let Figures { ndcg10, mrr, r1, r10 } = scores.figures();
        assert_eq!((ndcg10, r1, r10), (1.5 / 4.0, 0.25, 0.5));
        assert!((mrr - (1.0 + 1.0 / 3.0 + 1.0 / 11.0) / 4.0).abs() < 1e-9);
    }

    #[test]
    fn what_two_lists_have_comes_first() {
        assert_eq!(reciprocal_ranks(&[&[1, 2, 3], &[3, 4]]), [3, 1, 2, 4]);
        assert!(reciprocal_ranks(&[]).is_empty());
    }
}
