//! Double Metaphone (Philips 2000): runs of heard words with one of the name's codes.

use super::Heard;
use crate::names::label::ScoredHit;
use anyhow::Result;
use rphonetic::DoubleMetaphone;
use std::collections::{BTreeSet, HashMap};

/// Longer than usual (4), so that long names differ in more than their beginning.
const CODE_LENGTH: usize = 16;

/// Long codes that few places share score best.
pub fn hits(heard: &Heard<'_>) -> Result<Vec<ScoredHit>> {
    let (material, windows) = (heard.material, heard.windows);
    let encoder = DoubleMetaphone::new(Some(CODE_LENGTH));
    let codes = |text: &str| -> BTreeSet<String> {
        let both = encoder.double_metaphone(text);
        [both.primary(), both.alternate()].into_iter().filter(|code| !code.is_empty()).collect()
    };
    let mut known: HashMap<String, Vec<usize>> = HashMap::new();
    for (window, joined) in windows.joined.iter().enumerate() {
        codes(joined).into_iter().for_each(|code| known.entry(code).or_default().push(window));
    }
    let mut hits = Vec::new();
    for (query, name) in material.queries.iter().enumerate() {
        for code in codes(&name.parts.concat()) {
            let found = known.get(&code).map_or(&[][..], Vec::as_slice);
            let places: usize = found.iter().map(|window| windows.places[*window].len()).sum();
            let length = code.len().min(CODE_LENGTH) as f32 / CODE_LENGTH as f32;
            let score = 0.98 * length / (1.0 + (places as f32).ln());
            hits.extend(found.iter().flat_map(|window| windows.hits(query, *window, score)));
        }
    }
    Ok(hits)
}
