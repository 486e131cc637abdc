//! Texts brought together with words heard: what must hold for any two texts, and how well it works where real
//! texts and real mishearings are at hand.

use ear_core::{Span, Word};
use ear_language::align::{Aligned, drift, times};
use proptest::prelude::*;
use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Words as often as in talk: few very often, most of them rarely.
fn vocabulary() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => (0..12u32).prop_map(|number| name("f", number)),
        2 => (0..200u32).prop_map(|number| name("m", number)),
        1 => (0..4000u32).prop_map(|number| name("r", number)),
    ]
}

/// A word of letters, since digits would be spelled.
fn name(start: &str, number: u32) -> String {
    start.chars().chain(number.to_string().bytes().map(|digit| char::from(digit + 49))).collect()
}

/// What a recogniser does to a word.
#[derive(Clone, Debug)]
enum Slip {
    None,
    Lost,
    Other(String),
    Added(String),
}

/// Words said, and as they were heard: each with a chance of `wrong` in 100 to be lost, misheard, or followed by one
/// that was not said.
fn talk(words: std::ops::Range<usize>, wrong: u32) -> impl Strategy<Value = Vec<(String, Slip)>> {
    let slip = prop_oneof![
        100 - wrong => Just(Slip::None),
        wrong => prop_oneof![
            1 => Just(Slip::Lost),
            2 => vocabulary().prop_map(Slip::Other),
            1 => vocabulary().prop_map(Slip::Added),
        ],
    ];
    prop::collection::vec((vocabulary(), slip), words)
}

/// A written word and when it was said, if it was.
type Written = (Word, Option<Span>);

/// Each word takes 350 ms. What was heard goes to `heard`, with the time it really has.
fn say(talk: &[(String, Slip)], clock: &mut u64, heard: &mut Vec<Word>) -> Vec<Written> {
    let mut written = Vec::new();
    for (text, slip) in talk {
        let span = Span::new(*clock, *clock + 300);
        *clock += 350;
        let mut hear = |text: &str, span| heard.push(Word { confidence: Some(0.9), ..Word::timed(text, span) });
        match slip {
            Slip::None => hear(text, span),
            Slip::Other(other) => hear(other, span),
            Slip::Lost => {}
            Slip::Added(other) => {
                hear(text, Span::new(span.start(), span.start() + 150));
                hear(other, Span::new(span.start() + 150, span.end()));
            }
        }
        written.push((Word::untimed(text), Some(span)));
    }
    written
}

/// Times ascend, no word lasts into the next, texts are unchanged, and only what matched has a confidence.
fn assert_sound(aligned: &Aligned, text: &[Word]) -> Result<(), TestCaseError> {
    let texts = |words: &[Word]| words.iter().map(|word| (word.text.clone(), word.glued)).collect::<Vec<_>>();
    prop_assert_eq!(texts(&aligned.words), texts(text));
    let spans: Vec<Span> = aligned.words.iter().filter_map(|word| word.span).collect();
    for pair in spans.windows(2) {
        prop_assert!(pair[0].start() <= pair[1].start() && pair[0].end() <= pair[1].start(), "{:?}", pair);
    }
    prop_assert!(aligned.words.iter().all(|word| word.span.is_some() || word.confidence.is_none()));
    let unsaid: usize = aligned.unsaid.iter().map(ExactSizeIterator::len).sum();
    prop_assert_eq!(unsaid, aligned.words.iter().filter(|word| word.span.is_none()).count());
    prop_assert!((0.0..=1.0).contains(&aligned.matched) && (0.0..=1.0).contains(&aligned.covered));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn a_text_aligned_with_itself_has_its_own_times(talk in talk(20..400, 0)) {
        let (mut clock, mut heard) = (0, Vec::new());
        say(&talk, &mut clock, &mut heard);
        let aligned = times(&heard, &heard, &[]);
        assert_sound(&aligned, &heard)?;
        let spans = |words: &[Word]| words.iter().map(|word| word.span).collect::<Vec<_>>();
        prop_assert_eq!(spans(&aligned.words), spans(&heard));
        prop_assert!(aligned.matched == 1.0 && aligned.lacking.is_empty());
    }

    #[test]
    fn times_are_found_again_however_much_was_misheard(
        wrong in 5u32..40,
        between in prop::collection::vec((prop::bool::ANY, prop::bool::ANY), 2..5),
        said in prop::collection::vec(talk(150..300, 0), 5),
        slips in prop::collection::vec((0u32..100, vocabulary()), 1500),
        only_written in prop::collection::vec(vocabulary(), 40..120),
        only_said in prop::collection::vec(vocabulary(), 40..120),
    ) {
        // Parts of talk that were both said and written, between which a block was only written (an
        // advertisement that was cut out) or only said (one that was put in).
        let mut slips: VecDeque<_> = slips.into();
        let (mut clock, mut heard, mut written) = (0, Vec::new(), Vec::<Written>::new());
        for ((cut_out, put_in), part) in between.iter().zip(said) {
            let part: Vec<(String, Slip)> = part
                .into_iter()
                .map(|(text, _)| {
                    let (chance, other) = slips.pop_front().unwrap_or((99, String::new()));
                    let slip = match chance {
                        chance if chance >= wrong => Slip::None,
                        chance if chance % 4 == 0 => Slip::Lost,
                        chance if chance % 4 == 1 => Slip::Added(other),
                        _ => Slip::Other(other),
                    };
                    (text, slip)
                })
                .collect();
            written.extend(say(&part, &mut clock, &mut heard));
            if *cut_out {
                written.extend(only_written.iter().map(|text| (Word::untimed(format!("w{text}")), None)));
            }
            if *put_in {
                let block: Vec<_> = only_said.iter().map(|text| (format!("s{text}"), Slip::None)).collect();
                say(&block, &mut clock, &mut heard);
            }
        }
        let text: Vec<Word> = written.iter().map(|(word, _)| word.clone()).collect();
        let aligned = times(&text, &heard, &[]);
        assert_sound(&aligned, &text)?;
        prop_assert!(aligned.fits());
        let (mut spoken, mut near, mut invented, mut cut) = (0usize, 0usize, 0usize, 0usize);
        for (word, (_, truth)) in aligned.words.iter().zip(&written) {
            match (word.span, truth) {
                (found, Some(truth)) => {
                    spoken += 1;
                    near += usize::from(found.is_some_and(|found| found.start().abs_diff(truth.start()) <= 1000));
                }
                (found, None) => {
                    cut += 1;
                    invented += usize::from(found.is_some());
                }
            }
        }
        prop_assert!(near * 100 >= spoken * 95, "{near} of {spoken} at {wrong} % wrong");
        prop_assert!(invented * 20 <= cut, "{invented} of {cut} words that nobody said have times");
    }

    #[test]
    fn nothing_makes_it_fail(
        text in prop::collection::vec((".{0,12}", prop::option::of((0u64..50_000, 0u64..50_000))), 0..60),
        heard in prop::collection::vec((".{0,12}", prop::option::of((0u64..50_000, 0u64..50_000))), 0..60),
        speech in prop::collection::vec((0u64..50_000, 0u64..50_000), 0..5),
    ) {
        let words = |words: Vec<(String, Option<(u64, u64)>)>| -> Vec<Word> {
            let word = |(text, span): (String, Option<(u64, u64)>)| {
                Word { span: span.map(|(start, end)| Span::new(start, end)), ..Word::untimed(text) }
            };
            words.into_iter().map(word).collect()
        };
        let (text, heard) = (words(text), words(heard));
        let speech: Vec<Span> = speech.into_iter().map(|(start, end)| Span::new(start, end)).collect();
        assert_sound(&times(&text, &heard, &speech), &text)?;
        if let Some(drift) = drift(&text, &heard) {
            prop_assert_eq!(drift.correct(&text).len(), text.len());
        }
    }
}

/// Ten hours of talk, and the same again as what has no beginning and no end: a text that repeats itself.
#[test]
fn time_grows_with_the_length_and_not_with_its_square() {
    let talk = |count: u32, of: u32| -> Vec<Word> {
        let word = |index: u32| {
            let start = u64::from(index) * 350;
            Word::timed(name("w", index.wrapping_mul(2_654_435_761) % of), Span::new(start, start + 300))
        };
        (0..count).map(word).collect()
    };
    for (what, count, of) in [("talk", 40_000, 9973), ("refrain", 10_000, 7)] {
        let took = |count| {
            let words = talk(count, of);
            let start = Instant::now();
            let aligned = times(&words, &words, &[]);
            assert_eq!(aligned.matched, 1.0, "{what}");
            start.elapsed().as_secs_f64()
        };
        let (short, long) = (took(count / 4), took(count));
        eprintln!("{what}: {count} words in {long:.2} s, a quarter of them in {short:.2} s");
        // Four times as long, sixteen times if it were the square; machines are not even-tempered.
        assert!(long < 9.0 * short + 0.5, "{what}: {short:.2} s and {long:.2} s");
    }
}

/// The folder of calls that several machines heard; none where it is absent.
fn calls() -> Option<PathBuf> {
    let root = std::env::var_os("EARWITNESS_TESTDATA").map(|root| PathBuf::from(root).join("earnings21"));
    let found = root.filter(|root| root.is_dir());
    if found.is_none() {
        eprintln!("skipped: no earnings21 (set EARWITNESS_TESTDATA)");
    }
    found
}

/// The words of a call: `token|speaker|start|end|punctuation|…`, a head line first.
fn call(file: &Path) -> Vec<Word> {
    let text = fs::read_to_string(file).expect("the file is readable");
    let word = |line: &str| {
        let mut fields = line.split('|');
        let token = fields.next().unwrap_or_default();
        let mut seconds = || fields.next().and_then(|field| field.parse::<f64>().ok());
        seconds();
        let span = seconds().zip(seconds()).map(|(start, end)| Span::from_seconds(start, end));
        Word { span, confidence: span.map(|_| 0.9), ..Word::untimed(token) }
    };
    text.lines().skip(1).map(word).collect()
}

fn files(folder: &Path, at_most: usize) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is readable");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    files.sort();
    files.truncate(at_most);
    files
}

/// Texts written by people get times from one machine; those of another, which hears times its own way, say
/// how good they are.
#[test]
fn written_calls_get_the_times_of_heard_ones() {
    let Some(root) = calls() else { return };
    let (mut off, mut untimed, mut count) = (Vec::new(), 0usize, 0usize);
    for file in files(&root.join("reference"), 6) {
        let name = file.file_name().expect("files have names");
        let heard = |system: &str| call(&root.join("heard").join(system).join(name));
        let text = call(&file);
        let aligned = times(&text, &heard("amazon"), &[]);
        assert!(aligned.fits() && aligned.matched > 0.6, "{name:?}: {}", aligned.matched);
        let truth = times(&text, &heard("speechmatics"), &[]);
        for (word, truth) in aligned.words.iter().zip(&truth.words).filter(|(_, truth)| truth.confidence.is_some()) {
            count += 1;
            match word.span.zip(truth.span) {
                Some((span, truth)) => off.push(span.start().abs_diff(truth.start())),
                None => untimed += 1,
            }
        }
    }
    off.sort_unstable();
    let at = |share: usize| off[off.len() * share / 100];
    eprintln!(
        "{count} words, {untimed} without times; off by {} ms, {} ms at 90 %, {} ms at 99 %",
        at(50),
        at(90),
        at(99)
    );
    assert!(at(50) <= 60 && at(90) <= 200 && at(99) <= 1500, "{} {} {}", at(50), at(90), at(99));
    assert!(untimed * 100 <= count, "{untimed} of {count} words without times");
}

/// Calls are opened and closed with the same phrases, which is no reason to take one for another.
#[test]
fn another_call_is_refused() {
    let Some(root) = calls() else { return };
    let (texts, heard) = (files(&root.join("reference"), 6), files(&root.join("heard/amazon"), 6));
    for (text, other) in texts.iter().zip(heard.iter().cycle().skip(1)) {
        let aligned = times(&call(text), &call(other), &[]);
        assert!(!aligned.fits(), "{text:?} {other:?}: {} {}", aligned.matched, aligned.covered);
    }
}

/// An advertisement of a minute is put into a call after its first third, one of half a minute is taken out later.
#[test]
fn advertisements_in_a_call_are_found() {
    let Some(root) = calls() else { return };
    for file in files(&root.join("heard/google"), 4) {
        let heard = call(&file);
        let written: Vec<Word> = call(&root.join("heard/amazon").join(file.file_name().expect("files have names")));
        let end = heard.iter().filter_map(|word| word.span).map(Span::end).max().unwrap_or(0);
        let shifted = heard.iter().filter_map(|word| {
            let span = word.span?;
            let by = if span.start() < end / 3 { 5000 } else { 65_000 };
            let cut = (2 * end / 3..2 * end / 3 + 30_000).contains(&span.start());
            let by = if span.start() < 2 * end / 3 { by } else { by - 30_000 };
            (!cut).then(|| Word { span: Some(span.shift(by)), ..word.clone() })
        });
        let found = drift(&written, &shifted.collect::<Vec<_>>()).expect("enough words match");
        eprintln!("{file:?}: {found:?}");
        assert!((found.offset - 5000).abs() < 300 && found.per_hour == 0.0, "{found:?}");
        assert_eq!(found.jumps.len(), 2, "{found:?}");
        assert!((found.jumps[0].by - 60_000).abs() < 300 && (found.jumps[1].by + 30_000).abs() < 300, "{found:?}");
        assert!(found.jumps[0].at.abs_diff(end / 3) < 5000, "{found:?}");
    }
}
