//! Clips: topical stretches of an episode, and what is said of them.

use crate::{Span, WordRange};
use serde::{Deserialize, Serialize};

/// What a clip is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClipKind {
    /// Talk about one thing, as found here.
    Topic,
    /// A chapter of the publisher's that is one clip.
    Publisher,
    /// An advertisement, a sponsor's message, a promotion, credits: [`Clip::label`] says which.
    Advertisement,
    /// Music without talk.
    Music,
}

/// Who wrote a headline or a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// Taken from the clip's own words by rules.
    Words,
    /// The publisher's show notes.
    Notes,
    /// The publisher's title of a chapter, or of the episode where the clip is all of it.
    Publisher,
    /// A language model that the user attached; what it says was checked against the words.
    Model,
    /// The user.
    Hand,
}

/// A sentence about a clip, and the words that bear it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounded {
    /// The sentence.
    pub text: String,
    /// The words of the transcript that say so.
    pub words: WordRange,
}

/// What is said of a clip. People, places and organisations are not in it: they come from the names that the episode
/// has, so that they follow each decision about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// In headline style, at most 90 characters; never empty.
    pub headline: String,
    /// Who wrote it.
    pub headline_by: Author,
    /// Where it was found, for headlines that are not the clip's own words: a line of the notes, a model's name.
    pub headline_source: Option<String>,
    /// One to three sentences, in the order of their words; empty where the clip has none worth it.
    pub summary: Vec<Grounded>,
    /// Who wrote the summary.
    pub summary_by: Author,
    /// What it is about, the most telling first.
    pub keywords: Vec<String>,
}

/// A stretch of an episode that begins and ends with a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clip {
    /// What it is.
    pub kind: ClipKind,
    /// What kind of advertisement: "sponsor", "promotion", "credits", "jingle".
    pub label: Option<String>,
    /// Its words; empty for music.
    pub words: WordRange,
    /// When it is said; `None` where there are no times.
    pub span: Option<Span>,
    /// The title of the publisher's chapter that it lies in.
    pub chapter: Option<String>,
    /// What is said of it.
    pub description: Description,
    /// The source ends in the middle of a sentence, and this clip with it.
    pub broken_off: bool,
}
