//! One form for all spellings of a word: what two texts have in common when only marks, case and accents differ.

use unicode_normalization::UnicodeNormalization;

/// Lower case, without accents, marks and possessives; words parted by one space, also where a hyphen was.
/// "Qur’an's" and "quran" fold alike, so do "Air-Base" and "air base".
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
        fold_word(word, &mut folded);
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Appends one written word, folded. May append nothing, and a space where a hyphen was.
pub(super) fn fold_word(word: &str, folded: &mut String) {
    let word = without_possessive(word);
    if word == "&" {
        folded.push_str("and");
    } else if word.is_ascii() {
        let mut before = ' ';
        let mut characters = word.chars().peekable();
        while let Some(character) = characters.next() {
            push(character, before, characters.peek().copied(), folded);
            before = character;
        }
    } else {
        let plain: Vec<char> = word.nfkd().filter(|character| !is_accent(*character)).collect();
        let mut before = ' ';
        for (index, &character) in plain.iter().enumerate() {
            push(character, before, plain.get(index + 1).copied(), folded);
            before = character;
        }
    }
}

/// The word without a possessive `'s` and what stands after it.
pub(super) fn without_possessive(word: &str) -> &str {
    let bare = word.trim_end_matches(|character: char| !character.is_alphanumeric() && !matches!(character, '+' | '#'));
    let Some(rest) = bare.strip_suffix(['s', 'S']).and_then(|rest| rest.strip_suffix(is_apostrophe)) else {
        return word;
    };
    if rest.is_empty() { word } else { rest }
}

pub(super) fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | '`' | '´')
}

fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

fn push(character: char, before: char, after: Option<char>, folded: &mut String) {
    let digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
    match character {
        'a'..='z' | '0'..='9' => folded.push(character),
        'A'..='Z' => folded.push(character.to_ascii_lowercase()),
        '-' | '‐' | '‑' | '–' | '—' | '/' if after.is_some() && !folded.is_empty() && !folded.ends_with(' ') => {
            folded.push(' ');
        }
        '.' if digit(Some(before)) && digit(after) => folded.push('.'),
        '+' | '#'
            if !folded.is_empty() && !folded.ends_with(' ') && (before.is_alphanumeric() || before == character) =>
        {
            folded.push(character);
        }
        'ø' | 'Ø' => folded.push('o'),
        'ł' | 'Ł' => folded.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
        'ı' => folded.push('i'),
        'ß' | 'ẞ' => folded.push_str("ss"),
        'æ' | 'Æ' => folded.push_str("ae"),
        'œ' | 'Œ' => folded.push_str("oe"),
        'þ' | 'Þ' => folded.push_str("th"),
        _ if is_apostrophe(character) => {}
        _ if character.is_alphanumeric() => folded.extend(character.to_lowercase().filter(|&plain| !is_accent(plain))),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_meet() {
        let check = |text: &str, expected: &str| assert_eq!(fold(text), expected, "{text:?}");
        check("Qur’an's", "quran");
        check("O'Brien,", "obrien");
        check("Air-Base", "air base");
        check(" U.S.  troops ", "us troops");
        check("Müller — Straße", "muller strasse");
        check("Podcasting 2.0.", "podcasting 2.0");
        check("C++ and C#", "c++ and c#");
        check("Johnson & Johnson’s", "johnson and johnson");
        check("Ærø", "aero");
        check("'s", "s");
        check("…!", "");
        check("Владимир", "владимир");
        check("İstanbul", "istanbul");
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "[ -~À-žА-я’–]{0,40}") {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once);
        }
    }
}
