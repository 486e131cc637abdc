//! Reads arbitrary bytes as chapters: whatever they are, there is no panic.
#![no_main]

use ear_ingest::chapters::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((chapters, _)) = parse(bytes) {
        assert!(!chapters.is_empty() && chapters.is_sorted_by_key(|chapter| chapter.start));
    }
});
