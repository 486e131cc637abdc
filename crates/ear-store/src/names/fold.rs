//! How spellings are compared.

use crate::columns::tidy;
use unicode_normalization::UnicodeNormalization;

/// A spelling as compared with others: lower case, without accents, marks at its ends and possessive, with
/// single spaces. Never empty but for white space.
pub fn fold_name(text: &str) -> String {
    let lower = text.to_lowercase().replace(['’', 'ʼ', '`', '´'], "'");
    // Only the marks of Latin, Greek and Cyrillic letters: in other scripts such marks are vowels.
    let plain: String = lower.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).nfc().collect();
    let plain = tidy(&plain);
    let bare = plain.trim_matches(is_mark);
    let bare = bare.strip_suffix("'s").unwrap_or(bare).trim_end_matches(is_mark);
    if bare.is_empty() { plain } else { bare.to_owned() }
}

/// Heard words without the marks around them, otherwise as they were.
pub(super) fn without_marks(text: &str) -> &str {
    let bare = text.trim_matches(is_mark);
    if bare.is_empty() { text } else { bare }
}

/// Signs that belong to names ("C++", "M&S") are no marks.
fn is_mark(c: char) -> bool {
    !c.is_alphanumeric() && !"+#&@%$€£".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_fold() {
        for (text, folded) in [
            ("Qasem  Soleimani", "qasem soleimani"),
            ("“Soleimani’s”", "soleimani"),
            ("Jones'", "jones"),
            ("Médecins Sans Frontières,", "medecins sans frontieres"),
            ("İstanbul", "istanbul"),
            ("U.S.", "u.s"),
            ("C++", "c++"),
            ("O´Brien", "o'brien"),
            ("!!!", "!!!"),
            (" 's ", "s"),
            ("हिन्दी", "हिन्दी"),
            ("", ""),
        ] {
            assert_eq!(fold_name(text), folded, "{text}");
        }
    }

    proptest! {
        #[test]
        fn only_white_space_folds_to_nothing(text in "\\PC{0,12}") {
            prop_assert_eq!(fold_name(&text).is_empty(), text.trim().is_empty());
        }
    }
}
