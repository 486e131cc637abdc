//! How common words, and words in a row, are when people talk English.
//!
//! Heard words that nobody says ("sola money") are likely to be something else, and common ones ("the rock") are not.
//! All numbers are log10 of occurrences in a thousand million words: "the" is at 7.6, "iraq" at 5.1, a word said once in
//! a hundred million words at 1.
//!
//! The tables come from the language model of pocketsphinx and from news; `data/commonness/NOTICE.md` says how, and
//! under which licences. `tools/commonness.py` makes them.

mod fold;
mod listing;
mod table;

pub use fold::fold;
use listing::{Entry as InRow, PAIRS, TRIPLES};
use table::Entry;

/// The commonness of words that the table lacks.
pub const UNSEEN: f32 = 0.0;

/// A step of the bytes in the tables.
const STEP: f32 = 1.0 / 32.0;
/// log10 of all the words that occurrences are counted in.
const ALL: f32 = 9.0;
/// log10 of what a word keeps of its commonness after a word that it is not listed with: the .4 of "stupid back-off"
/// (Brants, Popat, Xu, Och, Dean 2007, "Large Language Models in Machine Translation").
const BACK_OFF: f32 = -0.398;

/// How common a word is. It is folded first; a possessive counts as its word where it is not listed itself, a word with
/// hyphens as its parts in a row, and a number by how many digits it has.
pub fn word(word: &str) -> f32 {
    let folded = fold(word);
    if folded.contains('-') {
        let parts: Vec<&str> = folded.split('-').collect();
        return phrase(&parts);
    }
    look_up(&folded).0
}

/// How common two words in a row are, where the table lists them. It lists all that are at [`complete_from`] or commoner,
/// and of the rarer ones those that are much commoner than their words let expect ("capital expenditures").
pub fn pair(first: &str, second: &str) -> Option<f32> {
    let (first, second) = (entry(&fold(first))?, entry(&fold(second))?);
    PAIRS.find(first.number, second.number).map(|pair| f32::from(pair.steps) * STEP)
}

/// The commonness from which the table of pairs lacks none.
pub fn complete_from() -> f32 {
    f32::from(PAIRS.complete_from()) * STEP
}

/// How common words in a row are: an estimate from the pairs and the listed triples in them, for up to about four words.
/// It may lie far below 0, for words that nobody is likely to have said so. Without words it is [`UNSEEN`].
pub fn phrase(words: &[&str]) -> f32 {
    let folded: Vec<_> = words.iter().map(|word| fold(word)).collect();
    let mut parts = folded.iter().flat_map(|word| word.split('-')).filter(|part| !part.is_empty()).map(look_up);

    let Some(mut before) = parts.next() else { return UNSEEN };
    let mut sum = before.0;
    let mut pair_before = None;
    for this in parts {
        let pair = before.1.zip(this.1).and_then(|(first, second)| PAIRS.find(first.number, second.number));
        sum += follows(before.0, pair_before, this, pair);
        (before, pair_before) = (this, pair);
    }
    sum
}

/// log10 of the probability that `this` follows a word of the commonness `before`. Of both words together `pair` is known
/// if they are listed, and `pair_before` is the pair that the first of them ends.
fn follows(before: f32, pair_before: Option<InRow>, this: (f32, Option<Entry>), pair: Option<InRow>) -> f32 {
    let triple = pair_before.zip(this.1).and_then(|(pair, word)| {
        let triple = TRIPLES.find(pair.place, word.number)?;
        Some((f32::from(triple.steps) - f32::from(pair.steps)) * STEP)
    });
    let listed = triple.or_else(|| Some(f32::from(pair?.steps) * STEP - before));
    let backed_off = BACK_OFF + this.0 - ALL;
    match listed {
        // What is listed may be commoner than its first words by a step, since both are rounded.
        Some(listed) => listed.min(0.0),
        // Backing off alone would take any two common words for a common pair, but common pairs are listed.
        None if this.1.is_some() => backed_off.min(complete_from() - before),
        None => backed_off,
    }
}

/// The commonness of a folded word, and its entry where it has one.
fn look_up(folded: &str) -> (f32, Option<Entry>) {
    match entry(folded) {
        Some(entry) => (f32::from(entry.steps) * STEP, Some(entry)),
        None => (number(folded).unwrap_or(UNSEEN), None),
    }
}

fn entry(folded: &str) -> Option<Entry> {
    table::find(folded).or_else(|| table::find(folded.strip_suffix("'s")?))
}

/// Numbers are said often, though each alone is rare, and transcripts write them in digits. An estimate of our own, so
/// that "2003" doesn't look like something misheard.
fn number(folded: &str) -> Option<f32> {
    if !folded.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(match folded.bytes().filter(u8::is_ascii_digit).count() {
        1 => 5.8,
        2 => 5.3,
        3 | 4 => 4.5,
        _ => 3.5,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_common_as_people_say_them() {
        let orders: &[&[&str]] = &[
            &["the", "don't", "gonna", "rock", "sola", "soleimani"],
            &["yeah", "money", "iraq", "tehran"],
            &["we're", "podcast", "webinar"],
            &["Um,", "quarter", "guidance", "amortization"],
        ];
        for order in orders {
            assert!(order.is_sorted_by(|one, other| word(one) > word(other)), "{order:?}");
        }
    }

    #[test]
    fn values() {
        for (text, least, most) in [
            ("the", 7.5, 7.8),
            ("don't", 6.3, 6.9),
            ("gonna", 5.3, 6.3),
            ("podcast", 4.5, 5.5),
            ("covid", 4.5, 5.5),
            ("iphone", 3.8, 5.0),
            ("Iraq", 4.5, 5.5),
            ("soleimani", UNSEEN, UNSEEN),
            ("", UNSEEN, UNSEEN),
            ("\u{2014}", UNSEEN, UNSEEN),
            ("2003", 4.0, 5.0),
            ("$3.5", 4.0, 6.0),
        ] {
            let value = word(text);
            assert!((least..=most).contains(&value), "{text}: {value}");
        }
    }

    #[test]
    fn spellings_of_one_word_are_as_common() {
        for (one, other) in [
            ("don\u{2019}t", "don't"),
            ("\"Money,\"", "money"),
            ("(economy)", "economy"),
            ("'em", "em"),
            ("caf\u{e9}", "cafe"),
            ("xylophone's", "xylophone"),
            ("U.S.", "u.s"),
        ] {
            assert!(word(other) > UNSEEN, "{other}");
            assert_eq!(word(one), word(other), "{one}");
        }
        assert_eq!(word("well-known"), phrase(&["well", "known"]));
        assert!(word("uh-huh") > 3.0);
    }

    #[test]
    fn pairs_are_listed_where_common() {
        for (first, second, least) in [
            ("going", "to", 5.5),
            ("the", "economy", 4.0),
            ("San", "Francisco,", 4.0),
            ("a", "rock", 3.0),
            ("it's", "a", 5.0),
        ] {
            let value = pair(first, second);
            assert!(value >= Some(least), "{first} {second}: {value:?}");
        }
        for (first, second) in [("sola", "money"), ("soleimani", "said"), ("economy", "the the"), ("", "")] {
            assert_eq!(pair(first, second), None, "{first} {second}");
        }
    }

    #[test]
    fn phrases() {
        // Each is rarer than the one before.
        let order: &[&[&str]] = &[
            &["the"],
            &["going", "to"],
            &["the", "economy"],
            &["a", "rock"],
            &["revenue", "growth"],
            &["sola", "money"],
            &["his", "life's", "goal"],
            &["cows", "some", "sola", "money"],
        ];
        assert!(order.is_sorted_by(|one, other| phrase(one) > phrase(other)));
        assert_eq!(phrase(&[]), UNSEEN);
        assert_eq!(phrase(&["iraq"]), word("iraq"));
        assert!(phrase(&["revenue", "the"]) < complete_from() + 0.01);
        assert!(phrase(&["thank", "you", "very", "much"]) > 3.5, "triples know it");
        assert!(phrase(&["soleimani", "soleimani"]) < -5.0);
    }

    proptest::proptest! {
        #[test]
        fn more_words_are_never_commoner(words in proptest::collection::vec("[a-z']{0,6}|the|of|[0-9]{1,4}|iraq|\\PC{0,4}", 0..5)) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            for length in 1..words.len() {
                let (shorter, longer) = (phrase(&words[..length]), phrase(&words[..=length]));
                let said_something = words[..length].iter().any(|word| !fold(word).is_empty());
                proptest::prop_assert!(longer.is_finite());
                proptest::prop_assert!(!said_something || longer <= shorter, "{words:?} {shorter} {longer}");
            }
        }
    }
}
