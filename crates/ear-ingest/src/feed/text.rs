//! Texts of a feed as plain text: titles, names, show notes.

use super::entities::{mend, unescape};
use crate::html;
use std::borrow::Cow;

/// The longest title, name or other line, in characters.
const LINE: usize = 1_000;

/// The longest show notes, in bytes.
const NOTES: usize = 1 << 20;

/// A title or a name: one line of plain text.
pub(super) fn line(text: &str) -> String {
    let text = start(text, 8 * LINE);
    // Titles are plain text, but many programs escape them once too often.
    let text = unescape(text);
    let text = if text.contains("</") || text.contains("/>") { Cow::Owned(html::to_text(&text)) } else { text };
    let mut line = String::new();
    for word in mend(text).split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    match line.char_indices().nth(LINE) {
        Some((end, _)) => line[..end].to_owned(),
        None => line,
    }
}

/// Show notes or a description as plain text with its lines; HTML is recognised.
pub(super) fn notes(text: &str) -> String {
    let text = start(text, NOTES);
    // What is both escaped and in CDATA is HTML only after another step.
    let text = if looks_escaped(text) { unescape(text) } else { Cow::Borrowed(text) };
    let text = if looks_like_html(&text) { Cow::Owned(html::to_text(&text)) } else { text };
    tidy(&mend(text))
}

fn looks_escaped(text: &str) -> bool {
    !text.contains('<') && text.contains("&lt;") && text.contains("&gt;")
}

fn looks_like_html(text: &str) -> bool {
    let tag = text.match_indices('<').any(|(at, _)| {
        let after = text[at + 1..].trim_start_matches('/');
        after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!') && after.contains('>')
    });
    tag || (text.contains('&') && unescape(text) != text)
}

/// Blanks at the ends of lines and more than one empty line in a row say nothing.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines() {
        let line: String = line.trim().chars().filter(|c| !c.is_control()).collect();
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        out.push_str(&line);
    }
    out
}

/// At most `bytes` of a text.
fn start(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_one_line() {
        for (text, expected) in [
            ("  A\n  title ", "A title"),
            ("Tom &amp; Jerry", "Tom & Jerry"),
            ("a < b > c", "a < b > c"),
            ("The <i>Iliad</i>", "The Iliad"),
            ("don\u{92}t\u{0}", "don’t"),
            ("", ""),
        ] {
            assert_eq!(line(text), expected);
        }
        assert_eq!(line(&"é".repeat(20_000)).chars().count(), LINE);
    }

    #[test]
    fn notes_keep_their_lines() {
        for (text, expected) in [
            (" one \r\n\r\n\r\ntwo\n", "one\n\ntwo"),
            ("<p>one</p><p>two &amp; three</p>", "one\n\ntwo & three"),
            ("&lt;p&gt;one&lt;/p&gt;", "one"),
            ("see <a href='x'>here</a>\nand there", "see here\nand there"),
            ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
            ("don&#146;t", "don’t"),
        ] {
            assert_eq!(notes(text), expected, "{text}");
        }
    }
}
