//! Names that people marked, and where a machine heard them.

use super::fold::Folded;
use super::material::{Call, HeardCall, HeardWord};
use super::spans;
use ear_language::sounds::{SoughtName, SoundText};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

/// The cost a phone up to which two names are said alike.
pub const SAME_SOUND: f32 = 0.12;
/// A name that is written small this many times as often as it is marked is an ordinary word, marked by mistake.
const ORDINARY: usize = 5;
/// Fewer small ones than this prove nothing.
const FEW: usize = 10;

/// What a name is the name of, as the material has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Kind {
    /// PERSON.
    #[serde(rename = "PERSON")]
    Person,
    /// ORG.
    #[serde(rename = "ORG")]
    Organisation,
    /// GPE: countries, states, cities.
    #[serde(rename = "GPE")]
    Place,
}

impl From<Kind> for ear_core::NameKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Person => Self::Person,
            Kind::Organisation => Self::Organisation,
            Kind::Place => Self::Place,
        }
    }
}

impl Kind {
    /// The kind of a tag; `None` for dates, numbers and all else that is not searched.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag {
            "PERSON" => Some(Self::Person),
            "ORG" => Some(Self::Organisation),
            "GPE" => Some(Self::Place),
            _ => None,
        }
    }
}

/// A name that people marked in the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged {
    /// What it is.
    pub kind: Kind,
    /// Words of the reference.
    pub words: Range<usize>,
}

/// A distinct name, as somebody would type it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// As it is written most often: "D'Ambrosia".
    pub text: String,
    /// Its folded parts, as they are spaced most often: "dambrosia".
    pub parts: Vec<String>,
    /// What it is most often.
    pub kind: Kind,
}

/// How a mention was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// In the same words.
    Exact,
    /// In the same letters.
    Respaced,
    /// In other words.
    Misheard,
    /// Not at all.
    Deleted,
}

/// A marked name in what a machine heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardMention {
    /// Index into the queries.
    pub query: usize,
    /// What it is here.
    pub kind: Kind,
    /// The heard words; empty, at its place, if it was left out.
    pub words: Range<usize>,
    /// How it was heard.
    pub class: Class,
}

/// The distinct names of all calls, in order of their folded parts: `limit` of them, spread evenly.
pub fn queries(calls: &[Call], limit: usize, notes: &mut Vec<String>) -> Vec<Query> {
    let folded: Vec<Folded> = calls.iter().map(fold_call).collect();
    // "Tall grass" and "Tallgrass" are one name.
    let mut spellings: BTreeMap<String, Vec<(Vec<String>, String, Kind)>> = BTreeMap::new();
    for (call, folded) in calls.iter().zip(&folded) {
        for tagged in &call.tagged {
            let parts = folded.parts[parts_of(folded, &tagged.words)].to_vec();
            let written = call.words[tagged.words.clone()].join(" ");
            spellings.entry(parts.concat()).or_default().push((parts, tidy(&written), tagged.kind));
        }
    }
    spellings.remove("");
    let marked: Vec<usize> = spellings.values().map(Vec::len).collect();
    let mut queries: Vec<Query> = spellings.into_values().map(query).collect();
    let mut small = vec![0_usize; queries.len()];
    for (call, folded) in calls.iter().zip(&folded) {
        for (query, part) in found(folded, &queries) {
            let last = folded.words[part + queries[query].parts.len() - 1];
            let written = &call.words[folded.words[part]..=last];
            small[query] += usize::from(!written.iter().any(|word| word.contains(char::is_uppercase)));
        }
    }
    let mut ordinary = Vec::new();
    let mut counts = small.into_iter().zip(marked);
    queries.retain(|query| {
        let Some((small, marked)) = counts.next() else { return true };
        let is_name = small < FEW || small <= ORDINARY * marked;
        if !is_name {
            ordinary.push(query.text.clone());
        }
        is_name
    });
    if !ordinary.is_empty() {
        notes.push(format!("marked as names but ordinary words, left out: {}", ordinary.join(", ")));
    }
    let (total, limit) = (queries.len(), limit.min(queries.len()));
    let keeps = |number: &usize| number * limit / total != (number + 1) * limit / total;
    queries.into_iter().enumerate().filter(|(number, _)| keeps(number)).map(|(_, query)| query).collect()
}

fn query(written: Vec<(Vec<String>, String, Kind)>) -> Query {
    let parts = most(written.iter().map(|(parts, ..)| parts.clone())).unwrap_or_default();
    let texts = written.iter().filter(|(spelled, ..)| *spelled == parts).map(|(_, text, _)| text.clone());
    Query {
        text: most(texts).unwrap_or_default(),
        kind: most(written.iter().map(|(.., kind)| *kind)).unwrap_or(Kind::Person),
        parts,
    }
}

/// Finds all names of a call in what was heard.
pub fn locate(call: &Call, queries: &[Query], words: Vec<HeardWord>) -> HeardCall {
    let said = fold_call(call);
    let heard = Folded::new(words.iter().map(|word| word.text.as_str()));
    let spans = spans::heard_words(&said, &heard);
    let known: HashMap<String, usize> =
        queries.iter().enumerate().map(|(number, query)| (query.parts.concat(), number)).collect();
    let mut mentions = Vec::new();
    let mut marked = HashSet::new();
    for tagged in &call.tagged {
        let parts = parts_of(&said, &tagged.words);
        let Some(query) = known.get(&said.parts[parts.clone()].concat()).copied() else { continue };
        let words = joined(&spans[parts.clone()]);
        let class = class(&said.parts[parts.clone()], &heard, &words);
        if marked.insert((query, parts.start)) {
            mentions.push(HeardMention { query, kind: tagged.kind, words, class });
        }
    }
    let unmarked = found(&said, queries).filter(|place| !marked.contains(place));
    let unmarked =
        unmarked.map(|(query, start)| (query, joined(&spans[start..start + queries[query].parts.len()]))).collect();
    let heard_in = |words: Range<usize>| joined(&spans[parts_of(&said, &words)]);
    let participants = participants(call).into_iter().map(|(name, words)| (name, heard_in(words))).collect();
    HeardCall { words, participants, mentions, unmarked }
}

/// Where the reference has what sounds like the whole name of somebody who takes part, and each of its words.
fn participants(call: &Call) -> Vec<(String, Range<usize>)> {
    let text = SoundText::new(&call.words);
    let mut all = Vec::new();
    for name in call.participants.iter().map(|person| &person.name).filter(|name| name.contains(' ')) {
        for found in text.find(&SoughtName::new(name, 1).readings, SAME_SOUND) {
            let said = found.place.words;
            let words: Vec<&str> = name.split_whitespace().collect();
            if words.len() == said.len() {
                all.extend(words.into_iter().zip(said.clone()).map(|(word, at)| (word.to_owned(), at..at + 1)));
            }
            all.push((name.clone(), said));
        }
    }
    all
}

/// The parts of each query where they were said: query and first part.
pub fn found<'a>(said: &'a Folded, queries: &'a [Query]) -> impl Iterator<Item = (usize, usize)> + 'a {
    let mut first: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, query) in queries.iter().enumerate() {
        first.entry(&query.parts[0]).or_default().push(number);
    }
    said.parts.iter().enumerate().flat_map(move |(at, part)| {
        let candidates = first.get(part.as_str()).cloned().unwrap_or_default();
        let fits = move |query: &usize| said.parts[at..].starts_with(&queries[*query].parts);
        candidates.into_iter().filter(fits).map(move |query| (query, at))
    })
}

fn fold_call(call: &Call) -> Folded {
    Folded::new(call.words.iter().map(String::as_str))
}

fn parts_of(folded: &Folded, words: &Range<usize>) -> Range<usize> {
    folded.of_word[words.start].start..folded.of_word[words.end - 1].end
}

fn joined(spans: &[Range<usize>]) -> Range<usize> {
    let heard = spans.iter().filter(|span| !span.is_empty());
    let whole = heard.cloned().reduce(|left, right| left.start.min(right.start)..left.end.max(right.end));
    whole.unwrap_or_else(|| spans.first().cloned().unwrap_or_default())
}

/// How a name was heard in these words.
fn class(parts: &[String], heard: &Folded, words: &Range<usize>) -> Class {
    if words.is_empty() {
        return Class::Deleted;
    }
    let heard = &heard.parts[parts_of(heard, words)];
    if heard == parts {
        return Class::Exact;
    }
    if heard.concat() == parts.concat() { Class::Respaced } else { Class::Misheard }
}

/// A name as somebody would type it: without the possessive ending.
fn tidy(written: &str) -> String {
    let plain = written.replace('’', "'");
    plain.strip_suffix("'s").unwrap_or(&plain).trim_matches(['-', ',']).to_owned()
}

fn most<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    // The first of the most frequent.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::fixture::material;

    #[test]
    fn mentions_are_found_and_classed() {
        let check = |said: &str, heard: &str, class: Class, words: Range<usize>| {
            let material = material(&[(said, &[heard])]);
            let mention = &material.systems[0].calls[0].as_ref().unwrap().mentions[0];
            assert_eq!((mention.class, &mention.words), (class, &words), "{said} / {heard}");
        };
        check("ask PERSON[Soleimani's] men now", "ask Soleimani men now", Class::Exact, 1..2);
        check("ask PERSON[D'Ambrosia] now", "ask d ambrosia now", Class::Respaced, 1..3);
        check("ask PERSON[Soleimani] now", "ask sola money now", Class::Misheard, 1..3);
        check("ask PERSON[Josh] now", "ask now", Class::Deleted, 1..1);
        check("in ORG[COVID-19] times", "in covid 19 times", Class::Exact, 1..3);
        check("PERSON[Jonathan Lamers] asks", "jonathan lammers asks", Class::Misheard, 0..2);
    }

    #[test]
    fn queries_are_what_somebody_would_type() {
        let material = material(&[
            ("from GPE[Iran] and ORG[NextEra Energy's] and GPE[iran] and GPE[Iran]", &["from"]),
            ("so iran and PERSON[the] men with GPE[I ran]", &["so"]),
        ]);
        let shown: Vec<(&str, Kind)> = material.queries.iter().map(|query| (query.text.as_str(), query.kind)).collect();
        assert_eq!(shown, [("Iran", Kind::Place), ("NextEra Energy", Kind::Organisation), ("the", Kind::Person)]);
        let heard = material.systems[0].calls[1].as_ref().unwrap();
        assert_eq!(heard.unmarked.iter().map(|(query, _)| *query).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn ordinary_words_marked_by_mistake_are_left_out() {
        let said = format!("ORG[the] men and GPE[Iran] {}", "the men ".repeat(12));
        let material = material(&[(said.trim_end(), &["the men"])]);
        assert_eq!(material.queries.iter().map(|query| query.text.as_str()).collect::<Vec<_>>(), ["Iran"]);
        assert!(material.notes[0].contains("ordinary words, left out: the"), "{:?}", material.notes);
    }
}
