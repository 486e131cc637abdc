//! From tokens to what they say, by recursive descent:
//! `or := and (OR and)*`, `and := unary (AND? unary)*`, `unary := (NOT | -) unary | primary`.

use super::ast::{Node, Text};
use super::lex::{Kind, Token, error, tokens};
use crate::Error;

/// A query has at most this many characters.
const MAX_CHARS: usize = 1_000;
/// Parentheses and negations stand at most this deep in each other.
const MAX_DEPTH: usize = 32;

/// Reads a query. It says something, though perhaps only what to leave out ([`Node::asks`]).
pub(crate) fn parse(query: &str) -> Result<Node, Error> {
    if query.chars().nth(MAX_CHARS).is_some() {
        return error(MAX_CHARS + 1, "the query is too long", format!("keep it under {MAX_CHARS} characters"));
    }
    let tokens = tokens(query)?;
    if tokens.is_empty() {
        return error(1, "the query is empty", "write one or more words to look for");
    }
    let end = query.chars().count() + 1;
    let mut parser = Parser { tokens, at: 0, end };
    let node = parser.any(0)?;
    // A parenthesis is all that the rules leave over.
    if let Some(token) = parser.tokens.get(parser.at) {
        return error(token.column, "this `)` closes nothing", "take it away, or open it with `(`");
    }
    match node.without_punctuation() {
        Some(node) => Ok(node),
        None => error(1, "the query holds no word", "write one or more words to look for"),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    /// The column after the last character.
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn column(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |token| token.column)
    }

    fn any(&mut self, depth: usize) -> Result<Node, Error> {
        let first = self.all(depth)?;
        if self.peek() != Some(&Kind::Or) {
            return Ok(first);
        }
        let mut nodes = vec![first];
        while self.peek() == Some(&Kind::Or) {
            self.at += 1;
            self.operand("OR")?;
            nodes.push(self.all(depth)?);
        }
        Ok(Node::Or(nodes))
    }

    fn all(&mut self, depth: usize) -> Result<Node, Error> {
        let first = self.unary(depth)?;
        if matches!(self.peek(), None | Some(Kind::Or | Kind::Close)) {
            return Ok(first);
        }
        let mut nodes = vec![first];
        while !matches!(self.peek(), None | Some(Kind::Or | Kind::Close)) {
            if self.peek() == Some(&Kind::And) {
                self.at += 1;
                self.operand("AND")?;
            }
            nodes.push(self.unary(depth)?);
        }
        Ok(Node::And(nodes))
    }

    /// What follows an operator must be something to look for.
    fn operand(&self, operator: &str) -> Result<(), Error> {
        match self.peek() {
            None | Some(Kind::And | Kind::Or | Kind::Close) => {
                let column = self.tokens[self.at - 1].column;
                error(
                    column,
                    format!("nothing follows `{operator}`"),
                    "write words after it, or put it in quotes to look for it as a word",
                )
            }
            Some(_) => Ok(()),
        }
    }

    fn unary(&mut self, depth: usize) -> Result<Node, Error> {
        let column = self.column();
        if depth > MAX_DEPTH {
            return error(
                column,
                "the query is nested too deep",
                format!("use at most {MAX_DEPTH} levels of parentheses"),
            );
        }
        let Some(&Kind::Not(sign)) = self.peek() else { return self.primary(depth) };
        self.at += 1;
        self.operand(sign)?;
        Ok(match self.unary(depth + 1)? {
            Node::Not(node, _) => *node,
            node => Node::Not(Box::new(node), column),
        })
    }

    fn primary(&mut self, depth: usize) -> Result<Node, Error> {
        let column = self.column();
        let Some(kind) = self.peek().cloned() else {
            return error(column, "the query ends too early", "write one or more words to look for");
        };
        self.at += 1;
        match kind {
            Kind::Word(text) => Ok(Node::Word(Text { text, column })),
            Kind::Prefix(text) => Ok(Node::Prefix(Text { text, column })),
            Kind::Phrase(text) => Ok(Node::Phrase(Text { text, column })),
            Kind::Field(condition) => Ok(Node::Field(condition)),
            Kind::Open => self.group(depth, column),
            Kind::Close => error(column, "this `)` closes nothing", "take it away, or open it with `(`"),
            Kind::And => operator_first("AND", column),
            Kind::Or => operator_first("OR", column),
            Kind::Not(sign) => operator_first(sign, column),
        }
    }

    fn group(&mut self, depth: usize, column: usize) -> Result<Node, Error> {
        match self.peek() {
            None => return unclosed(column),
            Some(Kind::Close) => {
                return error(column, "there is nothing between the parentheses", "write words between them");
            }
            Some(_) => {}
        }
        let node = self.any(depth + 1)?;
        if self.peek() != Some(&Kind::Close) {
            return unclosed(column);
        }
        self.at += 1;
        Ok(node)
    }
}

fn unclosed<T>(column: usize) -> Result<T, Error> {
    error(column, "this parenthesis is never closed", "add a `)`, or take it away")
}

fn operator_first<T>(operator: &str, column: usize) -> Result<T, Error> {
    error(
        column,
        format!("nothing stands before `{operator}`"),
        "write words before it, or put it in quotes to look for it as a word",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::ast::Condition;
    use proptest::prelude::*;

    fn show(node: &Node) -> String {
        let list =
            |name: &str, nodes: &[Node]| format!("({name} {})", nodes.iter().map(show).collect::<Vec<_>>().join(" "));
        match node {
            Node::Word(word) => word.text.clone(),
            Node::Prefix(word) => format!("{}*", word.text),
            Node::Phrase(phrase) => format!("\"{}\"", phrase.text),
            Node::Field(Condition::Show(value)) => format!("show={}", value.text),
            Node::Field(Condition::Speaker(value)) => format!("speaker={}", value.text),
            Node::Field(Condition::Title(value)) => format!("title={}", value.text),
            Node::Field(Condition::Language(code)) => format!("language={code}"),
            Node::Field(Condition::Since(day)) => format!("since={day}"),
            Node::Field(Condition::Until(day)) => format!("until={day}"),
            Node::And(nodes) => list("and", nodes),
            Node::Or(nodes) => list("or", nodes),
            Node::Not(node, column) => format!("(not@{column} {})", show(node)),
        }
    }

    #[test]
    fn queries_say_what_they_say() {
        let cases = [
            ("peace", "peace"),
            ("  peace talks ", "(and peace talks)"),
            ("peace AND talks", "(and peace talks)"),
            ("peace OR war", "(or peace war)"),
            ("a b OR c d", "(or (and a b) (and c d))"),
            ("a (b OR c) d", "(and a (or b c) d)"),
            ("((a))", "a"),
            ("peace -war", "(and peace (not@7 war))"),
            ("peace NOT war", "(and peace (not@7 war))"),
            ("peace AND NOT (war OR \"cold war\")", "(and peace (not@11 (or war \"cold war\")))"),
            ("a --b", "(and a b)"),
            ("-a", "(not@1 a)"),
            ("\"new york\" times", "(and \"new york\" times)"),
            ("“new york” „times”", "(and \"new york\" \"times\")"),
            ("a\"b c\"d", "(and a \"b c\" d)"),
            ("state-of-the-art", "state-of-the-art"),
            ("elect*", "elect*"),
            ("and or not", "(and and or not)"),
            ("\"AND\"", "\"AND\""),
            ("10:30 re: http", "(and 10:30 re: http)"),
            ("show:\"Post Reports\" speaker:martine", "(and show=Post Reports speaker=martine)"),
            ("Title:Iran -show:news", "(and title=Iran (not@12 show=news))"),
            ("since:2020-02-03 until:2020-02-04", "(and since=20200203 until=20200204)"),
            ("since:2020-02 until:2020-02", "(and since=20200201 until=20200231)"),
            ("since:2020 until:\"2020\"", "(and since=20200101 until=20201231)"),
            ("language:EN-us x", "(and language=en x)"),
            ("f(x)", "(and f x)"),
            ("peace & war – now", "(and peace war now)"),
            ("中国*", "中国*"),
        ];
        for (query, expected) in cases {
            assert_eq!(
                parse(query).map(|node| show(&node)).map_err(|e| e.to_string()),
                Ok(expected.to_owned()),
                "{query}"
            );
        }
    }

    #[test]
    fn errors_name_their_place_and_a_remedy() {
        let cases = [
            ("", 1, "the query is empty"),
            ("  ", 1, "the query is empty"),
            ("???", 1, "the query holds no word"),
            ("(& OR \"...\") -?", 1, "the query holds no word"),
            ("x state-of*", 3, "`*` stands after several words"),
            ("say \"peace now", 5, "this quote is never closed"),
            ("é \"\"", 3, "there is nothing between the quotes"),
            ("(a OR b", 1, "this parenthesis is never closed"),
            ("a (", 3, "this parenthesis is never closed"),
            ("a b)", 4, "this `)` closes nothing"),
            (")", 1, "this `)` closes nothing"),
            ("a ()", 3, "there is nothing between the parentheses"),
            ("a OR", 3, "nothing follows `OR`"),
            ("(a AND) b", 4, "nothing follows `AND`"),
            ("a AND OR b", 3, "nothing follows `AND`"),
            ("OR a", 1, "nothing stands before `OR`"),
            ("a NOT", 3, "nothing follows `NOT`"),
            ("a - b", 3, "`-` stands alone"),
            ("-", 1, "`-` stands alone"),
            ("*", 1, "`*` stands before a word"),
            ("a *b", 3, "`*` stands before a word"),
            ("a b*c", 4, "`*` stands inside a word"),
            ("b**", 2, "`*` stands inside a word"),
            ("x show:", 3, "`show:` has no value"),
            ("show: news", 1, "`show:` has no value"),
            ("show:???", 6, "the value of `show:` holds no word"),
            ("show:po*", 6, "`*` does not work in `show:`"),
            ("spaeker:x", 1, "there is no field `spaeker:`"),
            ("x url:y", 3, "there is no field `url:`"),
            ("since:yesterday", 7, "`yesterday` is not a date"),
            ("until:2020-13", 7, "`2020-13` is not a date"),
            ("since:2019-02-29", 7, "`2019-02-29` is not a date"),
            ("language:english", 10, "`english` is not the code of a language"),
        ];
        for (query, expected_column, expected) in cases {
            let Err(Error::Query { message, column, remedy }) = parse(query) else { panic!("{query}: no error") };
            assert_eq!((message.as_str(), column), (expected, expected_column), "{query}");
            assert!(!remedy.is_empty(), "{query}");
        }
    }

    #[test]
    fn unknown_fields_suggest_the_nearest() {
        let remedy = |query| match parse(query) {
            Err(Error::Query { remedy, .. }) => remedy,
            other => panic!("{query}: {other:?}"),
        };
        assert_eq!(remedy("spaeker:x"), "did you mean `speaker:`?");
        assert_eq!(remedy("untl:2020"), "did you mean `until:`?");
        assert!(remedy("https://example.com").starts_with("the fields are show: speaker:"));
    }

    #[test]
    fn length_and_depth_are_bounded() {
        assert!(parse(&"a ".repeat(500)).is_ok());
        let Err(Error::Query { column, .. }) = parse(&"é".repeat(1001)) else { panic!("no error") };
        assert_eq!(column, 1001);
        let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nested(32)).is_ok());
        assert!(parse(&nested(33)).is_err());
        assert!(parse(&format!("{}a", "-".repeat(900))).is_err());
    }

    /// Text with much that means something to the parser.
    const TRICKY: &str = r#"[a-c ("“”)*:é-]{0,40}|\PC{0,60}|(AND |OR |NOT |show:|since:|a |\(|\)|-|"){0,20}"#;

    proptest! {
        #[test]
        fn any_string_is_read_or_refused_with_a_place(query in TRICKY) {
            if let Err(error) = parse(&query) {
                let Error::Query { column, message, remedy } = error else { panic!("{error}") };
                prop_assert!((1..=query.chars().count() + 1).contains(&column), "{} in {:?}", column, query);
                prop_assert!(!message.is_empty() && !remedy.is_empty());
            }
        }
    }
}
