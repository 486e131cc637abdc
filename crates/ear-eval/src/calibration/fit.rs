//! Maps from a raw score to the probability that a word is right, and how well they do.

use serde::Serialize;

/// Bins of the calibration error.
pub const BINS: usize = 10;
/// Steps of the fit; it settles after a dozen.
const STEPS: usize = 100;
/// Scores are kept this far from 0 and 1, where the logit has no end.
const EDGE: f64 = 1e-4;

/// One word: how sure, from 0 to 1, and whether it was right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The score.
    pub score: f64,
    /// Whether the word was said.
    pub right: bool,
}

/// Words of one range of scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// The range's lower end.
    pub from: f64,
    /// And its upper.
    pub to: f64,
    /// Words.
    pub n: usize,
    /// Those that were right.
    pub right: usize,
    /// Mean score.
    pub mean: Option<f64>,
}

/// The probability that a word is right: the logistic function of `slope` times the score's logit plus `offset`
/// (Platt 1999, "Probabilistic outputs for support vector machines"; on recognisers of all kinds compared in
/// Niculescu-Mizil and Caruana 2005, "Predicting good probabilities with supervised learning").
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Platt {
    /// Of the logit.
    pub slope: f64,
    /// Added to it.
    pub offset: f64,
}

impl Platt {
    /// Changes nothing.
    pub const NONE: Self = Self { slope: 1.0, offset: 0.0 };

    /// The likeliest map for these words, by Newton's method with Platt's own prior, which keeps a fit on words that
    /// are all right from running away; [`Platt::NONE`] for no words.
    pub fn fit(samples: &[Sample]) -> Self {
        let right = samples.iter().filter(|sample| sample.right).count() as f64;
        let wrong = samples.len() as f64 - right;
        if samples.is_empty() {
            return Self::NONE;
        }
        let targets = ((right + 1.0) / (right + 2.0), 1.0 / (wrong + 2.0));
        let points: Vec<(f64, f64)> = samples
            .iter()
            .map(|sample| (logit(sample.score), if sample.right { targets.0 } else { targets.1 }))
            .collect();
        let mut fit = Self { slope: 1.0, offset: 0.0 };
        for _ in 0..STEPS {
            let Some(next) = fit.step(&points) else { break };
            let moved = (next.slope - fit.slope).abs() + (next.offset - fit.offset).abs();
            fit = next;
            if moved < 1e-9 {
                break;
            }
        }
        fit
    }

    /// A step of Newton's method, halved until the likelihood does not fall.
    fn step(self, points: &[(f64, f64)]) -> Option<Self> {
        let (mut slope, mut offset, mut square, mut cross, mut plain) = (0.0, 0.0, 1e-9, 0.0, 1e-9);
        for (x, target) in points {
            let chance = logistic(self.slope * x + self.offset);
            let weight = chance * (1.0 - chance);
            slope += (target - chance) * x;
            offset += target - chance;
            square += weight * x * x;
            cross += weight * x;
            plain += weight;
        }
        let determinant = square * plain - cross * cross;
        let (by, up) =
            ((plain * slope - cross * offset) / determinant, (square * offset - cross * slope) / determinant);
        let before = self.loss(points);
        let mut share = 1.0;
        while share > 1e-6 {
            let next = Self { slope: self.slope + share * by, offset: self.offset + share * up };
            if next.loss(points) <= before {
                return Some(next);
            }
            share /= 2.0;
        }
        None
    }

    fn loss(self, points: &[(f64, f64)]) -> f64 {
        let loss = |(x, target): &(f64, f64)| {
            let chance = logistic(self.slope * x + self.offset).clamp(1e-12, 1.0 - 1e-12);
            -(target * chance.ln() + (1.0 - target) * (1.0 - chance).ln())
        };
        points.iter().map(loss).sum()
    }

    /// The mapped sample.
    pub fn map(self, sample: Sample) -> Sample {
        Sample { score: logistic(self.slope * logit(sample.score) + self.offset), ..sample }
    }

    /// The sample whose map this is.
    pub fn unmap(self, sample: Sample) -> Sample {
        Sample { score: logistic((logit(sample.score) - self.offset) / self.slope), ..sample }
    }
}

fn logit(score: f64) -> f64 {
    let score = score.clamp(EDGE, 1.0 - EDGE);
    (score / (1.0 - score)).ln()
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Words by their scores, in ten ranges of equal width.
pub fn bins(samples: &[Sample]) -> Vec<Bin> {
    let bin = |number: usize| {
        let inside: Vec<&Sample> = samples.iter().filter(|sample| bin_of(sample.score) == number).collect();
        let mean = inside.iter().map(|sample| sample.score).sum::<f64>() / inside.len() as f64;
        Bin {
            from: number as f64 / BINS as f64,
            to: (number + 1) as f64 / BINS as f64,
            n: inside.len(),
            right: inside.iter().filter(|sample| sample.right).count(),
            mean: (!inside.is_empty()).then_some(mean),
        }
    };
    (0..BINS).map(bin).collect()
}

fn bin_of(score: f64) -> usize {
    ((score * BINS as f64) as usize).min(BINS - 1)
}

/// Expected calibration error (Naeini, Cooper, Hauskrecht 2015): the distance of each bin's mean score from its
/// share of right words, weighted by its words. `None` for no words.
pub fn calibration_error(samples: &[Sample]) -> Option<f64> {
    let off = |bin: &Bin| bin.mean.map_or(0.0, |mean| (mean * bin.n as f64 - bin.right as f64).abs());
    (!samples.is_empty()).then(|| bins(samples).iter().map(off).sum::<f64>() / samples.len() as f64)
}

/// Mean squared distance of score and truth (Brier 1950): also falls when right and wrong words are told apart.
pub fn brier(samples: &[Sample]) -> Option<f64> {
    let off = |sample: &Sample| (sample.score - f64::from(u8::from(sample.right))).powi(2);
    (!samples.is_empty()).then(|| samples.iter().map(off).sum::<f64>() / samples.len() as f64)
}

/// The chance that a right word has a higher score than a wrong one (area under the ROC curve); a map that keeps
/// the order does not change it. `None` where all are right or all are wrong.
pub fn separation(samples: &[Sample]) -> Option<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(|left, right| left.score.total_cmp(&right.score));
    let (mut below, mut won, mut wrong, mut right) = (0.0, 0.0, 0.0, 0.0);
    for same in sorted.chunk_by(|left, right| left.score == right.score) {
        let winners = same.iter().filter(|sample| sample.right).count() as f64;
        let losers = same.len() as f64 - winners;
        won += winners * (below + losers / 2.0);
        below += losers;
        (right, wrong) = (right + winners, wrong + losers);
    }
    (right > 0.0 && wrong > 0.0).then(|| won / (right * wrong))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use proptest::prelude::*;

    fn samples(pairs: &[(f64, bool)]) -> Vec<Sample> {
        pairs.iter().map(|(score, right)| Sample { score: *score, right: *right }).collect()
    }

    /// Words that are right with the chance `truth` gives their score.
    fn drawn(truth: impl Fn(f64) -> f64) -> Vec<Sample> {
        let mut random = Random::new(3);
        let draw = |_| {
            let score = random.share();
            Sample { score, right: random.share() < truth(score) }
        };
        (0..20_000).map(draw).collect()
    }

    #[test]
    fn errors_are_those_of_the_definition() {
        let check = |pairs: &[(f64, bool)], expected: [Option<f64>; 3]| {
            let samples = samples(pairs);
            let found = [calibration_error(&samples), brier(&samples), separation(&samples)];
            let rounded = found.map(|value| value.map(|value| (value * 1e6).round() / 1e6));
            assert_eq!(rounded, expected, "{pairs:?}");
        };
        check(&[], [None, None, None]);
        check(&[(1.0, true), (0.0, false)], [Some(0.0), Some(0.0), Some(1.0)]);
        check(&[(0.0, true), (1.0, false)], [Some(1.0), Some(1.0), Some(0.0)]);
        // Two bins: .82 where one half is right, .3 where none is.
        check(&[(0.84, true), (0.80, false), (0.3, false), (0.3, false)], [Some(0.31), Some(0.2114), Some(1.0)]);
        check(&[(0.5, true), (0.5, false)], [Some(0.0), Some(0.25), Some(0.5)]);
    }

    #[test]
    fn a_known_map_is_found_again() {
        let truth = Platt { slope: 0.6, offset: 0.8 };
        let samples = drawn(|score| truth.map(Sample { score, right: true }).score);
        let fit = Platt::fit(&samples);
        assert!((fit.slope - 0.6).abs() < 0.05 && (fit.offset - 0.8).abs() < 0.05, "{fit:?}");
        let mapped: Vec<Sample> = samples.iter().map(|sample| fit.map(*sample)).collect();
        assert!(calibration_error(&samples).unwrap() > 0.05 && calibration_error(&mapped).unwrap() < 0.02);
        assert!((separation(&samples).unwrap() - separation(&mapped).unwrap()).abs() < 1e-9);
    }

    #[test]
    fn words_that_are_all_right_do_not_run_away() {
        let fit = Platt::fit(&samples(&[(0.9, true), (0.5, true), (0.99, true)]));
        assert!(
            fit.slope.is_finite() && fit.offset.is_finite() && fit.map(Sample { score: 0.5, right: true }).score < 1.0
        );
        assert_eq!(Platt::fit(&[]), Platt::NONE);
    }

    proptest! {
        #[test]
        fn maps_can_be_undone(score in 0.01..0.99f64, slope in 0.3..2.0f64, offset in -1.0..1.0f64) {
            let (map, sample) = (Platt { slope, offset }, Sample { score, right: true });
            prop_assume!((0.001..0.999).contains(&map.map(sample).score));
            prop_assert!((map.unmap(map.map(sample)).score - score).abs() < 1e-6);
        }
    }
}
