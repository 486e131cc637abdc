//! Decisions on repairs.

use super::episode::said;
use super::spelling::checked;
use crate::add::reading_job;
use crate::jobs::names_job;
use crate::{Decided, Displaced, Error, ErrorKind, Library, Result, Undone, Verdict, Which};
use ear_core::{
    EpisodeId, Name, NameKind, NameSource, RepairId, RepairState, SourceKind, Span, TranscriptId, WordRange,
};
use ear_store::{Ruled, StoredRepair, StoredRepairDraft};
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
        let ruled = self.store.decide(&repairs, state)?;
        self.follow_decision(&ruled.episodes)?;
        self.decided(repairs, ruled)
    }

    /// Takes back whatever was done last to names or repairs, as a whole; `None` where there is nothing (left).
    pub fn undo_last_decision(&self) -> Result<Option<Undone>> {
        self.undo(None)
    }

    /// The same, if it is still the change of this number, which [`Library::last_change`] told.
    pub fn undo_change(&self, number: i64) -> Result<Undone> {
        self.undo(Some(number))?.ok_or_else(|| {
            let error = Error::new(ErrorKind::NotFound, "this is not the last change any more");
            error.remedy("Load the page again to see what is")
        })
    }

    /// What would be taken back next; `None` where there is nothing.
    pub fn last_change(&self) -> Result<Option<Undone>> {
        Ok(self.store.last_act()?.map(Undone::from))
    }

    fn undo(&self, number: Option<i64>) -> Result<Option<Undone>> {
        let Some(undone) = self.store.undo_last(number)? else { return Ok(None) };
        self.follow_decision(&undone.episodes)?;
        undone.concerned.iter().try_for_each(|episode| self.queue_names(*episode))?;
        Ok(Some(Undone::from(undone)))
    }

    /// A repair in short.
    pub fn repair_in_short(&self, repair: RepairId) -> Result<Displaced> {
        let StoredRepair { heard, meant, .. } = self.store.repair(repair)?;
        Ok(Displaced { repair, heard, meant })
    }

    /// Says by hand what was meant by some words. It is accepted at once, in place of what was accepted for some of
    /// the same words.
    pub fn repair_by_hand(
        &self,
        transcript: TranscriptId,
        words: WordRange,
        meant: &str,
        kind: Option<NameKind>,
    ) -> Result<Decided> {
        let meant = checked(meant)?;
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
        let (id, ruled) = self.store.add_repair(
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
        self.decided(vec![id], Ruled { episodes: vec![info.episode], ..ruled })
    }

    fn decided(&self, repairs: Vec<RepairId>, ruled: Ruled) -> Result<Decided> {
        let displaced = ruled.displaced.into_iter().map(|repair| self.repair_in_short(repair));
        let displaced = displaced.collect::<Result<_>>()?;
        Ok(Decided { repairs, episodes: ruled.episodes, displaced })
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
            Which::AllFrom(episode, least) if verdict == Verdict::Accept => self.free_from(episode, least),
            Which::AllFrom(episode, least) => {
                let Some(transcript) = self.known(episode)?.transcript else { return Ok(Vec::new()) };
                let open = self.store.repairs(transcript)?;
                let open = open.into_iter().filter(|repair| is_open(repair) && repair.probability >= least);
                Ok(open.map(|repair| repair.id).collect())
            }
        }
    }

    /// The repairs of the transcript that is read that accepting all from this probability on would accept: the
    /// likeliest of each stretch. What somebody decided one by one is not overturned by what is done in bulk.
    pub fn free_from(&self, episode: EpisodeId, least: f32) -> Result<Vec<RepairId>> {
        let Some(transcript) = self.known(episode)?.transcript else { return Ok(Vec::new()) };
        let (accepted, mut open): (Vec<StoredRepair>, Vec<StoredRepair>) = self
            .store
            .repairs(transcript)?
            .into_iter()
            .filter(|repair| repair.state != RepairState::Refused)
            .partition(|repair| repair.state == RepairState::Accepted);
        let is_free = |words: &WordRange| {
            accepted.iter().all(|other| other.words.end <= words.start || words.end <= other.words.start)
        };
        open.retain(|repair| repair.probability >= least && is_free(&repair.words));
        Ok(best(open).into_iter().map(|repair| repair.id).collect())
    }

    /// Search follows what is read otherwise now, and what was decided teaches.
    pub(super) fn follow_decision(&self, episodes: &[EpisodeId]) -> Result<()> {
        for episode in self.store.episodes(episodes)? {
            let Some(transcript) = episode.transcript else { continue };
            self.store.enqueue(&reading_job(episode.id, transcript, &self.mark(transcript)?))?;
            self.store.enqueue(&names_job(episode.id))?;
        }
        Ok(())
    }
}

impl From<ear_store::Undone> for Undone {
    fn from(undone: ear_store::Undone) -> Self {
        let ear_store::Undone { number, what, name, other, repairs, gone, episodes, .. } = undone;
        Self { number, what, name, other, repairs, gone, episodes }
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
