//! Names and repairs as plain data to look at.

use ear_core::{
    EpisodeDate, EpisodeId, Evidence, MentionBy, NameId, NameKind, NameSource, RepairId, RepairState, Span,
    TranscriptId, WordRange,
};

/// The names of an episode, and what was or may have been misheard.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NamesView {
    /// Its names, those said most often first.
    pub names: Vec<NameView>,
    /// Repairs of the transcript that is read, in the order of its words.
    pub repairs: Vec<RepairView>,
    /// That transcript; `None` while there is none.
    pub transcript: Option<TranscriptId>,
    /// Its names are still to be looked for, or are being looked for.
    pub pending: bool,
}

/// A name of an episode.
#[derive(Clone, Debug, PartialEq)]
pub struct NameView {
    /// Its id; the same across the library.
    pub id: NameId,
    /// The spelling that is right.
    pub name: String,
    /// What it is the name of, where known.
    pub kind: Option<NameKind>,
    /// Who or what that is.
    pub role: Option<String>,
    /// Other right spellings, and parts that stand for the whole.
    pub variants: Vec<String>,
    /// What machines heard for it, from accepted repairs.
    pub misheard: Vec<String>,
    /// Where it was met for this episode.
    pub sources: Vec<NameSource>,
    /// Where the episode says it, in the order of the words.
    pub mentions: Vec<MentionView>,
    /// The user follows it.
    pub followed: bool,
}

/// Words that stand for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MentionView {
    /// The words, as indices into the transcript.
    pub words: WordRange,
    /// When they were said.
    pub span: Option<Span>,
    /// What was heard there.
    pub heard: String,
    /// How they came to stand for it.
    pub by: MentionBy,
}

/// A repair, to be decided or decided.
#[derive(Clone, Debug, PartialEq)]
pub struct RepairView {
    /// Its id.
    pub id: RepairId,
    /// The same for repairs where the same was heard for the same name.
    pub group: String,
    /// What was heard, without the marks around it.
    pub heard: String,
    /// What is to be read instead.
    pub meant: String,
    /// The name that is meant.
    pub name: NameId,
    /// The transcript whose words these are.
    pub transcript: TranscriptId,
    /// The heard words, as indices into the transcript.
    pub words: WordRange,
    /// When they were said.
    pub span: Option<Span>,
    /// Up to eight words before, as heard.
    pub before: String,
    /// Up to eight words after, as heard.
    pub after: String,
    /// How likely it is right, 0 to 1.
    pub probability: f32,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// The next best name for these words.
    pub runner_up: Option<String>,
    /// What became of it.
    pub state: RepairState,
}

/// Which repairs a decision is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Which {
    /// This one.
    One(RepairId),
    /// It, and all of its episode where the same was heard for the same name.
    AlikeInEpisode(RepairId),
    /// It, and all of the library where the same was heard for the same name.
    AlikeInLibrary(RepairId),
    /// All that are still proposed for the transcript that is read of this episode, from this probability on.
    AllFrom(EpisodeId, f32),
}

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is right: readers see the meant words.
    Accept,
    /// It is wrong, and is not proposed again.
    Refuse,
    /// Nobody has decided.
    Undo,
}

/// What a decision was about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// The repairs.
    pub repairs: Vec<RepairId>,
    /// The episodes that now read otherwise; search follows when their jobs are done.
    pub episodes: Vec<EpisodeId>,
}

/// A name as the library knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameSummaryView {
    /// Its id.
    pub id: NameId,
    /// The spelling that is right.
    pub name: String,
    /// What it is the name of, where known.
    pub kind: Option<NameKind>,
    /// Who or what that is.
    pub role: Option<String>,
    /// Other right spellings, and parts that stand for the whole.
    pub variants: Vec<String>,
    /// What machines heard for it, from accepted repairs, the most frequent first.
    pub misheard: Vec<String>,
    /// The user follows it.
    pub followed: bool,
    /// How often it is said.
    pub mentions: u64,
    /// In how many episodes.
    pub episodes: u64,
    /// Repairs with it that nobody has decided.
    pub proposed: u64,
}

/// A name with the places where it is said.
#[derive(Clone, Debug, PartialEq)]
pub struct NameDetail {
    /// The name.
    pub name: NameSummaryView,
    /// The episodes that say it, newest first.
    pub episodes: Vec<NameEpisode>,
}

/// An episode that says a name.
#[derive(Clone, Debug, PartialEq)]
pub struct NameEpisode {
    /// The episode.
    pub id: EpisodeId,
    /// Its title.
    pub title: String,
    /// When it was published.
    pub date: Option<EpisodeDate>,
    /// The transcript whose words these are.
    pub transcript: Option<TranscriptId>,
    /// Where it is said, in the order of the words.
    pub mentions: Vec<MentionView>,
}

/// Which words of a transcript to read where a repair was accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reading {
    /// The meant ones.
    #[default]
    Repaired,
    /// Those that were heard.
    AsHeard,
}

/// Words that read otherwise than they were heard. The meant text is that of the first; the others have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// The repair that says so.
    pub repair: RepairId,
    /// The words, as indices into the transcript.
    pub words: WordRange,
    /// What was heard, with the marks around it.
    pub heard: String,
}
