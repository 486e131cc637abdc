//! Titles that the opening gives in so many words: a question that is read out, what is "titled", an item read from a
//! list ("Next news item, the ferry's new engine"), a heading read before its text ("The ferry's new engine. So, …").

use super::announced::{BEGINNING, counted_before, is_announced, is_put_off, is_quoting, signpost_before};
use super::candidates::{Candidate, Kind, plain, without_article, words};
use super::grammar::{is_finite, stands_alone};
use super::labels::is_numbered;
use super::lead::without_lead;
use super::lists::Class;
use super::terms::Term;
use super::tokens::{Mark, Text, Token};
use super::trust::Spread;
use crate::commonness;
use std::ops::Range;

/// The most words of a title.
const LONGEST: usize = 24;

/// The most words of a heading that stands by itself.
const LONGEST_HEADING: usize = 8;

/// A word that is rarer than this (log10 of its occurrences in a thousand million words) may be a title alone.
const RARE: f32 = 4.5;

/// The last sentence that may tell a title, counted from 0.
const LATEST: usize = 6;

/// What is counted where items are read from a list.
const ITEMS: &str = " item items question questions story stories topic topics segment segments section sections piece news \
    post paper project ";

/// A question or a title that is read out, between quotes or behind "the next question is".
pub(super) fn read_out(text: &Text<'_>) -> Option<Candidate> {
    let quoted = opening(text).flat_map(|whole| whole.clone().map(move |start| (whole, start)));
    let quoted = quoted.filter(|(_, start)| text.tokens[*start].opens).find_map(|(whole, start)| {
        let ends = |at: &usize| text.tokens[*at].closes || text.tokens[*at].mark == Mark::Question;
        let end = (start..whole.end).find(ends).unwrap_or(whole.end - 1);
        let head = &text.tokens[whole.start..start];
        let asks = |token: &Token| matches!(&*token.folded, "question" | "asked" | "asks" | "question's");
        let question = text.tokens[start].class.any(Class::QUESTION.or(Class::AUXILIARY));
        let asked = question && text.tokens[end].mark == Mark::Question && head.iter().any(asks);
        let posted =
            head.last().is_some_and(asks) || signpost_before(text, whole, start) || counted_before(text, whole, start);
        if !(posted || asked || is_item(head)) || is_put_off(text, whole, start) {
            return None;
        }
        candidate(text, Kind::Quoted, (start..=end).filter(|&at| !text.tokens[at].aside).collect())
    });
    quoted.or_else(|| opening(text).find_map(|whole| asked(text, whole)))
}

/// "Somebody asked how rivers change their course": the question up to a mark.
fn wondered(text: &Text<'_>, whole: &Range<usize>) -> Option<Candidate> {
    let somebody =
        |token: &Token| matches!(&*token.folded, "someone" | "somebody" | "user" | "listener" | "person" | "question");
    let asks = |token: &Token| matches!(&*token.folded, "asked" | "asks" | "wonders" | "wondered");
    let wonders =
        |at: &usize| asks(&text.tokens[*at]) && somebody(&text.tokens[at - 1]) && text.tokens[*at].mark == Mark::None;
    let opens = |at: &usize| {
        let token = &text.tokens[*at];
        (token.class.any(Class::QUESTION) || token.folded == "whether") && !is_quoting(text, whole, *at)
    };
    let start = (whole.start + 2..whole.end.saturating_sub(4))
        .filter(opens)
        .find(|&at| wonders(&(at - 1)) || counted_before(text, whole, at) && !is_put_off(text, whole, at))?;
    let end = (start..whole.end).find(|&at| text.tokens[at].mark >= Mark::Comma)?;
    let tokens = plain(text, start..end + 1);
    let alone = tokens.len() > 4 && stands_alone(&words(text, &tokens));
    alone.then(|| candidate(text, Kind::Announced, tokens)).flatten()
}

/// "The next question is, how do rivers change their course?"
fn asked(text: &Text<'_>, whole: &Range<usize>) -> Option<Candidate> {
    let asks = text.tokens[whole.end.checked_sub(1)?].mark == Mark::Question;
    let is = |at: &usize| matches!(&*text.tokens[*at].folded, "is" | "was") && text.tokens[*at].mark >= Mark::Comma;
    let start = whole.clone().filter(|_| asks).find(is)? + 1;
    let named = text.tokens[whole.start..start].iter().any(|token| ITEMS.contains(&format!(" {} ", token.folded)));
    let posted = start < whole.end && named && counted_before(text, whole, start) && !is_put_off(text, whole, start);
    posted.then(|| candidate(text, Kind::Quoted, plain(text, start..whole.end))).flatten()
}

/// What is titled, an item of a list, a heading.
pub(super) fn title(text: &Text<'_>, spread: &Spread) -> Option<Candidate> {
    let later = text.sentences.iter().take(LATEST + 1).filter(|whole| !whole.is_empty());
    opening(text)
        .find_map(|whole| wondered(text, whole).or_else(|| titled(text, whole)).or_else(|| item(text, spread, whole)))
        .or_else(|| heading(text, spread))
        .or_else(|| later.skip(BEGINNING + 1).find_map(|whole| titled(text, whole)))
}

/// The word that an item of a list is, where the clip comes back to it: "the next one is Tapsim, which …".
pub(super) fn word(text: &Text<'_>, terms: &[&Term]) -> Option<Candidate> {
    opening(text).flat_map(|whole| whole.clone().skip(1).map(move |at| (whole, at))).find_map(|(whole, at)| {
        let token = &text.tokens[at];
        let next = (at + 1 < whole.end).then(|| &text.tokens[at + 1]);
        let joins = Class::SUBORDINATOR.or(Class::AUXILIARY);
        let ends = token.mark >= Mark::Comma || next.is_none_or(|next| next.class.any(joins));
        let rarer = if token.capital { RARE } else { RARE - 1.0 };
        let rare =
            commonness::word(token.bare) < rarer && is_telling(token) && !token.is_number() && !is_numbered(token);
        let starts = !text.tokens[at - 1].is_content() && rare;
        let again = terms.iter().any(|term| {
            let needed = if token.capital { 2 } else { 3 };
            term.count >= needed
                && !term.person
                && term.words.len() == 1
                && term.places.iter().any(|place| *place == (at..at + 1))
        });
        (starts && ends && again && !token.calls && is_announced(text, at))
            .then(|| Candidate { kind: Kind::Announced, tokens: vec![at] })
    })
}

/// The sentences of the clip's beginning that have words.
fn opening<'t>(text: &'t Text<'_>) -> impl Iterator<Item = &'t Range<usize>> {
    text.sentences.iter().take(BEGINNING + 1).filter(|whole| !whole.is_empty())
}

/// "… titled Ideas for the harbour after the war": all of it up to a mark.
fn titled(text: &Text<'_>, whole: &Range<usize>) -> Option<Candidate> {
    let names =
        |at: &usize| matches!(&*text.tokens[*at].folded, "titled" | "entitled") && text.tokens[*at].mark < Mark::Stop;
    let start = whole.clone().find(names)? + 1;
    if start >= whole.end || is_put_off(text, whole, start) || is_quoting(text, whole, start) {
        return None;
    }
    let end = (start..whole.end).find(|&at| text.tokens[at].mark >= Mark::Comma).unwrap_or(whole.end - 1);
    candidate(text, Kind::Announced, without_article(text, plain(text, start..end + 1)))
}

/// "Next news item, the ferry's new engine."
fn item(text: &Text<'_>, spread: &Spread, whole: &Range<usize>) -> Option<Candidate> {
    let comma = whole.clone().take(14).find(|&at| {
        let head = &text.tokens[whole.start..=at];
        let closes = matches!(text.tokens[at].mark, Mark::Comma | Mark::Break);
        closes && is_item(head)
    })?;
    let start = comma + 1;
    let governed = Class::AUXILIARY.or(Class::PREPOSITION);
    if start >= whole.end || is_put_off(text, whole, start) || text.tokens[start].class.any(governed) {
        return None;
    }
    let end = (start..whole.end).find(|&at| text.tokens[at].mark >= Mark::Comma).unwrap_or(whole.end - 1);
    let tokens = without_article(text, plain(text, start..end + 1));
    let all = words(text, &tokens);
    let capitals = all.iter().filter(|token| token.capital).count() == all.len();
    let points = |token: &&Token| {
        !capitals
            && token.class.any(Class::PRONOUN.or(Class::POINTER).or(Class::SUBORDINATOR).or(Class::HEDGE))
            && token.name.is_none()
    };
    let telling = all.iter().filter(|token| is_telling(token)).count();
    let again = all.iter().filter(|token| is_telling(token) && spread.again(text, token)).count();
    let begins = text.tokens[start].capital
        || text.tokens[start].class.any(Class::DETERMINER)
        || again > 1 && again * 3 >= telling * 2;
    let first = all.first().is_some_and(|first| first.class.any(Class::TALKER.or(Class::QUESTION)));
    let speaks = all.iter().any(|token| token.calls) || first && !capitals;
    // A capital that nothing else explains begins a title.
    let read = text.tokens[start].capital && text.tokens[end].mark == Mark::Stop && again > 0;
    let comes_back = read || is_said_again(text, spread, &all);
    (begins && !speaks && comes_back && !all.iter().any(points))
        .then(|| candidate(text, Kind::Announced, tokens))
        .flatten()
}

/// Whether the words count an item of a list and say nothing of it.
fn is_item(head: &[Token<'_>]) -> bool {
    let counts = |token: &Token| {
        matches!(
            &*token.folded,
            "first"
                | "next"
                | "second"
                | "third"
                | "fourth"
                | "fifth"
                | "sixth"
                | "seventh"
                | "eighth"
                | "ninth"
                | "tenth"
                | "last"
                | "final"
                | "another"
                | "one"
        )
    };
    let counted = head.iter().position(counts);
    let named = head.iter().any(|token| ITEMS.contains(&format!(" {} ", token.folded)));
    let tells = |token: &Token| token.class.any(Class::AUXILIARY) && !matches!(&*token.folded, "have" | "had");
    named && counted.is_some_and(|at| at < 6) && !head.iter().any(tells)
}

/// A short first sentence without a verb that the clip comes back to.
fn heading(text: &Text<'_>, spread: &Spread) -> Option<Candidate> {
    let idle = |whole: &&Range<usize>| text.tokens[(*whole).clone()].iter().all(|token| token.class.any(Class::IDLE));
    let whole = text.sentences.iter().find(|whole| !idle(whole)).map(|whole| without_lead(text, whole.clone()))?;
    if whole.len() > LONGEST_HEADING {
        return None;
    }
    let all: Vec<&Token<'_>> = text.tokens[whole.clone()].iter().collect();
    let idle =
        Class::TALKER.or(Class::PRONOUN).or(Class::POINTER).or(Class::FILLER).or(Class::QUESTION).or(Class::HEDGE);
    let plain_words = all.iter().all(|token| !token.class.any(idle.or(Class::AUXILIARY)) && !token.calls);
    let marks = all[..all.len() - 1].iter().all(|token| token.mark == Mark::None);
    let ends = all.last().is_some_and(|last| last.mark == Mark::Stop);
    let verbless = !(1..all.len()).any(|at| is_finite(&all, at));
    let telling = all.iter().filter(|token| is_telling(token)).count();
    let begins = all[0].is_content();
    let fits = plain_words && marks && ends && verbless && begins && telling > 1 && telling * 2 >= all.len();
    let again = all.iter().filter(|token| is_telling(token) && spread.again(text, token)).count();
    (fits && again * 3 >= telling * 2).then(|| candidate(text, Kind::Announced, whole.clone().collect())).flatten()
}

fn is_telling(token: &Token<'_>) -> bool {
    token.is_content() && !token.class.any(Class::VAGUE)
}

/// Whether half of the telling words come again.
fn is_said_again(text: &Text<'_>, spread: &Spread, all: &[&Token<'_>]) -> bool {
    let telling: Vec<_> = all.iter().filter(|token| is_telling(token)).collect();
    let again = telling.iter().filter(|token| spread.again(text, token)).count();
    again > 0 && again * 2 >= telling.len()
}

/// The words as a title, if they tell anything and end well.
fn candidate(text: &Text<'_>, kind: Kind, tokens: Vec<usize>) -> Option<Candidate> {
    let all = words(text, &tokens);
    let telling = all.iter().filter(|token| is_telling(token)).count();
    let least = if kind == Kind::Quoted { 3 } else { 2 };
    let last = all.last()?;
    let dangles = last.class.any(Class::DETERMINER.or(Class::CONJUNCTION)) && last.name.is_none();
    (telling > 0 && (least..=LONGEST).contains(&all.len()) && !dangles).then_some(Candidate { kind, tokens })
}
