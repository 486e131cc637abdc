//! Damaged files: whatever the bytes, no panic leaves the crate, and memory stays bounded.

mod audio_support;

use audio_support::{decode, file, raw_wav, testdata, tone, wav};
use ear_speech::audio::{AudioError, Sound, probe};
use proptest::prelude::*;

/// Does all that can be done with a file; the blocks must be finite and bounded.
fn exercise(bytes: &[u8]) {
    let (_folder, path) = file("sound", bytes);
    if let Ok(info) = probe(&path) {
        assert!(info.tags.chapters.len() <= 1_000);
    }
    for start in [0, 2_500] {
        let Ok(sound) = Sound::open_at(&path, start) else { continue };
        for block in sound {
            let Ok(block) = block else { break };
            assert!(block.len() <= 16_000 && block.iter().all(|sample| sample.is_finite()));
        }
    }
}

/// The most memory that this process has held; 0 where the system does not tell.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|text| text.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1_024
}

/// The beginnings that lead into the different demuxers.
fn beginnings() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(vec![
        &b""[..],
        b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0",
        b"FORM\0\0\xff\xffAIFFCOMM\0\0\0\x12",
        b"fLaC\0\0\0\x22",
        b"OggS\0\x02\0\0\0\0\0\0\0\0",
        b"ID3\x04\0\0\0\0\x01\0",
        b"\xff\xfb\x90\x64",
        b"\xff\xf1\x50\x80",
        b"\0\0\0\x20ftypM4A \0\0\0\0\0\0\x10\0moov",
        b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm",
        b"caff\0\x01\0\0desc",
    ])
    .prop_map(<[u8]>::to_vec)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    #[test]
    fn arbitrary_bytes_are_survived(mut bytes in beginnings(), rest in prop::collection::vec(any::<u8>(), 0..3_000)) {
        bytes.extend(rest);
        exercise(&bytes);
        prop_assert!(peak_megabytes() < 400);
    }

    #[test]
    fn wave_headers_of_any_value_are_survived(
        form in prop_oneof![Just(1u16), Just(2), Just(3), Just(6), Just(7), Just(17), Just(0xfffe), any::<u16>()],
        rate in prop_oneof![Just(0u32), Just(1), Just(16_000), Just(u32::MAX), any::<u32>()],
        channels in prop_oneof![0u16..4, any::<u16>()],
        bits in prop_oneof![Just(0u16), Just(4), Just(8), Just(16), Just(24), Just(32), any::<u16>()],
        claimed in any::<u32>(),
        data in prop::collection::vec(any::<u8>(), 0..2_000),
    ) {
        let mut bytes = raw_wav(1, 16_000, 1, 16, &data, claimed);
        bytes[20..22].copy_from_slice(&form.to_le_bytes());
        bytes[22..24].copy_from_slice(&channels.to_le_bytes());
        bytes[24..28].copy_from_slice(&rate.to_le_bytes());
        bytes[34..36].copy_from_slice(&bits.to_le_bytes());
        exercise(&bytes);
        prop_assert!(peak_megabytes() < 400);
    }

    #[test]
    fn changed_wave_files_are_survived(changes in prop::collection::vec((0usize..64, any::<u8>()), 1..6)) {
        let mut bytes = wav(44_100, 2, &tone(44_100, 2, 440.0, 4_410));
        for (place, value) in changes {
            bytes[place] = value;
        }
        exercise(&bytes);
    }
}

#[test]
fn real_files_cut_anywhere_are_survived() {
    let Some(folder) = testdata("audio_formats") else { return };
    for name in [
        "p001.aac",
        "p001.aiff",
        "p001.flac",
        "p001.mp3",
        "p001.mp4",
        "p001.ogg",
        "p001.opus",
        "p001.opus.webm",
        "p001.webm",
    ] {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        for share in [1, 3, 10, 50, 333, 500, 777, 990] {
            exercise(&bytes[..bytes.len() * share / 1_000]);
        }
    }
}

#[test]
fn real_files_with_holes_keep_their_times() {
    let Some(folder) = testdata("audio_formats") else { return };
    // Frames of MPEG and ADTS streams bear no times: what is lost there shortens the sound.
    for (name, loss) in [
        ("p001.flac", 30),
        ("p001.mp3", 300),
        ("p001.mp4", 30),
        ("p001.ogg", 30),
        ("p001.opus", 30),
        ("p001.webm", 30),
        ("p001.aac", 300),
    ] {
        let mut bytes = std::fs::read(folder.join(name)).unwrap();
        let (from, to) = (bytes.len() / 2, bytes.len() / 2 + 1_500);
        let mut noise = 12_345u32;
        for byte in &mut bytes[from..to] {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (noise >> 24) as u8;
        }
        let (_folder, path) = file("holed", &bytes);
        match decode(&path) {
            Ok(samples) => {
                let length = samples.len() as i64 / 16;
                eprintln!("{name}: {length} ms");
                let whole = decode(&folder.join(name)).unwrap().len() as i64 / 16;
                assert!((length - whole).abs() <= loss, "{name}: {length} ms of {whole}");
            }
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

#[test]
fn a_file_of_mostly_damage_is_refused() {
    let Some(folder) = testdata("audio_formats") else { return };
    let mut bytes = std::fs::read(folder.join("p001.mp4")).unwrap();
    let end = bytes.len() * 9 / 10;
    for byte in &mut bytes[4_000..end] {
        *byte = byte.wrapping_mul(31).wrapping_add(7);
    }
    let (_folder, path) = file("mostly.mp4", &bytes);
    let error = decode(&path).expect_err("mostly damaged");
    assert!(matches!(error, AudioError::Broken { .. }), "{error}");
}
