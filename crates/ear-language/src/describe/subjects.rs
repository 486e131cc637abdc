//! What a clip is about in one to three terms: a list claims nothing but that they are talked of.

use super::casing::title_word;
use super::headline::LONGEST;
use super::labels::is_numbered_word;
use super::lists::{Class, class};
use super::terms::Term;
use super::tokens::{Mark, Text, Token};
use super::trust::Spread;
use crate::commonness;
use crate::gazetteer::is_given_name;

/// The most terms of a list.
const MOST: usize = 3;

/// A word that is commoner than this says little by itself.
const COMMON: f32 = 5.0;

/// A term is specific if the clip says it so many times as often as the rest does.
const LIFT: f64 = 6.0;

/// A second term has to be worth so much of the first.
const WORTH: f64 = 0.4;

/// A word that is rarer than this may stand beside others.
const RARE: f32 = 4.5;

/// What people do whose names are said: those who tell something are seldom what is told.
const SPEAKING: &str = " says said say thinks explains explained posted wrote noted asked replied answered mentioned proposed \
    told tells talked commented responded suggested pointed ";

/// Endings of adjectives.
const ADJECTIVES: [&str; 10] = ["al", "ic", "ous", "ive", "able", "ible", "less", "ful", "ary", "ing"];

/// The terms that the whole clip is about, the best first, as a title.
pub(super) fn subjects(text: &Text<'_>, spread: &Spread, terms: &[&Term]) -> Option<String> {
    let mut rated: Vec<(f64, Subject<'_>)> =
        terms.iter().filter_map(|term| Subject::of(text, spread, term)).map(|one| (one.worth(), one)).collect();
    rated.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.shown.cmp(&other.1.shown)));
    let longer = |(_, subject): &&(f64, Subject<'_>)| subject.shown.contains(' ');
    let first = rated.iter().find(|(_, subject)| subject.specific);
    let strong = |(worth, subject): &&(f64, Subject<'_>)| {
        subject.specific && subject.strong && first.is_some_and(|first| *worth >= first.0 * WORTH)
    };
    let best = rated.iter().find(strong).or(first).or(rated.iter().find(longer)).or(rated.first())?;
    let (least, only) = (best.0 * WORTH, !best.1.specific);
    let mut chosen: Vec<&str> = vec![&best.1.shown];
    for (worth, subject) in &rated {
        if only || chosen.len() == MOST || *worth < least {
            break;
        }
        let third = chosen.len() < 2 || subject.parts == 4;
        let beside = subject.specific && subject.strong && subject.early;
        if beside && third && !chosen.iter().any(|other| alike(other, &subject.shown)) {
            chosen.push(&subject.shown);
            if listed(&chosen).chars().count() > LONGEST {
                chosen.pop();
            }
        }
    }
    // A word alone says little ("Stream"): what else is said all over tells which one is meant.
    if chosen.len() == 1 && !best.1.shown.contains(' ') {
        let tells = |(_, subject): &&(f64, Subject<'_>)| subject.parts >= 3 && (subject.specific || subject.strong);
        let others = rated.iter().filter(tells).filter(|(_, subject)| !alike(&best.1.shown, &subject.shown));
        chosen.extend(others.map(|(_, subject)| subject.shown.as_str()).take(MOST - 1));
    }
    Some(listed(&chosen))
}

/// A term that is said all over the clip.
struct Subject<'t> {
    term: &'t Term,
    shown: String,
    parts: u32,
    early: bool,
    /// It tells one subject from others.
    specific: bool,
    /// It does so even beside another.
    strong: bool,
}

impl<'t> Subject<'t> {
    fn of(text: &Text<'_>, spread: &Spread, term: &'t Term) -> Option<Self> {
        let starts = || term.places.iter().map(|place| place.start);
        let parts = spread.parts(starts());
        let early = starts().any(|at| at * 4 < text.tokens.len());
        let needed = if term.person { (5, 4) } else { (3, if early { 2 } else { 3 }) };
        let told =
            if spread.is_short() { term.count >= 2 && parts >= 2 } else { term.count >= needed.0 && parts >= needed.1 };
        let alone = term.words.len() == 1;
        let called = !term.person && is_somebody(term);
        let capital =
            term.places.iter().filter(|place| text.tokens[place.start].capital).count() * 2 > term.places.len();
        let named = capital || term.backed;
        let letter = |word: &String| word.chars().count() < 2;
        let symbol = |word: &String| word.len() < 3 && word.contains(|c: char| c.is_ascii_digit());
        let determined = term.words.first().is_some_and(|word| class(word).any(Class::DETERMINER));
        let idle = determined
            || term.words.iter().any(|word| is_numbered_word(word) || !term.backed && (letter(word) || symbol(word)))
            || alone && !named && term.words[0].ends_with("ly");
        let noun = named || is_noun(text, term);
        if !told || called || !term.person && speaks(text, term) || idle || !noun || is_modifier(text, term) {
            return None;
        }
        let common = term.words.iter().all(|word| commonness::word(word) > COMMON);
        let specific = term.lift >= LIFT && (named || !common || !alone && term.lift >= 4.0 * LIFT);
        let shown = whole(text, term).split(' ').map(|word| title_word(word, true)).collect::<Vec<_>>().join(" ");
        let rare = term.words.iter().any(|word| commonness::word(word) < RARE);
        Some(Self { term, shown, parts, early, specific, strong: capital || !alone || rare })
    }

    fn worth(&self) -> f64 {
        let whole = if self.term.words.len() > 1 { 1.3 } else { 1.0 };
        self.term.score * f64::from(self.parts) / 4.0 * whole * if self.early { 2.0 } else { 1.0 }
    }
}

/// The most telling term that may stand alone where none is said all over the clip.
pub(super) fn any_subject(text: &Text<'_>, terms: &[&Term]) -> Option<String> {
    let idle = |term: &Term| is_somebody(term) || term.words.iter().any(|word| is_numbered_word(word));
    let term = terms.iter().find(|term| !term.person && !idle(term) && (term.backed || is_noun(text, term)))?;
    Some(term.shown.split(' ').map(|word| title_word(word, true)).collect::<Vec<_>>().join(" "))
}

/// Whether it is a name as people have.
fn is_somebody(term: &Term) -> bool {
    let given = is_given_name(term.shown.split(' ').next().unwrap_or_default());
    given && (term.words.len() == 1 && !term.backed || term.words.len() == 2)
}

/// Whether somebody of this name tells something, or is spoken to.
fn speaks(text: &Text<'_>, term: &Term) -> bool {
    let spoken_to = |place: &&std::ops::Range<usize>| {
        let (first, last) = (&text.tokens[place.start], &text.tokens[place.end - 1]);
        let apart = first.first || place.start.checked_sub(1).is_some_and(|at| text.tokens[at].mark > Mark::None);
        first.bare.starts_with(char::is_uppercase) && apart && last.mark > Mark::None
    };
    if term.words.len() == 1 && term.places.iter().filter(spoken_to).count() * 4 > term.places.len() {
        return true;
    }
    term.places.iter().any(|place| {
        let verb = text.tokens.get(place.end).filter(|_| text.tokens[place.end - 1].capital);
        verb.is_some_and(|verb| SPEAKING.contains(&format!(" {} ", verb.folded)))
    })
}

/// The term with the word that stands before it nearly always: "open source software".
fn whole(text: &Text<'_>, term: &Term) -> String {
    let small = Class::DETERMINER.or(Class::PREPOSITION).or(Class::CONJUNCTION).or(Class::AUXILIARY).or(Class::POINTER);
    let small =
        small.or(Class::TALKER).or(Class::PRONOUN).or(Class::FILLER).or(Class::SUBORDINATOR).or(Class::QUESTION);
    let small = small.or(Class::ADVERB).or(Class::VAGUE).or(Class::PAST);
    let before = |place: &std::ops::Range<usize>| {
        let token = &text.tokens[place.start.checked_sub(1)?];
        let joined = token.mark == Mark::None && token.sentence == text.tokens[place.start].sentence && !token.calls;
        (joined && (token.name.is_some() || !token.class.any(small))).then_some(token)
    };
    let found: Vec<&Token<'_>> = term.places.iter().filter_map(before).collect();
    let most = found
        .iter()
        .find(|token| found.iter().filter(|other| other.folded == token.folded).count() * 10 >= term.places.len() * 7);
    match most {
        Some(token) => format!("{} {}", token.bare, term.shown),
        None => term.shown.clone(),
    }
}

/// Whether the words are used as a noun is: behind an article or a preposition, or as many, and not before another noun.
fn is_noun(text: &Text<'_>, term: &Term) -> bool {
    let opens = Class::DETERMINER.or(Class::PREPOSITION).or(Class::POINTER);
    let owns = |token: &Token<'_>| {
        matches!(&*token.folded, "my" | "your" | "our" | "its" | "their" | "his" | "her")
            || token.folded.ends_with("'s")
    };
    let used = |place: &&std::ops::Range<usize>| {
        let (first, last) = (&text.tokens[place.start], &text.tokens[place.end - 1]);
        let before = place.start.checked_sub(1).map(|at| &text.tokens[at]).filter(|_| !first.first);
        let opened = before.is_some_and(|before| before.class.any(opens) && &*before.folded != "to" || owns(before));
        let next = text.tokens.get(place.end).filter(|next| last.mark == Mark::None && next.sentence == last.sentence);
        let ended = next.is_none_or(|next| !next.is_content() || next.class.any(Class::VERB));
        let many = last.folded.len() > 4 && last.folded.ends_with('s') && !last.folded.ends_with("ss");
        (opened || many) && ended
    };
    let adjective = term.words.last().is_some_and(|word| ADJECTIVES.iter().any(|ending| word.ends_with(ending)));
    let needed = if adjective { 0.5 } else { 0.35 };
    term.places.iter().filter(used).count() as f64 >= needed * term.places.len() as f64
}

/// Whether the words mostly stand before the noun that they belong to, so that they are cut out of a compound.
fn is_modifier(text: &Text<'_>, term: &Term) -> bool {
    let goes_on = |place: &&std::ops::Range<usize>| {
        let last = &text.tokens[place.end - 1];
        let next = text.tokens.get(place.end).filter(|next| next.sentence == last.sentence && last.mark == Mark::None);
        next.is_some_and(|next| {
            next.is_content() && !next.class.any(Class::VERB.or(Class::PARTICIPLE)) && next.name.is_none()
        })
    };
    // "Iraqi" belongs to what follows as no other name does.
    let of_people = term.words.len() == 1 && ["i", "an", "ish", "ese"].iter().any(|end| term.words[0].ends_with(end));
    let capital = text.tokens[term.places[0].start].capital && term.words.len() == 1;
    let named = (term.backed || capital) && !of_people;
    !named && term.places.iter().filter(goes_on).count() * 2 > term.places.len()
}

/// "Iraq" and "Iraqi" are one subject.
fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    one == other || one.len().min(other.len()) >= 4 && (one.contains(&other) || other.contains(&one))
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}
