//! Proposals that heard words stand for a name.
//!
//! Every spelling of every name is looked for by its sound. What is found is judged by clues ([`crate::sounds::clues`])
//! to which a list adds some of its own: where the name was met, how often it is said exactly, how sure the
//! recogniser was. Where proposals overlap, the likeliest wins and the next best name is remembered.

mod evidence;
mod model;

use crate::commonness;
use crate::sounds::{CLUES, Clues, Found, SoughtName, SoundText, Usage, clues};
use ear_core::{Name, NameKind, Proposal, SourceKind, Word, WordRange, join_words};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

pub use model::{RepairModel, shipped};

/// Other spellings of a name that are looked for, beside the name itself.
const MAX_SPELLINGS: usize = 8;
/// Parts of a name with fewer letters are not looked for alone.
const MIN_PART: usize = 3;
/// Ways to say a spelling that are tried.
const READINGS: usize = 3;

/// A name of the list, and what was decided about it before.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The name with its variants and sources.
    pub name: Name,
    /// What was heard for it and accepted, folded, each with how often.
    pub heard_before: Vec<(String, u32)>,
    /// What was heard for it and refused, folded: never proposed again.
    pub refused: Vec<String>,
}

/// What is proposed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The least probability of a proposal.
    pub least: f32,
    /// The most that a place may cost for each phone.
    pub bar: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { least: 0.5, bar: crate::sounds::BAR }
    }
}

/// How many clues a list adds.
pub const LIST_CLUES: usize = 6;
/// All clues of a repair: those of the sound, then whether the name is given for this very episode (0 a table of
/// the world to 1 a list or credit), how often what was heard was accepted before, how sure the recogniser was (-1
/// unknown), how many names the list has (log10), whether the spelling is the whole name, and how many of the
/// list's names sound as much like these words.
pub type RepairClues = [f32; REPAIR_CLUES];
/// How many clues a repair has.
pub const REPAIR_CLUES: usize = CLUES + LIST_CLUES;

/// A place that may stand for a name, before it is judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Index into the list.
    pub name: usize,
    /// The spelling that it sounds like.
    pub spelling: String,
    /// The heard words.
    pub words: WordRange,
    /// What speaks for and against.
    pub clues: RepairClues,
}

/// Proposals for these words, in their order; none overlap. `library_count` tells how often folded words stand in a
/// row in the library, and with no words how many words there are in it.
pub fn propose(
    words: &[Word],
    names: &[Listed],
    settings: &Settings,
    library_count: &dyn Fn(&[&str]) -> u64,
) -> Vec<Proposal> {
    let candidates = candidates(words, names, settings.bar, library_count);
    decide(words, names, candidates, settings, &shipped())
}

/// Everything that sounds like a name of the list and does not spell one.
pub fn candidates(
    words: &[Word],
    names: &[Listed],
    bar: f32,
    library_count: &dyn Fn(&[&str]) -> u64,
) -> Vec<Candidate> {
    let folded: Vec<String> = words.iter().map(|word| commonness::fold(&word.text).into_owned()).collect();
    let text = Text { words, sounds: SoundText::new(&folded), folded };
    let spellings = spellings(names);
    let exact = Exact::new(&text.folded, &spellings, names.len());
    let mut all = Vec::new();
    for (name, spelling) in &spellings {
        let sought = SoughtName::new(spelling, READINGS);
        let found = text.sounds.find(&sought.readings, bar);
        all.extend(text.candidates(*name, &names[*name], &sought, found, &exact, library_count));
    }
    count_rivals(&mut all);
    let size = (1.0 + names.len() as f32).log10();
    all.iter_mut().for_each(|candidate| candidate.clues[CLUES + 3] = size);
    all
}

/// The likeliest of what overlaps, from `least` on.
pub fn decide(
    words: &[Word],
    names: &[Listed],
    candidates: Vec<Candidate>,
    settings: &Settings,
    model: &RepairModel,
) -> Vec<Proposal> {
    let mut judged: Vec<(f32, Candidate)> =
        candidates.into_iter().map(|candidate| (model.probability(&candidate.clues), candidate)).collect();
    judged.sort_by(|(a, one), (b, other)| {
        let rank = |candidate: &Candidate| (candidate.words.start, candidate.words.end, candidate.name);
        b.total_cmp(a).then_with(|| rank(one).cmp(&rank(other))).then_with(|| one.spelling.cmp(&other.spelling))
    });
    let mut proposals: Vec<Proposal> = Vec::new();
    for (probability, candidate) in judged {
        let name = &names[candidate.name].name.name;
        let overlaps = |proposal: &&mut Proposal| {
            proposal.words.start < candidate.words.end && candidate.words.start < proposal.words.end
        };
        if let Some(winner) = proposals.iter_mut().find(overlaps) {
            if winner.runner_up.is_none() && winner.name != candidate.name && *name != names[winner.name].name.name {
                winner.runner_up = Some(name.clone());
            }
            continue;
        }
        if probability < settings.least {
            continue;
        }
        proposals.push(Proposal {
            name: candidate.name,
            heard: bare(&words[candidate.words.clone()]),
            meant: meant(&candidate.spelling, &words[candidate.words.end - 1].text),
            probability,
            evidence: evidence::evidence(words, &candidate, &names[candidate.name], model),
            words: candidate.words,
            runner_up: None,
        });
    }
    proposals.sort_by_key(|proposal| proposal.words.start);
    proposals
}

/// A text in which names are looked for.
struct Text<'a> {
    words: &'a [Word],
    folded: Vec<String>,
    sounds: SoundText,
}

impl Text<'_> {
    fn candidates(
        &self,
        number: usize,
        listed: &Listed,
        sought: &SoughtName,
        found: Vec<Found>,
        exact: &Exact,
        library_count: &dyn Fn(&[&str]) -> u64,
    ) -> Vec<Candidate> {
        let heard: Vec<(Found, Vec<&str>)> = found
            .into_iter()
            .map(|found| {
                let heard = self.folded[found.place.words.clone()].iter().map(String::as_str).collect();
                (found, heard)
            })
            .collect();
        let mut here: HashMap<String, u64> = HashMap::new();
        for (_, heard) in &heard {
            *here.entry(heard.join(" ")).or_insert(0) += 1;
        }
        let refused: HashSet<&str> = listed.refused.iter().map(String::as_str).collect();
        let library_words = library_count(&[]).max(self.words.len() as u64);
        let mut counts: HashMap<String, u64> = HashMap::new();
        let mut costs: Vec<f32> = heard.iter().map(|(found, _)| found.place.cost).collect();
        costs.sort_unstable_by(f32::total_cmp);
        let mut all = Vec::new();
        for (found, heard) in heard {
            let phrase = heard.join(" ");
            let range = found.place.words.clone();
            if sought.is_spelled(&heard) || refused.contains(phrase.as_str()) || exact.says_more(&range, sought) {
                continue;
            }
            let said = here[&phrase];
            let library = *counts.entry(phrase.clone()).or_insert_with(|| library_count(&heard).max(said));
            let usage = Usage {
                library,
                library_words,
                here: said,
                rivals: (costs.partition_point(|&cost| cost <= found.place.cost) as u64).saturating_sub(said),
                exact_library: exact.count(number),
                exact_here: exact.count(number),
            };
            let phones = self.sounds.phones(range.clone());
            let sound = clues(sought, found.reading, &found.place, phones, &heard, &usage);
            let list = self.list_clues(listed, sought, &phrase, &range);
            all.push(Candidate {
                name: number,
                spelling: sought.text.clone(),
                words: range,
                clues: joined(&sound, &list),
            });
        }
        all
    }

    fn list_clues(
        &self,
        listed: &Listed,
        sought: &SoughtName,
        phrase: &str,
        range: &Range<usize>,
    ) -> [f32; LIST_CLUES] {
        let before = listed.heard_before.iter().find(|(heard, _)| heard == phrase).map_or(0, |(_, count)| *count);
        let sure: Vec<f32> = self.words[range.clone()].iter().filter_map(|word| word.confidence).collect();
        let confidence = if sure.is_empty() { -1.0 } else { sure.iter().sum::<f32>() / sure.len() as f32 };
        let is_whole = f32::from(u8::from(sought.text == listed.name.name));
        [nearness(&listed.name), (1.0 + before as f32).log10(), confidence, 0.0, is_whole, 0.0]
    }
}

fn joined(sound: &Clues, list: &[f32; LIST_CLUES]) -> RepairClues {
    let mut all = [0.0; CLUES + LIST_CLUES];
    all[..CLUES].copy_from_slice(sound);
    all[CLUES..].copy_from_slice(list);
    all
}

/// How surely the best source of a name is about this very episode.
fn nearness(name: &Name) -> f32 {
    let of = |kind: SourceKind| match kind {
        SourceKind::List | SourceKind::Credit | SourceKind::Title | SourceKind::Said => 1.0,
        SourceKind::Notes | SourceKind::Chapter | SourceKind::Tag => 0.9,
        SourceKind::Show | SourceKind::Regular | SourceKind::Followed => 0.6,
        SourceKind::Library => 0.4,
        SourceKind::Gazetteer => 0.0,
    };
    name.sources.iter().map(|source| of(source.kind)).fold(0.0, f32::max)
}

/// All spellings that are looked for, each once for its name.
fn spellings(names: &[Listed]) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    for (number, listed) in names.iter().enumerate() {
        let mut seen = HashSet::new();
        let name = &listed.name.name;
        let variants = listed.name.variants.iter().take(MAX_SPELLINGS).map(String::as_str);
        let spellings = std::iter::once(name.as_str()).chain(variants).chain(parts(&listed.name));
        all.extend(
            spellings
                .filter(|spelling| !spelling.trim().is_empty() && seen.insert(commonness::fold(spelling).into_owned()))
                .map(|spelling| (number, spelling.to_owned())),
        );
    }
    all
}

/// The first and the last word of a person's name, by which people are also called.
fn parts(name: &Name) -> impl Iterator<Item = &str> {
    let words: Vec<&str> = name.name.split_whitespace().collect();
    let ends = match (name.kind, words.as_slice()) {
        (Some(NameKind::Person), [first, .., last]) => vec![*first, *last],
        _ => Vec::new(),
    };
    ends.into_iter().filter(|part| part.chars().filter(|c| c.is_alphabetic()).count() >= MIN_PART)
}

/// Where names of the list are spelled.
struct Exact {
    /// By place: how many letters the name has that is spelled there.
    spelled: Vec<u16>,
    counts: Vec<u64>,
}

impl Exact {
    fn new(folded: &[String], spellings: &[(usize, String)], names: usize) -> Self {
        let mut by_first: HashMap<String, Vec<(usize, Vec<String>)>> = HashMap::new();
        for (name, spelling) in spellings {
            let words: Vec<String> = spelling
                .split_whitespace()
                .map(|word| without_possessive(&commonness::fold(word)).to_owned())
                .filter(|word| !word.is_empty())
                .collect();
            if let Some(first) = words.first() {
                by_first.entry(first.clone()).or_default().push((*name, words));
            }
        }
        let mut exact = Self { spelled: vec![0; folded.len()], counts: vec![0; names] };
        for at in 0..folded.len() {
            for (name, words) in by_first.get(without_possessive(&folded[at])).into_iter().flatten() {
                let end = at + words.len();
                let stands = end <= folded.len()
                    && words.iter().zip(&folded[at..end]).all(|(word, heard)| word == without_possessive(heard));
                if stands {
                    exact.counts[*name] += 1;
                    let letters = words.iter().map(String::len).sum::<usize>().min(usize::from(u16::MAX)) as u16;
                    exact.spelled[at..end].iter_mut().for_each(|most| *most = letters.max(*most));
                }
            }
        }
        exact
    }

    fn count(&self, name: usize) -> u64 {
        self.counts[name]
    }

    /// Whether a name is spelled within these words that has as many letters as this one: then nothing is to be
    /// repaired. A part of a longer name may well be spelled right ("Brett Jordan" for "Bret Jordan").
    fn says_more(&self, words: &Range<usize>, name: &SoughtName) -> bool {
        self.spelled[words.clone()].iter().any(|&letters| usize::from(letters) >= name.letters())
    }
}

fn without_possessive(word: &str) -> &str {
    word.strip_suffix("'s").unwrap_or(word)
}

/// For each candidate how many other names sound as much like its words.
fn count_rivals(all: &mut [Candidate]) {
    let mut starts: Vec<(Range<usize>, usize, f32)> =
        all.iter().map(|candidate| (candidate.words.clone(), candidate.name, candidate.clues[0])).collect();
    starts.sort_by_key(|(words, name, _)| (words.start, words.end, *name));
    let longest = starts.iter().map(|(words, ..)| words.len()).max().unwrap_or(0);
    for candidate in all {
        let words = &candidate.words;
        let from = starts.partition_point(|(other, ..)| other.start + longest <= words.start);
        let near = starts[from..].iter().take_while(|(other, ..)| other.start < words.end);
        let rivals: HashSet<usize> = near
            .filter(|(other, name, cost)| {
                other.end > words.start && *name != candidate.name && *cost <= candidate.clues[0] + 0.02
            })
            .map(|(_, name, _)| *name)
            .collect();
        candidate.clues[CLUES + 5] = (1.0 + rivals.len() as f32).log10();
    }
}

/// The words without the marks around them.
fn bare(words: &[Word]) -> String {
    join_words(words).trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

/// The spelling, in the possessive where the last of the heard words is.
fn meant(spelling: &str, last: &str) -> String {
    let folded = commonness::fold(last);
    let is_possessive = folded.ends_with("'s") && !commonness::fold(spelling).ends_with("'s");
    if is_possessive { format!("{spelling}’s") } else { spelling.to_owned() }
}
