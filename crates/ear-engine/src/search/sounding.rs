//! What sounds like a name, as far as people have not said otherwise.

use crate::{Library, Result};
use ear_core::{TranscriptId, WordRange};
use ear_search::{PassageHit, Request, SoundAnswer, SoundGroup, SoundHit, SoundRequest};
use ear_store::fold_name;

impl Library {
    /// What sounds like a name, without what people refused for it, and, where words are left out, without places
    /// where these words were heard and others are read; how many hits are left out because they were refused.
    pub(super) fn sound_unrefused(&self, asked: SoundRequest) -> Result<(SoundAnswer, usize)> {
        let found = self.index()?.sound(&asked)?;
        let refused = self.store.refused_for(&found.name)?;
        let is_refused = |group: &SoundGroup| !group.is_spelled && refused.contains(&fold_name(&group.heard));
        let left_out: usize = found.groups.iter().filter(|group| is_refused(group)).map(|group| group.hits).sum();
        let repaired = if asked.without_words { self.store.accepted_where_heard(&found.name)? } else { Vec::new() };
        if left_out == 0 && repaired.is_empty() {
            return Ok((found, 0));
        }
        // Pages are of what is left, so that all is asked for.
        let Request { offset, limit, .. } = asked.request;
        let all = Request { offset: 0, limit: usize::MAX, ..asked.request.clone() };
        let mut all = self.index()?.sound(&SoundRequest { request: all, ..asked })?;
        let groups: Vec<bool> = all.groups.iter().map(is_refused).collect();
        all.hits.retain(|hit| !groups[hit.group]);
        self.leave_out(&mut all.hits, &repaired)?;
        let mut answer = SoundAnswer { total: all.hits.len(), ..all };
        count_groups(&mut answer);
        answer.hits = answer.hits.into_iter().skip(offset).take(limit).collect();
        Ok((answer, left_out))
    }

    /// Drops hits that share a word with one of these places.
    fn leave_out(&self, hits: &mut Vec<SoundHit>, places: &[(TranscriptId, WordRange)]) -> Result<()> {
        let share = |a: &WordRange, b: &WordRange| a.start < b.end && b.start < a.end;
        let mut kept = Vec::with_capacity(hits.len());
        for hit in std::mem::take(hits) {
            let PassageHit { transcript, words, following, .. } = &hit.passage;
            let here = places.iter().filter(|(id, place)| id == transcript && share(place, words));
            let near: Vec<&WordRange> = here.map(|(_, place)| place).collect();
            if near.is_empty() {
                kept.push(hit);
                continue;
            }
            let place = (*transcript, words.start..words.end + following);
            let (read, _) = self.read_words(&[place])?.pop().unwrap_or_default();
            let texts: Vec<&str> = read.iter().map(|word| word.text.as_str()).collect();
            let range = hit.words(&texts);
            let range = words.start + range.start..words.start + range.end;
            if !near.iter().any(|place| share(place, &range)) {
                kept.push(hit);
            }
        }
        *hits = kept;
        Ok(())
    }
}

/// Counts what the groups have after some hits were left out; those that have none go.
fn count_groups(answer: &mut SoundAnswer) {
    let mut counts = vec![0; answer.groups.len()];
    answer.hits.iter().for_each(|hit| counts[hit.group] += 1);
    let mut kept = 0..;
    let places: Vec<Option<usize>> = counts.iter().map(|count| if *count == 0 { None } else { kept.next() }).collect();
    answer.hits.iter_mut().for_each(|hit| hit.group = places[hit.group].unwrap_or_default());
    let groups = std::mem::take(&mut answer.groups).into_iter().zip(counts).filter(|(_, count)| *count > 0);
    answer.groups = groups.map(|(group, hits)| SoundGroup { hits, ..group }).collect();
}
