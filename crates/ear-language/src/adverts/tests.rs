//! Advertisements in small transcripts, and talk that only looks like them.

use super::*;
use ear_core::{Origin, Span, Stretch, StretchKind, Timing, join_words};

fn transcript(text: &str) -> Transcript {
    Transcript { words: text.split_whitespace().map(Word::untimed).collect(), ..Transcript::empty(Origin::Imported) }
}

fn check(text: &str, expected: &[(&str, &str)]) {
    let transcript = transcript(text);
    let sentences = crate::sentences(&transcript);
    let found = adverts(&transcript, &sentences, &|_| 0);
    let shown: Vec<(&str, String)> = found
        .iter()
        .map(|advert| {
            let words = sentences[advert.sentences.start].start..sentences[advert.sentences.end - 1].end;
            (advert.label, join_words(&transcript.words[words]))
        })
        .collect();
    let shown: Vec<(&str, &str)> = shown.iter().map(|(label, text)| (*label, text.as_str())).collect();
    assert_eq!(shown, expected, "{found:?}");
    assert!(found.iter().all(|advert| advert.probability >= 0.5 && !advert.why.is_empty()));
}

#[test]
fn adverts_are_found_between_talk() {
    let sponsor = "This episode is brought to you by Acme Mattresses. They are soft and they last. \
        Go to acme.com/show and use promo code SHOW for 20 percent off.";
    check(
        &format!(
            "The harvest was late this year. Farmers waited for rain. {sponsor} Now back to the harvest. The rain came in May."
        ),
        &[("sponsor", sponsor)],
    );
    let credits = "This episode was produced by Ann Lee. It was mixed by Bo Diaz. Our theme music is by The Larks.";
    let promotion = "Subscribe wherever you get your podcasts.";
    check(
        &format!("So the farmers were glad in the end. {credits} {promotion}"),
        &[("credits", credits), ("promotion", promotion)],
    );
}

#[test]
fn a_message_goes_on_while_it_is_about_the_sponsor() {
    let read = "Our first sponsor of the show is our friend at Acme Tools. Farmers all over the valley rely on Acme every \
        single day for the hard work that has to be done before the rain comes, whether it is ploughing, sowing or \
        mowing. You can rent by the day. Head to Acme.com, all one word.";
    let talk = "Today we talk to Ann Lee. She has a farm in the valley.";
    check(
        &format!("{talk} {read} And now, on to the show. {talk} She bought her tools from Acme."),
        &[("sponsor", read)],
    );
    let short = "We have three sponsors - Acme, The Larks and Bobs.";
    check(&format!("{talk} {short} Alright, welcome back everyone. {talk}"), &[("sponsor", short)]);
}

#[test]
fn talk_about_advertising_is_talk() {
    check(
        "Radio stations sold ads as early as 1922. A show was often brought to you by a soap company. Listeners knew each \
         sponsor by heart. Today podcasts are where sponsors spend. About half of the ads are read by hosts. Advertisers \
         give each show a promo code to count sales. Critics say that listeners skip them anyway. The film was produced \
         by a studio that never paid for advertising.",
        &[],
    );
    check(
        "When we began, we had no sponsors. Then Acme came to sponsor a maintainer. Acme gave us two thousand a month. We \
         thanked Acme on the page.",
        &[],
    );
    check("The state of the language is known because a survey, brought to you by Google, asked users.", &[]);
    check("You cannot use the code without a license. The support for this feature comes from volunteers.", &[]);
    check("", &[]);
}

#[test]
fn what_every_episode_repeats_is_no_content() {
    let mut radio =
        transcript("You are listening to the voice of the valley. The mayor resigned on Monday morning after a vote.");
    for (at, word) in radio.words.iter_mut().enumerate() {
        let start = 3_000 + at as u64 * 300;
        word.span = Some(Span::new(start, start + 300));
    }
    radio.timing = Timing::Words;
    radio.stretches = vec![Stretch { span: Span::new(0, 2_900), kind: StretchKind::Music, language: None }];
    let sentences = crate::sentences(&radio);
    let found = adverts(&radio, &sentences, &|number| if number == 0 { 7 } else { 0 });
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].label, found[0].sentences.clone()), ("jingle", 0..1));
    assert_eq!(found[0].why, "the same words in 7 other episodes; music beside it");
}

#[test]
fn keys_forget_case_and_marks() {
    let key = |text: &str| sentence_key(&transcript(text).words);
    assert_eq!(key("Our theme music is by The Larks."), key("our theme, music is by the larks"));
    assert_ne!(key("Our theme music is by The Larks."), key("Our theme music is by The Owls."));
    assert_eq!(key("Thanks for listening."), None);
    assert_eq!(key("one two three four five six"), Some(0x4d73_cd77_037b_c487));
}

proptest::proptest! {
    #[test]
    fn stretches_ascend_inside_the_sentences(words in proptest::collection::vec("sponsor|promo|code|use|by|brought|to|you|a\\.|theme|music|our|acme\\.com/x|\\PC{0,6}", 0..80)) {
        let transcript = Transcript {
            words: words.iter().filter(|word| !word.trim().is_empty()).map(Word::untimed).collect(),
            ..Transcript::empty(Origin::Imported)
        };
        let sentences = crate::sentences(&transcript);
        let found = adverts(&transcript, &sentences, &|number| number as u32 % 3);
        proptest::prop_assert!(found.iter().all(|advert| !advert.sentences.is_empty() && advert.sentences.end <= sentences.len()));
        proptest::prop_assert!(found.is_sorted_by(|one, other| one.sentences.end <= other.sentences.start));
    }
}
