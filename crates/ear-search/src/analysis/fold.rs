//! From a word as written to its forms: lower case, without accents and punctuation, parted where it has parts.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A form has at most this many characters; the rest of a longer one is left out, in the index as in the query.
const MAX_FORM_CHARS: usize = 64;
/// A word has at most this many forms, so that a whole page taken for one word stays harmless.
const MAX_FORMS: usize = 256;
/// What stands before the apostrophe when French, Italian or Catalan writes two words as one.
const ELIDED: &[&str] = &[
    "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "un", "dell", "all", "dall",
    "nell", "sull", "coll", "quell", "quest", "sant", "bell",
];

/// How a language uses the apostrophe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Apostrophe {
    /// `Soleimani's` is `Soleimani`.
    Possessive,
    /// `l'homme` is two words.
    Elision,
    /// `rock'n'roll` is one word.
    Joins,
}

/// The forms of one word as written, in reading order; none for mere punctuation.
///
/// `U.S.` and `AT&T` are one form, `state-of-the-art` is four, `$3.5` is `3.5` and `1,000` is `1000`. Scripts
/// written without spaces give one form for each character, so that a phrase finds them wherever the words were cut.
pub(crate) fn forms(text: &str, apostrophe: Apostrophe) -> Vec<String> {
    let characters = fold(text);
    let mut forms = Vec::new();
    for piece in pieces(&characters) {
        for part in at_apostrophes(&piece, apostrophe) {
            forms.extend(at_dots(&part).into_iter().filter(|form| !form.is_empty()).map(|form| clip(&form)));
        }
        if forms.len() >= MAX_FORMS {
            break;
        }
    }
    forms.truncate(MAX_FORMS);
    forms
}

/// Compatibility decomposition, accents off, lower case, composed again (Hangul, kana).
fn fold(text: &str) -> Vec<char> {
    if text.is_ascii() {
        return text.chars().map(|c| if c == '`' { '\'' } else { c.to_ascii_lowercase() }).collect();
    }
    let plain = text.chars().map(|c| if is_apostrophe(c) { '\'' } else { c });
    let mut before = ' ';
    let bare = plain.nfkd().filter(move |&c| {
        let keep = !is_accent(c, before);
        if !is_combining_mark(c) {
            before = c;
        }
        keep
    });
    let mut folded = String::with_capacity(text.len());
    for c in bare.flat_map(char::to_lowercase) {
        match spelled_out(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
    folded.nfc().collect()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | '´' | '`' | '＇')
}

/// Marks that readers leave out when they type: accents of Latin, Greek and Cyrillic letters, the vowel points of
/// Arabic and Hebrew. Not the breve of `й`, which is a letter of its own, nor the vowel signs of Indian scripts.
fn is_accent(c: char, before: char) -> bool {
    match c {
        '\u{0306}' => !matches!(before, 'и' | 'И'),
        '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05C7}' | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' => true,
        _ => false,
    }
}

/// Letters without a decomposition in Unicode that are typed as others all the same.
fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// Stretches of letters and digits, with the apostrophes and dots inside them still to be judged.
fn pieces(characters: &[char]) -> Vec<Vec<char>> {
    let mut pieces = vec![Vec::new()];
    for (at, &c) in characters.iter().enumerate() {
        let last = pieces.last_mut().expect("there is always a piece");
        let next = characters.get(at + 1).copied().unwrap_or(' ');
        let between = |test: fn(char) -> bool| last.last().is_some_and(|&c| test(c)) && test(next);
        if is_invisible(c) || (c == ',' && between(char_is_digit)) || (c == '&' && between(is_part)) {
            continue;
        }
        if (c == '\'' || c == '.') && between(is_part) {
            last.push(c);
        } else if is_unspaced(c) || (is_letter(c) && last.first().is_some_and(|&c| is_unspaced(c))) {
            pieces.push(vec![c]);
        } else if is_part(c) {
            last.push(c);
        } else if !last.is_empty() {
            pieces.push(Vec::new());
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

fn char_is_digit(c: char) -> bool {
    c.is_numeric()
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// A letter or digit, and no mark upon one.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_combining_mark(c)
}

/// Soft hyphens, joiners and byte-order marks.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// Scripts written without spaces between words: Han, kana, Thai, Lao, Burmese, Khmer.
pub(super) fn is_unspaced(c: char) -> bool {
    is_letter(c)
        && matches!(c,
            '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
            | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'
            | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

fn at_apostrophes(piece: &[char], apostrophe: Apostrophe) -> Vec<Vec<char>> {
    let parts: Vec<&[char]> = piece.split(|&c| c == '\'').collect();
    match (apostrophe, parts.as_slice()) {
        (Apostrophe::Possessive, [rest @ .., ['s']]) if !rest.is_empty() => vec![rest.concat()],
        (Apostrophe::Elision, [first, rest @ ..]) if !rest.is_empty() && is_elided(first) => {
            vec![first.to_vec(), rest.concat()]
        }
        _ => vec![parts.concat()],
    }
}

fn is_elided(part: &[char]) -> bool {
    let part: String = part.iter().collect();
    ELIDED.contains(&part.as_str())
}

/// `u.s` and `ph.d` are abbreviations and joined, `3.5` is a number and kept, `example.com` is parted.
fn at_dots(part: &[char]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for segment in part.split(|&c| c == '.') {
        let segment: String = segment.iter().collect();
        match parts.last_mut() {
            Some(last) if last.ends_with(char_is_digit) && segment.starts_with(char_is_digit) => {
                last.push('.');
                last.push_str(&segment);
            }
            _ => parts.push(segment),
        }
    }
    let abbreviation = parts.iter().all(|part| part.chars().count() <= 2 && part.chars().all(char::is_alphabetic));
    if parts.len() > 1 && abbreviation { vec![parts.concat()] } else { parts }
}

fn clip(form: &str) -> String {
    form.chars().take(MAX_FORM_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(apostrophe: Apostrophe, cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(forms(text, apostrophe).join(" "), *expected, "{text}");
        }
    }

    #[test]
    fn words_as_written_become_forms() {
        check(
            Apostrophe::Possessive,
            &[
                ("Well,", "well"),
                ("U.S.", "us"),
                ("U.S.-China", "us china"),
                ("Ph.D.", "phd"),
                ("don't", "dont"),
                ("don’t", "dont"),
                ("Soleimani's", "soleimani"),
                ("“Soleimani’s”", "soleimani"),
                ("workers'", "workers"),
                ("'s", "s"),
                ("rock'n'roll", "rocknroll"),
                ("state-of-the-art", "state of the art"),
                ("Café", "cafe"),
                ("Cafe\u{301}", "cafe"),
                ("$3.5", "3.5"),
                ("1,000,000", "1000000"),
                ("50%", "50"),
                ("10:30", "10 30"),
                ("v2.0", "v2.0"),
                ("No.5", "no 5"),
                ("example.com", "example com"),
                ("AT&T", "att"),
                ("so...then", "so then"),
                ("well—then", "well then"),
                ("Straße", "strasse"),
                ("Łódź", "lodz"),
                ("İstanbul", "istanbul"),
                ("ﬁnd", "find"),
                ("co\u{AD}operate", "cooperate"),
                ("Tiếng", "tieng"),
                ("мой", "мой"),
                ("ёлка", "елка"),
                ("हिन्दी", "हिन्दी"),
                ("한국어", "한국어"),
                ("が", "が"),
                ("مُحَمَّد", "محمد"),
                ("—", ""),
                ("♪", ""),
                ("", ""),
            ],
        );
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_characters() {
        check(
            Apostrophe::Joins,
            &[
                ("中国，人民", "中 国 人 民"),
                ("iPhone手机x", "iphone 手 机 x"),
                ("カタカナ", "カ タ カ ナ"),
                ("ｶﾞ", "ガ"),
            ],
        );
        assert_eq!(forms("น้ำa", Apostrophe::Joins), ["น\u{E49}\u{E4D}", "\u{E32}", "a"]);
    }

    #[test]
    fn elided_words_are_two() {
        check(
            Apostrophe::Elision,
            &[
                ("l'homme", "l homme"),
                ("L’Élysée", "l elysee"),
                ("aujourd'hui", "aujourdhui"),
                ("dell'arte", "dell arte"),
            ],
        );
        check(Apostrophe::Joins, &[("l'homme", "lhomme"), ("Peter's", "peters")]);
    }

    #[test]
    fn sizes_are_bounded() {
        assert_eq!(forms(&"x".repeat(1000), Apostrophe::Joins), ["x".repeat(MAX_FORM_CHARS)]);
        assert_eq!(forms(&"a-".repeat(1000), Apostrophe::Joins).len(), MAX_FORMS);
        assert_eq!(forms(&"字".repeat(1000), Apostrophe::Joins).len(), MAX_FORMS);
    }
}
