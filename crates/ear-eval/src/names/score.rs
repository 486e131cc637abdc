//! What a ranked list of hits is worth: NIST's term-weighted value and what else people ask.
//!
//! TWV = 1 − mean over names of (share of mentions missed + 999.9 × false alarms / (seconds − mentions)), seconds being
//! the words spoken at 9,000 an hour (Fiscus et al., "Results of the 2006 spoken term detection evaluation", 2007).

use super::label::{Label, Labelled};
use super::mentions::Class;
use serde::Serialize;

const BETA: f64 = 999.9;
const WORDS_AN_HOUR: f64 = 9_000.0;
/// The hours that false alarms are counted for.
const HOURS: f64 = 20.0;
const SECONDS_AN_HOUR: f64 = 3_600.0;

/// What there was to find.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    /// Words that people said, in all recordings searched.
    pub words: usize,
    /// Mentions of each query, indexed as the queries.
    pub mentions: Vec<usize>,
    /// Of all queries, those misheard.
    pub misheard: usize,
}

impl Truth {
    fn seconds(&self) -> f64 {
        self.words as f64 / WORDS_AN_HOUR * SECONDS_AN_HOUR
    }

    /// Names that were said; others have no share in anything.
    pub fn names(&self) -> usize {
        self.mentions.iter().filter(|mentions| **mentions > 0).count()
    }

    /// Mentions of all names.
    pub fn total(&self) -> usize {
        self.mentions.iter().sum()
    }
}

/// What stands after some of a list has been taken.
#[derive(Clone, Debug)]
pub struct Tally<'a> {
    truth: &'a Truth,
    names: f64,
    value: f64,
    right: usize,
    misheard: usize,
    false_alarms: usize,
    beyond_words: usize,
}

/// What a part of a list is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Value {
    /// Term-weighted value.
    pub twv: f64,
    /// False alarms per name in 20 hours, without those where the name's own words were heard: search by words has
    /// them too, whatever is searched beside it.
    pub fa_per_name: f64,
    /// All false alarms per name in 20 hours.
    pub fa_with_words: f64,
    /// Share of all mentions that were found.
    pub recall: f64,
    /// Share of the misheard mentions that were found.
    pub recall_misheard: f64,
}

impl<'a> Tally<'a> {
    /// Nothing taken yet.
    pub fn new(truth: &'a Truth) -> Self {
        Self { truth, names: truth.names() as f64, value: 0.0, right: 0, misheard: 0, false_alarms: 0, beyond_words: 0 }
    }

    /// Takes one more.
    pub fn take(&mut self, item: &Labelled) {
        let mentions = self.truth.mentions[item.hit.query] as f64;
        if mentions == 0.0 {
            return;
        }
        match item.label {
            Label::Right(class) => {
                self.value += 1.0 / (self.names * mentions);
                self.right += 1;
                self.misheard += usize::from(class == Class::Misheard);
            }
            Label::False => {
                self.value -= BETA / (self.names * (self.truth.seconds() - mentions).max(1.0));
                self.false_alarms += 1;
                self.beyond_words += usize::from(!item.lexical);
            }
            Label::Ignored => {}
        }
    }

    /// What all taken are worth.
    pub fn value(&self) -> Value {
        let share = |part: usize, all: usize| if all == 0 { 0.0 } else { part as f64 / all as f64 };
        Value {
            twv: self.value,
            fa_per_name: self.per_name(self.beyond_words),
            fa_with_words: self.per_name(self.false_alarms),
            recall: share(self.right, self.truth.total()),
            recall_misheard: share(self.misheard, self.truth.misheard),
        }
    }

    fn per_name(&self, count: usize) -> f64 {
        let hours = self.truth.seconds() / SECONDS_AN_HOUR;
        if self.names == 0.0 || hours == 0.0 { 0.0 } else { count as f64 / self.names * HOURS / hours }
    }
}

/// A threshold and what lies above or at it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The least score.
    pub threshold: f32,
    /// What those hits are worth.
    #[serde(flatten)]
    pub value: Value,
}

/// The point of greatest value among those with at most so many false alarms per name in 20 hours; `None` of an
/// empty list, or where even the best scores have more. `items` are sorted, the best first.
pub fn best_point(truth: &Truth, items: &[Labelled], max_fa: Option<f64>) -> Option<Point> {
    let allowed = points(truth, items).filter(|point| max_fa.is_none_or(|most| point.value.fa_per_name <= most));
    allowed.reduce(|best, next| if next.value.twv > best.value.twv { next } else { best })
}

/// Every threshold that makes a difference, from the strictest.
fn points<'a>(truth: &'a Truth, items: &'a [Labelled]) -> impl Iterator<Item = Point> + 'a {
    let mut tally = Tally::new(truth);
    items.chunk_by(|left, right| left.hit.score == right.hit.score).map(move |equal| {
        equal.iter().for_each(|item| tally.take(item));
        Point { threshold: equal[0].hit.score, value: tally.value() }
    })
}

/// What is found, of all and of the misheard, before there are more than this many false alarms per name in 20 hours.
pub fn within(truth: &Truth, items: &[Labelled], max_fa: f64) -> Value {
    let mut tally = Tally::new(truth);
    let mut last = tally.value();
    for item in items {
        tally.take(item);
        if tally.value().fa_per_name > max_fa {
            break;
        }
        last = tally.value();
    }
    last
}

/// Average precision over misheard mentions; what words find is in neither list nor truth. `None` without any.
pub fn average_precision(truth: &Truth, items: &[Labelled]) -> Option<f64> {
    let (mut right, mut all, mut sum) = (0_usize, 0_usize, 0.0);
    for item in items.iter().filter(|item| !item.lexical && truth.mentions[item.hit.query] > 0) {
        match item.label {
            Label::Right(Class::Misheard) => {
                (right, all) = (right + 1, all + 1);
                sum += right as f64 / all as f64;
            }
            Label::False => all += 1,
            Label::Right(_) | Label::Ignored => {}
        }
    }
    (truth.misheard > 0).then(|| sum / truth.misheard as f64)
}

/// One tenth of the scale of probabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Tenth {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Mean of the probabilities given.
    pub mean: f64,
    /// Hits.
    pub n: usize,
    /// Those that are right.
    pub right: usize,
}

/// What became of the probabilities given, for what words do not find.
pub fn calibration(items: &[Labelled]) -> Vec<Tenth> {
    let mut tenths: Vec<Tenth> = (0..10)
        .map(|at| Tenth { from: f64::from(at) / 10.0, to: f64::from(at + 1) / 10.0, ..Tenth::default() })
        .collect();
    for item in items.iter().filter(|item| !item.lexical && item.label != Label::Ignored) {
        let tenth = &mut tenths[((item.hit.score * 10.0) as usize).min(9)];
        tenth.mean += f64::from(item.hit.score);
        tenth.n += 1;
        tenth.right += usize::from(item.label != Label::False);
    }
    tenths.iter_mut().filter(|tenth| tenth.n > 0).for_each(|tenth| tenth.mean /= tenth.n as f64);
    tenths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::label::ScoredHit;

    fn item(query: usize, score: f32, label: Label) -> Labelled {
        Labelled { hit: ScoredHit { query, call: 0, words: 0..1, score }, label, lexical: label == RIGHT }
    }

    const RIGHT: Label = Label::Right(Class::Exact);
    const MISHEARD: Label = Label::Right(Class::Misheard);

    /// 20 hours; the first name was said twice, the second four times, the third never.
    fn truth() -> Truth {
        Truth { words: 180_000, mentions: vec![2, 4, 0], misheard: 3 }
    }

    fn list() -> Vec<Labelled> {
        vec![
            item(0, 1.0, RIGHT),
            item(1, 0.9, MISHEARD),
            item(1, 0.8, Label::False),
            item(2, 0.8, Label::False),
            item(0, 0.7, MISHEARD),
            item(0, 0.6, Label::Ignored),
            item(0, 0.1, Label::False),
        ]
    }

    #[test]
    fn the_value_weighs_misses_against_false_alarms() {
        let (truth, list) = (truth(), list());
        // The first name is found wholly, the second one time of four with one false alarm in 72,000 seconds.
        let expected = 1.0 - (0.0 + 0.75 + 999.9 / (72_000.0 - 4.0)) / 2.0;
        let best = best_point(&truth, &list, None).unwrap();
        assert!((best.value.twv - expected).abs() < 1e-9, "{best:?}");
        assert_eq!((best.threshold, best.value.fa_per_name, best.value.recall), (0.7, 0.5, 0.5));
        // Where the name's own words were heard, a false alarm costs as much but is not counted against the method.
        let heard = [Labelled { lexical: true, ..item(0, 0.9, Label::False) }];
        let value = best_point(&truth, &heard, Some(0.0)).map(|point| point.value).unwrap();
        assert_eq!((value.fa_per_name, value.fa_with_words), (0.0, 0.5));
        assert!((value.twv + 999.9 / (72_000.0 - 2.0) / 2.0).abs() < 1e-9, "{value:?}");
        assert!((best.value.recall_misheard - 2.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn false_alarms_can_be_bounded() {
        let check = |most, expected| {
            let found = best_point(&truth(), &list(), Some(most)).map(|point| point.threshold);
            assert_eq!(found, expected, "{most}");
            // Half as many words, so twice as many false alarms an hour.
            let found = best_point(&Truth { words: 90_000, ..truth() }, &list(), Some(most * 2.0));
            assert_eq!(found.map(|point| point.threshold), expected, "{most}");
        };
        check(0.4, Some(0.9));
        check(0.5, Some(0.7));
        assert_eq!(within(&truth(), &list(), 0.4).recall, 2.0 / 6.0);
        assert_eq!(within(&truth(), &list(), 2.0).recall, 0.5);
        assert_eq!(best_point(&truth(), &[], None), None);
    }

    #[test]
    fn precision_is_averaged_over_what_was_misheard() {
        // Found at ranks 1 and 3 of a list without the exact one and without names that were not said; one is missing.
        let found = average_precision(&truth(), &list()).unwrap();
        assert!((found - (1.0 + 2.0 / 3.0) / 3.0).abs() < 1e-9, "{found}");
        assert_eq!(average_precision(&Truth::default(), &[]), None);
    }

    #[test]
    fn probabilities_are_counted_by_tenths() {
        let tenths = calibration(&list());
        assert_eq!((tenths[9].n, tenths[9].right, tenths[8].n, tenths[8].right), (1, 1, 2, 0));
        assert_eq!((tenths[7].right, tenths[6].n, tenths[1].n), (1, 0, 1));
        assert!((tenths[8].mean - 0.8).abs() < 1e-6);
    }
}
