//! Which candidates may be a headline. What a clip opens with tells what it is about if the clip comes back to it; what is
//! said later, or once, may be a remark in passing, and a true sentence of it would mislead as a headline.

use super::announced::{BEGINNING, is_announced, is_counted};
use super::candidates::{Candidate, Kind, words};
use super::grammar::is_finite;
use super::lead::without_lead;
use super::lists::{Class, Form, verb_of};
use super::tokens::{Text, Token};
use std::collections::HashMap;
use std::ops::Range;

/// A clip is seen as so many parts of the same length.
const PARTS: usize = 4;

/// A clip with fewer words has no parts to speak of.
const SHORT: usize = 120;

/// The most words of a headline that is read out.
const LONGEST_READ: usize = 9;

/// Words that tell how things were, or are in general.
const BACKGROUND: &str = " had previously already originally initially generally usually often historically once used formerly \
    typically currently ";

/// Where each word of a clip is said.
pub(super) struct Spread {
    places: HashMap<String, Vec<usize>>,
    total: usize,
}

impl Spread {
    pub fn of(text: &Text<'_>) -> Self {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, token) in text.tokens.iter().enumerate().filter(|(_, token)| token.is_content()) {
            places.entry(stem(&token.folded).to_owned()).or_default().push(at);
        }
        Self { places, total: text.tokens.len() }
    }

    /// In how many of the parts these places lie.
    pub fn parts(&self, places: impl Iterator<Item = usize>) -> u32 {
        places.fold(0_u32, |parts, at| parts | 1 << (at * PARTS / self.total.max(1))).count_ones()
    }

    /// Whether the clip is too short for its parts to tell anything.
    pub fn is_short(&self) -> bool {
        self.total < SHORT
    }

    /// Whether the clip says the word again in a later sentence.
    pub fn again(&self, text: &Text<'_>, token: &Token<'_>) -> bool {
        let places = self.places.get(stem(&token.folded));
        places.is_some_and(|places| places.iter().any(|&at| text.tokens[at].sentence > token.sentence))
    }

    fn all_over(&self, token: &Token<'_>) -> bool {
        let places = self.places.get(stem(&token.folded));
        places.is_some_and(|places| places.len() > 1 && self.parts(places.iter().copied()) >= 2)
    }
}

/// One form for one and many.
fn stem(folded: &str) -> &str {
    let bare = folded.strip_suffix("'s").unwrap_or(folded);
    bare.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with('s')).unwrap_or(bare)
}

/// Whether a reader who knows only the candidate would expect what the clip is about.
pub(super) fn is_trusted(text: &Text<'_>, spread: &Spread, candidate: &Candidate) -> bool {
    let all = words(text, &candidate.tokens);
    let Some(first) = all.first() else { return false };
    let telling: Vec<&&Token> =
        all.iter().filter(|token| token.is_content() && !token.class.any(Class::VAGUE)).collect();
    let again = telling.iter().filter(|token| spread.again(text, token)).count();
    let opening = first.sentence <= BEGINNING;
    match candidate.kind {
        Kind::Quoted => opening && !telling.is_empty(),
        // Where an item is counted, it is no remark.
        Kind::Announced if is_counted(text, candidate.tokens[0]) => {
            let named = telling.iter().filter(|token| token.capital).count() * 2 >= telling.len();
            opening && again > 0 && (named || again * 3 >= telling.len())
        }
        Kind::Announced => opening && again * 2 >= telling.len() && again > 0,
        Kind::Question => opening && again * 2 >= telling.len() && again > 1,
        Kind::Relative => {
            opening
                && (is_told(text, spread, &all)
                    || again > 0
                        && is_announced(text, candidate.tokens[0])
                        && !(1..all.len()).any(|at| defines(&all, at)))
        }
        Kind::Clause => opening && (is_told(text, spread, &all) || is_read(text, spread, candidate)),
    }
}

/// Whether the clip opens with it as a headline is read: "Nunchuk adds taproot support."
fn is_read(text: &Text<'_>, spread: &Spread, candidate: &Candidate) -> bool {
    let all = words(text, &candidate.tokens);
    let (Some(&first), Some(&last)) = (candidate.tokens.first(), candidate.tokens.last()) else { return false };
    let whole = &text.sentences[all[0].sentence];
    let alone = without_lead(text, whole.clone()) == (first..last + 1) && all.len() <= LONGEST_READ;
    let plain =
        |token: &&&Token| token.class.any(Class::PRONOUN.or(Class::POINTER).or(Class::HEDGE).or(Class::AUXILIARY));
    let Some(verb) = (1..all.len()).find(|&at| is_finite(&all, at)).filter(|_| alone) else { return false };
    let adds = matches!(verb_of(&all[verb].folded), Some((_, Form::Third))) && !all[verb].class.any(Class::PAST);
    let proper = all[..verb].iter().all(|token| token.capital || token.bare.starts_with(char::is_uppercase));
    let again = all[verb..].iter().any(|token| token.is_content() && spread.again(text, token));
    adds && proper && again && !all.iter().any(|token| plain(&token))
}

/// Whether it is news rather than background: its subject and what is said of it come again.
fn is_told(text: &Text<'_>, spread: &Spread, all: &[&Token<'_>]) -> bool {
    let Some(verb) = (1..all.len()).find(|&at| is_finite(all, at)) else { return false };
    let owns = |token: &Token| matches!(&*token.folded, "its" | "their" | "his");
    let points =
        |token: &Token| token.class.any(Class::PRONOUN.or(Class::POINTER)) && token.name.is_none() && !owns(token);
    let background = |token: &Token| BACKGROUND.contains(&format!(" {} ", token.folded)) && token.name.is_none();
    if all.iter().any(|token| points(token) || background(token)) || defines(all, verb) {
        return false;
    }
    // "The pulley has mass" is a detail wherever it stands.
    if !all.iter().any(|token| token.capital && token.bare.len() > 1 || token.name.is_some()) {
        return false;
    }
    let again = |range: Range<usize>| {
        all[range]
            .iter()
            .filter(|token| token.is_content() && !token.class.any(Class::VAGUE) && spread.again(text, token))
            .count()
    };
    let subject = all[..verb].iter().any(|token| token.is_content() && spread.all_over(token));
    subject && again(0..verb) > 0 && again(verb..all.len()) > 0 && again(0..all.len()) > 1
}

/// "X is a Y": what something is, is seldom what is told of it.
fn defines(all: &[&Token<'_>], verb: usize) -> bool {
    let is = matches!(&*all[verb].folded, "is" | "are" | "was" | "were");
    let rest = all.get(verb + 1..).unwrap_or_default();
    let next = rest.iter().find(|token| !token.class.any(Class::ADVERB) && !token.class.any(Class::HEDGE));
    let done =
        next.is_some_and(|next| next.class.any(Class::PARTICIPLE.or(Class::PAST)) || next.folded.ends_with("ing"));
    is && !done
}
