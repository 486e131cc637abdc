//! Opus for Symphonia, which demuxes it but does not decode it. The codec is `ropus`, a port of the reference
//! implementation to Rust; the identification header is that of RFC 7845, section 5.1.

use ropus::{Channels as Layout, DecodeMode, Decoder, OpusMSDecoder};
use symphonia::core::{
    audio::{AsGenericAudioBufferRef, AudioBuffer, AudioMut, AudioSpec, Channels, GenericAudioBufferRef},
    codecs::{
        CodecInfo,
        audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions, FinalizeResult, well_known::CODEC_ID_OPUS},
        registry::{RegisterableAudioDecoder, SupportedAudioCodec},
    },
    errors::{Error, Result, decode_error, unsupported_error},
    packet::PacketRef,
};

/// Opus always decodes at 48 kHz.
const RATE: u32 = 48_000;
/// Samples of the longest packet, 120 ms, in one channel.
const LONGEST_PACKET: usize = 5_760;

/// The parts of an identification header that matter here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OpusHead {
    /// Channels after decoding.
    pub channels: u8,
    /// Samples at 48 kHz to leave out at the start.
    pub pre_skip: u16,
    /// Streams, how many of them are stereo, and where each channel comes from; absent for mono and stereo.
    streams: Option<(u8, u8, Vec<u8>)>,
}

impl OpusHead {
    /// Reads a header; `None` if it is damaged. MP4 files write it in big-endian order, as version 0.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(b"OpusHead")?;
        let [version, channels, low, high, _, _, _, _, _, _, family, rest @ ..] = rest else { return None };
        let pre_skip =
            if *version == 0 { u16::from_be_bytes([*low, *high]) } else { u16::from_le_bytes([*low, *high]) };
        let streams = match (family, rest) {
            (0, _) if matches!(channels, 1 | 2) => None,
            (1..=254, [streams, coupled, mapping @ ..]) if *channels > 0 => {
                Some((*streams, *coupled, mapping.get(..usize::from(*channels))?.to_vec()))
            }
            _ => return None,
        };
        Some(Self { channels: *channels, pre_skip, streams })
    }
}

enum Codec {
    Simple(Box<Decoder>),
    Streams(Box<OpusMSDecoder>),
}

/// Decodes the packets of one Opus track.
pub(super) struct OpusDecoder {
    params: AudioCodecParameters,
    head: OpusHead,
    codec: Codec,
    floats: Vec<f32>,
    whole: Vec<i16>,
    decoded: AudioBuffer<f32>,
}

impl OpusDecoder {
    fn new(params: &AudioCodecParameters) -> Result<Self> {
        let from_header = params.extra_data.as_deref().and_then(OpusHead::read);
        let count = params.channels.as_ref().map_or(2, Channels::count);
        let head = match (from_header, count) {
            (Some(head), _) => head,
            (None, 1 | 2) => OpusHead { channels: count as u8, pre_skip: 0, streams: None },
            (None, _) => return unsupported_error("opus: no header tells its channels apart"),
        };
        let channels = usize::from(head.channels);
        let spec = AudioSpec::new(RATE, Channels::Discrete(u16::from(head.channels)));
        Ok(Self {
            params: params.clone(),
            codec: codec(&head)?,
            floats: vec![0.0; LONGEST_PACKET * channels],
            whole: vec![0; LONGEST_PACKET * channels],
            head,
            decoded: AudioBuffer::new(spec, LONGEST_PACKET),
        })
    }

    /// Decodes into `self.floats` and returns the samples of each channel.
    fn decode_packet(&mut self, data: &[u8]) -> Result<usize> {
        if data.is_empty() {
            return decode_error("opus: empty packet");
        }
        match &mut self.codec {
            Codec::Simple(decoder) => decoder
                .decode_float(data, &mut self.floats, DecodeMode::Normal)
                .map_err(|_| Error::DecodeError("opus: damaged packet")),
            Codec::Streams(decoder) => {
                let length = i32::try_from(data.len()).map_err(|_| Error::DecodeError("opus: packet too large"))?;
                let frames = decoder
                    .decode(Some(data), length, &mut self.whole, LONGEST_PACKET as i32, false)
                    .map_err(|_| Error::DecodeError("opus: damaged packet"))?;
                for (float, whole) in self.floats.iter_mut().zip(&self.whole) {
                    *float = f32::from(*whole) / 32_768.0;
                }
                Ok(usize::try_from(frames).unwrap_or(0))
            }
        }
    }
}

fn codec(head: &OpusHead) -> Result<Codec> {
    let refused = Error::Unsupported("opus: impossible channels");
    match &head.streams {
        None => {
            let layout = if head.channels == 1 { Layout::Mono } else { Layout::Stereo };
            Decoder::new(RATE, layout).map(|decoder| Codec::Simple(Box::new(decoder))).map_err(|_| refused)
        }
        Some((streams, coupled, mapping)) => {
            OpusMSDecoder::new(RATE as i32, head.channels.into(), (*streams).into(), (*coupled).into(), mapping)
                .map(|decoder| Codec::Streams(Box::new(decoder)))
                .map_err(|_| refused)
        }
    }
}

impl AudioDecoder for OpusDecoder {
    fn reset(&mut self) {
        // A decoder that was made once from this header can be made again.
        if let Ok(codec) = codec(&self.head) {
            self.codec = codec;
        }
    }

    fn codec_info(&self) -> &CodecInfo {
        &SUPPORTED[0].info
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.params
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.decoded.clear();
        let frames = self.decode_packet(packet.data)?.min(LONGEST_PACKET);
        let channels = usize::from(self.head.channels);
        self.decoded.resize_uninit(frames);
        self.decoded.copy_from_slice_interleaved(&&self.floats[..frames * channels]);
        let trim = |duration: u64| usize::try_from(duration).unwrap_or(usize::MAX).min(frames);
        let (start, end) = (trim(packet.trim_start.get()), trim(packet.trim_end.get()));
        self.decoded.trim(start, end.min(frames - start));
        Ok(self.decoded.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.decoded.as_generic_audio_buffer_ref()
    }
}

impl RegisterableAudioDecoder for OpusDecoder {
    fn try_registry_new(params: &AudioCodecParameters, _: &AudioDecoderOptions) -> Result<Box<dyn AudioDecoder>> {
        Ok(Box::new(Self::new(params)?))
    }

    fn supported_codecs() -> &'static [SupportedAudioCodec] {
        SUPPORTED
    }
}

static SUPPORTED: &[SupportedAudioCodec] = &[SupportedAudioCodec {
    id: CODEC_ID_OPUS,
    info: CodecInfo { short_name: "opus", long_name: "Opus", profiles: &[] },
}];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_channels_and_pre_skip() {
        let stereo = b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0";
        assert_eq!(OpusHead::read(stereo), Some(OpusHead { channels: 2, pre_skip: 312, streams: None }));
        let in_mp4 = b"OpusHead\0\x01\x01\x38\0\0\xbb\x80\0\0\0";
        assert_eq!(OpusHead::read(in_mp4), Some(OpusHead { channels: 1, pre_skip: 312, streams: None }));
        let three = b"OpusHead\x01\x03\x38\x01\x80\xbb\0\0\0\0\x01\x02\x01\0\x02\x01";
        let streams = Some((2, 1, vec![0, 2, 1]));
        assert_eq!(OpusHead::read(three), Some(OpusHead { channels: 3, pre_skip: 312, streams }));
        for broken in [&stereo[..18], &three[..22], b"OpusTags", b"OpusHead\x01\x03\x38\x01\x80\xbb\0\0\0\0\0"] {
            assert_eq!(OpusHead::read(broken), None);
        }
    }
}
