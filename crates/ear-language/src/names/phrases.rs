//! Capitalised phrases: which words of a line together are a name, and which capitals mean nothing.

use super::fold::fold;
use super::tokens::{Line, Token};
use super::words::{
    FIRMS, FUNCTION, FURNITURE, NOBLE, OF_PLACES, OF_WHAT, ORGANISATIONS, PARTICLES, PLACES, TITLE_PARTS, TITLES,
    is_function, is_given, is_name_like, is_ordinary, is_place,
};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// The most tokens of a name.
const LONGEST: usize = 9;

/// How words were written in all that is known of an episode.
#[derive(Default)]
pub(super) struct Seen {
    small: HashMap<String, u32>,
    inside: HashMap<String, u32>,
    /// Folded names that are known already.
    pub names: HashSet<String>,
}

impl Seen {
    /// Counts the words of lines.
    pub fn add(&mut self, lines: &[Line]) {
        for line in lines.iter().filter(|line| !line.headline) {
            for token in line.tokens.iter().filter(|token| !token.folded.is_empty()) {
                self.word(&token.folded, token.is_capital(), token.first);
            }
        }
    }

    /// Counts a word.
    pub fn word(&mut self, folded: &str, capital: bool, first: bool) {
        let counts = match (capital, first) {
            (false, _) => &mut self.small,
            (true, false) => &mut self.inside,
            (true, true) => return,
        };
        match counts.get_mut(folded) {
            Some(count) => *count += 1,
            None => _ = counts.insert(folded.to_owned(), 1),
        }
    }

    fn small(&self, word: &str) -> bool {
        self.small.contains_key(word)
    }

    fn inside(&self, word: &str) -> u32 {
        self.inside.get(word).copied().unwrap_or(0)
    }
}

/// Tokens of a line that are a name, and the title before them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub tokens: Range<usize>,
    pub title: Option<Range<usize>>,
}

/// The names of a line, in order.
pub(super) fn phrases(line: &Line, seen: &Seen) -> Vec<Phrase> {
    let tokens = &line.tokens;
    let mut phrases = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !starts(&tokens[at]) {
            at += 1;
            continue;
        }
        let end = extend(tokens, at);
        for phrase in at_titles(tokens, at..end) {
            if line.headline {
                phrases.extend(inside_headline(line, phrase, seen));
            } else {
                phrases.extend(trimmed(tokens, phrase, seen));
            }
        }
        at = end;
    }
    phrases
}

fn starts(token: &Token) -> bool {
    token.is_capital() && !token.body.is_empty()
}

/// Whether marks part the two.
pub(super) fn parted(before: &Token, after: &Token) -> bool {
    !before.trail.is_empty() || !after.lead.is_empty() || before.possessive || before.body.is_empty()
}

/// Where the run of capitals that begins at `from` ends, small words inside names included.
fn extend(tokens: &[Token], from: usize) -> usize {
    let mut end = from + 1;
    while end < tokens.len() && end - from < LONGEST && !parted_or_and(tokens, end) {
        let token = &tokens[end];
        let ends_lower = joins(tokens, from, end);
        if starts(token) && (!is_function(&token.folded) || token.is_caps() && token.body.len() < 5) {
            end += 1;
        } else if let Some(next) = ends_lower {
            end = next + 1;
        } else if token.is_number() && !FURNITURE.has(&tokens[end - 1].folded) && token.body.len() < 5 {
            return end + 1;
        } else {
            break;
        }
    }
    end
}

/// An ampersand is no break.
fn parted_or_and(tokens: &[Token], at: usize) -> bool {
    let is_and = |token: &Token| token.body.is_empty() && token.lead == "&";
    if is_and(&tokens[at]) {
        return !tokens[at - 1].trail.is_empty();
    }
    parted(&tokens[at - 1], &tokens[at]) && !(is_and(&tokens[at - 1]) && tokens[at].lead.is_empty())
}

/// Where small words at `at` lead on to another capital of the same name.
fn joins(tokens: &[Token], from: usize, at: usize) -> Option<usize> {
    let head = &tokens[at - 1].folded;
    let word = tokens[at].folded.as_str();
    let next = tokens.get(at + 1).filter(|next| !parted(&tokens[at], next));
    if tokens[at].body.is_empty() {
        return tokens.get(at + 1).filter(|next| starts(next) && next.lead.is_empty()).map(|_| at + 1);
    }
    let office = |word: &str| {
        matches!(word, "state" | "defense" | "defence" | "commerce" | "energy" | "labor" | "staff" | "homeland")
    };
    let organised = || tokens[from..at].iter().any(|token| OF_WHAT.has(&token.folded));
    let allowed = match word {
        "of" if TITLES.has(head) || head == "chief" => next.is_some_and(|next| office(&next.folded)),
        "of" => !(FURNITURE.has(head) || at - from >= 2 && is_given(&tokens[from].folded)),
        "for" | "on" => OF_WHAT.has(head),
        "and" => organised() && at - from >= 2,
        _ => PARTICLES.has(word) && !tokens[at].is_capital(),
    };
    let next = next.filter(|_| allowed)?;
    if starts(next) {
        return Some(at + 1);
    }
    let further = tokens.get(at + 2).filter(|further| starts(further) && !parted(next, further))?;
    (matches!(next.folded.as_str(), "the" | "la" | "los" | "las" | "den" | "der") && !FUNCTION.has(&further.folded))
        .then_some(at + 2)
}

/// Cuts a run where a title stands: "U.S. | President | Donald Trump".
fn at_titles(tokens: &[Token], run: Range<usize>) -> Vec<Phrase> {
    let mut phrases = Vec::new();
    let mut start = run.start;
    let mut title = None;
    let mut at = run.start;
    while at < run.end {
        let Some(end) = title_end(tokens, at, run.end) else {
            at += 1;
            continue;
        };
        phrases.push(Phrase { tokens: start..at, title: title.take() });
        title = Some(at..end);
        start = end;
        at = end;
    }
    phrases.push(Phrase { tokens: start..run.end, title });
    phrases.retain(|phrase| !phrase.tokens.is_empty());
    phrases
}

/// Where a title that begins at `at` ends.
fn title_end(tokens: &[Token], at: usize, end: usize) -> Option<usize> {
    let mut next = at;
    let mut last = None;
    while next < end {
        let word = tokens[next].folded.as_str();
        if TITLES.has(word) {
            last = Some(next + 1);
        } else if word == "of" && last == Some(next) {
            last = Some((next + 2).min(end));
            next += 1;
        } else if !(TITLE_PARTS.has(word) || word == "and" && last == Some(next)) {
            break;
        }
        next += 1;
    }
    let last = last?;
    let goes_on = tokens.get(last).filter(|_| last < end).is_some_and(|token| {
        ORGANISATIONS.has(&token.folded)
            || matches!(token.folded.as_str(), "electric" | "assembly" | "mills" | "dynamics" | "league" | "office")
    });
    (!goes_on).then_some(last)
}

/// A phrase of ordinary text without the words at its ends that do not belong to it, if anything remains.
fn trimmed(tokens: &[Token], mut phrase: Phrase, seen: &Seen) -> Option<Phrase> {
    let titled = phrase.title.is_some();
    while let Some(token) = tokens[phrase.tokens.clone()].first() {
        if titled || !drops_first(tokens, &phrase.tokens, token, seen) {
            break;
        }
        phrase.tokens.start += 1;
    }
    while let Some(token) = tokens[phrase.tokens.clone()].last() {
        let date = phrase.tokens.len() > 1 && FURNITURE.has(&token.folded) && is_date(&token.folded);
        if !(date || FUNCTION.has(&token.folded) && !token.is_caps() || token.body.is_empty()) {
            break;
        }
        phrase.tokens.end -= 1;
    }
    accepted(tokens, &phrase, seen).then_some(phrase)
}

pub(super) fn is_date(word: &str) -> bool {
    word.ends_with("day")
        || word.ends_with("uary")
        || word.ends_with("ember")
        || matches!(word, "march" | "april" | "may" | "june" | "july" | "august" | "october")
}

fn drops_first(tokens: &[Token], range: &Range<usize>, token: &Token, seen: &Seen) -> bool {
    let word = token.folded.as_str();
    if token.body.is_empty() || (token.first || !token.is_caps()) && is_function(word) {
        return true;
    }
    let next = tokens.get(range.start + 1).filter(|_| range.len() > 1);
    let before_person = next.is_some_and(|next| is_given(&next.folded)) && is_ordinary(word) && !NOBLE.has(word);
    if !token.first {
        return FURNITURE.has(word)
            && (before_person || range.len() > 1 && is_date(word) && next.is_some_and(Token::is_number))
            || before_person && seen.small(word);
    }
    let ordinary = is_ordinary(word) && !token.is_caps() && !token.is_camel();
    let verb = word.ends_with("ing") || word.ends_with("ed") || word.ends_with("ly");
    range.len() > 1
        && ordinary
        && (before_person || seen.small(word) || verb || FURNITURE.has(word))
        && !ORGANISATIONS.has(word)
}

/// Whether the capitals of a phrase of ordinary text mean a name.
fn accepted(tokens: &[Token], phrase: &Phrase, seen: &Seen) -> bool {
    let run = &tokens[phrase.tokens.clone()];
    let empty = |token: &Token| {
        FURNITURE.has(&token.folded) || FUNCTION.has(&token.folded) || token.is_number() || token.folded.is_empty()
    };
    let Some(token) = run.first() else { return false };
    if run.iter().all(empty)
        || FURNITURE.has(&token.folded) && run.len() == 2 && run[1].is_number()
        || is_number_of_episode(&token.folded)
    {
        return false;
    }
    if run.len() > 1 {
        return run.iter().any(|token| !seen.small(&token.folded) || !is_ordinary(&token.folded));
    }
    let word = token.folded.as_str();
    if token.body.chars().filter(|character| character.is_alphabetic()).count() < 2 {
        return false;
    }
    if token.is_camel() || phrase.title.is_some() || seen.names.contains(word) {
        return true;
    }
    if token.is_caps() {
        return word.len() <= 3 || !is_ordinary(word);
    }
    if token.body.split_once('-').is_some_and(|(_, rest)| rest.starts_with(char::is_lowercase)) {
        return false;
    }
    if seen.small(word) && !is_given(word) {
        return false;
    }
    let known = is_place(word) || FIRMS.has(word);
    if token.first {
        known || is_name_like(word) || seen.inside(word) > 0 && !is_ordinary(word)
    } else {
        !is_ordinary(word) || crate::gazetteer::place(word).is_some() || seen.inside(word) >= 3 && word.len() > 3
    }
}

/// "S2E10", "EP100", "E54".
fn is_number_of_episode(word: &str) -> bool {
    let rest = word.trim_start_matches(['s', 'e', 'p']);
    rest.len() < word.len()
        && !rest.is_empty()
        && rest.chars().all(|character| character.is_ascii_digit() || matches!(character, 'e' | 'p'))
}

/// Names inside a stretch of a headline, where capitals say nothing: what is known, and words that are no English.
fn inside_headline(line: &Line, phrase: Phrase, seen: &Seen) -> Vec<Phrase> {
    let tokens = &line.tokens;
    let caps =
        tokens.iter().filter(|token| !token.body.is_empty()).all(|token| !token.body.chars().any(char::is_lowercase));
    let mut names = Vec::new();
    let mut title = phrase.title.clone();
    let mut at = phrase.tokens.start;
    while at < phrase.tokens.end {
        let whole = Some(phrase.tokens.end).filter(|&end| {
            alone_organisation(tokens, &(at..end)) || at == phrase.tokens.start && alone_place(tokens, &(at..end))
        });
        let rest = at..phrase.tokens.end;
        let known = || known_end(tokens, rest.clone(), seen);
        let end = whole.or_else(known).or_else(|| name_end(tokens, rest.clone(), caps, seen, title.is_some()));
        match end {
            Some(end) => names.push(Phrase { tokens: at..end, title: title.take() }),
            None => title = None,
        }
        at = end.unwrap_or(at + 1);
    }
    names
}

/// The end of the longest name at the beginning of the range that is known already.
fn known_end(tokens: &[Token], range: Range<usize>, seen: &Seen) -> Option<usize> {
    let last = range.end.min(range.start + LONGEST);
    (range.start + 1..=last).rev().find(|&end| {
        let words: Vec<&str> = tokens[range.start..end].iter().map(|token| token.folded.as_str()).collect();
        let text = fold(&words.join(" "));
        !text.is_empty() && (seen.names.contains(&text) || is_place(&text)) && !FURNITURE.has(&text)
    })
}

/// The end of a name at the beginning of a range of a headline that looks like one.
fn name_end(tokens: &[Token], range: Range<usize>, caps: bool, seen: &Seen, titled: bool) -> Option<usize> {
    let name_like = |at: usize| {
        let token = &tokens[at];
        let word = token.folded.as_str();
        let acronym = !caps && (token.is_caps() && word.len() <= 5 || token.is_camel());
        let initial = at > range.start && is_initial(token);
        !FURNITURE.has(word)
            && !is_number_of_episode(word)
            && (acronym || initial || is_name_like(word) && !seen.small(word))
    };
    let first = &tokens[range.start];
    let alone = range.len() == 2 && parts_both_sides(tokens, &range);
    let alone = alone || range.len() == 3 && parts_both_sides(tokens, &range) && name_like(range.start + 1);
    let initial = is_initial(first) && range.len() > 1 && is_given(&tokens[range.start + 1].folded);
    if (initial || alone && is_given(&first.folded)) && range.len() <= 4 && parts_both_sides(tokens, &range) {
        return Some(range.end);
    }
    let person = is_given(&first.folded)
        && range.len() > 1
        && (name_like(range.start + 1) || alone)
        && !FUNCTION.has(&tokens[range.start + 1].folded);
    let told = titled && !FUNCTION.has(&first.folded);
    if !(person || told || name_like(range.start)) {
        return None;
    }
    let mut end = range.start + if person { 2 } else { 1 };
    let after_initial = |end: usize| person && is_initial(&tokens[end - 1]) && !is_function(&tokens[end].folded);
    while end < range.end
        && (name_like(end) || after_initial(end) || tokens[end].is_number() && tokens[end].body.len() < 5)
    {
        end += 1;
    }
    let single_given = end == range.start + 1 && is_given(&first.folded) && !is_place(&first.folded) && !titled;
    (!single_given).then_some(end)
}

fn is_initial(token: &Token) -> bool {
    token.body.trim_end_matches('.').chars().count() == 1 && token.is_capital()
}

/// Whether the whole range is an organisation with a name in it: "Johns Hopkins University".
fn alone_organisation(tokens: &[Token], range: &Range<usize>) -> bool {
    let run = &tokens[range.clone()];
    let ends = run.len() >= 2 && run.len() <= 5 && run.last().is_some_and(|token| ORGANISATIONS.has(&token.folded));
    ends && run.iter().all(|token| !is_function(&token.folded)) && run.iter().any(|token| is_name_like(&token.folded))
}

/// Whether the whole range, which has a line or the part before a comma to itself, is a place: "Al Asad Air Base". A
/// headline that ends so has other words in it ("Rockets Hit Asad Base").
fn alone_place(tokens: &[Token], range: &Range<usize>) -> bool {
    let run = &tokens[range.clone()];
    let ends = (2..=5).contains(&run.len()) && run.last().is_some_and(|token| PLACES.has(&token.folded));
    let part = |token: &Token| {
        let word = token.folded.as_str();
        PLACES.has(word) || OF_PLACES.has(word) || PARTICLES.has(word) || is_name_like(word)
    };
    let parts = parts_both_sides(tokens, range) && run.iter().all(part);
    ends && parts && run.iter().any(|token| is_name_like(&token.folded) || OF_PLACES.has(&token.folded))
}

/// Whether the range stands alone between marks.
fn parts_both_sides(tokens: &[Token], range: &Range<usize>) -> bool {
    let before = range.start == 0
        || parted(&tokens[range.start - 1], &tokens[range.start])
        || !tokens[range.start - 1].is_capital()
        || is_function(&tokens[range.start - 1].folded);
    before && tokens.get(range.end).is_none_or(|next| parted(&tokens[range.end - 1], next) || !next.is_capital())
}
