//! How far the times that a publisher gave are off from the sound, and how to put them right.
//!
//! Three things happen to published times: all are off by as much (an opening was added), they run too fast
//! or too slow (another clock), or they are off by more from some moment on (an advertisement was put in when
//! the sound was fetched). All three are told at once: `offset + slope × time + jumps`.

use super::matching::Matching;
use ear_core::{Millis, Span, Word};

/// From some moment on, published times are off by so much more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jump {
    /// The first published time that it concerns.
    pub at: Millis,
    /// Milliseconds by which the sound is later; negative where it is earlier.
    pub by: i64,
}

/// How far published times are off: the sound comes at `time + offset + slope × time + jumps so far`.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// Milliseconds by which the sound is later at the published time 0; negative where it is earlier.
    pub offset: i64,
    /// Milliseconds by which that grows in an hour.
    pub per_hour: f64,
    /// Where it changes at once; ascending.
    pub jumps: Vec<Jump>,
    /// Half of the words are off by no more than this from what the above says, in milliseconds.
    pub residual: Millis,
    /// How many words it was told by.
    pub words: usize,
    /// The published times of the first and the last of them.
    pub measured: Span,
}

/// Fewer words than this tell nothing.
const FEWEST: usize = 12;
/// Words on either side of a moment that tell whether times jump there.
const SIDE: usize = 12;
/// Less than this is no jump, in milliseconds: captions are not exact.
const JUMP: f64 = 1000.0;
/// Nor is less than this many times the usual step.
const SCATTER: f64 = 4.0;
/// What is over sooner is a slip of the matching, in milliseconds.
const LASTING: f64 = 5000.0;
/// A clock that is off by less than this from one jump to the next is right, in milliseconds.
const SLOPE: f64 = 400.0;
/// Published times this close to the sound need no words about them, in milliseconds.
const TOLERANCE: i64 = 1000;
const HOUR: f64 = 3_600_000.0;

/// Measures published times against the words heard. `None` where too few words match to tell.
pub fn drift(published: &[Word], heard: &[Word]) -> Option<Drift> {
    let matching = Matching::new(published, heard);
    let begins = |words: &[usize], index: usize| index == 0 || words[index - 1] != words[index];
    let samples = matching.pairs().filter_map(|(i, j)| {
        let (text, sound) = (&matching.text.word, &matching.heard.word);
        let both_begin = begins(text, i) && begins(sound, j);
        both_begin.then(|| sample(&published[text[i]], &heard[sound[j]])).flatten()
    });
    fit(samples.collect())
}

/// The same from one text with published times and with those of the sound ([`super::times`]): nothing needs
/// to be matched again. Only words that were heard count.
pub fn moved(published: &[Word], aligned: &[Word]) -> Option<Drift> {
    let heard = published.iter().zip(aligned).filter(|(_, aligned)| aligned.confidence.is_some());
    fit(heard.filter_map(|(published, aligned)| sample(published, aligned)).collect())
}

impl Drift {
    /// Milliseconds by which the sound is later than this published time; negative where it is earlier.
    pub fn at(&self, time: Millis) -> i64 {
        let jumps: i64 = self.jumps.iter().take_while(|jump| jump.at <= time).map(|jump| jump.by).sum();
        self.offset + (self.per_hour * time as f64 / HOUR).round() as i64 + jumps
    }

    /// A published span, moved to where it is in the sound.
    pub fn correct_span(&self, span: Span) -> Span {
        let start = span.start().saturating_add_signed(self.at(span.start()));
        // Its end is moved as its start is: a jump lies between words.
        Span::new(start, start.saturating_add(span.duration()))
    }

    /// Words with published times, moved to where they are in the sound. Starts never run backwards and no
    /// word lasts into the next.
    pub fn correct(&self, words: &[Word]) -> Vec<Word> {
        let mut moved: Vec<Word> = words.to_vec();
        moved.iter_mut().for_each(|word| word.span = word.span.map(|span| self.correct_span(span)));
        super::spread::in_order(&mut moved);
        moved
    }

    /// Whether published times are close enough to the sound everywhere.
    pub fn is_small(&self) -> bool {
        let edges = self.jumps.iter().flat_map(|jump| [jump.at.saturating_sub(1), jump.at]);
        let moments = edges.chain([self.measured.start(), self.measured.end()]);
        moments.into_iter().all(|moment| self.at(moment).abs() <= TOLERANCE)
    }
}

/// A published time, and by how much the sound is later.
type Sample = (f64, f64);

fn sample(published: &Word, sound: &Word) -> Option<Sample> {
    let (published, sound) = (published.span?.start() as f64, sound.span?.start() as f64);
    Some((published, sound - published))
}

fn fit(mut samples: Vec<Sample>) -> Option<Drift> {
    if samples.len() < FEWEST {
        return None;
    }
    samples.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Jumps are looked for with a first guess at the slope out of the way, then the slope is measured
    // without the jumps.
    let guess = slope(&[&samples], samples.len() / 50);
    let straight = straightened(&samples, guess);
    let pieces = split(&samples, &kept(&straight, &cuts(&straight)));
    // What does not show within a piece is no slope but what jumps leave.
    let longest = pieces.iter().filter_map(|piece| Some(piece.last()?.0 - piece.first()?.0)).fold(0.0, f64::max);
    let measured = slope(&pieces, 0);
    let slope = if (measured * longest).abs() < SLOPE { 0.0 } else { measured };
    let offsets: Vec<f64> = pieces.iter().map(|piece| middle(straightened(piece, slope))).collect();
    let jumps = pieces.iter().skip(1).zip(offsets.windows(2)).map(|(piece, pair)| Jump {
        at: piece.first().map_or(0, |first| first.0 as Millis),
        by: (pair[1] - pair[0]).round() as i64,
    });
    let residuals = pieces.iter().zip(&offsets).flat_map(|(piece, offset)| {
        straightened(piece, slope).into_iter().map(move |(time, later)| (time, (later - offset).abs()))
    });
    Some(Drift {
        offset: offsets.first()?.round() as i64,
        per_hour: slope * HOUR,
        residual: middle(residuals.collect()).round() as Millis,
        jumps: jumps.collect(),
        words: samples.len(),
        measured: Span::new(samples.first()?.0 as Millis, samples.last()?.0 as Millis),
    })
}

fn straightened(samples: &[Sample], slope: f64) -> Vec<Sample> {
    samples.iter().map(|(time, later)| (*time, later - slope * time)).collect()
}

/// The median of the second values.
fn middle(samples: Vec<Sample>) -> f64 {
    median(samples.into_iter().map(|(_, later)| later).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let half = values.len() / 2;
    *values.select_nth_unstable_by(half, f64::total_cmp).1
}

/// The median slope of pairs a fixed number of samples apart, half of a piece where `lag` is 0 (Theil's
/// incomplete method, 1950), each pair weighing as much as the time between its samples.
fn slope(pieces: &[&[Sample]], lag: usize) -> f64 {
    let mut slopes: Vec<(f64, f64)> = Vec::new();
    for piece in pieces {
        let lag = if lag == 0 { piece.len() / 2 } else { lag.max(SIDE) };
        let pairs = piece.iter().zip(piece.iter().skip(lag.max(1)));
        slopes.extend(pairs.filter(|(a, b)| b.0 > a.0).map(|(a, b)| ((b.1 - a.1) / (b.0 - a.0), b.0 - a.0)));
    }
    slopes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = slopes.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    let found = slopes.iter().find(|(_, weight)| {
        sum += weight;
        sum >= half
    });
    found.map_or(0.0, |(slope, _)| *slope)
}

/// Where samples jump: the first sample after each jump.
fn cuts(samples: &[Sample]) -> Vec<usize> {
    let of = |from: usize, to: usize| middle(samples[from..to].to_vec());
    let mut steps = vec![0.0; samples.len()];
    let side = SIDE.min(samples.len() / 2);
    for (place, step) in steps.iter_mut().enumerate().take(samples.len() + 1 - side).skip(side) {
        *step = (of(place, place + side) - of(place - side, place)).abs();
    }
    let least = JUMP.max(SCATTER * median(steps.clone()));
    let mut cuts = Vec::new();
    let mut place = 0;
    while place < steps.len() {
        if steps[place] < least {
            place += 1;
            continue;
        }
        // One jump is seen from many places; it is at the one that leaves the least unexplained.
        let end = steps[place..].iter().position(|step| *step < least).map_or(steps.len(), |length| place + length);
        let widest = end.min(place + 2 * side);
        cuts.push(best_cut(samples, place.saturating_sub(side), (widest + side).min(samples.len())));
        place = widest;
    }
    cuts.dedup();
    cuts
}

/// Where two constants explain the samples best.
fn best_cut(samples: &[Sample], from: usize, to: usize) -> usize {
    let unexplained = |from: usize, to: usize| {
        let values = || samples[from..to].iter().map(|(_, later)| *later);
        let middle = median(values().collect());
        values().map(|value| (value - middle).abs()).sum::<f64>()
    };
    let places = from + 1..to;
    let cost = |place: &usize| unexplained(from, *place) + unexplained(*place, to);
    places.min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(from)
}

/// The cuts that are jumps: enough samples on either side, which do not agree after all.
fn kept(samples: &[Sample], cuts: &[usize]) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for (number, cut) in cuts.iter().enumerate() {
        let from = kept.last().copied().unwrap_or(0);
        let to = cuts.get(number + 1).copied().unwrap_or(samples.len());
        let lasts = |from: usize, to: usize| to - from >= SIDE / 2 && samples[to - 1].0 - samples[from].0 >= LASTING;
        if !lasts(from, *cut) || !lasts(*cut, to) {
            continue;
        }
        let by = middle(samples[*cut..to].to_vec()) - middle(samples[from..*cut].to_vec());
        if by.abs() >= JUMP / 2.0 {
            kept.push(*cut);
        }
    }
    kept
}

fn split<'a>(samples: &'a [Sample], cuts: &[usize]) -> Vec<&'a [Sample]> {
    let edges: Vec<usize> = [0].into_iter().chain(cuts.iter().copied()).chain([samples.len()]).collect();
    edges.windows(2).map(|pair| &samples[pair[0]..pair[1]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words a third of a second apart: more than half an hour of talk.
    const WORDS: u64 = 6000;

    /// Published times of words in captions of ten, as they come: a little off, and the same in a caption.
    fn published() -> Vec<Word> {
        let caption = |index: u64| index / 10 * 3330 + scrambled(index / 10) % 301;
        let start = |index| caption(index) + index % 10 * 333;
        (0..WORDS).map(|index| Word::timed(word(index), Span::new(start(index), start(index) + 300))).collect()
    }

    fn word(index: u64) -> String {
        format!("w{}x", scrambled(index) % 5000)
    }

    /// Numbers without a pattern: the splitmix64 generator.
    fn scrambled(number: u64) -> u64 {
        let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 16
    }

    /// The words heard, where the sound is later by what `later` says of the published time.
    fn sound(later: impl Fn(u64) -> i64) -> Vec<Word> {
        let span = |index: u64| Span::new(index * 333 + 150, index * 333 + 450);
        let heard = |index| {
            let span: Span = span(index);
            let start = span.start().saturating_add_signed(later(span.start()));
            Word { confidence: Some(0.9), ..Word::timed(word(index), Span::new(start, start + 300)) }
        };
        (0..WORDS).map(heard).collect()
    }

    #[track_caller]
    fn check(later: impl Fn(u64) -> i64, offset: i64, per_hour: f64, jumps: &[(Millis, i64)]) -> Drift {
        let found = drift(&published(), &sound(&later)).unwrap();
        assert!((found.offset - offset).abs() <= 100, "{found:?}");
        assert!((found.per_hour - per_hour).abs() <= 400.0, "{found:?}");
        assert_eq!(found.jumps.len(), jumps.len(), "{found:?}");
        for (jump, (at, by)) in found.jumps.iter().zip(jumps) {
            assert!(jump.at.abs_diff(*at) < 2000 && (jump.by - by).abs() < 200, "{found:?}");
        }
        assert!(found.residual < 300, "{found:?}");
        for moment in (10_000..1_990_000).step_by(10_000) {
            let near_jump = jumps.iter().any(|(at, _)| at.abs_diff(moment) < 2000);
            assert!(near_jump || (found.at(moment) - later(moment)).abs() < 350, "{moment} {found:?}");
        }
        found
    }

    #[test]
    fn right_times_are_right() {
        assert!(check(|_| 0, 0, 0.0, &[]).is_small());
    }

    #[test]
    fn all_may_be_late_or_early() {
        assert!(!check(|_| 31_200, 31_200, 0.0, &[]).is_small());
        check(|_| -90, -90, 0.0, &[]);
    }

    #[test]
    fn a_clock_may_run_wrong() {
        check(|time| time as i64 / 25, 0, 144_000.0, &[]);
        check(|time| 5000 - time as i64 / 1000, 5000, -3600.0, &[]);
    }

    #[test]
    fn advertisements_are_put_in_and_taken_out() {
        let step = |time: u64, at: u64, by: i64| if time >= at { by } else { 0 };
        let found = check(
            |time| 15_000 + step(time, 400_000, 61_000) + step(time, 1_200_000, -30_000),
            15_000,
            0.0,
            &[(400_000, 61_000), (1_200_000, -30_000)],
        );
        assert!(!found.is_small());
        check(|time| step(time, 900_000, 30_000) + time as i64 / 1000, 0, 3600.0, &[(900_000, 30_000)]);
    }

    #[test]
    fn many_advertisements_are_told_apart() {
        let jumps: Vec<(Millis, i64)> = (1..=8).map(|number| (number * 240_000, 30_000)).collect();
        check(|time| (time / 240_000) as i64 * 30_000, 0, 0.0, &jumps);
    }

    #[test]
    fn times_are_put_right() {
        let later = |time: u64| if time >= 700_000 { 45_000 } else { 2000 };
        let (published, sound) = (published(), sound(later));
        let corrected = drift(&published, &sound).unwrap().correct(&published);
        let start = |word: &Word| word.span.unwrap().start();
        for ((before, after), heard) in published.iter().zip(&corrected).zip(&sound) {
            let near_jump = start(before).abs_diff(700_000) < 2000;
            assert!(near_jump || start(after).abs_diff(start(heard)) < 500, "{before:?} {after:?} {heard:?}");
        }
        assert!(corrected.windows(2).all(|pair| start(&pair[0]) <= start(&pair[1])));
    }

    #[test]
    fn too_few_words_tell_nothing() {
        let few = |words: Vec<Word>| words.into_iter().take(8).collect::<Vec<_>>();
        assert_eq!(drift(&few(published()), &few(sound(|_| 0))), None);
        assert_eq!(drift(&[], &[]), None);
        assert_eq!(drift(&published(), &[Word::untimed("other")]), None);
    }
}
