//! Our own search by sound and our own repairs, as they are measured: the product's candidates, judged by the
//! shipped trees or by trees fitted to other calls.

use super::label::{self, Counting, Label, ScoredHit};
use super::material::{HeardCall, HeardSystem, HeardWord, Material};
use super::repairs::{self, List, Proposal};
use super::train::{self, Examples};
use anyhow::{Result, anyhow};
use ear_core::{EpisodeId, Name, NameKind, NameSource, ShowId, SourceKind, TranscriptId, Word};
use ear_language::repair::{self, Candidate, Listed, RepairModel};
use ear_language::sounds::{BAR, Clues, SoundModel};
use ear_search::{EpisodeDoc, PassageDoc, WordIndex};
use std::collections::HashMap;
use std::ops::Range;

/// Words of a passage.
const PASSAGE: usize = 60;
/// Proposals below this are of no interest.
const LEAST: f32 = 0.05;
/// Clues that only speak against a name the greater they are: costs of the sound, and places that fit as well.
const FALLING: &[usize] = &[0, 3, 4, 25, 27];
/// Clues that only speak for it: the same letters, phones and words.
const RISING: &[usize] = &[23, 24];

/// Everything that sounds like one of the names, in all calls of all systems.
pub struct Candidates {
    /// By system.
    search: Vec<Vec<Sounding>>,
    /// By list, system and call.
    repairs: [Vec<Vec<Repairs>>; 2],
}

/// A place that sounds like a name.
struct Sounding {
    query: usize,
    call: usize,
    words: Range<usize>,
    clues: Clues,
    /// It is spelled so.
    is_spelled: bool,
}

/// The candidates of one call.
#[derive(Default)]
struct Repairs {
    words: Vec<Word>,
    names: Vec<Listed>,
    candidates: Vec<Candidate>,
}

const LISTS: [List; 2] = [List::Participants, List::All];

impl Candidates {
    /// Finds them.
    ///
    /// # Errors
    /// If the index fails.
    pub fn new(material: &Material) -> Result<Self> {
        let mut search = Vec::new();
        let mut repairs = [Vec::new(), Vec::new()];
        for system in &material.systems {
            eprintln!("{}: looking for what sounds like the names", system.name);
            search.push(soundings(material, system)?);
            let counts = Counts::new(system);
            for (list, of_list) in LISTS.into_iter().zip(&mut repairs) {
                of_list.push(of_calls(material, system, list, &counts));
            }
        }
        Ok(Self { search, repairs })
    }
}

/// The hits of one system by what they are worth: how often a name seems to have been said decides beside the
/// probability whether the product shows a hit.
pub fn by_worth(hits: &[ScoredHit]) -> Vec<ScoredHit> {
    let mut mentions: HashMap<usize, f32> = HashMap::new();
    for hit in label::best(hits.to_vec()) {
        *mentions.entry(hit.query).or_insert(0.0) += hit.score;
    }
    hits.iter()
        .map(|hit| ScoredHit { score: ear_search::worth(hit.score, mentions[&hit.query]), ..hit.clone() })
        .collect()
}

/// The parameters of search and repairs.
pub struct Model {
    search: SoundModel,
    repairs: RepairModel,
}

/// Trees as text, as they are shipped.
pub struct Trained {
    /// Of search by sound.
    pub search: String,
    /// Of repairs.
    pub repairs: String,
}

/// Fits trees to these systems' calls.
///
/// # Errors
/// If they can't be fitted.
pub fn train(material: &Material, candidates: &Candidates, systems: &[usize], calls: &[usize]) -> Result<Trained> {
    let (mut sounds, mut of_lists) = (Examples::default(), Examples::default());
    for &number in systems {
        let system = &material.systems[number];
        let all: Vec<&Sounding> = candidates.search[number]
            .iter()
            .filter(|sounding| !sounding.is_spelled && calls.contains(&sounding.call))
            .collect();
        // The score only carries the candidate's number through the labelling.
        let hits = all.iter().enumerate().map(|(at, sounding)| sounding.hit(at as f32)).collect();
        for labelled in label::label(material, system, hits, Counting::Each) {
            if labelled.label != Label::Ignored {
                let clues = &all[labelled.hit.score as usize].clues;
                sounds.add(clues, matches!(labelled.label, Label::Right(_)));
            }
        }
        for list in &candidates.repairs {
            for (call, repairs) in list[number].iter().enumerate().filter(|(call, _)| calls.contains(call)) {
                let near = near_names(system, call, repairs.words.len());
                for candidate in &repairs.candidates {
                    // Judging is slow, and most candidates are nowhere near a name.
                    if !near[candidate.words.clone()].contains(&true) {
                        of_lists.add(&candidate.clues, false);
                        continue;
                    }
                    let judged = repairs::judge(material, system, vec![repairs.proposal(call, candidate, 1.0)]);
                    if let Some(judged) = judged.first().filter(|judged| judged.label != Label::Ignored) {
                        of_lists.add(&candidate.clues, matches!(judged.label, Label::Right(_)));
                    }
                }
            }
        }
    }
    let say = |name: &str, (all, right): (usize, usize)| eprintln!("{name}: {all} examples, {right} of them right");
    say("search", sounds.count());
    say("repairs", of_lists.count());
    Ok(Trained { search: sounds.fit(FALLING, RISING)?, repairs: of_lists.fit(FALLING, RISING)? })
}

/// What a model answered about calls that it was not fitted to: each probability, and whether it was right.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    search: Vec<(f32, bool)>,
    repairs: Vec<(f32, bool)>,
}

impl Answers {
    /// All of these together.
    pub fn of<'a>(all: impl Iterator<Item = &'a Answers>) -> Self {
        all.fold(Self::default(), |mut sum, one| {
            sum.search.extend(&one.search);
            sum.repairs.extend(&one.repairs);
            sum
        })
    }
}

impl Trained {
    /// The same trees with what their probabilities turned out to mean.
    pub fn sobered(&self, answers: &Answers) -> Self {
        Self {
            search: format!("{}{}", self.search, train::knots(answers.search.clone())),
            repairs: format!("{}{}", self.repairs, train::knots(answers.repairs.clone())),
        }
    }
}

impl Model {
    /// The parameters that are shipped.
    pub fn shipped() -> Self {
        Self { search: SoundModel::shipped(), repairs: repair::shipped() }
    }

    /// Parameters that were just fitted.
    ///
    /// # Errors
    /// If they can't be read, which would be a fault of ours.
    pub fn of(trained: &Trained) -> Result<Self> {
        Ok(Self {
            search: SoundModel::parse(&trained.search).map_err(|fault| anyhow!("trees of search: {fault}"))?,
            repairs: RepairModel::parse(&trained.repairs).map_err(|fault| anyhow!("trees of repairs: {fault}"))?,
        })
    }

    /// Where the names were said, in these calls as this system heard them. Scores are probabilities.
    pub fn hits(&self, candidates: &Candidates, system: usize, calls: &[usize]) -> Vec<ScoredHit> {
        let here = candidates.search[system].iter().filter(|sounding| calls.contains(&sounding.call));
        let score = |sounding: &Sounding| match sounding.is_spelled {
            true => 1.0,
            false => self.search.probability(&sounding.clues).min(0.999),
        };
        here.map(|sounding| sounding.hit(score(sounding))).filter(|hit| hit.score >= 0.02).collect()
    }

    /// What it answers about these calls of these systems.
    pub fn answers(&self, material: &Material, candidates: &Candidates, systems: &[usize], calls: &[usize]) -> Answers {
        let mut answers = Answers::default();
        for &number in systems {
            let system = &material.systems[number];
            let hits = label::best(self.hits(candidates, number, calls));
            let labelled = label::label(material, system, hits, Counting::Once);
            let counted = labelled.iter().filter(|item| !item.lexical && item.label != Label::Ignored);
            answers.search.extend(counted.map(|item| (item.hit.score, item.label != Label::False)));
            for list in LISTS {
                let judged = repairs::judge(material, system, self.proposals(candidates, number, calls, list));
                let counted = judged.iter().filter(|judged| judged.label != Label::Ignored);
                answers.repairs.extend(counted.map(|judged| (judged.probability, judged.label != Label::False)));
            }
        }
        answers
    }

    /// What was heard in these calls and meant one of the names of the list.
    pub fn proposals(&self, candidates: &Candidates, system: usize, calls: &[usize], list: List) -> Vec<Proposal> {
        let at = LISTS.iter().position(|other| *other == list).unwrap_or(0);
        let settings = repair::Settings { least: LEAST, ..repair::Settings::default() };
        let of_call = |&call: &usize| {
            let Repairs { words, names, candidates } = &candidates.repairs[at][system][call];
            let decided = repair::decide(words, names, candidates.clone(), &settings, &self.repairs);
            decided.into_iter().map(move |proposal| Proposal {
                call,
                words: proposal.words,
                meant: proposal.meant,
                probability: proposal.probability,
            })
        };
        calls.iter().flat_map(of_call).collect()
    }
}

impl Sounding {
    fn hit(&self, score: f32) -> ScoredHit {
        ScoredHit { query: self.query, call: self.call, words: self.words.clone(), score }
    }
}

impl Repairs {
    fn proposal(&self, call: usize, candidate: &Candidate, probability: f32) -> Proposal {
        Proposal { call, words: candidate.words.clone(), meant: candidate.spelling.clone(), probability }
    }
}

/// Which words of a call may touch a name that was said.
fn near_names(system: &HeardSystem, call: usize, words: usize) -> Vec<bool> {
    let mut near = vec![false; words];
    let Some(heard) = &system.calls[call] else { return near };
    let mentions = heard.mentions.iter().map(|mention| &mention.words);
    let unmarked = heard.unmarked.iter().map(|(_, words)| words);
    let spans = mentions.chain(unmarked).chain(heard.participants.iter().map(|(_, words)| words));
    for span in spans {
        near[span.start.saturating_sub(1)..(span.end + 1).min(words)].fill(true);
    }
    near
}

/// What sounds like the names in the index that the product makes of these calls: each is an episode.
fn soundings(material: &Material, system: &HeardSystem) -> Result<Vec<Sounding>> {
    let dir = tempfile::tempdir()?;
    let index = WordIndex::open(dir.path())?;
    let heard = system.calls.iter().enumerate().filter_map(|(call, heard)| Some((call, heard.as_ref()?)));
    index.put(&heard.map(|(call, heard)| episode(call, heard)).collect::<Vec<_>>())?;
    let mut all = Vec::new();
    for (query, name) in material.queries.iter().enumerate() {
        let folded = ear_language::sounds::SoughtName::new(&name.text, 1);
        for hit in index.sound_candidates(&name.text)? {
            let call = hit.passage.episode.0 as usize - 1;
            let Some(heard) = &system.calls[call] else { continue };
            let end = (hit.passage.words.end + hit.passage.following).min(heard.words.len());
            let texts: Vec<&str> =
                heard.words[hit.passage.words.start..end].iter().map(|word| word.text.as_str()).collect();
            let words = hit.words(&texts);
            let spelled: Vec<String> =
                texts[words.clone()].iter().map(|text| ear_language::commonness::fold(text).into_owned()).collect();
            let is_spelled = folded.is_spelled(&spelled.iter().map(String::as_str).collect::<Vec<_>>());
            let first = hit.passage.words.start;
            let words = first + words.start..first + words.end;
            all.push(Sounding { query, call, words, clues: hit.clues, is_spelled });
        }
    }
    Ok(all)
}

fn episode(call: usize, heard: &HeardCall) -> EpisodeDoc {
    let texts: Vec<String> = heard.words.iter().map(|word| word.text.clone()).collect();
    let id = call as i64 + 1;
    let passage = |(at, texts): (usize, &[String])| PassageDoc {
        words: at * PASSAGE..at * PASSAGE + texts.len(),
        speaker: None,
        texts: texts.to_vec(),
        heard: Vec::new(),
        advert: false,
        continues: at * PASSAGE + texts.len() < heard.words.len(),
    };
    EpisodeDoc {
        episode: EpisodeId(id),
        show: ShowId(1),
        show_name: "calls".into(),
        title: format!("call {id}"),
        date: None,
        language: Some("en".into()),
        transcript: TranscriptId(id),
        passages: texts.chunks(PASSAGE).enumerate().map(passage).collect(),
    }
}

fn of_calls(material: &Material, system: &HeardSystem, list: List, counts: &Counts) -> Vec<Repairs> {
    let of_call = |(call, heard): (usize, &Option<HeardCall>)| {
        let Some(heard) = heard else { return Repairs::default() };
        let words: Vec<Word> = heard.words.iter().map(word).collect();
        let names: Vec<Listed> = list.entries(material, call).into_iter().map(listed).collect();
        let candidates = repair::candidates(&words, &names, BAR, &|phrase| counts.of(phrase), &|_| true);
        Repairs { words, names, candidates }
    };
    system.calls.iter().enumerate().map(of_call).collect()
}

fn word(heard: &HeardWord) -> Word {
    let confidence = heard.confidence;
    Word { confidence, ..Word::untimed(format!("{}{}", heard.text, heard.punctuation)) }
}

fn listed((name, kind): (String, Option<NameKind>)) -> Listed {
    let variants = ear_language::names::variants(&name, kind);
    let sources = vec![NameSource { kind: SourceKind::List, text: String::new() }];
    Listed { name: Name { name, kind, role: None, variants, sources }, heard_before: Vec::new(), refused: Vec::new() }
}

/// How often words stand in a row in all calls of a system.
struct Counts {
    words: u64,
    phrases: HashMap<String, u64>,
}

impl Counts {
    fn new(system: &HeardSystem) -> Self {
        let mut counts = Self { words: 0, phrases: HashMap::new() };
        for heard in system.calls.iter().flatten() {
            let folded: Vec<_> = heard.words.iter().map(|word| ear_language::commonness::fold(&word.text)).collect();
            counts.words += folded.len() as u64;
            for length in 1..=4 {
                for window in folded.windows(length) {
                    *counts.phrases.entry(window.join(" ")).or_insert(0) += 1;
                }
            }
        }
        counts
    }

    fn of(&self, phrase: &[&str]) -> u64 {
        if phrase.is_empty() { self.words } else { self.phrases.get(&phrase.join(" ")).copied().unwrap_or(0) }
    }
}
