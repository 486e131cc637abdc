//! JSON as strangers write it, read into a small tree of the fields that we know.
//!
//! Fields that no format of ours has are passed over without being kept, so that a document costs no more
//! memory than its transcript, whatever else it holds; depth is bounded by `serde_json` (128).

mod keys;
mod mend;

use crate::Error;
use keys::Key;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// The most values that a document may have in fields we know: a word has about five.
const MOST_VALUES: usize = 8_000_000;

/// How many names of unknown fields are remembered for the message.
const STRANGERS: usize = 8;

/// A value.
#[derive(Debug, PartialEq)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Number(f64),
    Text(Box<str>),
    List(Box<[Node]>),
    Map(Box<[(Key, Node)]>),
}

/// A document as read.
#[derive(Debug)]
pub(crate) struct Document {
    pub root: Node,
    /// The first fields that no format of ours has.
    pub strangers: Vec<String>,
    /// It was no valid JSON until numbers that are none, or halves of characters, were replaced.
    pub mended: bool,
}

/// Reads a document.
pub(crate) fn parse(text: &str) -> Result<Document, Error> {
    let fault = match read(text) {
        Ok((root, strangers)) => return Ok(Document { root, strangers, mended: false }),
        Err(fault) => fault,
    };
    let Some(mended) = mend::mend(text).filter(|_| !matches!(fault, Error::TooLong { .. })) else {
        return Err(fault);
    };
    let (root, strangers) = read(&mended)?;
    Ok(Document { root, strangers, mended: true })
}

fn read(text: &str) -> Result<(Node, Vec<String>), Error> {
    let mut budget = Budget { left: MOST_VALUES, strangers: Vec::new() };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let root = Seed(&mut budget).deserialize(&mut deserializer);
    match root.and_then(|root| deserializer.end().map(|()| root)) {
        Ok(root) => Ok((root, budget.strangers)),
        Err(_) if budget.left == 0 => Err(Error::TooLong { limit: MOST_VALUES, of: "values" }),
        Err(error) => {
            let message = error.to_string();
            // serde_json ends its message with the place, which is told apart here.
            let what = message.split(" at line ").next().unwrap_or_default().to_owned();
            Err(Error::Json { line: error.line(), column: error.column(), message: what })
        }
    }
}

impl Node {
    /// The field of that name, unless it is null.
    pub fn get(&self, name: &str) -> Option<&Node> {
        let Node::Map(fields) = self else { return None };
        let found = fields.iter().find(|(key, _)| key.name() == name);
        found.map(|(_, value)| value).filter(|value| **value != Node::Null)
    }

    /// The first of these fields that is there.
    pub fn first(&self, names: &[&str]) -> Option<&Node> {
        names.iter().find_map(|name| self.get(name))
    }

    /// Whether the field is there.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        match self {
            Node::List(items) => items,
            _ => &[],
        }
    }

    /// The items of the list in that field.
    pub fn list(&self, name: &str) -> &[Node] {
        self.get(name).map_or(&[], Node::items)
    }

    /// A text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text in that field.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    /// A number, or a text that is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Node::Number(number) => Some(*number),
            Node::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }

    /// The number in that field.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.as_number()
    }

    /// Whether any item of the list in that field has one of these fields.
    pub fn any_has(&self, list: &str, names: &[&str]) -> bool {
        self.list(list).iter().any(|item| item.first(names).is_some())
    }

    /// Whether it is a list.
    pub fn is_list(&self) -> bool {
        matches!(self, Node::List(_))
    }
}

struct Budget {
    left: usize,
    strangers: Vec<String>,
}

struct Seed<'a>(&'a mut Budget);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        if self.0.left == 0 {
            return Err(D::Error::custom("too many values"));
        }
        self.0.left -= 1;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Seed(self.0))? {
            list.push(item);
        }
        Ok(Node::List(list.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = fields.next_key_seed(KeySeed(self.0))? {
            match key {
                Some(key) => map.push((key, fields.next_value_seed(Seed(self.0))?)),
                None => {
                    fields.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Node::Map(map.into()))
    }
}

struct KeySeed<'a>(&'a mut Budget);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Option<Key>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Option<Key>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Option<Key>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<Key>, E> {
        let key = Key::of(name);
        if key.is_none() && self.0.strangers.len() < STRANGERS {
            self.0.strangers.push(name.chars().take(40).collect());
        }
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fields_we_know_are_kept() {
        let document = parse(r#"{"segments":[{"start":1,"body":"x","colour":{"deep":[1,2]}}],"mood":"good"}"#).unwrap();
        assert_eq!(document.strangers, ["colour", "mood"]);
        let item = &document.root.list("segments")[0];
        assert_eq!((item.number("start"), item.text("body"), item.get("colour")), (Some(1.0), Some("x"), None));
    }

    #[test]
    fn values_are_bounded() {
        let many = format!("[{}0]", "0,".repeat(MOST_VALUES));
        assert_eq!(parse(&many).unwrap_err(), Error::TooLong { limit: MOST_VALUES, of: "values" });
        let ignored = format!("{{\"junk\":[{}0],\"text\":\"kept\"}}", "0,".repeat(1000));
        assert_eq!(parse(&ignored).unwrap().root.text("text"), Some("kept"));
    }

    #[test]
    fn faults_have_their_place() {
        let check = |text: &str, expected: &str| {
            assert!(parse(text).unwrap_err().to_string().starts_with(expected), "{text}: {}", parse(text).unwrap_err())
        };
        check("{\"text\": }", "not valid JSON at line 1, column 10: expected value");
        check("{\"text\": \"a\"", "not valid JSON at line 1, column 12: EOF while parsing");
        check("{}\n{}", "not valid JSON at line 2, column 1: trailing characters");
        check(&"[".repeat(200), "not valid JSON at line 1, column 128: recursion limit exceeded");
        check(&"{\"text\":".repeat(200), "not valid JSON at line 1, column 1017: recursion limit exceeded");
        check("{\"start\": 1e999}", "not valid JSON at line 1, column 15: number out of range");
    }

    #[test]
    fn what_programs_write_wrongly_is_mended() {
        let document = parse(r#"{"start": NaN, "end": -Infinity, "text": "NaN \ud83d! \ud83d\ude00"}"#).unwrap();
        assert!(document.mended);
        assert_eq!(document.root.get("start"), None);
        assert_eq!(document.root.text("text"), Some("NaN \u{fffd}! 😀"));
    }
}
