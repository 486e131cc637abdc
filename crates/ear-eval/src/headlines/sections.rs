//! Transcripts in Markdown whose topics have headings: `**Speaker**: words`, and a line `_Heading_` before each topic.

use crate::files;
use anyhow::{Result, ensure};
use ear_core::{Origin, Transcript, Turn, Word, WordRange};
use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

const MAX_BYTES: u64 = 1 << 26;

/// An episode with its topics.
#[derive(Debug)]
pub struct Episode {
    /// The file's name below the folder.
    pub file: String,
    /// From the front matter, else the file's name.
    pub title: String,
    /// What stands before the transcript.
    pub notes: String,
    pub transcript: Transcript,
    /// Each heading and the words under it.
    pub sections: Vec<(String, WordRange)>,
}

/// The episodes of every such file below `folder`.
///
/// # Errors
/// If it can't be read, or holds none.
pub fn read(folder: &Path) -> Result<Vec<Episode>> {
    let mut episodes = Vec::new();
    for path in files::below(folder)? {
        if path.extension().is_some_and(|extension| extension == "md") {
            let text = files::read_text(&path, MAX_BYTES)?;
            let episode = parse(&files::name_below(folder, &path), &text);
            episodes.extend((!episode.sections.is_empty()).then_some(episode));
        }
    }
    ensure!(!episodes.is_empty(), "{}: no .md with lines `_Heading_` between paragraphs of talk", folder.display());
    Ok(episodes)
}

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant of this program")
}

/// Reads one file.
pub fn parse(file: &str, text: &str) -> Episode {
    static HEADING: LazyLock<Regex> = LazyLock::new(|| pattern(r"^_(.{3,200})_$"));
    static SPEAKER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\*\*([^*]{1,60}?):?\*\*:?\s*(?s)(.*)$"));
    let (front, body) = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).unwrap_or_default();
    let title =
        front.lines().find_map(|line| line.strip_prefix("title:")).unwrap_or(file).trim().trim_matches(['\'', '"']);
    let body = if front.is_empty() { text } else { body };
    let (notes, spoken) = body.split_once("## Transcription").unwrap_or(("", body));

    let mut transcript = Transcript::empty(Origin::Imported);
    let mut sections: Vec<(String, WordRange)> = Vec::new();
    let mut speaker = None;
    for paragraph in spoken.split("\n\n") {
        let paragraph = paragraph.trim();
        if let Some(heading) = HEADING.captures(&paragraph.replace('\n', " ")) {
            sections.push((plain(&heading[1]), transcript.words.len()..transcript.words.len()));
            continue;
        }
        let words = SPEAKER.captures(paragraph).map_or_else(
            || paragraph.to_owned(),
            |captures| {
                speaker = Some(captures[1].to_owned());
                captures[2].to_owned()
            },
        );
        let from = transcript.words.len();
        transcript.words.extend(plain(&words).split_whitespace().map(Word::untimed));
        let words = from..transcript.words.len();
        if words.is_empty() {
            continue;
        }
        if let Some((_, section)) = sections.last_mut() {
            section.end = words.end;
        }
        transcript.turns.push(Turn { speaker: speaker.clone(), words });
    }
    Episode { file: file.to_owned(), title: title.to_owned(), notes: paragraphs(notes), transcript, sections }
}

/// A paragraph a line.
fn paragraphs(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| plain(&paragraph.replace('\n', " ")));
    paragraphs.filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The text without links, templates and emphasis.
fn plain(text: &str) -> String {
    static MARKUP: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\{[{%][^}]*\}|\]\([^)]*\)|\\\[[^\]]*\]|[\[\]`*\\]|</?[a-z]+[^>]*>"));
    MARKUP.replace_all(text, "").replace("&quot;", "\"").replace("&#39;", "'").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::join_words;

    #[test]
    fn headings_and_speakers_are_read() {
        let text = "---\ntitle: 'Talk 3'\n---\nWith [Ann](/x).\n\n## Transcription\n\n**Ann**: Welcome\nall.\n\n_On `tides`_\n\n\
            **Bo:** The tide came.\n\nIt went.\n\n_Second_\n\n**Ann**: So.\n";
        let episode = parse("a.md", text);
        assert_eq!((episode.title.as_str(), episode.notes.as_str()), ("Talk 3", "With Ann."));
        let shown: Vec<String> = episode
            .sections
            .iter()
            .map(|(heading, words)| format!("{heading}: {}", join_words(&episode.transcript.words[words.clone()])))
            .collect();
        assert_eq!(shown, ["On tides: The tide came. It went.", "Second: So."]);
        let speakers: Vec<_> = episode.transcript.turns.iter().map(|turn| turn.speaker.as_deref()).collect();
        assert_eq!(speakers, [Some("Ann"), Some("Bo"), Some("Bo"), Some("Ann")]);
    }
}
