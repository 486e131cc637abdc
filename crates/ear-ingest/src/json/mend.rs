//! Mends what programs in common use write although JSON has no such thing: bare `NaN` and `Infinity`
//! (Python's `json`), and `\ud83d` without its other half (texts cut between two halves of a character).

/// The text with these faults replaced by `null` and U+FFFD; `None` where there are none.
pub(super) fn mend(text: &str) -> Option<String> {
    let mut mended = String::new();
    let mut copied = 0;
    let mut at = 0;
    let bytes = text.as_bytes();
    let mut within = false;
    while at < bytes.len() {
        let (length, put) = match (within, bytes[at]) {
            (true, b'\\') => escape(&bytes[at..]),
            (_, b'"') => {
                within = !within;
                (1, None)
            }
            (false, b'N' | b'I' | b'-') => {
                (no_number(&bytes[at..]).unwrap_or(1), no_number(&bytes[at..]).map(|_| "null"))
            }
            _ => (1, None),
        };
        if let Some(put) = put {
            mended.push_str(&text[copied..at]);
            mended.push_str(put);
            copied = at + length;
        }
        at += length;
    }
    (copied > 0).then(|| mended + &text[copied..])
}

/// The length of a number that is none.
fn no_number(bytes: &[u8]) -> Option<usize> {
    ["NaN", "Infinity", "-Infinity", "-NaN"]
        .iter()
        .find(|name| bytes.starts_with(name.as_bytes()))
        .map(|name| name.len())
}

/// The length of the escape that begins here, and what to put in its place.
fn escape(bytes: &[u8]) -> (usize, Option<&'static str>) {
    match unit(bytes) {
        Some(0xd800..=0xdbff) if matches!(bytes.get(6..).and_then(unit), Some(0xdc00..=0xdfff)) => (12, None),
        Some(0xd800..=0xdfff) => (6, Some("\\ufffd")),
        // An escaped quotation mark ends no string.
        _ => (bytes.len().min(2), None),
    }
}

/// The code unit of `\uXXXX`.
fn unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().all(u8::is_ascii_hexdigit).then(|| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_faults_are_replaced() {
        let cases = [
            (r#"{"a": NaN, "b": -Infinity}"#, Some(r#"{"a": null, "b": null}"#)),
            (r#"["\ud800", "\udc00x", "\ud83d\ude00"]"#, Some(r#"["\ufffd", "\ufffdx", "\ud83d\ude00"]"#)),
            (r#"["NaN \" Infinity", -1, "\\"]"#, None),
            (r#"["\ud800\ud83d\ude00"#, Some(r#"["\ufffd\ud83d\ude00"#)),
            ("\"\\", None),
            ("\"é\\", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(mend(text).as_deref(), expected, "{text}");
        }
    }
}
