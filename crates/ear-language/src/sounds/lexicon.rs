//! The dictionary and the rules that come with the program.
//!
//! Made by `examples/train_sounds` from CMUdict (`data/sounds/LICENSE-CMUDICT`).

use super::Phone;
use super::dictionary::{Dictionary, Entry};
use super::reading::Ways;
use super::rules::Rules;
use std::sync::LazyLock;

/// What the second and third pronunciation of the dictionary cost each; it does not say how common they are.
const OTHER: f32 = 0.7;

/// How many ways the rules give.
const RULE_WAYS: usize = 3;

static DICTIONARY: LazyLock<Dictionary<'static>> = LazyLock::new(|| {
    Dictionary::read(include_bytes!("../../data/sounds/dictionary.bin")).expect("the dictionary comes with the program")
});
static RULES: LazyLock<Rules<'static>> = LazyLock::new(|| {
    Rules::read(include_bytes!("../../data/sounds/rules.bin")).expect("the rules come with the program")
});

/// The entry of a word in lower case.
pub(super) fn find(word: &str) -> Option<Entry<'static>> {
    DICTIONARY.find(word)
}

/// What the dictionary says of a word in lower case.
pub(super) fn known(word: &str) -> Option<Ways> {
    let ways = find(word)?.ways();
    Some(ways.into_iter().enumerate().map(|(place, way)| (way, place as f32 * OTHER)).collect())
}

/// Appends what the rules most likely say.
pub(super) fn spell(word: &str, phones: &mut Vec<Phone>) {
    RULES.say(word, phones);
}

/// What the rules say; empty if `word` has no letters.
pub(super) fn spelled(word: &str) -> Ways {
    let mut ways = RULES.ways(word, RULE_WAYS);
    ways.retain(|(phones, _)| !phones.is_empty());
    ways
}
