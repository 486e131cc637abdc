//! The headline: of the candidates that can be trusted the one that says most of what the clip is about in few words, or
//! else what the clip comes back to again and again.

use super::announced::BEGINNING;
use super::candidates::{Candidate, Kind, candidates, words};
use super::casing::{capitalised, title_word};
use super::labels::{Told, label, told};
use super::lists::Class;
use super::subjects::{any_subject, subjects};
use super::terms::Term;
use super::tokens::{Mark, Text, Token};
use super::trust::{Spread, is_trusted};
use crate::commonness;

/// The most characters of a headline.
pub(super) const LONGEST: usize = 90;

/// What a clause has to be worth: below it, what the clip is about is better.
const ENOUGH: f64 = 1.15;

/// The same of what is announced.
const ENOUGH_ANNOUNCED: f64 = 0.6;

/// Verbs of how the talk goes on.
const TELLING: &str = " went goes go came started starts wanted asked asks answered answers noted notes mentioned mentions \
    talked talks explain explains outlined outlines chimed joined responded wondered posted ";

/// So many terms are what the clip is about.
const SUBJECTS: usize = 6;

/// A headline of the clip's own words. `keywords` are its most telling terms, the first of them those that are shown.
pub(super) fn headline(text: &Text<'_>, keywords: &[&Term]) -> String {
    let spread = Spread::of(text);
    let label = label(text);
    let best = best(text, &spread, keywords, label.is_some());
    best.or_else(|| label.map(|label| labelled(text, &label)))
        .or_else(|| subjects(text, &spread, keywords))
        .or_else(|| any_subject(text, keywords))
        .unwrap_or_else(|| first_words(text))
}

/// The best candidate that can be trusted. Beside a label only a question is as good.
fn best(text: &Text<'_>, spread: &Spread, keywords: &[&Term], is_labelled: bool) -> Option<String> {
    let best = (0..text.sentences.len().min(BEGINNING + 1))
        .flat_map(|sentence| candidates(text, sentence))
        .filter(|candidate| is_trusted(text, spread, candidate) && (!is_labelled || asks(text, candidate)))
        .filter_map(|candidate| {
            let shown = shown(text, &candidate);
            let fits = shown.chars().count() <= LONGEST;
            let least = match candidate.kind {
                Kind::Quoted => 0.0,
                Kind::Announced => ENOUGH_ANNOUNCED,
                _ => ENOUGH,
            };
            let score = score(text, &candidate, keywords);
            (fits && score >= least).then_some((score, shown))
        })
        // The first of those worth as much.
        .fold(None::<(f64, String)>, |best, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        });
    best.map(|(_, shown)| shown)
}

/// Whether it is a question that somebody is quoted with.
fn asks(text: &Text<'_>, candidate: &Candidate) -> bool {
    candidate.kind == Kind::Quoted
        && words(text, &candidate.tokens).first().is_some_and(|first| first.class.any(Class::QUESTION))
}

/// "Section 230", or "Section 230 Protects Platforms" where the words beside it tell that.
fn labelled(text: &Text<'_>, label: &[usize]) -> String {
    let name = shown(text, &Candidate { kind: Kind::Announced, tokens: label.to_vec() }).replace(',', "");
    let told = told(text, label).map(|told| match told {
        Told::Claim(tokens) => (" ", tokens),
        Told::Beside(tokens) => (": ", tokens),
    });
    let joined = told.map(|(by, tokens)| {
        let told = shown(text, &Candidate { kind: Kind::Announced, tokens });
        format!("{name}{by}{told}")
    });
    joined.filter(|joined| joined.chars().count() <= LONGEST).unwrap_or(name)
}

/// How good a headline it would be.
fn score(text: &Text<'_>, candidate: &Candidate, keywords: &[&Term]) -> f64 {
    let all = words(text, &candidate.tokens);
    let covered = coverage(&all, keywords);
    let base = match candidate.kind {
        Kind::Quoted => 0.8,
        Kind::Relative => 0.75,
        // What is announced has to be talked of.
        Kind::Announced => {
            if covered > 0.0 {
                0.65
            } else {
                0.3
            }
        }
        Kind::Clause => 0.6,
        Kind::Question => 0.3,
    };
    let length = all.len() as f64;
    let brevity = if length < 4.0 { (4.0 - length) * 0.15 } else { (length - 10.0).max(0.0) * 0.04 };
    let sentence = all.first().map_or(0, |token| token.sentence) as f64;
    let early = 0.5 / (1.0 + sentence / 3.0);
    let announced = matches!(candidate.kind, Kind::Announced | Kind::Quoted);
    let late = if announced && sentence > 4.0 { 0.4 } else { 0.0 };
    let named = all.iter().any(|token| token.name.is_some() || token.capital);
    let deictic = all.iter().filter(|token| token.class.any(Class::DEICTIC)).count() as f64;
    let pronouns = all.iter().filter(|token| token.class.any(Class::PRONOUN)).count() as f64;
    let vague = all.iter().filter(|token| token.class.any(Class::VAGUE)).count() as f64;
    // What is said late tells a part; that somebody asked or started to tell is not what is told.
    let part = if candidate.kind == Kind::Clause { 0.25 * sentence / text.sentences.len().max(1) as f64 } else { 0.0 };
    let tells = |token: &Token| TELLING.contains(&format!(" {} ", token.folded));
    let telling = if all.iter().take(6).any(|token| tells(token)) { 0.4 } else { 0.0 };
    let strange = all.iter().filter(|token| is_strange(token)).count() as f64;
    let called = if all.iter().any(|token| token.calls) { 0.4 } else { 0.0 };
    let idle = all.iter().filter(|token| !token.is_content()).count() as f64 / length;
    base + 1.4 * covered + early + if named { 0.1 } else { 0.0 }
        - brevity
        - called
        - part
        - telling
        - if announced { 0.0 } else { 0.25 * strange }
        - late
        - 0.15 * deictic
        - 0.2 * pronouns
        - 0.08 * vague
        - 0.4 * (idle - 0.5).max(0.0)
}

/// Whether nobody knows the word and the clip says it once: it may be misheard.
fn is_strange(token: &Token<'_>) -> bool {
    let spelled = token.name.is_some() || token.is_number();
    token.once && !spelled && commonness::word(token.bare) <= commonness::UNSEEN
}

/// The share of what the clip is about that the words say.
fn coverage(words: &[&Token<'_>], keywords: &[&Term]) -> f64 {
    let said: Vec<&str> = words.iter().map(|token| &*token.folded).collect();
    let has = |word: &String| {
        said.iter()
            .any(|said| *said == word || said.strip_suffix('s') == Some(word) || said.strip_suffix("'s") == Some(word))
    };
    let mut covered = 0.0;
    let mut all = 0.0;
    for (place, term) in keywords.iter().take(SUBJECTS).enumerate() {
        let weight = term.score.sqrt();
        let share = term.words.iter().filter(|word| has(word)).count() as f64 / term.words.len() as f64;
        covered += weight * if share < 1.0 { share * 0.5 } else { 1.0 };
        // Nobody expects more than three subjects of a headline.
        all += if place < 3 { weight } else { 0.0 };
    }
    if all > 0.0 { (covered / all).min(1.0) } else { 0.0 }
}

/// The candidate's words in headline style.
fn shown(text: &Text<'_>, candidate: &Candidate) -> String {
    let last = candidate.tokens.len() - 1;
    let asks = candidate.tokens.iter().any(|&at| text.tokens[at].class.any(Class::QUESTION));
    let mut shown = String::new();
    for (place, &at) in candidate.tokens.iter().enumerate() {
        let token = &text.tokens[at];
        if place > 0 {
            shown.push(' ');
        }
        shown.push_str(&title_word(token.bare, place == 0 || place == last));
        let next = candidate.tokens.get(place + 1);
        let dropped = candidate.kind == Kind::Relative && next.is_some_and(|next| next - at > 1);
        match token.mark {
            Mark::Question if place == last && asks => shown.push('?'),
            Mark::Comma if place < last && !dropped => shown.push(','),
            Mark::Break if place < last && !dropped => shown.push(':'),
            _ => {}
        }
    }
    shown
}

/// The first words, where nothing else can be said.
fn first_words(text: &Text<'_>) -> String {
    let mut shown = String::new();
    for token in text.tokens.iter().take(8) {
        let longer = if shown.is_empty() { capitalised(token.bare) } else { format!("{shown} {}", token.bare) };
        if longer.chars().count() > LONGEST {
            break;
        }
        shown = longer;
    }
    match shown.is_empty() {
        true => text.tokens.first().map_or_else(|| "Music".to_owned(), |token| cut(token.bare)),
        false => shown,
    }
}

/// At most as many characters as a headline has, whole words where there are several.
pub(super) fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let end = text.char_indices().nth(LONGEST - 1).map_or(text.len(), |(end, _)| end);
    let whole = text[..end].rfind(' ').filter(|&at| at > LONGEST / 2).unwrap_or(end);
    format!("{}…", text[..whole].trim_end_matches(|c: char| !c.is_alphanumeric()))
}
