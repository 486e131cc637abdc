//! What words and names are said as, for readers to judge: the expectations are what a careful English speaker says.

use ear_language::sounds::dictionary::Dictionary;
use ear_language::sounds::rules::{Rules, held_out};
use ear_language::sounds::{
    MAX_OF_NAME, MAX_OF_WORD, Phone, Pronunciation, is_known, pronounce, pronounce_first, pronounce_name, substitution,
};
use proptest::prelude::*;
use std::time::Instant;

/// Phones with a bar before each spoken word but the first.
fn written(said: &Pronunciation) -> String {
    let mut text = String::new();
    for (index, phone) in said.phones.iter().enumerate() {
        if index > 0 {
            text += if said.starts.contains(&(index as u8)) { " | " } else { " " };
        }
        text += phone.as_str();
    }
    text
}

fn first_of(word: &str) -> String {
    pronounce(word).first().map(written).unwrap_or_default()
}

/// The first way to say each word.
fn check(table: &[(&str, &str)]) {
    for (word, expected) in table {
        assert_eq!(first_of(word), *expected, "{word}");
    }
}

/// A way that has to be among those of the name, word boundaries left out, but for a vowel that matching forgives.
fn check_names(table: &[(&str, &str)]) {
    for (name, expected) in table {
        let ways = pronounce_name(name);
        let phones: Vec<Phone> = expected.split_whitespace().filter_map(Phone::from_arpabet).collect();
        let found = ways.iter().any(|way| hardly_differ(&way.phones, &phones));
        assert!(found, "{name}: {expected} is not in {:#?}", ways.iter().map(written).collect::<Vec<_>>());
    }
}

fn hardly_differ(a: &[Phone], b: &[Phone]) -> bool {
    a.len() == b.len() && a.iter().zip(b).map(|(a, b)| u32::from(substitution(*a, *b))).sum::<u32>() <= 8
}

#[test]
fn words_of_the_dictionary() {
    check(&[
        ("hello", "HH AH L OW"),
        ("Money", "M AH N IY"),
        ("through", "TH R UW"),
        ("IRAQ", "IH R AA K"),
        ("don't", "D OW N T"),
        ("don’t", "D OW N T"),
        ("café", "K AH F EY"),
        ("\"wait,\"", "W EY T"),
        ("Mr.", "M IH S T ER"),
        ("company's", "K AH M P AH N IY Z"),
        ("Iraq's", "IH R AA K S"),
        ("Marches'", "M AA R CH IH Z"),
        ("well-known", "W EH L | N OW N"),
    ]);
    for word in ["hello", "Hello", "Iraq's", "naïve", "khomeini"] {
        assert!(is_known(word), "{word}");
    }
    for word in ["Soleimani", "qwrt", "", "—", "Путин", "nadella"] {
        assert!(!is_known(word), "{word}");
    }
}

#[test]
fn words_by_rule() {
    check(&[
        ("blorted", "B L AO R T IH D"),
        ("snarfing", "S N AA R F IH NG"),
        ("trumpification", "T R AH M P AH F AH K EY SH AH N"),
        ("glimpish", "G L IH M P IH SH"),
        ("nadella", "N AH D EH L AH"),
        ("shplark", "SH P L AA R K"),
        ("McSweeney", "M AH K S W IY N IY"),
        ("TikTok", "T IH K | T AA K"),
    ]);
}

#[test]
fn letters_and_numbers() {
    check(&[
        ("U.S.", "Y UW | EH S"),
        ("U.S", "Y UW | EH S"),
        ("E.N.", "IY | EH N"),
        ("U.N.'s", "Y UW | EH N Z"),
        ("MPs", "EH M | P IY Z"),
        ("FBI", "EH F | B IY | AY"),
        ("FBI's", "EH F | B IY | AY Z"),
        ("GDPR", "JH IY | D IY | P IY | AA R"),
        ("mph", "EH M P IY EY CH"),
        ("COVID", "K AH V IH D"),
        ("NATO", "N EY T OW"),
        ("2003", "T UW | TH AW Z AH N D | TH R IY"),
        ("2,003", "T UW | TH AW Z AH N D | TH R IY"),
        ("1998", "N AY N T IY N | N AY N T IY | EY T"),
        ("19.5", "N AY N T IY N | P OY N T | F AY V"),
        ("$5", "F AY V | D AA L ER Z"),
        ("5%", "F AY V | P ER S EH N T"),
        ("21st", "T W EH N T IY | F ER S T"),
        ("G20", "JH IY | T W EH N T IY"),
        ("10:30", "T EH N | TH ER D IY"),
        ("&", "AH N D"),
    ]);
    let ways: Vec<String> = pronounce("US").iter().map(written).collect();
    assert!(
        ways.contains(&"AH S".to_owned()) && ways.iter().any(|way| way.replace(" |", "") == "Y UW EH S"),
        "{ways:?}"
    );
}

#[test]
fn names_from_anywhere() {
    check_names(&[
        ("Soleimani", "S OW L EY M AA N IY"),
        ("Sulejmani", "S UW L EY M AA N IY"),
        ("Qasem", "K AA S EH M"),
        ("Ghasem", "G AA S EH M"),
        ("Xi", "SH IY"),
        ("Xi Jinping", "SH IY JH IH N P IH NG"),
        ("Deng Xiaoping", "D EH NG SH Y AW P IH NG"),
        ("Zhang Yiming", "JH AA NG IY M IH NG"),
        ("Qin Gang", "CH IH N G AE NG"),
        ("Nguyen", "W IH N"),
        ("Nguyen", "N UW Y EH N"),
        ("Zelenskyy", "Z EH L EH N S K IY"),
        ("Wojciechowski", "V OY CH EH HH AO F S K IY"),
        ("Szczesny", "SH CH EH S N IY"),
        ("Wałęsa", "V AA W EH N S AH"),
        ("Pichai", "P IY CH AY"),
        ("Satya Nadella", "S AA T Y AH N AH D EH L AH"),
        ("Guterres", "G UW T EH R EH S"),
        ("Bolsonaro", "B OW L S OW N AA R OW"),
        ("Khomeini", "K OW M EY N IY"),
        ("Khomeini", "HH OW M EY N IY"),
        ("Tchaikovsky", "CH AY K AA F S K IY"),
        ("Shinzo Abe", "SH IY N Z OW AA B EY"),
        ("Žižek", "ZH IY ZH EH K"),
        ("Sergei Shoigu", "S ER G EY SH OY G UW"),
        ("Jürgen Klopp", "Y UW R G EH N K L AA P"),
        ("Beauvoir", "B OW V W AA R"),
        ("Emmanuel Macron", "IH M AE N Y UW AH L M AA K R OW N"),
        ("Giuseppe Conte", "JH IH S EH P IY K AO N T EY"),
        ("Erdoğan", "EH R D OW AA N"),
        ("Orbán", "OW R B AA N"),
        ("Mark Rutte", "M AA R K R UW T AH"),
        ("van der Leyen", "F AH N D ER L AY EH N"),
        ("Jiménez", "HH IY M EH N EH Z"),
        ("Peña Nieto", "P EY N Y AH N IY EH T OW"),
        ("Guaidó", "G W AY D OW"),
        ("J. K. Rowling", "JH EY K EY R OW L IH NG"),
    ]);
}

#[test]
fn articles_take_in_the_next_sound() {
    check_names(&[
        ("Al-Asad", "AE L AA S AA D"),
        ("Bashar al-Asad", "B AH SH AA R AE L AH S AA D"),
        ("Muqtada al-Sadr", "M UW K T AA D AH AE S AA D R"),
        ("as-Sadr", "AE S AA D R"),
        ("El-Sisi", "EH L S IY S IY"),
        ("Al Jazeera", "AE L JH AH Z IH R AH"),
    ]);
}

/// Names that English has are not read by foreign habits.
#[test]
fn english_names_stay_english() {
    for name in ["Boris Johnson", "Tim Cook", "Joe Biden", "James Brown", "Robert Jones", "Goldman Sachs"] {
        for way in pronounce_name(name) {
            let said = written(&way);
            assert!(!said.contains("HH") && !said.contains("Y OW") && !said.contains("V"), "{name}: {said}");
        }
    }
}

#[test]
fn what_cannot_be_read_gives_nothing() {
    for text in ["", " ", "—", "…", "Путин", "習近平", "Vladimir Путин", "'", "."] {
        assert_eq!(pronounce_name(text), [], "{text}");
    }
    assert_eq!(pronounce("Путин"), []);
    assert_eq!(pronounce(&"w".repeat(10_000)), pronounce(&"w".repeat(64)));
    assert!(!pronounce_name(&"Wojciechowski ".repeat(1_000)).is_empty());
}

fn well_formed(ways: &[Pronunciation], limit: usize) {
    assert!(ways.len() <= limit);
    assert!(ways.iter().is_sorted_by(|a, b| a.cost <= b.cost));
    assert!(ways.first().is_none_or(|first| first.cost == 0.0));
    for (index, way) in ways.iter().enumerate() {
        assert!((1..256).contains(&way.phones.len()), "{way:?}");
        assert!(way.starts.first() == Some(&0) && way.starts.is_sorted_by(|a, b| a < b), "{way:?}");
        assert!(way.starts.iter().all(|start| usize::from(*start) < way.phones.len()), "{way:?}");
        assert!(ways[..index].iter().all(|other| other.phones != way.phones), "{way:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_gives_bounded_pronunciations(
        text in prop_oneof![
            "\\PC{0,90}",
            "[A-Za-zÀ-ž0-9'’.,$%/ -]{0,80}",
            "[a-zA-Z]{1,12}",
            "[wW19.]{0,150}",
        ]
    ) {
        let (ways, names) = (pronounce(&text), pronounce_name(&text));
        well_formed(&ways, MAX_OF_WORD);
        well_formed(&names, MAX_OF_NAME);
        prop_assert_eq!(&ways, &pronounce(&text));
        prop_assert_eq!(&names, &pronounce_name(&text));
        let mut first = Vec::new();
        pronounce_first(&text, &mut first);
        prop_assert_eq!(first, ways.first().map(|way| way.phones.clone()).unwrap_or_default());
    }
}

fn dictionary_bytes() -> &'static [u8] {
    include_bytes!("../data/sounds/dictionary.bin")
}

/// Words of letters alone, found by trying what the rules were not learned from.
#[test]
fn rules_say_words_that_they_were_not_learned_from() {
    let dictionary = Dictionary::read(dictionary_bytes()).unwrap();
    let rules = Rules::read(include_bytes!("../data/sounds/rules.bin")).unwrap();
    let (mut errors, mut phones, mut count) = (0, 0, 0);
    for word in dictionary.words().filter(|word| word.bytes().all(|b| b.is_ascii_lowercase()) && held_out(word, 0)) {
        let expected = dictionary.find(&word).unwrap().ways();
        let mut said = Vec::new();
        rules.say(&word, &mut said);
        errors += distance(&expected[0], &said);
        phones += expected[0].len();
        count += 1;
    }
    let error = f64::from(errors as u32) / f64::from(phones as u32);
    eprintln!("phone error on {count} words held out: {error:.4}");
    assert!(count > 5_000 && error < 0.11, "{count} words, {error}");
}

fn distance(a: &[Phone], b: &[Phone]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}

/// Run with `cargo test --release -p ear-language --test sounds -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, of use in release only"]
fn words_a_second() {
    let known: Vec<String> = Dictionary::read(dictionary_bytes()).unwrap().words().collect();
    // As in a vocabulary of speech: part known, part not, some with capitals and some possessive.
    let unknown: Vec<String> = known.iter().map(|word| word.chars().rev().collect()).collect();
    let capitals: Vec<String> = known.iter().map(|word| word.to_uppercase()).collect();
    for (what, words) in [("known", &known), ("unknown", &unknown), ("in capitals", &capitals)] {
        let begin = Instant::now();
        let mut phones = Vec::new();
        for word in words {
            phones.clear();
            pronounce_first(word, &mut phones);
        }
        eprintln!("{what}: {:.0} words a second", words.len() as f64 / begin.elapsed().as_secs_f64());
    }
    let begin = Instant::now();
    let names: usize = known.iter().step_by(50).map(|word| pronounce_name(word).len()).sum();
    eprintln!("names: {:.0} a second", (known.len() / 50) as f64 / begin.elapsed().as_secs_f64());
    assert!(names > 0);
}
