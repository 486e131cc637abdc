//! Windows: sound to hear at once, and where it lies in the recording.

use super::texture::Texture;
use crate::audio::SAMPLE_RATE;
use ear_core::{Millis, Span};
use std::ops::Range;

/// A part of a window that lies unbroken in the recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins in the window, in samples.
    pub at: usize,
    /// Where it lies in the recording, in samples.
    pub source: Range<usize>,
}

/// Sound to hear at once.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// Number of the window in its recording, from 0.
    pub index: usize,
    /// 16 kHz mono, at most [`MAX_WINDOW`](super::MAX_WINDOW).
    pub samples: Vec<f32>,
    /// Where they come from; ascending in both.
    pub pieces: Vec<Piece>,
    /// Where speech was detected, in samples of the window.
    pub speech: Vec<Range<usize>>,
    /// Where the speech of the window before ended, in samples of the recording.
    pub since: usize,
    /// What the recording is like from there to the end of the window.
    pub texture: Texture,
}

impl Window {
    /// The stretch of the recording it covers.
    pub fn span(&self) -> Span {
        let start = self.pieces.first().map_or(0, |piece| piece.source.start);
        let end = self.pieces.last().map_or(0, |piece| piece.source.end);
        Span::new(millis(start), millis(end))
    }

    /// Where the speech lies in the recording, in samples.
    pub fn speech_in_recording(&self) -> Vec<Range<usize>> {
        self.speech.iter().map(|range| self.sample(range.start, true)..self.sample(range.end, false)).collect()
    }

    /// A stretch of the window, in samples, as a stretch of the recording.
    pub fn to_recording(&self, range: Range<usize>) -> Span {
        let start = millis(self.sample(range.start, true));
        Span::new(start, millis(self.sample(range.end.max(range.start), false)).max(start))
    }

    /// What is left of the window from this sample on.
    pub fn from(&self, sample: usize) -> Self {
        self.part(sample..self.samples.len())
    }

    /// A part of the window, in samples, as a window of its own.
    pub fn part(&self, range: Range<usize>) -> Self {
        let end = range.end.min(self.samples.len());
        let start = range.start.min(end);
        let inside = |at: usize| at.clamp(start, end) - start;
        let pieces = self.pieces.iter().filter_map(|piece| {
            let from = piece.at.max(start);
            let until = (piece.at + piece.source.len()).min(end);
            let source = |at: usize| piece.source.start + at - piece.at;
            (from < until).then(|| Piece { at: from - start, source: source(from)..source(until) })
        });
        let overlaps = |speech: &&Range<usize>| speech.end > start && speech.start < end;
        let speech = self.speech.iter().filter(overlaps).map(|speech| inside(speech.start)..inside(speech.end));
        Self {
            index: self.index,
            samples: self.samples[start..end].to_vec(),
            pieces: pieces.collect(),
            speech: speech.collect(),
            since: self.since,
            texture: Texture::default(),
        }
    }

    /// The window cut into parts that hold this many samples of speech at least, each cut in the longest pause before
    /// it holds twice as many; the whole window where it holds less. They cover it without overlap.
    pub fn parts(&self, least: usize) -> Vec<Range<usize>> {
        let (mut parts, mut start, mut spoken) = (Vec::new(), 0, 0);
        let mut left: usize = self.speech.iter().map(ExactSizeIterator::len).sum();
        // The longest pause so far in which the part may end, where, and how much speech came since.
        let mut best: Option<(usize, usize, usize)> = None;
        for pair in self.speech.windows(2) {
            spoken += pair[0].len();
            left -= pair[0].len();
            if let Some(best) = &mut best {
                best.2 += pair[0].len();
            }
            let pause = pair[1].start - pair[0].end;
            if spoken >= least && left >= least && best.is_none_or(|best| pause > best.0) {
                best = Some((pause, pair[0].end.midpoint(pair[1].start), 0));
            }
            if let Some((_, cut, since)) = best.filter(|_| spoken + pair[1].len() >= 2 * least || left < least) {
                parts.push(start..cut);
                (start, spoken, best) = (cut, since, None);
            }
        }
        if let Some((_, cut, _)) = best {
            parts.push(start..cut);
            start = cut;
        }
        parts.push(start..self.samples.len());
        parts
    }

    /// On the border of two pieces a start belongs to the later one, an end to the earlier.
    fn sample(&self, sample: usize, starts: bool) -> usize {
        let after = self.pieces.partition_point(|piece| if starts { piece.at <= sample } else { piece.at < sample });
        match self.pieces.get(after.saturating_sub(1)) {
            Some(piece) => (piece.source.start + sample.saturating_sub(piece.at)).min(piece.source.end),
            None => sample,
        }
    }
}

/// Samples as milliseconds.
pub(crate) fn millis(samples: usize) -> Millis {
    (samples as u64 * 1000 + u64::from(SAMPLE_RATE) / 2) / u64::from(SAMPLE_RATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window {
        Window {
            samples: vec![0.0; 100],
            pieces: vec![Piece { at: 0, source: 1000..1040 }, Piece { at: 40, source: 2000..2060 }],
            speech: vec![5..15, 20..35, 45..60, 70..95],
            ..Window::default()
        }
    }

    #[test]
    fn parts_are_cut_in_pauses_and_cover_the_window() {
        let check = |least, expected: &[(usize, usize)]| {
            let parts: Vec<_> = window().parts(least).into_iter().map(|part| (part.start, part.end)).collect();
            assert_eq!(parts, expected, "{least}");
        };
        check(0, &[(0, 17), (17, 40), (40, 65), (65, 100)]);
        check(25, &[(0, 40), (40, 100)]);
        check(40, &[(0, 100)]);
        assert_eq!(Window::default().parts(5), [Range::<usize>::default()]);
    }

    #[test]
    fn a_part_knows_where_it_lies() {
        let part = window().part(30..50);
        assert_eq!(part.pieces, [Piece { at: 0, source: 1030..1040 }, Piece { at: 10, source: 2000..2010 }]);
        assert_eq!(part.speech, [0..5, 15..20]);
        assert_eq!(part.speech_in_recording(), [1030..1035, 2005..2010]);
        assert!(window().part(200..300).samples.is_empty());
    }
}
