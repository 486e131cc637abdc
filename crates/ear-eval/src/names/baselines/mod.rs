//! What a name could be searched with otherwise. Each finds what search by words finds first, so that all are
//! measured on the whole task.

mod exact;
mod fuzzy;
mod metaphone;
mod phones;
mod trigrams;

use super::label::ScoredHit;
use super::material::{HeardSystem, Material};
use super::windows::Windows;
use anyhow::Result;
pub use exact::exact;

/// The score of what search by words finds; all else is below 1.
pub const EXACT: f32 = 1.0;

/// Hits for one name in one system's words; what lies below so many better ones is not looked at.
const MOST_HITS: usize = 300;

/// One system's words, and its runs of words.
pub struct Heard<'a> {
    /// The names, and the calls.
    pub material: &'a Material,
    /// What was heard.
    pub system: &'a HeardSystem,
    /// Its runs of words.
    pub windows: &'a Windows,
}

/// Searches for all names; hits below those of search by words.
type Search = fn(&Heard<'_>) -> Result<Vec<ScoredHit>>;

/// The names of the methods and how they search.
pub const BASELINES: [(&str, Search); 5] = [
    ("exact", |_| Ok(Vec::new())),
    ("fuzzy", fuzzy::hits),
    ("double_metaphone", metaphone::hits),
    ("trigrams", trigrams::hits),
    ("phones", phones::hits),
];

/// What a method finds in one system's words.
pub fn search(search: Search, heard: &Heard<'_>) -> Result<Vec<ScoredHit>> {
    let mut hits = search(heard)?;
    hits.sort_by(|left, right| left.query.cmp(&right.query).then(right.score.total_cmp(&left.score)));
    let listed = hits.chunk_by(|left, right| left.query == right.query);
    let mut hits: Vec<ScoredHit> = listed.flat_map(|hits| &hits[..hits.len().min(MOST_HITS)]).cloned().collect();
    hits.extend(exact(heard.material, heard.system));
    Ok(hits)
}
