//! Documents that others wrote, where they are at hand.

use crate::common::{assert_sound, testdata};
use ear_core::{Transcript, Turn};
use ear_ingest::{
    Error,
    transcript::{Format, Parsed, TextOptions, detect, parse},
};
use std::{fs, path::Path};

fn read(path: &Path) -> Result<Parsed, Error> {
    let bytes = fs::read(path).unwrap();
    let format = detect(&path.to_string_lossy(), &bytes).unwrap_or_else(|| panic!("{} is known", path.display()));
    parse(&bytes, format, &TextOptions::default())
}

/// What a document gives, in numbers: format and dialect, timing, words, turns, speakers, first and last moment,
/// stretches and warnings; or the start of the error.
fn summary(path: &Path) -> String {
    let bytes = fs::read(path).unwrap();
    let Some(format) = detect(&path.to_string_lossy(), &bytes) else { return "no transcript".into() };
    let parsed = match parse(&bytes, format, &TextOptions::default()) {
        Ok(parsed) => parsed,
        Err(error) => return format!("{format:?} {}", error.to_string().split(';').next().unwrap_or_default()),
    };
    assert_sound(&parsed.transcript);
    let transcript = &parsed.transcript;
    let mut speakers: Vec<_> = transcript.turns.iter().filter_map(|turn| turn.speaker.as_deref()).collect();
    speakers.sort_unstable();
    speakers.dedup();
    let spans: Vec<_> = transcript.words.iter().filter_map(|word| word.span).collect();
    let times = spans
        .first()
        .zip(spans.last())
        .map_or("no times".into(), |(first, last)| format!("{}-{}", first.start(), last.end()));
    let dialect = parsed.dialect.map(|dialect| format!(" ({dialect})")).unwrap_or_default();
    format!(
        "{format:?}{dialect} {:?}, {} words, {} turns, {} speakers, {times}, {} stretches, {} warnings",
        transcript.timing,
        transcript.words.len(),
        transcript.turns.len(),
        speakers.len(),
        transcript.stretches.len(),
        parsed.warnings.len()
    )
}

fn table(folder: &str) -> Option<String> {
    let root = testdata("transcripts")?.join(folder);
    let mut files: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let row = |path: &std::path::PathBuf| format!("{}: {}", path.file_name().unwrap().to_string_lossy(), summary(path));
    Some(files.iter().map(row).collect::<Vec<_>>().join("\n"))
}

#[test]
fn every_published_transcript_gives_what_is_in_it() {
    let Some(table) = table("podcasting20") else { return };
    insta::assert_snapshot!(table, @r#"
    LaLaLand.json: Json (a list of captions) Cues, 3021 words, 143 turns, 0 speakers, 1-2418400, 0 stretches, 0 warnings
    LaLaLand_json_parsed.json: Json (Podcasting 2.0) Cues, 3162 words, 1 turns, 1 speakers, 1-2418400, 0 stretches, 0 warnings
    buzzcast.html: Html (Podcasting 2.0) Cues, 5331 words, 34 turns, 5 speakers, 0-1707000, 0 stretches, 0 warnings
    buzzcast.srt: Srt Cues, 5287 words, 34 turns, 5 speakers, 0-1684460, 0 stretches, 0 warnings
    buzzcast_json_combine_equal_time_parsed.json: Json (Podcasting 2.0) Cues, 5287 words, 34 turns, 5 speakers, 0-1684460, 0 stretches, 0 warnings
    buzzcast_json_parsed.json: Json (Podcasting 2.0) Cues, 5287 words, 34 turns, 5 speakers, 0-1684460, 0 stretches, 0 warnings
    buzzcast_srt_combined_segments_128_parsed.json: Json (Podcasting 2.0) Cues, 5287 words, 34 turns, 5 speakers, 0-1684460, 0 stretches, 0 warnings
    buzzcast_srt_speaker_change_combined_segments_128_parsed.json: Json (Podcasting 2.0) Cues, 5287 words, 34 turns, 5 speakers, 0-1684460, 0 stretches, 0 warnings
    how_to_start_a_podcast_json_combine_segments_32_parsed.json: Json (Podcasting 2.0) Cues, 2381 words, 7 turns, 2 speakers, 300-710600, 0 stretches, 0 warnings
    how_to_start_a_podcast_json_parsed.json: Json (Podcasting 2.0) Words, 2383 words, 7 turns, 2 speakers, 300-710600, 0 stretches, 0 warnings
    kde_express-16_kde_en_telegram.vtt: Vtt Cues, 384 words, 0 turns, 0 speakers, 0-141280, 0 stretches, 0 warnings
    one_word_segments.json: Json (Podcasting 2.0) Words, 385 words, 2 turns, 2 speakers, 300-117770, 0 stretches, 0 warnings
    one_word_segments_parsed_50.json: Json (Podcasting 2.0) Cues, 385 words, 2 turns, 2 speakers, 300-117770, 0 stretches, 0 warnings
    podcasting_20_episode_124_srt_parsed.json: Json (Podcasting 2.0) Cues, 6476 words, 142 turns, 3 speakers, 780-2255880, 0 stretches, 0 warnings
    podnews_daily_2024-01-25_vtt_parsed.json: Json (Podcasting 2.0) Cues, 615 words, 1 turns, 1 speakers, 860-225620, 0 stretches, 0 warnings
    podnews_weekly_review_2023-03-17_html_parsed.json: Json (Podcasting 2.0) Cues, 9053 words, 8 turns, 2 speakers, 0-3304800, 0 stretches, 0 warnings
    podnews_weekly_review_2023-05-05_combine_speaker_json_parsed.json: Json (Podcasting 2.0) Cues, 534 words, 26 turns, 5 speakers, 35-207504, 0 stretches, 0 warnings
    podnews_weekly_review_2023-06-02.json: Json (Podcasting 2.0) Words, 18 words, 2 turns, 2 speakers, 221-8729, 0 stretches, 0 warnings
    podnews_weekly_review_2024-01-19.vtt: Vtt Cues, 2121 words, 51 turns, 4 speakers, 0-855040, 0 stretches, 0 warnings
    "#);
}

#[test]
fn every_subtitle_file_parses_or_says_why_not() {
    let Some(table) = table("webvtt") else { return };
    insta::assert_snapshot!(table, @r#"
    captions_with_bom.vtt: Vtt Cues, 12 words, 0 turns, 0 speakers, 500-21580, 0 stretches, 0 warnings
    comments.vtt: Vtt Cues, 20 words, 5 turns, 0 speakers, 135000-150000, 0 stretches, 0 warnings
    cue_tags.vtt: Vtt Cues, 13 words, 0 turns, 0 speakers, 16500-21500, 0 stretches, 0 warnings
    empty.vtt: Vtt nothing spoken found: looked for the line `WEBVTT` and cues such as `00:01.000 --> 00:02.500` with text beneath
    invalid.vtt: Vtt Cues, 21 words, 0 turns, 0 speakers, 500-30280, 0 stretches, 1 warnings
    invalid_format.sbv: Srt nothing spoken found: looked for cues such as `00:00:01,000 --> 00:00:02,500` with text beneath
    invalid_format1.srt: Srt nothing spoken found: looked for cues such as `00:00:01,000 --> 00:00:02,500` with text beneath
    invalid_format2.srt: Srt nothing spoken found: looked for cues such as `00:00:01,000 --> 00:00:02,500` with text beneath
    invalid_format3.srt: Srt nothing spoken found: looked for cues such as `00:00:01,000 --> 00:00:02,500` with text beneath
    invalid_format4.srt: Srt None, 2 words, 0 turns, 0 speakers, no times, 0 stretches, 1 warnings
    invalid_timeframe.sbv: Srt Cues, 16 words, 0 turns, 0 speakers, 378-18684, 0 stretches, 2 warnings
    invalid_timeframe.srt: Srt Cues, 15 words, 0 turns, 0 speakers, 500-23880, 0 stretches, 0 warnings
    invalid_timeframe.vtt: Vtt Cues, 21 words, 0 turns, 0 speakers, 500-30280, 0 stretches, 1 warnings
    invalid_timeframe_in_cue_text.vtt: Vtt Cues, 9 words, 0 turns, 0 speakers, 500-16320, 0 stretches, 0 warnings
    metadata_headers.vtt: Vtt Cues, 6 words, 0 turns, 0 speakers, 500-11890, 0 stretches, 0 warnings
    metadata_headers_multiline.vtt: Vtt Cues, 6 words, 0 turns, 0 speakers, 500-11890, 0 stretches, 0 warnings
    missing_caption_text.sbv: Srt Cues, 12 words, 0 turns, 0 speakers, 378-18684, 0 stretches, 1 warnings
    missing_caption_text.srt: Srt Cues, 12 words, 0 turns, 0 speakers, 500-23880, 0 stretches, 0 warnings
    missing_caption_text.vtt: Vtt Cues, 12 words, 0 turns, 0 speakers, 500-23880, 0 stretches, 0 warnings
    missing_timeframe.sbv: Srt Cues, 15 words, 0 turns, 0 speakers, 378-18684, 0 stretches, 2 warnings
    missing_timeframe.srt: Srt Cues, 15 words, 0 turns, 0 speakers, 500-23880, 0 stretches, 1 warnings
    missing_timeframe.vtt: Vtt Cues, 21 words, 0 turns, 0 speakers, 500-30280, 0 stretches, 1 warnings
    netflix_chicas_del_cable.vtt: Vtt Cues, 5518 words, 188 turns, 14 speakers, 7960-3148600, 35 stretches, 0 warnings
    no_captions.vtt: Vtt nothing spoken found: looked for the line `WEBVTT` and cues such as `00:01.000 --> 00:02.500` with text beneath
    one_caption.srt: Srt Cues, 3 words, 0 turns, 0 speakers, 500-7000, 0 stretches, 0 warnings
    one_caption.vtt: Vtt Cues, 3 words, 0 turns, 0 speakers, 500-7000, 0 stretches, 0 warnings
    sample.sbv: Srt Cues, 22 words, 0 turns, 0 speakers, 378-18684, 0 stretches, 1 warnings
    sample.srt: Srt Cues, 15 words, 0 turns, 0 speakers, 500-23880, 0 stretches, 0 warnings
    sample.vtt: Vtt Cues, 48 words, 0 turns, 0 speakers, 500-64300, 0 stretches, 0 warnings
    styles.vtt: Vtt Cues, 2 words, 1 turns, 0 speakers, 0-10000, 0 stretches, 0 warnings
    two_captions.sbv: Srt Cues, 13 words, 0 turns, 0 speakers, 378-12305, 0 stretches, 0 warnings
    using_identifiers.vtt: Vtt Cues, 18 words, 0 turns, 0 speakers, 500-27280, 0 stretches, 0 warnings
    youtube_dl.vtt: Vtt Words, 8 words, 0 turns, 0 speakers, 286070-305069, 0 stretches, 1 warnings
    "#);
}

/// The letters of a text without white space, so that it doesn't matter where words are cut.
fn letters(transcript: &Transcript) -> String {
    transcript.words.iter().map(|word| word.text.as_str()).collect()
}

/// Who says which letters, by turn.
fn said_by(transcript: &Transcript) -> Vec<(Option<&str>, String)> {
    let said = |turn: &Turn| transcript.words[turn.words.clone()].iter().map(|word| word.text.as_str()).collect();
    transcript.turns.iter().map(|turn| (turn.speaker.as_deref(), said(turn))).collect()
}

#[test]
fn sources_agree_with_their_expected_parses() {
    let Some(root) = testdata("transcripts/podcasting20") else { return };
    for (source, expected) in [
        ("buzzcast.srt", "buzzcast_srt_combined_segments_128_parsed.json"),
        ("buzzcast.srt", "buzzcast_srt_speaker_change_combined_segments_128_parsed.json"),
        ("buzzcast.srt", "buzzcast_json_parsed.json"),
        ("one_word_segments.json", "one_word_segments_parsed_50.json"),
        ("buzzcast_json_combine_equal_time_parsed.json", "buzzcast_json_parsed.json"),
        ("how_to_start_a_podcast_json_combine_segments_32_parsed.json", "how_to_start_a_podcast_json_parsed.json"),
    ] {
        let [ours, theirs] = [source, expected].map(|file| read(&root.join(file)).unwrap().transcript);
        assert_eq!(said_by(&ours), said_by(&theirs), "{source} and {expected}");
        let ends = |transcript: &Transcript| {
            transcript.span_of(0..transcript.words.len()).map(|span| (span.start(), span.end() / 10))
        };
        assert_eq!(ends(&ours), ends(&theirs), "{source} and {expected}");
    }
    // The expected parse takes "Subtitles:" for a speaker and keeps the dashes of dialogue.
    let [ours, theirs] =
        ["LaLaLand.json", "LaLaLand_json_parsed.json"].map(|file| read(&root.join(file)).unwrap().transcript);
    let plain = |text: String| text.replace("Subtitles:", "").replace('-', "");
    assert_eq!(plain(letters(&ours)), plain(letters(&theirs)));
    // The page is another edition of the same talk: its speakers and their order are the same.
    let [page, captions] = ["buzzcast.html", "buzzcast.srt"].map(|file| read(&root.join(file)).unwrap().transcript);
    let order = |transcript: &Transcript| transcript.turns.iter().map(|turn| turn.speaker.clone()).collect::<Vec<_>>();
    assert_eq!(order(&page), order(&captions));
}

#[test]
fn times_of_words_are_those_of_the_source() {
    let Some(root) = testdata("transcripts/podcasting20") else { return };
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(root.join("one_word_segments.json")).unwrap()).unwrap();
    let transcript = read(&root.join("one_word_segments.json")).unwrap().transcript;
    let segments = json["segments"].as_array().unwrap();
    let starts: Vec<u64> = segments
        .iter()
        .filter(|segment| segment["body"].as_str().unwrap().chars().any(char::is_alphanumeric))
        .map(|segment| (segment["startTime"].as_f64().unwrap() * 1000.0).round() as u64)
        .collect();
    let found: Vec<u64> = transcript.words.iter().filter_map(|word| word.span).map(|span| span.start()).collect();
    assert_eq!(found, starts);
}

#[test]
fn lists_of_participants_are_names() {
    let Some(root) = testdata("earnings21/participants") else { return };
    let mut total = 0;
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let (names, warnings) = ear_ingest::names::parse(&text);
        assert_eq!(warnings, [], "{}", path.display());
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let written =
            |line: &&str| line.split(" - ").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let mut expected: Vec<String> = Vec::new();
        for name in lines.iter().map(written) {
            if !expected.contains(&name) {
                expected.push(name);
            }
        }
        assert_eq!(names.iter().map(|entry| entry.name.clone()).collect::<Vec<_>>(), expected, "{}", path.display());
        assert!(
            names.iter().all(|entry| entry.variants.is_empty() && entry.role.is_some()),
            "{}: {names:?}",
            path.display()
        );
        total += names.len();
    }
    assert!(total > 100, "{total}");
}

#[test]
fn captions_of_podcasts_give_their_speakers() {
    let Some(root) = testdata("transcripts/podcasting20") else { return };
    for (file, expected) in [
        ("buzzcast.srt", &["Alban", "Kevin", "Travis"][..]),
        ("podnews_weekly_review_2024-01-19.vtt", &["SPEAKER_1", "SPEAKER_2", "SPEAKER_3"]),
        ("kde_express-16_kde_en_telegram.vtt", &[]),
    ] {
        let transcript = read(&root.join(file)).unwrap().transcript;
        let mut speakers: Vec<&str> = transcript.turns.iter().filter_map(|turn| turn.speaker.as_deref()).collect();
        speakers.sort_unstable();
        speakers.dedup();
        for name in expected {
            assert!(speakers.contains(name), "{file}: {speakers:?}");
        }
        eprintln!("{file}: {speakers:?}, {} turns", transcript.turns.len());
        assert!(speakers.len() <= expected.len() + 4, "{file}: {speakers:?}");
        assert!(transcript.words.iter().all(|word| word.span.is_some()), "{file}");
    }
}

#[test]
fn a_machine_transcript_is_kept_word_for_word() {
    let Some(path) = testdata("specimen/heard.txt") else { return };
    let text = fs::read_to_string(&path).unwrap();
    let expected: Vec<&str> = text.split_whitespace().collect();
    let parsed = read(&path).unwrap();
    let words: Vec<&str> = parsed.transcript.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(words, expected);
    assert_eq!(parsed.title.as_deref(), text.lines().next());
    let warned: Vec<usize> = parsed.warnings.iter().map(|warning| warning.line).collect();
    assert_eq!(warned, [1, 3, text.lines().count()], "{:?}", parsed.warnings);

    let skipped = TextOptions { skip_head: 5, skip_tail: 1 };
    let parsed = parse(text.as_bytes(), Format::Text, &skipped).unwrap();
    let spoken: Vec<&str> = parsed.transcript.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(parsed.warnings, []);
    assert!(spoken.starts_with(&["On", "Sunday"]) && spoken.ends_with(&["is", "mass"]), "{spoken:?}");
}

#[test]
fn transcripts_in_markdown_have_their_speakers() {
    let Some(root) = testdata("corpora") else { return };
    for folder in ["changelog", "optech"] {
        let mut files: Vec<_> = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.retain(|path| path.file_name().is_some_and(|name| name != "README.md"));
        for path in files {
            let parsed = read(&path).unwrap();
            assert_sound(&parsed.transcript);
            let text = fs::read_to_string(&path).unwrap();
            let label = |line: &str| line.strip_prefix("**")?.split_once("**").map(|(name, _)| name.replace(':', ""));
            let mut marked: Vec<String> = text.lines().filter_map(label).filter(|name| name != "Break").collect();
            marked.dedup();
            let turns = parsed.transcript.turns.len();
            // Turns of nothing but a mark of sound vanish.
            let off = turns.abs_diff(marked.len());
            assert!(off * 10 <= marked.len(), "{}: {turns} turns of {}", path.display(), marked.len());
        }
    }
}
