//! Sound files made by hand: every sample is known.

mod audio_support;

use audio_support::{aiff, decode, file, kind, measure, raw_wav, tone, wav, wav_claiming};
use ear_speech::audio::{AudioError, Sound, probe};

/// Decodes and compares length (to a millisecond), loudness and frequency with those of a 440 Hz tone.
fn check_tone(name: &str, bytes: &[u8], seconds: f32) {
    let (_folder, path) = file(name, bytes);
    let samples = decode(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let expected = (seconds * 16_000.0) as i64;
    assert!((samples.len() as i64 - expected).abs() <= 16, "{name}: {} samples, not {expected}", samples.len());
    let (loudness, hertz) = measure(&samples);
    assert!((loudness - 0.353_6).abs() < 0.004, "{name}: loudness {loudness}");
    assert!((hertz - 440.0).abs() < 2.0, "{name}: {hertz} Hz");
}

#[test]
fn every_rate_keeps_length_loudness_and_pitch() {
    for rate in [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000] {
        for channels in [1, 2, 6] {
            let samples = tone(rate, channels, 440.0, rate as usize * 3 / 2);
            check_tone(&format!("{rate}.{channels}.wav"), &wav(rate, channels, &samples), 1.5);
            check_tone(&format!("{rate}.{channels}.aiff"), &aiff(rate, channels, &samples), 1.5);
        }
    }
}

#[test]
fn every_form_of_samples_is_read() {
    let samples = tone(16_000, 1, 440.0, 16_000);
    let of =
        |convert: &dyn Fn(i16) -> Vec<u8>| -> Vec<u8> { samples.iter().flat_map(|sample| convert(*sample)).collect() };
    let float = |sample: i16| f32::from(sample) / 32_768.0;
    for (name, form, bits, data) in [
        ("u8", 1, 8, of(&|x| vec![((i32::from(x) >> 8) + 128) as u8])),
        ("s16", 1, 16, of(&|x| x.to_le_bytes().to_vec())),
        ("s24", 1, 24, of(&|x| (i32::from(x) << 8).to_le_bytes()[..3].to_vec())),
        ("s32", 1, 32, of(&|x| (i32::from(x) << 16).to_le_bytes().to_vec())),
        ("f32", 3, 32, of(&|x| float(x).to_le_bytes().to_vec())),
        ("f64", 3, 64, of(&|x| f64::from(float(x)).to_le_bytes().to_vec())),
    ] {
        check_tone(name, &raw_wav(form, 16_000, 1, bits, &data, data.len() as u32), 1.0);
    }
}

#[test]
fn sound_at_16_khz_passes_untouched() {
    let samples = tone(16_000, 1, 440.0, 20_000);
    let (_folder, path) = file("a.wav", &wav(16_000, 1, &samples));
    let expected: Vec<f32> = samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
    assert_eq!(decode(&path).unwrap(), expected);
    let blocks: Vec<usize> = Sound::open(&path).unwrap().map(|block| block.unwrap().len()).collect();
    assert_eq!(blocks, [16_000, 4_000]);
}

#[test]
fn channels_are_averaged_and_opposite_ones_do_not_cancel() {
    let mono = tone(16_000, 1, 440.0, 16_000);
    let one_sided: Vec<i16> = mono.iter().flat_map(|x| [*x, 0]).collect();
    let (_folder, path) = file("one.wav", &wav(16_000, 2, &one_sided));
    assert!((measure(&decode(&path).unwrap()).0 - 0.176_8).abs() < 0.002);
    let opposite: Vec<i16> = mono.iter().flat_map(|x| [*x, -*x]).collect();
    check_tone("opposite.wav", &wav(16_000, 2, &opposite), 1.0);
}

#[test]
fn headers_that_lie_about_length_are_not_believed() {
    let samples = tone(44_100, 1, 440.0, 44_100);
    for claimed in [0xffff_ffff, 0x7fff_ffff, 1_000_000] {
        let bytes = wav_claiming(44_100, 1, &samples, claimed);
        check_tone("lying.wav", &bytes, 1.0);
        let (_folder, path) = file("lying.wav", &bytes);
        let duration = probe(&path).unwrap().duration.unwrap();
        assert!((1_000..1_010).contains(&duration), "{claimed}: {duration} ms");
    }
}

#[test]
fn a_place_sounds_the_same_whether_sought_or_reached() {
    for rate in [16_000, 44_100, 48_000, 8_000] {
        // A sweep, so that no place is like another.
        let sweep: Vec<i16> = (0..rate * 8)
            .map(|n| n as f64 / f64::from(rate))
            .map(|t| (12_000.0 * (std::f64::consts::TAU * (200.0 * t + 150.0 * t * t)).sin()) as i16)
            .collect();
        let (_folder, path) = file("sweep.wav", &wav(rate, 1, &sweep));
        let whole = decode(&path).unwrap();
        for start in [0, 1, 1_999, 2_000, 2_001, 3_333, 7_900, 8_000, 20_000] {
            let mut sound = Sound::open_at(&path, start).unwrap();
            assert_eq!(sound.position(), start);
            let part: Vec<f32> = sound.by_ref().flat_map(Result::unwrap).collect();
            let expected = &whole[(start as usize * 16).min(whole.len())..];
            assert_eq!(part.len(), expected.len(), "{rate} Hz from {start} ms");
            let worst = part.iter().zip(expected).fold(0f32, |worst, (a, b)| worst.max((a - b).abs()));
            assert!(worst < 1e-4, "{rate} Hz from {start} ms: off by {worst}");
        }
    }
}

#[test]
fn what_gives_no_sound_says_why_and_what_to_do() {
    let zip = b"PK\x03\x04\x14\0\0\0\x08\0".repeat(50);
    let header = wav(16_000, 1, &[]);
    for (name, bytes, expected) in [
        ("nothing.mp3", &b""[..], "empty"),
        ("header.wav", &header, "empty"),
        ("page.mp3", b"<!DOCTYPE html><html><body>404 Not Found</body></html>", "not sound"),
        ("notes.wav", b"These are the minutes of our meeting, not its recording.", "not sound"),
        ("report.m4a", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "not sound"),
        ("book.flac", &zip, "not sound"),
        ("zeros.wav", &[0; 5_000], "not sound"),
        ("cut.wav", &header[..22], "broken"),
        ("many.wav", &wav(16_000, 64, &[0; 640]), "broken"),
    ] {
        let (_folder, path) = file(name, bytes);
        let error = decode(&path).expect_err(name);
        assert_eq!(kind(&error), expected, "{name}: {error}");
        assert!(error.to_string().contains(name), "{error}");
        assert!(error.remedy().ends_with('.'), "{error}");
        if name != "header.wav" {
            assert!(probe(&path).is_err(), "{name}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("absent.mp3"), folder.path().to_owned()] {
        assert!(matches!(decode(&path), Err(AudioError::Io { .. })));
    }
}

#[test]
fn a_file_cut_short_gives_what_it_has() {
    let samples = tone(22_050, 1, 440.0, 22_050 * 10);
    let bytes = wav(22_050, 1, &samples);
    let half = &bytes[..bytes.len() / 2 + 1];
    check_tone("half.wav", half, 5.0);
}

#[test]
fn a_file_says_what_it_is() {
    let (_folder, path) = file("named.mp3", &wav(44_100, 2, &tone(44_100, 2, 440.0, 44_100)));
    let info = probe(&path).unwrap();
    assert_eq!((info.media_type.as_str(), info.extension, info.codec.as_str()), ("audio/wav", "wav", "pcm_s16le"));
    assert_eq!((info.sample_rate, info.channels, info.duration), (Some(44_100), Some(2), Some(1_000)));
}

#[test]
fn what_is_not_known_goes_through_ffmpeg_where_it_is_installed() {
    // Sun's format: 24 bytes of header, 16-bit big-endian samples.
    let mut bytes = b".snd".to_vec();
    for word in [24, 88_200, 3, 44_100, 1u32] {
        bytes.extend(word.to_be_bytes());
    }
    bytes.extend(tone(44_100, 1, 440.0, 44_100).iter().flat_map(|sample| sample.to_be_bytes()));
    let (_folder, path) = file("named.wav", &bytes);
    match decode(&path) {
        Ok(samples) => {
            assert!((measure(&samples).1 - 440.0).abs() < 2.0);
            assert!((samples.len() as i64 - 16_000).abs() <= 16);
            let rest: usize = Sound::open_at(&path, 600).unwrap().map(|block| block.unwrap().len()).sum();
            assert_eq!(rest, samples.len() - 600 * 16);
            // Dropped in the middle, it ends without waiting for the rest.
            assert!(Sound::open(&path).unwrap().next().is_some());
        }
        Err(error) => {
            assert_eq!(kind(&error), "unsupported", "{error}");
            assert!(error.to_string().contains("a Sun audio file"), "{error}");
            assert!(error.remedy().contains("Install ffmpeg"), "{}", error.remedy());
        }
    }
}
