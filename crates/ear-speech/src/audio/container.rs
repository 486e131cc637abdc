//! Opening a file with Symphonia: which container, which track, which decoder.

use super::{AudioError, guarded, mp4, opus::OpusDecoder, opus::OpusHead};
use ear_core::Millis;
use std::{
    fs::File,
    io::{self, ErrorKind},
    path::Path,
    sync::LazyLock,
};
use symphonia::core::{
    codecs::{
        CodecParameters,
        audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions, well_known::CODEC_ID_OPUS},
        registry::CodecRegistry,
    },
    common::Limit,
    errors::Error,
    formats::{
        FormatId, FormatOptions, FormatReader, Track, TrackType,
        probe::{Hint, Probe, ProbeOptions},
        well_known::{
            FORMAT_ID_ADTS, FORMAT_ID_AIFF, FORMAT_ID_CAF, FORMAT_ID_FLAC, FORMAT_ID_ISOMP4, FORMAT_ID_MKV,
            FORMAT_ID_MP1, FORMAT_ID_MP2, FORMAT_ID_MP3, FORMAT_ID_OGG, FORMAT_ID_WAVE,
        },
    },
    io::MediaSourceStream,
    meta::MetadataOptions,
};

/// Sample rates that are decoded, in Hz.
pub(super) const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;
/// Most channels that are mixed.
pub(super) const MOST_CHANNELS: usize = 32;
/// How far into a file its format is searched: after this much junk, what looks like a format is chance.
const PROBE_DEPTH: u32 = 128 * 1024;

static CODECS: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut registry = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut registry);
    registry.register_audio_decoder::<OpusDecoder>();
    registry
});

static PROBE: LazyLock<Probe> = LazyLock::new(|| {
    let mut probe = Probe::new_with_options(&ProbeOptions { max_probe_depth: PROBE_DEPTH, ..ProbeOptions::default() });
    symphonia::default::register_enabled_formats(&mut probe);
    probe
});

/// Why a container could not be opened; decides whether something else is tried.
#[derive(Debug)]
pub(super) enum OpenError {
    /// Not a format or codec that Symphonia knows.
    Unknown(String),
    /// A known format, damaged.
    Damaged(String),
    /// Beyond the bounds that are kept here; nothing else is tried.
    Refused(String),
    /// The disk failed.
    Io(io::Error),
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        match error {
            Error::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Self::Damaged("the file ends inside its header".to_owned())
            }
            // Symphonia wraps its own findings into errors without a cause of the operating system.
            Error::IoError(error) if error.raw_os_error().is_none() => Self::Damaged(error.to_string()),
            Error::IoError(error) => Self::Io(error),
            Error::Unsupported(what) => Self::Unknown(what.to_owned()),
            other => Self::Damaged(other.to_string()),
        }
    }
}

/// An open file: its demuxer, the track that is heard, and what was found out about it.
pub(super) struct Container {
    pub format: Box<dyn FormatReader>,
    pub track: u32,
    pub params: AudioCodecParameters,
    /// Where the sound of the track begins and ends, from MP4 edit lists.
    pub notes: mp4::Mp4Notes,
    /// Size of the file in bytes.
    pub size: u64,
}

impl Container {
    /// Opens `path`, whatever its name says.
    pub(super) fn open(path: &Path) -> Result<Self, OpenError> {
        let file = File::open(path).map_err(OpenError::Io)?;
        let size = file.metadata().map_err(OpenError::Io)?.len();
        let source = MediaSourceStream::new(Box::new(file), Default::default());
        let limits = MetadataOptions::default()
            .limit_tag_bytes(Limit::Maximum(1 << 20))
            .limit_visual_bytes(Limit::Maximum(super::LARGEST_COVER));
        let opened = guarded(|| PROBE.probe(&Hint::new(), source, FormatOptions::default(), limits));
        let format = opened.map_err(OpenError::Damaged)??;
        let (track, params) = choose_track(&*format)?;
        let notes = if format.format_info().format == FORMAT_ID_ISOMP4 {
            mp4::read(File::open(path).map_err(OpenError::Io)?)
        } else {
            mp4::Mp4Notes::default()
        };
        Ok(Self { format, track, params, notes, size })
    }

    /// The track that is heard.
    pub(super) fn track(&self) -> Option<&Track> {
        self.format.tracks().iter().find(|track| track.id == self.track)
    }

    /// A decoder for the track.
    pub(super) fn decoder(&self) -> Result<Box<dyn AudioDecoder>, OpenError> {
        check_channels(&self.params)?;
        let made = guarded(|| CODECS.make_audio_decoder(&self.params, &AudioDecoderOptions::default()));
        Ok(made.map_err(OpenError::Damaged)??)
    }

    /// After the tracks have changed (a chained Ogg file): the new track.
    pub(super) fn choose_again(&mut self) -> Result<(), OpenError> {
        (self.track, self.params) = choose_track(&*self.format)?;
        Ok(())
    }

    /// Which samples of the decoded track are heard: how many to leave out at the start, how much silence comes
    /// first, and how many seconds are left, where that is known.
    pub(super) fn edit(&self, rate: u32) -> Heard {
        if let Some(edit) = self.notes.edits.iter().find(|edit| edit.track == self.track) {
            let seconds =
                |seconds: f64| (seconds * f64::from(rate)).round().clamp(0.0, 3_600.0 * f64::from(rate)) as u64;
            return Heard { skip: seconds(edit.skip), wait: seconds(edit.wait), seconds: edit.length };
        }
        let skip = if self.params.codec == CODEC_ID_OPUS {
            self.params.extra_data.as_deref().and_then(OpusHead::read).map_or(0, |head| u64::from(head.pre_skip))
        } else {
            0
        };
        Heard { skip, ..Heard::default() }
    }

    /// The length that the file announces. A wave file that was never closed announces as much as its header
    /// can hold; it is as long as its bytes.
    pub(super) fn duration(&self) -> Option<Millis> {
        let track = self.track()?;
        let rate = self.params.sample_rate.filter(|rate| *rate > 0);
        let by_edit = self.notes.edits.iter().find(|edit| edit.track == self.track).and_then(|edit| {
            let length = edit.length?;
            Some(((edit.wait + length) * 1000.0) as Millis)
        });
        let by_clock = || {
            let time = track.time_base?.calc_duration(track.duration?)?;
            Millis::try_from(time.as_millis()).ok().filter(|millis| *millis > 0)
        };
        let by_frames =
            || track.num_frames?.saturating_mul(1000).checked_div(u64::from(rate?)).filter(|millis| *millis > 0);
        let by_container = || {
            let info = self.format.media_info();
            let time = info.time_base?.calc_duration(info.duration?)?;
            Millis::try_from(time.as_millis()).ok().filter(|millis| *millis > 0)
        };
        let announced = by_edit.or_else(by_clock).or_else(by_frames).or_else(by_container);
        announced.into_iter().chain(self.longest_by_size()).min()
    }

    /// How long uncompressed sound can be at most in a file of this size.
    fn longest_by_size(&self) -> Option<Millis> {
        if !matches!(self.format_id(), FORMAT_ID_WAVE | FORMAT_ID_AIFF) {
            return None;
        }
        let bits = u64::from(self.params.bits_per_coded_sample.or(self.params.bits_per_sample)?);
        let channels = self.params.channels.as_ref()?.count() as u64;
        let bits_per_second = bits * channels * u64::from(self.params.sample_rate?);
        (self.size.saturating_mul(8_000)).checked_div(bits_per_second)
    }

    pub(super) fn format_id(&self) -> FormatId {
        self.format.format_info().format
    }

    /// Whether times of packets come from the file, so that gaps between them are gaps in the sound.
    pub(super) fn has_clock(&self) -> bool {
        matches!(self.format_id(), FORMAT_ID_OGG | FORMAT_ID_MKV | FORMAT_ID_ISOMP4 | FORMAT_ID_FLAC)
    }

    /// Whether those times are rounded.
    pub(super) fn clock_jitters(&self) -> bool {
        self.format_id() == FORMAT_ID_MKV
    }

    /// Whether a packet's time is exact to the sample, so that seeking is.
    pub(super) fn seeks_exactly(&self) -> bool {
        matches!(self.format_id(), FORMAT_ID_WAVE | FORMAT_ID_AIFF | FORMAT_ID_FLAC | FORMAT_ID_MP3 | FORMAT_ID_ISOMP4)
    }

    pub(super) fn is_mpeg(&self) -> bool {
        matches!(self.format_id(), FORMAT_ID_MP1 | FORMAT_ID_MP2 | FORMAT_ID_MP3)
    }

    /// Short name of the codec ("mp3", "opus"), or what stands for it.
    pub(super) fn codec_name(&self) -> String {
        let known = CODECS.get_audio_decoder(self.params.codec);
        known.map_or_else(|| self.params.codec.to_string(), |known| known.codec.info.short_name.to_owned())
    }

    /// Media type and usual extension.
    pub(super) fn media_type(&self, head: &[u8]) -> (&'static str, &'static str) {
        let video = self.format.tracks().iter().any(|track| track.track_type() == Some(TrackType::Video));
        let webm = head.windows(4).any(|bytes| bytes == b"webm");
        match self.format_id() {
            FORMAT_ID_WAVE => ("audio/wav", "wav"),
            FORMAT_ID_AIFF => ("audio/aiff", "aiff"),
            FORMAT_ID_CAF => ("audio/x-caf", "caf"),
            FORMAT_ID_FLAC => ("audio/flac", "flac"),
            FORMAT_ID_ADTS => ("audio/aac", "aac"),
            FORMAT_ID_MP1 | FORMAT_ID_MP2 | FORMAT_ID_MP3 => ("audio/mpeg", "mp3"),
            FORMAT_ID_OGG if self.params.codec == CODEC_ID_OPUS => ("audio/ogg", "opus"),
            FORMAT_ID_OGG => ("audio/ogg", "ogg"),
            FORMAT_ID_ISOMP4 if video => ("video/mp4", "mp4"),
            FORMAT_ID_ISOMP4 => ("audio/mp4", "m4a"),
            FORMAT_ID_MKV if webm && video => ("video/webm", "webm"),
            FORMAT_ID_MKV if webm => ("audio/webm", "webm"),
            FORMAT_ID_MKV if video => ("video/x-matroska", "mkv"),
            FORMAT_ID_MKV => ("audio/x-matroska", "mka"),
            _ => ("application/octet-stream", "bin"),
        }
    }
}

/// See [`Container::edit`].
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Heard {
    pub skip: u64,
    pub wait: u64,
    pub seconds: Option<f64>,
}

fn choose_track(format: &dyn FormatReader) -> Result<(u32, AudioCodecParameters), OpenError> {
    let decodable = |track: &&Track| matches!(&track.codec_params, Some(CodecParameters::Audio(params)) if CODECS.get_audio_decoder(params.codec).is_some());
    let default = format.default_track(TrackType::Audio).filter(decodable);
    let Some(track) = default.or_else(|| format.tracks().iter().find(decodable)) else {
        let sound = format.tracks().iter().any(|track| track.track_type() == Some(TrackType::Audio));
        let why = if sound { "its codec is not known" } else { "it has no sound track" };
        return Err(OpenError::Unknown(format!("{}: {why}", format.format_info().long_name)));
    };
    match &track.codec_params {
        Some(CodecParameters::Audio(params)) => Ok((track.id, params.clone())),
        _ => Err(OpenError::Unknown("it has no sound track".to_owned())),
    }
}

fn check_channels(params: &AudioCodecParameters) -> Result<(), OpenError> {
    let channels = params.channels.as_ref().map_or(1, |channels| channels.count());
    if !(1..=MOST_CHANNELS).contains(&channels) {
        return Err(OpenError::Refused(format!("it claims {channels} channels")));
    }
    match params.sample_rate {
        Some(rate) if !RATES.contains(&rate) => Err(OpenError::Refused(format!("it claims {rate} samples a second"))),
        _ => Ok(()),
    }
}

impl OpenError {
    /// The error that the caller sees when nothing else could open the file either.
    pub(super) fn into_error(self, path: &Path) -> AudioError {
        let path = path.to_owned();
        match self {
            Self::Unknown(what) => AudioError::Unsupported { path, what },
            Self::Damaged(reason) | Self::Refused(reason) => AudioError::Broken { path, at: 0, reason },
            Self::Io(source) => AudioError::Io { path, source },
        }
    }
}
