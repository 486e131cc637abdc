//! Cuts a stream of sound into windows that a recogniser can hear at once: at most thirty seconds of
//! speech, cut in the longest pause at hand, long silences left out.

use super::speech::{SpeechTracker, Voiced};
use super::texture::{Texture, TextureTracker};
use super::window::{Piece, Window};
use super::{FRAME, SpeechDetector};
use crate::{Error, audio::SAMPLE_RATE};
use std::collections::VecDeque;
use std::ops::Range;

/// Longest window in samples: what Whisper hears at once.
pub const MAX_WINDOW: usize = 30 * SAMPLE_RATE as usize;
/// A window is cut in the longest pause after this many samples.
const MIN_WINDOW: usize = 20 * SAMPLE_RATE as usize;
/// Sound kept around speech: 256 ms.
pub(crate) const PAD: usize = 8 * FRAME;
/// Detection runs on blocks of this many frames: two seconds.
const BLOCK: usize = 64;
/// Where unbroken speech must be cut, the quietest frame of the last this many samples is taken.
const LAST: usize = 8 * SAMPLE_RATE as usize;
/// What may be speech is taken for it when sure speech is no further away than this: two seconds.
const NEAR: usize = 2 * SAMPLE_RATE as usize;

/// Takes sound as it streams and gives windows as they fill. Holds about a minute of sound at most.
pub struct Windower {
    detector: Box<dyn SpeechDetector>,
    tracker: SpeechTracker,
    /// Samples from `base` on; older ones are in windows or held no speech.
    samples: VecDeque<f32>,
    base: usize,
    /// Frames looked at so far, and the latest probabilities.
    frames: usize,
    recent: VecDeque<f32>,
    texture: TextureTracker,
    /// Ended stretches of speech, in samples of the recording, not yet in a window.
    pending: Vec<Range<usize>>,
    /// Ended stretches that are speech if sure speech follows soon; all after those pending.
    doubtful: Vec<Range<usize>>,
    /// Where sure speech last ended.
    sure_until: Option<usize>,
    /// End of the sound that is in windows already, and of the speech in them.
    taken: usize,
    spoken: usize,
    next_index: usize,
}

impl Windower {
    /// A windower at the start of a recording.
    pub fn new(detector: Box<dyn SpeechDetector>) -> Self {
        Self {
            detector,
            tracker: SpeechTracker::default(),
            samples: VecDeque::new(),
            base: 0,
            frames: 0,
            recent: VecDeque::new(),
            texture: TextureTracker::new(),
            pending: Vec::new(),
            doubtful: Vec::new(),
            sure_until: None,
            taken: 0,
            spoken: 0,
            next_index: 0,
        }
    }

    /// Takes the next sound; the windows that it filled.
    pub fn push(&mut self, sound: &[f32]) -> Result<Vec<Window>, Error> {
        self.samples.extend(sound);
        let mut windows = Vec::new();
        while self.end() - self.frames * FRAME >= BLOCK * FRAME {
            self.look(BLOCK, &mut windows)?;
        }
        Ok(windows)
    }

    /// Ends the recording; the last windows.
    pub fn finish(&mut self) -> Result<Vec<Window>, Error> {
        let mut windows = Vec::new();
        let sound_end = self.end();
        let rest = (sound_end - self.frames * FRAME).div_ceil(FRAME);
        // The last frame is filled with silence for the detector; the filling is in no window.
        self.samples.extend(std::iter::repeat_n(0.0, (self.frames + rest) * FRAME - sound_end));
        self.look(rest, &mut windows)?;
        if let Some(voiced) = self.tracker.finish() {
            self.ended(voiced, &mut windows);
        }
        self.samples.truncate(sound_end.saturating_sub(self.base));
        if !self.pending.is_empty() {
            windows.extend(self.take(self.pending.len()));
        }
        Ok(windows)
    }

    /// Where the speech of the last window ended, in samples, and what the sound has been like since.
    pub fn rest(&mut self) -> (Range<usize>, Texture) {
        (self.spoken..self.end().max(self.spoken), self.texture.since(self.spoken))
    }

    fn end(&self) -> usize {
        self.base + self.samples.len()
    }

    fn look(&mut self, frames: usize, windows: &mut Vec<Window>) -> Result<(), Error> {
        let from = self.frames * FRAME - self.base;
        let block: Vec<f32> = self.samples.range(from..from + frames * FRAME).copied().collect();
        self.texture.push(&block);
        for probability in self.detector.probabilities(&block)? {
            self.frames += 1;
            self.recent.push_back(probability);
            if self.recent.len() > MAX_WINDOW / FRAME {
                self.recent.pop_front();
            }
            if let Some(voiced) = self.tracker.push(probability) {
                self.ended(voiced, windows);
            }
            self.cut_overlong(windows);
        }
        self.forget();
        Ok(())
    }

    fn ended(&mut self, voiced: Voiced, windows: &mut Vec<Window>) {
        let stretch = voiced.frames.start * FRAME..voiced.frames.end * FRAME;
        if voiced.is_sure() {
            let near = self.doubtful.partition_point(|earlier| earlier.end + NEAR < stretch.start);
            self.pending.extend(self.doubtful.drain(..).skip(near));
            self.sure_until = Some(stretch.end);
        } else if self.sure_until.is_none_or(|end| end + NEAR < stretch.start) {
            self.doubtful.push(stretch);
            return;
        }
        self.pending.push(stretch);
        self.take_full(None, windows);
    }

    /// While what is pending (and the stretch still open) is more than a window holds, cuts one off.
    fn take_full(&mut self, open: Option<Range<usize>>, windows: &mut Vec<Window>) {
        loop {
            let mut stretches = self.pending.clone();
            stretches.extend(open.clone());
            if stretches.len() < 2 || self.layout_length(&stretches) <= MAX_WINDOW {
                return;
            }
            windows.extend(self.take(self.best_cut(&stretches)));
        }
    }

    /// How many pending stretches go into the window: up to the longest pause late in it.
    fn best_cut(&self, stretches: &[Range<usize>]) -> usize {
        let mut best = (1, 0);
        for count in 1..stretches.len() {
            let length = self.layout_length(&stretches[..count]);
            if length > MAX_WINDOW {
                break;
            }
            let pause = stretches[count].start - stretches[count - 1].end;
            if length < MIN_WINDOW || pause >= best.1 {
                best = (count, if length < MIN_WINDOW { 0 } else { pause });
            }
        }
        best.0.min(self.pending.len().max(1))
    }

    /// Speech that goes on without a pause for as long as a window is cut where it is least likely speech.
    fn cut_overlong(&mut self, windows: &mut Vec<Window>) {
        let Some(open) = self.tracker.open() else { return };
        let now = self.frames * FRAME;
        let stretch = open * FRAME..now;
        self.take_full(Some(stretch.clone()), windows);
        if self.layout_length(&[stretch]) + FRAME <= MAX_WINDOW {
            return;
        }
        let window = (LAST / FRAME).min(self.recent.len());
        let first = self.frames - window;
        let quietest = self.recent.iter().rev().take(window).rev().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
        let cut = quietest.map_or(self.frames, |(offset, _)| first + offset).max(open + 1);
        if let Some(voiced) = self.tracker.cut(cut) {
            self.ended(voiced, windows);
            windows.extend(self.take(self.pending.len()));
        }
    }

    /// The pieces of the recording that hold these stretches with some sound around each.
    fn pieces(&self, stretches: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut pieces: Vec<Range<usize>> = Vec::new();
        for stretch in stretches {
            let padded = stretch.start.saturating_sub(PAD).max(self.taken)..stretch.end + PAD;
            match pieces.last_mut() {
                Some(last) if padded.start <= last.end => last.end = padded.end,
                _ => pieces.push(padded),
            }
        }
        pieces
    }

    fn layout_length(&self, stretches: &[Range<usize>]) -> usize {
        self.pieces(stretches).iter().map(ExactSizeIterator::len).sum()
    }

    /// Makes a window of the first `count` pending stretches.
    fn take(&mut self, count: usize) -> Option<Window> {
        let stretches: Vec<_> = self.pending.drain(..count.min(self.pending.len())).collect();
        let mut pieces = self.pieces(&stretches);
        // Sound after the last stretch belongs half to it, half to what follows.
        let next = self.pending.first().map(|stretch| stretch.start).or(self.tracker.open().map(|frame| frame * FRAME));
        let last_end = stretches.last()?.end;
        let limit = next.map_or(self.end(), |next| last_end.midpoint(next.max(last_end))).min(self.end());
        let last = pieces.last_mut()?;
        last.end = last.end.min(limit).max(last.start);
        let texture = self.texture.since(self.spoken);
        let mut window = Window { index: self.next_index, since: self.spoken, texture, ..Window::default() };
        for piece in pieces {
            let at = window.samples.len();
            let room = MAX_WINDOW - at;
            let source = piece.start..piece.end.min(piece.start + room);
            window.samples.extend(self.samples.range(source.start - self.base..source.end - self.base));
            for stretch in stretches.iter().filter(|stretch| source.contains(&stretch.start)) {
                window.speech.push(at + stretch.start - source.start..at + stretch.end.min(source.end) - source.start);
            }
            self.taken = source.end;
            window.pieces.push(Piece { at, source });
        }
        self.spoken = last_end.min(self.taken);
        self.next_index += 1;
        self.forget();
        Some(window)
    }

    /// Lets go of sound that no window can need any more.
    fn forget(&mut self) {
        let open = self.tracker.open().map(|frame| frame * FRAME);
        let latest = open.unwrap_or(self.frames * FRAME);
        self.doubtful.retain(|stretch| stretch.end + NEAR >= latest);
        let first = |stretches: &[Range<usize>]| stretches.first().map(|stretch| stretch.start);
        let oldest = first(&self.pending).or(first(&self.doubtful)).unwrap_or(latest);
        let keep = oldest.saturating_sub(PAD).max(self.taken);
        if keep > self.base {
            let gone = (keep - self.base).min(self.samples.len());
            self.samples.drain(..gone);
            self.base += gone;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::LevelDetector;
    use super::*;
    use ear_core::Millis;
    use proptest::prelude::*;

    /// Speech and silence in turn, as (seconds of speech, seconds of silence).
    fn sound(parts: &[(f32, f32)]) -> Vec<f32> {
        let rate = SAMPLE_RATE as f32;
        let mut samples = Vec::new();
        for (speech, silence) in parts {
            samples.extend((0..(speech * rate) as usize).map(|i| (i as f32 * 0.3).sin() * 0.3));
            samples.extend(std::iter::repeat_n(0.0, (silence * rate) as usize));
        }
        samples
    }

    fn windows(samples: &[f32], block: usize) -> Vec<Window> {
        let mut windower = Windower::new(Box::new(LevelDetector));
        let mut windows = Vec::new();
        for block in samples.chunks(block) {
            windows.extend(windower.push(block).expect("level detection can't fail"));
        }
        windows.extend(windower.finish().expect("level detection can't fail"));
        windows
    }

    fn check(parts: &[(f32, f32)], expected: &[(Millis, Millis)]) {
        let found: Vec<_> = windows(&sound(parts), 16_000).iter().map(|w| (w.span().start(), w.span().end())).collect();
        assert_eq!(found, expected, "{parts:?}");
    }

    #[test]
    fn windows_are_cut_in_pauses() {
        check(&[], &[]);
        check(&[(0.0, 20.0)], &[]);
        check(&[(5.0, 0.0)], &[(0, 5000)]);
        // The long pause at 24 s is a better place than the short one at 27 s.
        check(&[(20.0, 0.5), (3.5, 1.5), (1.5, 0.5), (10.0, 0.0)], &[(0, 24256), (25216, 37500)]);
    }

    #[test]
    fn long_silence_is_left_out_of_windows_but_not_of_time() {
        let found = windows(&sound(&[(2.0, 60.0), (3.0, 1.0)]), 16_000);
        assert_eq!(found.len(), 1);
        let window = &found[0];
        assert!(window.samples.len() < 7 * SAMPLE_RATE as usize);
        let second = window.to_recording(window.speech[1].clone());
        assert!(second.start().abs_diff(62_000) <= 32, "{second:?}");
    }

    #[test]
    fn the_rest_of_a_window_keeps_its_times() {
        let whole = &windows(&sound(&[(2.0, 60.0), (3.0, 1.0)]), 16_000)[0];
        let rest = whole.from(whole.speech[1].start - 100);
        assert_eq!(rest.speech.len(), 1);
        assert_eq!(rest.speech_in_recording(), whole.speech_in_recording()[1..]);
        assert_eq!(rest.span().end(), whole.span().end());
        assert!(whole.from(usize::MAX).samples.is_empty());
    }

    #[test]
    fn unbroken_speech_is_cut_all_the_same() {
        let found = windows(&sound(&[(95.0, 0.0)]), 10_000);
        assert!(found.len() >= 4);
        let covered: usize = found.iter().flat_map(|w| &w.pieces).map(|piece| piece.source.len()).sum();
        assert!(covered.abs_diff(95 * SAMPLE_RATE as usize) < FRAME, "{covered}");
    }

    proptest! {
        #[test]
        fn all_speech_is_in_exactly_one_window(parts in prop::collection::vec((0.2f32..40.0, 0.0f32..5.0), 1..8), block in 500usize..40_000) {
            let samples = sound(&parts);
            let found = windows(&samples, block);
            let mut covered = vec![0u8; samples.len()];
            for window in &found {
                prop_assert!(window.samples.len() <= MAX_WINDOW);
                for piece in &window.pieces {
                    prop_assert_eq!(&samples[piece.source.clone()], &window.samples[piece.at..piece.at + piece.source.len()]);
                    covered[piece.source.clone()].iter_mut().for_each(|count| *count += 1);
                }
            }
            prop_assert!(covered.iter().all(|count| *count <= 1));
            let missed = samples.iter().zip(&covered).filter(|(sample, count)| sample.abs() > 0.1 && **count == 0).count();
            prop_assert!(missed <= FRAME * 3 * parts.len(), "{} samples of speech are in no window", missed);
        }
    }
}
