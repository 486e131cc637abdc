//! Plain edit distance between the phones of a name and of runs of heard words, each edit as dear as any other.

use super::Heard;
use crate::names::label::ScoredHit;
use anyhow::Result;
use ear_language::sounds::{Phone, pronounce_first, pronounce_name};
use std::collections::HashMap;

/// Edits per phone of the name; more are not worth listing.
const MOST_EDITS: f32 = 0.4;

/// Hits score by the share of phones that stays, with one edit and one phone more (Laplace), so that of names that
/// sound the same the longer are surer.
pub fn hits(heard: &Heard<'_>) -> Result<Vec<ScoredHit>> {
    let runs = Runs::new(heard);
    let mut hits = Vec::new();
    for (query, name) in heard.material.queries.iter().enumerate() {
        let Some(said) = pronounce_name(&name.text).into_iter().next() else { continue };
        let said = bytes(&said.phones);
        runs.near(&said, |window, edits| {
            let longer = said.len().max(runs.lengths[window]).max(1);
            let score = 0.99 * (1.0 - f32::from(edits + 1) / (longer + 2) as f32);
            hits.extend(heard.windows.hits(query, window, score));
        });
    }
    Ok(hits)
}

fn bytes(phones: &[Phone]) -> Vec<u8> {
    phones.iter().map(|phone| phone.index() as u8).collect()
}

/// Runs of words in the order of their phones, so that those that begin alike share that part of the work.
struct Runs {
    sorted: Vec<(Vec<u8>, usize)>,
    /// Phones that each run has in common with the one before it.
    shared: Vec<usize>,
    /// Phones of each window.
    lengths: Vec<usize>,
}

impl Runs {
    fn new(heard: &Heard<'_>) -> Self {
        let mut known: HashMap<&str, Vec<u8>> = HashMap::new();
        let mut sorted = Vec::with_capacity(heard.windows.places.len());
        for (window, places) in heard.windows.places.iter().enumerate() {
            let (call, words) = &places[0];
            let words = heard.system.calls[*call].as_ref().map_or(&[][..], |call| &call.words[words.clone()]);
            let mut phones = Vec::new();
            for word in words {
                phones.extend_from_slice(known.entry(&word.text).or_insert_with(|| {
                    let mut phones = Vec::new();
                    pronounce_first(&word.text, &mut phones);
                    bytes(&phones)
                }));
            }
            sorted.push((phones, window));
        }
        let mut lengths = vec![0; sorted.len()];
        sorted.iter().for_each(|(phones, window)| lengths[*window] = phones.len());
        sorted.sort_unstable();
        let pairs = std::iter::once(0).chain(sorted.windows(2).map(|pair| common(&pair[0].0, &pair[1].0)));
        Self { shared: pairs.collect(), sorted, lengths }
    }

    /// Windows within the allowed edits of these phones, and the edits (Wagner and Fischer 1974, row by row over a
    /// sorted list as over a trie).
    fn near(&self, said: &[u8], mut found: impl FnMut(usize, u8)) {
        let most = (said.len() as f32 * MOST_EDITS) as u8;
        let mut rows: Vec<Vec<u8>> = vec![(0..=said.len().min(255) as u8).collect()];
        let mut dead = usize::MAX;
        for ((phones, window), shared) in self.sorted.iter().zip(&self.shared) {
            if *shared >= dead {
                continue;
            }
            dead = usize::MAX;
            rows.truncate(shared + 1);
            while rows.len() <= phones.len() {
                let row = next_row(&rows[rows.len() - 1], said, phones[rows.len() - 1]);
                let least = row.iter().min().copied().unwrap_or_default();
                rows.push(row);
                if least > most {
                    dead = rows.len() - 1;
                    break;
                }
            }
            let edits = rows[rows.len() - 1][said.len()];
            if dead == usize::MAX && edits <= most {
                found(*window, edits);
            }
        }
    }
}

fn next_row(above: &[u8], said: &[u8], phone: u8) -> Vec<u8> {
    let mut row = Vec::with_capacity(above.len());
    row.push(above[0].saturating_add(1));
    for (at, other) in said.iter().enumerate() {
        let replaced = above[at].saturating_add(u8::from(*other != phone));
        row.push(replaced.min(above[at + 1].saturating_add(1)).min(row[at].saturating_add(1)));
    }
    row
}

fn common(left: &[u8], right: &[u8]) -> usize {
    left.iter().zip(right).take_while(|(left, right)| left == right).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_by_their_edits() {
        let mut texts = ["soleimani", "solamoney", "solar", "money", "sole", "soleimanis", "solemn"];
        texts.sort_unstable();
        let sorted: Vec<(Vec<u8>, usize)> =
            texts.iter().enumerate().map(|(at, text)| (text.as_bytes().to_vec(), at)).collect();
        let shared =
            std::iter::once(0).chain(texts.windows(2).map(|pair| common(pair[0].as_bytes(), pair[1].as_bytes())));
        let runs = Runs { shared: shared.collect(), lengths: texts.iter().map(|text| text.len()).collect(), sorted };
        let mut found = Vec::new();
        runs.near(b"soleimani", |window, edits| found.push((texts[window], edits)));
        assert_eq!(found, [("soleimani", 0), ("soleimanis", 1), ("solemn", 3)]);
        found.clear();
        runs.near(b"solemi", |window, edits| found.push((texts[window], edits)));
        assert_eq!(found, [("sole", 2), ("solemn", 1)]);
    }
}
