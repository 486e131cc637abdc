//! Sentences that people really said, from transcripts in Markdown or plain text.

use crate::files;
use anyhow::{Result, ensure};
use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

/// Shorter sentences are mostly "Yeah." and would fill an hour with little.
const WORDS: std::ops::RangeInclusive<usize> = 3..=60;
const MAX_TEXT_BYTES: u64 = 1 << 30;

/// The sentences of every `.md` and `.txt` below `folder`, in the order of their paths.
///
/// # Errors
/// If the folder can't be read, or has hardly any sentences.
pub fn sentences(folder: &Path) -> Result<Vec<String>> {
    let mut sentences = Vec::new();
    let mut left = MAX_TEXT_BYTES;
    for path in files::below(folder)? {
        if path.extension().is_some_and(|extension| extension == "md" || extension == "txt") {
            let text = files::read_text(&path, left)?;
            left = left.saturating_sub(text.len() as u64);
            split(&text, &mut sentences);
        }
    }
    ensure!(
        sentences.len() >= 100,
        "{}: {} sentences in .md and .txt files, too few to make a library of",
        folder.display(),
        sentences.len()
    );
    Ok(sentences)
}

fn split(text: &str, sentences: &mut Vec<String>) {
    static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
        // Notes in brackets, but the text of links; templates; emphasis and escapes; speakers before a colon.
        let source = r"\\\[[^\]]*\]|\]\([^)]*\)|\{[{%][^}]*\}|^\*\*[^*]{1,60}\*\*:|^\*\*[^*]{1,60}:\*\*|[\[\]*_\\#]";
        Regex::new(source).expect("the pattern is a constant of this program")
    });
    for paragraph in spoken(text).split("\n\n") {
        let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = MARKUP.replace_all(&line, " ");
        let mut sentence = Vec::new();
        for word in line.split_whitespace() {
            sentence.push(word);
            if word.ends_with(['.', '?', '!']) {
                keep(&mut sentence, sentences);
            }
        }
        keep(&mut sentence, sentences);
    }
}

/// The text after its front matter, without headings.
fn spoken(text: &str) -> String {
    let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(text, |(_, body)| body);
    let lines: Vec<&str> = body.lines().filter(|line| !line.starts_with('#')).collect();
    lines.join("\n")
}

fn keep(sentence: &mut Vec<&str>, sentences: &mut Vec<String>) {
    if WORDS.contains(&sentence.len()) {
        sentences.push(sentence.join(" "));
    }
    sentence.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_names_are_left_out() {
        let text = "---\ntitle: 'Not spoken at all.'\n---\nWe _talk_ with [Ann Lee](https://x.org/a) today. Yes.\n\n\
            {% include player.md %}\n\n## A heading is not speech\n\n**Ann Lee:** It broke twice,\nyou know. \\[laughs\\] \
            What did we do?\n\n**Bob**: Episode \\#103, that is";
        let mut found = Vec::new();
        split(text, &mut found);
        assert_eq!(
            found,
            ["We talk with Ann Lee today.", "It broke twice, you know.", "What did we do?", "Episode 103, that is"]
        );
    }

    #[test]
    fn a_folder_without_text_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.md"), "One sentence is not enough.").unwrap();
        assert!(sentences(folder.path()).unwrap_err().to_string().contains("1 sentences"));
    }

    #[test]
    fn the_test_data_gives_sentences() {
        let Some(folder) = std::env::var_os("EARWITNESS_TESTDATA").map(|data| Path::new(&data).join("corpora")) else {
            eprintln!("skipped: EARWITNESS_TESTDATA is not set");
            return;
        };
        if !folder.is_dir() {
            eprintln!("skipped: {} is not there", folder.display());
            return;
        }
        let found = sentences(&folder).unwrap();
        assert!(found.len() > 10_000, "{}", found.len());
        let with_markup = found.iter().filter(|sentence| sentence.contains(['[', ']', '*', '{'])).count();
        assert!(with_markup * 1000 < found.len(), "{with_markup} of {}", found.len());
    }
}
