//! What holds for any document.

use crate::common::{assert_sound, read};
use ear_ingest::transcript::{Format, TextOptions, detect, parse};
use proptest::prelude::*;
use std::fmt::Write as _;

const FORMATS: [Format; 6] = [Format::Srt, Format::Vtt, Format::Json, Format::Html, Format::Ttml, Format::Text];

/// Words that are nothing else: no marks, labels or tags.
fn word() -> impl Strategy<Value = String> {
    "[a-zäé]{1,9}[,.?]?"
}

type Sketch = Vec<(u32, u32, Vec<String>)>;

/// Cues as gap, length and words.
fn cues() -> impl Strategy<Value = Sketch> {
    prop::collection::vec((0..5_000_u32, 1..8_000_u32, prop::collection::vec(word(), 1..12)), 1..20)
}

/// Lays cues out one after the other. Each begins with its number, as captions that repeat each other may be
/// taken for rolling ones.
fn lay_out(cues: &Sketch, mark: char, header: &str) -> (String, Vec<String>) {
    let mut document = header.to_owned();
    let mut spoken = Vec::new();
    let mut now = 0;
    for (index, (gap, length, words)) in cues.iter().enumerate() {
        let start = now + gap;
        now = start + length;
        let time =
            |t: u32| format!("{:02}:{:02}:{:02}{mark}{:03}", t / 3_600_000, t / 60_000 % 60, t / 1000 % 60, t % 1000);
        let number = format!("n{index}");
        let half = words.len() / 2;
        let (one, two) = words.split_at(half);
        let text = [std::slice::from_ref(&number), one].concat().join(" ");
        write!(document, "{}\n{} --> {}\n{text}\n{}\n\n", index + 1, time(start), time(now), two.join(" ")).unwrap();
        spoken.push(number);
        spoken.extend_from_slice(words);
    }
    (document, spoken)
}

/// A valid document of each format, to be damaged.
fn specimen(format: Format) -> &'static str {
    match format {
        Format::Srt => {
            "1\n00:00:00,000 --> 00:00:02,000\nAnna: Hello <i>there</i>\n- you\n\n2\n00:00:02,000 --> 00:00:04,000\nBen: [Music] Hi\n"
        }
        Format::Vtt => {
            "WEBVTT\n\nNOTE x\n\n1\n00:00.000 --> 00:02.000 line:1\n<v Anna>Hello <00:01.000>you &amp; me</v>\n\n00:02.000 --> 00:04.000\nyou &amp; me\n♪ Hi\n"
        }
        Format::Json => {
            r#"{"segments":[{"start":0,"end":2.5,"text":" Hello you","speaker":"Anna","words":[{"word":" Hello","start":0.1,"end":0.4,"probability":0.9},{"word":" you","start":0.4,"end":2}]},{"start":3,"end":4,"text":" [Music]"}],"language":"en"}"#
        }
        Format::Html => {
            "<!doctype html>\n<h1>Tide</h1><cite>Anna:</cite>\n<time>0:01</time>\n<p>Hello &amp; <b>you</b></p><cite>Ben</cite><time>0:03</time><p>Hi</p>"
        }
        Format::Ttml => {
            "<tt xml:lang=\"en\"><body><div><p begin=\"1s\" end=\"00:00:02.5\" ttm:agent=\"a\">Hello<br/>you</p><p begin=\"3s\"><span begin=\"3s\" end=\"3.4s\">Hi</span></p></div></body></tt>"
        }
        Format::Text => "A headline\n\nAnna 00:01\nHello, you\n\nBen (00:03): Hi\n[00:04] 日本語です。\nAnna: Bye\n",
    }
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), head in 0..4_usize, tail in 0..4_usize) {
        let options = TextOptions { skip_head: head, skip_tail: tail };
        detect("a.txt", &bytes);
        for format in FORMATS {
            if let Ok(parsed) = parse(&bytes, format, &options) {
                assert_sound(&parsed.transcript);
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "([0-9]{1,3}|:|00:0[0-9]|\\.|,|-->|<v |>|\\[|\\]|\\(Music\\)|Anna:|- |&#x41;|&|\n|\n\n| |日本|é|>>|\u{200e}|\\{\\\\an8\\}){0,80}") {
        for format in FORMATS {
            if let Ok(parsed) = parse(text.as_bytes(), format, &TextOptions::default()) {
                assert_sound(&parsed.transcript);
            }
        }
    }

    #[test]
    fn damage_does_no_harm(format in prop::sample::select(&FORMATS[..]), cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<char>()), 1..6)) {
        let mut text = specimen(format).to_owned();
        for (at, other, put) in cuts {
            let boundary = |index: prop::sample::Index| (0..=index.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let (from, to) = (boundary(at), boundary(other));
            if from <= to && to - from < 12 {
                text.replace_range(from..to, "");
            } else {
                text.insert(from, put);
            }
        }
        if let Ok(parsed) = parse(text.as_bytes(), format, &TextOptions::default()) {
            assert_sound(&parsed.transcript);
        }
    }

    #[test]
    fn words_in_are_words_out(cues in cues()) {
        for (format, mark, header) in [(Format::Srt, ',', ""), (Format::Vtt, '.', "WEBVTT\n\n")] {
            let (document, spoken) = lay_out(&cues, mark, header);
            prop_assert_eq!(detect("a", document.as_bytes()), Some(format));
            let parsed = read(&document, format);
            assert_sound(&parsed.transcript);
            let words: Vec<String> = parsed.transcript.words.iter().map(|word| word.text.clone()).collect();
            prop_assert_eq!(words, spoken);
            prop_assert_eq!(parsed.warnings, vec![]);
            prop_assert!(parsed.transcript.words.iter().all(|word| word.span.is_some()));
        }
    }

    #[test]
    fn text_without_signs_is_kept_whole(paragraphs in prop::collection::vec(prop::collection::vec(word(), 1..30), 1..8)) {
        let text = paragraphs.iter().map(|words| words.join(" ")).collect::<Vec<_>>().join("\n\n");
        let parsed = read(&text, Format::Text);
        let words: Vec<&str> = parsed.transcript.words.iter().map(|word| word.text.as_str()).collect();
        prop_assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
        prop_assert!(parsed.transcript.turns.is_empty());
    }
}
