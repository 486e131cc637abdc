//! What a clip is about in one to three terms: a list claims nothing but that they are talked of.

use super::announced::BEGINNING;
use super::casing::title_word;
use super::headline::LONGEST;
use super::labels::is_numbered_word;
use super::lists::{Class, class};
use super::terms::Term;
use super::tokens::{Mark, Text, Token};
use super::trust::Spread;
use crate::commonness::{self, fold};
use crate::gazetteer::is_given_name;
use ear_core::{Transcript, WordRange};
use std::collections::HashMap;

/// The most terms of a list.
const MOST: usize = 3;

/// A word that is commoner than this says little by itself.
const COMMON: f32 = 5.0;

/// A term is specific if the clip says it so many times as often as the rest does.
const LIFT: f64 = 6.0;

/// A second term has to be worth so much of the first.
const WORTH: f64 = 0.3;

/// A word that is not said all over the clip is told if it is said so often; words in a row once less.
const OFTEN: u32 = 4;

/// A term tells the clip from others of its episode if it is said so many times as often as in them.
const CONTRAST: f64 = 3.0;

/// More contrast than this is worth no more.
const MOST_CONTRAST: f64 = 9.0;

/// A word that is rarer than this may stand beside others.
const RARE: f32 = 4.5;

/// What people do whose names are said: those who tell something are seldom what is told.
const SPEAKING: &str = " says said say thinks explains explained posted wrote noted asked replied answered mentioned proposed \
    told tells talked commented responded suggested pointed ";

/// Endings of adjectives.
const ADJECTIVES: [&str; 10] = ["al", "ic", "ous", "ive", "able", "ible", "less", "ful", "ary", "ing"];

/// The terms that the clip is about, the best first, as a title. None where all that it comes back to is said everywhere.
pub(super) fn subjects(text: &Text<'_>, spread: &Spread, terms: &[&Term], rest: &Rest) -> Option<String> {
    let mut rated: Vec<(f64, Subject<'_>)> = terms
        .iter()
        .filter_map(|term| Subject::of(text, spread, term, rest.contrast(term, text.tokens.len())))
        .map(|one| (one.worth(), one))
        .collect();
    rated.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.shown.cmp(&other.1.shown)));
    let good = |(_, subject): &&(f64, Subject<'_>)| subject.specific && subject.strong;
    let weak = |(_, subject): &&(f64, Subject<'_>)| subject.central && subject.strong && subject.early;
    let best = rated.iter().find(good);
    let mut list = List::default();
    for (worth, subject) in rated.iter().filter(good) {
        if best.is_some_and(|best| *worth >= best.0 * WORTH) {
            list.push(&subject.shown);
        }
    }
    // A word alone says little ("Stream"): what else the clip tells of shows which one is meant.
    if list.says_little() {
        terms.iter().filter_map(|term| Subject::of_part(text, spread, term)).for_each(|part| list.push(&part.shown));
        if best.is_none() && list.says_little() {
            list.0.clear();
        }
    }
    let weak = rated.iter().find(weak).filter(|_| list.0.is_empty());
    weak.into_iter().for_each(|(_, subject)| list.push(&subject.shown));
    // A common noun alone has to be said all over.
    let only = best.filter(|(_, subject)| list.says_little() && subject.is_faint());
    if only.is_some() { None } else { list.shown() }
}

/// Terms of a headline.
#[derive(Default)]
struct List(Vec<String>);

impl List {
    /// Adds a term, unless there are enough or one like it.
    fn push(&mut self, shown: &str) {
        let told = self.0.iter().any(|other| alike(other, shown));
        if self.0.len() < MOST && !told {
            self.0.push(shown.to_owned());
            if self.shown().is_none_or(|all| all.chars().count() > LONGEST) {
                self.0.pop();
            }
        }
    }

    fn says_little(&self) -> bool {
        self.0.is_empty() || self.0.len() == 1 && !self.0[0].contains(' ')
    }

    fn shown(&self) -> Option<String> {
        let (last, before) = self.0.split_last()?;
        Some(if before.is_empty() { last.clone() } else { format!("{} and {last}", before.join(", ")) })
    }
}

/// How often the rest of the episode says the words that a clip's terms begin with.
pub(super) struct Rest {
    counts: HashMap<String, u32>,
    total: usize,
}

impl Rest {
    /// Counts the words of the episode outside the clip's.
    pub fn of(transcript: &Transcript, inside: &WordRange, terms: &[&Term]) -> Self {
        let mut counts: HashMap<String, u32> =
            terms.iter().flat_map(|term| &term.words).map(|word| (word.clone(), 0)).collect();
        let outside = transcript.words[..inside.start].iter().chain(&transcript.words[inside.end..]);
        let mut total = 0;
        for word in outside {
            total += 1;
            let folded = fold(&word.text);
            let bare = folded.strip_suffix("'s").unwrap_or(&folded);
            let forms = [Some(bare), bare.strip_suffix('s')];
            if let Some(found) = forms.into_iter().flatten().find(|form| counts.contains_key(*form)) {
                counts.entry(found.to_owned()).and_modify(|count| *count += 1);
            }
        }
        Self { counts, total }
    }

    /// How many times as often the clip says the term as the rest of its episode says its rarest word. 1 where there is
    /// hardly a rest.
    fn contrast(&self, term: &Term, words: usize) -> f64 {
        if self.total < words / 2 {
            return 1.0;
        }
        let other = term.words.iter().map(|word| self.counts.get(word).copied().unwrap_or(0)).min().unwrap_or(0);
        let own = f64::from(term.count) / words.max(1) as f64;
        own / ((f64::from(other) + 0.5) / (self.total + 1) as f64)
    }
}

/// A term that the clip comes back to.
struct Subject<'t> {
    term: &'t Term,
    shown: String,
    parts: u32,
    early: bool,
    /// It is said all over the clip.
    central: bool,
    contrast: f64,
    /// It tells one subject from others.
    specific: bool,
    /// It does so even beside another.
    strong: bool,
}

impl<'t> Subject<'t> {
    fn of(text: &Text<'_>, spread: &Spread, term: &'t Term, contrast: f64) -> Option<Self> {
        let subject = Self::noun(text, spread, term, contrast)?;
        let own = !term.person && subject.is_told() && contrast >= CONTRAST;
        (subject.central || own).then_some(subject)
    }

    /// What the clip tells of somewhere.
    fn of_part(text: &Text<'_>, spread: &Spread, term: &'t Term) -> Option<Self> {
        let subject = Self::noun(text, spread, term, 1.0)?;
        let acts = ["ed", "ing"].iter().any(|end| term.words.len() == 1 && term.words[0].ends_with(end));
        (!term.person && !acts && subject.specific && subject.is_told()).then_some(subject)
    }

    /// Whether it is said often enough and not in one place only.
    fn is_told(&self) -> bool {
        let often = if self.term.words.len() == 1 { OFTEN } else { OFTEN - 1 };
        self.parts >= 2 && self.term.count >= often
    }

    /// A term that names something.
    fn noun(text: &Text<'_>, spread: &Spread, term: &'t Term, contrast: f64) -> Option<Self> {
        let starts = || term.places.iter().map(|place| place.start);
        let parts = spread.parts(starts());
        let early = starts().any(|at| at * 4 < text.tokens.len());
        let needed = if term.person { (5, 4) } else { (3, if early { 3 } else { 4 }) };
        let alone = term.words.len() == 1;
        let central =
            if spread.is_short() { term.count >= 2 && parts >= 2 } else { term.count >= needed.0 && parts >= needed.1 };
        let called = !term.person && is_somebody(term);
        let capital =
            term.places.iter().filter(|place| text.tokens[place.start].capital).count() * 2 > term.places.len();
        let named = capital || term.backed;
        let symbol = |word: &String| word.len() < 3 && word.contains(|c: char| c.is_ascii_digit());
        let determined = term.words.first().is_some_and(|word| class(word).any(Class::DETERMINER));
        let idle = determined
            || alone && term.words[0].chars().count() < 2
            || term
                .words
                .iter()
                .any(|word| is_numbered_word(word) || !term.backed && (word.chars().count() < 2 || symbol(word)))
            || alone && !named && term.words[0].ends_with("ly");
        let noun = named || is_noun(text, term);
        if is_denied(text, term)
            || called
            || !term.person && speaks(text, term)
            || idle
            || !noun
            || is_modifier(text, term)
        {
            return None;
        }
        let common = term.words.iter().all(|word| commonness::word(word) > COMMON);
        let specific = term.lift >= LIFT && (named || !common || !alone && term.lift >= 4.0 * LIFT);
        let shown = whole(text, term).split(' ').map(|word| title_word(word, true)).collect::<Vec<_>>().join(" ");
        let rare = term.words.iter().any(|word| commonness::word(word) < RARE);
        Some(Self { term, shown, parts, early, central, contrast, specific, strong: capital || !alone || rare })
    }

    /// Whether it is a word in small letters that is not said throughout.
    fn is_faint(&self) -> bool {
        let small = self.term.words.len() == 1 && !self.term.backed && !self.term.shown.contains(char::is_uppercase);
        small && (self.parts < 4 || self.term.count <= OFTEN)
    }

    fn worth(&self) -> f64 {
        let whole = if self.term.words.len() > 1 { 1.3 } else { 1.0 };
        let own = self.contrast.clamp(1.0, MOST_CONTRAST).sqrt() * if self.central { 2.0 } else { 1.0 };
        self.term.score * f64::from(self.parts) / 4.0 * whole * own * if self.early { 1.5 } else { 1.0 }
    }
}

/// The most telling term of the clip's beginning that comes again, where none is said all over it.
pub(super) fn any_subject(text: &Text<'_>, terms: &[&Term]) -> Option<String> {
    let idle = |term: &Term| {
        is_somebody(term) || term.words.iter().any(|word| is_numbered_word(word) || class(word).any(Class::VAGUE))
    };
    let begins = |term: &Term| text.tokens[term.places[0].start].sentence <= BEGINNING;
    let told = |term: &Term| {
        begins(term) && term.count > 2 && term.lift >= LIFT && !speaks(text, term) && !is_modifier(text, term)
    };
    let named = |term: &Term| text.tokens[term.places[0].start].capital || term.backed || is_noun(text, term);
    let strong = |term: &Term| term.words.len() > 1 || term.words.iter().any(|word| commonness::word(word) < RARE);
    let term = terms.iter().find(|term| !term.person && !idle(term) && told(term) && strong(term) && named(term))?;
    Some(whole(text, term).split(' ').map(|word| title_word(word, true)).collect::<Vec<_>>().join(" "))
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
    let needed = if adjective { 0.7 } else { 0.35 };
    term.places.iter().filter(used).count() as f64 >= needed * term.places.len() as f64
}

/// Whether it is mostly said to be absent: "no friction", "without friction".
fn is_denied(text: &Text<'_>, term: &Term) -> bool {
    let denied = |place: &&std::ops::Range<usize>| {
        let before = place.start.checked_sub(1).map(|at| &*text.tokens[at].folded);
        before.is_some_and(|before| matches!(before, "no" | "without" | "zero" | "not" | "any"))
    };
    term.places.iter().filter(denied).count() * 3 > term.places.len()
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
