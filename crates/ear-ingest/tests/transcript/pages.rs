//! Pages, Timed Text, and our own export.

use crate::common::{assert_sound, page, read, spoken};
use ear_core::Timing;
use ear_ingest::transcript::{Format, Parsed, TextOptions, detect, parse};
use insta::assert_snapshot;

fn sound(document: &str, format: Format) -> Parsed {
    assert_eq!(detect("a", document.as_bytes()), Some(format), "{document}");
    let parsed = read(document, format);
    assert_sound(&parsed.transcript);
    parsed
}

#[test]
fn podcasting_html() {
    let document = "<!-- saved -->\n<html><head><title>Page</title><style>p {}</style></head><body><h1>The tide</h1>
<cite>Esme:</cite>
  <time>0:00</time>
  <p>Note: the tide is <b>in</b>. Isn&rsquo;t it?</p>
  <p>[Music] It is.</p>
  <cite>Rob &amp; Co</cite>
  <time>soon</time>
  <p>So they say.</p>
<script>alert('no')</script>
<time datetime=\"PT1M2S\">later</time><cite>Esme:</cite><p>Yes.</p></body></html>";
    assert_snapshot!(page(&sound(document, Format::Html)), @r#"
    Cues title=The tide
    0-7200 Esme: Note: the tide is in. Isn’t it? It is.
    Rob & Co: So they say.
    62000-62400 Esme: Yes.
    ! line 8: `soon` is not a time; it is left out
    "#);
}

#[test]
fn any_page_is_text() {
    let document = "<!DOCTYPE html><html><head><title>x</title><script>var a = '<p>no</p>';</script></head><body>
<h1>The tide comes in</h1><p>ESME: Good morning.</p><p>ROB: <em>Morning</em>, Esme.</p><p>ESME: So it&nbsp;is.</p><ul><li>Subscribe</li></ul></body></html>";
    assert_snapshot!(page(&sound(document, Format::Html)), @r#"
    None title=The tide comes in
    ?: The tide comes in
    ESME: Good morning.
    ROB: Morning, Esme.
    ESME: So it is. Subscribe
    ! `The tide comes in` looks like a headline; it is taken as spoken unless it is skipped
    ! `Subscribe` looks like page furniture; it is taken as spoken unless it is skipped
    "#);
    let skipped = TextOptions { skip_head: 2, skip_tail: 2 };
    let parsed = parse(document.as_bytes(), Format::Html, &skipped).unwrap();
    assert_eq!((parsed.transcript.words.len(), parsed.transcript.turns.len(), parsed.warnings.len()), (7, 3, 0));
}

#[test]
fn timed_text() {
    let document = r#"<?xml version="1.0" encoding="UTF-8"?>
<tt xml:lang="en-GB" xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25">
<head><metadata><ttm:title>The tide</ttm:title><ttm:agent xml:id="a1" type="person"><ttm:name type="full">Esme N.</ttm:name></ttm:agent></metadata>
<styling><style xml:id="s1" tts:color="white"/></styling></head>
<body><div><p begin="00:00:01.000" end="00:00:02:12" ttm:agent="a1">The tide<br/>is <span tts:fontStyle="italic">in</span>.</p>
<p begin="3s" dur="1500ms" ttm:agent="SPEAKER_2">R&amp;B &lt;now&gt;</p><p begin="never">Lost</p></div></body></tt>"#;
    assert_snapshot!(page(&sound(document, Format::Ttml)), @r#"
    Cues title=The tide language=en
    1000-2480 Esme N.: The tide is in.
    3000-4500 SPEAKER_2: R&B <now>
    ?: Lost
    ! line 6: `never` is not a time; it is left out
    "#);
}

#[test]
fn timed_words() {
    let document = r#"<tt><body><div><p begin="0.5" end="2.5" ttm:agent="SPEAKER_1"><span podcasts:unit="sentence"><span podcasts:unit="word" begin="0.5" end="0.8">Hello</span> <span begin="0.9" end="1.2">you</span></span> <span begin="2s" end="2.4">there.</span></p></div></body></tt>"#;
    assert_snapshot!(spoken(&sound(document, Format::Ttml)), @r#"
    ? Words
    SPEAKER_1: Hello(500-800) you(900-1200) there.(2000-2400)
    "#);
}

const OWN: &str = r#"{"language": "en", "duration_ms": 9000, "engine": "ctranslate2-whisper", "model": "whisper-base",
  "stretches": [{"start_ms": 0, "end_ms": 4000, "kind": "speech", "language": "en"}, {"start_ms": 4000, "end_ms": 9000, "kind": "music", "language": null}],
  "words": [{"text": "[Music]", "start_ms": 120, "end_ms": 480, "confidence": 0.5, "speaker": "Ann <A>"}, {"text": "1:", "start_ms": 480, "end_ms": 480, "confidence": null, "speaker": "Ann <A>"},
    {"text": "&amp;", "start_ms": null, "end_ms": null, "confidence": null, "speaker": null}, {"text": "Bye.", "start_ms": 700, "end_ms": 900, "confidence": 1.0, "speaker": "1"}],
  "turns": [{"speaker": "Ann <A>", "start_word": 0, "end_word": 2}, {"speaker": null, "start_word": 2, "end_word": 3}, {"speaker": "1", "start_word": 3, "end_word": 4}],
  "sentences": [[0, 2], [2, 4]]}"#;

#[test]
fn our_own_export_is_taken_as_it_is() {
    let parsed = read(OWN, Format::Json);
    assert_snapshot!(spoken(&parsed), @r#"
    Earwitness Words en
    Ann <A>: [Music](120-480)0.50 1:(480-480)
    ?: &amp;
    1: Bye.(700-900)1.00
    0-4000 Speech
    4000-9000 Music
    "#);
    let transcript = parsed.transcript;
    let facts = (transcript.duration, transcript.engine.as_deref(), transcript.model.as_deref());
    assert_eq!(facts, (Some(9000), Some("ctranslate2-whisper"), Some("whisper-base")));
    assert_eq!(transcript.stretches[0].language.as_deref(), Some("en"));
}

#[test]
fn our_own_export_may_be_damaged() {
    let damaged = OWN
        .replace("\"end_word\": 2", "\"end_word\": 99")
        .replace("\"start_ms\": 700", "\"start_ms\": 100")
        .replace("Bye.", "Good bye.");
    let parsed = read(&damaged, Format::Json);
    assert_eq!(parsed.warnings.len(), 1, "{:?}", parsed.warnings);
    assert_eq!(parsed.transcript.turns.last().map(|turn| turn.words.end), Some(5));
    let spans: Vec<_> = parsed.transcript.words.iter().filter_map(|word| word.span).collect();
    assert!(spans.windows(2).all(|pair| pair[0].end() <= pair[1].start()));
    let timing = |extra: &str| {
        let document = format!(r#"{{"words": [{{"text": "a", "start_ms": 0, "end_ms": 5}}]{extra}}}"#);
        read(&document, Format::Json).transcript.timing
    };
    assert_eq!(timing(""), Timing::Cues);
    assert_eq!(timing(r#", "engine": "x""#), Timing::Words);
    assert_eq!(timing(r#", "timing": "words""#), Timing::Words);
}
