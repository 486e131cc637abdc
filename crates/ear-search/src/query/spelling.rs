//! Other spellings for words that occur nowhere.

use crate::analysis::{Analyzer, Rules, forms};
use crate::index::View;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::Term;
use tantivy::query::FuzzyTermQuery;

/// For a word as typed, the spellings to look for instead.
pub(crate) type Spellings = BTreeMap<String, Vec<String>>;

/// A shorter word is as likely another word as a misspelled one.
const MIN_LETTERS: usize = 4;
/// From this many letters on, two may be wrong.
const TWO_WRONG_LETTERS: usize = 8;
/// At most this many spellings are tried for a word.
const MAX_SPELLINGS: usize = 3;

/// Spellings for those of these words that occur nowhere: the nearest by Damerau and Levenshtein's distance, and of
/// these the most frequent.
pub(crate) fn respell(view: &View, words: &BTreeSet<String>) -> tantivy::Result<Spellings> {
    let mut spellings = Spellings::new();
    for word in words {
        let found = match misspelled(view, word)? {
            Some(form) => nearest(view, &form)?,
            None => continue,
        };
        if !found.is_empty() {
            spellings.insert(word.clone(), found);
        }
    }
    Ok(spellings)
}

/// The form of a word that occurs nowhere and may be misspelled.
fn misspelled(view: &View, word: &str) -> tantivy::Result<Option<String>> {
    let mut forms = forms(word, Rules::PLAIN);
    let Some(form) = forms.pop().filter(|_| forms.is_empty()) else { return Ok(None) };
    if form.chars().count() < MIN_LETTERS || !form.chars().all(char::is_alphabetic) {
        return Ok(None);
    }
    for &rules in &view.rules {
        for term in Analyzer::new(rules).terms(word) {
            for field in [view.fields.body, view.fields.heard] {
                if view.searcher.doc_freq(&Term::from_field_text(field, &term))? > 0 {
                    return Ok(None);
                }
            }
        }
    }
    Ok(Some(form))
}

fn nearest(view: &View, form: &str) -> tantivy::Result<Vec<String>> {
    let most = if form.chars().count() >= TWO_WRONG_LETTERS { 2 } else { 1 };
    for distance in 1..=most {
        let mut found: Vec<(Reverse<u64>, String)> =
            within(view, form, distance)?.into_iter().map(|(form, passages)| (Reverse(passages), form)).collect();
        if !found.is_empty() {
            found.sort_unstable();
            found.truncate(MAX_SPELLINGS);
            return Ok(found.into_iter().map(|(_, form)| form).collect());
        }
    }
    Ok(Vec::new())
}

/// The forms within a distance, each with the number of passages that hold it.
fn within(view: &View, form: &str, distance: u8) -> tantivy::Result<BTreeMap<String, u64>> {
    let automaton = FuzzyTermQuery::new(Term::from_field_text(view.fields.form, form), distance, true).automaton()?;
    let mut found = BTreeMap::new();
    for segment in view.searcher.segment_readers() {
        let index = segment.inverted_index(view.fields.form)?;
        let mut terms = index.terms().search(&automaton).into_stream()?;
        while terms.advance() {
            if let Ok(form) = std::str::from_utf8(terms.key()) {
                *found.entry(form.to_owned()).or_insert(0) += u64::from(terms.value().doc_freq);
            }
        }
    }
    Ok(found)
}
