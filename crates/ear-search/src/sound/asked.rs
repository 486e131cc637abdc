//! The name that a query asks for.

use crate::Error;
use crate::analysis::{Rules, forms};
use crate::query::{Node, parse};
use ear_language::{commonness, gazetteer};

/// A name has no more words than these.
const MAX_WORDS: usize = 5;
/// A phrase said less often than this (log10 per thousand million words) is likely a name, or misspelled.
const RARE: f32 = 2.7;
/// What has fewer letters sounds like too much.
const MIN_LETTERS: usize = 4;

/// A query that asks for a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AskedName {
    pub name: String,
    /// The fields of the query.
    pub fields: Option<Node>,
}

/// The name that the query asks for: its words in order.
///
/// Fails with [`Error::Query`] where the query is more than words and fields.
pub(crate) fn asked_name(query: &str) -> Result<AskedName, Error> {
    let nodes = match parse(query)? {
        Node::And(nodes) => nodes,
        node => vec![node],
    };
    let (mut words, mut fields) = (Vec::new(), Vec::new());
    for node in nodes {
        match node {
            Node::Word(text) | Node::Phrase(text) => words.push(text.text),
            Node::Field(_) => fields.push(node),
            Node::Prefix(text) => return Err(refused("`*` has no sound", text.column)),
            Node::Not(_, column) => return Err(refused("what is left out has no sound", column)),
            Node::Or(_) | Node::And(_) => return Err(refused("search by sound takes one name at a time", 1)),
        }
    }
    if words.is_empty() {
        return Err(refused("there is no name in the query", 1));
    }
    let fields = (!fields.is_empty()).then_some(Node::And(fields));
    Ok(AskedName { name: words.join(" "), fields })
}

fn refused(message: &str, column: usize) -> Error {
    let remedy = "write the name alone, or search by words".to_owned();
    Error::Query { message: message.to_owned(), column, remedy }
}

/// Whether the query asks for what looks like a name: few words, with capitals or rarely said so.
pub fn looks_like_a_name(query: &str) -> bool {
    let Ok(AskedName { name, .. }) = asked_name(query) else { return false };
    let folded: Vec<String> = name.split_whitespace().flat_map(|word| forms(word, Rules::PLAIN)).collect();
    let letters: usize = folded.iter().map(|word| word.chars().count()).sum();
    if folded.is_empty() || folded.len() > MAX_WORDS || letters < MIN_LETTERS {
        return false;
    }
    let texts: Vec<&str> = folded.iter().map(String::as_str).collect();
    let has_capital = name.split_whitespace().any(|word| word.chars().next().is_some_and(char::is_uppercase));
    has_capital
        || gazetteer::place(&folded.join(" ")).is_some()
        || commonness::phrase(&texts[..texts.len().min(4)]) < RARE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_its_fields() {
        let check = |query: &str, expected: &str| {
            let shown = match asked_name(query) {
                Ok(AskedName { name, fields }) => format!("{name}{}", if fields.is_some() { " +" } else { "" }),
                Err(error) => error.to_string(),
            };
            assert_eq!(shown, expected, "{query}");
        };
        check("Soleimani", "Soleimani");
        check("\"Qasem Soleimani\" since:2020", "Qasem Soleimani +");
        check("al Asad  show:news", "al Asad +");
        check(
            "a OR b",
            "search by sound takes one name at a time (column 1): write the name alone, or search by words",
        );
        check("elect*", "`*` has no sound (column 1): write the name alone, or search by words");
        check("show:news", "there is no name in the query (column 1): write the name alone, or search by words");
    }

    #[test]
    fn names_look_like_names() {
        for (query, expected) in [
            ("Soleimani", true),
            ("soleimani", true),
            ("iraq", true),
            ("Jordan", true),
            ("peace talks", false),
            ("the economy", false),
            ("Sun", false),
            ("what did they say about the war", false),
            ("Iraq -war", false),
        ] {
            assert_eq!(looks_like_a_name(query), expected, "{query}");
        }
    }
}
