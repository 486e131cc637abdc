//! Names and repairs as plain data to look at.

use ear_core::{
    EpisodeDate, EpisodeId, Evidence, MentionBy, NameId, NameKind, NameSource, RepairId, RepairState, Span,
    TranscriptId, WordRange,
};
use ear_store::{Act, fold_name};
use std::collections::HashSet;

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

impl NamesView {
    /// Names that are not said as they are written, but those whose spelling is said as another's: of "Parliament"
    /// beside "Iraqi Parliament" nobody would say that it was not heard.
    pub fn unsaid(&self) -> impl Iterator<Item = &NameView> {
        let said = self.names.iter().filter(|name| !name.mentions.is_empty());
        let spellings = said.flat_map(|name| {
            let heard = name.mentions.iter().map(|mention| &mention.heard);
            [&name.name].into_iter().chain(&name.variants).chain(heard).map(|text| fold_name(text))
        });
        let spellings: HashSet<String> = spellings.collect();
        self.names.iter().filter(move |name| name.mentions.is_empty() && !spellings.contains(&fold_name(&name.name)))
    }
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
    /// Accepted repairs of some of the same words, which are no longer accepted.
    pub displaced: Vec<Displaced>,
}

/// A repair that had to give way to another of the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Displaced {
    /// Its id.
    pub repair: RepairId,
    /// What was heard.
    pub heard: String,
    /// What was read instead.
    pub meant: String,
}

/// What was taken back, or can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// Its number: later changes have greater ones.
    pub number: i64,
    /// What had been done.
    pub what: Act,
    /// The name it was about, as it was called then; of corrections what was meant.
    pub name: Option<String>,
    /// The other name, spelling or kind; of corrections what was heard.
    pub other: Option<String>,
    /// The repairs that are again what they were before.
    pub repairs: Vec<RepairId>,
    /// The repairs that it had made, which are gone.
    pub gone: Vec<RepairId>,
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
    /// The user wants to see it no more.
    pub forgotten: bool,
}

/// A name with the places where it is said.
#[derive(Clone, Debug, PartialEq)]
pub struct NameDetail {
    /// The name.
    pub name: NameSummaryView,
    /// The episodes that say it, newest first.
    pub episodes: Vec<NameEpisode>,
    /// How many more places there are than these, which are the newest 2,000.
    pub more: u64,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_heard_as_anothers_was_heard() {
        let name = |id, name: &str, heard: &[&str]| {
            let mention =
                |heard: &&str| MentionView { words: 0..1, span: None, heard: (*heard).into(), by: MentionBy::Words };
            NameView {
                id: NameId(id),
                name: name.into(),
                kind: None,
                role: None,
                variants: vec![],
                misheard: vec![],
                sources: vec![],
                mentions: heard.iter().map(mention).collect(),
                followed: false,
            }
        };
        let names = vec![
            name(1, "Iraqi Parliament", &["Iraqi parliament", "Parliament's"]),
            name(2, "Parliament", &[]),
            name(3, "Erbil", &[]),
        ];
        let view = NamesView { names, ..NamesView::default() };
        assert_eq!(view.unsaid().map(|name| name.id.0).collect::<Vec<_>>(), [3]);
    }
}
