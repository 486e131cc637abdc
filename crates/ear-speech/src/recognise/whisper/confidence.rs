//! How sure the recogniser was of a word: the probability that the word was really said.
//!
//! A word's tokens have, by the model, a probability each, given all before; their product is that of the word. The
//! model is too sure of what it says seldom and not sure enough of what it says often, so the product goes through
//! a logistic map with two parameters (Platt 1999, "Probabilistic outputs for support vector machines"; compared with
//! other maps in Niculescu-Mizil and Caruana 2005, "Predicting good probabilities with supervised learning").
//! `ear-eval calibration --cross-validate` measures the map and prints the parameters that fit best.

/// Slope of the map over the logit of the product.
pub const SLOPE: f32 = 0.75;
/// Added to the logit.
pub const OFFSET: f32 = 1.4;
/// The product is kept this far from 0 and 1, where the logit has no end.
const EDGE: f32 = 1e-4;

/// A word's confidence, from 0 to 1, from the probabilities that aligning gave its tokens. `None` where a word has
/// no tokens to tell it from.
pub(super) fn confidence(token_probs: &[f32]) -> Option<f32> {
    (!token_probs.is_empty()).then(|| mapped(token_probs.iter().product()))
}

fn mapped(product: f32) -> f32 {
    let product = product.clamp(EDGE, 1.0 - EDGE);
    let logit = (product / (1.0 - product)).ln();
    1.0 / (1.0 + (-(SLOPE * logit + OFFSET)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_grows_with_the_probability_of_the_word() {
        assert_eq!(confidence(&[]), None);
        let words: [&[f32]; 6] = [&[0.0], &[0.1], &[0.5, 0.5], &[0.5], &[0.9, 1.0], &[1.0, 1.0]];
        let sure: Vec<f32> = words.iter().filter_map(|word| confidence(word)).collect();
        assert!(sure.len() == 6 && sure.is_sorted_by(|left, right| left < right), "{sure:?}");
        assert!(sure.iter().all(|sure| (0.0..=1.0).contains(sure)), "{sure:?}");
    }

    #[test]
    fn broken_probabilities_do_no_harm() {
        let check = |probabilities: &[f32]| {
            let sure = confidence(probabilities);
            assert!(sure.is_some_and(|sure| (0.0..=1.0).contains(&sure)), "{probabilities:?}: {sure:?}");
        };
        check(&[-1.0, 2.0]);
        check(&[f32::INFINITY]);
        check(&[1e-30; 40]);
    }
}
