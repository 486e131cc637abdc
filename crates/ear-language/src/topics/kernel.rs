//! What a stretch costs by its meaning: cheap where all sentences point the same way.
//!
//! The cost is that of kernel change points (Arlot, Celisse, Harchaoui 2019, "A Kernel Multiple Change-point Algorithm
//! via Model Selection") with the cosine of sentence vectors as the kernel: Σ w − |Σ w·v|² / Σ w.

use crate::vectors::{SIZE, Vector};

/// Longer sentences say no more of their topic than one of this many words.
const MOST_WORDS: f32 = 30.0;

/// Parts that are summed side by side; divides [`SIZE`].
const LANES: usize = 16;

/// Sentence vectors made ready: those of the document less their mean, and how much each counts.
pub(super) struct Directions {
    vectors: Vec<f32>,
    weights: Vec<f32>,
}

impl Directions {
    /// `words` has the length of each sentence: "Yeah." says little of what is talked about.
    pub fn new(vectors: &[Vector], words: &[usize]) -> Self {
        let weights: Vec<f32> = words.iter().map(|&words| (words as f32).min(MOST_WORDS) / MOST_WORDS).collect();
        let mut all: Vec<f32> = vectors.iter().flat_map(Vector::to_floats).collect();
        let mut mean = vec![0.0; SIZE];
        for (vector, weight) in all.chunks(SIZE).zip(&weights) {
            mean.iter_mut().zip(vector).for_each(|(mean, part)| *mean += part * weight);
        }
        let sum = weights.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        for vector in all.chunks_mut(SIZE) {
            vector.iter_mut().zip(&mean).for_each(|(part, mean)| *part -= mean / sum);
            let length = vector.iter().map(|part| part * part).sum::<f32>().sqrt();
            if length > 0.0 {
                vector.iter_mut().for_each(|part| *part /= length);
            }
        }
        Self { vectors: all, weights }
    }
}

/// The cost of one stretch, sentence by sentence.
pub(super) struct Kernel<'a> {
    directions: &'a Directions,
    sum: Vec<f32>,
    /// |Σ w·v|².
    square: f64,
    weight: f64,
    next: usize,
}

impl<'a> Kernel<'a> {
    pub fn new(directions: &'a Directions) -> Self {
        Self { directions, sum: vec![0.0; SIZE], square: 0.0, weight: 0.0, next: 0 }
    }

    /// Begins a stretch at a sentence, still without it.
    pub fn begin(&mut self, unit: usize) {
        self.sum.fill(0.0);
        (self.square, self.weight, self.next) = (0.0, 0.0, unit);
    }

    /// Adds the next sentence; what the stretch costs now.
    pub fn add(&mut self) -> f64 {
        let vector = &self.directions.vectors[self.next * SIZE..][..SIZE];
        let weight = self.directions.weights[self.next];
        // Several sums side by side, as a processor adds that way.
        let (mut with_sum, mut with_self) = ([0.0_f32; LANES], [0.0_f32; LANES]);
        for (sums, parts) in self.sum.chunks_exact_mut(LANES).zip(vector.chunks_exact(LANES)) {
            for lane in 0..LANES {
                let part = parts[lane] * weight;
                with_sum[lane] += sums[lane] * part;
                with_self[lane] += part * part;
                sums[lane] += part;
            }
        }
        let (with_sum, with_self): (f32, f32) = (with_sum.iter().sum(), with_self.iter().sum());
        self.square += f64::from(2.0 * with_sum + with_self);
        self.weight += f64::from(weight);
        self.next += 1;
        if self.weight > 0.0 { self.weight - self.square / self.weight } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(index: usize) -> Vector {
        let mut floats = [0.0; SIZE];
        floats[index] = 1.0;
        Vector::from_floats(&floats)
    }

    #[test]
    fn a_stretch_of_one_direction_costs_nothing() {
        let directions = Directions::new(&[axis(0), axis(0), axis(1), axis(1)], &[30, 30, 30, 90]);
        let mut cost = Kernel::new(&directions);
        cost.begin(0);
        let costs = [cost.add(), cost.add(), cost.add(), cost.add()];
        // Less their mean the two directions are opposite.
        for (found, expected) in costs.iter().zip([0.0, 0.0, 3.0 - 1.0 / 3.0, 4.0]) {
            assert!((found - expected).abs() < 1e-5, "{costs:?}");
        }
        cost.begin(2);
        cost.add();
        assert!(cost.add().abs() < 1e-5);
    }
}
