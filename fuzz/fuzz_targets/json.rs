//! Reads arbitrary bytes as JSON of any program: whatever they are, there is no panic.
#![no_main]

use ear_ingest::transcript::{Format, TextOptions, detect, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    detect("a.json", bytes);
    if let Ok(parsed) = parse(bytes, Format::Json, &TextOptions::default()) {
        assert!(!parsed.transcript.words.is_empty());
    }
});
