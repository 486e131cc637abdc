//! Ways to say one spoken word after another, put together to whole pronunciations.

use super::{Phone, Pronunciation};
use std::collections::HashSet;

/// No more words are said once there are as many phones; with the longest word it stays below 256.
const MAX_PHONES: usize = 120;

/// Ways to say one spoken word, with their costs.
pub(super) type Ways = Vec<(Vec<Phone>, f32)>;

/// One way to take what is written: the spoken words, and what it costs to take it so.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    pub words: Vec<Ways>,
    pub cost: f32,
}

impl Reading {
    /// One spoken word.
    pub fn of(ways: Ways, cost: f32) -> Reading {
        Reading { words: vec![ways], cost }
    }
}

/// The `limit` likeliest combinations of readings of parts that follow each other.
pub(super) fn join(parts: Vec<Vec<Reading>>, limit: usize) -> Vec<Reading> {
    let mut whole = vec![Reading::default()];
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        let longer = whole.iter().flat_map(|before| {
            part.iter().map(|next| Reading {
                words: before.words.iter().chain(&next.words).cloned().collect(),
                cost: before.cost + next.cost,
            })
        });
        let mut longer: Vec<Reading> = longer.collect();
        longer.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        longer.truncate(limit);
        whole = longer;
    }
    whole.retain(|reading| !reading.words.is_empty());
    whole
}

/// The `limit` likeliest pronunciations of these readings, each once, the first at cost 0.
pub(super) fn pronunciations(readings: &[Reading], limit: usize) -> Vec<Pronunciation> {
    let mut all: Vec<Pronunciation> = readings.iter().flat_map(|reading| of_reading(reading, limit)).collect();
    all.retain(|pronunciation| !pronunciation.phones.is_empty());
    all.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let mut seen = HashSet::new();
    all.retain(|pronunciation| seen.insert(pronunciation.phones.clone()));
    all.truncate(limit);
    let least = all.first().map_or(0.0, |first| first.cost);
    all.iter_mut().for_each(|pronunciation| pronunciation.cost -= least);
    all
}

/// Beam search; costs add up, so the beam of `limit` loses nothing.
fn of_reading(reading: &Reading, limit: usize) -> Vec<Pronunciation> {
    let mut beam = vec![Pronunciation { phones: Vec::new(), starts: Vec::new(), cost: reading.cost }];
    for ways in reading.words.iter().filter(|ways| ways.iter().any(|(phones, _)| !phones.is_empty())) {
        let mut next = Vec::new();
        for before in &beam {
            if before.phones.len() > MAX_PHONES {
                next.push(before.clone());
                continue;
            }
            next.extend(ways.iter().map(|(phones, cost)| extended(before, phones, *cost)));
        }
        next.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        next.truncate(limit);
        beam = next;
    }
    beam
}

fn extended(before: &Pronunciation, phones: &[Phone], cost: f32) -> Pronunciation {
    let mut after = before.clone();
    // A word of no phones begins nowhere.
    if !phones.is_empty() {
        after.starts.push(before.phones.len() as u8);
    }
    after.phones.extend_from_slice(phones);
    after.cost += cost;
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_combinations_come_first() {
        let ways = |one: Phone, other: Phone, cost: f32| vec![(vec![one], 0.0), (vec![other], cost)];
        let reading = Reading {
            words: vec![ways(Phone::AA, Phone::AE, 1.0), vec![(Vec::new(), 0.0)], ways(Phone::B, Phone::P, 0.25)],
            cost: 0.5,
        };
        let found: Vec<(Vec<Phone>, Vec<u8>, f32)> =
            pronunciations(&[reading], 3).into_iter().map(|p| (p.phones, p.starts, p.cost)).collect();
        assert_eq!(
            found,
            [
                (vec![Phone::AA, Phone::B], vec![0, 1], 0.0),
                (vec![Phone::AA, Phone::P], vec![0, 1], 0.25),
                (vec![Phone::AE, Phone::B], vec![0, 1], 1.0),
            ]
        );
    }
}
