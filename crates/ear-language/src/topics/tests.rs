use super::*;
use crate::sentences;
use ear_core::{Origin, Span, Timing, Word};
use proptest::prelude::*;

/// Sentences of ten words about each of some things in turn, 40 of each.
fn talk(things: &[&str]) -> Transcript {
    let mut transcript = Transcript::empty(Origin::Imported);
    for thing in things {
        for number in 0..40 {
            let text = format!("Then {thing} folk of {thing} town {number} saw the old {thing} {thing}.");
            transcript.words.extend(text.split(' ').map(Word::untimed));
        }
    }
    transcript
}

fn clips(transcript: &Transcript, begins: &[usize], whole: &[Range<usize>]) -> Vec<Range<usize>> {
    let sentences = sentences(transcript);
    let material = Material { transcript, sentences: &sentences, vectors: None, begins, whole };
    cut(&material, &Settings::default())
}

#[test]
fn talk_is_cut_where_it_turns_to_something_else() {
    let transcript = talk(&["river", "parliament", "violin"]);
    assert_eq!(clips(&transcript, &[], &[]), [0..40, 40..80, 80..120]);
    assert_eq!(clips(&talk(&["river"]), &[], &[]), std::iter::once(0..40).collect::<Vec<_>>());
    assert_eq!(clips(&talk(&[]), &[], &[]), []);
}

#[test]
fn cuts_that_are_asked_for_are_made() {
    let transcript = talk(&["river", "parliament"]);
    assert_eq!(clips(&transcript, &[2, 99], &[]), [0..2, 2..40, 40..80]);
    assert_eq!(clips(&transcript, &[], std::slice::from_ref(&(38..41))), [0..38, 38..41, 41..80]);
    // Nothing is cut inside of what is whole.
    assert_eq!(clips(&transcript, &[40], &[38..41, 41..43]), [0..38, 38..41, 41..43, 43..80]);
}

/// A day of talk is cut as finely as an hour of it.
#[test]
fn long_talk_is_cut_as_short_talk_is() {
    // Words of five letters, each number another one.
    let word = |number: usize| -> String {
        (0..5).map(|place| char::from(b'a' + (number / 26_usize.pow(place) % 26) as u8)).collect()
    };
    for hours in [1, 24] {
        let mut transcript = Transcript::empty(Origin::Imported);
        for subject in 0..hours * 10 {
            let thing = word(1_000_000 + subject);
            for sentence in 0..60 {
                // Words that no other subject has, as a day has many.
                let own = word(2_000_000 + subject * 60 + sentence);
                let text = format!("Then {thing} folk saw the {own} of old {thing} town.");
                transcript.words.extend(text.split(' ').map(Word::untimed));
            }
        }
        let clips = clips(&transcript, &[], &[]);
        assert!(clips.len() >= hours * 5, "{hours} hours: {} clips", clips.len());
    }
}

/// Ten hours of talk without a turn, the slowest to cut.
#[test]
fn ten_hours_are_cut_in_seconds() {
    let mut transcript = Transcript::empty(Origin::Imported);
    let words = (0..90_000_u64).map(|number| Word::untimed(format!("word{}", number * number % 4_999)));
    transcript.words.extend(words);
    let sentences: Vec<WordRange> = (0..6_000).map(|number| number * 15..number * 15 + 15).collect();
    let vectors: Vec<Vector> =
        (0..6_000).map(|number| Vector::from_floats(&[1.0, (number % 97) as f32, (number % 13) as f32])).collect();
    let material =
        Material { transcript: &transcript, sentences: &sentences, vectors: Some(&vectors), begins: &[], whole: &[] };
    let began = std::time::Instant::now();
    let clips = cut(&material, &Settings::default());
    let seconds = began.elapsed().as_secs_f32();
    eprintln!("{} clips of ten hours in {seconds:.1} s", clips.len());
    // An hour is the longest clip. A machine with much other work may be ten times as slow.
    assert!(clips.len() >= 10 && seconds < 30.0, "{} clips in {seconds} s", clips.len());
}

proptest! {
    #[test]
    fn clips_hold_every_sentence_and_are_long_enough(
        words in prop::collection::vec((0usize..12, 0u64..3_000), 0..600),
        timed in any::<bool>(),
        begins in prop::collection::vec(0usize..40, 0..3),
    ) {
        let mut now = 0;
        let texts = ["so", "rain.", "the", "music", "river.", "and", "vote", "plays", "a", "law.", "sun", "boat"];
        let mut transcript = Transcript::empty(Origin::Recognised);
        for (text, pause) in words {
            let span = Span::new(now + pause, now + pause + 200);
            now = span.end();
            let word = if timed { Word::timed(texts[text], span) } else { Word::untimed(texts[text]) };
            transcript.words.push(word);
        }
        transcript.timing = if timed { Timing::Words } else { Timing::None };
        let sentences = sentences(&transcript);
        let material =
            Material { transcript: &transcript, sentences: &sentences, vectors: None, begins: &begins, whole: &[] };
        let clips = cut(&material, &Settings::default());
        let mut next = 0;
        for clip in &clips {
            prop_assert_eq!(clip.start, next);
            prop_assert!(clip.end > clip.start);
            next = clip.end;
            let words = sentences[clip.start].start..sentences[clip.end - 1].end;
            let is_long = match transcript.span_of(words.clone()) {
                Some(span) => span.duration() >= 20_000,
                None => words.len() >= 40,
            };
            // Between cuts that were asked for a clip may be short, but then it is all there is between them.
            let is_fixed = |edge: usize| edge == 0 || edge == sentences.len() || begins.contains(&edge);
            prop_assert!(is_long || (is_fixed(clip.start) && is_fixed(clip.end)), "{:?} of {:?}", clip, clips);
        }
        prop_assert_eq!(next, sentences.len());
        for begin in begins.into_iter().filter(|begin| *begin < sentences.len()) {
            prop_assert!(clips.iter().any(|clip| clip.start == begin));
        }
    }
}
