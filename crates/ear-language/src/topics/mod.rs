//! Where talk turns to something else: cuts a transcript into clips.
//!
//! The clips of an episode are those with the least sum of costs, found exactly by dynamic programming: what each costs
//! by its words ([`lexical`]), by who speaks ([`speakers`]) and by what its sentences mean ([`kernel`]), and a cost of
//! each cut, less what speaks for it ([`signs`]).

mod kernel;
mod lexical;
mod segment;
mod signs;
mod speakers;
mod terms;

use crate::vectors::Vector;
use ear_core::{Transcript, WordRange};
use kernel::{Directions, Kernel};
use lexical::Lexical;
use segment::{Growing, Lengths, segment};
use std::ops::Range;

pub use terms::Terms;

/// People say 150 words a minute: what a word without a time lasts, in milliseconds.
const WORD: u64 = 400;

/// A document counts as having at least and at most so many words: what is cut from a day of talk is cut as from an hour.
const COUNTED: (usize, usize) = (500, 12_000);

/// What is cut.
#[derive(Clone, Debug)]
pub struct Material<'a> {
    /// Words, times, turns, stretches.
    pub transcript: &'a Transcript,
    /// Its sentences: ascending, every word once.
    pub sentences: &'a [WordRange],
    /// What each sentence means, where a model is there that can tell.
    pub vectors: Option<&'a [Vector]>,
    /// Sentences that a clip must begin with: chapters of the publisher, edges of advertisements, cuts by hand.
    pub begins: &'a [usize],
    /// Stretches of sentences that are one clip as they are: made by hand, advertisements.
    pub whole: &'a [Range<usize>],
}

/// How long clips are and what speaks for a cut. The defaults were fitted to several kinds of talk at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// No clip is shorter, in milliseconds, but between cuts that were asked for.
    pub shortest: u64,
    /// The same where there are no times, in words.
    pub fewest_words: usize,
    /// Clips of this length, in milliseconds, cost nothing for it.
    pub typical: Range<u64>,
    /// No clip is longer, in milliseconds.
    pub longest: u64,
    /// What e times shorter or longer than typical costs.
    pub untypical: (f64, f64),
    /// What a cut costs by the words: so many times the logarithm of how many words the document has, so that more
    /// material asks for more evidence.
    pub cut: f64,
    /// The same by the meaning, on top, where there are vectors.
    pub cut_by_meaning: f64,
    /// Weight of the meaning against the words, whose cost is in nats.
    pub meaning: f64,
    /// Weight of who speaks.
    pub speakers: f64,
    /// Weight of pauses, music and signposts.
    pub signs: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            shortest: 20_000,
            fewest_words: 40,
            typical: 60_000..720_000,
            longest: 3_600_000,
            untypical: (30.0, 10.0),
            cut: 4.0,
            cut_by_meaning: 8.0,
            meaning: 36.0,
            speakers: 1.0,
            signs: 3.0,
        }
    }
}

/// The clips as ranges of sentences: ascending, every sentence once. Each is at least [`Settings::shortest`] long, but
/// stretches that are whole and what is left between cuts that were asked for. Takes time in proportion to the sentences
/// times those of the longest clip.
pub fn cut(material: &Material<'_>, settings: &Settings) -> Vec<Range<usize>> {
    let sentences = material.sentences;
    let words = |index: usize| material.transcript.words.get(sentences[index].clone()).unwrap_or_default();
    let terms = Terms::new((0..sentences.len()).map(|index| words(index).iter().map(|word| word.text.as_str())));
    let speakers = speakers::speakers(material.transcript, sentences);
    let lengths: Vec<usize> = sentences.iter().map(ExactSizeIterator::len).collect();
    let vectors = material.vectors.filter(|vectors| vectors.len() == sentences.len());
    let directions = vectors.map(|vectors| Directions::new(vectors, &lengths));
    let signs = signs::signs(material.transcript, sentences);
    let (times, shortest) = times(material, settings);
    let mut cost = Sum {
        lexical: Lexical::new(&terms),
        speakers: Lexical::new(&speakers),
        kernel: directions.as_ref().map(Kernel::new),
        settings,
    };
    let of_cut = settings.cut + if directions.is_some() { settings.cut_by_meaning } else { 0.0 };
    let of_cut = of_cut * (lengths.iter().sum::<usize>().clamp(COUNTED.0, COUNTED.1) as f64).ln();
    let of_cut = |unit: usize| of_cut - settings.signs * signs[unit];
    let lengths = Lengths { times: &times, shortest, longest: settings.longest };
    let mut clips = Vec::new();
    for part in parts(sentences.len(), material) {
        if material.whole.contains(&part) {
            clips.push(part);
            continue;
        }
        let begins = segment(part.clone(), &lengths, &mut cost, |length| of_length(length, settings), of_cut);
        let mut start = part.start;
        for end in begins.into_iter().chain([part.end]) {
            clips.push(start..end);
            start = end;
        }
    }
    clips
}

/// What is cut on its own: the stretches between the sentences that something must begin with.
fn parts(count: usize, material: &Material<'_>) -> Vec<Range<usize>> {
    let edges = material.whole.iter().flat_map(|range| [range.start, range.end]);
    let mut edges: Vec<usize> = edges.chain(material.begins.iter().copied()).filter(|edge| *edge < count).collect();
    // A cut inside a stretch that is whole does not count.
    edges.retain(|edge| !material.whole.iter().any(|range| range.start < *edge && *edge < range.end));
    edges.extend([0, count]);
    edges.sort_unstable();
    edges.dedup();
    edges.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// When each sentence begins and ends, and how short a clip may be: in milliseconds, also where there are no times.
fn times(material: &Material<'_>, settings: &Settings) -> (Vec<(u64, u64)>, u64) {
    let spans: Option<Vec<(u64, u64)>> = material
        .sentences
        .iter()
        .map(|sentence| material.transcript.span_of(sentence.clone()).map(|span| (span.start(), span.end())))
        .collect();
    if let Some(spans) = spans {
        return (spans, settings.shortest);
    }
    let mut now = 0;
    let by_words = material.sentences.iter().map(|sentence| {
        let begin = now;
        now += sentence.len() as u64 * WORD;
        (begin, now)
    });
    (by_words.collect(), settings.fewest_words as u64 * WORD)
}

/// What a length costs: nothing where it is typical.
fn of_length(length: u64, settings: &Settings) -> f64 {
    let (low, high) = (settings.typical.start.max(1) as f64, settings.typical.end.max(1) as f64);
    let length = length.max(1) as f64;
    settings.untypical.0 * (low / length).ln().max(0.0) + settings.untypical.1 * (length / high).ln().max(0.0)
}

/// All costs of a stretch together.
struct Sum<'a> {
    lexical: Lexical<'a>,
    speakers: Lexical<'a>,
    kernel: Option<Kernel<'a>>,
    settings: &'a Settings,
}

impl Growing for Sum<'_> {
    fn begin(&mut self, unit: usize) {
        self.lexical.begin(unit);
        self.speakers.begin(unit);
        if let Some(kernel) = &mut self.kernel {
            kernel.begin(unit);
        }
    }

    fn add(&mut self) -> f64 {
        let by_meaning = self.kernel.as_mut().map_or(0.0, Kernel::add);
        self.lexical.add() + self.settings.speakers * self.speakers.add() + self.settings.meaning * by_meaning
    }
}

#[cfg(test)]
mod tests;
