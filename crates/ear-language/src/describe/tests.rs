//! Descriptions of small clips.

use super::*;
use ear_core::{Origin, Word, join_words};

fn transcript(text: &str) -> Transcript {
    Transcript { words: text.split_whitespace().map(Word::untimed).collect(), ..Transcript::empty(Origin::Imported) }
}

fn describe_text(text: &str, names: &[NameOf<'_>], notes: Option<&str>) -> Description {
    let transcript = transcript(text);
    let sentences = crate::sentences(&transcript);
    describe(&Material {
        transcript: &transcript,
        sentences: &sentences,
        clip: 0..sentences.len(),
        names,
        notes,
        title: None,
        count: &|_| 0,
    })
}

const BRIDGE: &str = "So the city council closed the Harbour Bridge on Friday. Engineers found cracks in two of the cables. \
    The bridge carries forty thousand cars every day. The council might open one lane of the bridge next week, if the cables hold. \
    Yeah, you know, it's terrible. The cables were made in 1931, and nobody replaced the cables.";

#[test]
fn a_clip_is_described() {
    let description = describe_text(BRIDGE, &[], None);
    assert_eq!(description.headline, "The City Council Closed the Harbour Bridge on Friday");
    assert_eq!(description.headline_by, Author::Words);
    assert!(description.keywords.iter().any(|word| word == "Harbour Bridge" || word == "bridge"), "{description:?}");
    let words = transcript(BRIDGE).words;
    assert!(!description.summary.is_empty());
    for sentence in &description.summary {
        let said = join_words(&words[sentence.words.clone()]);
        assert_eq!(sentence.text.to_lowercase(), said.to_lowercase());
    }
}

#[test]
fn nothing_to_say_is_said() {
    assert_eq!(describe_text("", &[], None).headline, "Music");
    assert_eq!(describe_text("Yeah. Okay.", &[], None).headline, "Yeah Okay");
}

/// The headline of a clip that says these sentences, with the names "Parliament" and "Baghdad".
fn headline_of(text: &str) -> String {
    describe_text(text, &[], None).headline
}

#[test]
fn what_changes_a_claim_is_never_dropped() {
    for (text, hedge) in [
        (
            "The parliament of Iraq did not expel the troops. Parliament debated the troops. Troops stayed in Iraq.",
            "Not",
        ),
        (
            "The parliament of Iraq might expel the troops. Parliament debated the troops. Troops stayed in Iraq.",
            "Might",
        ),
        ("The minister said the parliament of Iraq expelled the troops. Parliament and troops of Iraq.", "Said"),
        ("The parliament of Iraq expels the troops, if the minister agrees. Parliament and troops of Iraq.", "If"),
        ("The minister denied the parliament of Iraq expelled the troops. Parliament and troops of Iraq.", "Denied"),
    ] {
        let headline = headline_of(text);
        let claims = headline.contains("Expel");
        assert!(!claims || headline.contains(hedge), "{text}: {headline}");
    }
}

#[test]
fn nobody_speaks_of_themselves_in_a_headline() {
    for text in [
        "I think we should fix our roads before winter. We drive on roads. Winter ruins roads.",
        "He fixed the roads before winter. It ruined the roads. They were ruined by winter.",
        "This fixes the roads. You need roads in winter. My winter was roads.",
    ] {
        let headline = headline_of(text).to_lowercase();
        for word in ["i", "we", "our", "he", "it", "they", "this", "you", "my"] {
            assert!(!headline.split(' ').any(|said| said == word), "{text}: {headline}");
        }
    }
}

#[test]
fn a_line_of_the_notes_that_tells_the_clip_is_its_headline() {
    let notes = "Hosts talk about the week.\nEngineers find cracks in cables of the Harbour Bridge, and the council closes it\n\
        A recipe for plum cake from the mountains";
    let description = describe_text(BRIDGE, &[], Some(notes));
    assert_eq!(description.headline_by, Author::Notes);
    assert_eq!(
        description.headline,
        "Engineers find cracks in cables of the Harbour Bridge, and the council closes it"
    );
    assert_eq!(description.headline_source.as_deref(), Some(description.headline.as_str()));
    let other =
        describe_text(BRIDGE, &[], Some("A recipe for plum cake from the mountains\nHosts talk about the week."));
    assert_eq!(other.headline_by, Author::Words);
}

#[test]
fn keywords_are_said_twice_or_stand_behind_a_name() {
    let words = "The envoy met Soleimani in Baghdad. The envoy brought a zzyzx. Baghdad was calm.";
    let name = |name, words: &[usize]| (name, None, words.iter().map(|&at| at..at + 1).collect());
    let names = [name("Qasem Soleimani", &[3]), name("Baghdad", &[5, 11])];
    let description = describe_text(words, &names, None);
    assert!(description.keywords.contains(&"Qasem Soleimani".to_owned()), "{description:?}");
    assert!(description.keywords.contains(&"Baghdad".to_owned()) && description.keywords.contains(&"envoy".to_owned()));
    assert!(!description.keywords.iter().any(|word| word == "zzyzx"));
}

proptest::proptest! {
    #[test]
    fn every_clip_has_a_headline_of_its_own_words(
        words in proptest::collection::vec("(the|not|if|said|might|which|and|council|bridge|closed|closes|\"Why|is|Rome|um|2003|—|it|\\PC{1,9})[.,?\"]{0,1}", 0..60)
    ) {
        let text = words.join(" ");
        let description = describe_text(&text, &[], None);
        proptest::prop_assert!(!description.headline.is_empty());
        proptest::prop_assert!(description.headline.chars().count() <= 90, "{}", description.headline);
        proptest::prop_assert!(description.summary.len() <= 3);
        // "µ" has a capital whose small letter is another.
        let said = text.to_uppercase().to_lowercase();
        let listed = description.headline.to_uppercase().to_lowercase();
        for word in listed.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())) {
            proptest::prop_assert!(said.contains(word) || ["and", "music"].contains(&word), "{word:?} of {listed:?}");
        }
        let count = transcript(&text).words.len();
        proptest::prop_assert!(description.summary.iter().all(|sentence| !sentence.words.is_empty() && sentence.words.end <= count));
    }
}

#[test]
fn headlines_say_what_is_announced() {
    for (text, expected) in [
        (
            "Our next story is about a strike of bus drivers in Leeds. The drivers want higher pay. The bus drivers' strike \
             began on Monday.",
            "Strike of Bus Drivers in Leeds",
        ),
        (
            "Next is Section 230, which protects platforms from lawsuits. Platforms fear lawsuits. It is an old law.",
            "Section 230 Protects Platforms From Lawsuits",
        ),
        (
            "Okay. The first question is, \"Why do rivers change their course?\" Well, the rivers carry sand. Sand fills \
             the rivers.",
            "Why Do Rivers Change Their Course?",
        ),
    ] {
        assert_eq!(headline_of(text), expected);
    }
}

#[test]
fn titles_that_are_read_out_are_headlines() {
    for (text, expected) in [
        (
            "Next news item, Discussion about moving the harbour. Ann, what do you think? I think the harbour should move.",
            "Discussion About Moving the Harbour",
        ),
        (
            "Harbour lamps. So, we had some weeks of this. The lamps of the harbour burn oil, and oil is dear.",
            "Harbour Lamps",
        ),
        (
            "The first one is titled Ideas for the harbour after the flood. Bob, you wrote it. The flood was bad, and the \
             harbour suffered.",
            "Ideas for the Harbour After the Flood",
        ),
        (
            "Someone asked how rivers change their course, and Ann answered. Rivers carry sand. The course moves.",
            "How Rivers Change Their Course",
        ),
        (
            "The last question is, should we close the harbour in winter? Well, ice fills the harbour. Winter is long.",
            "Should We Close the Harbour in Winter?",
        ),
        (
            "So, Harbourland adds lamps. They wrote a long letter on oil. The lamps burn oil day and night.",
            "Harbourland Adds Lamps",
        ),
        (
            "Speaking of harbour lamps, a word on them. The harbour lamps burn oil. Nobody likes to pay for lamps.",
            "Harbour Lamps",
        ),
        (
            "Next up is a post from Ann Smith about lamps of the harbour. The lamps burn oil. The harbour is dark.",
            "Lamps of the Harbour",
        ),
        (
            "The last piece of software is Tapsim, and it came up before. Tapsim shows how scripts run. I like Tapsim.",
            "Tapsim",
        ),
        ("So, #6378 protects ships that have lamps. The ships come at night. The ships are old.", "#6378"),
    ] {
        assert_eq!(headline_of(text), expected, "{text}");
    }
}

#[test]
fn titles_that_are_too_long_end_with_dots() {
    let text = "Next question is, \"How would somebody who has never seen the harbour at night find the lamps that burn \
        on every single pier?\" The lamps burn oil.";
    assert_eq!(
        headline_of(text),
        "How Would Somebody Who Has Never Seen the Harbour at Night Find the Lamps That Burn on…"
    );
}

#[test]
fn where_nothing_comes_again_the_opening_is_quoted() {
    let text =
        "Okay. Well, this is episode three, and today Ann met a fisherman by the old harbour wall. And so it goes.";
    assert_eq!(headline_of(text), "“This is episode three, and today Ann met a fisherman by the old harbour wall”");
}

#[test]
fn what_the_rest_of_the_episode_says_too_comes_last() {
    let rest = "We talk about the harbour and the ferry of the harbour every week. ".repeat(30);
    let clip =
        "The harbour has kestrels. Kestrels nest below the harbour crane. Some kestrels eat mice. Nobody sees the \
        harbour kestrels at night. Mice hide from kestrels. The mice of the harbour fear the kestrels. "
            .repeat(3);
    let transcript = transcript(&format!("{rest}{clip}{rest}"));
    let sentences = crate::sentences(&transcript);
    let description = describe(&Material {
        transcript: &transcript,
        sentences: &sentences,
        clip: 30..sentences.len() - 30,
        names: &[],
        notes: None,
        title: None,
        count: &|_| 0,
    });
    assert!(description.headline.starts_with("Kestrels"), "{description:?}");
}

#[test]
fn what_is_numbered_is_called_by_its_number() {
    for (text, expected) in [
        (
            "The next one is to the Harbour repository, #12 and #15. Somebody asked about lamps. The lamps burn oil. \
             Lamps of oil and oil for lamps are dear.",
            "Harbour #12 and #15",
        ),
        (
            "Next is Harbour #12, which adds lamps to every pier. The lamps burn oil on every pier. The pier is old.",
            "Harbour #12 Adds Lamps to Every Pier",
        ),
        (
            "Next is Harbour #12, adding lamps to piers that have no roof. The lamps burn oil. The pier is old.",
            "Harbour #12",
        ),
        ("Next is Harbour #12. So, this change adds oil lamps. The lamps burn oil.", "Harbour #12 Adds Oil Lamps"),
        (
            "In Newsletter #12 we talked of the harbour lamps. The harbour lamps burn oil. The oil of the harbour lamps \
             is dear.",
            "Harbour Lamps",
        ),
    ] {
        assert_eq!(headline_of(text), expected, "{text}");
    }
}

#[test]
fn remarks_in_passing_are_no_headlines() {
    let talk = "The ferry needs a new engine, and the engine of the ferry is old. ".repeat(12);
    for aside in [
        "The Duke of Kent opened the Harbour Bridge. ",
        "Next, let's talk about the Duke of Kent. ",
        "Before we talk about the Duke of Kent, there is the Duke of Kent. ",
    ] {
        let headline = headline_of(&format!("So here we are. {talk}{aside}{talk}"));
        assert!(!headline.contains("Kent") && headline.contains("Ferry"), "{aside}: {headline}");
    }
    let headline = headline_of(&format!("I'd rather not talk about the Duke of Kent. {talk}The Duke of Kent."));
    assert!(!headline.contains("Kent"), "{headline}");
}
