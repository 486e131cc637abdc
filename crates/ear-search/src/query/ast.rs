//! What a query says, with the place where it says it.

use crate::analysis::{Analyzer, Rules};

/// A query as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// A bare word.
    Word(Text),
    /// The beginning of words: `elect*`, without the star.
    Prefix(Text),
    /// Words in quotes.
    Phrase(Text),
    /// A condition on something other than the words.
    Field(Condition),
    /// All of these.
    And(Vec<Node>),
    /// Any of these.
    Or(Vec<Node>),
    /// Not this; the column is that of the `-` or `NOT`.
    Not(Box<Node>, usize),
}

/// A piece of the query's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub text: String,
    /// 1-based, in characters.
    pub column: usize,
}

/// A condition on something other than the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Show(Text),
    Speaker(Text),
    Title(Text),
    /// ISO 639-1 code in lower case.
    Language(String),
    /// First day, as [`ear_core::EpisodeDate::as_number`] gives it.
    Since(u32),
    /// Last day, likewise; the end of a month may be a day the calendar lacks.
    Until(u32),
}

impl Node {
    /// The same without words that are mere punctuation; `None` if nothing is left.
    pub(crate) fn without_punctuation(self) -> Option<Self> {
        let each =
            |nodes: Vec<Node>| -> Vec<Node> { nodes.into_iter().filter_map(Node::without_punctuation).collect() };
        match self {
            Node::Word(text) | Node::Prefix(text) | Node::Phrase(text) if is_punctuation(&text) => None,
            Node::And(nodes) => one_or(each(nodes), Node::And),
            Node::Or(nodes) => one_or(each(nodes), Node::Or),
            Node::Not(node, column) => node.without_punctuation().map(|node| Node::Not(Box::new(node), column)),
            node => Some(node),
        }
    }

    /// Whether it asks for something, rather than only leaving things out.
    pub(crate) fn asks(&self) -> bool {
        match self {
            Node::Word(_) | Node::Prefix(_) | Node::Phrase(_) | Node::Field(_) => true,
            Node::And(nodes) => nodes.iter().any(Node::asks),
            Node::Or(nodes) => nodes.iter().all(Node::asks),
            Node::Not(..) => false,
        }
    }

    /// Where the first negation stands.
    pub(crate) fn negation(&self) -> Option<usize> {
        match self {
            Node::Word(_) | Node::Prefix(_) | Node::Phrase(_) | Node::Field(_) => None,
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().find_map(Node::negation),
            Node::Not(_, column) => Some(*column),
        }
    }
}

fn is_punctuation(text: &Text) -> bool {
    Analyzer::new(Rules::PLAIN).terms(&text.text).is_empty()
}

/// The words of a query, and its fields. No words where it has operators, quotes or stars: then it is more than words.
pub(crate) fn plain(node: Node) -> (Option<Vec<String>>, Option<Node>) {
    let nodes = match node {
        Node::And(nodes) => nodes,
        node => vec![node],
    };
    let (mut words, mut fields) = (Some(Vec::new()), Vec::new());
    for node in nodes {
        match node {
            Node::Word(text) => words.iter_mut().for_each(|words: &mut Vec<String>| words.push(text.text.clone())),
            Node::Field(_) => fields.push(node),
            _ => words = None,
        }
    }
    (words, (!fields.is_empty()).then_some(Node::And(fields)))
}

/// These nodes joined; one stands for itself, none for nothing.
fn one_or(mut nodes: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Option<Node> {
    if nodes.len() > 1 { Some(join(nodes)) } else { nodes.pop() }
}
