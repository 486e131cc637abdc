//! Given names.

use crate::commonness::fold;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Whether a word is a usual given name somewhere in the world, in Latin letters. Some are ordinary words or places too
/// ("Mark", "Rose", "Sydney"), so a capital and what stands around it have to agree.
pub fn is_given_name(word: &str) -> bool {
    static NAMES: LazyLock<HashSet<&str>> =
        LazyLock::new(|| include_str!("../../data/gazetteer/given_names.txt").split_whitespace().collect());
    let folded = fold(word);
    NAMES.contains(folded.strip_suffix("'s").unwrap_or(&folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_of_many_countries() {
        for name in [
            "John",
            "mary",
            "Qasem",
            "Qassem",
            "Ghasem",
            "Wei",
            "Yuki",
            "Sergei",
            "Ngozi",
            "Jo\u{e3}o",
            "S\u{f8}ren",
            "Priya",
            "Giannis",
            "Recep",
            "Volodymyr",
            "Jennifer's",
            "\u{0141}ukasz,",
        ] {
            assert!(is_given_name(name), "{name}");
        }
        for word in ["", "the", "in", "so", "table", "Soleimani", "Iraq", "said", "than", "long", "Monday", "Google"] {
            assert!(!is_given_name(word), "{word}");
        }
    }

    #[test]
    fn all_are_folded_and_stand_once() {
        let names: Vec<&str> = include_str!("../../data/gazetteer/given_names.txt").split_whitespace().collect();
        let once: HashSet<&str> = names.iter().copied().collect();
        assert_eq!(once.len(), names.len());
        assert!(names.iter().all(|name| fold(name) == *name));
    }
}
