//! Files of Spoken-SQuAD's form.

use anyhow::{Result, ensure};
use ear_core::{Origin, Transcript, Word};
use serde::Deserialize;
use std::ops::Range;
use std::path::Path;

/// More bytes than any such file has.
const MOST_BYTES: u64 = 200_000_000;

/// Paragraphs and questions about them.
#[derive(Debug)]
pub struct Material {
    /// The articles.
    pub articles: Vec<Article>,
    /// The questions, each about one paragraph.
    pub questions: Vec<Question>,
    /// How many paragraphs there are in all.
    pub paragraphs: usize,
}

/// An article as heard.
#[derive(Debug)]
pub struct Article {
    /// The words of its paragraphs, one after the other.
    pub words: Vec<String>,
    /// What is found, with the number of its paragraph.
    pub passages: Vec<(Range<usize>, usize)>,
    /// Its sentences, none across paragraphs.
    pub sentences: Vec<Range<usize>>,
}

/// A question about a paragraph.
#[derive(Debug)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// The number of the paragraph that answers it.
    pub paragraph: usize,
}

#[derive(Deserialize)]
struct Form {
    data: Vec<FormArticle>,
}

#[derive(Deserialize)]
struct FormArticle {
    paragraphs: Vec<FormParagraph>,
}

#[derive(Deserialize)]
struct FormParagraph {
    context: String,
    qas: Vec<FormQuestion>,
}

#[derive(Deserialize)]
struct FormQuestion {
    question: String,
}

impl Material {
    /// Reads a file; each paragraph is one passage, or, `cut`, as many as the product makes of it.
    ///
    /// # Errors
    /// If it can't be read, is of another form, or asks nothing.
    pub fn read(path: &Path, cut: bool) -> Result<Self> {
        Self::parse(&crate::files::read_text(path, MOST_BYTES)?, cut)
    }

    fn parse(text: &str, cut: bool) -> Result<Self> {
        let form: Form = serde_json::from_str(text)?;
        let mut material = Self { articles: Vec::new(), questions: Vec::new(), paragraphs: 0 };
        for article in form.data {
            let mut read = Article { words: Vec::new(), passages: Vec::new(), sentences: Vec::new() };
            for paragraph in article.paragraphs {
                read.add(&paragraph.context, material.paragraphs, cut);
                let questions = paragraph.qas.into_iter();
                material
                    .questions
                    .extend(questions.map(|asked| Question { text: asked.question, paragraph: material.paragraphs }));
                material.paragraphs += 1;
            }
            material.articles.push(read);
        }
        ensure!(!material.questions.is_empty(), "nothing is asked");
        Ok(material)
    }
}

impl Article {
    fn add(&mut self, text: &str, paragraph: usize, cut: bool) {
        let start = self.words.len();
        self.words.extend(text.split_whitespace().map(str::to_owned));
        let words = self.words[start..].iter().map(|word| Word::untimed(word.as_str())).collect();
        let transcript = Transcript { words, ..Transcript::empty(Origin::Recognised) };
        let shifted = |range: &Range<usize>| range.start + start..range.end + start;
        let sentences = ear_language::sentences(&transcript);
        if cut {
            let passages = ear_language::passages(&transcript, &sentences);
            self.passages.extend(passages.iter().map(|passage| (shifted(&passage.words), paragraph)));
        } else if self.words.len() > start {
            self.passages.push((start..self.words.len(), paragraph));
        }
        self.sentences.extend(sentences.iter().map(shifted));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"data": [
        {"title": "a", "paragraphs": [
            {"context": "one two. three four.", "qas": [{"question": "Which?", "id": "x", "answers": []}]},
            {"context": "five", "qas": []}]},
        {"paragraphs": [{"context": "six", "qas": [{"question": "What?"}]}]}]}"#;

    #[test]
    fn paragraphs_are_passages() {
        let material = Material::parse(TEXT, false).unwrap();
        assert_eq!(material.paragraphs, 3);
        assert_eq!(material.articles[0].passages, [(0..4, 0), (4..5, 1)]);
        assert_eq!(material.articles[0].sentences, [0..2, 2..4, 4..5]);
        let asked: Vec<_> = material.questions.iter().map(|asked| (asked.text.as_str(), asked.paragraph)).collect();
        assert_eq!(asked, [("Which?", 0), ("What?", 2)]);
        assert!(Material::parse(r#"{"data": []}"#, false).is_err());
    }
}
