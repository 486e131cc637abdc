//! What a stretch costs by its words: cheap where few words are said again and again.
//!
//! The cost is the code length of Utiyama and Isahara (2001, "A Statistical Model for Domain-Independent Text
//! Segmentation"): −Σ log((f + 1) / (n + k)) over the terms of the stretch, f being how often a term stands in it, n how
//! many terms it has, k how many distinct ones the document has, up to those of an hour of talk: with the words of a whole
//! day in k, no stretch would look any more alike than another, and hardly anything would be cut.

use super::terms::Terms;

/// The most distinct terms that a document counts as having.
const VOCABULARY: usize = 2_500;

/// The cost of one stretch, unit by unit.
pub(super) struct Lexical<'a> {
    terms: &'a Terms,
    counts: Vec<u32>,
    /// (x + 1)·ln(x + 2) − x·ln(x + 1): what meeting a term for the x + 1st time saves.
    steps: Vec<f64>,
    distinct: f64,
    saved: f64,
    length: usize,
    units: std::ops::Range<usize>,
}

impl<'a> Lexical<'a> {
    pub fn new(terms: &'a Terms) -> Self {
        let distinct = terms.distinct.min(VOCABULARY) as f64;
        Self { terms, counts: vec![0; terms.distinct], steps: Vec::new(), distinct, saved: 0.0, length: 0, units: 0..0 }
    }

    /// Begins a stretch at a unit, still without it.
    pub fn begin(&mut self, unit: usize) {
        for term in self.terms.units[self.units.clone()].iter().flatten() {
            self.counts[*term as usize] = 0;
        }
        self.saved = 0.0;
        self.length = 0;
        self.units = unit..unit;
    }

    /// Adds the next unit; what the stretch costs now, in nats.
    pub fn add(&mut self) -> f64 {
        for &term in &self.terms.units[self.units.end] {
            let count = &mut self.counts[term as usize];
            let times = *count as usize;
            *count += 1;
            while self.steps.len() <= times {
                let x = self.steps.len() as f64;
                self.steps.push((x + 1.0) * (x + 2.0).ln() - x * (x + 1.0).ln());
            }
            self.saved += self.steps[times];
            self.length += 1;
        }
        self.units.end += 1;
        let length = self.length as f64;
        length * (length + self.distinct).max(1.0).ln() - self.saved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same by its definition.
    fn by_definition(terms: &Terms, units: std::ops::Range<usize>) -> f64 {
        let said: Vec<u32> = terms.units[units].iter().flatten().copied().collect();
        let count = |term: u32| said.iter().filter(|other| **other == term).count() as f64;
        let all = (said.len() + terms.distinct) as f64;
        said.iter().map(|term| -((count(*term) + 1.0) / all).ln()).sum()
    }

    #[test]
    fn costs_are_those_of_the_definition() {
        let terms = Terms { units: vec![vec![0, 1, 0], vec![], vec![2, 0], vec![3, 3, 1]], distinct: 4 };
        let mut cost = Lexical::new(&terms);
        for start in [0, 2, 1, 0, 3] {
            cost.begin(start);
            for end in start + 1..=4 {
                let (found, expected) = (cost.add(), by_definition(&terms, start..end));
                assert!((found - expected).abs() < 1e-9, "{start}..{end}: {found} for {expected}");
            }
        }
    }
}
