//! One form for all spellings of a word.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which words are looked up: lower case, Latin letters without accents, straight apostrophes, and nothing
/// around it that is neither letter nor digit.
pub fn fold(word: &str) -> Cow<'_, str> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if bare.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(bare);
    }
    if bare.is_ascii() {
        return Cow::Owned(bare.to_ascii_lowercase());
    }

    let mut folded = String::with_capacity(bare.len());
    for c in bare.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase) {
        match c {
            '\u{2018}' | '\u{2019}' | '\u{2bc}' => folded.push('\''),
            '\u{2010}' | '\u{2011}' => folded.push('-'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            other if !is_combining_mark(other) => folded.push(other),
            _ => {}
        }
    }
    // Taking a sign apart may have left marks at the ends, such as those of "½".
    match folded.trim_matches(|c: char| !c.is_alphanumeric()) {
        trimmed if trimmed.len() == folded.len() => Cow::Owned(folded),
        trimmed => Cow::Owned(trimmed.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (word, expected) in [
            ("the", "the"),
            ("The,", "the"),
            ("\u{201c}Don\u{2019}t\u{201d}", "don't"),
            ("'em", "em"),
            ("U.S.", "u.s"),
            ("O\u{2019}Brien\u{2019}s", "o'brien's"),
            ("teachers'", "teachers"),
            ("$3.5", "3.5"),
            ("S\u{e3}o", "sao"),
            ("\u{141}\u{f3}d\u{17a}", "lodz"),
            ("\u{130}zmir", "izmir"),
            ("Stra\u{df}e", "strasse"),
            ("\u{ff21}", "a"),
            ("\u{2014}", ""),
            ("", ""),
        ] {
            assert_eq!(fold(word), expected, "{word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_changes_nothing(word in "\\PC{0,12}") {
            let once = fold(&word).into_owned();
            proptest::prop_assert_eq!(fold(&once).into_owned(), once);
        }
    }
}
