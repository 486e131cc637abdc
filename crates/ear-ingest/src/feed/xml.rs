//! The elements of a document as a tree, whatever is wrong with it.
//!
//! Items are handed on as soon as they end, so that a feed of any length takes the memory of its longest item.

use super::{
    entities::{resolve, unescape},
    names::Names,
    tokens::{Token, Tokens},
    warn::{Warnings, quote},
};
use quick_xml::events::BytesStart;
use std::{ops::Range, rc::Rc};
use url::Url;

/// How deep elements may lie; what is deeper is left out.
const DEPTH: usize = 64;

/// How deep items lie: in the document, its root and its channel.
const SHALLOW: usize = 3;

/// How many elements deeper than that are followed.
const DEEPER: usize = 1_000_000;

/// How many elements an item, and the feed without its items, may have.
const ELEMENTS: usize = 250_000;

/// How many attributes of an element are read.
const ATTRIBUTES: usize = 64;

/// Elements of HTML that have no end tag; they occur where somebody forgot to escape show notes.
const VOID: [&str; 5] = ["br", "hr", "img", "wbr", "input"];

/// An element with what lies in it.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its name as `Names` has it.
    pub name: String,
    /// Its own text, without that of its children.
    pub text: String,
    pub children: Vec<Element>,
    /// Where it begins in the document.
    pub offset: usize,
    /// What relative addresses in it are relative to.
    pub base: Option<Rc<Url>>,
    attributes: Vec<(String, String)>,
    inner: Range<usize>,
}

impl Element {
    /// The value of an attribute, trimmed; `None` if it is blank.
    pub fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(name, _)| name == key)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// Its own text, trimmed; `None` if it is blank.
    pub fn value(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children of this name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first text that is not blank of a child with one of these names, in their order.
    pub fn value_of(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.all(name).find_map(Element::value))
    }

    /// What lies between its tags, as written in `document`.
    pub fn markup<'a>(&self, document: &'a str) -> &'a str {
        document.get(self.inner.clone()).unwrap_or_default()
    }
}

/// Reads a document into a nameless element that holds its outermost ones. Items (`item`, `entry`) are not
/// part of it: they go to `on_item` one by one.
pub(super) fn read(
    text: &str,
    base: Option<&Url>,
    warnings: &mut Warnings,
    on_item: &mut dyn FnMut(Element, &mut Warnings),
) -> Element {
    let document = Element { base: base.cloned().map(Rc::new), ..Element::default() };
    let names = Names::default();
    let mut tree = Tree { open: vec![document], deeper: Vec::new(), names, elements: 0, before_item: 0, on_item };
    let mut tokens = Tokens::of(text);
    let mut full = false;
    while let Some((offset, token)) = tokens.next(warnings) {
        match token {
            Token::Start { content, empty } => tree.start(offset..tokens.offset(), content, empty, warnings),
            Token::End(name) => tree.end(offset, name, warnings),
            Token::Text(text) => tree.text(text),
            Token::Reference(name) => match resolve(name) {
                Some(value) => tree.text(&value),
                None => tree.unknown(name),
            },
        }
        if tree.deeper.len() > DEEPER {
            warnings.add(offset, "elements lie too deep in each other; not read further");
            break;
        }
        if !full && (tree.elements > ELEMENTS || !tree.deeper.is_empty()) {
            full = true;
            warnings.add(offset, "too many elements, or too deep in each other; some are left out");
        }
    }
    tree.finish(text.len(), warnings)
}

struct Tree<'a> {
    /// The elements that are open, outermost first; the document itself is always the first.
    open: Vec<Element>,
    /// Names of open elements that are left out.
    deeper: Vec<String>,
    names: Names,
    /// How many elements are kept at the moment.
    elements: usize,
    /// How many there were when the open item began.
    before_item: usize,
    on_item: &'a mut dyn FnMut(Element, &mut Warnings),
}

impl Tree<'_> {
    fn start(&mut self, tag: Range<usize>, content: &str, empty: bool, warnings: &mut Warnings) {
        let (written, attributes) = attributes(content);
        let depth = self.open.len();
        for (key, value) in &attributes {
            match key.split_once(':') {
                None if key == "xmlns" => self.names.declare(depth, "", value),
                Some(("xmlns", prefix)) => self.names.declare(depth, prefix, value),
                _ => {}
            }
        }
        if depth == 1 && written.ends_with(":feed") && self.names.of(written) == "atom:feed" {
            self.names.is_atom();
        }
        let name = self.names.of(written);
        let empty = empty || VOID.contains(&name.as_str());
        if is_item(&name) {
            self.end_open_item(tag.start, warnings);
            self.before_item = self.elements;
        }
        if self.open.len() > DEPTH || self.elements > ELEMENTS || !self.deeper.is_empty() {
            if !empty {
                self.deeper.push(name);
            }
            return;
        }
        self.elements += 1;
        let base = self.open.last().and_then(|parent| parent.base.clone());
        let own = attributes.iter().find(|(key, _)| key == "xml:base").map(|(_, value)| value.trim());
        let base = match (own, &base) {
            (Some(own), Some(parent)) => parent.join(own).ok().map(Rc::new).or(base),
            (Some(own), None) => Url::parse(own).ok().map(Rc::new),
            (None, _) => base,
        };
        let attributes = attributes.into_iter().map(|(key, value)| (key.to_ascii_lowercase(), value)).collect();
        let inner = tag.end..tag.end;
        self.open.push(Element { name, offset: tag.start, base, attributes, inner, ..Element::default() });
        if empty {
            self.close(tag.end, warnings);
        }
    }

    fn end(&mut self, offset: usize, written: &str, warnings: &mut Warnings) {
        let name = self.names.of(written);
        // Only the nearest are looked at, so that no document takes long.
        if let Some(at) = self.deeper.iter().rev().take(DEPTH).position(|open| *open == name) {
            self.deeper.truncate(self.deeper.len() - at - 1);
            return;
        }
        let Some(at) = self.open.iter().rposition(|open| open.name == name).filter(|at| *at > 0) else {
            if !VOID.contains(&name.as_str()) {
                warnings.add(offset, format!("`</{}>` ends nothing; left out", quote(&name).trim_matches('`')));
            }
            return;
        };
        self.deeper.clear();
        if at + 1 < self.open.len() {
            let open = &self.open[self.open.len() - 1].name;
            warnings.add(offset, format!("{} has no end of its own; ended with {}", quote(open), quote(&name)));
        }
        while self.open.len() > at {
            self.close(offset, warnings);
        }
    }

    /// Items do not lie in each other: one that is open when the next begins lacks its end.
    fn end_open_item(&mut self, offset: usize, warnings: &mut Warnings) {
        let at = match self.open.iter().position(|open| is_item(&open.name)) {
            Some(at) => at,
            // Nor do they lie deep.
            None if !self.deeper.is_empty() => SHALLOW,
            None => return,
        };
        warnings.add(offset, "an item begins before what precedes it has ended; that is ended here");
        self.deeper.clear();
        while self.open.len() > at {
            self.close(offset, warnings);
        }
    }

    /// Ends the innermost element.
    fn close(&mut self, offset: usize, warnings: &mut Warnings) {
        let Some(mut element) = self.open.pop() else { return };
        self.names.leave(self.open.len());
        element.inner.end = offset.max(element.inner.start);
        if is_item(&element.name) {
            self.elements = self.before_item;
            (self.on_item)(element, warnings);
        } else if let Some(parent) = self.open.last_mut() {
            parent.children.push(element);
        }
    }

    fn text(&mut self, text: &str) {
        if self.deeper.is_empty()
            && let Some(element) = self.open.last_mut()
        {
            element.text.push_str(text);
        }
    }

    fn unknown(&mut self, name: &str) {
        for part in ["&", name, ";"] {
            self.text(part);
        }
    }

    fn finish(mut self, end: usize, warnings: &mut Warnings) -> Element {
        if let Some(open) = self.open.get(1..).and_then(<[Element]>::last) {
            warnings.add(end, format!("the document ends within {}", quote(&open.name)));
        }
        while self.open.len() > 1 {
            self.close(end, warnings);
        }
        self.open.pop().unwrap_or_default()
    }
}

fn is_item(name: &str) -> bool {
    matches!(name, "item" | "entry")
}

/// The name and the attributes of a start tag, as lenient as HTML.
fn attributes(content: &str) -> (&str, Vec<(String, String)>) {
    let length = content.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(content.len());
    let tag = BytesStart::from_content(content, length);
    let mut attributes = tag.html_attributes();
    let attributes = attributes.with_checks(false).take(ATTRIBUTES).filter_map(|attribute| {
        let attribute = attribute.ok()?;
        let key: &str = attribute.key.as_ref();
        Some((key.to_owned(), unescape(&attribute.value).into_owned()))
    });
    (&content[..length], attributes.collect())
}
