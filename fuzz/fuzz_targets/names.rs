//! Reads arbitrary text as a list of names: whatever it is, there is no panic.
#![no_main]

use ear_ingest::names::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (names, _) = parse(text);
    assert!(names.iter().all(|entry| !entry.name.is_empty() && !entry.variants.contains(&entry.name)));
});
