//! What can be told of a place from how its words fit one by one, before they are compared as a whole.
//!
//! Every word of the vocabulary passes here for every name. What its pieces cost at the least ([`Spoken`]) tells most
//! apart from the name; only the others are fitted into it. Where those stand that lead to the rest of a name, the words
//! beside them tell whether it is worth to compare the whole.
//!
//! [`Spoken`]: super::spoken::Spoken

use super::SoundIndex;
use super::cores::side_by_side;
use super::forward::Forward;
use ear_language::sounds::{
    ABREAST, Abreast, Around, Fit, Laid, Least, Phone, Reading, Trail, is_anchor, may_be_anchor,
};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use tantivy::DocId;

/// Forms that one core looks through at a time.
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
const SLACK: i16 = 24;
/// Into so many regions a segment is cut, to be marked side by side.
const REGIONS: usize = 4;
/// Marks the cost of a term of which only the best is known.
const AT_BEST: u64 = 1 << 63;

/// A part of a passage that is worth comparing.
pub(crate) struct Window {
    pub doc: DocId,
    pub terms: Range<usize>,
    /// The readings to compare it with, as bits.
    pub readings: u8,
}

/// A place where a term stands that leads.
struct Lead {
    doc: DocId,
    /// Its place in the passage, and how many terms this has.
    at: u32,
    passage: u32,
    /// The term before, the term itself, and the one after.
    terms: [u32; 3],
}

/// The terms, as they fit into the readings of a name.
pub(crate) struct Sieve<'a> {
    sounds: &'a SoundIndex,
    abreast: &'a Abreast,
    bounds: Vec<Bound>,
    /// What each piece of a word costs at the least.
    pieces: Vec<Least>,
    /// For each term the readings, as bits, of which it may be the part that leads to the rest.
    leads: Vec<u8>,
    /// For each segment a bit for each of its terms, whether it leads.
    marks: Vec<Vec<u64>>,
    around: Around,
    /// How each term lies in each reading, by the form that fits best, as [`Laid`] has it, or how it may at best; at last
    /// that of no term.
    laid: Vec<[AtomicU64; 3]>,
}

/// What is known of one reading.
struct Bound {
    length: usize,
    /// The least that each phone costs, wherever in the reading it is heard.
    least: [u8; Phone::COUNT],
}

impl<'a> Sieve<'a> {
    /// Looks through the vocabulary.
    pub(crate) fn new(sounds: &'a SoundIndex, abreast: &'a Abreast, readings: &[Reading], bar: f32) -> Self {
        let bounds = readings.iter().take(ABREAST).map(Bound::new).collect();
        let around = Around::new(readings, bar, SLACK);
        let terms = sounds.vocabulary.entries().len();
        let anywhere = around.anywhere(Laid::DEAR | AT_BEST);
        let mut laid: Vec<[AtomicU64; 3]> = Vec::with_capacity(terms + 1);
        laid.resize_with(terms, || [anywhere.from, anywhere.to, anywhere.cost].map(AtomicU64::new));
        laid.push([Laid::NOWHERE.from, Laid::NOWHERE.to, Laid::NOWHERE.cost].map(AtomicU64::new));
        let pieces = sounds.spoken.pieces(abreast);
        let mut sieve =
            Self { sounds, abreast, bounds, pieces, leads: vec![0; terms], marks: Vec::new(), around, laid };
        for found in side_by_side(&sounds.spoken.shares(SHARE), |share| sieve.look_through(share.clone())) {
            found.into_iter().for_each(|(term, leads)| sieve.leads[term as usize] |= leads);
        }
        let leading: Vec<u32> =
            (0..).zip(&sieve.leads).filter(|(_, leads)| **leads != 0).map(|(term, _)| term).collect();
        sieve.marks = sounds.segments.iter().map(|forward| bits(forward, &leading)).collect();
        sieve
    }

    /// The terms that may lead, with the readings they may lead in, by forms of these numbers.
    fn look_through(&self, forms: Range<u32>) -> Vec<(u32, u8)> {
        let spoken = &self.sounds.spoken;
        let mut trail = Trail::new(self.abreast);
        let mut found = Vec::new();
        for form in forms {
            let least = spoken.least(form, &self.pieces);
            self.remember_least(spoken.term(form), least);
            let mut may_lead = least.may_be_anchor();
            if may_lead != 0 {
                let phones = spoken.phones(form);
                may_lead &= self.may_be_anchor(phones);
                if may_lead != 0 && may_lead & trail.least(phones).may_be_anchor() != 0 {
                    let leads = may_lead & self.leads(form);
                    found.extend((leads != 0).then(|| (spoken.term(form), leads)));
                }
            }
        }
        found
    }

    /// The readings in which a word of these phones may be worth looking around.
    fn may_be_anchor(&self, phones: &[Phone]) -> u8 {
        let may = |bound: &Bound| {
            let least = phones.iter().map(|phone| i32::from(bound.least[phone.index()])).sum();
            may_be_anchor(least, phones.len(), bound.length)
        };
        self.bounds.iter().enumerate().fold(0, |all, (number, bound)| all | u8::from(may(bound)) << number)
    }

    /// The readings of which a form may be the part that leads to the rest.
    fn leads(&self, form: u32) -> u8 {
        let term = self.sounds.spoken.term(form);
        let fits = self.abreast.fit(self.sounds.spoken.phones(form));
        if let [_] = self.sounds.spoken.forms_of(term) {
            self.remember(term, self.around.laid(fits));
        }
        let is_frequent = || {
            let (words, count) = (self.sounds.vocabulary.words(), self.sounds.vocabulary.entry(term).count);
            count > OFTEN && count as f64 > FREQUENT * words as f64
        };
        let leads = |(bound, fit): (&Bound, Option<Fit>)| {
            fit.is_some_and(|fit| {
                let covers = usize::from(fit.to - fit.from);
                is_anchor(fit, bound.length) && (covers * 10 >= MOST * bound.length || !is_frequent())
            })
        };
        let all = self.bounds.iter().zip(fits).map(leads).enumerate();
        all.fold(0, |all, (number, leads)| all | u8::from(leads) << number)
    }

    /// The parts of these passages that are worth comparing, in order.
    ///
    /// What has to be fetched from memory is fetched for all before it is looked at: no step then waits for another.
    pub(crate) fn windows(&self, segment: usize, docs: Range<DocId>) -> Vec<Window> {
        let forward = &self.sounds.segments[segment];
        let leading = self.leading(forward, segment, docs);
        let may_match: Vec<bool> = leading.iter().map(|lead| self.may_match(lead)).collect();
        let mut windows: Vec<Window> = Vec::new();
        for (lead, _) in leading.iter().zip(may_match).filter(|(_, may_match)| *may_match) {
            let readings = self.does_match(lead);
            if readings == 0 {
                continue;
            }
            let place = lead.at as usize;
            let terms = place.saturating_sub(AROUND)..(place + AROUND + 1).min(lead.passage as usize);
            match windows.last_mut() {
                Some(last) if last.doc == lead.doc && terms.start <= last.terms.end => {
                    last.terms.end = terms.end;
                    last.readings |= readings;
                }
                _ => windows.push(Window { doc: lead.doc, terms, readings }),
            }
        }
        windows
    }

    /// The terms of these passages that lead, in order.
    fn leading(&self, forward: &Forward, segment: usize, docs: Range<DocId>) -> Vec<Lead> {
        let silent = self.leads.len() as u32;
        let (mut doc, mut here) = (docs.start, forward.range(docs.start));
        let all = self.marked(segment, here.start..forward.range(docs.end - 1).end);
        let place = |at: usize| {
            while here.end <= at {
                doc += 1;
                here = forward.range(doc);
            }
            (doc, here.clone(), at)
        };
        let places: Vec<(DocId, Range<usize>, usize)> = all.map(place).collect();
        let lead = |(doc, here, at): (DocId, Range<usize>, usize)| Lead {
            doc,
            at: (at - here.start) as u32,
            passage: here.len() as u32,
            terms: [
                if at > here.start { forward.term(at - 1) } else { silent },
                forward.term(at),
                if at + 1 < here.end { forward.term(at + 1) } else { silent },
            ],
        };
        places.into_iter().map(lead).collect()
    }

    /// Where among all terms of a segment those stand that lead, in order.
    fn marked(&self, segment: usize, range: Range<usize>) -> impl Iterator<Item = usize> {
        let bits = &self.marks[segment];
        let words = range.start / 64..range.end.div_ceil(64);
        let set = words.flat_map(|word| {
            let mut left = bits[word];
            std::iter::from_fn(move || {
                let at = (left != 0).then(|| word * 64 + left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(at)
            })
        });
        set.skip_while(move |&at| at < range.start).take_while(move |&at| at < range.end)
    }

    /// How a term lies in each reading, or may lie at best; and whether it is known to lie so.
    #[inline]
    fn laid(&self, term: u32) -> (Laid, bool) {
        let [from, to, cost] = &self.laid[term as usize];
        let cost = cost.load(Ordering::Acquire);
        let laid = Laid { from: from.load(Ordering::Relaxed), to: to.load(Ordering::Relaxed), cost: cost & !AT_BEST };
        (laid, cost & AT_BEST == 0)
    }

    /// How a term lies in each reading, by the form that fits best.
    #[cold]
    fn find_out(&self, term: u32) -> Laid {
        let worth = |fit: &Fit| i32::from(fit.cost) - 32 * (i32::from(fit.to) - i32::from(fit.from));
        let mut best: [Option<Fit>; ABREAST] = [None; ABREAST];
        for &form in self.sounds.spoken.forms_of(term) {
            for (best, fit) in best.iter_mut().zip(self.abreast.fit(self.sounds.spoken.phones(form))) {
                if let Some(fit) = fit
                    && best.is_none_or(|best| worth(&fit) < worth(&best))
                {
                    *best = Some(fit);
                }
            }
        }
        self.remember(term, self.around.laid(best))
    }

    /// Remembers what a form costs at the least, of all forms of its term that which costs least. Most rare words cost
    /// too much, wherever they fit.
    fn remember_least(&self, term: u32, least: Least) {
        let [_, _, known] = &self.laid[term as usize];
        if let [_] = self.sounds.spoken.forms_of(term) {
            return known.store(Around::cost(least) | AT_BEST, Ordering::Relaxed);
        }
        // Its forms are not all looked through by the same core.
        let lower = |known| Some(Around::cost(least.min(Around::least(known & !AT_BEST))) | AT_BEST);
        let _before = known.fetch_update(Ordering::Relaxed, Ordering::Relaxed, lower);
    }

    fn remember(&self, term: u32, laid: Laid) -> Laid {
        let [from, to, cost] = &self.laid[term as usize];
        from.store(laid.from, Ordering::Relaxed);
        to.store(laid.to, Ordering::Relaxed);
        // This tells that the others are there.
        cost.store(laid.cost, Ordering::Release);
        laid
    }

    /// Whether the terms beside one that leads may make up for what it lacks in any reading, as far as is known of them.
    #[inline]
    fn may_match(&self, lead: &Lead) -> bool {
        let [before, term, after] = lead.terms.map(|term| self.laid(term).0);
        self.leads[lead.terms[1] as usize] & self.around.may_make_up(term, before, after) != 0
    }

    /// The readings in which they do.
    fn does_match(&self, lead: &Lead) -> u8 {
        let [before, term, after] = lead.terms.map(|term| match self.laid(term) {
            (laid, true) => laid,
            (_, false) => self.find_out(term),
        });
        self.leads[lead.terms[1] as usize] & self.around.may_make_up(term, before, after)
    }
}

impl Bound {
    fn new(reading: &Reading) -> Self {
        Self { length: reading.len(), least: Phone::ALL.map(|heard| reading.least_cost(heard)) }
    }
}

/// Marks where these terms stand in a segment.
fn bits(forward: &Forward, terms: &[u32]) -> Vec<u64> {
    let all = forward.len();
    let share = all.div_ceil(64 * REGIONS).max(1) * 64;
    let regions: Vec<Range<usize>> = (0..all).step_by(share).map(|from| from..(from + share).min(all)).collect();
    let mark = |region: &Range<usize>| {
        let mut bits = vec![0_u64; region.len().div_ceil(64)];
        for &term in terms {
            let places = forward.places(term);
            let first = places.partition_point(|&place| (place as usize) < region.start);
            for place in places[first..].iter().map(|&place| place as usize).take_while(|&place| place < region.end) {
                bits[(place - region.start) / 64] |= 1 << (place % 64);
            }
        }
        bits
    };
    side_by_side(&regions, mark).concat()
}

#[cfg(test)]
mod tests;
