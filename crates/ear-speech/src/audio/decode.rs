//! Packets to mono samples at the file's own rate.

use super::{
    AudioError, Warning,
    container::{Container, MOST_CHANNELS, RATES},
    guarded,
    mix::Mixer,
    resample::Resampler,
};
use ear_core::Millis;
use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};
use symphonia::core::{
    codecs::audio::AudioDecoder,
    errors::Error,
    formats::{SeekMode, SeekTo},
    packet::Packet,
    units::{Duration, TimeBase, Timestamp},
};

/// Demuxer errors in a row that end the sound.
const MOST_ERRORS: u32 = 8;
/// Packets without sound in a row that end it: a crafted file could go on for ever.
const MOST_BARREN: u32 = 20_000;
/// Damaged packets before any good one that end it.
const MOST_BAD_FIRST: u64 = 200;
/// Where times are rounded to milliseconds or come from a live clock (Matroska), gaps shorter than this are jitter;
/// in seconds, like the next two.
const JITTER: f64 = 0.1;
/// Elsewhere packets follow each other exactly; this allows for rounding.
const ROUNDING: f64 = 0.002;
/// A gap longer than this is a wrong clock.
const LONGEST_GAP: f64 = 600.0;
/// Decoded before the place that was asked for, in seconds: codecs need a run-up.
const RUN_UP: f64 = 0.5;

/// Decodes one file from the start or from a place.
pub(super) struct Source {
    path: PathBuf,
    container: Container,
    decoder: Box<dyn AudioDecoder>,
    mixer: Mixer,
    interleaved: Vec<f32>,
    /// Rate of the last decoded packet.
    rate: u32,
    /// Samples still to leave out: the encoder's run-up, or what lies before the place asked for.
    skip: u64,
    /// Samples that may still follow, where the file says where its sound ends.
    left: Option<u64>,
    /// Samples of silence due before the next packet.
    wait: u64,
    /// The packet that comes after that silence.
    held: Option<Packet>,
    /// Samples delivered, counted at `rate`.
    given: u64,
    /// When the packet after the last should begin, in seconds of the file's clock.
    due: Option<f64>,
    /// Samples that may still be trimmed off the end, so that a wrong length loses little.
    trims: u64,
    frames_of_last: u64,
    /// Place asked for and not yet checked against the first packet's time.
    landing: Option<i64>,
    good: u64,
    bad: u64,
    errors: u32,
    barren: u32,
    ended: bool,
}

/// What one step gave.
pub(super) enum Step {
    /// Samples of this rate were appended.
    Samples(u32),
    /// Nothing more.
    End,
}

impl Source {
    /// Prepares to decode from the start.
    pub(super) fn new(path: &Path, container: Container) -> Result<Self, super::container::OpenError> {
        let decoder = container.decoder()?;
        let rate = container.params.sample_rate.unwrap_or(48_000);
        let heard = container.edit(rate);
        // The edit list of a fragmented file may be written before its length is known: then it says 0.
        let left = heard.seconds.map(|seconds| (seconds * f64::from(rate)).ceil() as u64);
        Ok(Self {
            path: path.to_owned(),
            decoder,
            mixer: Mixer::default(),
            interleaved: Vec::new(),
            rate,
            skip: heard.skip,
            left,
            wait: heard.wait,
            held: None,
            given: 0,
            due: None,
            trims: u64::from(rate) / 5,
            frames_of_last: 0,
            landing: None,
            good: 0,
            bad: 0,
            errors: 0,
            barren: 0,
            ended: false,
            container,
        })
    }

    /// Samples a second, as announced or as last decoded.
    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    /// Length that the file announces.
    pub(super) fn duration(&self) -> Option<Millis> {
        self.container.duration()
    }

    /// Packets decoded and damaged.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.good, self.bad)
    }

    /// Goes to a place shortly before `start`, if that can be done exactly. Returns the number of the sample (at the
    /// file's rate) that comes next: a multiple of [`Resampler::step`]. `None` if the source is spoilt and must be
    /// opened again and decoded from its start.
    pub(super) fn seek(&mut self, start: Millis) -> Option<u64> {
        let track = self.container.track()?;
        let ticks = TimeBase::try_from_recip(self.rate)?;
        if !self.container.seeks_exactly() || track.time_base? != ticks || self.wait > 0 {
            return None;
        }
        let wanted = ((start as f64 / 1000.0 - RUN_UP) * f64::from(self.rate)).max(0.0) as u64;
        let step = Resampler::step(self.rate);
        let wanted = wanted / step * step;
        let ts = i64::try_from(wanted + self.skip).ok()?;
        let to = SeekTo::Timestamp { ts: Timestamp::new(ts), track_id: self.container.track };
        // Before the place itself come packets that only fill the decoder's memory.
        let early = SeekTo::Timestamp {
            ts: Timestamp::new(ts.saturating_sub(i64::from(self.rate) / 4).max(0)),
            track_id: self.container.track,
        };
        let to = if self.container.is_mpeg() { early } else { to };
        guarded(|| self.container.format.seek(SeekMode::Accurate, to)).ok()?.ok()?;
        self.decoder.reset();
        self.landing = Some(ts);
        self.skip = 0;
        self.left = self.left.map(|left| left.saturating_sub(wanted));
        self.given = wanted;
        Some(wanted)
    }

    /// Appends some samples. Damage is noted in `warnings` and filled with silence.
    pub(super) fn step(&mut self, output: &mut Vec<f32>, warnings: &mut Vec<Warning>) -> Result<Step, AudioError> {
        let before = output.len();
        while output.len() == before {
            if self.ended || self.left == Some(0) {
                return Ok(Step::End);
            }
            if self.wait > 0 {
                self.be_silent(output);
                break;
            }
            let next = match self.held.take() {
                Some(packet) => Some(packet),
                None => self.next_packet(warnings)?,
            };
            let Some(packet) = next else {
                self.ended = true;
                continue;
            };
            let old_rate = self.rate;
            self.barren += 1;
            if self.barren > MOST_BARREN {
                return Err(self.broken("it holds packets without sound and no end".to_owned()));
            }
            self.take(packet, output, warnings)?;
            if self.rate != old_rate {
                // `given` and `left` count in samples of the rate.
                let convert = |n: u64| (n as f64 * f64::from(self.rate) / f64::from(old_rate)) as u64;
                self.given = convert(self.given - (output.len() - before) as u64) + (output.len() - before) as u64;
                self.left = self.left.map(convert);
            }
        }
        self.barren = 0;
        Ok(Step::Samples(self.rate))
    }

    /// Gives a second of the silence that is due: a file can ask for ten minutes of it at any rate.
    fn be_silent(&mut self, output: &mut Vec<f32>) {
        let now = self.wait.min(u64::from(self.rate));
        output.resize(output.len() + now as usize, 0.0);
        self.wait -= now;
        self.given += now;
    }

    fn place(&self) -> Millis {
        self.given * 1000 / u64::from(self.rate.max(1))
    }

    fn broken(&self, reason: String) -> AudioError {
        AudioError::Broken { path: self.path.clone(), at: self.place(), reason }
    }

    /// The next packet of the track; `None` at the end, be it early.
    fn next_packet(&mut self, warnings: &mut Vec<Warning>) -> Result<Option<Packet>, AudioError> {
        loop {
            let error = match guarded(|| self.container.format.next_packet()) {
                Ok(Ok(Some(packet))) if packet.track_id == self.container.track => {
                    self.errors = 0;
                    return Ok(Some(packet));
                }
                Ok(Ok(Some(other))) => {
                    self.notice_earlier(&other);
                    continue;
                }
                Ok(Ok(None)) => return Ok(None),
                Ok(Err(Error::ResetRequired)) => {
                    self.begin_next_chain()?;
                    continue;
                }
                Ok(Err(Error::IoError(error))) if error.kind() == ErrorKind::UnexpectedEof => {
                    Warning::note(warnings, self.place(), "the file ends in the middle of its sound");
                    return Ok(None);
                }
                Ok(Err(Error::IoError(source))) if source.raw_os_error().is_some() => {
                    return Err(AudioError::Io { path: self.path.clone(), source });
                }
                Ok(Err(error)) => error.to_string(),
                // After a panic the demuxer is in no state to go on.
                Err(panic) => {
                    Warning::note(warnings, self.place(), &format!("nothing after this can be read: {panic}"));
                    return Ok(None);
                }
            };
            self.errors += 1;
            if self.errors >= MOST_ERRORS {
                Warning::note(warnings, self.place(), &format!("nothing after this can be read: {error}"));
                return Ok(None);
            }
        }
    }

    /// Where the picture begins before the sound, the sound begins with silence.
    fn notice_earlier(&mut self, other: &Packet) {
        if self.good + self.bad > 0 || !self.container.clock_jitters() {
            return;
        }
        let clock = self.container.format.tracks().iter().find(|track| track.id == other.track_id);
        let Some(clock) = clock.and_then(|track| track.time_base) else { return };
        let seconds = f64::from(clock) * other.pts.get() as f64;
        self.due = Some(self.due.map_or(seconds, |due| due.min(seconds)));
    }

    fn begin_next_chain(&mut self) -> Result<(), AudioError> {
        self.container.choose_again().map_err(|error| error.into_error(&self.path))?;
        self.decoder = self.container.decoder().map_err(|error| error.into_error(&self.path))?;
        let rate = self.container.params.sample_rate.unwrap_or(self.rate);
        self.skip = self.container.edit(rate).skip;
        self.trims = u64::from(rate) / 5;
        self.due = None;
        Ok(())
    }

    fn take(
        &mut self,
        mut packet: Packet,
        output: &mut Vec<f32>,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), AudioError> {
        let seconds = self.seconds(packet.pts);
        let before = output.len();
        let pause = self.gap(seconds);
        if pause > 0 {
            (self.wait, self.due, self.held) = (pause, None, Some(packet));
            return Ok(());
        }
        self.distrust_trims(&mut packet);
        if let Some(landing) = self.landing.take() {
            // The packet may begin before the place asked for, but not after it.
            let first = packet.pts.saturating_add(packet.trim_start).get();
            self.skip = u64::try_from(landing.saturating_sub(first))
                .map_err(|_| self.broken("its index points to the wrong place".to_owned()))?;
        }
        let decoded = guarded(|| match self.decoder.decode(&packet) {
            Ok(buffer) => {
                buffer.copy_to_vec_interleaved(&mut self.interleaved);
                Ok((buffer.spec().rate(), buffer.spec().channels().count(), buffer.frames() as u64))
            }
            Err(error) => Err(error.to_string()),
        });
        let frames = match decoded.and_then(|inner| inner) {
            Ok((rate, channels, frames)) => {
                self.check(rate, channels)?;
                self.rate = rate;
                self.good += 1;
                self.frames_of_last = frames;
                self.mixer.mix(&self.interleaved, channels, output);
                frames
            }
            Err(reason) => {
                let lost = self.frames_of(packet.block_dur()).unwrap_or(self.frames_of_last);
                self.damaged(&reason, lost, warnings)?;
                output.resize(output.len() + lost.min(u64::from(self.rate)) as usize, 0.0);
                lost
            }
        };
        let length = self.frames_of(packet.block_dur()).unwrap_or(frames) as f64 / f64::from(self.rate);
        self.due = seconds.map(|seconds| seconds + length);
        self.cut(before, output);
        Ok(())
    }

    /// Leaves out what is not heard of the samples after `before`.
    fn cut(&mut self, before: usize, output: &mut Vec<f32>) {
        let fresh = (output.len() - before) as u64;
        let skipped = self.skip.min(fresh);
        self.skip -= skipped;
        output.drain(before..before + skipped as usize);
        if let Some(left) = &mut self.left {
            output.truncate(before + usize::try_from(*left).unwrap_or(usize::MAX).min(output.len() - before));
            *left -= (output.len() - before) as u64;
        }
        self.given += (output.len() - before) as u64;
    }

    /// MPEG lengths are guesses unless the encoder noted its delay, and even then the file may have been joined
    /// from several: never trim off more than the end of one stream can hold.
    fn distrust_trims(&mut self, packet: &mut Packet) {
        let trim = packet.trim_end.get();
        let guessed = self.container.is_mpeg() && self.container.track().is_none_or(|track| track.delay.is_none());
        if trim > self.trims || guessed {
            packet.trim_end = Duration::ZERO;
        } else {
            self.trims -= trim;
        }
    }

    /// Silence, in samples, between the end of the last packet and one at `seconds`; none where the clock is wrong.
    fn gap(&self, seconds: Option<f64>) -> u64 {
        let shortest = if self.container.clock_jitters() { JITTER } else { ROUNDING };
        let (Some(seconds), Some(due)) = (seconds, self.due) else { return 0 };
        let gap = seconds - due;
        if !self.container.has_clock() || gap <= shortest || gap > LONGEST_GAP {
            return 0;
        }
        (gap * f64::from(self.rate)) as u64
    }

    fn seconds(&self, at: Timestamp) -> Option<f64> {
        let clock = self.container.track()?.time_base?;
        Some(f64::from(clock) * at.get() as f64)
    }

    fn frames_of(&self, duration: Duration) -> Option<u64> {
        let clock = self.container.track()?.time_base?;
        let frames = f64::from(clock) * duration.get() as f64 * f64::from(self.rate);
        (frames >= 1.0).then_some(frames.round() as u64)
    }

    fn check(&self, rate: u32, channels: usize) -> Result<(), AudioError> {
        if !RATES.contains(&rate) {
            return Err(self.broken(format!("it claims {rate} samples a second")));
        }
        if channels > MOST_CHANNELS {
            return Err(self.broken(format!("it claims {channels} channels")));
        }
        Ok(())
    }

    fn damaged(&mut self, reason: &str, lost: u64, warnings: &mut Vec<Warning>) -> Result<(), AudioError> {
        // Packets that only fill the decoder's memory after a seek may lack what came before them.
        if lost > self.skip {
            self.bad += 1;
            Warning::count_packet(warnings, self.place());
        }
        if self.good == 0 && self.bad >= MOST_BAD_FIRST {
            return Err(self.broken(reason.to_owned()));
        }
        // Whatever state the decoder was left in, the next packet starts afresh.
        let decoder = &mut self.decoder;
        if guarded(|| decoder.reset()).is_err() {
            self.decoder = self.container.decoder().map_err(|error| error.into_error(&self.path))?;
        }
        Ok(())
    }
}
