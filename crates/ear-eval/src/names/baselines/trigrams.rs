//! Character trigrams: the share that a run of heard words and a name have in common (Dice 1945).

use super::Heard;
use crate::names::label::ScoredHit;
use anyhow::Result;
use std::collections::{BTreeSet, HashMap};

/// Less in common is not worth listing.
const LEAST: f32 = 0.4;

/// Hits score by Dice's coefficient.
pub fn hits(heard: &Heard<'_>) -> Result<Vec<ScoredHit>> {
    let (material, windows) = (heard.material, heard.windows);
    let mut known: HashMap<[char; 3], Vec<u32>> = HashMap::new();
    let mut sizes = Vec::with_capacity(windows.joined.len());
    for (window, joined) in windows.joined.iter().enumerate() {
        let trigrams = trigrams(joined);
        sizes.push(trigrams.len());
        trigrams.into_iter().for_each(|trigram| known.entry(trigram).or_default().push(window as u32));
    }
    let mut shared = vec![0_u16; windows.joined.len()];
    let mut hits = Vec::new();
    for (query, name) in material.queries.iter().enumerate() {
        let wanted = trigrams(&name.parts.concat());
        let mut touched = Vec::new();
        for window in wanted.iter().filter_map(|trigram| known.get(trigram)).flatten() {
            if shared[*window as usize] == 0 {
                touched.push(*window as usize);
            }
            shared[*window as usize] += 1;
        }
        for window in touched {
            let both = f32::from(std::mem::take(&mut shared[window]));
            let dice = 2.0 * both / (wanted.len() + sizes[window]) as f32;
            if dice >= LEAST {
                hits.extend(windows.hits(query, window, dice * 0.99));
            }
        }
    }
    Ok(hits)
}

/// The distinct trigrams, two marks before the text and one after it.
fn trigrams(text: &str) -> BTreeSet<[char; 3]> {
    let letters: Vec<char> = ['^', '^'].into_iter().chain(text.chars()).chain(['$']).collect();
    letters.windows(3).map(|run| [run[0], run[1], run[2]]).collect()
}
