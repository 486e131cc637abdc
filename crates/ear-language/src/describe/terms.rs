//! What a clip is about: words, pairs of words and names that it says more often than talk at large does.
//!
//! Keyness is the log-likelihood ratio of Dunning (1993, "Accurate Methods for the Statistics of Surprise and
//! Coincidence"): how much likelier the clip's count is with a rate of its own than with the rate of everything else.
//! Everything else is the library, and the shipped table of how common words are, which counts for as much as
//! [`SHIPPED`] words of a library.

use super::casing;
use super::lists::Class;
use super::tokens::{Mark, Text, Token};
use super::{Material, NameOf};
use crate::commonness;
use crate::commonness::fold;
use ear_core::NameKind;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// The words of a library that the shipped table is worth.
const SHIPPED: f64 = 200_000.0;

/// log10 of the occurrences that the shipped table counts in.
const TABLE: f32 = 9.0;

/// So many terms are counted in the library: the most telling by the shipped table.
const COUNTED: usize = 120;

/// The most words of a name that only capitals tell.
const LONGEST: usize = 4;

/// A word that no table knows is a garble if the recogniser was no surer than this and it occurs once.
const UNSURE: f32 = 0.6;

/// A word, words in a row, or a name.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// As it is shown.
    pub shown: String,
    /// Folded, one form for one and many.
    pub words: Vec<String>,
    /// How telling it is; more than 0.
    pub score: f64,
    /// How often the clip says it.
    pub count: u32,
    /// The title or the notes have it, or it is a name.
    pub backed: bool,
    /// It is the name of a person.
    pub person: bool,
    /// How many times as often the clip says it as the rest does.
    pub lift: f64,
    /// Where it stands: tokens.
    pub places: Vec<Range<usize>>,
}

/// The terms of a clip, the most telling first.
pub(super) fn terms(text: &Text<'_>, material: &Material<'_>, written: &Written) -> Vec<Term> {
    let forms = Forms::of(text);
    let mut found: BTreeMap<Vec<String>, Found> = BTreeMap::new();
    let mut add = |words: Vec<String>, place: Range<usize>, is_name: bool, name: Option<usize>| {
        let entry = found.entry(words).or_default();
        entry.places.push(place);
        entry.is_name |= is_name;
        entry.name = entry.name.or(name);
    };
    let tokens = &text.tokens;
    for at in 0..tokens.len() {
        let token = &tokens[at];
        match token.name {
            Some((name, count)) => {
                let called = token.calls;
                if called {
                    continue;
                }
                if at == 0 || tokens[at - 1].name != Some((name, count)) || is_start(tokens, at) {
                    add(key_of_name(&material.names[name]), at..(at + count).min(tokens.len()), true, Some(name));
                }
            }
            None if token.is_content() && !token.class.any(Class::PARTICIPLE) => {
                add(vec![forms.key(&token.folded)], at..at + 1, token.capital, None)
            }
            None => {}
        }
        for place in phrases(tokens, at) {
            let words: Vec<String> = tokens[place.clone()].iter().map(|token| forms.key(&token.folded)).collect();
            let is_name =
                place.len() > 1 && tokens[place.clone()].iter().all(|token| token.capital || token.is_number());
            add(words, place, is_name, None);
        }
    }
    let total = tokens.len().max(1) as f64;
    let terms = found.into_iter().filter_map(|(words, found)| found.term(words, text, written, total)).collect();
    rank(terms, material, total)
}

/// What is known of a term while it is gathered.
#[derive(Default)]
struct Found {
    places: Vec<Range<usize>>,
    is_name: bool,
    name: Option<usize>,
}

impl Found {
    /// The term, unless it is too rare or looks like something misheard.
    fn term(self, words: Vec<String>, text: &Text<'_>, written: &Written, total: f64) -> Option<Term> {
        let count = self.places.len() as u32;
        let in_writing = written.has(&words);
        let of_list = self.name.is_some();
        let named = of_list || self.is_name && words.len() > 1;
        if count < 2 && !in_writing && !named {
            return None;
        }
        if count < 2
            && !of_list
            && !in_writing
            && self.places.iter().any(|place| is_doubtful(&text.tokens[place.clone()]))
        {
            return None;
        }
        let shown = match self.name {
            Some(name) => written.names.get(name).cloned().unwrap_or_default(),
            None => casing::as_most_written(text, &self.places),
        };
        let rate = shipped_rate(&words);
        let score = log_likelihood(f64::from(count), total, rate * SHIPPED, SHIPPED);
        let backed = in_writing || of_list;
        let person = self.name.is_some_and(|name| written.persons.contains(&name));
        let lift = f64::from(count) / total / rate.max(f64::MIN_POSITIVE);
        (score > 0.0).then_some(Term { shown, words, score, count, backed, person, lift, places: self.places })
    }
}

/// Scores the most telling against the library, and drops the words of a longer term that say no more than it.
fn rank(mut terms: Vec<Term>, material: &Material<'_>, total: f64) -> Vec<Term> {
    let order = |terms: &mut Vec<Term>| {
        terms.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.words.cmp(&other.words)));
    };
    order(&mut terms);
    terms.truncate(COUNTED);
    let all = (material.count)(&[]) as f64;
    if all > 0.0 {
        for term in &mut terms {
            let words: Vec<&str> = term.words.iter().map(String::as_str).collect();
            let own = f64::from(term.count);
            // The library holds this clip too.
            let others = ((material.count)(&words) as f64 - own).max(0.0);
            let elsewhere = (all - total).max(0.0) + SHIPPED;
            let others = others + shipped_rate(&term.words) * SHIPPED;
            term.score = log_likelihood(own, total, others, elsewhere);
            term.lift = own / total / (others / elsewhere).max(f64::MIN_POSITIVE);
        }
        terms.retain(|term| term.score > 0.0);
        order(&mut terms);
    }
    terms
}

/// The keywords of a clip: at most so many of its terms, none inside another.
pub(super) fn keywords(terms: &[Term], most: usize) -> Vec<&Term> {
    let best = terms.first().map_or(0.0, |term| term.score);
    let mut chosen: Vec<&Term> = Vec::new();
    for term in terms {
        let told = |other: &&Term| is_within(&term.words, &other.words) || is_within(&other.words, &term.words);
        let inside = terms.iter().any(|longer| {
            longer.words.len() > term.words.len()
                && is_within(&term.words, &longer.words)
                && longer.count * 2 >= term.count
                && (longer.count >= 2 || longer.backed)
        });
        let often = term.count >= 2 || term.backed;
        if often && !inside && !chosen.iter().any(told) && term.score * 8.0 >= best && !is_bare_number(&term.words) {
            chosen.push(term);
        }
        if chosen.len() == most {
            break;
        }
    }
    chosen
}

fn is_bare_number(words: &[String]) -> bool {
    words.iter().all(|word| word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%')))
}

/// Whether these words stand in a row in those.
pub(super) fn is_within(short: &[String], long: &[String]) -> bool {
    long.windows(short.len().max(1)).any(|window| window == short)
}

/// Twice the log of the ratio of likelihoods; 0 where the clip says it less often than the rest.
fn log_likelihood(own: f64, own_total: f64, other: f64, other_total: f64) -> f64 {
    let rate = (own + other) / (own_total + other_total);
    let (expected, expected_other) = (own_total * rate, other_total * rate);
    if own <= expected {
        return 0.0;
    }
    let part = |seen: f64, expected: f64| if seen > 0.0 { seen * (seen / expected).ln() } else { 0.0 };
    2.0 * (part(own, expected) + part(other, expected_other))
}

/// How many of all words are these, by the shipped table.
fn shipped_rate(words: &[String]) -> f64 {
    let commonness = match words {
        [word] => commonness::word(word),
        [one, other] => commonness::pair(one, other).unwrap_or_else(|| commonness::phrase(&[one, other])),
        _ => commonness::phrase(&words.iter().map(String::as_str).collect::<Vec<_>>()),
    };
    10f64.powf(f64::from(commonness - TABLE))
}

/// Two words of content in a row, and runs of capitals with their numbers, that begin at `at`.
fn phrases(tokens: &[Token<'_>], at: usize) -> Vec<Range<usize>> {
    let joined = |left: usize| {
        tokens.get(left + 1).is_some_and(|next| next.sentence == tokens[left].sentence)
            && tokens[left].mark == Mark::None
    };
    let mut found = Vec::new();
    if tokens[at].name.is_some() {
        return found;
    }
    let is_part = |token: &Token| token.is_content() && token.name.is_none();
    let ends = |token: &Token| is_part(token) && !token.class.any(Class::PARTICIPLE);
    if joined(at) && is_part(&tokens[at]) && ends(&tokens[at + 1]) && !tokens[at].is_number() {
        found.push(at..at + 2);
    }
    let begins = tokens[at].capital && is_part(&tokens[at]) && !(at > 0 && joined(at - 1) && tokens[at - 1].capital);
    if begins {
        let goes_on = |next: usize| (tokens[next].capital || tokens[next].is_number()) && is_part(&tokens[next]);
        let end = (at + 1..tokens.len().min(at + LONGEST)).take_while(|&next| joined(next - 1) && goes_on(next)).last();
        if let Some(end) = end.filter(|&end| end - at >= 2) {
            found.push(at..end + 1);
        }
    }
    found
}

fn is_start(tokens: &[Token<'_>], at: usize) -> bool {
    let Some((_, count)) = tokens[at].name else { return false };
    let run = tokens[..at].iter().rev().take_while(|token| token.name == tokens[at].name).count();
    run.is_multiple_of(count.max(1))
}

/// Whether words look like something misheard.
fn is_doubtful(tokens: &[Token<'_>]) -> bool {
    tokens.iter().any(|token| token.confidence < UNSURE && commonness::word(token.bare) <= commonness::UNSEEN)
}

fn key_of_name(name: &NameOf<'_>) -> Vec<String> {
    name.0.split_whitespace().map(|word| fold(word).into_owned()).filter(|word| !word.is_empty()).collect()
}

/// One form for one and many, where the clip has both.
struct Forms(BTreeSet<String>);

impl Forms {
    fn of(text: &Text<'_>) -> Self {
        Self(text.tokens.iter().map(|token| token.folded.to_string()).collect())
    }

    fn key(&self, folded: &str) -> String {
        let bare = folded.strip_suffix("'s").unwrap_or(folded);
        let single = bare.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with('s'));
        let ies = bare.strip_suffix("ies").map(|stem| format!("{stem}y"));
        let es =
            bare.strip_suffix("es").filter(|stem| stem.ends_with("ch") || stem.ends_with('s') || stem.ends_with('x'));
        let candidates = [single.map(str::to_owned), ies, es.map(str::to_owned)];
        candidates.into_iter().flatten().find(|form| self.0.contains(form)).unwrap_or_else(|| bare.to_owned())
    }
}

/// What was written about the episode, as words to compare with.
pub(super) struct Written {
    words: HashMap<String, Vec<usize>>,
    all: Vec<String>,
    /// The names as they are shown.
    names: Vec<String>,
    /// Which of them are persons.
    persons: BTreeSet<usize>,
}

impl Written {
    pub fn of(material: &Material<'_>) -> Self {
        let texts = [material.title, material.notes];
        let all: Vec<String> =
            texts.into_iter().flatten().flat_map(str::split_whitespace).map(|word| fold(word).into_owned()).collect();
        let mut words: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, word) in all.iter().enumerate() {
            words.entry(word.clone()).or_default().push(place);
        }
        let is_person = |at: &usize| material.names[*at].1 == Some(NameKind::Person);
        Self {
            words,
            all,
            names: material.names.iter().map(|name| name.0.to_owned()).collect(),
            persons: (0..material.names.len()).filter(is_person).collect(),
        }
    }

    /// Whether these words stand there in a row.
    fn has(&self, words: &[String]) -> bool {
        let Some(places) = words.first().and_then(|first| self.words.get(first)) else { return false };
        places.iter().any(|&place| self.all[place..].starts_with(words))
    }
}

/// How much each token adds to what tells the clip: the scores of its terms, shared among their words.
pub(super) fn weights(text: &Text<'_>, terms: &[Term]) -> Vec<f64> {
    let mut weights = vec![0.0_f64; text.tokens.len()];
    for term in terms {
        for place in &term.places {
            for token in place.clone() {
                weights[token] = weights[token].max(term.score / place.len() as f64);
            }
        }
    }
    for (weight, token) in weights.iter_mut().zip(&text.tokens) {
        if token.class.any(Class::FILLER) {
            *weight = 0.0;
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likelihood_by_hand() {
        // 10 in 100 against 10 in 900: 2 (10 ln(10/2) + 10 ln(10/18)).
        assert!((log_likelihood(10.0, 100.0, 10.0, 900.0) - 20.4330).abs() < 1e-3);
        assert_eq!(log_likelihood(1.0, 100.0, 50.0, 100.0), 0.0);
        assert!(log_likelihood(2.0, 100.0, 0.0, 900.0) > 0.0);
    }
}
