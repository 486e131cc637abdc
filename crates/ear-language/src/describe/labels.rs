//! Names with numbers by which the talk itself says what it is about: "Section 230", "LDK #2044".

use super::announced::BEGINNING;
use super::candidates::{plain, words};
use super::grammar::{is_finite, stands_alone};
use super::lead::without_lead;
use super::lists::{Class, Form, verb_of};
use super::tokens::{Mark, Text, Token};
use crate::commonness;
use crate::gazetteer::is_given_name;
use std::ops::Range;

/// So many words before its number a name may stand.
const NEAR: usize = 14;

/// The most words of a name.
const LONGEST_NAME: usize = 4;

/// The most words behind a label.
const LONGEST: usize = 14;

/// The longest number that a show may have given its episodes, with its sign.
const LONGEST_EDITION: usize = 4;

/// What numbers are given to. They are no part of a name.
const NUMBERED: &str = " pr prs mr mrs repo repos repository repositories project projects pull request requests release \
    releases version change update ";

/// What a show, a paper, a book is counted by: their numbers are no subjects.
const EDITIONS: &str = " recap edition volume season part chapter issue number week day grade level ";

/// Verbs of how things seem and how the talk goes on: what follows them is no claim of what is labelled.
const NO_CLAIM: &str = " sound look seem mean say get know want think go come talk cover note feel appear happen start tell \
    ask answer explain describe ";

/// What is said of a label.
pub(super) enum Told {
    /// Words that it is the subject of, the verb first.
    Claim(Vec<usize>),
    /// Words that stand beside it.
    Beside(Vec<usize>),
}

/// A proper name with a number, near the beginning of the clip.
pub(super) fn label(text: &Text<'_>) -> Option<Vec<usize>> {
    match (0..beginning(text)).find(|&at| is_sign(text.tokens[at].bare) && !is_over(text, at)) {
        // Where one can't be told whose it is, another one is no better.
        Some(sign) => {
            let before = numbered(text).filter(|label| label.last() <= Some(&sign));
            before.or_else(|| signed(text, sign))
        }
        None => numbered(text),
    }
}

/// "That wraps up #12."
fn is_over(text: &Text<'_>, at: usize) -> bool {
    let from = text.sentences[text.tokens[at].sentence].start.max(at.saturating_sub(4));
    text.tokens[from..at].iter().any(|token| {
        matches!(
            &*token.folded,
            "wraps" | "wrap" | "finished" | "finishes" | "concludes" | "done" | "after" | "besides"
        )
    })
}

fn beginning(text: &Text<'_>) -> usize {
    text.sentences.get(..=BEGINNING).unwrap_or(&text.sentences).last().map_or(0, |last| last.end)
}

/// A number that only things on a list have, with the name before it: "to the Rust repository, #6403 and #6437".
fn signed(text: &Text<'_>, at: usize) -> Option<Vec<usize>> {
    let before = |count: usize| at.checked_sub(count).map(|before| &text.tokens[before]);
    // "In Newsletter #12", "episode #5", "instead of #9".
    let refers = before(1).is_some_and(|before| before.class.any(Class::VAGUE.or(Class::PREPOSITION)));
    let denied = (1..5).filter_map(before).any(|before| before.class.any(Class::HEDGE) || &*before.folded == "instead");
    if refers || denied {
        return None;
    }
    Some(listed(text, name_before(text, at)?.chain([at]).collect()))
}

/// A number that things on a list have, where nobody says whose it is: "so, #25943 protects users".
pub(super) fn bare_sign(text: &Text<'_>) -> Option<Vec<usize>> {
    let sign = |&at: &usize| {
        let token = &text.tokens[at];
        token.bare.len() > LONGEST_EDITION && is_sign(token.bare) && token.bare.starts_with('#') && !is_over(text, at)
    };
    let at = (0..beginning(text)).find(sign)?;
    let before = at.checked_sub(1).map(|before| &text.tokens[before]);
    let refers = before.is_some_and(|before| {
        before.class.any(Class::VAGUE)
            || before.capital
            || matches!(&*before.folded, "of" | "in" | "from" | "than" | "not")
    });
    (!refers).then(|| listed(text, vec![at]))
}

/// The label with the numbers that are listed behind it.
fn listed(text: &Text<'_>, mut tokens: Vec<usize>) -> Vec<usize> {
    let at = tokens[tokens.len() - 1];
    let end = text.sentences[text.tokens[at].sentence].end;
    let name: Vec<&str> = tokens[..tokens.len() - 1].iter().map(|&at| text.tokens[at].bare).collect();
    let mut last = at;
    loop {
        let joined = last + 1 < end && matches!(&*text.tokens[last + 1].folded, "and" | "or");
        let rest = &text.tokens[last + 1 + usize::from(joined)..end];
        let said: Vec<&str> = rest.iter().take(name.len()).map(|token| token.bare).collect();
        let skipped = if said == name { name.len() } else { 0 };
        let next = last + 1 + usize::from(joined) + skipped;
        if next >= end || !is_sign(text.tokens[next].bare) {
            return tokens;
        }
        tokens.extend(joined.then_some(last + 1));
        tokens.push(next);
        last = next;
    }
}

/// "#12", "0.3.1", "v1.2.0-beta".
fn is_sign(bare: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = bare.trim_start_matches('v').split('.').collect();
    let release = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit()) || part.starts_with("rc");
    let candidate = parts.len() == 2 && parts.last().is_some_and(|last| last.contains("rc"));
    bare.strip_prefix('#').is_some_and(digits)
        || (parts.len() >= 3 && digits(parts[1]) || candidate) && digits(parts[0]) && parts.iter().all(release)
}

/// The nearest proper name before the number, in its sentence or, where that says little, in the one before.
fn name_before(text: &Text<'_>, number: usize) -> Option<Range<usize>> {
    let sentence = text.tokens[number].sentence;
    let own = text.sentences[sentence].start;
    let first = if number - own <= 5 && sentence > 0 { text.sentences[sentence - 1].start } else { own };
    let first = first.max(number.saturating_sub(NEAR));
    let last = (first..number).rev().find(|&at| may_name(text, at, number))?;
    let joined = |at: &usize| {
        let token = &text.tokens[*at];
        let opens = token.first && token.bare.starts_with(char::is_uppercase) && !token.class.any(Class::IDLE);
        let proper = opens || token.capital && may_name(text, *at, number);
        token.mark == Mark::None && proper && token.sentence == text.tokens[last].sentence
    };
    // Between a name and its number nothing else is named.
    let other = |at: usize| {
        let token = &text.tokens[at];
        token.sentence == sentence
            && token.is_content()
            && !is_numbered(token)
            && !token.class.any(Class::VAGUE)
            && !token.aside
    };
    if (last + 1..number).any(other) {
        return None;
    }
    let start = (first..last).rev().take_while(joined).last().unwrap_or(last);
    let edition = EDITIONS.contains(&format!(" {} ", text.tokens[last].folded));
    (!edition && last - start < LONGEST_NAME && !text.tokens[last].folded.ends_with("'s")).then_some(start..last + 1)
}

fn may_name(text: &Text<'_>, at: usize, number: usize) -> bool {
    let token = &text.tokens[at];
    let next = &text.tokens[at + 1];
    let owns = token.mark == Mark::None && matches!(&*next.folded, "repo" | "repository");
    let proper = token.capital || owns || at + 1 == number && token.first;
    let other =
        token.calls || token.aside || token.is_number() || token.class.any(Class::IDLE) || is_given_name(token.bare);
    proper && !other && !is_numbered(token)
}

/// Whether it is what numbers are given to.
pub(super) fn is_numbered(token: &Token<'_>) -> bool {
    is_numbered_word(&token.folded)
}

/// The same of a folded word.
pub(super) fn is_numbered_word(folded: &str) -> bool {
    NUMBERED.contains(&format!(" {folded} "))
}

/// A proper name with a number right behind it.
fn numbered(text: &Text<'_>) -> Option<Vec<usize>> {
    let end = beginning(text);
    let part = |at: usize| text.tokens[at].capital || text.tokens[at].is_number();
    (0..end).find_map(|start| {
        let token = &text.tokens[start];
        let alone = start == 0 || text.tokens[start - 1].mark > Mark::None || !part(start - 1);
        let unknown = !token.capital && commonness::word(token.bare) <= commonness::UNSEEN;
        let proper = token.capital || (token.first || unknown) && start + 1 < end && part(start + 1);
        if !proper || !alone || token.calls || token.class.any(Class::IDLE) || token.is_number() {
            return None;
        }
        let stop = (start..end.min(start + 6))
            .find(|&at| text.tokens[at].mark > Mark::None || at + 1 == end || !part(at + 1))?;
        let number = &text.tokens[stop];
        let version = !number.bare.ends_with("-based") && !number.bare.ends_with("-year");
        let whole = number.is_number()
            && !number.bare.starts_with('#')
            && number.sentence == token.sentence
            && version
            && stop > start;
        // "Episode 5" and "Paris 2024" are no subjects.
        let place = (start..=stop).any(|at| text.tokens[at].class.any(Class::VAGUE) || is_year(text.tokens[at].bare));
        (whole && !place && is_announced(text, start, stop)).then(|| (start..=stop).collect())
    })
}

/// Whether a name with a number is what the talk turns to, rather than mentioned.
fn is_announced(text: &Text<'_>, start: usize, stop: usize) -> bool {
    let sentence = text.sentences[text.tokens[start].sentence].clone();
    let opens = without_lead(text, sentence.clone()).start == start;
    let counts = |token: &Token<'_>| {
        matches!(&*token.folded, "next" | "first" | "second" | "third" | "last" | "final" | "another")
            || is_numbered(token)
    };
    let number = text.tokens[stop].bare;
    let later = text.tokens[sentence.end..].iter().filter(|token| token.bare == number).count();
    opens || text.tokens[sentence].iter().any(counts) || later >= 2
}

fn is_year(word: &str) -> bool {
    word.len() == 4
        && (word.starts_with("19") || word.starts_with("20"))
        && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// What the words right behind the label say of it.
pub(super) fn told(text: &Text<'_>, label: &[usize]) -> Option<Told> {
    let last = *label.last()?;
    let sentence = text.tokens[last].sentence;
    let end = text.sentences[sentence].end;
    let at = last + 1;
    if at >= end {
        return text.sentences.get(sentence + 1).and_then(|next| said_of_it(text, next));
    }
    let token = &text.tokens[at];
    if &*token.folded == "titled" || text.tokens[last].mark == Mark::Break && token.capital {
        return phrase(text, at + usize::from(&*token.folded == "titled")..end).map(Told::Beside);
    }
    if &*token.folded == "which" && at + 1 < end && claims(&text.tokens[at + 1]) {
        return phrase(text, at + 1..end).map(Told::Claim);
    }
    if text.tokens[last].mark == Mark::None && claims(token) {
        return phrase(text, at..end).map(Told::Claim);
    }
    is_gerund(token).then(|| phrase(text, at..end).map(Told::Beside)).flatten()
}

/// "This release adds …", right behind the sentence that ends with the label.
fn said_of_it(text: &Text<'_>, sentence: &Range<usize>) -> Option<Told> {
    let body = without_lead(text, sentence.clone());
    let mut at = body.start;
    if !matches!(&*text.tokens[at].folded, "this" | "it") || text.tokens[at].mark > Mark::None {
        return None;
    }
    at += 1;
    if at < body.end && is_numbered(&text.tokens[at]) {
        at += 1;
    }
    (at < body.end && claims(&text.tokens[at])).then(|| phrase(text, at..body.end).map(Told::Claim)).flatten()
}

/// Whether the word is a verb that says what something does.
fn claims(token: &Token<'_>) -> bool {
    matches!(verb_of(&token.folded), Some((stem, Form::Third)) if !NO_CLAIM.contains(&format!(" {stem} ")))
        && !token.class.any(Class::AUXILIARY)
        && token.name.is_none()
}

fn is_gerund(token: &Token<'_>) -> bool {
    let stem = token.folded.strip_suffix("ing").filter(|stem| stem.len() > 1);
    let is_verb = |stem: &str| super::lists::class(stem).any(Class::VERB);
    stem.is_some_and(|stem| is_verb(stem) || is_verb(&format!("{stem}e")) || is_verb(&stem[..stem.len() - 1]))
}

/// The words from here to the next mark or clause, if they stand by themselves and lose nothing that they depend on.
fn phrase(text: &Text<'_>, range: Range<usize>) -> Option<Vec<usize>> {
    let all: Vec<&Token<'_>> = text.tokens[range.clone()].iter().collect();
    let stops = |at: &usize| {
        let token = all[*at];
        let clause = token.class.any(Class::SUBORDINATOR) && token.name.is_none() && &*token.folded != "as";
        let second =
            token.class.any(Class::CONJUNCTION) && (*at + 1..all.len().min(*at + 6)).any(|next| is_finite(&all, next));
        clause || second
    };
    let until = (1..all.len()).find(stops).unwrap_or(all.len());
    let mark = all[..until].iter().position(|token| token.mark >= Mark::Comma).map_or(until, |at| at + 1);
    // Without a mark, what follows tells which ones are meant.
    let bound = mark == until && until < all.len() && !all[until].class.any(Class::CONJUNCTION);
    // A condition or a doubt that follows may govern what is kept.
    if bound || all[mark..].iter().any(|token| token.class.any(Class::HEDGE) || &*token.folded == "when") {
        return None;
    }
    let tokens = plain(text, range.start..range.start + mark);
    let words = words(text, &tokens);
    let telling = words
        .iter()
        .filter(|token| token.is_content() && !token.class.any(Class::VAGUE) && !is_numbered(token))
        .count();
    let points = words.iter().any(|token| token.class.any(Class::PRONOUN.or(Class::POINTER)) && token.name.is_none());
    let fits = (2..=LONGEST).contains(&words.len()) && telling > 1 && !points && stands_alone(&words);
    fits.then_some(tokens)
}
