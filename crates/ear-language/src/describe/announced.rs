//! What the talk itself says it is about: what signposts announce.

use super::candidates::{Candidate, Kind, plain, without_article, words};
use super::grammar::is_finite;
use super::labels::is_numbered;
use super::lists::Class;
use super::tokens::{Mark, Text, Token};
use crate::gazetteer::is_given_name;
use std::ops::Range;

/// The last sentence of a clip's beginning, counted from 0.
pub(super) const BEGINNING: usize = 3;

/// Words that announce what the talk turns to. What follows them is a subject, not yet a claim.
const SIGNPOSTS: [&str; 57] = [
    "talk about",
    "talk a bit about",
    "talk a little bit about",
    "talk more about",
    "talking about",
    "talk to you about",
    "moving on to",
    "move on to",
    "moving to",
    "move to",
    "turn to",
    "turning to",
    "turn now to",
    "turning now to",
    "jump into",
    "jump to",
    "jumping into",
    "jumping to",
    "jump over to",
    "dive into",
    "diving into",
    "discuss",
    "discussing",
    "next is",
    "next up is",
    "next one is",
    "item is",
    "item is about",
    "item is titled",
    "item titled",
    "is titled",
    "titled",
    "entitled",
    "story is",
    "story is about",
    "topic is",
    "topic is about",
    "question is",
    "question is about",
    "segment is",
    "segment is about",
    "first is",
    "first one is",
    "last one is",
    "last is",
    "one is about",
    "first up is",
    "release is",
    "is about",
    "is all about",
    "is called",
    "is related to",
    "news about",
    "story about",
    "the latest on",
    "subject of",
    "overview of",
];

/// Whether a signpost ends in front of the token at `at`.
pub(super) fn signpost_before(text: &Text<'_>, whole: &Range<usize>, at: usize) -> bool {
    SIGNPOSTS.iter().any(|signpost| signpost_ends(text, whole, at, signpost))
}

/// Whether the signpost ends in front of the token at `at`.
fn signpost_ends(text: &Text<'_>, whole: &Range<usize>, at: usize, signpost: &str) -> bool {
    let count = signpost.split(' ').count();
    at >= whole.start + count && signpost.split(' ').eq(text.tokens[at - count..at].iter().map(|token| &*token.folded))
}

/// Whether an item of a list ends in front of the token at `at`, near the beginning of the clip: "the last one this week
/// is", "next is a question about", "we have".
fn counted_before(text: &Text<'_>, whole: &Range<usize>, at: usize) -> bool {
    if text.tokens[at].sentence > BEGINNING {
        return false;
    }
    let before: Vec<&str> = text.tokens[whole.start..at].iter().rev().take(12).map(|token| &*token.folded).collect();
    if matches!(before.as_slice(), ["have" | "had", "we", ..] | ["got", "we've" | "we", ..]) {
        return true;
    }
    let links = |word: &&&str| {
        matches!(
            **word,
            "about"
                | "titled"
                | "called"
                | "related"
                | "to"
                | "from"
                | "on"
                | "around"
                | "a"
                | "an"
                | "the"
                | "discussion"
                | "question"
                | "going"
                | "be"
        )
    };
    let linked = before.iter().take_while(links).count();
    let is = before.get(linked).is_some_and(|word| matches!(*word, "is" | "are" | "was" | "one's"));
    let counts = |word: &&str| {
        matches!(
            *word,
            "first" | "next" | "second" | "third" | "fourth" | "fifth" | "last" | "final" | "another" | "other" | "one"
        )
    };
    is && linked < 6 && before[linked..].iter().any(counts)
}

/// Whether what the signpost before the token announces is put off, denied, or over: "before we talk about".
fn is_put_off(text: &Text<'_>, whole: &Range<usize>, at: usize) -> bool {
    let from =
        (whole.start..at).rev().take_while(|&before| text.tokens[before].mark < Mark::Comma).last().unwrap_or(at - 1);
    text.tokens[from..at].iter().any(|token| {
        let off =
            "before after until already never instead without earlier previously rather than later except stop enough";
        token.folded.ends_with("n't") || &*token.folded == "not" || off.split(' ').any(|word| word == token.folded)
    })
}

/// Whether the talk turns to what begins with the token.
pub(super) fn is_announced(text: &Text<'_>, at: usize) -> bool {
    let whole = &text.sentences[text.tokens[at].sentence];
    let posted = at > whole.start && (signpost_before(text, whole, at) || counted_before(text, whole, at));
    posted && !is_put_off(text, whole, at)
}

/// What signposts announce, up to the next mark or clause.
pub(super) fn announced(text: &Text<'_>, whole: &Range<usize>, found: &mut Vec<Candidate>) {
    for start in whole.start + 1..whole.end {
        let broken = text.tokens[start - 1].mark > Mark::Comma && text.tokens[start - 1].folded != "is";
        if broken || !is_announced(text, start) {
            continue;
        }
        let end = announced_end(text, start..whole.end);
        let tokens = without_article(text, plain(text, start..end));
        // "a move to expel" announces nothing.
        let infinitive = text.tokens[start - 1].folded == "to" && text.tokens[start].class.any(Class::VERB);
        // What a question asks is no subject without its verb.
        let is = matches!(&*text.tokens[start - 1].folded, "is" | "are" | "was");
        let asks = is && text.tokens[whole.end - 1].mark == Mark::Question;
        // "Set a per-payment, as opposed to a global limit".
        let compared =
            text.tokens[..whole.end].get(end).is_some_and(|next| matches!(&*next.folded, "as" | "than" | "if"));
        if infinitive || tokens.is_empty() || asks || compared {
            continue;
        }
        let all = words(text, &tokens);
        let telling = all.iter().filter(|token| token.is_content() && !token.class.any(Class::VAGUE)).count();
        if telling > 0 && is_subject(&all) {
            found.push(Candidate { kind: Kind::Announced, tokens });
        }
    }
}

/// Whether the words name a subject by themselves: they begin and end with what they are about, and that is no stretch of
/// the talk, nor somebody who talks.
fn is_subject(all: &[&Token<'_>]) -> bool {
    let [first, .., last] = all else { return false };
    let begins = Class::PREPOSITION.or(Class::AUXILIARY).or(Class::VAGUE);
    let whole = first.class.any(Class::DETERMINER) && first.class.any(Class::PRONOUN)
        || matches!(&*first.folded, "all" | "both" | "some" | "any");
    let points = all.iter().any(|token| token.class.any(Class::PRONOUN) && token.name.is_none());
    let about = all.iter().position(|token| &*token.folded == "about").unwrap_or(0);
    let somebody = |token: &&Token| token.capital || token.name.is_some() || token.class.any(Class::PREPOSITION);
    let by_somebody = about > 0 && (is_given_name(first.bare) || all[..about].iter().all(somebody));
    let vague = Class::ADVERB.or(Class::HEDGE).or(Class::VAGUE);
    let listed = is_numbered(last) && !matches!(&*last.folded, "update" | "change");
    let ends = last.class.any(vague.or(Class::QUESTION)) && last.name.is_none() || listed;
    let of_show = all[..2].iter().any(|token| matches!(&*token.folded, "segment" | "section" | "item" | "able"));
    let asks = first.class.any(Class::QUESTION);
    // "The scheme a list" and "the force is the sum" are cut out of something.
    let broken = (1..all.len()).any(|at| {
        let joined = all[at - 1].is_content() && !all[at - 1].class.any(Class::VERB.or(Class::PARTICIPLE));
        let article = joined && matches!(&*all[at].folded, "a" | "an") && all[at].name.is_none();
        article || all[at].class.any(Class::AUXILIARY) && all[at].name.is_none()
    });
    if points || ends || by_somebody || of_show || broken && !asks {
        return false;
    }
    first.name.is_some() || !first.class.any(begins.or(Class::HEDGE)) && !whole
}

/// Where what is announced ends: at a mark, another clause, or a word that points at the moment of talking.
fn announced_end(text: &Text<'_>, range: Range<usize>) -> usize {
    let all: Vec<_> = text.tokens[range.clone()].iter().collect();
    let stops = |at: &usize| {
        let token = all[*at];
        let pointing = Class::SUBORDINATOR.or(Class::POINTER).or(Class::DEICTIC).or(Class::TALKER);
        let clause = token.class.any(pointing) && token.name.is_none();
        let second = token.class.any(Class::CONJUNCTION)
            && (*at + 1..all.len().min(*at + 6)).any(|next| next > 0 && is_finite(&all, next));
        all[at - 1].mark >= Mark::Comma || clause || second
    };
    range.start + (1..all.len()).find(stops).unwrap_or(all.len())
}
