//! What can be told of a place from how its words fit one by one, before they are compared as a whole.
//!
//! Every word of the vocabulary passes here for every name. What its pieces cost at the least ([`Spoken`]) tells most
//! apart from the name; only the others are fitted into it.
//!
//! [`Spoken`]: super::spoken::Spoken

use super::SoundIndex;
use super::cores::side_by_side;
use super::forward::Passage;
use super::vocabulary::Entry;
use ear_language::sounds::{ABREAST, Abreast, Fit, Least, Phone, Reading, is_anchor, may_be_anchor};
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

/// Terms that one core looks through at a time.
const SHARE: u32 = 4096;
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
/// Stands for a term that fits nowhere.
const NO_FIT: u32 = 1;

/// The terms, as they fit into the readings of a name.
pub(crate) struct Sieve<'a> {
    sounds: &'a SoundIndex,
    abreast: &'a Abreast,
    bounds: Vec<Bound>,
    /// For each term the readings, as bits, of which it may be the part that leads to the rest.
    leads: Vec<u8>,
    /// What each term costs at the least in each reading, in the form that costs least.
    least: Vec<[i16; ABREAST]>,
    /// How each term fits into each reading, by the form that fits best; 0 where nobody asked yet.
    fits: Vec<[AtomicU32; ABREAST]>,
}

/// What is known of one reading.
struct Bound {
    length: usize,
    /// What missing the phones before each costs.
    missed: Vec<i32>,
    /// The least that each phone costs, wherever in the reading it is heard.
    least: [u8; Phone::COUNT],
    /// What the whole may cost, in 64ths.
    most: i32,
}

impl<'a> Sieve<'a> {
    /// Looks through the vocabulary.
    pub(crate) fn new(sounds: &'a SoundIndex, abreast: &'a Abreast, readings: &[Reading], bar: f32) -> Self {
        let bounds = readings.iter().take(ABREAST).map(|reading| Bound::new(reading, bar)).collect();
        let terms = sounds.vocabulary.entries().len() as u32;
        let fits = (0..terms).map(|_| [const { AtomicU32::new(0) }; ABREAST]).collect();
        let mut sieve = Self { sounds, abreast, bounds, leads: Vec::new(), least: Vec::new(), fits };
        let pieces = sounds.spoken.least(abreast);
        let cuts = (0..terms).step_by(SHARE as usize);
        let shares: Vec<Range<u32>> = cuts.map(|from| from..(from + SHARE).min(terms)).collect();
        let look = |share: &Range<u32>| share.clone().map(|term| sieve.look(term, &pieces)).collect();
        let looked: Vec<Vec<(u8, [i16; ABREAST])>> = side_by_side(&shares, look);
        (sieve.leads, sieve.least) = looked.into_iter().flatten().unzip();
        sieve
    }

    /// The readings that a term may lead in, and what it costs at the least.
    fn look(&self, term: u32, pieces: &[Least]) -> (u8, [i16; ABREAST]) {
        let (mut leads, mut least) = (0, [i16::MAX; ABREAST]);
        let spoken = &self.sounds.spoken;
        for (form, phones) in spoken.of_term(term, pieces).zip(spoken.forms(term)) {
            least.iter_mut().zip(form.costs()).for_each(|(least, cost)| *least = cost.min(*least));
            let may_lead = form.may_be_anchor() & !leads;
            if may_lead != 0 {
                leads |= may_lead & self.leads(self.sounds.vocabulary.entry(term), phones);
            }
        }
        (leads, least)
    }

    /// The readings of which a term, in a form of these phones, may be the part that leads to the rest.
    fn leads(&self, entry: &Entry, phones: &[Phone]) -> u8 {
        let words = self.sounds.vocabulary.words();
        let is_frequent = entry.count > OFTEN && entry.count as f64 > FREQUENT * words as f64;
        let fits = self.abreast.fit(phones);
        let leads = |(bound, fit): (&Bound, Option<Fit>)| {
            let least: i32 = phones.iter().map(|phone| i32::from(bound.least[phone.index()])).sum();
            may_be_anchor(least, phones.len(), bound.length)
                && fit.is_some_and(|fit| {
                    let covers = usize::from(fit.to - fit.from);
                    is_anchor(fit, bound.length) && (!is_frequent || covers * 10 >= MOST * bound.length)
                })
        };
        let all = self.bounds.iter().zip(fits).map(leads).enumerate();
        all.fold(0, |all, (number, leads)| all | u8::from(leads) << number)
    }

    /// The parts of a passage that are worth comparing, each with the readings to compare it with.
    pub(crate) fn windows(&self, passage: Passage<'_>) -> Vec<(Range<usize>, u8)> {
        let mut windows: Vec<(Range<usize>, u8)> = Vec::new();
        for (at, term) in passage.terms().enumerate() {
            let leads = self.leads[term as usize];
            if leads == 0 {
                continue;
            }
            let may = |number: &usize| leads & (1 << number) != 0 && self.may_match(*number, passage, at);
            let readings = (0..self.bounds.len()).filter(may).fold(0, |all, number| all | 1 << number);
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

    /// How a term fits, by the form that fits best.
    fn fit(&self, term: u32, number: usize) -> Option<Fit> {
        let known = &self.fits[term as usize];
        if known[number].load(Ordering::Relaxed) == 0 {
            for (known, fit) in known.iter().zip(self.best_fits(term)) {
                let pack = |fit: Fit| u32::from(fit.from) << 24 | u32::from(fit.to) << 16 | u32::from(fit.cost);
                known.store(fit.map_or(NO_FIT, pack), Ordering::Relaxed);
            }
        }
        let packed = known[number].load(Ordering::Relaxed);
        let fit = Fit { from: (packed >> 24) as u8, to: (packed >> 16) as u8, cost: packed as u16 };
        (packed != NO_FIT).then_some(fit)
    }

    fn best_fits(&self, term: u32) -> [Option<Fit>; ABREAST] {
        let worth = |fit: &Fit| i32::from(fit.cost) - 32 * (i32::from(fit.to) - i32::from(fit.from));
        let mut best: [Option<Fit>; ABREAST] = [None; ABREAST];
        for phones in self.sounds.spoken.forms(term) {
            for (best, fit) in best.iter_mut().zip(self.abreast.fit(phones)) {
                if let Some(fit) = fit
                    && best.is_none_or(|best| worth(&fit) < worth(&best))
                {
                    *best = Some(fit);
                }
            }
        }
        best
    }

    /// Whether the terms around one that leads may make up for what it lacks of the name: the rest either is not
    /// much, or the neighbour fits there.
    fn may_match(&self, number: usize, passage: Passage<'_>, at: usize) -> bool {
        let Some(fit) = self.fit(passage.at(at), number) else { return false };
        let bound = &self.bounds[number];
        let room = bound.most - i32::from(fit.cost);
        let left = Rest::new(bound, 0..usize::from(fit.from), at.checked_sub(1).map(|before| passage.at(before)));
        let after = (at + 1 < passage.len()).then(|| passage.at(at + 1));
        let right = Rest::new(bound, usize::from(fit.to)..bound.length, after);
        // Most neighbours cost too much, wherever they fit.
        if self.at_least(number, &left, room) + self.at_least(number, &right, room) > room + SLACK {
            return false;
        }
        self.cost(number, &left, room) + self.cost(number, &right, room) <= room + SLACK
    }

    /// No more than what a rest costs.
    fn at_least(&self, number: usize, rest: &Rest, room: i32) -> i32 {
        match rest.neighbour {
            Some(term) if rest.missed > room / 2 => rest.missed.min(i32::from(self.least[term as usize][number])),
            _ => rest.missed,
        }
    }

    /// About what a rest costs.
    fn cost(&self, number: usize, rest: &Rest, room: i32) -> i32 {
        let missed = rest.missed;
        if self.at_least(number, rest, room) == missed {
            return missed;
        }
        let Some(fit) = rest.neighbour.and_then(|term| self.fit(term, number)) else { return missed };
        let (from, to) = (usize::from(fit.from).max(rest.part.start), usize::from(fit.to).min(rest.part.end));
        if from >= to {
            return missed;
        }
        let bound = &self.bounds[number];
        // Another word further on may be the rest of the rest.
        let uncovered = bound.missed(rest.part.start..from) + bound.missed(to..rest.part.end);
        missed.min(i32::from(fit.cost) + uncovered / 4)
    }
}

/// What a term leaves of the name on one side.
struct Rest {
    part: Range<usize>,
    /// What missing it costs.
    missed: i32,
    /// The term there.
    neighbour: Option<u32>,
}

impl Rest {
    fn new(bound: &Bound, part: Range<usize>, neighbour: Option<u32>) -> Self {
        Self { missed: bound.missed(part.clone()), part, neighbour }
    }
}

impl Bound {
    fn new(reading: &Reading, bar: f32) -> Self {
        let length = reading.len();
        Self {
            length,
            missed: (0..=length).map(|end| reading.missed(0..end)).collect(),
            least: Phone::ALL.map(|heard| reading.least_cost(heard)),
            most: (bar * 64.0 * length as f32) as i32,
        }
    }

    /// What missing this part of the name costs.
    fn missed(&self, part: Range<usize>) -> i32 {
        self.missed[part.end] - self.missed[part.start]
    }
}

#[cfg(test)]
mod tests;
