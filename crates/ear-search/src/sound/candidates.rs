//! The places that sound like a name, grouped by what was heard there.

use super::SoundIndex;
use super::forward::Passage;
use super::vocabulary::Entry;
use ear_language::sounds::{Fit, HeardPhones, Phone, Place, Reading, fit, is_anchor, may_be_anchor, places};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use tantivy::{DocId, Searcher};

/// As many readings of a name are compared.
pub(crate) const MAX_READINGS: usize = 8;
/// Passages that one core looks through at a time.
const SHARE: DocId = 4096;

/// How many words either side of one that sounds like a part of the name may belong to it.
const AROUND: usize = 4;
/// Words more frequent than this share of all words, and said more often than so many times, are looked around only
/// where they cover most of the name.
const FREQUENT: f64 = 0.001;
const OFTEN: u64 = 1_000;
/// How much of the name that is, in tenths.
const MOST: usize = 6;
/// How much more than it may a place may seem to cost before it is looked at closely, in 64ths.
const SLACK: i32 = 24;

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
    let readings = &readings[..readings.len().min(MAX_READINGS)];
    let bounds: Vec<Bound<'_>> = readings.iter().map(|reading| Bound::new(sounds, reading, bar)).collect();
    let leads = leads(sounds, &bounds);
    let mut shares: Vec<(u32, Range<DocId>)> = Vec::new();
    for (segment, forward) in sounds.segments.iter().enumerate() {
        let passages = forward.passages();
        let cuts = (0..passages).step_by(SHARE as usize);
        shares.extend(cuts.map(|from| (segment as u32, from..(from + SHARE).min(passages))));
    }
    let look = |(segment, docs): &(u32, Range<DocId>)| {
        let alive = searcher.segment_reader(*segment);
        let is_alive = |doc: DocId| !alive.is_deleted(doc);
        Look { sounds, bounds: &bounds, leads: &leads, bar }.through(*segment, docs.clone(), &is_alive)
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

/// Does the same with each of these on all cores, and gives what comes of it in their order.
fn side_by_side<'a, T: Sync, R: Send>(all: &'a [T], work: impl Fn(&'a T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(all.len());
    if cores <= 1 {
        return all.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(one) = all.get(at)
        {
            done.push((at, work(one)));
        }
        done
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..cores).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for thread in threads {
            done.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// A place that sounds like a reading: the terms there, the reading, how well, and where.
type Heard = (Vec<u32>, usize, Place, Stand);

/// What it takes to look through a part of the index.
struct Look<'a> {
    sounds: &'a SoundIndex,
    bounds: &'a [Bound<'a>],
    leads: &'a [u8],
    bar: f32,
}

impl Look<'_> {
    fn through(&self, segment: u32, docs: Range<DocId>, is_alive: &dyn Fn(DocId) -> bool) -> Vec<Heard> {
        let forward = &self.sounds.segments[segment as usize];
        let mut heard = HeardPhones::new();
        let mut found = Vec::new();
        for doc in docs {
            let passage = forward.passage(doc);
            let windows = self.windows(passage);
            if windows.is_empty() || !is_alive(doc) {
                continue;
            }
            for (window, readings) in windows {
                heard.clear();
                window.clone().for_each(|at| heard.push(self.sounds.vocabulary.entry(passage.at(at)).phones()));
                for (number, bound) in self.bounds.iter().enumerate().filter(|(at, _)| readings & (1 << at) != 0) {
                    for place in places(bound.reading, &heard, 0..window.len(), self.bar) {
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

    /// The parts of a passage that are worth comparing, each with the readings to compare it with.
    fn windows(&self, passage: Passage<'_>) -> Vec<(Range<usize>, u8)> {
        let mut windows: Vec<(Range<usize>, u8)> = Vec::new();
        for at in 0..passage.len() {
            let leads = self.leads[passage.at(at) as usize];
            if leads == 0 {
                continue;
            }
            let may = |(number, bound): (usize, &Bound<'_>)| {
                u8::from(leads & (1 << number) != 0 && bound.may_match(passage, at)) << number
            };
            let readings = self.bounds.iter().enumerate().map(may).fold(0, |all, one| all | one);
            if readings == 0 {
                continue;
            }
            let window = at.saturating_sub(AROUND)..(at + AROUND + 1).min(passage.len());
            match windows.last_mut() {
                Some((last, all)) if window.start <= last.end => {
                    last.end = window.end;
                    *all |= readings;
                }
                _ => windows.push((window, readings)),
            }
        }
        windows
    }
}

/// For each term the readings of which it may be the part that leads to the rest.
fn leads(sounds: &SoundIndex, bounds: &[Bound<'_>]) -> Vec<u8> {
    let words = sounds.vocabulary.words();
    let of = |entry: &Entry| {
        let one = |(number, bound): (usize, &Bound<'_>)| u8::from(bound.leads(entry, words)) << number;
        bounds.iter().enumerate().map(one).fold(0, |all, one| all | one)
    };
    let shares: Vec<&[Entry]> = sounds.vocabulary.entries().chunks(SHARE as usize).collect();
    side_by_side(&shares, |share| share.iter().map(of).collect::<Vec<u8>>()).concat()
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

/// What can be told of a place from how its words fit one by one.
struct Bound<'a> {
    sounds: &'a SoundIndex,
    reading: &'a Reading,
    /// The least that each phone costs, wherever in the reading it is heard.
    least: [u8; Phone::COUNT],
    /// How each term fits, by the form that fits best; 0 where nobody asked yet.
    fits: Vec<AtomicU32>,
    /// What the whole may cost, in 64ths.
    most: i32,
}

/// Stands for a term that fits nowhere.
const NO_FIT: u32 = 1;

impl<'a> Bound<'a> {
    fn new(sounds: &'a SoundIndex, reading: &'a Reading, bar: f32) -> Self {
        let least = Phone::ALL.map(|heard| reading.least_cost(heard));
        let fits = sounds.vocabulary.entries().iter().map(|_| AtomicU32::new(0)).collect();
        Self { sounds, reading, least, fits, most: (bar * 64.0 * reading.len() as f32) as i32 }
    }

    /// Whether the term may be the part of the name that leads to the rest.
    fn leads(&self, entry: &Entry, words: u64) -> bool {
        let length = self.reading.len();
        let is_frequent = entry.count > OFTEN && entry.count as f64 > FREQUENT * words as f64;
        entry.forms.iter().any(|form| {
            // Most words are told apart by what their phones cost at the least.
            let least: i32 = form.phones.iter().map(|phone| i32::from(self.least[phone.index()])).sum();
            if !may_be_anchor(least, form.phones.len(), length) {
                return false;
            }
            let Some(fit) = fit(self.reading, &form.phones) else { return false };
            let covers = usize::from(fit.to - fit.from);
            is_anchor(fit, length) && (!is_frequent || covers * 10 >= MOST * length)
        })
    }

    /// How a term fits, by the form that fits best.
    fn fit(&self, term: u32) -> Option<Fit> {
        let known = &self.fits[term as usize];
        let packed = match known.load(Ordering::Relaxed) {
            0 => {
                let packed = self
                    .best_fit(term)
                    .map_or(NO_FIT, |fit| u32::from(fit.from) << 24 | u32::from(fit.to) << 16 | u32::from(fit.cost));
                known.store(packed, Ordering::Relaxed);
                packed
            }
            packed => packed,
        };
        let fit = Fit { from: (packed >> 24) as u8, to: (packed >> 16) as u8, cost: packed as u16 };
        (packed != NO_FIT).then_some(fit)
    }

    fn best_fit(&self, term: u32) -> Option<Fit> {
        let forms = &self.sounds.vocabulary.entry(term).forms;
        let fits = forms.iter().filter_map(|form| fit(self.reading, &form.phones));
        fits.min_by_key(|fit| i32::from(fit.cost) - 32 * (i32::from(fit.to) - i32::from(fit.from)))
    }

    /// Whether the terms around one that leads may make up for what it lacks of the name: the rest either is not
    /// much, or the neighbour fits there.
    fn may_match(&self, passage: Passage<'_>, at: usize) -> bool {
        let Some(fit) = self.fit(passage.at(at)) else { return false };
        let room = self.most - i32::from(fit.cost);
        let (left, right) = (0..usize::from(fit.from), usize::from(fit.to)..self.reading.len());
        let left = self.rest(left, at.checked_sub(1).map(|before| passage.at(before)), room);
        let right = self.rest(right, (at + 1 < passage.len()).then(|| passage.at(at + 1)), room);
        left + right <= room + SLACK
    }

    /// About what a rest of the name costs, next to this term.
    fn rest(&self, rest: Range<usize>, neighbour: Option<u32>, room: i32) -> i32 {
        let missed = self.reading.missed(rest.clone());
        if missed <= room / 2 {
            return missed;
        }
        let Some(fit) = neighbour.and_then(|term| self.fit(term)) else { return missed };
        let (from, to) = (usize::from(fit.from).max(rest.start), usize::from(fit.to).min(rest.end));
        if from >= to {
            return missed;
        }
        // Another word further on may be the rest of the rest.
        let uncovered = self.reading.missed(rest.start..from) + self.reading.missed(to..rest.end);
        missed.min(i32::from(fit.cost) + uncovered / 4)
    }
}
