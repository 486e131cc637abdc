//! Mono sound of any rate to 16 kHz, block by block.
//!
//! The work is done by the FFT resampler of `rubato` with a Blackman-Harris window: linear in phase, so that
//! words keep their times, and flat to 7.5 kHz. Its delay is taken off the start and made good at the end, so
//! that output sample `n` lies at `n / 16000` seconds of the input, and the length is right to a sample.

use super::SAMPLE_RATE;
use rubato::{Fft, FixedSync, Resampler as _, audioadapter_buffers::direct::InterleavedSlice};

/// Converts one stream of a fixed rate.
pub(super) struct Resampler {
    rate: u32,
    engine: Option<Engine>,
    taken: u64,
    given: u64,
}

struct Engine {
    fft: Fft<f32>,
    /// Input that does not fill a chunk yet.
    waiting: Vec<f32>,
    chunk: Vec<f32>,
    /// Output samples still to be dropped: the resampler's delay.
    delay: usize,
}

/// The resampler refused its own chunk sizes, or a rate of 0.
#[derive(Debug, thiserror::Error)]
#[error("cannot convert from {rate} Hz: {reason}")]
pub(super) struct ResampleError {
    rate: u32,
    reason: String,
}

impl Resampler {
    /// A converter from `rate` Hz; one at 16 kHz passes everything through untouched.
    pub(super) fn new(rate: u32) -> Result<Self, ResampleError> {
        let engine = if rate == SAMPLE_RATE { None } else { Some(Engine::new(rate)?) };
        Ok(Self { rate, engine, taken: 0, given: 0 })
    }

    /// Input rate in Hz.
    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    /// The number of input samples after which input and output samples fall together again.
    pub(super) fn step(rate: u32) -> u64 {
        u64::from(rate / gcd(rate, SAMPLE_RATE))
    }

    /// Takes `input` and appends to `output` what is ready.
    pub(super) fn push(&mut self, input: &[f32], output: &mut Vec<f32>) -> Result<(), ResampleError> {
        let before = output.len();
        self.taken += input.len() as u64;
        match &mut self.engine {
            None => output.extend_from_slice(input),
            Some(engine) => engine.push(input, output).map_err(|reason| ResampleError { rate: self.rate, reason })?,
        }
        self.given += (output.len() - before) as u64;
        Ok(())
    }

    /// Appends what is still inside, so that the output is as long as the input.
    pub(super) fn finish(&mut self, output: &mut Vec<f32>) -> Result<(), ResampleError> {
        let expected = (self.taken * u64::from(SAMPLE_RATE)).div_ceil(u64::from(self.rate.max(1)));
        let silence = vec![0.0; self.engine.as_ref().map_or(0, |engine| engine.chunk_in())];
        let Some(engine) = &mut self.engine else { return Ok(()) };
        while self.given < expected {
            let before = output.len();
            engine.push(&silence, output).map_err(|reason| ResampleError { rate: self.rate, reason })?;
            self.given += (output.len() - before) as u64;
        }
        let excess = (self.given - expected) as usize;
        output.truncate(output.len() - excess);
        self.given = expected;
        Ok(())
    }
}

impl Engine {
    fn new(rate: u32) -> Result<Self, ResampleError> {
        // Chunks of about 50 ms: long enough for a steep filter, short enough for the cache. Even on both sides, since
        // the filter's middle would otherwise fall between two samples and everything come half a sample late.
        let even = 2 * Resampler::step(rate) as usize;
        let chunk = (rate as usize / 20).next_multiple_of(even);
        let fft = Fft::new(rate as usize, SAMPLE_RATE as usize, chunk, 1, FixedSync::Both)
            .map_err(|error| ResampleError { rate, reason: error.to_string() })?;
        let delay = fft.output_delay();
        let chunk = vec![0.0; fft.output_frames_max()];
        Ok(Self { fft, waiting: Vec::new(), chunk, delay })
    }

    fn chunk_in(&self) -> usize {
        self.fft.input_frames_next()
    }

    fn push(&mut self, input: &[f32], output: &mut Vec<f32>) -> Result<(), String> {
        self.waiting.extend_from_slice(input);
        let size = self.chunk_in();
        let mut used = 0;
        while self.waiting.len() - used >= size {
            let from = InterleavedSlice::new(&self.waiting[used..used + size], 1, size).map_err(|e| e.to_string())?;
            let room = self.chunk.len();
            let mut to = InterleavedSlice::new_mut(&mut self.chunk, 1, room).map_err(|e| e.to_string())?;
            let (_, made) = self.fft.process_into_buffer(&from, &mut to, None).map_err(|e| e.to_string())?;
            used += size;
            let dropped = self.delay.min(made);
            self.delay -= dropped;
            output.extend_from_slice(&self.chunk[dropped..made]);
        }
        self.waiting.drain(..used);
        Ok(())
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a.max(1) } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn convert(rate: u32, input: &[f32], pieces: usize) -> Vec<f32> {
        let mut resampler = Resampler::new(rate).unwrap();
        let mut output = Vec::new();
        for piece in input.chunks(pieces) {
            resampler.push(piece, &mut output).unwrap();
        }
        resampler.finish(&mut output).unwrap();
        output
    }

    fn sine(rate: u32, hertz: f64, samples: usize) -> Vec<f32> {
        (0..samples).map(|n| (0.5 * (TAU * hertz * n as f64 / f64::from(rate)).sin()) as f32).collect()
    }

    #[test]
    fn tones_keep_their_length_phase_and_loudness() {
        for rate in [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000, 44_101] {
            let output = convert(rate, &sine(rate, 1_000.0, rate as usize), 1_000);
            assert_eq!(output.len(), 16_000, "{rate}");
            let expected = sine(16_000, 1_000.0, 16_000);
            let worst =
                output[500..15_500].iter().zip(&expected[500..15_500]).fold(0f32, |w, (a, b)| w.max((a - b).abs()));
            assert!(worst < 1e-4, "{rate}: off by {worst}");
        }
    }

    #[test]
    fn what_16_khz_cannot_hold_is_taken_out() {
        for (rate, hertz) in [(48_000, 9_000.0), (44_100, 8_600.0), (96_000, 30_000.0), (22_050, 10_000.0)] {
            let output = convert(rate, &sine(rate, hertz, rate as usize), 4_096);
            let loudest = output[1_000..15_000].iter().fold(0f32, |w, x| w.max(x.abs()));
            assert!(loudest < 1e-4, "{hertz} Hz at {rate} Hz leaves {loudest}");
        }
    }

    #[test]
    fn the_size_of_pieces_does_not_matter() {
        let input = sine(44_100, 440.0, 30_000);
        assert_eq!(convert(44_100, &input, 1), convert(44_100, &input, 30_000));
        assert_eq!(convert(44_100, &[], 1), Vec::<f32>::new());
        assert_eq!(convert(48_000, &[0.1], 1).len(), 1);
    }
}
