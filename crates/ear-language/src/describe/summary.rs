//! One to three sentences of a clip: those with the most keyness for their length that say different things.

use super::grammar;
use super::lists::Class;
use super::tokens::{Mark, Text, Token};
use super::{casing, lead};
use ear_core::{Grounded, Word, join_words};
use std::collections::BTreeSet;
use std::ops::Range;

/// The words of a sentence worth telling.
const WORDS: Range<usize> = 7..46;

/// What being told already costs (Carbonell and Goldstein 1998, "The Use of MMR").
const REPEATED: f64 = 0.6;

/// What a later sentence has to have of the best one's score.
const ENOUGH: f64 = 0.4;

/// The sentences, in the order of their words.
pub(super) fn summary(text: &Text<'_>, words: &[Word], weights: &[f64]) -> Vec<Grounded> {
    let mut rated: Vec<(f64, Range<usize>)> = (0..text.sentences.len())
        .filter_map(|sentence| {
            let tokens = worth_telling(text, words, sentence)?;
            Some((score(text, weights, &tokens), tokens))
        })
        .filter(|(score, _)| *score > 0.0)
        .collect();
    let most = match text.tokens.len() {
        0..80 => 1,
        80..250 => 2,
        _ => 3,
    };
    let best = rated.iter().map(|(score, _)| *score).fold(0.0, f64::max);
    let mut chosen: Vec<Range<usize>> = Vec::new();
    while chosen.len() < most && !rated.is_empty() {
        let worth = |(score, tokens): &(f64, Range<usize>)| {
            let like = chosen.iter().map(|other| likeness(text, weights, tokens, other)).fold(0.0, f64::max);
            score * (1.0 - REPEATED * like) - if like > 0.7 { best } else { 0.0 }
        };
        // The first of those worth as much.
        let Some(next) =
            (0..rated.len()).rev().max_by(|&one, &other| worth(&rated[one]).total_cmp(&worth(&rated[other])))
        else {
            break;
        };
        if worth(&rated[next]) < best * ENOUGH {
            break;
        }
        chosen.push(rated.remove(next).1);
    }
    chosen.sort_by_key(|tokens| tokens.start);
    chosen.into_iter().map(|tokens| grounded(text, words, &tokens)).collect()
}

/// The tokens of the sentence without what it begins with in passing, if it is whole and tells something.
fn worth_telling(text: &Text<'_>, written: &[Word], sentence: usize) -> Option<Range<usize>> {
    let whole = text.sentences[sentence].clone();
    let last = text.tokens[whole.clone()].last()?;
    if text.punctuated && last.mark != Mark::Stop {
        return None;
    }
    let written = written[last.at].text.trim_end_matches(['"', '”', ')']);
    let tokens = lead::without_lead(text, whole);
    if !WORDS.contains(&tokens.len()) {
        return None;
    }
    let words: Vec<&Token> = text.tokens[tokens.clone()].iter().collect();
    let verb = (1..words.len()).any(|at| grammar::is_finite(&words, at))
        || words.iter().any(|word| word.class.any(Class::AUXILIARY) || is_with_verb(word));
    let fillers = words.iter().filter(|word| word.class.any(Class::FILLER)).count();
    let broken = words.iter().any(|word| word.mark == Mark::Question);
    let quotes: i32 = words.iter().map(|word| i32::from(word.opens) - i32::from(word.closes)).sum();
    let trails = written.ends_with("..") || written.ends_with('…');
    (verb && quotes == 0 && !trails && fillers * 12 <= words.len() && !broken).then_some(tokens)
}

/// "it's", "they're": subject and verb in one.
fn is_with_verb(word: &Token<'_>) -> bool {
    word.class.any(Class::PRONOUN.or(Class::TALKER).or(Class::POINTER)) && word.bare.contains(['\'', '’'])
}

/// Summed keyness of its distinct words by the root of its length; less where it points at something before it.
fn score(text: &Text<'_>, weights: &[f64], tokens: &Range<usize>) -> f64 {
    let mut seen = BTreeSet::new();
    let sum: f64 = tokens.clone().filter(|&at| seen.insert(&*text.tokens[at].folded)).map(|at| weights[at]).sum();
    let first = &text.tokens[tokens.start];
    let points = first.class.any(Class::PRONOUN.or(Class::POINTER)) && first.name.is_none();
    let personal = text.tokens[tokens.clone()].iter().filter(|token| token.class.any(Class::TALKER)).count();
    let penalty = if points { 0.75 } else { 1.0 } * 0.93_f64.powi(personal.min(8) as i32);
    penalty * sum / (tokens.len() as f64).sqrt()
}

/// The share of what tells the lighter of the two that the other has too.
fn likeness(text: &Text<'_>, weights: &[f64], one: &Range<usize>, other: &Range<usize>) -> f64 {
    let words = |tokens: &Range<usize>| -> std::collections::BTreeMap<&str, f64> {
        tokens.clone().filter(|&at| weights[at] > 0.0).map(|at| (&*text.tokens[at].folded, weights[at])).collect()
    };
    let (one, other) = (words(one), words(other));
    let shared: f64 = one.iter().filter(|(word, _)| other.contains_key(*word)).map(|(_, weight)| weight).sum();
    let least = one.values().sum::<f64>().min(other.values().sum());
    if least > 0.0 { shared / least } else { 0.0 }
}

fn grounded(text: &Text<'_>, words: &[Word], tokens: &Range<usize>) -> Grounded {
    let (from, to) = (text.tokens[tokens.start].at, text.tokens[tokens.end - 1].at + 1);
    Grounded { text: casing::capitalised(&join_words(&words[from..to])), words: from..to }
}
