//! From probabilities to stretches of speech, with two thresholds so that a wavering voice is not chopped.

use std::ops::Range;

/// Above this a stretch begins.
const ON: f32 = 0.45;
/// Below this, for long enough, it ends.
const OFF: f32 = 0.3;
/// Frames below [`OFF`] that end a stretch: 320 ms.
const PAUSE: usize = 10;
/// Shorter stretches are clicks: 96 ms.
const SHORTEST: usize = 3;
/// Speech makes the detector this sure at least once. In two hours of music and effects it was taken in 29 times,
/// for at most 1.5 s, and was never surer than this; of 250 stretches of speech, close, far and on the telephone,
/// five short ones stayed below.
const SURE: f32 = 0.95;
/// Stretches of this many frames are speech all the same: three seconds.
const LONG: usize = 94;
/// Blips are shorter than this many frames (320 ms) and never this likely: the onset of a note, a knock.
const BLIP: (usize, f32) = (10, 0.75);

/// A stretch of what may be speech.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Voiced {
    /// Where, in frames.
    pub frames: Range<usize>,
    /// The most that the detector was sure of it.
    pub peak: f32,
}

impl Voiced {
    /// Whether it is speech, whatever is around it. What is not sure is speech only beside speech.
    pub fn is_sure(&self) -> bool {
        self.peak >= SURE || self.frames.len() >= LONG
    }
}

/// Follows the probabilities frame by frame.
#[derive(Debug, Default)]
pub(super) struct SpeechTracker {
    frame: usize,
    open: Option<usize>,
    quiet_since: Option<usize>,
    peak: f32,
}

impl SpeechTracker {
    /// Takes the next frame; a stretch of frames when one has just ended.
    pub fn push(&mut self, probability: f32) -> Option<Voiced> {
        let frame = self.frame;
        self.frame += 1;
        let Some(start) = self.open else {
            if probability >= ON {
                (self.open, self.peak) = (Some(frame), probability);
            }
            return None;
        };
        self.peak = self.peak.max(probability);
        if probability >= OFF {
            self.quiet_since = None;
            return None;
        }
        let quiet = *self.quiet_since.get_or_insert(frame);
        if frame + 1 - quiet < PAUSE {
            return None;
        }
        (self.open, self.quiet_since) = (None, None);
        self.unless_blip(start..quiet)
    }

    /// Where the stretch that has not ended began.
    pub fn open(&self) -> Option<usize> {
        self.open
    }

    /// Cuts the open stretch at `frame`: what came before has ended, what follows goes on.
    pub fn cut(&mut self, frame: usize) -> Option<Voiced> {
        let start = self.open.replace(frame)?;
        Some(Voiced { frames: start..frame, peak: self.peak })
    }

    /// The stretch that is open when the sound ends.
    pub fn finish(&mut self) -> Option<Voiced> {
        let start = self.open.take()?;
        let end = self.quiet_since.take().unwrap_or(self.frame);
        self.unless_blip(start..end)
    }

    fn unless_blip(&self, frames: Range<usize>) -> Option<Voiced> {
        let blip = frames.len() < SHORTEST || (frames.len() < BLIP.0 && self.peak < BLIP.1);
        (!blip).then_some(Voiced { frames, peak: self.peak })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(probabilities: &str, expected: &[(usize, usize)]) {
        let mut tracker = SpeechTracker::default();
        let level = |c| match c {
            '#' => 0.9,
            '=' => 0.6,
            '~' => 0.35,
            _ => 0.05,
        };
        let mut found: Vec<_> = probabilities.chars().filter_map(|c| tracker.push(level(c))).collect();
        found.extend(tracker.finish());
        let found: Vec<_> = found.into_iter().map(|voiced| (voiced.frames.start, voiced.frames.end)).collect();
        assert_eq!(found, expected, "{probabilities}");
    }

    #[test]
    fn speech_is_found_between_pauses() {
        check("", &[]);
        check("..........", &[]);
        check("..####............", &[(2, 6)]);
        check("..##~~.###............", &[(2, 10)]);
        check("~~~~~~", &[]);
        check(".#............", &[]);
        check("####..........####", &[(0, 4), (14, 18)]);
    }

    #[test]
    fn blips_are_no_speech() {
        check("..=====............", &[]);
        check("..==#==............", &[(2, 7)]);
        check("..============............", &[(2, 14)]);
    }

    #[test]
    fn a_stretch_knows_its_peak() {
        let mut tracker = SpeechTracker::default();
        let found: Vec<_> = [0.5, 0.97, 0.5, 0.5].iter().filter_map(|p| tracker.push(*p)).collect();
        assert_eq!(found, []);
        assert!(tracker.cut(3).is_some_and(|voiced| voiced.is_sure()));
        assert_eq!(tracker.open(), Some(3));
    }
}
