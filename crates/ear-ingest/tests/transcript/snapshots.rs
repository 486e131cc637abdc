//! Documents as they are written, and what becomes of them.

use crate::common::{page, read};
use ear_core::Timing;
use ear_ingest::transcript::Format::{Srt, Text, Vtt};
use insta::assert_snapshot;

#[test]
fn webvtt_with_everything() {
    let document = "\u{feff}WEBVTT - made by hand
Language: en-GB
Title: The tide

NOTE
Nobody says this.

STYLE
::cue { color: red }

REGION
id:top

intro
00:00.000 --> 00:02.000 align:start position:0%
<v.loud Esme Nakamura>Good <i>morning</i>, you &amp; me</v>

00:00:02.000 --> 00:00:04.000
<v Rob>It&#39;s <c.yellow>early</c>,
isn't it?

00:04.000 --> 00:06.000
[Music]

00:06.000 --> 00:08.000
5 < 6 &lt;always&gt;
";
    assert_snapshot!(page(&read(document, Vtt)), @r#"
    Cues title=The tide language=en
    0-2000 Esme Nakamura: Good morning, you & me
    2000-4000 Rob: It's early, isn't it?
    6000-8000 ?: 5 < 6 <always>
    4000-6000 Music
    "#);
}

#[test]
fn webvtt_with_faults() {
    let document = "00:01.000 --> 00:02.000
one

outside of all

00:05.000 --> 00:0x
three
00:02.500 --> 00:04.000
two

00:09.000 --> 00:08.000
four

bad --> 00:10.000
five
";
    assert_snapshot!(page(&read(document, Vtt)), @r#"
    Words
    1000-9400 : one outside of all two three four five
    ! line 1: the signature `WEBVTT` is missing
    ! line 4: `outside of all` is outside of any cue; the words are kept without times
    ! line 6: `00:0x` is not a time; the end is guessed
    ! line 8: the cue at 0:02 is out of order; it was put in its place
    ! line 11: the cue at 0:09 does not end after its start; the end is guessed
    ! line 14: `bad` is not a time; the words are kept without times
    "#);
}

#[test]
fn word_times_are_kept() {
    let document = "WEBVTT

00:01.000 --> 00:03.000
this<00:01.500><c> will</c><00:02.000><c> happen</c>

00:03.000 --> 00:03.010
this will happen

00:03.010 --> 00:05.000
this will happen
and<00:04.000><c> how</c>
";
    let parsed = read(document, Vtt);
    assert_eq!(parsed.transcript.timing, Timing::Words);
    let words: Vec<String> =
        parsed.transcript.words.iter().map(|word| format!("{} {:?}", word.text, word.span)).collect();
    assert_snapshot!(words.join("\n"), @r#"
    this Some(Span { start: 1000, end: 1500 })
    will Some(Span { start: 1500, end: 2000 })
    happen Some(Span { start: 2000, end: 3000 })
    and Some(Span { start: 3010, end: 4000 })
    how Some(Span { start: 4000, end: 5000 })
    "#);
    assert_snapshot!(page(&parsed), @r#"
    Words
    1000-5000 : this will happen and how
    ! line 6: captions that roll: the words that 2 cues repeat were taken once
    "#);
}

#[test]
fn subrip_as_found() {
    let document = "1\r
00:00:01,000 --> 00:00:03,000 X1:40 X2:600\r
{\\an8}<font color=\"red\">ESME:</font> The water\r
was <b>high</b>.\r
\r
00:00:03.000 --> 00:00:04.500\r
- Was it?\r
- It was.\r
\r
\r
3\r
00:00:05,000 --> 00:00:06,000\r
ROB: Note: it was\r
\r
still there.\r
4\r
00:00:07,000 --> 00:00:08,000\r
(applause)\r
\r
5\r
00:00:08,000 --> 00:00:08,000\r
>> ESME: Thank you.\r
";
    assert_snapshot!(page(&read(document, Srt)), @r#"
    Cues
    1000-3000 ESME: The water was high.
    3000-3750 ?: Was it?
    3750-4500 ?: It was.
    5000-6000 ROB: Note: it was still there.
    8000-8800 ESME: Thank you.
    7000-8000 Noise
    ! line 15: `still there.` has no line of times; the words are kept without times
    ! line 21: the cue at 0:08 does not end after its start; the end is guessed
    "#);
}

#[test]
fn sbv_is_subrip_with_other_times() {
    assert_snapshot!(page(&read("0:00:00.500,0:00:01.500\nOne\n\n0:00:01.500,0:00:02.000\ntwo", Srt)), @r#"
    Words
    500-2000 : One two
    "#);
}

#[test]
fn text_with_speakers() {
    let document = "The tide comes in

ESME NAKAMURA: Good morning.

It is early. Note: very early.

ROB: [laughs] It is.

ESME NAKAMURA:
So it is.

Subscribe
© 2020 The Harbour
";
    assert_snapshot!(page(&read(document, Text)), @r#"
    None title=The tide comes in
    ?: The tide comes in
    ESME NAKAMURA: Good morning. It is early. Note: very early.
    ROB: It is.
    ESME NAKAMURA: So it is. Subscribe © 2020 The Harbour
    ! line 1: `The tide comes in` looks like a headline; it is taken as spoken unless it is skipped
    ! line 12: `Subscribe` looks like page furniture; it is taken as spoken unless it is skipped
    ! line 13: `© 2020 The Harbour` looks like page furniture; it is taken as spoken unless it is skipped
    "#);
}

#[test]
fn text_with_times() {
    let documents = [
        "00:01 Good morning\n00:03 Rob: hello\n00:05 Esme: well\n00:09 Rob: bye",
        "[00:00:01] Good morning\n\n[00:00:03] Rob: hello\n[00:00:05] Esme: well\n[00:00:09] Rob: bye",
        "Esme Nakamura  0:01\nGood morning\n\nRob  0:03\nhello\n\nEsme Nakamura  0:05\nwell\n\nRob  0:09\nbye",
        "Speaker 1: (00:01)\nGood morning\nSpeaker 2: (00:03)\nhello\nSpeaker 1: (00:05)\nwell\nSpeaker 2: (00:09)\nbye",
        "[00:01.000 --> 00:03.000]  Good morning\n[00:03.000 --> 00:05.500]  hello\n[00:05.500 --> 00:06.000]  well",
    ];
    let pages: Vec<String> = documents.iter().map(|document| page(&read(document, Text))).collect();
    assert_snapshot!(pages.join("\n"), @r#"
    Cues
    1000-2600 ?: Good morning
    3000-3800 Rob: hello
    5000-5800 Esme: well
    9000-9400 Rob: bye

    Cues
    1000-2600 ?: Good morning
    3000-3800 Rob: hello
    5000-5800 Esme: well
    9000-9400 Rob: bye

    Cues
    1000-2600 Esme Nakamura: Good morning
    3000-3800 Rob: hello
    5000-5800 Esme Nakamura: well
    9000-9400 Rob: bye

    Cues
    1000-2600 Speaker 1: Good morning
    3000-3800 Speaker 2: hello
    5000-5800 Speaker 1: well
    9000-9400 Speaker 2: bye

    Cues
    1000-6000 : Good morning hello well
    "#);
}

#[test]
fn times_that_are_only_said_are_words() {
    assert_snapshot!(page(&read("We met at\n10:30 in the morning.\nThe bus left at 9:15.", Text)), @r#"
    None
    : We met at 10:30 in the morning. The bus left at 9:15.
    "#);
    assert_snapshot!(page(&read("[0:10] one\n[0:05] two\n[0:20] three\n[0:30] four", Text)), @r#"
    Cues
    5000-30400 : one two three four
    ! line 1: the time in `[0:10] one` goes backwards; it is left out
    "#);
}

#[test]
fn japanese_is_cut_into_words() {
    assert_snapshot!(page(&read("1\n00:00:01,000 --> 00:00:03,000\n今日はカメラ。\n", Srt)), @r#"
    Cues
    1000-3000 : 今日はカメラ。
    "#);
}
