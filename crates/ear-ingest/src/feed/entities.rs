//! References such as `&amp;` and `&#8217;`. Those that a document declares itself are never looked at, so they
//! cannot grow without bound or read files.

use quick_xml::escape::resolve_html5_entity;
use std::borrow::Cow;

/// The longest name of a reference.
const LONGEST: usize = 32;

/// What Windows-1252 has in place of the control characters 0x80–0x9F, as browsers read `&#146;`
/// (<https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state>).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text with its references replaced; unknown ones are left as they are.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
    let mut out = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some(after) = rest.strip_prefix('&') {
        let known = name_at(after).and_then(|name| Some((name, resolve(name)?)));
        if let Some((name, value)) = known {
            out.push_str(&value);
            rest = &after[name.len() + 1..];
        } else {
            out.push('&');
            rest = after;
        }
        let next = rest.find('&').unwrap_or(rest.len());
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(out)
}

/// What a reference stands for; `name` is what lies between `&` and `;`.
pub(super) fn resolve(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else { return resolve_html5_entity(name).map(Cow::Borrowed) };
    let number = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    let character = char::from_u32(number.ok()?).filter(|character| *character != '\0');
    Some(Cow::Owned(character.unwrap_or(char::REPLACEMENT_CHARACTER).to_string()))
}

fn name_at(text: &str) -> Option<&str> {
    let end = text.bytes().take(LONGEST).position(|byte| !byte.is_ascii_alphanumeric() && byte != b'#')?;
    (end > 0 && text.as_bytes()[end] == b';').then(|| &text[..end])
}

/// Mends text that went through the wrong encoding once: UTF-8 that was read as Latin-1, and characters of
/// Windows-1252 that were taken for control characters.
pub(super) fn mend(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_control = |c: char| ('\u{80}'..'\u{a0}').contains(&c);
    if text.is_ascii() || !text.contains(|c: char| is_control(c) || ('\u{c2}'..='\u{f4}').contains(&c)) {
        return text;
    }
    if text.chars().all(|c| u32::from(c) < 0x100) {
        let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
        if let Ok(utf8) = String::from_utf8(bytes) {
            return Cow::Owned(utf8);
        }
    }
    if !text.contains(is_control) {
        return text;
    }
    let right = |c: char| if is_control(c) { WINDOWS_1252[(u32::from(c) - 0x80) as usize] } else { c };
    Cow::Owned(text.chars().map(right).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced() {
        for (text, expected) in [
            ("a &amp; b", "a & b"),
            ("&lt;p&gt;&nbsp;&eacute;&hellip;", "<p>\u{a0}é…"),
            ("&#65;&#x42;&#X43;", "ABC"),
            ("&#0;&#xd800;&#x110000;", "\u{fffd}\u{fffd}\u{fffd}"),
            ("&#99999999999999999999;", "&#99999999999999999999;"),
            ("AT&T & co; &unknown; &", "AT&T & co; &unknown; &"),
            ("&amp;amp;", "&amp;"),
            ("&é;", "&é;"),
            ("", ""),
        ] {
            assert_eq!(unescape(text), expected);
        }
    }

    #[test]
    fn wrong_encodings_are_mended() {
        for (text, expected) in [
            ("don\u{92}t", "don’t"),
            ("\u{e2}\u{80}\u{a6}", "…"),
            ("café", "café"),
            ("cafÃ©", "café"),
            ("Ünder 日本 \u{93}", "Ünder 日本 “"),
            ("Ãrger", "Ãrger"),
        ] {
            assert_eq!(mend(Cow::Borrowed(text)), expected);
        }
    }
}
