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

/// Follows the probabilities frame by frame.
#[derive(Debug, Default)]
pub(super) struct SpeechTracker {
    frame: usize,
    open: Option<usize>,
    quiet_since: Option<usize>,
}

impl SpeechTracker {
    /// Takes the next frame; a stretch of frames when one has just ended.
    pub fn push(&mut self, probability: f32) -> Option<Range<usize>> {
        let frame = self.frame;
        self.frame += 1;
        let Some(start) = self.open else {
            if probability >= ON {
                self.open = Some(frame);
            }
            return None;
        };
        if probability >= OFF {
            self.quiet_since = None;
            return None;
        }
        let quiet = *self.quiet_since.get_or_insert(frame);
        if frame + 1 - quiet < PAUSE {
            return None;
        }
        (self.open, self.quiet_since) = (None, None);
        long_enough(start..quiet)
    }

    /// Where the stretch that has not ended began.
    pub fn open(&self) -> Option<usize> {
        self.open
    }

    /// Cuts the open stretch at `frame`: what came before has ended, what follows goes on.
    pub fn cut(&mut self, frame: usize) -> Option<Range<usize>> {
        let start = self.open.replace(frame)?;
        Some(start..frame)
    }

    /// The stretch that is open when the sound ends.
    pub fn finish(&mut self) -> Option<Range<usize>> {
        let start = self.open.take()?;
        long_enough(start..self.quiet_since.take().unwrap_or(self.frame))
    }
}

fn long_enough(stretch: Range<usize>) -> Option<Range<usize>> {
    (stretch.len() >= SHORTEST).then_some(stretch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(probabilities: &str, expected: &[(usize, usize)]) {
        let mut tracker = SpeechTracker::default();
        let level = |c| match c {
            '#' => 0.9,
            '~' => 0.35,
            _ => 0.05,
        };
        let mut found: Vec<_> = probabilities.chars().filter_map(|c| tracker.push(level(c))).collect();
        found.extend(tracker.finish());
        let found: Vec<_> = found.into_iter().map(|stretch| (stretch.start, stretch.end)).collect();
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
}
