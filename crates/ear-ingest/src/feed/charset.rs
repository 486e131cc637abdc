//! Bytes to text: which encoding a feed is in, by what it says and by what it is.
//!
//! A byte order mark decides; then the first bytes of UTF-16 and UTF-32 (XML 1.0, appendix F). Otherwise the
//! names given by the server and by the XML declaration are tried, UTF-8 is recognised by its form, and what
//! is left is guessed by chardetng as browsers do. Names are read as browsers read them
//! (<https://encoding.spec.whatwg.org/>): `iso-8859-1` and `us-ascii` are windows-1252.

use super::warn::Warnings;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Where the XML declaration has to be.
const DECLARATION: usize = 1024;

/// How much is looked at to guess.
const GUESSED: usize = 1 << 20;

/// Text with the name of the encoding it came in.
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub encoding: &'static str,
}

/// The whole document as text, without byte order mark. `content_type` is the server's header, if there is one.
pub(super) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>, warnings: &mut Warnings) -> Decoded<'a> {
    match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => utf32(rest, u32::from_le_bytes, "UTF-32LE"),
        [0, 0, 0xfe, 0xff, rest @ ..] => utf32(rest, u32::from_be_bytes, "UTF-32BE"),
        [0xef, 0xbb, 0xbf, rest @ ..] => marked(rest, UTF_8, warnings),
        [0xff, 0xfe, rest @ ..] => marked(rest, UTF_16LE, warnings),
        [0xfe, 0xff, rest @ ..] => marked(rest, UTF_16BE, warnings),
        [a, 0, 0, 0, ..] if a.is_ascii() && *a > 0 => utf32(bytes, u32::from_le_bytes, "UTF-32LE"),
        [0, 0, 0, a, ..] if a.is_ascii() && *a > 0 => utf32(bytes, u32::from_be_bytes, "UTF-32BE"),
        [a, 0, b, ..] if a.is_ascii() && *a > 0 && *b > 0 => marked(bytes, UTF_16LE, warnings),
        [0, a, 0, ..] if a.is_ascii() && *a > 0 => marked(bytes, UTF_16BE, warnings),
        _ => named(bytes, content_type, warnings),
    }
}

/// Text whose first bytes leave no doubt.
fn marked<'a>(bytes: &'a [u8], encoding: &'static Encoding, warnings: &mut Warnings) -> Decoded<'a> {
    let (text, faulty) = encoding.decode_without_bom_handling(bytes);
    if faulty {
        damaged(encoding, warnings);
    }
    Decoded { text, encoding: encoding.name() }
}

fn named<'a>(bytes: &'a [u8], content_type: Option<&str>, warnings: &mut Warnings) -> Decoded<'a> {
    let names = names(bytes, content_type, warnings);
    let form = form(bytes);
    // Text of a one-byte encoding is hardly ever well-formed UTF-8, whatever its label says.
    let single_byte = names.first().is_none_or(|name| name.is_single_byte());
    if form == Form::Utf8 && single_byte {
        if let Some(name) = names.first() {
            warnings.add(0, format!("the feed says {}, but is UTF-8; read as UTF-8", name.name()));
        }
        return marked(bytes, UTF_8, warnings);
    }
    if form == Form::Ascii && single_byte {
        let name = names.first().map_or(UTF_8, |name| *name);
        return Decoded { encoding: name.name(), text: name.decode_without_bom_handling(bytes).0 };
    }
    for name in &names {
        let (text, faulty) = name.decode_without_bom_handling(bytes);
        if !faulty {
            return Decoded { text, encoding: name.name() };
        }
    }
    if form == Form::Damaged {
        return marked(bytes, UTF_8, warnings);
    }
    let guess = guess(bytes);
    let said = names
        .first()
        .map_or_else(|| "says no encoding".to_owned(), |name| format!("says {}, which it is not", name.name()));
    warnings.add(0, format!("the feed {said}; read as {}, so accents may be wrong", guess.name()));
    let (text, _) = guess.decode_without_bom_handling(bytes);
    Decoded { text, encoding: guess.name() }
}

/// The encodings that the server and the document name, likeliest first.
fn names(bytes: &[u8], content_type: Option<&str>, warnings: &mut Warnings) -> Vec<&'static Encoding> {
    let server = content_type.and_then(charset_of);
    let document = declared(bytes);
    let mut names = Vec::new();
    for label in [server, document.as_deref()].into_iter().flatten() {
        match Encoding::for_label(label.as_bytes()) {
            // A document whose first bytes are not UTF-16 is not UTF-16.
            Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => {}
            Some(encoding) if !names.contains(&encoding) => names.push(encoding),
            Some(_) => {}
            None => {
                let label: String = label.chars().take(40).collect();
                warnings.add(0, format!("unknown encoding `{label}`; left aside"));
            }
        }
    }
    // Servers send iso-8859-1 for whatever they do not know.
    if names.len() == 2 && names[0] == WINDOWS_1252 {
        names.swap(0, 1);
    }
    names
}

/// The charset of a content type, quotes and blanks taken away.
fn charset_of(content_type: &str) -> Option<&str> {
    let parameter = content_type.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case("charset").then_some(value)
    })?;
    let name = parameter.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    (!name.is_empty()).then_some(name)
}

/// The encoding in an XML declaration.
fn declared(bytes: &[u8]) -> Option<String> {
    let start: String = bytes.iter().take(DECLARATION).map(|byte| char::from(*byte)).collect();
    let declaration = start.trim_start().strip_prefix("<?xml")?;
    let declaration = &declaration[..declaration.find("?>")?];
    let value = declaration[declaration.find("encoding")? + "encoding".len()..].trim_start().strip_prefix('=')?;
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(|name| name.trim().to_owned())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Ascii,
    Utf8,
    /// UTF-8 with a few faults.
    Damaged,
    Other,
}

fn form(bytes: &[u8]) -> Form {
    if bytes.is_ascii() {
        // Its escape sequences make ISO-2022-JP look like ASCII.
        return if bytes.contains(&0x1b) { Form::Other } else { Form::Ascii };
    }
    let (mut faults, mut good) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        faults += usize::from(!chunk.invalid().is_empty());
        good += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
    }
    match (faults, good) {
        (0, _) => Form::Utf8,
        // Hardly any text of another encoding is well-formed UTF-8 by accident.
        _ if good > faults => Form::Damaged,
        _ => Form::Other,
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(GUESSED)], true);
    detector.guess(None, Utf8Detection::Allow)
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32, encoding: &'static str) -> Decoded<'static> {
    let (units, _) = bytes.as_chunks::<4>();
    let text = units.iter().map(|bytes| char::from_u32(unit(*bytes)).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Decoded { text: Cow::Owned(text), encoding }
}

fn damaged(encoding: &'static Encoding, warnings: &mut Warnings) {
    warnings.add(0, format!("not everything is valid {}; what cannot be read is shown as \u{fffd}", encoding.name()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], content_type: Option<&str>, text: &str, encoding: &str, warned: usize) {
        let mut warnings = Warnings::default();
        let decoded = decode(bytes, content_type, &mut warnings);
        let warnings = warnings.finish(text);
        assert_eq!((decoded.text.as_ref(), decoded.encoding), (text, encoding), "{warnings:?}");
        assert_eq!(warnings.len(), warned, "{warnings:?}");
    }

    #[test]
    fn labels_and_forms_decide() {
        check("<a>é</a>".as_bytes(), None, "<a>é</a>", "UTF-8", 0);
        check("<a>é</a>".as_bytes(), Some("text/xml; charset=ISO-8859-1"), "<a>é</a>", "UTF-8", 1);
        check(b"<a>caf\xe9</a>", Some("text/xml; charset='latin1'"), "<a>café</a>", "windows-1252", 0);
        check(
            b"<?xml version='1.0' encoding = 'windows-1251' ?><a>\xcf</a>",
            Some("text/xml;charset=\"iso-8859-1\""),
            "<?xml version='1.0' encoding = 'windows-1251' ?><a>П</a>",
            "windows-1251",
            0,
        );
        check(b"<a/>", Some("text/xml; charset=nonsense"), "<a/>", "UTF-8", 1);
        check(b"<?xml encoding=\"utf-16\"?>", None, "<?xml encoding=\"utf-16\"?>", "UTF-8", 0);
        check("<a>éèêë \u{fffd}".replace('\u{fffd}', "").as_bytes(), None, "<a>éèêë ", "UTF-8", 0);
        check(b"<a>\xc3\xa9\xc3\xa8 \xe9</a>", None, "<a>éè \u{fffd}</a>", "UTF-8", 1);
        check(b"", None, "", "UTF-8", 0);
    }

    #[test]
    fn wide_characters_are_known_by_their_first_bytes() {
        let text = "<?xml encoding='utf-16'?><a>é日</a>";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let wide: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        check(&le, Some("text/xml; charset=utf-8"), text, "UTF-16LE", 0);
        check(&be, None, text, "UTF-16BE", 0);
        check(&[&[0xfe, 0xff], &be[..]].concat(), None, text, "UTF-16BE", 0);
        check(&wide, None, text, "UTF-32BE", 0);
        check(&[&[0, 0, 0xfe, 0xff], &wide[..]].concat(), None, text, "UTF-32BE", 0);
    }
}
