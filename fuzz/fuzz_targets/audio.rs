//! Reads arbitrary bytes as a sound file: whatever they are, no panic leaves the crate and every sample is finite.
#![no_main]

use ear_speech::audio::{Sound, probe};
use libfuzzer_sys::fuzz_target;
use std::fs;

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("ear-fuzz-{}", std::process::id()));
    fs::write(&path, bytes).expect("the folder for temporary files can be written");
    let _ = probe(&path);
    for start in [0, 2_500] {
        let Ok(sound) = Sound::open_at(&path, start) else { continue };
        for block in sound.take(30).map_while(Result::ok) {
            assert!(block.len() <= 16_000 && block.iter().all(|sample| sample.is_finite()));
        }
    }
});
