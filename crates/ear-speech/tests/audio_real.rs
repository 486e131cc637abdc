//! Real files of every codec: lengths, places, chapters, damage.

mod audio_support;

use audio_support::{decode, kind, lag, testdata};
use ear_speech::audio::{Sound, probe};

/// Length in milliseconds, or the kind of error.
type Expected = Result<i64, &'static str>;

#[test]
fn every_format_has_its_length() {
    let Some(folder) = testdata("audio_formats") else { return };
    let table: &[(&str, Expected)] = &[
        ("evil.wav", Err("broken")),
        ("exact.5600.16000.wav", Ok(5_600)),
        ("lying_name.wav", Ok(8_995)),
        ("mono.16000.wav", Ok(53_267)),
        ("mono.22050.wav", Ok(53_267)),
        ("mono.empty.wav", Err("empty")),
        ("mono.invalid.wav", Err("broken")),
        ("mono.zero.wav", Err("empty")),
        ("null.wav", Err("empty")),
        ("p001.aac", Ok(9_033)),
        ("p001.aiff", Ok(8_995)),
        ("p001.empty", Err("empty")),
        ("p001.flac", Ok(8_995)),
        ("p001.mp3", Ok(8_995)),
        ("p001.mp4", Ok(8_995)),
        ("p001.ogg", Ok(8_995)),
        ("p001.opus", Ok(8_995)),
        ("p001.opus.webm", Ok(9_003)),
        ("p001.wav", Ok(8_995)),
        ("p001.webm", Ok(8_998)),
        ("truncated.mp3", Ok(7_430)),
        ("chapters/30sec.mp3", Ok(30_000)),
        ("chapters/3sec.mp3", Ok(3_056)),
        ("chapters/auphonic.m4a", Ok(10_054)),
        ("chapters/auphonic.mp3", Ok(10_000)),
        ("chapters/ffmpeg-txxx-comment.mp3", Ok(5_930)),
        ("chapters/hindenburg-journalist-pro.m4a", Ok(10_054)),
        ("chapters/hindenburg-journalist-pro.mp3", Ok(10_040)),
        ("chapters/mp3chaps-py.mp3", Ok(12_140)),
        ("chapters/nero-chapters.m4a", Ok(10_054)),
        ("chapters/track1.mp3", Ok(10_000)),
        ("chapters/track2.mp3", Ok(10_000)),
    ];
    let mut wrong = Vec::new();
    for (name, expected) in table {
        let found = decode(&folder.join(name)).map(|samples| samples.len() as i64 / 16);
        let found = found.as_ref().map(|length| *length).map_err(kind);
        let right = match (found, expected) {
            (Ok(found), Ok(expected)) => (found - expected).abs() <= 50,
            (found, expected) => found == *expected,
        };
        if !right {
            wrong.push(format!("{name}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_codecs_sound_at_the_same_time() {
    let Some(folder) = testdata("audio_formats") else { return };
    let reference = decode(&folder.join("p001.wav")).unwrap();
    // An ADTS stream cannot say how much its encoder put before the sound: 1,024 samples of 44.1 kHz stay.
    for (name, reach, agreement) in [
        ("p001.aiff", 0, 0.999),
        ("p001.flac", 0, 0.999),
        ("p001.mp3", 16, 0.95),
        ("lying_name.wav", 16, 0.95),
        ("p001.mp4", 16, 0.95),
        ("p001.ogg", 16, 0.95),
        ("p001.opus", 16, 0.95),
        ("p001.opus.webm", 16, 0.95),
        ("p001.webm", 16, 0.95),
        ("p001.aac", 750, 0.95),
    ] {
        let (lag, agrees) = lag(&reference, &decode(&folder.join(name)).unwrap(), 800);
        eprintln!("{name}: {lag} samples late, agreement {agrees:.4}");
        assert!(lag.abs() <= reach && agrees > agreement, "{name}: {lag} samples late, agreement {agrees:.4}");
    }
}

#[test]
fn places_in_every_codec_are_exact() {
    let Some(folder) = testdata("audio_formats") else { return };
    for name in
        ["p001.wav", "p001.aiff", "p001.flac", "p001.mp3", "p001.mp4", "p001.ogg", "p001.opus", "p001.webm", "p001.aac"]
    {
        let path = folder.join(name);
        let whole = decode(&path).unwrap();
        for start in [2_500u64, 4_321, 7_777] {
            let part: Vec<f32> = Sound::open_at(&path, start).unwrap().flat_map(Result::unwrap).collect();
            let expected = &whole[start as usize * 16..];
            assert_eq!(part.len(), expected.len(), "{name} from {start}");
            let worst = part.iter().zip(expected).fold(0f32, |worst, (a, b)| worst.max((a - b).abs()));
            assert!(worst < 1e-3, "{name} from {start}: off by {worst}");
        }
    }
}

#[test]
fn chapters_and_titles_are_read() {
    let Some(folder) = testdata("audio_formats/chapters") else { return };
    let check = |name: &str, title: &str, cover: Option<&str>, chapters: &[(u64, &str)]| {
        let tags = probe(&folder.join(name)).unwrap().tags;
        assert_eq!(tags.title.as_deref(), Some(title), "{name}");
        assert_eq!(tags.cover.as_ref().map(|cover| cover.media_type.as_str()), cover, "{name}");
        let found: Vec<_> = tags.chapters.iter().map(|(span, title)| (span.start(), title.as_str())).collect();
        assert_eq!(found, chapters, "{name}");
    };
    let four = [(0, "Chapter 1 - ❤️😊"), (3_000, "Chapter 2 - ßöÄ"), (6_000, "Chapter 3 - 爱"), (9_000, "Chapter 4")];
    check("auphonic.mp3", "Title", Some("image/jpeg"), &four);
    check("auphonic.m4a", "Title", Some("image/png"), &four);
    check("nero-chapters.m4a", "Nero Chapters", None, &four);
    let two = [(0, "Chapter Marker 1"), (5_006, "Chapter Marker 2")];
    check("hindenburg-journalist-pro.mp3", "Episode Title", Some("image/jpeg"), &two);
    let two = [(0, "Chapter Marker 1"), (5_005, "Chapter Marker 2")];
    check("hindenburg-journalist-pro.m4a", "Episode Title", Some("image/png"), &two);
    check("track1.mp3", "Track 1", None, &[]);
}

#[test]
fn speech_is_read_to_its_end() {
    let Some(folder) = testdata("speech") else { return };
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let sound = path.extension().is_some_and(|kind| ["wav", "mp3", "flac"].iter().any(|known| kind == *known));
        if !sound {
            continue;
        }
        let info = probe(&path).unwrap();
        let mut sound = Sound::open(&path).unwrap();
        let length = sound.by_ref().map(|block| block.unwrap().len()).sum::<usize>() as i64 / 16;
        let announced = info.duration.unwrap() as i64;
        assert!((length - announced).abs() <= 50, "{}: {length} ms, announced {announced}", path.display());
        assert_eq!(sound.warnings(), [], "{}", path.display());
        assert_eq!(sound.position() as i64, length);
    }
}
