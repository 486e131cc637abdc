//! What a sentence says for being part of an advertisement.

use super::phrases::{Phrase, phrases};
use super::{LABELS, REPEATABLE};
use crate::commonness::fold;
use ear_core::{StretchKind, Transcript, WordRange};

/// What a sentence costs in a stretch before anything speaks for it, and each of its words.
const SENTENCE: f32 = -0.3;
const WORD: f32 = -0.04;

/// What another speaker costs, since advertisements are mostly read by one.
const TURN: f32 = -0.6;

/// An address that listeners can go to; with a path behind it, it is often made for one show ("acme.com/show").
const ADDRESS: f32 = 0.7;
const PATH: f32 = 1.5;

/// What repetition is worth for each doubling of the episodes that have the sentence, and at most.
const REPEATED: f32 = 0.9;
const MOST_REPEATED: f32 = 2.7;

/// What music beside the sentence is worth, and how near it has to be in milliseconds.
const MUSIC: f32 = 0.5;
const NEAR: u64 = 2_500;

/// What one sentence says.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// Log-odds for each label.
    weights: [f32; LABELS.len()],
    phrases: Vec<&'static Phrase>,
    address: Option<String>,
    repeated: u32,
    music: bool,
}

impl Evidence {
    /// Log-odds that it is part of a stretch of this label.
    pub fn of(&self, label: usize) -> f32 {
        self.weights[label]
    }

    /// What its phrases weigh that sponsors' messages are made of.
    pub fn announces_sponsor(&self) -> f32 {
        self.phrases.iter().filter(|phrase| phrase.label == 0).map(|phrase| phrase.weight).sum()
    }

    /// Adds to the log-odds that it is a sponsor's message, of which so many words cost nothing.
    pub fn add_to_sponsor(&mut self, weight: f32, free: usize) {
        self.weights[0] += weight - WORD * free as f32;
    }
}

/// What the sentence of this number says.
pub(super) fn evidence(transcript: &Transcript, sentences: &[WordRange], number: usize, repeated: u32) -> Evidence {
    let range = sentences[number].start..sentences[number].end.min(transcript.words.len());
    let words = transcript.words.get(range.clone()).unwrap_or_default();
    let folded: Vec<String> = words.iter().map(|word| folded(&word.text)).collect();
    let mut found = Evidence { phrases: phrases(&folded), ..Evidence::default() };
    let address = words.iter().map(|word| word.text.as_str()).find_map(address);
    // A short sentence is repeated by chance.
    found.repeated = if folded.len() >= REPEATABLE { repeated } else { 0 };
    found.music = beside_music(transcript, &range);

    let turns = number > 0 && transcript.turn_of(range.start) != transcript.turn_of(range.start.saturating_sub(1));
    let mut every = SENTENCE + WORD * folded.len() as f32 + if turns { TURN } else { 0.0 };
    every += (REPEATED * (1.0 + found.repeated as f32).log2()).min(MOST_REPEATED);
    every += if found.music { MUSIC } else { 0.0 };
    found.weights = [every; LABELS.len()];
    if let Some((text, path)) = address {
        let weight = if path { PATH } else { ADDRESS };
        found.weights[0] += weight;
        found.weights[1] += weight;
        found.address = Some(text);
    }
    for phrase in &found.phrases {
        found.weights[phrase.label] += phrase.weight;
    }
    // A jingle is nothing but repeated words and music.
    let is_jingle = found.repeated >= 2 && found.music && found.phrases.is_empty();
    found.weights[3] += if is_jingle { 1.5 } else { -1.0 };
    found
}

/// The word as phrases have it; amounts of money and percents keep their sign.
fn folded(word: &str) -> String {
    let bare = fold(word);
    if word.trim_end_matches(['.', ',', '!', '?']).ends_with('%') { "%".to_owned() } else { bare.into_owned() }
}

/// An address of the web as written, and whether a path follows it.
fn address(word: &str) -> Option<(String, bool)> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let (host, path) = bare.split_once('/').map_or((bare.as_str(), ""), |(host, path)| (host, path));
    let (name, end) = host.rsplit_once('.')?;
    let known = ["com", "org", "net", "io", "co", "fm", "tv", "app", "dev", "ai", "shop"].contains(&end);
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.') && name.len() > 1;
    (known && is_name).then(|| (bare.clone(), !path.is_empty()))
}

/// Whether music begins or ends beside these words.
fn beside_music(transcript: &Transcript, words: &WordRange) -> bool {
    let Some(span) = transcript.span_of(words.clone()) else { return false };
    let first = transcript.stretches.partition_point(|stretch| stretch.span.end() + NEAR < span.start());
    transcript.stretches[first..]
        .iter()
        .take_while(|stretch| stretch.span.start() <= span.end() + NEAR)
        .any(|stretch| stretch.kind == StretchKind::Music)
}

/// What speaks for a stretch of this label, in words.
pub(super) fn why(all: &[Evidence], label: usize) -> String {
    let mut phrases: Vec<String> = Vec::new();
    for phrase in all.iter().flat_map(|evidence| &evidence.phrases).filter(|phrase| phrase.label == label) {
        let said = format!("“{}”", phrase.words.join(" ").replace('*', "…"));
        if !phrases.contains(&said) && phrases.len() < 3 {
            phrases.push(said);
        }
    }
    let mut reasons = Vec::new();
    if !phrases.is_empty() {
        reasons.push(format!("says {}", phrases.join(", ")));
    }
    if let Some(address) = all.iter().find_map(|evidence| evidence.address.as_ref()) {
        reasons.push(format!("sends listeners to {address}"));
    }
    let repeated = all.iter().map(|evidence| evidence.repeated).max().unwrap_or_default();
    if repeated > 0 {
        let episodes = if repeated == 1 { "episode" } else { "episodes" };
        reasons.push(format!("the same words in {repeated} other {episodes}"));
    }
    if all.iter().any(|evidence| evidence.music) {
        reasons.push("music beside it".to_owned());
    }
    reasons.join("; ")
}
