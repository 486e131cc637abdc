//! What the talk itself says it is about: what signposts announce, and names with numbers at its beginning.

use super::candidates::{Candidate, Kind, plain, without_article, words};
use super::lists::Class;
use super::tokens::{Mark, Text};
use std::ops::Range;

/// The last sentence of a clip's beginning, counted from 0.
const BEGINNING: usize = 3;

/// Words that announce what the talk turns to. What follows them is a subject, not yet a claim.
const SIGNPOSTS: [&str; 58] = [
    "talk about",
    "talk a bit about",
    "talk a little bit about",
    "talk more about",
    "talking about",
    "talked about",
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
    is && linked < 5 && before[linked..].iter().any(counts)
}

/// A proper name with a number, near the beginning of the clip: "Section 230", "LDK #2044".
pub(super) fn label(text: &Text<'_>) -> Option<Vec<usize>> {
    let end = text.sentences.get(..=BEGINNING).unwrap_or(&text.sentences).last()?.end;
    let part = |at: usize| text.tokens[at].capital || text.tokens[at].is_number();
    let proper =
        |at: usize| text.tokens[at].capital && !text.tokens[at].calls && !text.tokens[at].class.any(Class::IDLE);
    (0..end).find_map(|start| {
        // Where another number was told before, that one is what it is about.
        let told = text.tokens[..start].iter().any(|token| token.bare.starts_with('#'));
        let alone = start == 0 || text.tokens[start - 1].mark > Mark::None || !part(start - 1);
        if !(proper(start) || text.tokens[start].first && start + 1 < end && part(start + 1))
            || !alone
            || text.tokens[start].class.any(Class::IDLE)
        {
            return None;
        }
        let stop = (start..end.min(start + 6))
            .find(|&at| text.tokens[at].mark > Mark::None || at + 1 == end || !part(at + 1))?;
        let version = !text.tokens[stop].bare.ends_with("-based") && !text.tokens[stop].bare.ends_with("-year");
        let numbered =
            version && text.tokens[stop].is_number() && text.tokens[stop].sentence == text.tokens[start].sentence;
        // "Episode 5" and "Paris 2024" are no subjects.
        let place = (start..=stop).any(|at| text.tokens[at].class.any(Class::VAGUE) || is_year(text.tokens[at].bare));
        (stop > start && numbered && !place && !told).then(|| (start..=stop).collect())
    })
}

fn is_year(word: &str) -> bool {
    word.len() == 4
        && (word.starts_with("19") || word.starts_with("20"))
        && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// What signposts announce, up to the next mark or clause.
pub(super) fn announced(text: &Text<'_>, whole: &Range<usize>, found: &mut Vec<Candidate>) {
    for start in whole.start + 1..whole.end {
        let broken = text.tokens[start - 1].mark > Mark::Comma && text.tokens[start - 1].folded != "is";
        if broken || !(signpost_before(text, whole, start) || counted_before(text, whole, start)) {
            continue;
        }
        let stops = |at: &usize| {
            let token = &text.tokens[*at];
            token.class.any(Class::SUBORDINATOR) && token.name.is_none() && *at > start
        };
        let until = (start..whole.end).find(stops).unwrap_or(whole.end);
        let mark = (start..until).find(|&at| text.tokens[at].mark >= Mark::Comma).map_or(until, |at| at + 1);
        for end in [mark, until] {
            let tokens = without_article(text, plain(text, start..end));
            // "a move to expel" announces nothing.
            let infinitive = text.tokens[start - 1].folded == "to" && text.tokens[start].class.any(Class::VERB);
            if infinitive || tokens.is_empty() {
                continue;
            }
            let all = words(text, &tokens);
            let telling = all.iter().filter(|token| token.is_content() && !token.class.any(Class::VAGUE)).count();
            if telling > 0 && !all[0].class.any(Class::PREPOSITION.or(Class::AUXILIARY)) {
                found.push(Candidate { kind: Kind::Announced, tokens });
            }
        }
    }
}
