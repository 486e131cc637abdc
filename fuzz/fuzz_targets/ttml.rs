//! Reads arbitrary bytes as Timed Text: whatever they are, there is no panic.
#![no_main]

use ear_ingest::transcript::{Format, TextOptions, detect, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    detect("a.ttml", bytes);
    if let Ok(parsed) = parse(bytes, Format::Ttml, &TextOptions::default()) {
        assert!(!parsed.transcript.words.is_empty());
    }
});
