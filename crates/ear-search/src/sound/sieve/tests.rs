//! The quick way finds what the plain one finds.

use super::super::candidates::{Group, Stand, candidates};
use super::super::forward::Passage;
use super::super::vocabulary::Entry;
use super::*;
use crate::{EpisodeDoc, PassageDoc, WordIndex};
use ear_core::{EpisodeId, ShowId, TranscriptId};
use ear_language::sounds::{BAR, HeardPhones, SoughtName, fit, places};
use std::collections::HashMap;

/// Every reading with every word, one at a time.
struct Plain<'a> {
    sounds: &'a SoundIndex,
    readings: &'a [Reading],
}

impl Plain<'_> {
    fn leads(&self, reading: &Reading, entry: &Entry) -> bool {
        let length = reading.len();
        let words = self.sounds.vocabulary.words();
        let is_frequent = entry.count > OFTEN && entry.count as f64 > FREQUENT * words as f64;
        entry.forms.iter().any(|form| {
            let least = form.phones.iter().map(|&phone| i32::from(reading.least_cost(phone))).sum();
            may_be_anchor(least, form.phones.len(), length)
                && fit(reading, &form.phones).is_some_and(|fit| {
                    let covers = usize::from(fit.to - fit.from);
                    is_anchor(fit, length) && (!is_frequent || covers * 10 >= MOST * length)
                })
        })
    }

    fn fit(&self, reading: &Reading, term: u32) -> Option<Fit> {
        let forms = &self.sounds.vocabulary.entry(term).forms;
        let fits = forms.iter().filter_map(|form| fit(reading, &form.phones));
        fits.min_by_key(|fit| i32::from(fit.cost) - 32 * (i32::from(fit.to) - i32::from(fit.from)))
    }

    fn may_match(&self, reading: &Reading, passage: Passage<'_>, at: usize) -> bool {
        let Some(fit) = self.fit(reading, passage.at(at)) else { return false };
        let room = (BAR * 64.0 * reading.len() as f32) as i32 - i32::from(fit.cost);
        let (left, right) = (0..usize::from(fit.from), usize::from(fit.to)..reading.len());
        let left = self.rest(reading, left, at.checked_sub(1).map(|before| passage.at(before)), room);
        let right = self.rest(reading, right, (at + 1 < passage.len()).then(|| passage.at(at + 1)), room);
        left + right <= room + i32::from(SLACK)
    }

    fn rest(&self, reading: &Reading, rest: Range<usize>, neighbour: Option<u32>, room: i32) -> i32 {
        let missed = reading.missed(rest.clone());
        if missed <= room / 2 {
            return missed;
        }
        let Some(fit) = neighbour.and_then(|term| self.fit(reading, term)) else { return missed };
        let (from, to) = (usize::from(fit.from).max(rest.start), usize::from(fit.to).min(rest.end));
        if from >= to {
            return missed;
        }
        let uncovered = reading.missed(rest.start..from) + reading.missed(to..rest.end);
        missed.min(i32::from(fit.cost) + uncovered / 4)
    }

    fn candidates(&self) -> Vec<String> {
        let entries = self.sounds.vocabulary.entries();
        let leads: Vec<Vec<bool>> = self
            .readings
            .iter()
            .map(|reading| entries.iter().map(|entry| self.leads(reading, entry)).collect())
            .collect();
        let mut groups: HashMap<Vec<u32>, Group> = HashMap::new();
        for (segment, forward) in self.sounds.segments.iter().enumerate() {
            for doc in 0..forward.passages() {
                let passage = forward.passage(doc);
                for (window, readings) in self.windows(passage, &leads) {
                    let mut heard = HeardPhones::new();
                    window.clone().for_each(|at| heard.push(self.sounds.vocabulary.entry(passage.at(at)).phones()));
                    for number in readings {
                        for place in places(&self.readings[number], &heard, 0..window.len(), BAR) {
                            let first = window.start + place.words.start;
                            if passage.is_tail(first) {
                                continue;
                            }
                            let terms = (first..window.start + place.words.end).map(|at| passage.at(at)).collect();
                            let stand = Stand { segment: segment as u32, doc, position: first as u32 };
                            let new = Group { reading: number, place: place.clone(), stands: Vec::new() };
                            let group = groups.entry(terms).or_insert(new);
                            if place.cost < group.place.cost {
                                (group.reading, group.place) = (number, place);
                            }
                            group.stands.push(stand);
                        }
                    }
                }
            }
        }
        shown(self.sounds, groups)
    }

    fn windows(&self, passage: Passage<'_>, leads: &[Vec<bool>]) -> Vec<(Range<usize>, Vec<usize>)> {
        let mut windows: Vec<(Range<usize>, Vec<usize>)> = Vec::new();
        for at in 0..passage.len() {
            let may = |&number: &usize| {
                leads[number][passage.at(at) as usize] && self.may_match(&self.readings[number], passage, at)
            };
            let readings: Vec<usize> = (0..self.readings.len()).filter(may).collect();
            if readings.is_empty() {
                continue;
            }
            let window = at.saturating_sub(AROUND)..(at + AROUND + 1).min(passage.len());
            match windows.last_mut() {
                Some((last, all)) if window.start <= last.end => {
                    last.end = window.end;
                    all.extend(readings);
                    all.sort_unstable();
                    all.dedup();
                }
                _ => windows.push((window, readings)),
            }
        }
        windows
    }
}

fn shown(sounds: &SoundIndex, groups: HashMap<Vec<u32>, Group>) -> Vec<String> {
    let mut all: Vec<String> = groups
        .into_iter()
        .map(|(terms, Group { reading, place, mut stands })| {
            stands.sort_unstable();
            stands.dedup();
            format!("{:?} {reading} {place:?} {stands:?}", sounds.text(&terms))
        })
        .collect();
    all.sort_unstable();
    all
}

/// A row of numbers below `below`, the same in every run (Knuth's MMIX generator).
fn numbers(below: usize) -> impl FnMut() -> usize {
    let mut state = 1_u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    }
}

fn talk(name_parts: &[&str]) -> (tempfile::TempDir, WordIndex) {
    const SMALL: [&str; 12] = ["the", "of", "a", "money", "many", "so", "ski", "ban", "he", "said", "on", "lee"];
    const PARTS: [&str; 14] =
        ["so", "la", "ma", "ni", "che", "ban", "ski", "tad", "ush", "qua", "re", "lo", "vo", "gen"];
    let mut number = numbers(9_973);
    let mut word = || match number() % 10 {
        0..4 => SMALL[number() % SMALL.len()].to_owned(),
        4..6 => name_parts[number() % name_parts.len()].to_owned(),
        _ => (0..1 + number() % 3).map(|_| PARTS[number() % PARTS.len()]).collect(),
    };
    let episode = |id: i64| {
        let texts = |_| (0..40).map(|_| word()).collect::<Vec<String>>();
        let passages: Vec<Vec<String>> = (0..8).map(texts).collect();
        let passages = passages.into_iter().enumerate().map(|(at, texts)| PassageDoc {
            words: at * 40..at * 40 + 40,
            texts,
            continues: at % 2 == 0,
            ..PassageDoc::default()
        });
        EpisodeDoc {
            episode: EpisodeId(id),
            show: ShowId(1),
            show_name: String::new(),
            title: String::new(),
            date: None,
            language: Some("en".into()),
            transcript: TranscriptId(id),
            passages: passages.collect(),
        }
    };
    let docs: Vec<EpisodeDoc> = (1..=30).map(episode).collect();
    let dir = tempfile::tempdir().unwrap();
    let index = WordIndex::open(dir.path()).unwrap();
    // Two commits, so that there is more than one segment.
    index.put(&docs[..10]).unwrap();
    index.put(&docs[10..]).unwrap();
    (dir, index)
}

#[test]
fn the_quick_way_finds_what_the_plain_one_finds() {
    let names = [
        "Soleimani",
        "Tadeusz Banski",
        "Qasem Soleimani",
        "Xi",
        "Lo",
        "Chebanski",
        "Wojciechowski",
        "Nguyen",
        "Mani Vogel",
        "Reverend Genlova of Tadban",
        "A. B. Lee",
        "International Bansky",
        "Anjolaoluwa Tadeusz Banski of Genlova and Solamani",
    ];
    // One that is longer than most words are kept as.
    let parts = [
        "internationalization's",
        "sola",
        "money's",
        "sula",
        "taddy",
        "usher",
        "bansky",
        "kasem",
        "suleiman",
        "win",
        "vogel",
    ];
    let (_dir, index) = talk(&parts);
    let (view, sounds) = index.sounding_view().unwrap();
    let mut found = 0;
    for name in names {
        let readings = SoughtName::new(name, ABREAST).readings;
        let quick = shown(&sounds, candidates(&view.searcher, &sounds, &readings, BAR));
        assert_eq!(quick, Plain { sounds: &sounds, readings: &readings }.candidates(), "{name}");
        found += quick.len();
    }
    assert!(found > 200, "{found}");
}
