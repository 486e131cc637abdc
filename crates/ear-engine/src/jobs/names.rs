//! The job that finds the names of an episode: which it may say, where it says them, and where others were heard
//! for them. Its proposals wait for people; what people decided stays, and is taken over by new transcripts.

mod inherit;
mod list;
mod material;
mod second_listen;
mod taught;

use super::{Beat, NAMES, Outcome, Told, clips_job};
use crate::add::index_job;
use crate::names::said;
use crate::{Error, Event, Library, Result, Stage};
use ear_core::{
    EpisodeId, Evidence, EvidenceKind, Mention, MentionBy, NameId, Proposal, RepairState, Span, Transcript,
    TranscriptId, Word, WordRange,
};
use ear_language::names::{MOST_ITEMS, in_lower_case, mentions};
use ear_language::repair;
use ear_search::Request;
use ear_store::{Episode, EpisodeName, NewJob, Ruling, StoredRepair, StoredRepairDraft, TranscriptInfo, fold_name};
use inherit::{Inherited, inherited};
use list::List;
use second_listen::second_listen;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// Changes whenever the same words and notes would give other names or proposals: then all are made anew.
pub(crate) const MAKER: &str = "names-3";
/// How long a name may be without an episode.
const SWEPT_AFTER_MS: ear_store::UnixMillis = 24 * 60 * 60 * 1000;
/// The least probability of proposals that are compared with the sound, which may make them likely enough to show.
const CONSIDERED: f32 = 0.15;
/// The most that decisions of before add to the log-odds of a proposal.
const MOST_TAUGHT: f32 = 4.0;
/// Proposals kept of an episode, the likeliest.
const PROPOSALS: usize = 2000;

impl Library {
    /// The job that finds the names of a transcript, where that was not done yet.
    pub(super) fn names_due(&self, episode: EpisodeId, transcript: TranscriptId) -> Result<Option<NewJob>> {
        let made = self.store.names_made_by(transcript)?;
        Ok((made.as_deref() != Some(MAKER)).then(|| names_job(episode)))
    }

    /// Episodes whose names were found by an older version of the program, or never, wait behind all else. Names that
    /// no episode has any more and that nobody touched go, but for the newest: a job may be about to store them.
    pub(crate) fn queue_unnamed(&self) -> Result<()> {
        self.store.sweep_names(ear_store::now() - SWEPT_AFTER_MS)?;
        let waiting = self.store.episodes_without_names(MAKER)?;
        waiting.into_iter().try_for_each(|episode| {
            self.store.enqueue(&NewJob { priority: -1, ..names_job(episode) })?;
            Ok(())
        })
    }

    /// Has the names of an episode found anew, since what is known of it changed; not before it has words.
    pub(crate) fn queue_names(&self, episode: EpisodeId) -> Result<()> {
        if self.store.current_transcript(episode)?.is_some() {
            self.store.enqueue(&names_job(episode))?;
        }
        Ok(())
    }

    pub(super) fn names_job(
        &self,
        episode: &Episode,
        beat: &Beat<'_>,
        on_event: &(dyn Fn(Event) + Sync),
    ) -> Result<Outcome> {
        let tell = |fraction| beat.tell(Told { stage: Some(Stage::Naming), fraction, ..Told::default() });
        tell(0.0);
        let Some(id) = episode.transcript else { return Ok(Outcome::Done(Vec::new())) };
        let before = self.mark(id)?;
        let Some(info) = self.store.transcript_info(id)? else { return Ok(Outcome::Done(Vec::new())) };
        let mut transcript = self.store.load_transcript(id)?;
        self.tell_of_long_list(episode.id, on_event)?;
        // Where there are capitals alone they say nothing, and what was heard is told as it stands.
        let heard = in_lower_case(&transcript.words).map(|words| std::mem::replace(&mut transcript.words, words));
        let mut found = self.found(episode, id, &transcript)?;
        tell(0.5);
        self.listen(episode, &info, &transcript.words, &mut found.proposals, beat, on_event)?;
        // The rest is too quick for heartbeats, so the queue itself is asked before anything is stored.
        if !beat.is_ours()? {
            return Ok(Outcome::GivenUp);
        }
        if beat.stop.requested() {
            return Ok(Outcome::Stopped);
        }
        if let Some(words) = &heard {
            found.proposals.iter_mut().for_each(|proposal| proposal.heard = said(words, &proposal.words));
        }
        let words = heard.unwrap_or(transcript.words);
        self.put_names(episode.id, id, &words, &found)?;
        let reads_otherwise = self.mark(id)? != before;
        let mut next: Vec<NewJob> = reads_otherwise.then(|| index_job(episode.id, id)).into_iter().collect();
        next.extend(self.meaning_due(episode.id));
        next.push(clips_job(episode.id));
        Ok(Outcome::Done(next))
    }

    /// Says where a list of names is too long to be looked for as a whole.
    fn tell_of_long_list(&self, episode: EpisodeId, on_event: &(dyn Fn(Event) + Sync)) -> Result<()> {
        let Some(text) = self.store.names_text(episode)? else { return Ok(()) };
        let given = ear_ingest::names::parse(&text).0.len();
        if given > MOST_ITEMS {
            let message = format!("its list has {given} names; only the first {MOST_ITEMS} of them are looked for");
            on_event(Event::Warning { episode: Some(episode), message });
        }
        Ok(())
    }

    /// All that can be told from text alone.
    fn found(&self, episode: &Episode, id: TranscriptId, transcript: &Transcript) -> Result<Found> {
        let words = &transcript.words;
        let mut list = self.names_list(episode, transcript, &ear_language::sentences(transcript))?;
        let decided = self.store.repairs_of_episode(episode.id)?;
        let (here, elsewhere): (Vec<_>, Vec<_>) = decided
            .into_iter()
            .filter(|repair| repair.state != RepairState::Proposed)
            .partition(|repair| repair.transcript == id);
        self.add_decided(&mut list, &here)?;
        let rulings = self.store.rulings()?;
        self.add_taught(&mut list, &rulings, words)?;
        list.add_gazetteer();
        let said = mentions(words, &list.names);
        // Sounds are told apart as in English.
        let is_english = transcript.language.as_deref().is_none_or(|code| code.starts_with("en"));
        let proposals = if is_english { self.proposals(&list, &said, &rulings, words)? } else { Vec::new() };
        Ok(Found { list, said, proposals, inherited: inherited(words, &elsewhere) })
    }

    /// What may have been misheard for one of these names. What only the transcript itself has is no name to go by. A
    /// place that only the gazetteer knows counts where the
    /// episode says it elsewhere: hundreds of cities that nobody speaks of would sound like something.
    fn proposals(&self, list: &List, said: &[Mention], rulings: &[Ruling], words: &[Word]) -> Result<Vec<Proposal>> {
        let said: BTreeSet<usize> = said.iter().map(|mention| mention.name).collect();
        let is_expected = |at: &usize| !list.is_said_alone(*at) && (said.contains(at) || !list.is_gazetteer_alone(*at));
        let expected: Vec<usize> = (0..list.names.len()).filter(is_expected).collect();
        let mut listed = self.with_rulings(list, rulings)?.into_iter().map(Some).collect::<Vec<_>>();
        let listed: Vec<_> = expected.iter().filter_map(|&at| listed[at].take()).collect();
        let settings = repair::Settings { least: CONSIDERED, ..repair::Settings::default() };
        let mut proposals = self.counting(|count| repair::propose(words, &listed, &settings, count))?;
        for proposal in &mut proposals {
            teach(proposal, &listed[proposal.name].heard_before);
            proposal.name = expected[proposal.name];
        }
        proposals.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        proposals.truncate(PROPOSALS);
        Ok(proposals)
    }

    /// Lets `work` ask how often words stand in a row in the library, and with none how many there are in all; each
    /// question is answered once.
    pub(crate) fn counting<T>(&self, work: impl FnOnce(&dyn Fn(&[&str]) -> u64) -> T) -> Result<T> {
        let (index, all) = (self.index()?, self.store.indexed_words()?);
        let known: RefCell<HashMap<String, u64>> = RefCell::default();
        let failed: RefCell<Option<Error>> = RefCell::default();
        let result = work(&|words: &[&str]| {
            if words.is_empty() {
                return all;
            }
            let phrase = words.join(" ").replace(['"', '\\'], " ");
            if let Some(count) = known.borrow().get(&phrase) {
                return *count;
            }
            let query = format!("\"{phrase}\"");
            let count = match index.search(&Request { query, limit: 1, ..Request::default() }) {
                // Spellings that were tried instead are other words.
                Ok(answer) if answer.respelled.is_empty() => answer.total as u64,
                // A phrase of marks alone is no query, and stands nowhere.
                Ok(_) | Err(ear_search::Error::Query { .. }) => 0,
                Err(error) => {
                    failed.borrow_mut().get_or_insert(error.into());
                    0
                }
            };
            known.borrow_mut().insert(phrase, count);
            count
        });
        failed.into_inner().map_or(Ok(result), Err)
    }

    /// Compares proposals with the sound. What was compared before keeps what was heard.
    fn listen(
        &self,
        episode: &Episode,
        transcript: &TranscriptInfo,
        words: &[Word],
        proposals: &mut Vec<Proposal>,
        beat: &Beat<'_>,
        on_event: &(dyn Fn(Event) + Sync),
    ) -> Result<()> {
        let stored = self.store.repairs(transcript.id)?;
        let (mut known, mut new): (Vec<Proposal>, Vec<Proposal>) = (Vec::new(), Vec::new());
        for mut proposal in proposals.drain(..) {
            let evidence = heard_before(&stored, &proposal);
            let is_known = !evidence.is_empty();
            evidence.into_iter().for_each(|piece| weigh(&mut proposal, piece));
            if is_known { known.push(proposal) } else { new.push(proposal) }
        }
        let stop = || beat.lost() || beat.stop.requested();
        let heard = second_listen(self, episode, transcript, words, &mut new, &stop)?;
        let has_sound = episode.recording.is_some() && episode.sound_removed.is_none();
        if let Some(reason) = heard.skipped.filter(|_| has_sound) {
            let message = format!("names were not compared with the sound: {reason}");
            on_event(Event::Warning { episode: Some(episode.id), message });
        }
        known.append(&mut new);
        let least = repair::Settings::default().least;
        known.retain(|proposal| proposal.probability >= least);
        *proposals = known;
        Ok(())
    }

    fn put_names(&self, episode: EpisodeId, id: TranscriptId, words: &[Word], found: &Found) -> Result<()> {
        let Found { list, said, proposals, inherited } = found;
        let used = found.used();
        let ids = self.ids(episode, list, &used)?;
        let names: Vec<EpisodeName> =
            used.iter().map(|at| EpisodeName { name: ids[at], sources: list.names[*at].sources.clone() }).collect();
        let mentions: Vec<_> = said
            .iter()
            .map(|mention| {
                (ids[&mention.name], mention.words.clone(), MentionBy::Words, span_of(words, &mention.words))
            })
            .collect();
        let mut drafts: Vec<StoredRepairDraft> = inherited.iter().map(|one| taken_over(words, one)).collect();
        drafts.extend(proposals.iter().map(|proposal| draft(words, ids[&proposal.name], proposal)));
        Ok(self.store.put_episode_names(episode, id, MAKER, &names, &mentions, &drafts)?)
    }

    /// The library's ids of these names of a list; those it does not know are remembered.
    fn ids(&self, episode: EpisodeId, list: &List, used: &[usize]) -> Result<HashMap<usize, NameId>> {
        let mut ids: HashMap<usize, NameId> = used.iter().filter_map(|&at| Some((at, list.ids[at]?))).collect();
        let new: Vec<usize> = used.iter().copied().filter(|at| !ids.contains_key(at)).collect();
        let names: Vec<_> = new.iter().map(|&at| list.names[at].clone()).collect();
        ids.extend(new.into_iter().zip(self.store.find_or_add_names(Some(episode), &names)?));
        Ok(ids)
    }
}

/// What the words of an episode gave.
struct Found {
    list: List,
    said: Vec<Mention>,
    proposals: Vec<Proposal>,
    inherited: Vec<Inherited>,
}

impl Found {
    /// The names that the episode has: its own text names them, somebody says them, or may have.
    fn used(&self) -> Vec<usize> {
        let said = self.said.iter().map(|mention| mention.name);
        let said: BTreeSet<usize> = said.chain(self.proposals.iter().map(|proposal| proposal.name)).collect();
        (0..self.list.names.len()).filter(|at| said.contains(at) || self.list.is_own(*at)).collect()
    }
}

/// The job that finds the names of an episode.
pub(crate) fn names_job(episode: EpisodeId) -> NewJob {
    // After indexing, so that words can be found first, and before any transcription.
    NewJob { priority: 4, ..NewJob::new(NAMES, Some(episode)) }
}

/// What listening again told of the same proposal before; nothing where it was not listened to.
fn heard_before(stored: &[StoredRepair], proposal: &Proposal) -> Vec<Evidence> {
    use EvidenceKind::{Reading, SecondListen};
    let same = |repair: &&StoredRepair| repair.words == proposal.words && repair.meant == proposal.meant;
    let evidence = stored.iter().find(same).map(|repair| repair.evidence.as_slice()).unwrap_or_default();
    if !evidence.iter().any(|piece| piece.kind == SecondListen) {
        return Vec::new();
    }
    evidence.iter().filter(|piece| matches!(piece.kind, Reading | SecondListen)).cloned().collect()
}

/// What was heard for this name and accepted before is likelier meant again, the more often the more so, where the
/// evidence that says so does not weigh yet.
fn teach(proposal: &mut Proposal, heard_before: &[(String, u32)]) {
    let heard = fold_name(&proposal.heard);
    let Some((_, count)) = heard_before.iter().find(|(before, _)| *before == heard) else { return };
    let decided = proposal.evidence.iter().position(|piece| piece.kind == EvidenceKind::Decided);
    if decided.is_some_and(|at| proposal.evidence[at].weight != 0.0) {
        return;
    }
    let text = match decided {
        Some(at) => proposal.evidence.remove(at).text,
        None => format!("“{heard}” was accepted for this name before, {count}×"),
    };
    let weight = (1.0 + 3.0 * *count as f32).ln().min(MOST_TAUGHT);
    weigh(proposal, Evidence { kind: EvidenceKind::Decided, text, weight });
}

/// Adds a piece of evidence, which moves the log-odds by its weight.
fn weigh(proposal: &mut Proposal, evidence: Evidence) {
    let odds = f64::from(proposal.probability.clamp(1e-6, 1.0 - 1e-6));
    let moved = (odds / (1.0 - odds)).ln() + f64::from(evidence.weight);
    proposal.probability = (1.0 / (1.0 + (-moved).exp())) as f32;
    proposal.evidence.push(evidence);
}

fn draft(words: &[Word], name: NameId, proposal: &Proposal) -> StoredRepairDraft {
    StoredRepairDraft {
        name,
        words: proposal.words.clone(),
        span: span_of(words, &proposal.words),
        heard: proposal.heard.clone(),
        meant: proposal.meant.clone(),
        probability: proposal.probability,
        evidence: proposal.evidence.clone(),
        runner_up: proposal.runner_up.clone(),
        state: RepairState::Proposed,
        by_hand: false,
    }
}

fn taken_over(words: &[Word], one: &Inherited) -> StoredRepairDraft {
    let (verb, weight) = if one.state == RepairState::Accepted { ("accepted", 4.0) } else { ("refused", -4.0) };
    let text = format!("{verb} at the same moment of another transcript of this episode");
    StoredRepairDraft {
        name: one.name,
        words: one.words.clone(),
        span: span_of(words, &one.words),
        heard: said(words, &one.words),
        meant: one.meant.clone(),
        probability: one.probability,
        evidence: vec![Evidence { kind: EvidenceKind::Decided, text, weight }],
        runner_up: None,
        state: one.state,
        by_hand: one.by_hand,
    }
}

fn span_of(words: &[Word], range: &WordRange) -> Option<Span> {
    words.get(range.clone())?.iter().filter_map(|word| word.span).reduce(Span::join)
}
