//! Brackets, accents, punctuation and other signs.

use super::pattern;
use regex::Regex;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Signs that say something about a number and stay until [`without_strays`].
const OF_NUMBERS: &str = ".%$¢€£";

/// Leaves out what stands in brackets or parentheses: notes such as "\[laughs\]", which nobody said.
pub(super) fn without_brackets(text: &str) -> String {
    static NOTE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[<\[][^>\]]*[>\]]"));
    static ASIDE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\([^)]+\)"));
    ASIDE.replace_all(&NOTE.replace_all(text, ""), "").into_owned()
}

/// Leaves letters, digits and the signs of numbers: accents are dropped, all else becomes a space.
/// Commas between digits go without a trace.
pub(super) fn plain(text: &str) -> String {
    static GROUPING: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\d),(\d)"));
    static FULL_STOP: LazyLock<Regex> = LazyLock::new(|| pattern(r"\.([^0-9]|$)"));
    // Unicode takes "…" for three dots, which would stick to the word before; apart, they still part numbers.
    let text = text.replace('…', " ... ");
    let text = GROUPING.replace_all(&text, "$1$2");
    let text = FULL_STOP.replace_all(&text, " $1");
    let mut plain = String::with_capacity(text.len());
    for letter in text.nfkd() {
        push_plain(&mut plain, letter);
    }
    plain
}

/// Drops the signs of numbers that stand beside none.
pub(super) fn without_strays(text: &str) -> String {
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[.$¢€£]([^0-9])"));
    static AFTER: LazyLock<Regex> = LazyLock::new(|| pattern(r"([^0-9])%"));
    AFTER.replace_all(&BEFORE.replace_all(text, " $1"), "$1 ").into_owned()
}

fn push_plain(plain: &mut String, letter: char) {
    static ACCENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\p{Mn}"));
    static SIGN: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\p{M}\p{S}\p{P}]"));
    if letter.is_ascii_alphanumeric() || letter == ' ' || OF_NUMBERS.contains(letter) {
        plain.push(letter);
    } else if let Some(letters) = as_ascii(letter) {
        plain.push_str(letters);
    } else {
        let text = letter.encode_utf8(&mut [0; 4]).to_owned();
        if SIGN.is_match(&text) {
            plain.push_str(if ACCENT.is_match(&text) { "" } else { " " });
        } else {
            plain.push(letter);
        }
    }
}

/// Letters that Unicode does not take apart into a plain one and its accent.
fn as_ascii(letter: char) -> Option<&'static str> {
    Some(match letter {
        'œ' => "oe",
        'æ' => "ae",
        'ø' => "o",
        'ß' => "ss",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ł' => "l",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_left_out() {
        for (text, expected) in [
            ("a [b c] d", "a  d"),
            ("a <b] c", "a  c"),
            ("a (b) (c d) e", "a   e"),
            ("a () b [] c", "a () b  c"),
            ("a (b", "a (b"),
        ] {
            assert_eq!(without_brackets(text), expected);
        }
    }

    #[test]
    fn signs_become_spaces_and_accents_nothing() {
        for (text, expected) in [
            ("1,234,567 2,b", "1234567 2 b"),
            ("end. 3.5 v1.", "end  3.5 v1 "),
            ("crème brûlée", "creme brulee"),
            ("łódź ærø", "lodz aero"),
            ("a—b/c&d", "a b c d"),
            ("5% $3 ½", "5% $3 1 2"),
            ("日本", "日本"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    #[test]
    fn strays_are_dropped() {
        for (text, expected) in [("$5 $ 6% x%", "$5   6% x "), ("a.b 1.5", "a b 1.5")] {
            assert_eq!(without_strays(text), expected);
        }
    }
}
