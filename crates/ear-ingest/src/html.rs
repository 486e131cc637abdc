//! HTML to text: what a reader would see, without a browser.
//!
//! html5gum cuts the document into tags and text after the WHATWG's rules for tokens; there is no tree, so
//! depth costs nothing and mis-nested tags do no harm.

use html5gum::{DefaultEmitter, HtmlString, Token, Tokenizer};
use std::borrow::Cow;

/// The most that is read of a document, in bytes; what follows is left out.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Elements whose content nobody reads.
const UNSEEN: [&str; 13] = [
    "script", "style", "template", "noscript", "title", "iframe", "noembed", "noframe", "textarea", "select", "svg",
    "math", "datalist",
];

/// Elements that stand apart from what is around them.
const PARAGRAPHS: [&str; 16] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "ul",
    "ol",
    "dl",
    "table",
    "hr",
    "figure",
    "fieldset",
];

/// Elements that begin a line.
const LINES: [&str; 24] = [
    "br",
    "div",
    "li",
    "tr",
    "dt",
    "dd",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "nav",
    "aside",
    "address",
    "form",
    "details",
    "summary",
    "figcaption",
    "caption",
    "legend",
    "option",
    "body",
    "html",
    "center",
];

/// The text of an HTML document or fragment as a reader would see it: block elements begin lines, paragraphs
/// and lists are set apart by a blank line, links and emphasis are their text, character references are
/// decoded, scripts and styles are left out. Text without any block element keeps its own line breaks, as show
/// notes are often plain text. Only the first [`MAX_BYTES`] are read; whatever the input, there is no error.
pub fn to_text(html: &str) -> String {
    let html = start(html, MAX_BYTES);
    let mut page = Page { keeps_lines: !has_blocks(html), ..Page::default() };
    for (_, piece) in visible(html) {
        match piece {
            Piece::Text(text) => page.text(&text),
            Piece::Start(tag) => page.tag(&tag.name, true),
            Piece::End(name) => page.tag(&name, false),
        }
    }
    page.finish()
}

/// A tag or the text between two.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece {
    /// An element begins.
    Start(Tag),
    /// An element ends.
    End(String),
    /// Text with its references decoded and its white space as it was.
    Text(String),
}

/// The start of an element, its names in lower case.
#[derive(Debug, PartialEq)]
pub(crate) struct Tag {
    pub name: String,
    attributes: Vec<(String, String)>,
    pub closed: bool,
}

impl Tag {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Cuts HTML into pieces with their byte offsets; the content of scripts and styles is text like any other.
pub(crate) fn pieces(html: &str) -> impl Iterator<Item = (usize, Piece)> {
    cut(html, true)
}

/// Cuts XML into pieces as if it were HTML, but no element's content is special.
pub(crate) fn xml_pieces(xml: &str) -> impl Iterator<Item = (usize, Piece)> {
    cut(xml, false)
}

/// The pieces outside of elements that nobody sees.
pub(crate) fn visible(html: &str) -> impl Iterator<Item = (usize, Piece)> {
    let mut hidden: Option<String> = None;
    pieces(html).filter(move |(_, piece)| match (piece, &hidden) {
        (Piece::End(name), Some(within)) => {
            if name == within {
                hidden = None;
            }
            false
        }
        (_, Some(_)) => false,
        (Piece::Start(tag), None) if UNSEEN.contains(&tag.name.as_str()) && !tag.closed => {
            hidden = Some(tag.name.clone());
            false
        }
        _ => true,
    })
}

/// Whether the element begins a line.
pub(crate) fn is_block(name: &str) -> bool {
    PARAGRAPHS.contains(&name) || LINES.contains(&name)
}

fn cut(html: &str, switch: bool) -> impl Iterator<Item = (usize, Piece)> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(switch);
    Tokenizer::new_with_emitter(html, emitter).filter_map(|token| {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let attributes =
                    tag.attributes.into_iter().map(|(key, value)| (string(key), string(value.value))).collect();
                let start = Tag { name: string(tag.name), attributes, closed: tag.self_closing };
                Some((tag.span.start, Piece::Start(start)))
            }
            Token::EndTag(tag) => Some((tag.span.start, Piece::End(string(tag.name)))),
            Token::String(text) => Some((text.span.start, Piece::Text(string(text.value)))),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => None,
        }
    })
}

fn string(bytes: HtmlString) -> String {
    String::from_utf8(bytes.0).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn has_blocks(html: &str) -> bool {
    visible(html).any(|(_, piece)| matches!(piece, Piece::Start(tag) if is_block(&tag.name)))
}

/// The start of a text, cut between characters.
fn start(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// Text as it is laid out.
#[derive(Default)]
struct Page {
    done: String,
    /// Line breaks to write before the next word.
    breaks: usize,
    /// A space to write before the next word.
    space: bool,
    /// How many `<pre>` are open.
    preformatted: usize,
    keeps_lines: bool,
}

impl Page {
    fn tag(&mut self, name: &str, opens: bool) {
        let breaks = match name {
            // A second line break in a row leaves a line empty.
            "br" => self.breaks + 1,
            "td" | "th" => {
                self.space = true;
                return;
            }
            _ if PARAGRAPHS.contains(&name) => 2,
            _ if LINES.contains(&name) => 1,
            _ => return,
        };
        self.breaks = self.breaks.max(breaks).min(2);
        match (name, opens) {
            ("pre", true) => self.preformatted += 1,
            ("pre", false) => self.preformatted = self.preformatted.saturating_sub(1),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let text: Cow<'_, str> =
            if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() };
        for character in text.chars() {
            match character {
                '\n' if self.keeps_lines || self.preformatted > 0 => self.breaks = (self.breaks + 1).min(2),
                _ if character.is_whitespace() => self.space = true,
                _ if character.is_control() || character == '\u{feff}' => {}
                _ => self.character(character),
            }
        }
    }

    fn character(&mut self, character: char) {
        if !self.done.is_empty() {
            let breaks = std::mem::take(&mut self.breaks);
            self.done.extend(std::iter::repeat_n('\n', breaks));
            if self.space && breaks == 0 {
                self.done.push(' ');
            }
        }
        (self.breaks, self.space) = (0, false);
        self.done.push(character);
    }

    fn finish(self) -> String {
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_what_a_reader_sees() {
        let cases = [
            ("<p>One <b>two</b>.</p><p>Three</p>", "One two.\n\nThree"),
            ("<div>One</div><div>two</div>", "One\ntwo"),
            ("a<br>b<br/><br/>c", "a\nb\n\nc"),
            ("<ul><li>Ann Lee</li><li>Bo</li></ul>after", "Ann Lee\nBo\n\nafter"),
            ("see <a href=\"https://example.org/?a=1&amp;b\">the page</a>, please", "see the page, please"),
            ("Tom &amp; Jerry &lt;3 caf&eacute; &#8217;n&#x2019; &nbsp; so", "Tom & Jerry <3 café ’n’ so"),
            ("<script>alert('<p>x</p>')</script><style>p{}</style>seen<template><p>no</p></template>", "seen"),
            ("<title>Page</title><body>Words<!-- not these --></body>", "Words"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
            ("<pre>one\n  two\r\nthree</pre>", "one\ntwo\nthree"),
            ("plain\nnotes\r\n\r\n\r\nwith lines", "plain\nnotes\n\nwith lines"),
            ("plain <b>notes</b>\nwith\nlines", "plain notes\nwith\nlines"),
            ("<p>not\nkept</p>", "not kept"),
            ("5 < 6 and a<b", "5 < 6 and a"),
            ("&lt;script&gt;x&lt;/script&gt;", "<script>x</script>"),
            ("<![CDATA[inside]]>after", "after"),
            ("<b>unclosed <i>tags</b> here", "unclosed tags here"),
            ("<svg><text>no</text></svg>yes", "yes"),
            ("a\u{0}b\u{7}", "ab"),
            ("", ""),
        ];
        for (html, expected) in cases {
            assert_eq!(to_text(html), expected, "{html}");
        }
    }

    #[test]
    fn what_is_hostile_costs_no_more_than_its_length() {
        let started = std::time::Instant::now();
        for piece in
            ["<", "<p ", "<p>", "</", "&", "&#", "<!--", "<a b=c ", "<svg>", "<script>", "<pre>", "'\"", "<![CDATA["]
        {
            let html = piece.repeat((1 << 18) / piece.len());
            assert!(to_text(&html).len() <= 3 * html.len());
        }
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
        let long = "é".repeat(MAX_BYTES / 2 + 10);
        assert_eq!(start(&long, MAX_BYTES - 1).len(), MAX_BYTES - 2);
    }

    proptest! {
        #[test]
        fn words_come_through_whole(words in prop::collection::vec("[a-zé]{1,8}", 1..20), tags in prop::collection::vec(prop::sample::select(&["<p>", "</p>", "<br>", "<b> ", " </i>", "<li>", " <!-- x --> "][..]), 20)) {
            let html: String = words.iter().zip(&tags).map(|(word, tag)| format!("{word} {tag}")).collect();
            let text = to_text(&html);
            prop_assert_eq!(text.split_whitespace().collect::<Vec<_>>(), words);
        }
    }
}
