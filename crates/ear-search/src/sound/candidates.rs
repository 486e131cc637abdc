//! The places that sound like a name, grouped by what was heard there.

use super::SoundIndex;
use super::cores::side_by_side;
use super::sieve::Sieve;
use ear_language::sounds::{ABREAST, Abreast, HeardPhones, Place, Reading, places};
use std::collections::HashMap;
use std::ops::Range;
use tantivy::{DocId, Searcher};

/// Passages that one core looks through at a time.
const SHARE: DocId = 4096;

/// Terms that were heard in a row and sound like the name.
pub(crate) struct Group {
    /// Which reading of the name they sound like.
    pub reading: usize,
    /// How well.
    pub place: Place,
    /// Where they stand.
    pub stands: Vec<Stand>,
}

/// One place in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stand {
    pub segment: u32,
    pub doc: DocId,
    /// The first of the terms.
    pub position: u32,
}

/// What sounds like one of the readings at a cost of at most `bar` a phone, by the terms that were heard.
pub(crate) fn candidates(
    searcher: &Searcher,
    sounds: &SoundIndex,
    readings: &[Reading],
    bar: f32,
) -> HashMap<Vec<u32>, Group> {
    let readings = &readings[..readings.len().min(ABREAST)];
    let abreast = Abreast::new(readings, bar);
    let sieve = Sieve::new(sounds, &abreast, readings, bar);
    let mut shares: Vec<(u32, Range<DocId>)> = Vec::new();
    for (segment, forward) in sounds.segments.iter().enumerate() {
        let passages = forward.passages();
        let cuts = (0..passages).step_by(SHARE as usize);
        shares.extend(cuts.map(|from| (segment as u32, from..(from + SHARE).min(passages))));
    }
    let look = |(segment, docs): &(u32, Range<DocId>)| {
        let alive = searcher.segment_reader(*segment);
        let is_alive = |doc: DocId| !alive.is_deleted(doc);
        let look = Look { sounds, abreast: &abreast, sieve: &sieve, readings, bar };
        look.through(*segment, docs.clone(), &is_alive)
    };
    let mut groups: HashMap<Vec<u32>, Group> = HashMap::new();
    for found in side_by_side(&shares, look) {
        for (terms, reading, place, stand) in found {
            add(&mut groups, terms, reading, place, stand);
        }
    }
    for group in groups.values_mut() {
        group.stands.sort_unstable();
        group.stands.dedup();
    }
    groups
}

/// A place that sounds like a reading: the terms there, the reading, how well, and where.
type Heard = (Vec<u32>, usize, Place, Stand);

/// What it takes to look through a part of the index.
struct Look<'a> {
    sounds: &'a SoundIndex,
    abreast: &'a Abreast,
    sieve: &'a Sieve<'a>,
    readings: &'a [Reading],
    bar: f32,
}

impl Look<'_> {
    fn through(&self, segment: u32, docs: Range<DocId>, is_alive: &dyn Fn(DocId) -> bool) -> Vec<Heard> {
        let forward = &self.sounds.segments[segment as usize];
        let mut heard = HeardPhones::new();
        let mut found = Vec::new();
        for doc in docs {
            let passage = forward.passage(doc);
            let windows = self.sieve.windows(passage);
            if windows.is_empty() || !is_alive(doc) {
                continue;
            }
            for (window, worth) in windows {
                let phones = |at: usize| self.sounds.spoken.phones(passage.at(at));
                let may_sound = worth & self.abreast.may_sound(window.clone().map(phones));
                if may_sound == 0 {
                    continue;
                }
                heard.clear();
                window.clone().for_each(|at| heard.push(phones(at)));
                for (number, reading) in self.readings.iter().enumerate().filter(|(at, _)| may_sound & (1 << at) != 0) {
                    for place in places(reading, &heard, 0..window.len(), self.bar) {
                        let first = window.start + place.words.start;
                        if !passage.is_tail(first) {
                            let terms = (first..window.start + place.words.end).map(|at| passage.at(at)).collect();
                            found.push((terms, number, place, Stand { segment, doc, position: first as u32 }));
                        }
                    }
                }
            }
        }
        found
    }
}

fn add(groups: &mut HashMap<Vec<u32>, Group>, terms: Vec<u32>, reading: usize, place: Place, stand: Stand) {
    match groups.get_mut(&terms) {
        Some(group) => {
            if place.cost < group.place.cost {
                (group.reading, group.place) = (reading, place);
            }
            group.stands.push(stand);
        }
        None => drop(groups.insert(terms, Group { reading, place, stands: vec![stand] })),
    }
}
