//! Names of people, places, organisations and things, where they are said, and proposals that what was heard
//! stands for one of them.

use crate::WordRange;
use serde::{Deserialize, Serialize};

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// Somebody.
    Person,
    /// A country, city, region, building; not those who live there ("Iraqi").
    Place,
    /// A company, party, authority, band.
    Organisation,
    /// A product, work, event.
    Thing,
}

/// Where a name was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A list that the user gave for the episode or its show.
    List,
    /// The user follows it.
    Followed,
    /// A person or credit that the publisher names.
    Credit,
    /// The episode's title.
    Title,
    /// The show notes.
    Notes,
    /// A chapter's title.
    Chapter,
    /// A tag of the file: artist, album, comment.
    Tag,
    /// The show's own name or description.
    Show,
    /// Heard, or credited, in many episodes of the show.
    Regular,
    /// Said exactly, or accepted, in other episodes near in time.
    Library,
    /// The transcript itself says it, spelled so.
    Said,
    /// The table of countries, capitals, large cities and demonyms.
    Gazetteer,
}

/// Where a name was met, and the words there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameSource {
    /// The kind of place.
    pub kind: SourceKind,
    /// The words around it, or which episodes: for people to read. May be empty.
    pub text: String,
}

/// A name as gathered for an episode, before the library knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// The spelling that is right.
    pub name: String,
    /// What it is the name of, where that can be told.
    pub kind: Option<NameKind>,
    /// Who or what that is ("Chief Executive Officer").
    pub role: Option<String>,
    /// Other right spellings, and parts that stand for the whole ("Soleimani" for "Qasem Soleimani").
    pub variants: Vec<String>,
    /// Where it was met; never empty.
    pub sources: Vec<NameSource>,
}

/// How words came to stand for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MentionBy {
    /// They spell it.
    Words,
    /// An accepted repair says so.
    Repair,
}

/// Words that stand for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Index into the list of names.
    pub name: usize,
    /// The words, as indices into the transcript.
    pub words: WordRange,
    /// How they came to stand for it.
    pub by: MentionBy,
}

/// What speaks for or against a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// How alike heard and meant words sound.
    Sound,
    /// How common the heard words are, in the library and in ordinary English.
    Commonness,
    /// Where the meant name was met.
    Source,
    /// The meant name is said exactly in the same episode.
    Said,
    /// The same was heard for the same name elsewhere in the episode.
    Consistency,
    /// What was decided before.
    Decided,
    /// How sure the recogniser was of what it wrote.
    Confidence,
    /// Another reading that the recogniser itself considered.
    Reading,
    /// Heard and meant words were both compared with the sound.
    SecondListen,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// For people to read, without a full stop: "sounds alike: S OW L AH | M AH N IY".
    pub text: String,
    /// How much it moved the probability, in natural log-odds: positive speaks for the repair.
    pub weight: f32,
}

/// What became of a repair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairState {
    /// Nobody has decided.
    #[default]
    Proposed,
    /// Somebody said that it is right: readers see the meant words.
    Accepted,
    /// Somebody said that it is wrong.
    Refused,
}

/// A proposal that heard words stand for a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Index into the list of names.
    pub name: usize,
    /// The heard words, as indices into the transcript.
    pub words: WordRange,
    /// The heard words, without the marks around them.
    pub heard: String,
    /// What is to be read instead: the name or the variant that sounds like it, with a plural or possessive kept.
    pub meant: String,
    /// How likely the repair is right, 0 to 1.
    pub probability: f32,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// The next best name for these words.
    pub runner_up: Option<String>,
}
