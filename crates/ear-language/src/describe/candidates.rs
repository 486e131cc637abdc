//! What might be a headline: words of the clip in their order, of which only some were left out.

use super::announced::{announced, signpost_before};
use super::grammar::{self, is_finite, stands_alone};
use super::lead::without_lead;
use super::lists::{Class, verb_of};
use super::tokens::{Mark, Text, Token};
use std::ops::Range;

/// How a candidate was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A clause with its verb.
    Clause,
    /// "The vote, which expelled the troops, …": "The vote expelled the troops".
    Relative,
    /// What a signpost announces: "let's talk about …".
    Announced,
    /// A title or a question between quotes.
    Quoted,
    /// A question that states its subject.
    Question,
}

/// Words that might be a headline.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub kind: Kind,
    /// Tokens of the text, ascending.
    pub tokens: Vec<usize>,
}

/// The most words of a headline.
const LONGEST: usize = 16;
/// The same of what is quoted, which nothing is left out of.
const LONGEST_QUOTED: usize = 20;

/// Words that only stress what is said.
const EMPHASIS: [&str; 6] = ["actually", "really", "literally", "obviously", "basically", "also"];

/// Everything that might be a headline in these sentences.
pub(super) fn candidates(text: &Text<'_>, sentence: usize) -> Vec<Candidate> {
    let whole = text.sentences[sentence].clone();
    let mut found = Vec::new();
    let body = without_lead(text, whole.clone());
    let starts = std::iter::once(body.start).chain(free_starts(text, &body));
    for start in starts {
        clauses(text, start..body.end, &mut found);
    }
    quoted(text, &whole, &mut found);
    announced(text, &whole, &mut found);
    relatives(text, &whole, &mut found);
    found.retain(|candidate| {
        let words = words(text, &candidate.tokens);
        let longest = if candidate.kind == Kind::Quoted { LONGEST_QUOTED } else { LONGEST };
        let subject = candidate.kind == Kind::Clause || candidate.kind == Kind::Relative || begins_well(&words);
        let whole = words.iter().rev().skip(1).all(|word| word.mark < Mark::Break) || candidate.kind == Kind::Quoted;
        let alone = stands_alone(&words) || is_asked(text, candidate);
        whole && subject && (2..=longest).contains(&words.len()) && alone
    });
    found
}

/// Whether it is a question between quotes that is announced as one: it may speak of who asked it.
fn is_asked(text: &Text<'_>, candidate: &Candidate) -> bool {
    let Some((&first, &last)) = candidate.tokens.first().zip(candidate.tokens.last()) else { return false };
    let opens = candidate.kind == Kind::Quoted && text.tokens[first].class.any(Class::QUESTION);
    let before = &text.tokens[text.sentences[text.tokens[first].sentence].start..first];
    let announces = |token: &Token<'_>| matches!(&*token.folded, "question" | "asked" | "asks" | "titled");
    let points = |&at: &usize| {
        text.tokens[at].class.any(Class::PRONOUN.or(Class::POINTER).or(Class::FILLER)) && text.tokens[at].name.is_none()
    };
    opens
        && !candidate.tokens.iter().any(points)
        && text.tokens[last].mark == Mark::Question
        && before.iter().any(announces)
}

/// Whether a title may begin so: not with what somebody does or did, nor with a number that lacks its name.
fn begins_well(words: &[&Token<'_>]) -> bool {
    let Some(first) = words.first() else { return false };
    let asks = first.class.any(Class::QUESTION) && words.last().is_some_and(|last| last.mark == Mark::Question);
    let next =
        words.get(1).is_some_and(|next| next.class.any(Class::PREPOSITION.or(Class::DETERMINER).or(Class::ADVERB)));
    let acts = first.class.any(Class::PAST) || first.class.any(Class::PARTICIPLE) && next;
    let idle = first.class.any(Class::ADVERB.or(Class::AUXILIARY)) || first.folded == "going";
    let acts = acts || first.class.any(Class::VERB) && !first.class.any(Class::NOUN);
    asks || first.name.is_some() || !(acts || idle || first.bare.starts_with('#'))
}

/// The tokens of a candidate.
pub(super) fn words<'t, 'a>(text: &'t Text<'a>, tokens: &[usize]) -> Vec<&'t Token<'a>> {
    tokens.iter().map(|&at| &text.tokens[at]).collect()
}

/// The range without fillers, "you know", "I mean" between commas, and words said twice.
pub(super) fn plain(text: &Text<'_>, range: Range<usize>) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::with_capacity(range.len());
    let mut at = range.start;
    while at < range.end {
        let token = &text.tokens[at];
        let next = text.tokens[..range.end].get(at + 1);
        let aside = next.is_some_and(|next| {
            matches!((&*token.folded, &*next.folded), ("you", "know") | ("i", "mean")) && next.mark > Mark::None
        });
        let twice = next.is_some_and(|next| next.folded == token.folded && !token.is_content());
        if aside {
            at += 2;
        } else {
            let idle = token.class.any(Class::FILLER) || EMPHASIS.contains(&&*token.folded);
            let aside = token.aside && at > range.start;
            if !(idle && token.name.is_none() || twice || aside) {
                kept.push(at);
            }
            at += 1;
        }
    }
    kept
}

/// Where main clauses begin inside a sentence, behind a comma and "and", if nothing before governs them.
fn free_starts(text: &Text<'_>, body: &Range<usize>) -> Vec<usize> {
    let mut starts = Vec::new();
    for at in body.start..body.end.saturating_sub(1) {
        let token = &text.tokens[at];
        if governs(token) {
            break;
        }
        let next = &text.tokens[at + 1];
        if token.mark >= Mark::Comma && matches!(&*next.folded, "and" | "so" | "but") && next.name.is_none() {
            starts.push(at + 2);
        } else if token.mark == Mark::Break {
            starts.push(at + 1);
        }
    }
    starts
}

/// Whether what follows may hold only under this word.
fn governs(token: &Token<'_>) -> bool {
    let says = matches!(
        verb_of(&token.folded).map_or(&*token.folded, |(stem, _)| stem),
        "say"
            | "said"
            | "think"
            | "thought"
            | "claim"
            | "argue"
            | "believe"
            | "suggest"
            | "assume"
            | "tell"
            | "told"
            | "imagine"
            | "wonder"
            | "ask"
            | "guess"
            | "feel"
            | "felt"
            | "mean"
            | "hope"
            | "pretend"
            | "like"
            | "says"
    );
    says || token.class.any(Class::HEDGE.or(Class::TALKER))
        || token.class.any(Class::SUBORDINATOR) && token.folded != "so"
        || token.mark == Mark::Question
}

/// The clause that the range is, whole and without what may be left away at its end.
fn clauses(text: &Text<'_>, range: Range<usize>, found: &mut Vec<Candidate>) {
    let kept = plain(text, range);
    let all = words(text, &kept);
    if all.last().is_some_and(|last| last.mark == Mark::Question) {
        if grammar::is_question(&all) {
            found.push(Candidate { kind: Kind::Question, tokens: kept });
        }
        return;
    }
    let Some(verb) = grammar::verb(&all) else { return };
    for end in ends(&all, verb) {
        found.push(Candidate { kind: Kind::Clause, tokens: kept[..end].to_vec() });
    }
    if !text.punctuated || all.last().is_some_and(|last| last.mark >= Mark::Stop) || all.len() < LONGEST {
        found.push(Candidate { kind: Kind::Clause, tokens: kept });
    }
}

/// Where a clause may end early, with nothing lost that it depends on: behind a comma, before a clause that adds.
fn ends(words: &[&Token<'_>], verb: usize) -> Vec<usize> {
    let adds = |at: usize| {
        let rest = &words[at..];
        let adding = matches!(
            &*words[at].folded,
            "which" | "who" | "because" | "where" | "since" | "so" | "meaning" | "including"
        );
        let second =
            words[at].folded == "and" && rest.len() > 2 && (2..rest.len().min(6)).any(|next| is_finite(rest, next));
        let broken = words[at - 1].mark == Mark::Break;
        (adding || second || broken) && !rest.iter().any(|token| token.class.any(Class::HEDGE))
    };
    (verb + 3..words.len()).filter(|&at| words[at - 1].mark >= Mark::Comma && adds(at)).collect()
}

/// Titles and questions between quotes.
fn quoted(text: &Text<'_>, whole: &Range<usize>, found: &mut Vec<Candidate>) {
    for start in whole.clone().filter(|&at| text.tokens[at].opens) {
        // Not every quote is closed, but a question ends with its mark.
        let ends = |at: &usize| text.tokens[*at].closes || text.tokens[*at].mark == Mark::Question;
        let Some(end) = (start..whole.end).find(ends) else { continue };
        let tokens: Vec<usize> = (start..=end).filter(|&at| !text.tokens[at].aside).collect();
        let asks = text.tokens[end].mark == Mark::Question || text.tokens[start].class.any(Class::QUESTION);
        let capitals = tokens.iter().filter(|&&at| text.tokens[at].capital).count() * 2 >= tokens.len();
        let announced = start > whole.start && signpost_before(text, whole, start);
        if tokens.len() >= 3 && (asks || capitals || announced) {
            found.push(Candidate { kind: Kind::Quoted, tokens });
        }
    }
}

/// "Bitcoin Core 26, which reduces the limit": "Bitcoin Core 26 reduces the limit". Only of proper names, as other
/// antecedents are doubtful.
fn relatives(text: &Text<'_>, whole: &Range<usize>, found: &mut Vec<Candidate>) {
    for at in whole.start + 1..whole.end.saturating_sub(2) {
        let token = &text.tokens[at];
        if !matches!(&*token.folded, "which" | "who") || text.tokens[at - 1].mark != Mark::Comma {
            continue;
        }
        let part = |&at: &usize| {
            let token = &text.tokens[at];
            token.capital || token.is_number() || token.name.is_some()
        };
        let joined = |&at: &usize| text.tokens[at].mark == Mark::None;
        let start = (whole.start..at - 1).rev().take_while(|at| part(at) && joined(at)).last().unwrap_or(at - 1);
        let cut = start > whole.start && joined(&(start - 1)) && text.tokens[start - 1].is_content();
        let proper = (start..at).any(|at| part(&at) && !text.tokens[at].is_number());
        if !part(&(at - 1)) || at - start > 6 || cut || !proper {
            continue;
        }
        let end = (at + 1..whole.end).find(|&at| text.tokens[at].mark >= Mark::Comma).map_or(whole.end, |at| at + 1);
        let mut tokens: Vec<usize> = (start..at).collect();
        let subject = tokens.len();
        tokens.extend(plain(text, at + 1..end));
        let mut all: Vec<Token<'_>> = tokens.iter().map(|&at| text.tokens[at].clone()).collect();
        // The comma goes with the relative.
        all[subject - 1].mark = Mark::None;
        let all: Vec<&Token> = all.iter().collect();
        let tells = all[subject + 1..].iter().any(|token| token.is_content() && !token.class.any(Class::VAGUE));
        if tells && all.len() > subject + 2 && is_finite(&all, subject) {
            found.push(Candidate { kind: Kind::Relative, tokens });
        }
    }
}

/// The tokens without the small words at their beginning that no title needs.
pub(super) fn without_article(text: &Text<'_>, mut tokens: Vec<usize>) -> Vec<usize> {
    let idle = |at: &usize| {
        let token = &text.tokens[*at];
        token.name.is_none()
            && (token.class.any(Class::PREPOSITION)
                || matches!(
                    &*token.folded,
                    "the"
                        | "a"
                        | "an"
                        | "this"
                        | "that"
                        | "some"
                        | "our"
                        | "also"
                        | "just"
                        | "next"
                        | "last"
                        | "another"
                        | "titled"
                        | "called"
                        | "named"
                ))
    };
    while tokens.first().is_some_and(idle) {
        tokens.remove(0);
    }
    tokens
}
