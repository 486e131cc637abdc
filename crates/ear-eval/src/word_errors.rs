//! Word error: the fewest words to change so that what was heard becomes what was said.

use crate::alignment::{Step, align};
use serde::Serialize;
use std::collections::HashMap;
use std::iter::Sum;
use std::ops::Add;

/// The edits of the cheapest alignment (Levenshtein 1966, on words; each edit costs one).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WordErrors {
    /// Words of the reference.
    pub words: usize,
    /// Words heard as others.
    pub substitutions: usize,
    /// Words not heard.
    pub deletions: usize,
    /// Words heard that nobody said.
    pub insertions: usize,
}

impl WordErrors {
    /// Compares two texts whose words are separated by white space.
    pub fn between(reference: &str, heard: &str) -> Self {
        let mut numbers = HashMap::new();
        let reference = numbered(reference, &mut numbers);
        let heard = numbered(heard, &mut numbers);
        Self::of(&align(&reference, &heard))
    }

    /// Counts the edits of an alignment.
    pub fn of(steps: &[Step]) -> Self {
        let mut errors = Self::default();
        for step in steps {
            match step {
                Step::Same(..) => {}
                Step::Other(..) => errors.substitutions += 1,
                Step::Missed(_) => errors.deletions += 1,
                Step::Added(_) => errors.insertions += 1,
            }
            errors.words += usize::from(!matches!(step, Step::Added(_)));
        }
        errors
    }

    /// Edits per word of the reference; `None` where the reference is empty.
    pub fn rate(&self) -> Option<f64> {
        (self.words > 0).then(|| self.edits() as f64 / self.words as f64)
    }

    fn edits(&self) -> usize {
        self.substitutions + self.deletions + self.insertions
    }
}

impl Add for WordErrors {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            words: self.words + other.words,
            substitutions: self.substitutions + other.substitutions,
            deletions: self.deletions + other.deletions,
            insertions: self.insertions + other.insertions,
        }
    }
}

impl Sum for WordErrors {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Self::add)
    }
}

/// Words as numbers: comparing those is quick.
fn numbered<'a>(text: &'a str, numbers: &mut HashMap<&'a str, usize>) -> Vec<usize> {
    let number = |word| {
        let next = numbers.len();
        *numbers.entry(word).or_insert(next)
    };
    text.split_whitespace().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edits_are_counted_by_kind() {
        for (reference, heard, expected) in [
            ("", "", (0, 0, 0, 0)),
            ("a b c", "a b c", (3, 0, 0, 0)),
            ("a b c", "a x c", (3, 1, 0, 0)),
            ("a b c", "a c", (3, 0, 1, 0)),
            ("a b c", "a b b c", (3, 0, 0, 1)),
            ("a b c", "", (3, 0, 3, 0)),
            ("", "a b", (0, 0, 0, 2)),
            ("the cat sat on the mat", "cat sat on a mat now", (6, 1, 1, 1)),
            ("a b", "b a", (2, 2, 0, 0)),
        ] {
            let found = WordErrors::between(reference, heard);
            assert_eq!((found.words, found.substitutions, found.deletions, found.insertions), expected, "{reference}");
        }
    }

    #[test]
    fn rates_are_pooled_over_words() {
        let files = [("a b c d e f g h i j", "a b c d e f g h i"), ("a", "b c")];
        let errors: Vec<_> = files.iter().map(|(reference, heard)| WordErrors::between(reference, heard)).collect();
        assert_eq!(errors.iter().map(WordErrors::rate).collect::<Vec<_>>(), [Some(0.1), Some(2.0)]);
        assert_eq!(errors.into_iter().sum::<WordErrors>().rate(), Some(3.0 / 11.0));
        assert_eq!(WordErrors::between("", "a").rate(), None);
    }

    proptest! {
        #[test]
        fn the_counts_fit_the_lengths(reference in "([ab] ){0,8}", heard in "([ab] ){0,8}") {
            let errors = WordErrors::between(&reference, &heard);
            let (said, written) = (reference.split_whitespace().count(), heard.split_whitespace().count());
            prop_assert_eq!(said - errors.deletions + errors.insertions, written);
            prop_assert!(errors.edits() >= said.abs_diff(written) && errors.edits() <= said.max(written));
            prop_assert_eq!(errors.edits(), WordErrors::between(&heard, &reference).edits());
        }
    }
}
