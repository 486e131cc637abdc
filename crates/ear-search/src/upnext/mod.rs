//! What comes next after a clip: what goes on with its story, then what is related to it elsewhere, then what is new.
//!
//! Related is what means the like (cosine of the clips' vectors, from which what all clips of the library have in
//! common is taken away, after Mu and Viswanath 2018) or is about the same people, places and things; newer before
//! older; chosen one by one so that each differs from those before it (maximal marginal relevance, Carbonell and
//! Goldstein 1998). Never what was heard, never the same piece twice (reruns, the same wire report), and not more than
//! two in a row of one show while another show has something to say. Everything is a pure function of what is given, so
//! that the same library gives the same order.

mod order;
mod reason;
#[cfg(test)]
mod tests;

pub use reason::{Reason, When};

use crate::meaning::{multiplied, wide};
use ear_core::{ClipId, EpisodeDate, EpisodeId, ShowId};
use ear_language::vectors::{SIZE, Vector};
use std::cmp::Reverse;
use std::ops::Range;
use std::thread;

/// Clips whose vectors are at least so alike are the same piece, told again.
const SAME: f32 = 0.94;
/// What all have in common is known as well as if so many more clips had nothing in common.
const UNKNOWN: f32 = 20.0;
/// Fewer clips are compared before another thread has begun.
const ALONE: usize = 20_000;

/// Something that a clip is about: a name or a keyword.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Subject {
    /// Which one, in a table of the caller's: small numbers.
    pub id: u32,
    /// How telling it is for the clip, 0 to 1: what a few clips are about tells more than what all are about.
    pub weight: f32,
}

/// A clip that is heard, or may be next.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Which.
    pub clip: ClipId,
    /// Its episode.
    pub episode: EpisodeId,
    /// Its show.
    pub show: Option<ShowId>,
    /// When the episode was published.
    pub date: Option<EpisodeDate>,
    /// Its number among the clips of its episode.
    pub place: usize,
    /// What it is about, ascending by id.
    pub subjects: Vec<Subject>,
    /// Days after which it is half as fresh: few for news, many for talk.
    pub half_life: f32,
}

/// What is asked.
pub struct Asked<'a> {
    /// The clip that was heard, as an index into the candidates.
    pub from: usize,
    /// The place in its episode after which it goes on.
    pub place: usize,
    /// So many clips at most.
    pub limit: usize,
    /// Only clips of its show.
    pub same_show: bool,
    /// The clips that are not offered again.
    pub is_heard: &'a dyn Fn(ClipId) -> bool,
    /// Whether two candidates are the same piece word for word. Asked of those that have no vectors, and of few.
    pub is_same: &'a dyn Fn(usize, usize) -> bool,
}

/// A clip that comes next.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// Index into the candidates.
    pub candidate: usize,
    /// Why.
    pub reason: Reason,
}

/// All clips of a library, ready to be compared with each other.
#[derive(Debug, Default)]
pub struct Clips {
    candidates: Vec<Candidate>,
    /// Days from the day that is called today, which is the newest of the library, back to each clip's.
    ages: Vec<Option<i64>>,
    /// Small whole numbers of the vectors, one after another; zeros where there is none.
    parts: Vec<i8>,
    /// Factors of those; zero where there is none.
    scales: Vec<f32>,
    common: Common,
    /// The clips that are about each subject, with its weight: `about[starts[id]..starts[id + 1]]`.
    about: Vec<(u32, f32)>,
    starts: Vec<u32>,
    /// All, the newest first.
    newest: Vec<u32>,
}

/// What the vectors of a library have in common, and how much of it each has.
#[derive(Debug, Default)]
struct Common {
    /// Square of its length.
    square: f32,
    /// The inner product with each vector, and one divided by what is left of its length without it.
    of: Vec<(f32, f32)>,
}

impl Clips {
    /// Candidates in the order of episodes and of places, each with its vector where there is one. Freshness counts
    /// from the newest date, but from none after `today`: so an archive has fresh clips, too, and the order changes
    /// with the library alone.
    pub fn new(
        candidates: Vec<Candidate>,
        vectors: impl IntoIterator<Item = Option<Vector>>,
        today: Option<EpisodeDate>,
    ) -> Self {
        debug_assert!(
            candidates.is_sorted_by_key(|one| (one.episode, one.place)),
            "clips of an episode stand together"
        );
        let mut parts = Vec::with_capacity(candidates.len() * SIZE);
        let mut scales = Vec::with_capacity(candidates.len());
        for vector in vectors {
            match &vector {
                Some(vector) => parts.extend_from_slice(vector.parts()),
                None => parts.resize(parts.len() + SIZE, 0),
            }
            scales.push(vector.map_or(0.0, |vector| vector.scale()));
        }
        parts.resize(candidates.len() * SIZE, 0);
        scales.resize(candidates.len(), 0.0);
        let newest_date =
            candidates.iter().filter_map(|one| one.date).filter(|date| today.is_none_or(|today| *date <= today)).max();
        let ages = candidates.iter().map(|one| Some(newest_date?.days_after(one.date?).max(0))).collect();
        let mut newest: Vec<u32> = (0..candidates.len() as u32).collect();
        newest.sort_by_key(|&at| {
            let one = &candidates[at as usize];
            (Reverse(one.date), one.clip)
        });
        let (about, starts) = about(&candidates);
        let common = Common::of(&parts, &scales);
        Self { candidates, ages, parts, scales, common, about, starts, newest }
    }

    /// The candidates, in their order.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The vector of a candidate as it was given.
    pub fn vector(&self, at: usize) -> Option<Vector> {
        let mut bytes = Vec::with_capacity(Vector::BYTES);
        bytes.extend(self.scales[at].to_le_bytes());
        bytes.extend(self.parts(at).iter().map(|part| part.to_le_bytes()[0]));
        Vector::from_bytes(&bytes).filter(|_| self.has_vector(at))
    }

    fn has_vector(&self, at: usize) -> bool {
        self.scales[at] > 0.0
    }

    fn parts(&self, at: usize) -> &[i8] {
        &self.parts[at * SIZE..][..SIZE]
    }

    /// How much all mean the same as one of them.
    fn likeness(&self, from: usize) -> Vec<f32> {
        let mut alike = vec![0.0; self.candidates.len()];
        if !self.has_vector(from) {
            return alike;
        }
        let with = self.meant(from);
        let half = if alike.len() < ALONE { 0 } else { alike.len() / 2 };
        let (first, second) = alike.split_at_mut(half);
        let fill = |alike: &mut [f32], start: usize| {
            alike.iter_mut().enumerate().for_each(|(at, alike)| *alike = self.alike_to(&with, start + at));
        };
        thread::scope(|scope| {
            if !first.is_empty() {
                scope.spawn(|| fill(first, 0));
            }
            fill(second, half);
        });
        alike
    }

    fn meant(&self, at: usize) -> Meant {
        let vector = self.vector(at).unwrap_or_else(|| Vector::from_floats(&[]));
        Meant { parts: wide(&vector), scale: self.scales[at], common: self.common.of[at] }
    }

    /// The cosine, without what all have in common; 0 where one of them has no vector.
    fn alike_to(&self, with: &Meant, at: usize) -> f32 {
        let dot = self.cosine_to(with, at);
        let (common, rest) = self.common.of[at];
        (dot - common - with.common.0 + self.common.square) * rest * with.common.1
    }

    fn cosine_to(&self, with: &Meant, at: usize) -> f32 {
        multiplied(self.parts(at), &with.parts) as f32 * self.scales[at] * with.scale
    }

    /// What subjects that a clip shares with each of all weigh together.
    fn shared_with(&self, from: usize) -> Vec<f32> {
        let mut weights = vec![0.0; self.candidates.len()];
        for subject in &self.candidates[from].subjects {
            for (at, weight) in &self.about[self.which(subject.id)] {
                weights[*at as usize] += weight.min(subject.weight);
            }
        }
        weights
    }

    fn which(&self, subject: u32) -> Range<usize> {
        self.starts[subject as usize] as usize..self.starts[subject as usize + 1] as usize
    }

    /// The clips of a candidate's episode after a place.
    fn following(&self, from: usize, place: usize) -> Range<usize> {
        let episode = self.candidates[from].episode;
        let start = self.candidates.partition_point(|one| (one.episode, one.place) <= (episode, place));
        start..self.candidates.partition_point(|one| one.episode <= episode)
    }
}

/// A vector, widened once to be compared with many.
struct Meant {
    parts: [i16; SIZE],
    scale: f32,
    common: (f32, f32),
}

impl Common {
    fn of(parts: &[i8], scales: &[f32]) -> Self {
        let mut sum = [0.0_f32; SIZE];
        for (parts, scale) in parts.chunks_exact(SIZE).zip(scales) {
            sum.iter_mut().zip(parts).for_each(|(sum, part)| *sum += f32::from(*part) * scale);
        }
        let count = scales.iter().filter(|scale| **scale > 0.0).count() as f32;
        // Of a few clips nobody can tell what all have in common.
        sum.iter_mut().for_each(|sum| *sum /= count + UNKNOWN);
        let square: f32 = sum.iter().map(|part| part * part).sum();
        let of = parts.chunks_exact(SIZE).zip(scales).map(|(parts, scale)| {
            if *scale <= 0.0 {
                return (0.0, 0.0);
            }
            let common: f32 = parts.iter().zip(&sum).map(|(part, sum)| f32::from(*part) * sum).sum::<f32>() * scale;
            let left = 1.0 - 2.0 * common + square;
            (common, if left > 1e-6 { left.sqrt().recip() } else { 0.0 })
        });
        Self { square, of: of.collect() }
    }
}

/// The clips about each subject.
fn about(candidates: &[Candidate]) -> (Vec<(u32, f32)>, Vec<u32>) {
    let subjects = || candidates.iter().flat_map(|one| &one.subjects);
    let count = subjects().map(|subject| subject.id as usize + 1).max().unwrap_or(0);
    let mut starts = vec![0_u32; count + 1];
    subjects().for_each(|subject| starts[subject.id as usize + 1] += 1);
    for id in 0..count {
        starts[id + 1] += starts[id];
    }
    let mut free = starts.clone();
    let mut about = vec![(0, 0.0); subjects().count()];
    for (at, one) in candidates.iter().enumerate() {
        for subject in &one.subjects {
            let place = &mut free[subject.id as usize];
            about[*place as usize] = (at as u32, subject.weight);
            *place += 1;
        }
    }
    (about, starts)
}
