//! Reads arbitrary bytes as a feed: whatever they are, there is no panic, and every item has a key of its own.
#![no_main]

use ear_ingest::feed::{FeedOptions, detect, parse};
use libfuzzer_sys::fuzz_target;
use std::collections::HashSet;

fuzz_target!(|bytes: &[u8]| {
    detect(bytes);
    if let Ok(parsed) = parse(bytes, &FeedOptions { base: Some("https://example.com/a/b"), content_type: None }) {
        let keys: HashSet<&str> = parsed.feed.items.iter().map(|item| item.key.as_str()).collect();
        assert_eq!(keys.len(), parsed.feed.items.len());
    }
});
