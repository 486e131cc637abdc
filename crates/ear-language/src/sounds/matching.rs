//! Where a name may have been said: the cheapest alignment of its phones with those of the words that were heard.
//!
//! Semi-global alignment (Sellers 1980, "The theory and computation of evolutionary distances: pattern recognition"):
//! the whole name against any part of the text. Parts that begin or end inside of a word pay for it, since a name
//! heard as other words is mostly heard as whole ones.

use super::{Phone, Pronunciation, deletion, insertion, substitution};
use std::ops::Range;

/// What it costs to begin or to end inside of a word, in 64ths.
pub(super) const EDGE: i32 = 40;
/// The longest reading that is compared; what is longer is cut.
pub const MAX_PHONES: usize = 48;
/// Costs are in 64ths of the dearest substitution.
const UNIT: f32 = 64.0;
/// What a reading costs for each unit that it is less likely than the likeliest.
const UNLIKELY: f32 = 0.25;
const FAR: i32 = i32::MAX / 4;

/// One way to say a name, with the cost of hearing any phone for each of its own.
#[derive(Clone, Debug)]
pub struct Reading {
    phones: Vec<Phone>,
    /// For each of its phones: what it costs to hear each phone instead.
    instead: Vec<[u8; Phone::COUNT]>,
    /// What it costs not to hear it.
    missed: Vec<u8>,
    /// Where each of its spoken words begins.
    starts: Vec<u8>,
    /// What the likelihood of this reading adds to each alignment, in 64ths.
    unlikely: i32,
}

impl Reading {
    /// A way to say a name. Its cost counts as much as phones missed.
    pub fn new(said: &Pronunciation) -> Self {
        let phones = said.phones[..said.phones.len().min(MAX_PHONES)].to_vec();
        let starts = said.starts.iter().copied().filter(|&start| usize::from(start) < phones.len()).collect();
        let cost = said.cost * UNLIKELY;
        let mut instead = vec![[0; Phone::COUNT]; phones.len()];
        for (row, &meant) in instead.iter_mut().zip(&phones) {
            for heard in Phone::ALL {
                row[heard.index()] = substitution(meant, heard);
            }
        }
        let missed = phones.iter().map(|&phone| deletion(phone)).collect();
        Self { phones, instead, missed, starts, unlikely: (cost * UNIT) as i32 }
    }

    /// Its phones.
    pub fn phones(&self) -> &[Phone] {
        &self.phones
    }

    /// How many phones it has.
    #[inline]
    pub fn len(&self) -> usize {
        self.phones.len()
    }

    /// The least that hearing this phone costs, in 64ths: instead of any of its phones, or beside them.
    pub fn least_cost(&self, heard: Phone) -> u8 {
        let instead = self.instead.iter().map(|row| row[heard.index()]).min().unwrap_or(u8::MAX);
        instead.min(insertion(heard))
    }

    /// What it costs to hear this phone instead of the one at `at`, in 64ths.
    pub(super) fn instead(&self, at: usize, heard: Phone) -> u8 {
        self.instead[at][heard.index()]
    }

    /// What an alignment may cost, in 64ths, where all of it may cost `bar` a phone.
    pub(super) fn most(&self, bar: f32) -> i32 {
        (bar * UNIT * self.len() as f32) as i32 - self.unlikely
    }

    /// What it costs not to hear these of its phones, in 64ths.
    pub fn missed(&self, phones: Range<usize>) -> i32 {
        self.missed[phones].iter().map(|&cost| i32::from(cost)).sum()
    }

    /// Whether it has none, as the reading of a name in a script that nobody here can pronounce.
    pub fn is_empty(&self) -> bool {
        self.phones.is_empty()
    }
}

/// The phones of words in a row.
#[derive(Clone, Debug)]
pub struct HeardPhones {
    phones: Vec<Phone>,
    /// Where each word begins, and at last where the last one ends.
    starts: Vec<u32>,
}

impl Default for HeardPhones {
    fn default() -> Self {
        Self::new()
    }
}

impl HeardPhones {
    /// No words yet.
    pub fn new() -> Self {
        Self { phones: Vec::new(), starts: vec![0] }
    }

    /// Forgets all words, and keeps the room.
    pub fn clear(&mut self) {
        self.phones.clear();
        self.starts.truncate(1);
    }

    /// Adds a word.
    pub fn push(&mut self, phones: &[Phone]) {
        self.phones.extend_from_slice(phones);
        self.starts.push(self.phones.len() as u32);
    }

    /// How many words there are.
    pub fn words(&self) -> usize {
        self.starts.len() - 1
    }

    /// The phones of these words.
    pub fn of(&self, words: Range<usize>) -> &[Phone] {
        &self.phones[self.starts[words.start] as usize..self.starts[words.end] as usize]
    }

    fn begin(&self, word: usize) -> usize {
        self.starts[word] as usize
    }
}

/// Words that sound like a reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The words, as indices into the text.
    pub words: Range<usize>,
    /// The cost of the alignment for each phone of the reading: 0 is the same sound; from about .25 on anything
    /// sounds so.
    pub cost: f32,
    /// The part of these words' phones that was aligned with the name.
    pub phones: Range<usize>,
}

/// The words among `within` that sound like the reading at a cost of at most `bar` a phone; none of them overlap.
pub fn places(reading: &Reading, heard: &HeardPhones, within: Range<usize>, bar: f32) -> Vec<Place> {
    let length = reading.len();
    if length == 0 || within.is_empty() {
        return Vec::new();
    }
    let most = reading.most(bar);
    let (first, last) = (heard.begin(within.start), heard.begin(within.end));
    let mut word = within.start;
    let mut cost = [FAR; MAX_PHONES + 1];
    let mut start = [0_u32; MAX_PHONES + 1];
    let mut ends: Vec<(i32, u32, u32)> = Vec::new();
    // Column `first`: nothing heard yet.
    cost[0] = 0;
    start[0] = first as u32;
    for at in 0..length {
        cost[at + 1] = cost[at] + i32::from(reading.missed[at]);
        start[at + 1] = first as u32;
    }
    for place in first..last {
        let phone = heard.phones[place];
        let inserted = i32::from(insertion(phone));
        let next = place + 1;
        while heard.begin(word) < next {
            word += 1;
        }
        let border = heard.begin(word) == next;
        let (mut diagonal, mut diagonal_start) = (cost[0], start[0]);
        cost[0] = if border { 0 } else { EDGE };
        start[0] = next as u32;
        let mut least = FAR;
        for at in 0..length {
            let (above, above_start) = (cost[at + 1], start[at + 1]);
            let mut best = diagonal + i32::from(reading.instead[at][phone.index()]);
            let mut from = diagonal_start;
            if above + inserted < best {
                (best, from) = (above + inserted, above_start);
            }
            let missed = cost[at] + i32::from(reading.missed[at]);
            if missed < best {
                (best, from) = (missed, start[at]);
            }
            (diagonal, diagonal_start) = (above, above_start);
            cost[at + 1] = best;
            start[at + 1] = from;
            least = best;
        }
        let total = least + if border { 0 } else { EDGE };
        if total <= most && (start[length] as usize) < next {
            ends.push((total, start[length], next as u32));
        }
    }
    choose(ends, heard, length, reading.unlikely)
}

/// The cheapest first, and of equals the shorter; what overlaps a better one goes.
fn choose(mut ends: Vec<(i32, u32, u32)>, heard: &HeardPhones, length: usize, unlikely: i32) -> Vec<Place> {
    ends.sort_unstable_by_key(|&(cost, start, end)| (cost, end - start, start));
    let mut chosen: Vec<Place> = Vec::new();
    for (cost, start, end) in ends {
        let first = heard.starts.partition_point(|&begin| begin <= start) - 1;
        let last = heard.starts.partition_point(|&begin| begin < end);
        if chosen.iter().any(|place| first < place.words.end && place.words.start < last) {
            continue;
        }
        let begin = heard.begin(first);
        let phones = start as usize - begin..end as usize - begin;
        chosen.push(Place { words: first..last, cost: (cost + unlikely) as f32 / (UNIT * length as f32), phones });
    }
    chosen
}

/// How one word fits into a reading: the part of the reading that it sounds like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The first phone of that part.
    pub from: u8,
    /// The phone after its last.
    pub to: u8,
    /// The cost in 64ths, over all phones of the word.
    pub cost: u16,
}

/// Where a whole word fits best into a reading: the part that costs least for what it covers.
pub fn fit(reading: &Reading, word: &[Phone]) -> Option<Fit> {
    let length = reading.len();
    let mut cost = [0_i32; MAX_PHONES + 1];
    let mut start = [0_u8; MAX_PHONES + 1];
    for (at, start) in start.iter_mut().enumerate().take(length + 1) {
        *start = at as u8;
    }
    for &phone in word {
        let inserted = i32::from(insertion(phone));
        let (mut diagonal, mut diagonal_start) = (cost[0], start[0]);
        cost[0] += inserted;
        for at in 0..length {
            let (above, above_start) = (cost[at + 1], start[at + 1]);
            let mut best = diagonal + i32::from(reading.instead[at][phone.index()]);
            let mut from = diagonal_start;
            if above + inserted < best {
                (best, from) = (above + inserted, above_start);
            }
            let missed = cost[at] + i32::from(reading.missed[at]);
            if missed < best {
                (best, from) = (missed, start[at]);
            }
            (diagonal, diagonal_start) = (above, above_start);
            cost[at + 1] = best;
            start[at + 1] = from;
        }
    }
    // What a phone covered is worth: at half of it, covering more at the same rate is no gain and no loss.
    let worth = |end: usize| cost[end] - 32 * (end as i32 - i32::from(start[end]));
    let end = (1..=length).filter(|&end| usize::from(start[end]) < end).min_by_key(|&end| worth(end))?;
    let cost = u16::try_from(cost[end]).unwrap_or(u16::MAX);
    Some(Fit { from: start[end], to: end as u8, cost })
}

/// What an alignment is made of, each in phones of the dearest kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Makeup {
    /// The costs of the name's consonants.
    pub consonants: f32,
    /// The costs of its vowels.
    pub vowels: f32,
    /// Of phones that were heard and are not in the name.
    pub inserted: f32,
    /// Of the name's phones that were not heard.
    pub missed: f32,
    /// The cost of the name's first phone, and of its last.
    pub first: f32,
    /// The cost of its last phone.
    pub last: f32,
    /// How many of its phones were heard as they are.
    pub same: usize,
    /// How many vowels it has.
    pub vowel_count: usize,
    /// The cost for each phone of the name's word that fits worst.
    pub worst: f32,
}

/// The cheapest alignment of all of a reading with all of these phones, taken apart (Wagner and Fischer 1974).
pub fn makeup(reading: &Reading, heard: &[Phone]) -> Makeup {
    let (rows, columns) = (reading.len() + 1, heard.len() + 1);
    let mut cost = vec![0_i32; rows * columns];
    for at in 1..rows {
        cost[at * columns] = cost[(at - 1) * columns] + i32::from(reading.missed[at - 1]);
    }
    for place in 1..columns {
        cost[place] = cost[place - 1] + i32::from(insertion(heard[place - 1]));
        for at in 1..rows {
            let instead =
                cost[(at - 1) * columns + place - 1] + i32::from(reading.instead[at - 1][heard[place - 1].index()]);
            let missed = cost[(at - 1) * columns + place] + i32::from(reading.missed[at - 1]);
            let inserted = cost[at * columns + place - 1] + i32::from(insertion(heard[place - 1]));
            cost[at * columns + place] = instead.min(missed).min(inserted);
        }
    }
    let mut made =
        Makeup { vowel_count: reading.phones.iter().filter(|phone| phone.is_vowel()).count(), ..Makeup::default() };
    let mut words = vec![0.0_f32; reading.starts.len().max(1)];
    let word_of = |at: usize| reading.starts.partition_point(|&start| usize::from(start) <= at).max(1) - 1;
    let (mut at, mut place) = (rows - 1, columns - 1);
    while at > 0 || place > 0 {
        let here = cost[at * columns + place];
        if at > 0 && place > 0 {
            let instead = i32::from(reading.instead[at - 1][heard[place - 1].index()]);
            if cost[(at - 1) * columns + place - 1] + instead == here {
                made.count(reading, at - 1, instead as f32 / UNIT);
                words[word_of(at - 1)] += instead as f32 / UNIT;
                (at, place) = (at - 1, place - 1);
                continue;
            }
        }
        if at > 0 && cost[(at - 1) * columns + place] + i32::from(reading.missed[at - 1]) == here {
            let missed = f32::from(reading.missed[at - 1]) / UNIT;
            made.missed += missed;
            made.count(reading, at - 1, missed);
            words[word_of(at - 1)] += missed;
            at -= 1;
            continue;
        }
        made.inserted += f32::from(insertion(heard[place - 1])) / UNIT;
        place -= 1;
    }
    let ends = reading.starts.iter().skip(1).map(|&start| usize::from(start)).chain([reading.len()]);
    let lengths = reading.starts.iter().zip(ends).map(|(&start, end)| end - usize::from(start));
    made.worst = words.iter().zip(lengths).map(|(cost, length)| cost / length.max(1) as f32).fold(0.0, f32::max);
    made
}

impl Makeup {
    fn count(&mut self, reading: &Reading, at: usize, cost: f32) {
        if reading.phones[at].is_vowel() {
            self.vowels += cost;
        } else {
            self.consonants += cost;
        }
        self.same += usize::from(cost == 0.0);
        if at == 0 {
            self.first = cost;
        }
        if at + 1 == reading.len() {
            self.last = cost;
        }
    }
}
