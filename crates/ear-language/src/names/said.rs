//! Names that the transcript itself tells by its capitals, and what it says of names known from elsewhere.

use super::fold::fold;
use super::mentions::{Cased, mentions};
use super::patterns::{Judged, Votes};
use super::phrases::is_date;
use super::pool::{Met, Pool};
use super::words::{FUNCTION, FURNITURE, PLATFORMS, ROLES, TITLES, is_listed, is_ordinary};
use ear_core::{Name, NameSource, SourceKind, Word, WordRange, join_words};
use std::collections::BTreeMap;
use std::ops::Range;

/// Machines capitalise wrongly now and then, but seldom the same word twice.
const LEAST: u32 = 2;

/// The most words of a name that only its capitals tell.
const LONGEST: usize = 4;

/// Words before and after a name that its source keeps.
const AROUND: usize = 5;

/// Adds names that the transcript spells with capitals inside sentences, several times.
pub(super) fn add(words: &[Word], sentences: &[WordRange], pool: &mut Pool) {
    let cased = Cased::of(words);
    if !cased.tells {
        return;
    }
    let mut first = cased.first;
    for sentence in sentences {
        if let Some(first) = first.get_mut(sentence.start) {
            *first = true;
        }
    }
    let mut found: BTreeMap<String, (Range<usize>, u32)> = BTreeMap::new();
    let mut small = std::collections::HashSet::new();
    let mut at = 0;
    while at < words.len() {
        if first[at] || !is_capital(&words[at].text) {
            small.extend(starts_small(&words[at].text).then(|| fold(&words[at].text)));
            at += 1;
            continue;
        }
        let end = run_end(words, &first, at);
        if let Some(range) = trimmed(words, at..end) {
            found.entry(fold(&join_words(&words[range.clone()]))).or_insert((range, 0)).1 += 1;
        }
        at = end;
    }
    for (folded, (range, times)) in found {
        let single = !folded.contains(' ');
        let telling =
            folded.split(' ').any(|word| !(is_ordinary(word) || single && is_listed(word) && small.contains(word)));
        if times >= LEAST && telling && !(single && small.contains(&folded)) {
            let source = NameSource { kind: SourceKind::Said, text: around(words, &range) };
            let judged = Judged { votes: Votes::default(), ..Judged::default() };
            pool.add(Met { name: &bare(&words[range]), source, judged, variants: &[] });
        }
    }
}

/// Adds to names where they are said, and places of the table that are said.
pub(super) fn confirm(words: &[Word], names: &mut Vec<Name>) {
    if words.is_empty() {
        return;
    }
    let own = names.len();
    let known: std::collections::HashSet<String> = names
        .iter()
        .flat_map(|name| std::iter::once(&name.name).chain(&name.variants))
        .map(|name| fold(name))
        .collect();
    let mut all = std::mem::take(names);
    all.extend(super::gazetteer_names().into_iter().filter(|place| !known.contains(&fold(&place.name))));
    let mut said: BTreeMap<usize, (Range<usize>, u32)> = BTreeMap::new();
    for mention in mentions(words, &all) {
        said.entry(mention.name).or_insert((mention.words, 0)).1 += 1;
    }
    for (&index, (range, times)) in &said {
        let has = all[index].sources.iter().any(|source| source.kind == SourceKind::Said);
        if !has {
            let counted = if *times > 1 { format!("{times} times: ") } else { String::new() };
            let text = super::clipped(&format!("{counted}{}", around(words, range)));
            all[index].sources.push(NameSource { kind: SourceKind::Said, text });
        }
    }
    let mut index = 0;
    all.retain(|_| {
        index += 1;
        index <= own || said.contains_key(&(index - 1))
    });
    // A long list of the user's stays whole.
    all.truncate(super::pool::MOST_NAMES.max(own));
    *names = all;
}

fn is_capital(word: &str) -> bool {
    word.chars().find(|character| character.is_alphanumeric()).is_some_and(char::is_uppercase)
}

fn starts_small(word: &str) -> bool {
    word.chars().find(|character| character.is_alphanumeric()).is_some_and(char::is_lowercase)
}

fn run_end(words: &[Word], first: &[bool], at: usize) -> usize {
    let mut end = at + 1;
    while end < words.len() && end - at < LONGEST && !first[end] && is_capital(&words[end].text) {
        let before = &words[end - 1].text;
        if before.ends_with(|character: char| !character.is_alphanumeric())
            || super::fold::without_possessive(before) != before
        {
            break;
        }
        end += 1;
    }
    end
}

/// The range without words at its ends that are no part of a name, if any remain.
fn trimmed(words: &[Word], mut range: Range<usize>) -> Option<Range<usize>> {
    let idle = |word: &Word| {
        let folded = fold(&word.text);
        let furniture = FURNITURE.has(&folded) && !PLATFORMS.has(&folded) || is_date(&folded);
        folded.len() < 2 || FUNCTION.has(&folded) || furniture || TITLES.has(&folded) || ROLES.has(&folded)
    };
    while !range.is_empty() && idle(&words[range.start]) {
        range.start += 1;
    }
    while !range.is_empty() && idle(&words[range.end - 1]) {
        range.end -= 1;
    }
    (!range.is_empty()).then_some(range)
}

/// The words without marks around them and without a possessive.
fn bare(words: &[Word]) -> String {
    let text = join_words(words);
    super::fold::without_possessive(&text).trim_matches(|character: char| !character.is_alphanumeric()).to_owned()
}

fn around(words: &[Word], range: &Range<usize>) -> String {
    super::clipped(&join_words(&words[range.start.saturating_sub(AROUND)..(range.end + AROUND).min(words.len())]))
}
