//! Search by words: the name's own words, one after another.

use super::EXACT;
use crate::names::fold::Folded;
use crate::names::label::ScoredHit;
use crate::names::material::{HeardSystem, Material};
use crate::names::mentions::found;

/// Every place where the words of a name were heard.
pub fn exact(material: &Material, system: &HeardSystem) -> Vec<ScoredHit> {
    let calls = system.calls.iter().enumerate().filter_map(|(call, heard)| Some((call, heard.as_ref()?)));
    let hits = calls.flat_map(|(call, heard)| {
        let folded = Folded::new(heard.words.iter().map(|word| word.text.as_str()));
        let hit = |(query, part): (usize, usize)| {
            let last = part + material.queries[query].parts.len() - 1;
            ScoredHit { query, call, words: folded.words[part]..folded.words[last] + 1, score: EXACT }
        };
        found(&folded, &material.queries).map(hit).collect::<Vec<_>>()
    });
    hits.collect()
}
