//! Random libraries and queries, compared with reading every passage.

use crate::library::{Library, episode, request};
use ear_search::EpisodeDoc;
use proptest::prelude::*;

const WORDS: [&str; 6] = ["ash", "Birch", "cedar's", "dogwood-elm", "—", "Élm,"];

/// A query over those words, as text and as what it means for a passage.
#[derive(Clone, Debug)]
enum Ask {
    Word(usize),
    Phrase(Vec<usize>),
    Prefix(usize),
    And(Vec<Ask>),
    Or(Vec<Ask>),
    /// The first without the second.
    But(Box<Ask>, Box<Ask>),
}

fn forms(word: &str) -> &'static [&'static str] {
    match word {
        "ash" => &["ash"],
        "Birch" => &["birch"],
        "cedar's" => &["cedar"],
        "dogwood-elm" => &["dogwood", "elm"],
        "Élm," => &["elm"],
        _ => &[],
    }
}

/// A passage's forms, and how many of them are its own; the others follow in its turn.
struct Passage {
    forms: Vec<&'static str>,
    own: usize,
}

impl Ask {
    fn text(&self) -> String {
        let list = |asks: &[Ask], by: &str| format!("({})", asks.iter().map(Ask::text).collect::<Vec<_>>().join(by));
        match self {
            Ask::Word(word) => WORDS[*word].into(),
            Ask::Phrase(words) => {
                format!("\"{}\"", words.iter().map(|&word| WORDS[word]).collect::<Vec<_>>().join(" "))
            }
            Ask::Prefix(word) => format!("{}*", &forms(WORDS[*word])[0][..2]),
            Ask::And(asks) => list(asks, " "),
            Ask::Or(asks) => list(asks, " OR "),
            Ask::But(ask, without) => format!("({} -{})", ask.text(), without.text()),
        }
    }

    fn meets(&self, passage: &Passage) -> bool {
        let phrase = |phrase: Vec<&str>| {
            (0..passage.own).any(|at| passage.forms[at..].starts_with(&phrase)) && !phrase.is_empty()
        };
        match self {
            Ask::Word(word) => phrase(forms(WORDS[*word]).to_vec()),
            Ask::Phrase(words) => phrase(words.iter().flat_map(|&word| forms(WORDS[word])).copied().collect()),
            Ask::Prefix(word) => {
                passage.forms[..passage.own].iter().any(|form| form[..2] == forms(WORDS[*word])[0][..2])
            }
            Ask::And(asks) => asks.iter().all(|ask| ask.meets(passage)),
            Ask::Or(asks) => asks.iter().any(|ask| ask.meets(passage)),
            Ask::But(ask, without) => ask.meets(passage) && !without.meets(passage),
        }
    }
}

fn asks() -> impl Strategy<Value = Ask> {
    // Mere punctuation means nothing, and has its own tests.
    let word = prop_oneof![Just(0usize), Just(1), Just(2), Just(3), Just(5)];
    let leaf = prop_oneof![
        word.clone().prop_map(Ask::Word),
        (word.clone(), prop::collection::vec(0..WORDS.len(), 1..4))
            .prop_map(|(first, rest)| Ask::Phrase([vec![first], rest].concat())),
        word.prop_map(Ask::Prefix),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            several.clone().prop_map(Ask::And),
            several.prop_map(Ask::Or),
            (inner.clone(), inner).prop_map(|(ask, without)| Ask::But(Box::new(ask), Box::new(without))),
        ]
    })
}

/// Episodes of passages of a few of those words, each passage going on into the next or not.
fn episodes() -> impl Strategy<Value = Vec<Vec<(Vec<usize>, bool)>>> {
    let passage = (prop::collection::vec(0..WORDS.len(), 0..6), any::<bool>());
    prop::collection::vec(prop::collection::vec(passage, 1..8), 1..5)
}

fn doc(id: i64, passages: &[(Vec<usize>, bool)]) -> EpisodeDoc {
    let line = |(words, continues): &(Vec<usize>, bool)| {
        let words = words.iter().map(|&word| WORDS[word]).collect::<Vec<_>>().join(" ");
        format!("{words}{}", if *continues { " +" } else { "" })
    };
    episode(id, &passages.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn passages(doc: &EpisodeDoc) -> Vec<Passage> {
    let forms_at = |at: usize| doc.passages[at].texts.iter().flat_map(|text| forms(text)).copied();
    let passage = |at: usize| {
        let own: Vec<_> = forms_at(at).collect();
        let turn = (at + 1..doc.passages.len()).take_while(|&next| doc.passages[next - 1].continues);
        Passage { own: own.len(), forms: own.into_iter().chain(turn.flat_map(forms_at)).collect() }
    };
    (0..doc.passages.len()).map(passage).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_index_finds_what_reading_finds(episodes in episodes(), asks in prop::collection::vec(asks(), 1..12)) {
        let docs: Vec<EpisodeDoc> = episodes.iter().zip(1..).map(|(passages, id)| doc(id, passages)).collect();
        let library = Library::with(docs.clone());
        for ask in asks {
            let mut expected = Vec::new();
            for doc in &docs {
                let meets = passages(doc).into_iter().zip(&doc.passages).filter(|(passage, _)| ask.meets(passage));
                expected.extend(meets.map(|(_, passage)| (doc.episode, passage.words.clone())));
            }
            let answer = library.index.search(&request(&ask.text())).unwrap();
            let mut found: Vec<_> = answer.hits.iter().map(|hit| (hit.episode, hit.words.clone())).collect();
            found.sort_by_key(|(episode, words)| (*episode, words.start, words.end));
            expected.sort_by_key(|(episode, words)| (*episode, words.start, words.end));
            prop_assert_eq!(&found, &expected, "{}", ask.text());
            prop_assert_eq!(answer.total, expected.len());
            for hit in &answer.hits {
                let doc = &docs[hit.episode.0 as usize - 1];
                let texts: Vec<&String> = doc.passages.iter().flat_map(|passage| &passage.texts).collect();
                let texts = &texts[hit.words.start..hit.words.end + hit.following];
                let matched = answer.matcher.matched(texts, hit.words.len(), hit.language.as_deref());
                prop_assert!(!matched.ranges.is_empty() && matched.best.is_some(), "{}", ask.text());
                for range in &matched.ranges {
                    prop_assert!(range.start < hit.words.len() && range.start < range.end && range.end <= texts.len());
                }
                prop_assert!(matched.ranges.windows(2).all(|pair| pair[0].end <= pair[1].start));
            }
        }
    }

    #[test]
    fn any_text_is_indexed_and_found_again(text in "\\PC{1,80}") {
        let doc = episode(1, &text.replace('+', " "));
        let words: Vec<String> = doc.passages.iter().flat_map(|passage| passage.texts.clone()).collect();
        let library = Library::with([doc]);
        for word in words {
            // A quote cannot be asked for within quotes.
            if word.contains(['"', '“', '”', '„', '‟', '＂']) {
                continue;
            }
            let quoted = format!("\"{word}\"");
            match library.index.search(&request(&quoted)) {
                Ok(answer) => {
                    prop_assert_eq!(answer.total, 1, "{}", word);
                    prop_assert!(library.query(&quoted)[0].contains('['), "{}", word);
                }
                Err(error) => prop_assert!(error.to_string().contains("holds no word"), "{} {}", word, error),
            }
        }
    }
}
