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
const SIGNPOSTS: [&str; 81] = [
    "talk about",
    "talk a bit about",
    "talk a little bit about",
    "talk more about",
    "talks about",
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
    "topic of",
    "overview of",
    "question about",
    "it's called",
    "it's about",
    "speaking of",
    "to do with",
    "roll into",
    "proposal around",
    "proposal about",
    "proposal for",
    "post about",
    "paper about",
    "paper on",
    "report on",
    "report about",
    "article about",
    "article on",
    "book about",
    "study of",
    "study on",
    "segueing into",
    "item was",
    "is around",
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
pub(super) fn counted_before(text: &Text<'_>, whole: &Range<usize>, at: usize) -> bool {
    if text.tokens[at].sentence > BEGINNING {
        return false;
    }
    let spoken: Vec<&Token<'_>> = text.tokens[whole.start..at].iter().rev().take(20).collect();
    let before: Vec<&str> = spoken.iter().map(|token| &*token.folded).collect();
    let opens = before.len() <= 5 && (text.tokens[at].sentence < 2 || text.tokens[at].capital);
    if opens && matches!(before.as_slice(), ["have" | "had", "we", ..] | ["got", "we've" | "we", ..]) {
        return true;
    }
    // "There is a new ferry", but not "there is a ferry".
    if opens
        && matches!(before.as_slice(), ["new", "a", "is" | "was" | "are", "there", ..] | ["new", "a", "there's", ..])
    {
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
                | "discussing"
                | "question"
                | "going"
                | "be"
                | "today"
                | "for"
                | "here"
        )
    };
    let linked = before.iter().take_while(links).count();
    let is = before
        .get(linked)
        .is_some_and(|word| matches!(*word, "is" | "are" | "was" | "one's") || *word == "were" && linked > 0);
    let counts = |word: &&str| {
        matches!(
            *word,
            "first"
                | "next"
                | "second"
                | "third"
                | "fourth"
                | "fifth"
                | "sixth"
                | "seventh"
                | "eighth"
                | "last"
                | "final"
                | "another"
                | "other"
                | "one"
                | "main"
        )
    };
    // The verb belongs to what is counted only if nothing is told between: "the next one is a bug that was …".
    let since = (linked + 1..before.len()).take_while(|&at| !matches!(before[at], "is" | "are" | "was" | "were"));
    let told = |at: usize| (linked + 1..at).any(|between| spoken[between].is_content() && !spoken[between].is_number());
    let last = since.last().map_or(linked, |last| last + 1);
    let counted = (linked + 1..before.len()).filter(|&at| counts(&before[at]));
    // "Our story today is".
    let ours = before.get(linked + 1..).unwrap_or_default();
    let ours = ours.len() < 8
        && ours.iter().any(|word| matches!(*word, "our" | "today's" | "tonight's"))
        && ours.iter().any(|word| matches!(*word, "item" | "story" | "topic" | "subject" | "news" | "guest"));
    is && linked < 6 && (ours || counted.into_iter().any(|at| at < last || !told(last)))
}

/// Whether what the signpost before the token announces is put off, denied, or over: "before we talk about".
pub(super) fn is_put_off(text: &Text<'_>, whole: &Range<usize>, at: usize) -> bool {
    let from =
        (whole.start..at).rev().take_while(|&before| text.tokens[before].mark < Mark::Comma).last().unwrap_or(at - 1);
    text.tokens[from..at].iter().any(|token| {
        let off =
            "before after until already never instead without earlier previously rather than later except stop enough";
        token.folded.ends_with("n't") || &*token.folded == "not" || off.split(' ').any(|word| word == token.folded)
    })
}

/// Whether it is an item of a list.
pub(super) fn is_counted(text: &Text<'_>, at: usize) -> bool {
    let whole = &text.sentences[text.tokens[at].sentence];
    at > whole.start && counted_before(text, whole, at)
}

/// Whether the talk turns to what begins with the token.
pub(super) fn is_announced(text: &Text<'_>, at: usize) -> bool {
    let whole = &text.sentences[text.tokens[at].sentence];
    let posted = at > whole.start && (signpost_before(text, whole, at) || counted_before(text, whole, at));
    posted && !is_quoting(text, whole, at) && !is_put_off(text, whole, at)
}

/// Whether the token stands inside a quote that opened before it in its sentence.
pub(super) fn is_quoting(text: &Text<'_>, whole: &Range<usize>, at: usize) -> bool {
    let before = text.tokens[whole.start..at].iter();
    before.map(|token| i32::from(token.opens) - i32::from(token.closes)).sum::<i32>() > 0
}

/// What signposts announce, up to the next mark or clause.
pub(super) fn announced(text: &Text<'_>, whole: &Range<usize>, found: &mut Vec<Candidate>) {
    for start in whole.start + 1..whole.end {
        let broken = text.tokens[start - 1].mark > Mark::Comma && text.tokens[start - 1].folded != "is";
        if broken || !is_announced(text, start) {
            continue;
        }
        let end = announced_end(text, start..whole.end);
        let tokens = without_tail(text, without_source(text, without_article(text, plain(text, start..end))));
        // "a move to expel" announces nothing.
        let infinitive = text.tokens[start - 1].folded == "to" && text.tokens[start].class.any(Class::VERB);
        // What a question asks is no subject without its verb.
        let is = matches!(&*text.tokens[start - 1].folded, "is" | "are" | "was");
        let asks = is && text.tokens[whole.end - 1].mark == Mark::Question;
        // "It is in collaboration with".
        let governed = is
            && text.tokens[start].class.any(Class::PREPOSITION)
            && !matches!(&*text.tokens[start].folded, "about" | "on");
        // "Set a per-payment, as opposed to a global limit".
        let compared = text.tokens[..whole.end].get(end).is_some_and(|next| match &*next.folded {
            "as" => text.tokens[..whole.end]
                .get(end + 1)
                .is_some_and(|then| matches!(&*then.folded, "opposed" | "compared" | "much")),
            next => matches!(next, "than" | "if"),
        });
        if infinitive || governed || tokens.is_empty() || asks || compared {
            continue;
        }
        let all = words(text, &tokens);
        let piece = |token: &Token| PIECES.contains(&format!(" {} ", token.folded));
        let telling = |token: &&Token| token.is_content() && !token.class.any(Class::VAGUE) && !piece(token);
        let named = |token: &Token| token.capital || token.name.is_some();
        let starts = all.len() > 1 && named(all[0]) && all[1].folded.ends_with("ing") && !all[1].capital;
        // "Ann starting a thread on the list" tells nothing of the thread.
        let telling = all.iter().skip(usize::from(starts)).any(telling);
        if telling && is_subject(&all) {
            found.push(Candidate { kind: Kind::Announced, tokens });
        }
    }
}

/// "The ferry specification discussion": what is discussed.
fn without_tail(text: &Text<'_>, mut tokens: Vec<usize>) -> Vec<usize> {
    let tail = |&at: &usize| {
        matches!(&*text.tokens[at].folded, "discussion" | "discussions" | "topic" | "conversation" | "story")
    };
    if tokens.len() > 2 && tokens.last().is_some_and(tail) && text.tokens[tokens[tokens.len() - 2]].is_content() {
        tokens.pop();
    }
    tokens
}

/// "A post from Ann Smith about ferries": what it is about.
fn without_source(text: &Text<'_>, tokens: Vec<usize>) -> Vec<usize> {
    let links = |&at: &usize| matches!(&*text.tokens[at].folded, "about" | "on" | "titled");
    let about = tokens.iter().take(8).rposition(links).unwrap_or(0);
    let (before, rest) = tokens.split_at(about);
    let of = |&at: &usize| {
        let token = &text.tokens[at];
        let named = token.capital || token.name.is_some() || token.calls;
        named
            || token.class.any(Class::PREPOSITION.or(Class::DETERMINER))
            || PIECES.contains(&format!(" {} ", token.folded))
    };
    let person = |&at: &usize| is_given_name(text.tokens[at].bare) || text.tokens[at].calls;
    let from = before.iter().any(|&at| matches!(&*text.tokens[at].folded, "from" | "by"));
    let source = about > 0 && before.iter().all(of) && (from || before.iter().any(person)) && rest.len() > 1;
    if source { without_article(text, rest[1..].to_vec()) } else { tokens }
}

/// What somebody says or writes.
const PIECES: &str = " post posts discussion question report talk piece email message proposal paper article thread talking \
    comment comments mailing list starting writing posting asking ";

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
    // "The 1,983,702 problem" is no vague one.
    let told = all[all.len() - 2].is_number() || all[all.len() - 2].capital;
    let ends = last.class.any(vague.or(Class::QUESTION)) && last.name.is_none() && !told || listed;
    let of_show = |token: &&Token| matches!(&*token.folded, "segment" | "section" | "item" | "able");
    let of_show = all[..2].iter().any(of_show) || of_show(last);
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
    let end = (1..all.len()).find(stops).unwrap_or(all.len());
    // "Ferries and some work that has been going on": the clause tells which work.
    let tells = all
        .get(end)
        .is_some_and(|next| matches!(&*next.folded, "that" | "that's" | "who") && all[end - 1].mark == Mark::None);
    let before = (1..end).rev().find(|&at| all[at].class.any(Class::CONJUNCTION)).filter(|_| tells);
    range.start + before.unwrap_or(end)
}
