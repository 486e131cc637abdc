//! As much grammar as a headline needs: where a verb makes a clause of words, and whether words stand by themselves.
//!
//! There is no parser behind it. Rules err towards "no clause", since a list of subjects is always true.

use super::lists::{Class, Form, verb_of};
use super::tokens::{Mark, Token};

/// The most words of a subject.
const LONGEST_SUBJECT: usize = 9;

/// Third persons and pasts that are nouns or adjectives as often: they need an object that begins plainly.
const AMBIGUOUS: &str = " changes updates uses works links reports plans issues shows moves calls points places forms notes \
    tests results matches limits lists shares stores tracks trades sounds signs orders offers costs values starts attacks \
    looks needs wants means turns talks cases causes claims demands features focuses follows gains grows hits holds \
    increases decreases leads lives losses measures misses opens pays plays posts records releases requests returns \
    rises reviews risks runs saves searches sets shifts stands states stays stops strikes supports switches targets \
    thinks transfers tries visits votes warns wins builds breaks boosts bans blocks cuts deals delays drops ends exploits \
    faces falls fears feeds fights files finds fixes forces functions funds guides kicks lands loads locks mines mixes \
    promises programs processes purchases rates repairs repeats scales scans sparks spreads surprises swaps sweeps ties \
    touches traces transforms travels treats upgrades views watches codes commits copies counts crashes designs \
    documents downloads edits exports imports hosts hires limited related based used given called supposed interested \
    proposed advertised updated mixed limited closed required expected combined ";

/// Where the finite verb of a clause stands that these words are, counted from their start; the words before it are its
/// subject. `None` where they are no plain clause.
pub(super) fn verb(words: &[&Token<'_>]) -> Option<usize> {
    let first = words.first()?;
    let never_first = Class::PREPOSITION.or(Class::CONJUNCTION).or(Class::AUXILIARY).or(Class::PRONOUN);
    let opens = first.class.any(Class::SUBORDINATOR.or(Class::QUESTION)) && !first.class.any(Class::DETERMINER);
    if opens || first.class.any(never_first) && !first.class.any(Class::DETERMINER) || is_imperative(words) {
        return None;
    }
    let at = (1..words.len().min(LONGEST_SUBJECT + 1)).find(|&at| is_finite(words, at))?;
    let subject = &words[..at];
    let breaks = subject
        .iter()
        .any(|token| token.mark > Mark::None || token.class.any(Class::SUBORDINATOR) && !token.is_content());
    let telling = subject.iter().any(|token| {
        token.is_content() && !token.class.any(Class::VAGUE) && !token.bare.starts_with(|c: char| c.is_ascii_digit())
    });
    let counts = |token: &&Token<'_>| {
        matches!(&*token.folded, "next" | "last" | "first" | "second" | "third" | "final" | "another" | "other")
    };
    let orders = words.iter().take(2).any(counts);
    let ends_well = !subject[at - 1].class.any(Class::PREPOSITION.or(Class::CONJUNCTION));
    let tells = words[at + 1..].iter().any(|token| token.is_content() && !token.class.any(Class::VAGUE));
    (!breaks && telling && tells && !orders && ends_well && at + 1 < words.len()).then_some(at)
}

/// "Make sure that …".
fn is_imperative(words: &[&Token<'_>]) -> bool {
    let [first, second, ..] = words else { return false };
    let object = Class::DETERMINER.or(Class::PREPOSITION).or(Class::PRONOUN).or(Class::POINTER).or(Class::TALKER);
    first.name.is_none() && first.class.any(Class::VERB) && (second.class.any(object) || first.class.any(Class::IDLE))
}

/// Whether the word at `at` is a verb in a form that makes a clause.
pub(super) fn is_finite(words: &[&Token<'_>], at: usize) -> bool {
    let (token, before) = (words[at], words[at - 1]);
    if token.name.is_some() || token.mark == Mark::Question && at + 1 < words.len() {
        return false;
    }
    if token.class.any(Class::AUXILIARY) {
        return !token.bare.contains(['\'', '’']) || token.folded.ends_with("n't");
    }
    let bound = Class::DETERMINER.or(Class::PREPOSITION).or(Class::AUXILIARY).or(Class::TALKER).or(Class::POINTER);
    let governed = before.class.any(bound) && before.name.is_none() && !before.class.any(Class::ADVERB)
        || before.folded == "to"
        || before.mark > Mark::None
        || token.capital;
    if governed {
        return false;
    }
    let next = words.get(at + 1);
    let object = Class::DETERMINER.or(Class::PRONOUN).or(Class::POINTER);
    let plain_object = next.is_some_and(|next| next.class.any(object) || next.name.is_some() || next.is_number());
    let goes_on = plain_object || next.is_some_and(|next| next.folded == "to" || next.folded == "that");
    let ambiguous = AMBIGUOUS.contains(&format!(" {} ", token.folded));
    if token.class.any(Class::PAST) && next.is_some() {
        return token.mark == Mark::None;
    }
    match verb_of(&token.folded) {
        Some((_, Form::Third)) if ambiguous => goes_on,
        Some((_, Form::Third)) => next.is_some() && token.mark == Mark::None,
        Some((_, Form::Past)) => goes_on && (plain_object || !ambiguous),
        None => token.class.any(Class::VERB) && is_plural(before) && plain_object,
    }
}

fn is_plural(token: &Token<'_>) -> bool {
    token.is_content() && token.folded.len() > 3 && token.folded.ends_with('s') && !token.folded.ends_with("ss")
}

/// Whether the words can be read without those around them: nothing in them points outside, nobody speaks of themselves,
/// and they are not cut off.
pub(super) fn stands_alone(words: &[&Token<'_>]) -> bool {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let never_last = Class::PREPOSITION.or(Class::CONJUNCTION).or(Class::SUBORDINATOR).or(Class::AUXILIARY);
    let dangling = |token: &Token| {
        token.name.is_none()
            && (token.class.any(never_last) || matches!(&*token.folded, "the" | "a" | "an" | "very" | "be"))
    };
    let owns = last.folded.ends_with("'s") && words.len() > 1;
    if owns
        || dangling(last)
        || matches!(&*first.folded, "one" | "another" | "other" | "such" | "same" | "else" | "both")
    {
        return false;
    }
    let mut quotes = 0_i32;
    for (at, token) in words.iter().enumerate() {
        if token.name.is_none() && points_outside(words, at) {
            return false;
        }
        quotes += i32::from(token.opens) - i32::from(token.closes);
    }
    quotes == 0 || first.opens && quotes == 1 && last.mark == Mark::Question
}

/// Whether the word needs something that was said elsewhere.
fn points_outside(words: &[&Token<'_>], at: usize) -> bool {
    let token = words[at];
    if token.class.any(Class::TALKER.or(Class::FILLER)) || token.folded == "here" {
        return true;
    }
    let named = words[..at].iter().any(|earlier| earlier.is_content() && !earlier.class.any(Class::VAGUE));
    if token.class.any(Class::PRONOUN) {
        return !named;
    }
    if token.folded == "that" {
        let follows = at > 0
            && (words[at - 1].is_content()
                || words[at - 1].class.any(Class::VERB.or(Class::PAST))
                || verb_of(&words[at - 1].folded).is_some());
        return !follows || at + 1 == words.len();
    }
    token.class.any(Class::POINTER)
}

/// A question that states its subject.
pub(super) fn is_question(words: &[&Token<'_>]) -> bool {
    let Some(first) = words.first() else { return false };
    let asked = first.class.any(Class::QUESTION) && words.last().is_some_and(|last| last.mark == Mark::Question);
    let telling = words.iter().filter(|token| token.is_content() && !token.class.any(Class::VAGUE)).count();
    asked && telling >= 2
}
