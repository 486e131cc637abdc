//! The headline: of the candidates that can be trusted the one that says most of what the clip is about in few words, or
//! else what the clip comes back to again and again.

use super::announced::BEGINNING;
use super::candidates::{Candidate, Kind, candidates, words};
use super::casing::{capitalised, title_word};
use super::labels::{self, Told, label, told};
use super::lead::without_lead;
use super::lists::Class;
use super::subjects::{Rest, any_subject, subjects};
use super::terms::Term;
use super::titles::{self, read_out};
use super::tokens::{Mark, Text, Token};
use super::trust::{Spread, is_trusted};
use crate::commonness;
use std::ops::Range;

/// The most characters of a headline.
pub(super) const LONGEST: usize = 90;

/// What a clause has to be worth: below it, what the clip is about is better.
const ENOUGH: f64 = 1.15;

/// The same of what is announced.
const ENOUGH_ANNOUNCED: f64 = 0.4;

/// A term beside a number is its own if the clip says it so many times as often as the rest does.
const SPECIFIC: f64 = 20.0;

/// So many words of content make a sentence that tells something.
const TELLING_WORDS: usize = 3;

/// Verbs of how the talk goes on.
const TELLING: &str = " went goes go came started starts wanted asked asks answered answers noted notes mentioned mentions \
    talked talks explain explains outlined outlines chimed joined responded wondered posted ";

/// So many terms are what the clip is about.
const SUBJECTS: usize = 6;

/// A headline of the clip's own words. `keywords` are its most telling terms, the first of them those that are shown.
pub(super) fn headline(text: &Text<'_>, keywords: &[&Term], rest: &dyn Fn() -> Rest) -> String {
    let spread = Spread::of(text);
    let label = label(text);
    let title = |found: Option<Candidate>| found.map(|found| cut(&shown(text, &found)));
    title(read_out(text))
        .or_else(|| label.map(|label| labelled(text, &label)))
        .or_else(|| title(titles::title(text, &spread)))
        .or_else(|| best(text, &spread, keywords))
        .or_else(|| title(titles::word(text, keywords)))
        .or_else(|| bare_sign(text, keywords))
        .or_else(|| subjects(text, &spread, keywords, &rest()))
        .or_else(|| any_subject(text, keywords))
        .or_else(|| opening_words(text))
        .unwrap_or_else(|| first_words(text))
}

/// The best candidate that can be trusted.
fn best(text: &Text<'_>, spread: &Spread, keywords: &[&Term]) -> Option<String> {
    let best = (0..text.sentences.len().min(BEGINNING + 1))
        .flat_map(|sentence| candidates(text, sentence))
        .filter(|candidate| is_trusted(text, spread, candidate))
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

/// "#12", with what the words beside it tell or else with the term that is said beside it and again later.
fn bare_sign(text: &Text<'_>, keywords: &[&Term]) -> Option<String> {
    let label = labels::bare_sign(text)?;
    let name = labelled(text, &label);
    let sentence = text.tokens[label[0]].sentence;
    let beside = |term: &&&Term| {
        let near = term.places.iter().any(|place| text.tokens[place.start].sentence == sentence);
        near && term.count > 1 && term.words.len() > 1 && term.lift >= SPECIFIC && !term.person
    };
    let told = name.contains(' ') && label.len() == 1;
    let joined = keywords.iter().find(beside).filter(|_| !told).map(|term| {
        let words: Vec<String> = term.shown.split(' ').map(|word| title_word(word, true)).collect();
        format!("{name}: {}", words.join(" "))
    });
    joined.filter(|joined| joined.chars().count() <= LONGEST).or(Some(name))
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

/// What the clip opens with, as it was said, between quotes and cut where it is too long: as many sentences as it takes to
/// tell something.
fn opening_words(text: &Text<'_>) -> Option<String> {
    let content = |range: &Range<usize>| text.tokens[range.clone()].iter().filter(|token| token.is_content()).count();
    let bodies: Vec<Range<usize>> =
        text.sentences.iter().take(BEGINNING + 1).map(|whole| without_lead(text, whole.clone())).collect();
    let first = bodies.iter().position(|body| content(body) > 1)?;
    let last =
        (first..bodies.len()).find(|&last| content(&(bodies[first].start..bodies[last].end)) >= TELLING_WORDS)?;
    let mut said = String::new();
    for token in &text.tokens[bodies[first].start..bodies[last].end] {
        let mark = match token.mark {
            Mark::None => "",
            Mark::Comma => ",",
            Mark::Break => " –",
            Mark::Stop => ".",
            Mark::Question => "?",
        };
        let word = if said.is_empty() { capitalised(token.bare) } else { token.bare.to_owned() };
        said = format!("{said} {word}{mark}").trim().to_owned();
    }
    let said = said.trim_end_matches(['.', ',', '–', ' ']);
    if said.chars().count() + 2 <= LONGEST {
        return Some(format!("“{said}”"));
    }
    let end = said.char_indices().nth(LONGEST - 3).map_or(said.len(), |(end, _)| end);
    let kept = &said[..said[..end].rfind(' ').unwrap_or(end)];
    // Whole sentences where they are long enough.
    let stop = |mark: &str| kept.rfind(mark).filter(|&at| at > LONGEST / 2);
    if let Some(end) = stop(". ").max(stop("? ")) {
        return Some(format!("“{}”", kept[..=end].trim_end_matches('.')));
    }
    Some(format!("“{}…”", kept.trim_end_matches(|c: char| !c.is_alphanumeric())))
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
