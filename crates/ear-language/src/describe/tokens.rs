//! A clip's words as they matter to what is said of it.

use super::lists::{Class, class};
use crate::commonness::fold;
use crate::gazetteer::is_given_name;
use ear_core::{Word, WordRange};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// A mark behind a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    None,
    Comma,
    /// A dash, a colon, a semicolon, a bracket.
    Break,
    Stop,
    Question,
}

/// A word without the marks around it.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    /// Its place in the transcript.
    pub at: usize,
    /// As written.
    pub bare: &'a str,
    /// As looked up.
    pub folded: Cow<'a, str>,
    pub class: Class,
    /// What stands behind it.
    pub mark: Mark,
    /// A quote opens before it.
    pub opens: bool,
    /// A quote ends behind it.
    pub closes: bool,
    /// Written with a capital that no sentence's beginning explains.
    pub capital: bool,
    /// The first of its sentence.
    pub first: bool,
    pub sentence: usize,
    /// The mention that it belongs to: index into the names, and how many words the mention has from here on.
    pub name: Option<(usize, usize)>,
    /// It calls somebody who takes part, and says nothing of them.
    pub calls: bool,
    /// The clip says it once.
    pub once: bool,
    /// It stands alone between brackets: "(MDK)".
    pub aside: bool,
    /// How sure the recogniser was.
    pub confidence: f32,
}

impl Token<'_> {
    /// May tell what the talk is about.
    pub fn is_content(&self) -> bool {
        !self.calls && self.name.is_some()
            || !self.calls && !self.class.any(Class::IDLE) && self.folded.chars().any(char::is_alphanumeric)
    }

    /// A figure, a version, a number with a sign.
    pub fn is_number(&self) -> bool {
        self.bare.trim_start_matches(['#', '$', '€', '£', 'v', '-', '+']).starts_with(|c: char| c.is_ascii_digit())
    }
}

/// The words of a clip, and where its sentences lie in them.
pub(super) struct Text<'a> {
    pub tokens: Vec<Token<'a>>,
    /// Ranges of tokens, one a sentence of the clip.
    pub sentences: Vec<Range<usize>>,
    /// Capitals are used as in ordinary writing.
    pub cased: bool,
    /// Sentences end with marks.
    pub punctuated: bool,
    /// A quote that stands by itself opens before the next word.
    opening: bool,
}

/// Marks around words that belong to the text, not to the word.
const AROUND: [char; 24] = [
    '.', ',', ';', ':', '!', '?', '"', '\'', '“', '”', '‘', '’', '(', ')', '[', ']', '{', '}', '…', '*', '_', '`', '«',
    '»',
];

impl<'a> Text<'a> {
    /// Reads the words of these sentences. `names` are the mentions of each name, `people` the words of the names of those
    /// who take part, folded.
    pub fn of(words: &'a [Word], sentences: &[WordRange], names: &[&[WordRange]], people: &BTreeSet<String>) -> Self {
        let mut text =
            Self { tokens: Vec::new(), sentences: Vec::new(), cased: false, punctuated: false, opening: false };
        for (number, sentence) in sentences.iter().enumerate() {
            let from = text.tokens.len();
            text.opening = false;
            for at in sentence.start..sentence.end.min(words.len()) {
                text.push(words, at, number, from);
            }
            text.sentences.push(from..text.tokens.len());
        }
        text.mark_names(names);
        text.look();
        text.mark_calls(people);
        text.mark_once();
        text
    }

    fn push(&mut self, words: &'a [Word], at: usize, sentence: usize, from: usize) {
        let word = &words[at];
        let written = word.text.as_str();
        let bare = bare(written);
        if !bare.chars().any(char::is_alphanumeric) && written == "\"" {
            self.lone_quote(from);
            return;
        }
        if !bare.chars().any(char::is_alphanumeric) {
            let inside = self.tokens.len() > from;
            if let Some(last) = self.tokens.last_mut().filter(|_| inside) {
                last.mark = last.mark.max(mark_of(written).max(Mark::Break));
            }
            return;
        }
        let (lead, trail) = written.split_once(bare).unwrap_or_default();
        let folded = fold(bare);
        self.tokens.push(Token {
            at,
            bare,
            class: class(&folded),
            folded,
            mark: match trail {
                "" => Mark::None,
                ")" | "]" if lead.contains(['(', '[']) => Mark::None,
                _ => mark_of(trail),
            },
            opens: std::mem::take(&mut self.opening) || lead.contains(['"', '“', '«']),
            closes: trail.contains(['"', '”', '»']),
            capital: false,
            first: self.tokens.len() == from,
            sentence,
            name: None,
            calls: false,
            once: false,
            aside: lead.contains(['(', '[']) && trail.contains([')', ']']),
            confidence: word.confidence.unwrap_or(1.0),
        });
    }

    /// A quote with spaces on both sides belongs to the word behind it, or closes what one opened.
    fn lone_quote(&mut self, from: usize) {
        let inside =
            self.tokens[from..].iter().map(|token| i32::from(token.opens) - i32::from(token.closes)).sum::<i32>();
        match self.tokens[from..].last_mut().filter(|_| inside > 0) {
            Some(last) => last.closes = true,
            None => self.opening = true,
        }
    }

    fn mark_names(&mut self, names: &[&[WordRange]]) {
        for (name, mentions) in names.iter().enumerate() {
            for mention in *mentions {
                let from = self.tokens.partition_point(|token| token.at < mention.start);
                let to = self.tokens.partition_point(|token| token.at < mention.end);
                for at in from..to {
                    self.tokens[at].name.get_or_insert((name, to - at));
                }
            }
        }
    }

    /// Those who take part are called by name; so is whoever is named between marks ("Thanks, Ann.").
    fn mark_calls(&mut self, people: &BTreeSet<String>) {
        for at in 0..self.tokens.len() {
            let token = &self.tokens[at];
            let takes_part = people.contains(token.folded.strip_suffix("'s").unwrap_or(&token.folded));
            let named = token.capital || token.name.is_some() || token.first;
            let apart = token.first || at > 0 && self.tokens[at - 1].mark > Mark::None;
            let alone = apart && token.mark > Mark::None && is_given_name(token.bare);
            self.tokens[at].calls = named && (takes_part || alone);
        }
    }

    fn mark_once(&mut self) {
        let mut counts: HashMap<Cow<'a, str>, u32> = HashMap::new();
        for token in &self.tokens {
            *counts.entry(token.folded.clone()).or_default() += 1;
        }
        for token in &mut self.tokens {
            token.once = counts.get(&token.folded) == Some(&1);
        }
    }

    /// How the text is written.
    fn look(&mut self) {
        let begins =
            |token: &Token, test: fn(char) -> bool| token.bare.chars().find(|c| c.is_alphabetic()).is_some_and(test);
        let inside: Vec<&Token> = self.tokens.iter().filter(|token| !token.first).collect();
        let capital = inside.iter().filter(|token| begins(token, char::is_uppercase)).count();
        self.cased = capital * 3 < inside.len() && capital * 200 >= inside.len();
        let ended = |sentence: &&Range<usize>| {
            self.tokens[sentence.start..sentence.end].last().is_some_and(|last| last.mark >= Mark::Stop)
        };
        self.punctuated = self.sentences.iter().filter(ended).count() * 2 >= self.sentences.len();
        let cased = self.cased;
        for token in &mut self.tokens {
            token.capital =
                cased && (!token.first || has_capital_inside(token.bare)) && begins(token, char::is_uppercase);
        }
    }
}

/// Whether capitals stand where no rule of writing puts them: "iPhone", "BBC".
pub(super) fn has_capital_inside(word: &str) -> bool {
    word.chars().skip(1).any(char::is_uppercase)
}

/// The word without marks around it. Initials keep their last full stop ("U.S.").
fn bare(word: &str) -> &str {
    let bare = word.trim_matches(AROUND).trim_start_matches(['-', '–', '—']).trim_end_matches(['-', '–', '—']);
    let end = bare.as_ptr() as usize - word.as_ptr() as usize + bare.len();
    let initials = bare.contains('.')
        && bare.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    if initials && word[end..].starts_with('.') { &word[end - bare.len()..=end] } else { bare }
}

fn mark_of(marks: &str) -> Mark {
    if marks.contains(['?', '？']) {
        Mark::Question
    } else if marks.contains(['.', '!', '…', '。', '！']) {
        Mark::Stop
    } else if marks.contains([';', ':', '-', '–', '—', ')', ']', '(']) {
        Mark::Break
    } else if marks.contains([',', '、', '，']) {
        Mark::Comma
    } else {
        Mark::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_their_marks() {
        for (word, expected) in [
            ("\"Well,\"", "Well"),
            ("U.S.", "U.S."),
            ("U.S.,", "U.S."),
            ("(#26471)", "#26471"),
            ("C++", "C++"),
            ("don\u{2019}t.", "don\u{2019}t"),
            ("--", ""),
            ("all--", "all"),
            ("", ""),
        ] {
            assert_eq!(bare(word), expected, "{word}");
        }
    }

    #[test]
    fn marks_are_read() {
        let words: Vec<Word> = "Well, the House -- said \"no.\" Why?".split(' ').map(Word::untimed).collect();
        let text = Text::of(&words, &[0..6, 6..7], &[], &BTreeSet::new());
        let marks: Vec<Mark> = text.tokens.iter().map(|token| token.mark).collect();
        assert_eq!(marks, [Mark::Comma, Mark::None, Mark::Break, Mark::None, Mark::Stop, Mark::Question]);
        assert!(text.tokens[4].opens && text.tokens[4].closes);
        assert_eq!(text.sentences, [0..5, 5..6]);
    }
}
