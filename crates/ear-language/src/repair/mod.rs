//! Proposals that heard words stand for a name.
//!
//! Every spelling of every name is looked for by its sound. What is found is judged by clues ([`crate::sounds::clues`])
//! to which a list adds some of its own: where the name was met, how often it is said exactly, how sure the
//! recogniser was. Where proposals overlap, the likeliest wins and the next best name is remembered.

mod evidence;
mod exact;
mod model;

use crate::sounds::{CLUES, Clues, Found, SHARED, SoughtName, SoundText, Usage, clues};
use crate::{commonness, sounds};
use ear_core::{Name, NameKind, Proposal, SourceKind, Word, WordRange, join_words};
use exact::{Exact, without_possessive};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

pub use model::{RepairModel, shipped};

/// Other spellings of a name that are looked for, beside the name itself.
const MAX_SPELLINGS: usize = 8;
/// How likely the whole of a name has to be beside its part to be preferred.
const NEARLY: f32 = 0.5;
/// The same where the words that the part lacks are spelled right ("Alice had" with "bad air base" after it).
const SPELLED: f32 = 0.2;
/// How alike two spellings of one word are at least, in hundredths.
const ALIKE: u32 = 45;
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
        Self { least: 0.3, bar: crate::sounds::BAR }
    }
}

/// How many clues a list adds.
pub const LIST_CLUES: usize = 7;
/// All clues of a repair: those of the sound, then whether the name is given for this very episode (0 a table of
/// the world to 1 a list or credit), how often what was heard was accepted before, how sure the recogniser was (-1
/// unknown), how many names the list has (log10), whether the spelling is the whole name, how many of the
/// list's names sound as much like these words, and whether the rest of the name is spelled right beside them.
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
    let model = shipped();
    // More uses elsewhere make a repair less likely, so what is hopeless without them is not counted.
    let hopeful = |clues: &RepairClues| model.probability(clues) >= settings.least / 4.0;
    let candidates = candidates(words, names, settings.bar, library_count, &hopeful);
    decide(words, names, candidates, settings, &model)
}

/// Everything that sounds like a name of the list and does not spell one. What is not `hopeful` by its clues without
/// the library's counts is left out.
pub fn candidates(
    words: &[Word],
    names: &[Listed],
    bar: f32,
    library_count: &dyn Fn(&[&str]) -> u64,
    hopeful: &dyn Fn(&RepairClues) -> bool,
) -> Vec<Candidate> {
    let folded: Vec<String> = words.iter().map(|word| commonness::fold(&word.text).into_owned()).collect();
    let text = Text { words, sounds: SoundText::new(&folded), folded };
    let spellings = spellings(names);
    let exact = Exact::new(&text.folded, &spellings, names.len());
    let size = (1.0 + names.len() as f32).log10();
    let library_words = library_count(&[]).max(words.len() as u64);
    let mut counts: HashMap<String, u64> = HashMap::new();
    let mut all = Vec::new();
    for ((name, _), (sought, found)) in spellings.iter().zip(text.sounding(&spellings, bar)) {
        for mut draft in text.drafts(*name, &names[*name], &sought, found, &exact, library_words) {
            draft.candidate.clues[CLUES + 3] = size;
            if !hopeful(&draft.candidate.clues) {
                continue;
            }
            let heard: Vec<&str> = draft.candidate_words(&text.folded);
            let said = draft.usage.here;
            draft.usage.library = *counts.entry(heard.join(" ")).or_insert_with(|| library_count(&heard).max(said));
            draft.usage.put(&mut draft.candidate.clues);
            all.push(draft.candidate);
        }
    }
    count_rivals(&mut all);
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
    for at in 0..judged.len() {
        let (probability, narrow) = (judged[at].0, &judged[at].1);
        let wide = wider(&judged, at, settings.least);
        let is_free = |words: &WordRange| {
            proposals.iter().all(|other| other.words.end <= words.start || words.end <= other.words.start)
        };
        let candidate = if is_free(&wide.words) { wide } else { narrow };
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
            meant: meant(&given(&candidate.spelling, name), &words[candidate.words.end - 1].text),
            probability,
            evidence: evidence::evidence(words, candidate, &names[candidate.name], model),
            words: candidate.words.clone(),
            runner_up: None,
        });
    }
    proposals.sort_by_key(|proposal| proposal.words.start);
    proposals
}

/// The candidate at a place of the order, or one of the same name around it that is nearly as likely: somebody who was
/// called by both names is not half repaired. If the part is right, so is the whole: it has the part's probability.
fn wider(judged: &[(f32, Candidate)], at: usize, least: f32) -> &Candidate {
    let (probability, candidate) = &judged[at];
    let around =
        judged[at + 1..].iter().take_while(|(other, _)| *other >= probability * SPELLED).filter(|(p, other)| {
            let is_spelled_on = other.clues[SHARED] > candidate.clues[SHARED];
            let bar = if is_spelled_on { probability * SPELLED } else { least.max(probability * NEARLY) };
            *p >= bar
                && other.name == candidate.name
                && other.words.start <= candidate.words.start
                && other.words.end >= candidate.words.end
                && other.spelling.len() > candidate.spelling.len()
                && other.words != candidate.words
        });
    let widest = around.max_by_key(|(_, other)| (other.words.len(), other.spelling.len()));
    widest.map_or(candidate, |(_, other)| other)
}

/// A text in which names are looked for.
struct Text<'a> {
    words: &'a [Word],
    folded: Vec<String>,
    sounds: SoundText,
}

/// A candidate as far as the episode alone tells.
struct Draft {
    candidate: Candidate,
    /// As far as the episode tells.
    usage: Usage,
}

impl Draft {
    fn candidate_words<'a>(&self, folded: &'a [String]) -> Vec<&'a str> {
        folded[self.candidate.words.clone()].iter().map(String::as_str).collect()
    }
}

impl Text<'_> {
    /// What sounds like each of the spellings, looked for on all cores.
    fn sounding(&self, spellings: &[(usize, String)], bar: f32) -> Vec<(SoughtName, Vec<Found>)> {
        let find = |(_, spelling): &(usize, String)| {
            let sought = SoughtName::new(spelling, READINGS);
            let found = self.sounds.find(&sought.readings, bar);
            (sought, found)
        };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let share = spellings.len().div_ceil(cores).max(1);
        std::thread::scope(|scope| {
            let threads: Vec<_> = spellings
                .chunks(share)
                .map(|share| scope.spawn(move || share.iter().map(find).collect::<Vec<_>>()))
                .collect();
            let join = |thread: std::thread::ScopedJoinHandle<'_, Vec<_>>| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            threads.into_iter().flat_map(join).collect()
        })
    }

    fn drafts(
        &self,
        number: usize,
        listed: &Listed,
        sought: &SoughtName,
        found: Vec<Found>,
        exact: &Exact,
        library_words: u64,
    ) -> Vec<Draft> {
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
        let mut costs: Vec<f32> = heard.iter().map(|(found, _)| found.place.cost).collect();
        costs.sort_unstable_by(f32::total_cmp);
        let refused: HashSet<&str> = listed.refused.iter().map(String::as_str).collect();
        let other_spellings = std::iter::once(&listed.name.name).chain(&listed.name.variants);
        let other_spellings: HashSet<String> = other_spellings.map(|spelling| spelled(&[spelling])).collect();
        let mut all = Vec::new();
        for (found, heard) in heard {
            let phrase = heard.join(" ");
            let range = found.place.words.clone();
            let letters = spelled(&heard);
            let is_spelled = sought.is_spelled(&heard) || other_spellings.contains(&letters);
            if is_spelled
                || is_derived(&letters, &spelled(&[&sought.text]))
                || refused.contains(phrase.as_str())
                || exact.says_more(&range, number, sought)
            {
                continue;
            }
            let said = here[&phrase];
            let usage = Usage {
                library: said,
                library_words,
                here: said,
                rivals: (costs.partition_point(|&cost| cost <= found.place.cost) as u64).saturating_sub(said),
                exact_library: exact.count(number),
                exact_here: exact.count(number),
                words_here: self.words.len() as u64,
            };
            let phones = self.sounds.phones(range.clone());
            let sound = clues(sought, found.reading, &found.place, phones, &heard, &usage);
            let list = self.list_clues(listed, sought, &phrase, &range);
            let candidate =
                Candidate { name: number, spelling: sought.text.clone(), words: range, clues: joined(&sound, &list) };
            all.push(Draft { candidate, usage });
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
        let is_beside = f32::from(u8::from(self.has_rest_beside(listed, &sought.text, range)));
        [nearness(&listed.name), (1.0 + before as f32).log10(), confidence, 0.0, is_whole, 0.0, is_beside]
    }

    /// Whether a word of the name that the spelling lacks stands just before or after: "Mike" before "Lattimore".
    fn has_rest_beside(&self, listed: &Listed, spelling: &str, range: &Range<usize>) -> bool {
        let before = range.start.checked_sub(1).map(|at| &self.folded[at]);
        let beside = [before, self.folded.get(range.end)];
        let spelled: Vec<String> = spelling.split_whitespace().map(fold).collect();
        let mut rest = listed.name.name.split_whitespace().map(fold).filter(|word| !spelled.contains(word));
        rest.any(|word| {
            word.len() >= MIN_PART && beside.iter().flatten().any(|other| without_possessive(other) == word)
        })
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

/// What is written for a spelling that was only looked for: its words as the name has them. What is no part of the
/// name, as an acronym, stays.
fn given(spelling: &str, name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let nearest = |word: &str| {
        let alike = |other: &&&str| (sounds::alike(&fold(word), &fold(other)) * 100.0) as u32;
        words.iter().max_by_key(alike).filter(|other| alike(other) >= ALIKE).copied()
    };
    let meant: Option<Vec<&str>> = spelling.split_whitespace().map(nearest).collect();
    match meant {
        Some(mut meant) => {
            meant.dedup();
            meant.join(" ")
        }
        None => spelling.to_owned(),
    }
}

/// Whether one is the other with an ending: "parliamentary" is no mishearing of "Parliament", nor "HTTPS" of "HTTP".
fn is_derived(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let letters = short.chars().count();
    letters >= 3 && long.starts_with(short) && long.chars().count() - letters <= 3
}

/// The letters of these words, without spaces and marks.
fn spelled(words: &[&str]) -> String {
    words.iter().flat_map(|word| word.chars()).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn fold(word: &str) -> String {
    commonness::fold(word).into_owned()
}

/// The spelling, in the possessive where the last of the heard words is.
fn meant(spelling: &str, last: &str) -> String {
    let folded = commonness::fold(last);
    let is_possessive = folded.ends_with("'s") && !commonness::fold(spelling).ends_with("'s");
    if is_possessive { format!("{spelling}’s") } else { spelling.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_a_name_beside_is_a_clue() {
        let check = |text: &str, expected: f32| {
            let words: Vec<Word> = text.split(' ').map(Word::untimed).collect();
            let name = Name {
                name: "Mike Latimore".into(),
                kind: Some(NameKind::Person),
                role: None,
                variants: Vec::new(),
                sources: Vec::new(),
            };
            let names = [Listed { name, heard_before: Vec::new(), refused: Vec::new() }];
            let all = candidates(&words, &names, sounds::BAR, &|_| 0, &|_| true);
            let part = all.iter().find(|candidate| candidate.spelling == "Latimore");
            assert_eq!(part.map(|part| part.clues[CLUES + 6]), Some(expected), "{text}");
        };
        check("from mike lattimore please", 1.0);
        check("from Mike's lattimore please", 1.0);
        check("from lattimore please", 0.0);
    }
}
