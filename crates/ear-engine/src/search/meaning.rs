//! Search by meaning, and by words, sound and meaning together.

use super::reading::{read_hit, read_sound_hit, shown_hit, stands_there};
use super::{Answer, Hit, SearchBy, sound_groups};
use crate::{Library, Result};
use ear_core::{TranscriptId, Word};
use ear_search::{
    FusedHit, FusedRequest, Matcher, MeaningAnswer, PassageHit, Request, SoundAnswer, SoundHit, SoundRequest,
    asked_in_words, looks_like_a_name,
};
use ear_store::Episode;
use std::collections::HashSet;
use std::ops::Range;

/// What to do where nothing is known of meaning.
const NO_MODEL: &str =
    "search by meaning needs a model: fetch it with `earwitness models fetch minilm`, and then run `earwitness work`";

impl Library {
    pub(super) fn search_meaning(&self, asked: &Request) -> Result<Answer> {
        let Some(understanding) = self.understanding()? else {
            let (note, pending) = (Some(NO_MODEL.to_owned()), self.store.all_indexed()?.len());
            return Ok(Answer { note, pending, ..Answer::empty(&asked.query) });
        };
        let words = asked_in_words(&asked.query)?.unwrap_or_default();
        let meant = understanding.asked(&words)?;
        let MeaningAnswer { total, hits } = self.index()?.meaning(asked, &understanding.vectors, &meant)?;
        let passages: Vec<PassageHit> = hits.iter().map(|(hit, _)| hit.clone()).collect();
        let hits = self.read_hits(&passages, |at, words, episode| {
            let (hit, best) = &hits[at];
            read_meant_hit(hit, best.as_ref(), words, episode)
        })?;
        let pending = self.without_vectors(&understanding.vectors.transcripts())?;
        Ok(Answer { total, hits, pending, ..Answer::empty(&asked.query) })
    }

    /// How many episodes can't be found by their meaning yet, though their words can.
    fn without_vectors(&self, with: &[TranscriptId]) -> Result<usize> {
        let with: HashSet<TranscriptId> = with.iter().copied().collect();
        Ok(self.store.all_indexed()?.iter().filter(|indexed| !with.contains(&indexed.transcript)).count())
    }

    /// By words, sound and meaning together, for a query of plain words and fields.
    pub(super) fn search_fused(&self, asked: Request, least: Option<f32>, words: &str) -> Result<Answer> {
        let query = asked.query.clone();
        let (sounding, refused) = self.sounding(&asked, least)?;
        let understanding = self.understanding_if_any()?;
        let meant = understanding.as_ref().map(|understanding| understanding.asked(words)).transpose()?;
        let meaning = understanding.as_ref().zip(meant.as_ref());
        let meaning = meaning.map(|(understanding, meant)| (&understanding.vectors, meant));
        let request = FusedRequest { request: asked, sounding: &sounding.hits, meaning };
        let found = self.index()?.fused(&request)?;
        let passages: Vec<PassageHit> = found.hits.iter().map(|hit| passage(hit, &sounding.hits).clone()).collect();
        let hits = self.read_hits(&passages, |at, words, episode| match &found.hits[at] {
            FusedHit::Sound(at) => {
                let hit = &sounding.hits[*at];
                read_sound_hit(hit, &sounding.groups[hit.group], &sounding.name, words, episode)
            }
            FusedHit::Words(hit, best) => read_fused_hit(hit, best.as_ref(), words, &found.matcher, episode),
            FusedHit::Meaning(hit, best) => read_meant_hit(hit, best.as_ref(), words, episode),
        })?;
        let is_there = |hit: &Hit| hit.group.is_none_or(|at| stands_there(&sounding.groups[at].heard, hit));
        let hits = hits.into_iter().filter(is_there).collect();
        let groups = sound_groups(&sounding.groups);
        Ok(Answer { total: found.total, hits, respelled: found.respelled, groups, refused, ..Answer::empty(&query) })
    }

    /// All that sounds like the query, where that looks like a name.
    fn sounding(&self, asked: &Request, least_probability: Option<f32>) -> Result<(SoundAnswer, usize)> {
        if !looks_like_a_name(&asked.query) {
            return Ok((SoundAnswer::default(), 0));
        }
        let request = Request { offset: 0, limit: usize::MAX, ..asked.clone() };
        self.sound_unrefused(SoundRequest { request, without_words: true, least_probability })
    }
}

fn passage<'a>(hit: &'a FusedHit, sounding: &'a [SoundHit]) -> &'a PassageHit {
    match hit {
        FusedHit::Words(passage, _) | FusedHit::Meaning(passage, _) => passage,
        FusedHit::Sound(at) => &sounding[*at].passage,
    }
}

/// A passage that means the like of the query: nothing is marked, and its moment is that of the nearest sentence.
fn read_meant_hit(
    hit: &PassageHit,
    best: Option<&Range<usize>>,
    words: (Vec<Word>, Vec<crate::Repaired>),
    episode: &Episode,
) -> Hit {
    let own = hit.words.len().min(words.0.len());
    let within = |best: &Range<usize>| {
        best.start.saturating_sub(hit.words.start).min(own)..best.end.saturating_sub(hit.words.start).min(own)
    };
    let best = best.map(within).filter(|best| !best.is_empty()).unwrap_or(0..own);
    Hit { by: SearchBy::Meaning, ..shown_hit(hit, words, &[], best, episode) }
}

/// A passage that has words of the query, or all; where nothing of it can be marked, it is told of as its meaning.
fn read_fused_hit(
    hit: &PassageHit,
    best: Option<&Range<usize>>,
    words: (Vec<Word>, Vec<crate::Repaired>),
    matcher: &Matcher,
    episode: &Episode,
) -> Hit {
    let read = read_hit(hit, words.clone(), matcher, episode);
    if read.matched.is_empty() && best.is_some() { read_meant_hit(hit, best, words, episode) } else { read }
}
