//! The words that say what talk is about.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// English words that any talk is full of, one a line.
const STOPWORDS: &str = include_str!("stopwords.txt");

/// Words are folded to this many letters: as good as a stemmer here, and in any language ("inflation", "inflationary").
const STEM: usize = 6;

/// Words within reach of each other, for counting how evenly a word is spread.
const WINDOW: usize = 100;

/// A word that stands in a larger share of the windows of every quarter of a document is about nothing in particular,
/// whatever the language.
const EVERYWHERE: f32 = 0.4;
const QUARTERS: usize = 4;

static STOP: LazyLock<HashSet<&str>> = LazyLock::new(|| STOPWORDS.lines().collect());

/// The telling words of each unit of a document, as numbers from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// By unit, in the order they were said.
    pub units: Vec<Vec<u32>>,
    /// How many distinct ones there are.
    pub distinct: usize,
}

impl Terms {
    /// The terms of units, each given as its words: folded, without what is said everywhere.
    pub fn new<'a, U: IntoIterator<Item = &'a str>>(units: impl IntoIterator<Item = U>) -> Self {
        let mut numbers: HashMap<String, u32> = HashMap::new();
        // The windows that each term stands in.
        let mut spread: Vec<Vec<usize>> = Vec::new();
        let (mut said, mut position) = (Vec::new(), 0);
        for unit in units {
            let mut terms = Vec::new();
            for word in unit {
                position += 1;
                let next = numbers.len() as u32;
                if let Some(stem) = stem(word) {
                    let number = *numbers.entry(stem).or_insert(next);
                    if number == next {
                        spread.push(Vec::new());
                    }
                    let windows = &mut spread[number as usize];
                    if windows.last() != Some(&(position / WINDOW)) {
                        windows.push(position / WINDOW);
                    }
                    terms.push(number);
                }
            }
            said.push(terms);
        }
        let windows = position / WINDOW + 1;
        let is_telling = |term: &u32| !is_everywhere(&spread[*term as usize], windows);
        said.iter_mut().for_each(|unit| unit.retain(is_telling));
        Self { units: said, distinct: numbers.len() }
    }
}

/// Whether a word that stands in these windows, of so many, is about nothing in particular.
fn is_everywhere(stands_in: &[usize], windows: usize) -> bool {
    // Less than two windows a quarter say nothing.
    windows >= 2 * QUARTERS
        && (0..QUARTERS).all(|quarter| {
            let (from, to) = (windows * quarter / QUARTERS, windows * (quarter + 1) / QUARTERS);
            let inside = stands_in.partition_point(|at| *at < to) - stands_in.partition_point(|at| *at < from);
            inside as f32 > EVERYWHERE * (to - from) as f32
        })
}

/// The folded word, or nothing for one that tells nothing: "don't", "the", "—".
fn stem(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    // "it's", "company's", "we're": what stands before the apostrophe.
    let head = word.split(['\'', '’']).next().unwrap_or_default();
    let is_short = head.is_ascii() && head.len() < 2;
    (!is_short && !head.is_empty() && !STOP.contains(head)).then(|| head.chars().take(STEM).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(units: &[&str]) -> Terms {
        Terms::new(units.iter().map(|unit| unit.split_whitespace()))
    }

    #[test]
    fn forms_of_a_word_are_one_term() {
        let found = terms(&["The company's inflation,", "it's inflationary — companies don't!"]);
        assert_eq!(found, Terms { units: vec![vec![0, 1], vec![1, 0]], distinct: 2 });
        assert_eq!(terms(&[]), Terms::default());
    }

    #[test]
    fn what_is_said_everywhere_tells_nothing() {
        let unit = |number: usize| format!("und dann haus{} ", "x".repeat(number / 50)).repeat(3);
        let units: Vec<String> = (0..100).map(unit).collect();
        let found = Terms::new(units.iter().map(|unit| unit.split_whitespace()));
        // "und" and "dann" are the first terms, "haus" and "hausx" the others.
        assert_eq!((found.distinct, &found.units[0], &found.units[99]), (4, &vec![2; 3], &vec![3; 3]));
    }
}
