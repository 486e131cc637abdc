//! The places that sound like a name, grouped by what was heard there.

use super::SoundIndex;
use super::cores::side_by_side;
use super::sieve::{Sieve, Window};
use ear_language::sounds::{ABREAST, Abreast, HeardPhones, LANES, Lanes, Place, Reading, Said, places};
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
    let abreast = Abreast::new(readings);
    let sieve = Sieve::new(sounds, &abreast, readings, bar);
    let lanes: Vec<Lanes> = readings.iter().map(|reading| Lanes::new(reading, bar)).collect();
    let mut shares: Vec<(u32, Range<DocId>)> = Vec::new();
    for (segment, forward) in sounds.segments.iter().enumerate() {
        let passages = forward.passages();
        let cuts = (0..passages).step_by(SHARE as usize);
        shares.extend(cuts.map(|from| (segment as u32, from..(from + SHARE).min(passages))));
    }
    let look = |(segment, docs): &(u32, Range<DocId>)| {
        let alive = searcher.segment_reader(*segment);
        let is_alive = |doc: DocId| !alive.is_deleted(doc);
        let look = Look { sounds, sieve: &sieve, lanes: &lanes, readings, bar };
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
    sieve: &'a Sieve<'a>,
    /// The readings, to be compared with many stretches at once.
    lanes: &'a [Lanes],
    readings: &'a [Reading],
    bar: f32,
}

/// A window, and where its phones stand among those of all.
struct Stretch {
    window: Window,
    said: Range<usize>,
}

impl Look<'_> {
    fn through(&self, segment: u32, docs: Range<DocId>, is_alive: &dyn Fn(DocId) -> bool) -> Vec<Heard> {
        let forward = &self.sounds.segments[segment as usize];
        let mut said = Vec::new();
        let windows = self.sieve.windows(segment as usize, docs).into_iter().filter(|window| is_alive(window.doc));
        let say = |window: Window| {
            let (passage, start) = (forward.passage(window.doc), said.len());
            self.sounds.spoken.say(window.terms.clone().map(|at| passage.at(at)), &mut said);
            Stretch { window, said: start..said.len() }
        };
        let mut stretches: Vec<Stretch> = windows.map(say).collect();
        self.keep_sounding(&mut stretches, &said);
        let mut heard = HeardPhones::new();
        let mut found = Vec::new();
        for Stretch { window: Window { doc, terms, readings }, .. } in stretches {
            if readings == 0 {
                continue;
            }
            let passage = forward.passage(doc);
            heard.clear();
            terms.clone().for_each(|at| heard.push(self.sounds.spoken.phones_of(passage.at(at))));
            for (number, reading) in self.readings.iter().enumerate().filter(|(at, _)| readings & (1 << at) != 0) {
                for place in places(reading, &heard, 0..terms.len(), self.bar) {
                    let first = terms.start + place.words.start;
                    if !passage.is_tail(first) {
                        let terms = (first..terms.start + place.words.end).map(|at| passage.at(at)).collect();
                        found.push((terms, number, place, Stand { segment, doc, position: first as u32 }));
                    }
                }
            }
        }
        found
    }

    /// Forgets the readings that nothing in a stretch can sound like.
    fn keep_sounding(&self, stretches: &mut [Stretch], said: &[Said]) {
        let mut order: Vec<(usize, usize)> =
            stretches.iter().enumerate().map(|(at, stretch)| (stretch.said.len(), at)).collect();
        // Those side by side should be about as long.
        order.sort_unstable();
        let mut side_by_side: Vec<[Said; LANES]> = Vec::new();
        for (number, lanes) in self.lanes.iter().enumerate() {
            let worth: Vec<usize> = order
                .iter()
                .map(|&(_, at)| at)
                .filter(|&at| stretches[at].window.readings & (1 << number) != 0)
                .collect();
            for batch in worth.chunks(LANES) {
                side_by_side.clear();
                let length = batch.last().map_or(0, |&at| stretches[at].said.len());
                side_by_side.resize(length, [Said::NOTHING; LANES]);
                for (lane, &at) in batch.iter().enumerate() {
                    let said = &said[stretches[at].said.clone()];
                    side_by_side.iter_mut().zip(said).for_each(|(row, &said)| row[lane] = said);
                }
                let may_sound = lanes.may_sound(&side_by_side);
                let silent = batch.iter().enumerate().filter(|(lane, _)| may_sound & (1 << lane) == 0);
                silent.for_each(|(_, &at)| stretches[at].window.readings &= !(1 << number));
            }
        }
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
