//! Decisions on repairs.

use super::episode::said;
use crate::add::reading_job;
use crate::jobs::names_job;
use crate::{Decided, Error, ErrorKind, Library, Result, Verdict, Which};
use ear_core::{
    EpisodeId, Name, NameKind, NameSource, RepairId, RepairState, SourceKind, Span, TranscriptId, WordRange,
};
use ear_store::{StoredRepair, StoredRepairDraft};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The most words that one repair replaces.
const MOST_WORDS: usize = 12;

impl Library {
    /// Decides repairs, all together: they are undone together too. Reading follows at once, search by jobs that
    /// this queues.
    pub fn decide(&self, which: &[Which], verdict: Verdict) -> Result<Decided> {
        let mut repairs = BTreeSet::new();
        for one in which {
            repairs.extend(self.meant_by(*one, verdict)?);
        }
        let repairs: Vec<RepairId> = repairs.into_iter().collect();
        let state = match verdict {
            Verdict::Accept => RepairState::Accepted,
            Verdict::Refuse => RepairState::Refused,
            Verdict::Undo => RepairState::Proposed,
        };
        let episodes = self.store.decide(&repairs, state)?;
        self.follow_decision(&episodes)?;
        Ok(Decided { repairs, episodes })
    }

    /// Undoes the last decision as a whole; `None` where there is none (left).
    pub fn undo_last_decision(&self) -> Result<Option<Decided>> {
        let Some(undone) = self.store.undo_last()? else { return Ok(None) };
        self.follow_decision(&undone.episodes)?;
        Ok(Some(Decided { repairs: undone.repairs, episodes: undone.episodes }))
    }

    /// Says by hand what was meant by some words. It is accepted at once.
    pub fn repair_by_hand(
        &self,
        transcript: TranscriptId,
        words: WordRange,
        meant: &str,
        kind: Option<NameKind>,
    ) -> Result<RepairId> {
        let meant = meant.split_whitespace().collect::<Vec<_>>().join(" ");
        if !meant.chars().any(char::is_alphanumeric) {
            return Err(Error::new(ErrorKind::BadInput, "what was meant has to have letters or digits"));
        }
        let info = self.store.transcript_info(transcript)?.filter(|info| info.complete);
        let info =
            info.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("there is no transcript {transcript}")))?;
        if words.is_empty() || words.len() > MOST_WORDS || words.end > info.words {
            let message = format!("words {}..{} can't be made right together", words.start, words.end);
            let remedy = format!("Give 1 to {MOST_WORDS} words of the {} that there are", info.words);
            return Err(Error::new(ErrorKind::BadInput, message).remedy(remedy));
        }
        let heard = self.store.words_many(&[(transcript, words.clone())])?.pop().unwrap_or_default();
        let source = NameSource { kind: SourceKind::List, text: "made right by hand".into() };
        let name = Name { name: meant.clone(), kind, role: None, variants: Vec::new(), sources: vec![source] };
        let found = self.store.find_or_add_names(Some(info.episode), &[name])?;
        let name = found.first().copied().ok_or_else(|| Error::new(ErrorKind::Bug, "a name was not remembered"))?;
        let id = self.store.add_repair(
            transcript,
            &StoredRepairDraft {
                name,
                span: heard.iter().filter_map(|word| word.span).reduce(Span::join),
                heard: said(&heard, &(0..heard.len())),
                words,
                meant,
                probability: 1.0,
                evidence: Vec::new(),
                runner_up: None,
                state: RepairState::Accepted,
                by_hand: true,
            },
        )?;
        self.follow_decision(&[info.episode])?;
        Ok(id)
    }

    /// The repairs that a decision is about. One of many alike that somebody decided by itself stays as it is.
    fn meant_by(&self, which: Which, verdict: Verdict) -> Result<Vec<RepairId>> {
        let is_open = |repair: &StoredRepair| (repair.state == RepairState::Proposed) != (verdict == Verdict::Undo);
        let alike = |id: RepairId, episode: Option<EpisodeId>| -> Result<Vec<RepairId>> {
            let mut found = vec![id];
            for other in self.store.alike(id, episode)? {
                if other != id && is_open(&self.store.repair(other)?) {
                    found.push(other);
                }
            }
            Ok(found)
        };
        match which {
            Which::One(id) => Ok(vec![id]),
            Which::AlikeInLibrary(id) => alike(id, None),
            Which::AlikeInEpisode(id) => {
                let transcript = self.store.repair(id)?.transcript;
                alike(id, self.store.transcript_info(transcript)?.map(|info| info.episode))
            }
            Which::AllFrom(episode, least) => {
                let Some(transcript) = self.known(episode)?.transcript else { return Ok(Vec::new()) };
                let mut open = self.store.repairs(transcript)?;
                let accepted: Vec<WordRange> = open
                    .iter()
                    .filter(|repair| repair.state == RepairState::Accepted)
                    .map(|repair| repair.words.clone())
                    .collect();
                // What somebody decided one by one is not overturned by what is done in bulk.
                let is_free = |words: &WordRange| {
                    accepted.iter().all(|other| other.end <= words.start || words.end <= other.start)
                };
                open.retain(|repair| is_open(repair) && repair.probability >= least);
                if verdict == Verdict::Accept {
                    open.retain(|repair| is_free(&repair.words));
                }
                Ok(if verdict == Verdict::Accept { best(open) } else { open }
                    .into_iter()
                    .map(|repair| repair.id)
                    .collect())
            }
        }
    }

    /// Search follows what is read otherwise now, and what was decided teaches.
    fn follow_decision(&self, episodes: &[EpisodeId]) -> Result<()> {
        for episode in self.store.episodes(episodes)? {
            let Some(transcript) = episode.transcript else { continue };
            self.store.enqueue(&reading_job(episode.id, transcript, &self.mark(transcript)?))?;
            self.store.enqueue(&names_job(episode.id))?;
        }
        Ok(())
    }
}

/// Of repairs of the same words the likeliest.
fn best(mut repairs: Vec<StoredRepair>) -> Vec<StoredRepair> {
    repairs.sort_by_key(|repair| (Reverse(ordered(repair.probability)), repair.words.start));
    let mut kept: Vec<StoredRepair> = Vec::new();
    for repair in repairs {
        if !kept.iter().any(|one| one.words.start < repair.words.end && repair.words.start < one.words.end) {
            kept.push(repair);
        }
    }
    kept
}

/// A probability as a number that sorts.
fn ordered(probability: f32) -> u32 {
    (probability.clamp(0.0, 1.0) * 1e6) as u32
}
