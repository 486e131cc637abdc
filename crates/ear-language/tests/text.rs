//! Sentences and passages of whole texts.

use ear_core::{Origin, Span, Timing, Transcript, Turn, Word, join_words};
use ear_language::{Passage, passages, sentences};
use insta::assert_snapshot;
use proptest::prelude::*;

fn untimed(text: &str) -> Transcript {
    Transcript { words: text.split_whitespace().map(Word::untimed).collect(), ..Transcript::empty(Origin::Imported) }
}

#[test]
fn a_short_talk() {
    let text = "Good evening. I'm at the harbour of St. Ives, where at 6 p.m. the tide came in \
        higher than anyone can remember. The water, which had been rising since noon, went over the wall in minutes! \
        Nobody was hurt. Dr. Ellen Pascoe of the U.K. Weather Office says it won't be the last time... \
        What did you see? Well, I saw boats in the street. Boats. In the street. And then they were gone. \
        It's hard to believe. We'll have more at ten.";
    let mut transcript = untimed(text);
    let split = transcript.words.iter().position(|word| word.text == "What").unwrap();
    let turn = |words, speaker: &str| Turn { speaker: Some(speaker.into()), words };
    transcript.turns =
        vec![turn(0..split, "Host"), turn(split..split + 4, "Ann"), turn(split + 4..transcript.words.len(), "Host")];
    let found = sentences(&transcript);
    let mut page = String::new();
    for Passage { words, speaker, continues } in passages(&transcript, &found) {
        page += &format!("{}{}\n", speaker.unwrap_or_default(), if continues { " …" } else { "" });
        for sentence in found.iter().filter(|sentence| words.contains(&sentence.start)) {
            page += &format!("  {}\n", join_words(&transcript.words[sentence.clone()]));
        }
    }
    assert_snapshot!(page, @r#"
    Host
      Good evening.
      I'm at the harbour of St. Ives, where at 6 p.m. the tide came in higher than anyone can remember.
      The water, which had been rising since noon, went over the wall in minutes!
      Nobody was hurt.
      Dr. Ellen Pascoe of the U.K. Weather Office says it won't be the last time...
    Ann
      What did you see?
    Host
      Well, I saw boats in the street.
      Boats.
      In the street.
      And then they were gone.
      It's hard to believe.
      We'll have more at ten.
    "#);
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{1,8}",
        2 => "[A-Z][a-z]{0,6}[.,?!…]{0,2}",
        1 => prop::sample::select(vec!["the", "so", "and", "Mr.", "U.S.", ".", "...", "3.", "\"", "。", "No.", "-", "(", "I"])
            .prop_map(str::to_owned),
    ]
}

fn transcript() -> impl Strategy<Value = Transcript> {
    let words = prop::collection::vec((word(), 0..3_000_u64, any::<bool>()), 0..300);
    let turns = prop::collection::vec((0..40_usize, 0..60_usize, prop::option::of("[AB]")), 0..12);
    (words, turns, 0..3_u8).prop_map(|(words, turns, timing)| {
        let mut transcript = Transcript::empty(Origin::Recognised);
        let mut now = 0;
        for (text, gap, glued) in words {
            now += if gap < 2_000 { 0 } else { gap };
            let span = (timing > 0).then(|| Span::new(now, now + 200));
            now += 200;
            transcript.words.push(Word { span, glued, ..Word::untimed(text) });
        }
        let mut start = 0;
        for (gap, length, speaker) in turns {
            let from = start + gap / 10;
            start = from + length;
            transcript.turns.push(Turn { speaker, words: from..start });
        }
        transcript.timing = [Timing::None, Timing::Cues, Timing::Words][usize::from(timing)];
        transcript
    })
}

fn is_partition<'a>(ranges: impl Iterator<Item = &'a std::ops::Range<usize>>, count: usize) -> bool {
    let mut end = 0;
    let follows = ranges.into_iter().all(|range| {
        let follows = range.start == end && range.end > range.start;
        end = range.end;
        follows
    });
    follows && end == count
}

proptest! {
    #[test]
    fn every_word_is_in_one_sentence_and_one_passage(transcript in transcript()) {
        let count = transcript.words.len();
        let found = sentences(&transcript);
        prop_assert!(is_partition(found.iter(), count));
        prop_assert!(found.iter().all(|sentence| sentence.len() <= 60));
        let groups = passages(&transcript, &found);
        prop_assert!(is_partition(groups.iter().map(|passage| &passage.words), count));
        let turn = |index: usize| transcript.turns.iter().position(|turn| turn.words.contains(&index));
        for range in found.iter().chain(groups.iter().map(|passage| &passage.words)) {
            prop_assert_eq!(turn(range.start), turn(range.end - 1), "no turn is crossed");
        }
        for passage in &groups {
            let speaker = transcript.turn_of(passage.words.start).and_then(|turn| turn.speaker.clone());
            prop_assert_eq!(&passage.speaker, &speaker);
            let single = found.contains(&passage.words);
            prop_assert!(passage.words.len() <= 80 || single);
            prop_assert!(found.iter().any(|sentence| sentence.end == passage.words.end), "whole sentences");
        }
        for pair in groups.windows(2) {
            let same = turn(pair[0].words.end - 1) == turn(pair[1].words.start);
            prop_assert!(!pair[0].continues || same);
        }
        prop_assert_eq!(&found, &sentences(&transcript));
        prop_assert_eq!(groups, passages(&transcript, &found));
    }

    #[test]
    fn passages_take_any_sentences(lengths in prop::collection::vec(1..120_usize, 0..20)) {
        let count = lengths.iter().sum();
        let transcript = Transcript { words: vec![Word::untimed("so"); count], ..Transcript::empty(Origin::Imported) };
        let mut start = 0;
        let found: Vec<_> = lengths.iter().map(|length| { start += length; start - length..start }).collect();
        let groups = passages(&transcript, &found);
        prop_assert!(is_partition(groups.iter().map(|passage| &passage.words), count));
    }
}

#[test]
fn hours_of_talk_take_seconds() {
    let text = "and so we went on to the next of the many boats that lay there ".repeat(40_000);
    let transcript = untimed(&text);
    let started = std::time::Instant::now();
    let found = sentences(&transcript);
    assert!(passages(&transcript, &found).len() > 5_000);
    assert!(started.elapsed().as_secs() < 60, "{:?} for {} words", started.elapsed(), transcript.words.len());
}
