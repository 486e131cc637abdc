//! Many channels into one.

/// Averages channels. Of two channels in opposite phase, which would cancel each other, the left is kept.
#[derive(Default)]
pub(super) struct Mixer {
    /// Energy of the average and of the channels, fading over about a second.
    mixed: f64,
    apart: f64,
}

/// The average counts as cancelled below this share of the channels' energy (−20 dB).
const CANCELLED: f64 = 0.01;
/// How much of the past is kept for each sample.
const MEMORY: f64 = 0.999_95;

impl Mixer {
    /// Appends the mix of `interleaved` sound of `channels` channels; what is not finite becomes silence.
    pub(super) fn mix(&mut self, interleaved: &[f32], channels: usize, output: &mut Vec<f32>) {
        match channels {
            0 => {}
            1 => output.extend(interleaved.iter().copied().map(finite)),
            2 => self.mix_pair(interleaved, output),
            _ => output.extend(
                interleaved.chunks_exact(channels).map(|frame| finite(frame.iter().sum::<f32>() / channels as f32)),
            ),
        }
    }

    fn mix_pair(&mut self, interleaved: &[f32], output: &mut Vec<f32>) {
        let frames = interleaved.as_chunks::<2>().0;
        let (mut mixed, mut apart) = (0.0, 0.0);
        for [left, right] in frames {
            let (left, right) = (f64::from(finite(*left)), f64::from(finite(*right)));
            mixed += (left + right) * (left + right) / 4.0;
            apart += (left * left + right * right) / 2.0;
        }
        let kept = MEMORY.powi(i32::try_from(frames.len()).unwrap_or(i32::MAX));
        self.mixed = self.mixed * kept + mixed;
        self.apart = self.apart * kept + apart;
        if self.mixed < CANCELLED * self.apart {
            output.extend(frames.iter().map(|[left, _]| finite(*left)));
        } else {
            output.extend(frames.iter().map(|[left, right]| finite((left + right) / 2.0)));
        }
    }
}

/// Floating-point files can hold anything; a decoder downstream must not meet infinities.
fn finite(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-8.0, 8.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_averaged_unless_they_cancel() {
        let check = |channels, input: &[f32], expected: &[f32]| {
            let mut output = Vec::new();
            Mixer::default().mix(input, channels, &mut output);
            assert_eq!(output, expected);
        };
        check(1, &[0.5, f32::NAN, f32::INFINITY], &[0.5, 0.0, 0.0]);
        check(2, &[0.5, 0.25, 0.0, 0.5], &[0.375, 0.25]);
        check(2, &[0.5, -0.5, 0.25, -0.25], &[0.5, 0.25]);
        check(2, &[0.0, 0.0], &[0.0]);
        check(4, &[0.4, 0.0, 0.0, 0.0], &[0.1]);
        check(3, &[0.5], &[]);
        check(0, &[0.5], &[]);
    }
}
