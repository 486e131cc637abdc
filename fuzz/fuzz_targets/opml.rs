//! Reads arbitrary bytes as a list of feeds: whatever they are, there is no panic.
#![no_main]

use ear_ingest::feed::opml;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((links, _)) = opml(bytes) {
        assert!(!links.is_empty() && links.iter().all(|link| link.url.contains(':')));
    }
});
