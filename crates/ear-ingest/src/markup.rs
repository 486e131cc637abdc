//! Takes markup out of short texts that should have none: the fields of JSON, captions, names, titles.

use crate::html::{self, Piece};
use std::borrow::Cow;

/// The longest character reference, `&CounterClockwiseContourIntegral;`, without `&`.
const LONGEST_REFERENCE: usize = 32;

/// Elements that are markup even where they were written as `&lt;b&gt;`: nobody says these.
const KNOWN: [&str; 32] = [
    "a", "b", "i", "u", "s", "em", "strong", "font", "span", "br", "p", "div", "li", "ul", "ol", "c", "v", "script",
    "style", "img", "iframe", "svg", "small", "big", "sub", "sup", "code", "cite", "time", "h1", "h2", "h3",
];

/// The text without tags, its character references decoded. A `<` that begins no tag stays.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return Cow::Borrowed(text);
    }
    let bare = without_tags(text, |_| true);
    match references(&bare) {
        Cow::Borrowed(_) => bare,
        // What was escaped twice is markup still.
        Cow::Owned(decoded) => Cow::Owned(without_tags(&decoded, |name| KNOWN.contains(&name)).into_owned()),
    }
}

/// The text on one line, without markup and invisible characters, cut after `longest` characters.
pub(crate) fn line(text: &str, longest: usize) -> String {
    clean(&plain(text), longest)
}

/// The text on one line, without invisible characters, cut after `longest` characters; what looks like markup
/// stays.
pub(crate) fn clean(plain: &str, longest: usize) -> String {
    let mut line = String::new();
    let mut left = longest;
    for word in plain.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        for character in (!line.is_empty()).then_some(' ').into_iter().chain(word.chars()) {
            let turns = matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            if turns {
                continue;
            }
            if left == 0 {
                return line.trim_end().to_owned();
            }
            left -= 1;
            line.push(character);
        }
    }
    line.trim_end().to_owned()
}

/// Decodes character references that end in a semicolon: the names of HTML, and numbers.
pub(crate) fn references(text: &str) -> Cow<'_, str> {
    let mut decoded = String::new();
    let mut copied = 0;
    let mut from = 0;
    while let Some(at) = text[from..].find('&').map(|at| from + at) {
        from = at + 1;
        let name =
            text[from..].bytes().take(LONGEST_REFERENCE + 1).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#');
        let end = from + name.count();
        if end == from || text.as_bytes().get(end) != Some(&b';') {
            continue;
        }
        let reference = &text[at..=end];
        let Some(character) = referred(reference) else { continue };
        decoded.push_str(&text[copied..at]);
        decoded.push_str(&character);
        (copied, from) = (end + 1, end + 1);
    }
    if copied == 0 { Cow::Borrowed(text) } else { Cow::Owned(decoded + &text[copied..]) }
}

fn referred(reference: &str) -> Option<String> {
    // The commonest need no table.
    let common = match reference {
        "&amp;" => "&",
        "&lt;" => "<",
        "&gt;" => ">",
        "&quot;" => "\"",
        "&#39;" | "&apos;" => "'",
        "&nbsp;" => "\u{a0}",
        _ => "",
    };
    if !common.is_empty() {
        return Some(common.to_owned());
    }
    let (_, piece) = html::xml_pieces(reference).next()?;
    match piece {
        Piece::Text(text) if text != reference => Some(text),
        _ => None,
    }
}

/// The text without the tags of these elements; elements that stand apart leave a space.
fn without_tags(text: &str, is_tag: impl Fn(&str) -> bool) -> Cow<'_, str> {
    let mut bare = String::new();
    let mut copied = 0;
    let mut from = 0;
    // The place of the end of each unseen element is looked for once, so that many beginnings cost no more.
    let mut unclosed: Vec<String> = Vec::new();
    while let Some(at) = text[from..].find('<').map(|at| from + at) {
        from = at + 1;
        let Some(end) = text[from..].find(['<', '>']).map(|end| from + end).filter(|end| text[*end..].starts_with('>'))
        else {
            continue;
        };
        let inner = &text[from..end];
        let name = inner.strip_prefix('/').unwrap_or(inner);
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        let name = name.to_ascii_lowercase();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !is_tag(&name) {
            continue;
        }
        bare.push_str(&text[copied..at]);
        if html::is_block(&name) {
            bare.push(' ');
        }
        (copied, from) = (end + 1, end + 1);
        let unseen = !inner.starts_with('/') && ["script", "style"].contains(&name.as_str());
        if unseen && !unclosed.contains(&name) {
            let closing = format!("</{name}");
            match find_ignoring_case(&text[from..], &closing) {
                Some(length) => (copied, from) = (from + length, from + length),
                None => unclosed.push(name),
            }
        }
    }
    if copied == 0 { Cow::Borrowed(text) } else { Cow::Owned(bare + &text[copied..]) }
}

fn find_ignoring_case(text: &str, what: &str) -> Option<usize> {
    text.as_bytes().windows(what.len()).position(|window| window.eq_ignore_ascii_case(what.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_taken_out() {
        let cases = [
            ("plain", "plain"),
            ("<i>Ba-<b>ba</b></i>", "Ba-ba"),
            ("one<br/>two<p>three</p>", "one two three "),
            ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
            ("a <b", "a <b"),
            (
                "Tom &amp; Jerry&hellip; &#39;n&#x2019; AT&T &nosuch; &copy 2020",
                "Tom & Jerry… 'n’ AT&T &nosuch; &copy 2020",
            ),
            ("&lt;i&gt;sung&lt;/i&gt; &lt;always&gt;", "sung <always>"),
            ("<script>alert(1)</SCRIPT>safe<script>x", "safex"),
            ("&amp;lt;", "&lt;"),
            ("<v.loud Ann>hi</v>", "hi"),
            ("&", "&"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn lines_are_short_and_clean() {
        assert_eq!(line(" a\n\t<b>b</b>\u{202e}\u{7} c ", 10), "a b c");
        assert_eq!(line("abcdef", 3), "abc");
        assert_eq!(line("ab cd", 3), "ab");
    }

    #[test]
    fn repetition_is_read_in_linear_time() {
        let started = std::time::Instant::now();
        for piece in ["<", "<a", "<a>", "<script>", "<style><script>", "&", "&#", "&amp;", "&lt;b&gt;"] {
            plain(&piece.repeat((1 << 18) / piece.len()));
        }
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    }
}
