//! Documents that are broken or meant to do harm: each gives what can be read of it, or a clear error.

use crate::common::{assert_sound, read, spoken};
use ear_ingest::{
    Error,
    transcript::{Format, MAX_BYTES, TextOptions, parse},
};
use insta::assert_snapshot;

fn check(json: &str) -> String {
    let parsed = read(json, Format::Json);
    assert_sound(&parsed.transcript);
    spoken(&parsed)
}

fn error(document: &[u8], format: Format) -> String {
    parse(document, format, &TextOptions::default()).unwrap_err().to_string()
}

#[test]
fn times_that_cannot_be_right() {
    assert_snapshot!(check(
        r#"{"segments": [{"text": "before the sound", "start": -5, "end": 1}, {"text": "never ends here", "start": 2, "end": 1e300},
        {"text": "no times at all"}, {"text": "backwards this one", "start": 9, "end": 4}, {"text": "as a text", "start": "11.5", "end": null},
        {"text": "no number that", "start": Infinity, "end": [1]}]}"#
    ), @r#"
    Whisper Cues
    : before the sound never(2000-2923) ends(2923-3661) here(3661-4400) no times at all backwards(9000-10350) this(10350-10950) one(10950-11400) as(11500-11842) a(11842-12014) text(12014-12700) no number that
    ! not quite JSON: numbers such as NaN, or halves of characters, were left out
    ! times that can't be right (negative, beyond 100 hours, or none at all): 6; they were guessed from their neighbours
    "#);
    assert_snapshot!(check(
        r#"{"segments": [{"start": 0, "end": 3, "text": "one two three four", "words": [{"word": "one", "start": 0.5, "end": 0.2, "probability": 7},
        {"word": "two", "start": 900000000000, "end": 2, "probability": -1}, {"word": "three", "start": 2, "end": 2.5, "probability": "high"}, {"word": "four", "start": 1, "end": 9}]}]}"#
    ), @r#"
    Whisper Cues
    : one(500-1250)1.00 two(1250-2000)0.00 three(2000-2500) four(2500-9000)
    ! times that can't be right (negative, beyond 100 hours, or none at all): 1; they were guessed from their neighbours
    "#);
}

#[test]
fn fields_that_are_missing_or_of_another_kind() {
    assert_snapshot!(check(
        r#"{"segments": [null, 3, "x", [], {}, {"text": null}, {"text": 5}, {"text": "said", "words": "none", "speaker": []}, {"text": "so", "words": [{}, {"word": 3}, null]}], "language": 7}"#
    ), @r#"
    Whisper None
    : said so
    "#);
    assert_snapshot!(check(
        r#"{"results": {"items": [{"type": "pronunciation"}, {"type": "punctuation", "alternatives": [{"content": "."}]}, {"start_time": "x", "alternatives": [{"content": "Hello"}]}, {"alternatives": []}, 3]}}"#
    ), @r#"
    Amazon Transcribe None
    : . Hello
    ! times that can't be right (negative, beyond 100 hours, or none at all): 1; they were guessed from their neighbours
    "#);
    assert_snapshot!(check(r#"{"monologues": [{"elements": [{"type": "text", "value": "Hello"}, {"value": 3}, {}]}, {}, 5]}"#), @r#"
    Rev.ai None
    : Hello
    "#);
    assert_snapshot!(check(r#"{"transcription": [{"text": "Hello"}, {"offsets": {"from": -5000, "to": 3}, "text": "you"}, {}]}"#), @r#"
    whisper.cpp None
    : Hello you
    ! times that can't be right (negative, beyond 100 hours, or none at all): 1; they were guessed from their neighbours
    "#);
    assert_snapshot!(check(r#"{"results": {"channels": [{"alternatives": [{"words": [{"word": "Hello"}, {"punctuated_word": 3}]}]}, {}]}}"#), @r#"
    Deepgram None
    : Hello
    "#);
}

#[test]
fn no_markup_comes_through() {
    assert_snapshot!(check(
        r#"{"segments": [{"startTime": 1, "endTime": 3, "speaker": "<script>x</script><b onclick='x'>Ann</b>", "body": "<script>alert(1)</script>5 &lt; 6 &amp;&amp; <img src=x onerror=alert(1)>so &lt;script&gt;y&lt;/script&gt; \ud800it\u202e goes\u0000"}]}"#
    ), @r#"
    Podcasting 2.0 Cues
    Ann: 5(1000-1166) <(1166-1333) 6(1333-1500) &&(1500-1666) so(1666-2000) �it(2000-2333) goes(2333-3000)
    ! not quite JSON: numbers such as NaN, or halves of characters, were left out
    "#);
}

#[test]
fn what_holds_no_transcript_says_so() {
    let cases = [
        ("{}", "no transcript of a known kind: it has no fields; looked for the JSON of Podcasting 2.0, Whisper"),
        ("{\"mood\": 1, \"tags\": []}", "no transcript of a known kind: it has the fields `mood`, `tags`; looked for"),
        ("[{\"mood\": 1}]", "no transcript of a known kind: it has a list without texts"),
        (
            "{\"chapters\": [{\"startTime\": 0, \"title\": \"x\"}]}",
            "not a transcript: this is a list of chapters; give the",
        ),
        ("{\"segments\": []}", "nothing spoken found: looked for words or segments with text"),
        ("{\"segments\": 3}", "nothing spoken found"),
        ("{\"results\": {\"mood\": 1}}", "no transcript of a known kind: it has the fields `results`, `mood`"),
        ("{\"results\": []}", "no transcript of a known kind"),
        ("{\"results\": {\"transcripts\": []}}", "nothing spoken found"),
        ("{\"words\": []}", "no transcript of a known kind"),
        ("{\"segments\": [{\"text\": \"cut", "not valid JSON at line 1, column 27: EOF while parsing a string"),
        ("{\"text\": \"\"}", "nothing spoken found"),
        ("[]", "no transcript of a known kind"),
        ("plain", "not valid JSON at line 1, column 1: expected value"),
        ("", "not valid JSON"),
    ];
    for (document, expected) in cases {
        let error = error(document.as_bytes(), Format::Json);
        assert!(error.starts_with(expected), "{document}: {error}");
    }
    let vtt = "WEBVTT\nKind: chapters\n\n00:00.000 --> 00:01.000\nThe tide\n";
    assert!(error(vtt.as_bytes(), Format::Vtt).starts_with("not a transcript: this is a file of chapters"));
    assert!(
        error(b"<html><script>x()</script></html>", Format::Html)
            .starts_with("nothing spoken found: looked for a page")
    );
    assert!(error(b"<tt><body/></tt>", Format::Ttml).starts_with("nothing spoken found: looked for paragraphs"));
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    assert!(error(deep("[", "]").as_bytes(), Format::Json).contains("recursion limit exceeded"));
    assert!(error(deep("{\"segments\":", "}").as_bytes(), Format::Json).contains("recursion limit exceeded"));
    // What nobody reads may be as deep as it likes.
    let junk = format!("{{\"junk\": {}, \"text\": \"said\"}}", deep("[", "]"));
    assert_eq!(read(&junk, Format::Json).transcript.words.len(), 1);
    let nested = deep("<div><p>", "</p></div>").replacen("<p>", "<p>said", 1);
    assert_eq!(read(&nested, Format::Html).transcript.words.len(), 1);
    let spans = format!(
        "<tt><p begin=\"1s\">{}</p></tt>",
        deep("<span begin=\"2s\" end=\"3s\">", "</span>").replacen("\">", "\">said", 1)
    );
    assert_eq!(read(&spans, Format::Ttml).transcript.words.len(), 1);
    let big = vec![b' '; MAX_BYTES + 1];
    for format in [Format::Json, Format::Html, Format::Ttml] {
        assert!(matches!(parse(&big, format, &TextOptions::default()), Err(Error::TooBig { .. })));
    }
}

#[test]
fn long_words_and_lists_are_read_in_linear_time() {
    let started = std::time::Instant::now();
    const BYTES: usize = 1 << 20;
    let long = format!("{{\"segments\": [{{\"start\": 0, \"end\": 9, \"text\": \"{}\"}}]}}", "a".repeat(BYTES));
    assert_eq!(read(&long, Format::Json).transcript.words.len(), 1);
    let tags =
        format!("{{\"segments\": [{{\"start\": 0, \"end\": 9, \"text\": \"so {}\"}}]}}", "<script>".repeat(BYTES / 32));
    read(&tags, Format::Json);
    let word = r#"{"word": "a", "start": 5, "end": 4},"#;
    let backward: String = (0..BYTES / 64).rev().map(|at| format!(r#"{{"word": "a", "start": {at}}},"#)).collect();
    for words in [word.repeat(BYTES / 64), backward] {
        let words = words.trim_end_matches(',');
        for document in [
            format!("{{\"words\": [{words}]}}"),
            format!("{{\"segments\": [{{\"text\": \"\", \"words\": [{words}]}}]}}"),
        ] {
            let transcript = read(&document, Format::Json).transcript;
            assert_sound(&transcript);
            assert_eq!(transcript.words.len(), BYTES / 64);
        }
    }
    for piece in [
        "<time>0:0",
        "<cite>A</cite><p>a",
        "<time>0:01</time>b ",
        "<!--",
        "<p begin='1s'>",
        "<span begin='1s' end='2s'>a",
    ] {
        let document = format!("<cite>A</cite>{}", piece.repeat(BYTES / 8 / piece.len()));
        for format in [Format::Html, Format::Ttml] {
            if let Ok(parsed) = parse(document.as_bytes(), format, &TextOptions::default()) {
                assert_sound(&parsed.transcript);
            }
        }
    }
    assert!(started.elapsed().as_secs() < 120, "{:?}", started.elapsed());
}
