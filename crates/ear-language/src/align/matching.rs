//! Which words of a text are which words of the sound.
//!
//! Anchors cut the two sequences into small regions, in which dynamic programming finds the best alignment.
//! So the time grows with the length of the text and not with its square.

use super::anchors::{Pair, anchors};
use super::dynamic::{End, align};
use super::tokens::{Interner, Tokens};
use ear_core::Word;
use std::ops::Range;

/// Lengths of the runs that anchor, longest first: long ones are surest, short ones cut what is left.
const RUNS: [usize; 4] = [5, 3, 2, 1];
/// A region with at most so many cells is aligned at once: 250 kB, half a millisecond.
const CELLS: usize = 90_000;
/// What has no anchors and is larger is aligned in windows of so many tokens.
const WINDOW: usize = 300;

/// What is taken from a run of matches for each column that is none, where a match of a rare token gives 1.
const MISS: f64 = 0.4;
/// A run of matches ends where its sum has fallen so far: fifteen columns without a match.
const DROP: f64 = 6.0;
/// Matches count where their run is worth this much: five words in a row, or more with gaps.
const RUN: f64 = 5.0;

/// Two sequences of words, and which tokens of them are the same.
#[derive(Debug)]
pub(super) struct Matching {
    /// The text's tokens.
    pub text: Tokens,
    /// The tokens heard.
    pub heard: Tokens,
    /// Runs of pairs of equal tokens, ascending in both.
    pub runs: Vec<Vec<Pair>>,
}

impl Matching {
    /// Matches the words of a text with those heard.
    pub fn new(text: &[Word], heard: &[Word]) -> Self {
        let mut interner = Interner::default();
        let (text, heard) = (interner.tokens(text), interner.tokens(heard));
        let worth = Worth::new(&text.ids, &heard.ids, interner.len());
        let mut aligner = Aligner { a: &text.ids, b: &heard.ids, worth: &worth, pairs: Vec::new() };
        aligner.region(0..text.len(), 0..heard.len(), &RUNS);
        let mut pairs = aligner.pairs;
        pairs.retain(|(i, j)| text.ids[*i] == heard.ids[*j]);
        let runs = runs(&pairs, |pair| worth.of(text.ids[pair.0]));
        Self { text, heard, runs }
    }

    /// All pairs, ascending.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> {
        self.runs.iter().flatten().copied()
    }
}

/// How much a match of each token says: rare ones much, "the" little, since it matches by chance.
#[derive(Debug)]
struct Worth(Vec<f64>);

impl Worth {
    fn new(a: &[u32], b: &[u32], tokens: usize) -> Self {
        let mut counts = vec![0u32; tokens];
        a.iter().chain(b).for_each(|id| counts[*id as usize] += 1);
        // As if a thousand other words were around, so that in a short text no word is taken for a common one.
        let all = (a.len() + b.len() + 1000) as f64;
        let worth = counts.into_iter().map(|count| (-(f64::from(count) / all).log10() / 3.0).clamp(0.1, 1.0));
        Self(worth.collect())
    }

    fn of(&self, id: u32) -> f64 {
        self.0[id as usize]
    }

    fn points(&self, id: u32) -> i32 {
        (self.of(id) * 10.0).round() as i32
    }
}

struct Aligner<'a> {
    a: &'a [u32],
    b: &'a [u32],
    worth: &'a Worth,
    /// Tokens opposite each other, equal or not, ascending.
    pairs: Vec<Pair>,
}

impl Aligner<'_> {
    fn region(&mut self, a: Range<usize>, b: Range<usize>, lengths: &[usize]) {
        if a.is_empty() || b.is_empty() {
            return;
        }
        if a.len().saturating_mul(b.len()) <= CELLS {
            return self.small(a, b, End::Both);
        }
        let Some((length, shorter)) = lengths.split_first() else { return self.windows(a, b) };
        let anchors = anchors(self.a, self.b, (a.clone(), b.clone()), *length);
        let (mut from_a, mut from_b) = (a.start, b.start);
        for (i, j) in anchors {
            self.region(from_a..i, from_b..j, shorter);
            self.pairs.push((i, j));
            (from_a, from_b) = (i + 1, j + 1);
        }
        self.region(from_a..a.end, from_b..b.end, shorter);
    }

    fn small(&mut self, a: Range<usize>, b: Range<usize>, end: End) {
        let points = |id| self.worth.points(id);
        let pairs = align(&self.a[a.clone()], &self.b[b.clone()], &points, end);
        self.pairs.extend(pairs.into_iter().map(|(i, j)| (a.start + i, b.start + j)));
    }

    /// Text without anchors repeats itself, or is not that of the sound. It is aligned window by window, of
    /// each of which the first half is kept.
    fn windows(&mut self, mut a: Range<usize>, mut b: Range<usize>) {
        while a.len() > WINDOW || b.len() > WINDOW {
            let (end_a, end_b) = ((a.start + WINDOW).min(a.end), (b.start + WINDOW).min(b.end));
            let first = self.pairs.len();
            self.small(a.start..end_a, b.start..end_b, End::Either);
            let half = |range: &Range<usize>| range.start + range.len().min(WINDOW) / 2;
            let (half_a, half_b) = (half(&a), half(&b));
            let kept = self.pairs[first..].partition_point(|(i, j)| *i < half_a && *j < half_b);
            self.pairs.truncate(first + kept);
            match self.pairs.get(first..).and_then(<[Pair]>::last) {
                Some((i, j)) => (a.start, b.start) = (i + 1, j + 1),
                // Nothing is opposite anything: both go on, the longer one faster.
                None => {
                    let (step_a, step_b) = even_steps(a.len(), b.len());
                    (a.start, b.start) = (a.start + step_a, b.start + step_b);
                }
            }
            if a.is_empty() || b.is_empty() {
                return;
            }
        }
        self.small(a, b, End::Both);
    }
}

/// Steps along two lengths that reach both ends together; the longer is half a window.
fn even_steps(a: usize, b: usize) -> (usize, usize) {
    let longest = a.max(b).max(1);
    let step = |length: usize| (WINDOW / 2 * length).div_ceil(longest);
    (step(a), step(b))
}

/// Cuts pairs into runs where little between them matches, and leaves out runs that may be chance. A run ends
/// where its sum has dropped too far below its highest, as in BLAST (Altschul and others 1990).
fn runs(pairs: &[Pair], worth: impl Fn(&Pair) -> f64) -> Vec<Vec<Pair>> {
    let mut runs = Vec::new();
    // Where the run starts, its sum so far, its highest sum and the pair after that.
    let (mut start, mut sum, mut highest, mut end) = (0, 0.0, 0.0, 0);
    let mut index = 0;
    while index < pairs.len() {
        let missed = match pairs[start..index].last() {
            Some(last) => (pairs[index].0 - last.0).max(pairs[index].1 - last.1) - 1,
            None => 0,
        };
        sum -= MISS * missed as f64;
        if index > start && (sum <= 0.0 || highest - sum > DROP) {
            if highest >= RUN {
                runs.push(pairs[start..end].to_vec());
                // What came after the highest may be the start of another run.
                index = end;
            }
            (start, sum, highest, end) = (index, 0.0, 0.0, index);
            continue;
        }
        sum += worth(&pairs[index]);
        index += 1;
        if sum > highest {
            (highest, end) = (sum, index);
        }
        if index == pairs.len() && highest >= RUN {
            runs.push(pairs[start..end].to_vec());
            if end < index {
                index = end;
                (start, sum, highest, end) = (index, 0.0, 0.0, index);
            }
        }
    }
    runs
}
