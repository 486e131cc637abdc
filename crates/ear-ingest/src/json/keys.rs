//! The names of fields that some format of ours has.

/// In byte order.
const KEYS: [&str; 105] = [
    "acoustic_model",
    "alternatives",
    "audio_duration",
    "audio_segments",
    "audio_url",
    "avg_logprob",
    "body",
    "channel",
    "channelTag",
    "channel_label",
    "channel_labels",
    "channel_tag",
    "channels",
    "chapters",
    "chunks",
    "confidence",
    "content",
    "detected_language",
    "display_name",
    "duration",
    "duration_ms",
    "elements",
    "end",
    "endOffset",
    "endTime",
    "end_ms",
    "end_offset",
    "end_time",
    "end_ts",
    "end_word",
    "engine",
    "error",
    "from",
    "glued",
    "id",
    "img",
    "items",
    "kind",
    "language",
    "languageCode",
    "language_code",
    "media",
    "media-source",
    "media-time",
    "metadata",
    "model",
    "monologues",
    "name",
    "nanos",
    "no_speech_prob",
    "offsets",
    "p",
    "probability",
    "punctuated_word",
    "response",
    "result",
    "resultEndOffset",
    "resultEndTime",
    "result_end_offset",
    "result_end_time",
    "results",
    "score",
    "seconds",
    "seek",
    "segments",
    "sentences",
    "speaker",
    "speakerLabel",
    "speakerTag",
    "speaker_info",
    "speaker_label",
    "speaker_labels",
    "speaker_tag",
    "speakers",
    "start",
    "startOffset",
    "startTime",
    "start_ms",
    "start_offset",
    "start_time",
    "start_word",
    "status",
    "stretches",
    "task",
    "text",
    "timestamp",
    "timestamps",
    "timing",
    "title",
    "to",
    "toc",
    "tokens",
    "transcript",
    "transcription",
    "transcripts",
    "ts",
    "turns",
    "type",
    "url",
    "utterances",
    "value",
    "version",
    "word",
    "word_segments",
    "words",
];

/// The name of a field that we know: a place in the table above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key(u8);

impl Key {
    /// The key of that name.
    pub fn of(name: &str) -> Option<Self> {
        let place = KEYS.binary_search(&name).ok()?;
        u8::try_from(place).ok().map(Self)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        KEYS[usize::from(self.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found() {
        assert!(KEYS.is_sorted() && KEYS.len() <= 256);
        assert!(KEYS.iter().all(|name| Key::of(name).map(Key::name) == Some(name)));
        assert_eq!(Key::of("colour"), None);
    }
}
