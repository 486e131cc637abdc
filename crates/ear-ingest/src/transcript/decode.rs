//! Bytes to text: UTF-8, UTF-16 with a byte order mark, else Windows-1252.

use super::{MAX_BYTES, Warnings};
use crate::Error;
use std::borrow::Cow;

/// How much of a document is looked at to tell its format.
const START: usize = 64 * 1024;

/// What Windows-1252 puts in place of the control characters 0x80–0x9F
/// (<https://encoding.spec.whatwg.org/index-windows-1252.txt>); five bytes stand for nothing.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The whole document as text, without byte order mark.
pub(super) fn decode<'a>(bytes: &'a [u8], warnings: &mut Warnings) -> Result<Cow<'a, str>, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooBig { bytes: bytes.len(), limit: MAX_BYTES });
    }
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest, warnings),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes, warnings),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes, warnings),
        _ => utf8_or_windows(bytes, warnings),
    };
    if is_binary(&text) { Err(Error::NotText) } else { Ok(text) }
}

/// A document that has to be UTF-8 or UTF-16: what is not is replaced, as some programs cut characters in half.
pub(crate) fn decode_unicode<'a>(bytes: &'a [u8], warnings: &mut Warnings) -> Result<Cow<'a, str>, Error> {
    if bytes.len() > MAX_BYTES || bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return decode(bytes, warnings);
    }
    let text = utf8(bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes), warnings);
    if is_binary(&text) { Err(Error::NotText) } else { Ok(text) }
}

/// The start of the document as text; `None` where it is not text.
pub(super) fn decode_start(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let mut start = &bytes[..bytes.len().min(START)];
    // A character cut in half must not make the rest look like another encoding.
    if start.len() < bytes.len()
        && let Err(error) = std::str::from_utf8(start)
        && error.error_len().is_none()
    {
        start = &start[..error.valid_up_to()];
    }
    decode(start, &mut Warnings::default()).ok()
}

/// Text has no NUL and hardly any control characters.
fn is_binary(text: &str) -> bool {
    let mut controls = 0;
    for character in text.chars() {
        match character {
            '\0' => return true,
            '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' => {}
            _ if character.is_control() => controls += 1,
            _ => {}
        }
    }
    controls * 100 > text.len().max(400)
}

fn utf8<'a>(bytes: &'a [u8], warnings: &mut Warnings) -> Cow<'a, str> {
    let text = String::from_utf8_lossy(bytes);
    if let Err(error) = std::str::from_utf8(bytes) {
        let line = line_at(bytes, error.valid_up_to());
        warnings.add(line, "not everything is valid UTF-8; what cannot be read is shown as \u{fffd}");
    }
    text
}

fn utf8_or_windows<'a>(bytes: &'a [u8], warnings: &mut Warnings) -> Cow<'a, str> {
    let Err(error) = std::str::from_utf8(bytes) else { return utf8(bytes, warnings) };
    let (mut faults, mut good) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        faults += usize::from(!chunk.invalid().is_empty());
        good += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
    }
    // Hardly any text of another encoding is well-formed UTF-8 by accident: this is a damaged UTF-8 file.
    if good > faults * 4 {
        return utf8(bytes, warnings);
    }
    warnings.add(line_at(bytes, error.valid_up_to()), "not UTF-8; read as Windows-1252, so accents may be wrong");
    let character = |byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(*byte) - 0x80],
        _ => char::from(*byte),
    };
    Cow::Owned(bytes.iter().map(character).collect())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, warnings: &mut Warnings) -> Cow<'static, str> {
    let (units, rest) = bytes.as_chunks::<2>();
    let mut faulty_line = None;
    let mut line = 1;
    let mut text = String::with_capacity(bytes.len() / 2);
    for decoded in char::decode_utf16(units.iter().map(|pair| unit(*pair))) {
        let character = decoded.unwrap_or_else(|_| {
            faulty_line.get_or_insert(line);
            char::REPLACEMENT_CHARACTER
        });
        line += usize::from(character == '\n');
        text.push(character);
    }
    if !rest.is_empty() {
        faulty_line.get_or_insert(line);
    }
    if let Some(line) = faulty_line {
        warnings.add(line, "not everything is valid UTF-16; what cannot be read is shown as \u{fffd}");
    }
    Cow::Owned(text)
}

fn line_at(bytes: &[u8], offset: usize) -> usize {
    1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str, warned: &[&str]) {
        let mut warnings = Warnings::default();
        assert_eq!(decode(bytes, &mut warnings).unwrap(), expected);
        let messages: Vec<String> = warnings.finish().iter().map(ToString::to_string).collect();
        assert_eq!(messages.len(), warned.len(), "{messages:?}");
        for (message, start) in messages.iter().zip(warned) {
            assert!(message.starts_with(start), "{message}");
        }
    }

    #[test]
    fn encodings_are_told_apart() {
        check("naïve €".as_bytes(), "naïve €", &[]);
        check(b"\xef\xbb\xbfplain", "plain", &[]);
        check(b"\xff\xfeh\0\xe9\0", "hé", &[]);
        check(b"\xfe\xff\0h\0\xe9", "hé", &[]);
        check(b"\xfe\xff\0h\0\xe9\0", "hé", &["line 1: not everything is valid UTF-16"]);
        check(
            b"one\ntwo na\xefve \x93quoted\x94",
            "one\ntwo naïve “quoted”",
            &["line 2: not UTF-8; read as Windows-1252"],
        );
        check(
            "ééééééé".as_bytes().split_last().unwrap().1,
            "éééééé\u{fffd}",
            &["line 1: not everything is valid UTF-8"],
        );
        check(b"", "", &[]);
    }

    #[test]
    fn sound_is_not_text() {
        for bytes in
            [&b"RIFF\x24\x00\x00\x00WAVE"[..], &[0xff, 0xfb, 0x90, 0x64, 0, 0], b"\x1b\x01\x02\x03\x04\x05\x06\x07"]
        {
            assert_eq!(decode(bytes, &mut Warnings::default()), Err(Error::NotText));
        }
        let big = vec![b'a'; MAX_BYTES + 1];
        assert!(matches!(decode(&big, &mut Warnings::default()), Err(Error::TooBig { .. })));
    }

    #[test]
    fn a_start_may_cut_a_character() {
        for shift in 0..4 {
            let text = "a".repeat(shift) + &"日本".repeat(START / 4);
            assert!(decode_start(text.as_bytes()).unwrap().starts_with(&text[..100 + shift - 1]));
        }
    }
}
