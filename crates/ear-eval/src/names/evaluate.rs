//! Folds, thresholds chosen on some calls and used on the others, and pools of systems.

use super::label::Labelled;
use super::material::{HeardSystem, Material};
use super::mentions::Class;
use super::score::{self, Point, Tally, Truth, Value};
use serde::Serialize;

/// Into how many parts the calls are dealt.
const FOLDS: usize = 5;

/// False alarms per name in 20 hours at which recall is told.
pub const ALLOWED: [f64; 3] = [0.1, 0.5, 2.0];

/// The calls that are tested together; the others are for training. One call alone is tested on itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Indices of calls.
    pub test: Vec<usize>,
    /// Indices of calls.
    pub training: Vec<usize>,
}

/// Deals calls into five folds like cards.
pub fn folds(calls: usize) -> Vec<Fold> {
    let number = FOLDS.min(calls);
    let part = |fold: usize| {
        let (test, training): (Vec<_>, Vec<_>) = (0..calls).partition(|call| call % number == fold);
        Fold { training: if training.is_empty() { test.clone() } else { training }, test }
    };
    (0..number).map(part).collect()
}

/// What there is to find in these calls as these systems heard them, of the queries that `keeps` wants.
pub fn truth(
    material: &Material,
    systems: &[&HeardSystem],
    calls: Option<&[usize]>,
    keeps: &dyn Fn(usize) -> bool,
) -> Truth {
    let mut truth = Truth { mentions: vec![0; material.queries.len()], ..Truth::default() };
    for (number, heard) in systems.iter().flat_map(|system| system.calls.iter().enumerate()) {
        let Some(heard) = heard.as_ref().filter(|_| calls.is_none_or(|calls| calls.contains(&number))) else {
            continue;
        };
        truth.words += material.calls[number].spoken();
        for mention in heard.mentions.iter().filter(|mention| keeps(mention.query)) {
            truth.mentions[mention.query] += 1;
            truth.misheard += usize::from(mention.class == Class::Misheard);
        }
    }
    truth
}

/// Hits of several systems as one list, the best first.
pub fn pooled(lists: &[&[Labelled]]) -> Vec<Labelled> {
    let mut all = lists.concat();
    // Stable, so that equal scores keep the order of systems and places.
    all.sort_by(|left, right| right.hit.score.total_cmp(&left.hit.score));
    all
}

/// For each fold, the threshold that is best on its training calls. Where even the best scores have more false alarms
/// than `max_fa`, it is the best score; without any hit, nothing passes.
pub fn thresholds(material: &Material, systems: &[&HeardSystem], items: &[Labelled], max_fa: f64) -> Vec<f32> {
    let threshold = |fold: Fold| {
        let truth = truth(material, systems, Some(&fold.training), &|_| true);
        let seen: Vec<Labelled> = items.iter().filter(|item| fold.training.contains(&item.hit.call)).cloned().collect();
        let best = score::best_point(&truth, &seen, Some(max_fa)).map(|point| point.threshold);
        best.or(seen.first().map(|item| item.hit.score)).unwrap_or(f32::INFINITY)
    };
    folds(material.calls.len()).into_iter().map(threshold).collect()
}

/// What a list of hits is worth.
#[derive(Clone, Debug, Serialize)]
pub struct Worth {
    /// At thresholds chosen on other calls.
    #[serde(flatten)]
    pub fixed: Value,
    /// The greatest term-weighted value that any threshold gives.
    pub mtwv: f64,
    /// That threshold, and what else it gives.
    pub mtwv_at: Option<Point>,
    /// Average precision over misheard mentions.
    pub ap: Option<f64>,
    /// At these numbers of false alarms per name in 20 hours.
    pub recall_at: Vec<RecallAt>,
    /// Names said.
    pub names: usize,
    /// Mentions of them.
    pub mentions: usize,
    /// Those misheard.
    pub misheard: usize,
}

/// What is found at most so many false alarms per name in 20 hours.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RecallAt {
    /// False alarms per name in 20 hours.
    pub fa_per_name: f64,
    /// Share of all mentions.
    pub recall: f64,
    /// Share of the misheard mentions.
    pub recall_misheard: f64,
}

/// Values a list, the best first, with one threshold for each fold. Hits for names that `truth` lacks don't count.
pub fn worth(material: &Material, truth: &Truth, items: &[Labelled], thresholds: &[f32]) -> Worth {
    let mut tally = Tally::new(truth);
    for (fold, threshold) in folds(material.calls.len()).into_iter().zip(thresholds) {
        let accepted = items.iter().filter(|item| fold.test.contains(&item.hit.call) && item.hit.score >= *threshold);
        accepted.for_each(|item| tally.take(item));
    }
    let best = score::best_point(truth, items, None);
    let recall_at = ALLOWED.map(|fa_per_name| {
        let Value { recall, recall_misheard, .. } = score::within(truth, items, fa_per_name);
        RecallAt { fa_per_name, recall, recall_misheard }
    });
    Worth {
        fixed: tally.value(),
        // Nothing found is worth nothing.
        mtwv: best.map_or(0.0, |point| point.value.twv.max(0.0)),
        mtwv_at: best,
        ap: score::average_precision(truth, items),
        recall_at: recall_at.to_vec(),
        names: truth.names(),
        mentions: truth.total(),
        misheard: truth.misheard,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_tested_once_and_never_trained_on() {
        let check = |calls: usize, number: usize| {
            let folds = folds(calls);
            assert_eq!(folds.len(), number);
            let mut tested: Vec<usize> = folds.iter().flat_map(|fold| fold.test.clone()).collect();
            tested.sort_unstable();
            assert_eq!(tested, (0..calls).collect::<Vec<_>>());
            assert!(folds.iter().all(|fold| fold.test.iter().all(|call| !fold.training.contains(call))));
        };
        check(22, 5);
        check(3, 3);
        check(2, 2);
        assert_eq!(folds(1), [Fold { test: vec![0], training: vec![0] }]);
        assert_eq!(folds(0), []);
    }
}
