//! Where names are spelled as they are.

use crate::commonness;
use crate::sounds::SoughtName;
use std::collections::HashMap;
use std::ops::Range;

/// Where names of the list are spelled.
pub(super) struct Exact {
    /// By place: how many letters the longest name has that is spelled there, and which it is.
    spelled: Vec<(u16, usize)>,
    counts: Vec<u64>,
}

impl Exact {
    /// Looks for the spellings, each of which belongs to the name of its number, in folded words.
    pub(super) fn new(folded: &[String], spellings: &[(usize, String)], names: usize) -> Self {
        let mut by_first: HashMap<String, Vec<(usize, Vec<String>)>> = HashMap::new();
        for (name, spelling) in spellings {
            let words: Vec<String> = spelling
                .split_whitespace()
                .map(|word| without_possessive(&commonness::fold(word)).to_owned())
                .filter(|word| !word.is_empty())
                .collect();
            if let Some(first) = words.first() {
                by_first.entry(first.clone()).or_default().push((*name, words));
            }
        }
        let mut exact = Self { spelled: vec![(0, usize::MAX); folded.len()], counts: vec![0; names] };
        for at in 0..folded.len() {
            for (name, words) in by_first.get(without_possessive(&folded[at])).into_iter().flatten() {
                let end = at + words.len();
                let stands = end <= folded.len()
                    && words.iter().zip(&folded[at..end]).all(|(word, heard)| word == without_possessive(heard));
                if stands {
                    exact.counts[*name] += 1;
                    let letters = words.iter().map(String::len).sum::<usize>().min(usize::from(u16::MAX)) as u16;
                    exact.spelled[at..end].iter_mut().for_each(|most| *most = (letters, *name).max(*most));
                }
            }
        }
        exact
    }

    /// How often a name is spelled.
    pub(super) fn count(&self, name: usize) -> u64 {
        self.counts[name]
    }

    /// Whether nothing is to be repaired, as the name itself is spelled within these words, or another that has as many
    /// letters. A part of another name may well be spelled right ("Brett Jordan" for "Bret Jordan").
    pub(super) fn says_more(&self, words: &Range<usize>, number: usize, name: &SoughtName) -> bool {
        let mut spelled = self.spelled[words.clone()].iter();
        spelled.any(|&(letters, other)| other == number || usize::from(letters) >= name.letters())
    }
}

/// The word without its possessive ending.
pub(super) fn without_possessive(word: &str) -> &str {
    word.strip_suffix("'s").unwrap_or(word)
}
