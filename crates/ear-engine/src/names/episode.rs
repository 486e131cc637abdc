//! The names of an episode.

use crate::jobs::NAMES;
use crate::{Library, MentionView, NameView, NamesView, RepairView, Result};
use ear_core::{EpisodeId, NameId, NameSource, Word, WordRange, join_words};
use ear_store::{StoredName, StoredRepair, fold_name};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Words shown on either side of a repair.
const AROUND: usize = 8;

impl Library {
    /// The names of an episode, where they are said in the transcript that is read, and its repairs.
    pub fn names(&self, episode: EpisodeId) -> Result<NamesView> {
        let Some(transcript) = self.known(episode)?.transcript else { return Ok(NamesView::default()) };
        let words = self.store.load_transcript(transcript)?.words;
        let mut mentions: HashMap<NameId, Vec<MentionView>> = HashMap::new();
        for (name, range, by, span) in self.store.mentions(transcript)? {
            let heard = said(&words, &range);
            mentions.entry(name).or_default().push(MentionView { words: range, span, heard, by });
        }
        let names = self.store.episode_names(episode)?.into_iter();
        let mut names: Vec<NameView> = names
            .map(|(name, sources)| {
                let mentions = mentions.remove(&name.id).unwrap_or_default();
                name_view(name, sources, mentions)
            })
            .collect();
        names.sort_by_key(|name| Reverse(name.mentions.len()));
        let repairs = self.store.repairs(transcript)?.into_iter().map(|repair| repair_view(repair, &words)).collect();
        let waits = self.store.pending_for(&[episode])?.iter().any(|job| job.kind == NAMES);
        let pending = waits || self.store.names_made_by(transcript)?.is_none();
        Ok(NamesView { names, repairs, transcript: Some(transcript), pending })
    }
}

fn name_view(name: StoredName, sources: Vec<NameSource>, mentions: Vec<MentionView>) -> NameView {
    let (misheard, variants) = spellings(&name);
    NameView {
        id: name.id,
        name: name.name,
        kind: name.kind,
        role: name.role,
        variants,
        misheard,
        sources,
        mentions,
        followed: name.followed,
    }
}

/// What was heard for a name, and its right spellings beside the first.
pub(super) fn spellings(name: &StoredName) -> (Vec<String>, Vec<String>) {
    let of = |misheard: bool| {
        let variants = name.variants.iter().filter(|variant| variant.misheard == misheard);
        variants.map(|variant| variant.text.clone()).collect()
    };
    (of(true), of(false))
}

fn repair_view(repair: StoredRepair, words: &[Word]) -> RepairView {
    let (start, end) = (repair.words.start, repair.words.end);
    RepairView {
        group: format!("{}:{}", repair.name, fold_name(&repair.heard)),
        before: joined(words, &(start.saturating_sub(AROUND)..start)),
        after: joined(words, &(end..(end + AROUND).min(words.len()))),
        id: repair.id,
        heard: repair.heard,
        meant: repair.meant,
        name: repair.name,
        transcript: repair.transcript,
        words: repair.words,
        span: repair.span,
        probability: repair.probability,
        evidence: repair.evidence,
        runner_up: repair.runner_up,
        state: repair.state,
    }
}

fn joined(words: &[Word], range: &WordRange) -> String {
    words.get(range.clone()).map(join_words).unwrap_or_default()
}

/// A text without the marks around it.
pub(crate) fn bare(text: &str) -> &str {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    if bare.is_empty() { text } else { bare }
}

/// The words as heard, without the marks around them.
pub(crate) fn said(words: &[Word], range: &WordRange) -> String {
    bare(&joined(words, range)).to_owned()
}
