//! Any sound file as a stream of 16 kHz mono samples, in bounded memory.
//!
//! The way of the data: `container` finds format, track and decoder by the file's content; `decode` turns
//! packets into mono samples (damaged ones into silence of the same length, so that times stay right) and leaves
//! out what the encoder added at the ends; `resample` brings them to 16 kHz. What Symphonia does not know goes
//! through an installed ffmpeg (`ffmpeg`).

mod container;
mod decode;
mod error;
mod ffmpeg;
mod mix;
mod mp4;
mod opus;
mod resample;
mod samples;
mod sniff;
mod tags;

pub use error::AudioError;
pub use tags::{Cover, LARGEST_COVER, LONGEST_TEXT, MOST_CHAPTERS, Tags};

use container::{Container, OpenError};
use decode::{Source, Step};
use ear_core::{Millis, clock};
use ffmpeg::Ffmpeg;
use resample::Resampler;
use sniff::Looks;
use std::{
    fs::File,
    io::Read,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

/// Samples a second of every [`Sound`].
pub const SAMPLE_RATE: u32 = 16_000;
/// Longest sound that is decoded: 24 hours.
pub const LONGEST: Millis = 24 * 3_600_000;
/// Samples of a block: one second.
const BLOCK: usize = SAMPLE_RATE as usize;
/// Samples a millisecond.
const PER_MILLI: u64 = SAMPLE_RATE as u64 / 1000;

/// What a file says of itself, read without decoding it.
#[derive(Clone, Debug, PartialEq)]
pub struct FileInfo {
    /// The container, in words ("MPEG Audio Layer 3 Native", "Ogg").
    pub container: String,
    /// Short name of the codec ("mp3", "opus", "pcm_s16le").
    pub codec: String,
    /// Media type of the file, judged by content ("audio/mpeg").
    pub media_type: String,
    /// The usual extension of such files, without a dot.
    pub extension: &'static str,
    /// Samples a second, in Hz, where the file says it.
    pub sample_rate: Option<u32>,
    /// Channels, where the file says it.
    pub channels: Option<u32>,
    /// Length as announced; decoding may find another.
    pub duration: Option<Millis>,
    /// Title, artist, cover, chapters.
    pub tags: Tags,
}

/// Damage that was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where it lies in the sound.
    pub at: Millis,
    /// What it is, naming the place.
    pub message: String,
    packets: u32,
}

/// Looks at a file without decoding it.
///
/// # Errors
/// As [`Sound::open`], except that damage inside the sound goes unnoticed.
pub fn probe(path: &Path) -> Result<FileInfo, AudioError> {
    let (head, looks) = look(path)?;
    let mut container = match Container::open(path) {
        Ok(container) => container,
        Err(error) => return probe_foreign(path, looks, error),
    };
    // A decoder that cannot be made is an error here too, so that nothing is queued that cannot be heard.
    if let Err(error) = container.decoder() {
        return probe_foreign(path, looks, error);
    }
    let (media_type, extension) = container.media_type(&head);
    let duration = container.duration();
    let tags = guarded(|| tags::read(&mut *container.format, &container.notes, duration)).unwrap_or_default();
    Ok(FileInfo {
        container: container.format.format_info().long_name.to_owned(),
        codec: container.codec_name(),
        media_type: media_type.to_owned(),
        extension,
        sample_rate: container.params.sample_rate,
        channels: container.params.channels.as_ref().and_then(|channels| u32::try_from(channels.count()).ok()),
        duration,
        tags,
    })
}

/// A stream of 16 kHz mono sound: an iterator over blocks of one second, the last one shorter.
///
/// It holds a few seconds of sound at most, whatever the length of the file. After an error it ends.
pub struct Sound {
    path: PathBuf,
    input: Input,
    resampler: Option<Resampler>,
    /// Mono samples at the file's rate, between decoder and resampler.
    decoded: Vec<f32>,
    /// Samples at 16 kHz that do not fill a block yet.
    ready: Vec<f32>,
    /// Samples at 16 kHz still to leave out before the place asked for.
    skip: u64,
    /// Samples from the start of the file to the end of the last block.
    position: u64,
    duration: Option<Millis>,
    warnings: Vec<Warning>,
    state: State,
}

enum Input {
    Native(Box<Source>),
    Foreign(Ffmpeg),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    /// The input has ended; blocks may be left.
    Drained,
    /// Nothing more comes.
    Over,
}

impl Sound {
    /// Opens a file; its content decides how, never its name.
    ///
    /// # Errors
    /// [`AudioError`] names the file and why it gives no sound; damage further on shows as an error of the iterator,
    /// or as a warning where the rest can still be heard.
    pub fn open(path: &Path) -> Result<Self, AudioError> {
        let (_, looks) = look(path)?;
        let opened = Container::open(path).and_then(|container| Source::new(path, container));
        let (input, duration) = match opened {
            Ok(source) => (Input::Native(Box::new(source)), None),
            Err(error) => open_foreign(path, looks, error)?,
        };
        let duration = match &input {
            Input::Native(source) => source.duration(),
            Input::Foreign(_) => duration,
        };
        Ok(Self {
            path: path.to_owned(),
            input,
            resampler: None,
            decoded: Vec::new(),
            ready: Vec::new(),
            skip: 0,
            position: 0,
            duration,
            warnings: Vec::new(),
            state: State::Running,
        })
    }

    /// Opens a file at `start`. The samples are those that [`Sound::open`] would give from there on (to the sample in
    /// time; lossy codecs may differ in the last bits). Where exact seeking is impossible, the sound before `start`
    /// is decoded and left out.
    ///
    /// # Errors
    /// As [`Sound::open`]. A start after the end is no error: such a sound has no blocks.
    pub fn open_at(path: &Path, start: Millis) -> Result<Self, AudioError> {
        let mut sound = Self::open(path)?;
        let start = start.min(LONGEST);
        sound.position = start * PER_MILLI;
        sound.skip = sound.position;
        // Seeking costs more than it saves near the start.
        if start < 2_000 {
            return Ok(sound);
        }
        let Input::Native(source) = &mut sound.input else { return Ok(sound) };
        match source.seek(start) {
            Some(sample) => {
                let rate = u64::from(source.rate().max(1));
                sound.skip -= (sample * u64::from(SAMPLE_RATE) / rate).min(sound.skip);
            }
            None => {
                let source = Container::open(path).and_then(|container| Source::new(path, container));
                sound.input = Input::Native(Box::new(source.map_err(|error| error.into_error(path))?));
            }
        }
        Ok(sound)
    }

    /// Length that the file announces; decoding may find another.
    pub fn duration(&self) -> Option<Millis> {
        self.duration
    }

    /// How far the blocks given so far reach, from the start of the file.
    pub fn position(&self) -> Millis {
        self.position / PER_MILLI
    }

    /// Damage passed over so far.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    fn block(&mut self) -> Result<Option<Vec<f32>>, AudioError> {
        while self.ready.len() < BLOCK && self.state == State::Running {
            self.pull()?;
        }
        if self.ready.is_empty() {
            self.state = State::Over;
            return Ok(None);
        }
        let rest = self.ready.split_off(self.ready.len().min(BLOCK));
        let block = std::mem::replace(&mut self.ready, rest);
        self.position += block.len() as u64;
        if self.position > LONGEST * PER_MILLI {
            return Err(AudioError::TooLong { path: self.path.clone() });
        }
        Ok(Some(block))
    }

    /// Moves one step's sound from the decoder into `ready`.
    fn pull(&mut self) -> Result<(), AudioError> {
        self.decoded.clear();
        let before = self.ready.len();
        let rate = match &mut self.input {
            Input::Native(source) => match source.step(&mut self.decoded, &mut self.warnings)? {
                Step::Samples(rate) => Some(rate),
                Step::End => None,
            },
            Input::Foreign(ffmpeg) => match ffmpeg.read(&mut self.decoded) {
                Ok(true) => Some(SAMPLE_RATE),
                Ok(false) => None,
                Err(source) => return Err(AudioError::Io { path: self.path.clone(), source }),
            },
        };
        let converted = match rate {
            Some(rate) => self.convert(rate),
            None => self.resampler.as_mut().map_or(Ok(()), |resampler| resampler.finish(&mut self.ready)),
        };
        converted.map_err(|error| self.broken(error.to_string()))?;
        let skipped = self.skip.min((self.ready.len() - before) as u64);
        self.ready.drain(before..before + skipped as usize);
        self.skip -= skipped;
        if rate.is_none() {
            self.state = State::Drained;
            self.judge()?;
        }
        Ok(())
    }

    fn convert(&mut self, rate: u32) -> Result<(), resample::ResampleError> {
        if self.resampler.as_ref().is_none_or(|resampler| resampler.rate() != rate) {
            if let Some(old) = &mut self.resampler {
                old.finish(&mut self.ready)?;
            }
            self.resampler = Some(Resampler::new(rate)?);
        }
        let Some(resampler) = &mut self.resampler else { return Ok(()) };
        resampler.push(&self.decoded, &mut self.ready)
    }

    /// At the end: was this a sound at all, and is all of it here?
    fn judge(&mut self) -> Result<(), AudioError> {
        let nothing = self.resampler.is_none();
        match &mut self.input {
            Input::Native(source) => {
                let (good, bad) = source.counts();
                if good == 0 && bad == 0 {
                    let what = "its header announces sound, and none follows";
                    return if nothing { Err(AudioError::Empty { path: self.path.clone(), what }) } else { Ok(()) };
                }
                if bad > good {
                    return Err(self.broken(format!("{bad} of {} packets are damaged", good + bad)));
                }
            }
            Input::Foreign(ffmpeg) => {
                let complaints = ffmpeg.complaints();
                if !complaints.is_empty() {
                    Warning::note(&mut self.warnings, self.position / PER_MILLI, &format!("ffmpeg says: {complaints}"));
                }
            }
        }
        self.notice_cut();
        Ok(())
    }

    fn notice_cut(&mut self) {
        let end = (self.position + self.ready.len() as u64) / PER_MILLI;
        let Some(announced) = self.duration else { return };
        // Lengths guessed from a bit rate are off by some percent.
        if self.skip == 0 && end + 1_000 + announced / 20 < announced {
            let message = format!("the file announces {} and holds {}", clock(announced), clock(end));
            self.warnings.push(Warning { at: end, message, packets: 0 });
        }
    }

    fn broken(&self, reason: String) -> AudioError {
        AudioError::Broken { path: self.path.clone(), at: self.position(), reason }
    }
}

impl Iterator for Sound {
    type Item = Result<Vec<f32>, AudioError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Over {
            return None;
        }
        let block = self.block();
        if block.is_err() {
            self.state = State::Over;
        }
        block.transpose()
    }
}

impl Warning {
    /// Most warnings kept of one sound.
    const MOST: usize = 100;
    /// Damaged packets closer than this are told together.
    const NEAR: Millis = 10_000;

    fn note(warnings: &mut Vec<Self>, at: Millis, what: &str) {
        if warnings.len() < Self::MOST {
            warnings.push(Self { at, message: format!("{what} (at {})", clock(at)), packets: 0 });
        }
    }

    fn count_packet(warnings: &mut Vec<Self>, at: Millis) {
        let full = warnings.len() >= Self::MOST;
        match warnings.iter_mut().rev().find(|warning| warning.packets > 0) {
            Some(last) if full || at < last.at + Self::NEAR => {
                last.packets += 1;
                last.message = Self::packets_skipped(last.packets, last.at);
            }
            _ if full => {}
            _ => warnings.push(Self { at, message: Self::packets_skipped(1, at), packets: 1 }),
        }
    }

    fn packets_skipped(count: u32, at: Millis) -> String {
        let noun = if count == 1 { "packet" } else { "packets" };
        format!("{count} damaged {noun} skipped near {}", clock(at))
    }
}

/// Reads the first bytes of a file and judges them; what cannot be sound is an error already.
fn look(path: &Path) -> Result<(Vec<u8>, Looks), AudioError> {
    let io = |source| AudioError::Io { path: path.to_owned(), source };
    let mut head = Vec::new();
    let file = File::open(path).map_err(io)?;
    file.take(sniff::HEAD as u64).read_to_end(&mut head).map_err(io)?;
    if head.is_empty() {
        return Err(AudioError::Empty { path: path.to_owned(), what: "it has no bytes" });
    }
    match sniff::look(&head) {
        Looks::NotSound(looks_like) => Err(AudioError::NotSound { path: path.to_owned(), looks_like }),
        looks => Ok((head, looks)),
    }
}

/// Starts ffmpeg where Symphonia gave up, and waits for its first samples.
fn open_foreign(path: &Path, looks: Looks, native: OpenError) -> Result<(Input, Option<Millis>), AudioError> {
    if matches!(native, OpenError::Io(_) | OpenError::Refused(_)) {
        return Err(native.into_error(path));
    }
    let duration = match ffmpeg::report(path) {
        Some(report) => sane(report, path)?.duration,
        None => None,
    };
    match Ffmpeg::start_checked(path) {
        None => Err(refused(path, looks, native, None)),
        Some(Err(complaints)) => Err(refused(path, looks, native, Some(complaints))),
        Some(Ok(ffmpeg)) => Ok((Input::Foreign(ffmpeg), duration)),
    }
}

fn probe_foreign(path: &Path, looks: Looks, native: OpenError) -> Result<FileInfo, AudioError> {
    if matches!(native, OpenError::Io(_) | OpenError::Refused(_)) {
        return Err(native.into_error(path));
    }
    let complaints = ffmpeg::is_installed().then(|| "ffmpeg finds no sound in it".to_owned());
    let Some(report) = ffmpeg::report(path) else { return Err(refused(path, looks, native, complaints)) };
    let report = sane(report, path)?;
    let (media_type, extension) = ffmpeg::media_type(&report.container);
    Ok(FileInfo {
        media_type: media_type.to_owned(),
        extension,
        container: report.container,
        codec: report.codec,
        sample_rate: report.sample_rate,
        channels: report.channels,
        duration: report.duration,
        tags: report.tags,
    })
}

/// Keeps the bounds of native decoding for ffmpeg, too.
fn sane(report: ffmpeg::Report, path: &Path) -> Result<ffmpeg::Report, AudioError> {
    let broken = |reason| Err(AudioError::Broken { path: path.to_owned(), at: 0, reason });
    match (report.sample_rate, report.channels) {
        (Some(rate), _) if !container::RATES.contains(&rate) => broken(format!("it claims {rate} samples a second")),
        (_, Some(channels)) if channels as usize > container::MOST_CHANNELS => {
            broken(format!("it claims {channels} channels"))
        }
        _ => Ok(report),
    }
}

/// Words the error when neither Symphonia nor ffmpeg (`complaints`; `None` where it is missing) could help.
fn refused(path: &Path, looks: Looks, native: OpenError, complaints: Option<String>) -> AudioError {
    let why = match &complaints {
        Some(complaints) if complaints.is_empty() => "ffmpeg found no sound in it".to_owned(),
        Some(complaints) => format!("ffmpeg says: {complaints}"),
        None => "it needs ffmpeg, which is not installed".to_owned(),
    };
    match (looks, native) {
        (Looks::Foreign(name), _) => {
            AudioError::Unsupported { path: path.to_owned(), what: format!("it looks like {name}; {why}") }
        }
        // A container that was recognised.
        (_, OpenError::Unknown(what)) if what.contains(": ") && !what.starts_with("core (probe)") => {
            AudioError::Unsupported { path: path.to_owned(), what: format!("{what}; {why}") }
        }
        (_, OpenError::Unknown(_)) => {
            AudioError::NotSound { path: path.to_owned(), looks_like: "data of no known kind" }
        }
        (_, damaged) => damaged.into_error(path),
    }
}

/// Runs code of a decoder that strangers' bytes may drive into a panic; a panic becomes a message.
fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let message = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
        format!("the decoder failed: {}", message.unwrap_or_else(|| "no reason given".to_owned()))
    })
}
