//! Every run of one to three heard words, joined: what names are compared with that may be heard in more words or
//! fewer than they have.

use super::fold;
use super::label::ScoredHit;
use super::material::HeardSystem;
use std::collections::HashMap;
use std::ops::Range;

/// Heard words that one name can take.
pub const MOST_WORDS: usize = 3;

/// The distinct runs of a system's words.
pub struct Windows {
    /// Folded words without spaces, in alphabetical order.
    pub joined: Vec<String>,
    /// Where each of them was heard: call and words.
    pub places: Vec<Vec<(usize, Range<usize>)>>,
}

impl Windows {
    /// Collects the runs of all calls.
    pub fn new(system: &HeardSystem) -> Self {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut places: Vec<Vec<_>> = Vec::new();
        for (call, heard) in system.calls.iter().enumerate() {
            let Some(heard) = heard else { continue };
            let folded: Vec<String> = heard.words.iter().map(|word| fold::parts(&word.text).concat()).collect();
            for start in (0..folded.len()).filter(|start| !folded[*start].is_empty()) {
                for end in start + 1..=folded.len().min(start + MOST_WORDS) {
                    // Ends on a word, so that nothing is there twice.
                    if folded[end - 1].is_empty() {
                        continue;
                    }
                    let number = *numbers.entry(folded[start..end].concat()).or_insert_with(|| {
                        places.push(Vec::new());
                        places.len() - 1
                    });
                    places[number].push((call, start..end));
                }
            }
        }
        let mut joined: Vec<(String, usize)> = numbers.into_iter().collect();
        joined.sort_unstable();
        Self {
            places: joined.iter().map(|(_, number)| std::mem::take(&mut places[*number])).collect(),
            joined: joined.into_iter().map(|(text, _)| text).collect(),
        }
    }

    /// Hits at all places of one run.
    pub fn hits(&self, query: usize, window: usize, score: f32) -> impl Iterator<Item = ScoredHit> + '_ {
        self.places[window].iter().map(move |(call, words)| ScoredHit {
            query,
            call: *call,
            words: words.clone(),
            score,
        })
    }
}
