//! Which words of a passage matched: the query's terms, compared with the words by the same analysis as the index's.

use crate::analysis::{Analyzer, Atom, Rules};
use crate::schema::TAIL_TERMS;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// Matched words within this many words of each other are one group.
const GROUP_WORDS: usize = 15;

/// The words and phrases that a query looks for, without those it leaves out.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    /// By their first term.
    sequences: HashMap<String, BTreeSet<Vec<String>>>,
    prefixes: BTreeSet<String>,
}

/// Which words of a passage matched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// Half-open ranges of indices into the texts, ascending and disjoint: each phrase is one, each word its own.
    pub ranges: Vec<Range<usize>>,
    /// What to show first where not everything can be shown: the first phrase, else the words from the first to the
    /// last of the group in which most of the query comes together.
    pub best: Option<Range<usize>>,
}

/// One place where something of the query stands.
struct Place {
    words: Range<usize>,
    /// What stands there; equal for equal terms.
    what: String,
    is_phrase: bool,
}

impl Matcher {
    /// Which words of a passage matched.
    ///
    /// `texts` are the passage's words, and after them the words that follow it in the transcript, as many as
    /// [`PassageHit::following`](crate::PassageHit::following) says; `own` is how many of them are the passage's.
    /// `language` is the hit's. Every range begins below `own`; one that crosses the passage's end may reach beyond.
    pub fn matched<S: AsRef<str>>(&self, texts: &[S], own: usize, language: Option<&str>) -> Matched {
        let atoms = Analyzer::new(Rules::of(language)).atoms(texts);
        let own_atoms = atoms.partition_point(|atom| atom.word < own);
        // The index knows no more than this of what follows.
        let atoms = &atoms[..atoms.len().min(own_atoms + TAIL_TERMS)];
        let places: Vec<Place> = (0..own_atoms).flat_map(|at| self.places_at(atoms, at, own_atoms)).collect();
        Matched { best: best(&places), ranges: join(&places) }
    }

    /// Whether there is nothing to match, as for a query of fields only.
    pub fn is_empty(&self) -> bool {
        self.sequences.is_empty() && self.prefixes.is_empty()
    }

    pub(crate) fn add_terms(&mut self, terms: &[String]) {
        if let Some(first) = terms.first() {
            self.sequences.entry(first.clone()).or_default().insert(terms.to_vec());
        }
    }

    pub(crate) fn add_prefix(&mut self, prefix: String) {
        self.prefixes.insert(prefix);
    }

    fn places_at<'a>(&'a self, atoms: &'a [Atom], at: usize, own: usize) -> impl Iterator<Item = Place> + 'a {
        let atom = &atoms[at];
        let sequences = self.sequences.get(&atom.term).into_iter().flatten();
        let phrases = sequences.filter_map(move |terms| {
            let end = end_of(terms, atoms, at, own)?;
            let words = atom.word..atoms[end - 1].word + 1;
            Some(Place { words, what: terms.join(" "), is_phrase: terms.len() > 1 })
        });
        let prefixes = self.prefixes.iter().filter(|prefix| atom.form.starts_with(prefix.as_str()));
        let word = atom.word..atom.word + 1;
        phrases.chain(prefixes.map(move |what| Place { words: word.clone(), what: what.clone(), is_phrase: false }))
    }
}

/// Where these terms end if they begin at `at`. A phrase longer than all that the index sees beyond the passage's end
/// is taken as found when everything seen agrees, as the index takes it.
fn end_of(terms: &[String], atoms: &[Atom], at: usize, own: usize) -> Option<usize> {
    let seen = &atoms[at..];
    let compared = terms.len().min(seen.len());
    let agrees = terms[..compared].iter().zip(seen).all(|(term, atom)| *term == atom.term);
    let whole = compared == terms.len() || atoms.len() == own + TAIL_TERMS;
    (agrees && whole).then_some(at + compared)
}

/// Overlapping places become one range.
fn join(places: &[Place]) -> Vec<Range<usize>> {
    let mut sorted: Vec<Range<usize>> = places.iter().map(|place| place.words.clone()).collect();
    sorted.sort_unstable_by_key(|words| (words.start, words.end));
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for words in sorted {
        match ranges.last_mut() {
            Some(last) if words.start < last.end => last.end = last.end.max(words.end),
            _ => ranges.push(words),
        }
    }
    ranges
}

fn best(places: &[Place]) -> Option<Range<usize>> {
    if let Some(phrase) = places.iter().find(|place| place.is_phrase) {
        return Some(phrase.words.clone());
    }
    let groups = places.iter().enumerate().map(|(at, first)| {
        let near = |place: &&Place| place.words.start < first.words.start + GROUP_WORDS;
        let group: Vec<&Place> = places[at..].iter().take_while(near).collect();
        let distinct: BTreeSet<&str> = group.iter().map(|place| place.what.as_str()).collect();
        let end = group.iter().map(|place| place.words.end).max().unwrap_or(first.words.end);
        ((distinct.len(), group.len()), first.words.start..end)
    });
    // The first of equals, so not `max_by_key`.
    groups.reduce(|best, group| if group.0 > best.0 { group } else { best }).map(|(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ranges, and the best of them after a bar.
    fn check(sequences: &[&str], prefixes: &[&str], (text, own): (&str, usize), expected: &str) {
        let mut matcher = Matcher::default();
        let analyzer = Analyzer::new(Rules::of(None));
        sequences.iter().for_each(|terms| matcher.add_terms(&analyzer.terms(terms)));
        prefixes.iter().for_each(|prefix| matcher.add_prefix((*prefix).to_owned()));
        let Matched { ranges, best } = matcher.matched(&text.split(' ').collect::<Vec<_>>(), own, None);
        let shown = ranges.iter().map(|range| format!("{range:?} ")).collect::<String>();
        let best = best.map(|best| format!("| {best:?}")).unwrap_or_default();
        assert_eq!(format!("{shown}{best}"), expected, "{sequences:?} {prefixes:?} in {text}");
    }

    #[test]
    fn words_and_phrases_are_ranges() {
        check(&["election", "vote"], &[], ("The elections: votes, elect!", 4), "1..2 2..3 3..4 | 1..4");
        check(&["new york"], &[], ("New York, new — York", 5), "0..2 2..5 | 0..2");
        check(&["new york", "york"], &[], ("york New York", 3), "0..1 1..3 | 1..3");
        check(&["a b", "b c"], &[], ("a b c a", 4), "0..3 | 0..2");
        check(&["art"], &[], ("state-of-the-art art", 2), "0..1 1..2 | 0..2");
        check(&["of the"], &[], ("state-of-the-art", 1), "0..1 | 0..1");
        check(&[], &["elec"], ("Electric elections select", 3), "0..1 1..2 | 0..2");
        check(&["x"], &[], ("a b", 2), "");
        check(&["x"], &[], ("", 0), "");
    }

    #[test]
    fn ranges_begin_inside_and_may_reach_beyond() {
        check(&["new york"], &[], ("in new york new york", 2), "1..3 | 1..3");
        check(&["york"], &[], ("in new york", 2), "");
        check(&["york"], &[], ("in new york", 9), "2..3 | 2..3");
    }

    #[test]
    fn a_long_phrase_needs_all_that_is_seen_of_it() {
        let words = |range: Range<usize>| range.map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        check(&[&words(3..16)], &[], (&words(0..20), 4), "3..16 | 3..16");
        check(&[&format!("{} unseen", words(3..16))], &[], (&words(0..20), 4), "3..16 | 3..16");
        check(&[&format!("{} wrong", words(3..15))], &[], (&words(0..20), 4), "");
        check(&[&format!("{} unseen", words(9..20))], &[], (&words(0..20), 10), "");
    }

    #[test]
    fn the_densest_group_is_shown_first() {
        let text = format!("peace {} war and peace", "x ".repeat(30).trim());
        check(&["peace", "war"], &[], (&text, 40), "0..1 31..32 33..34 | 31..34");
    }
}
