//! Reads material whose topics are marked, in the forms that it comes in.

use super::document::{Document, Part, Said, document};
use super::glue;
use crate::files;
use anyhow::{Context, Result, ensure};
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

/// No file of this kind is longer.
const MOST_BYTES: u64 = 1 << 28;

/// Documents of one kind, and how far a boundary may be off to count as found.
#[derive(Clone, Debug)]
pub struct Set {
    /// What it is called.
    pub name: String,
    /// The documents.
    pub documents: Vec<Document>,
    /// In units of the measures.
    pub tolerance: usize,
}

/// How documents are glued together from pieces of others.
#[derive(Clone, Copy, Debug)]
pub struct Glue {
    /// Documents to make; `None` for as many as are usual.
    pub documents: Option<usize>,
    /// What the draw begins with.
    pub seed: u64,
}

/// The sets below a folder, each document as it is.
///
/// # Errors
/// If a file can't be read, or no form is known.
pub fn load(folder: &Path) -> Result<Vec<Set>> {
    let mut sets: BTreeMap<String, Set> = BTreeMap::new();
    for path in files::below(folder)? {
        let text = files::read_text(&path, MOST_BYTES)?;
        let read = if text.trim_start().starts_with("===") {
            Some((lecture(&text), 1))
        } else if path.extension().is_some_and(|extension| extension == "json") {
            Some((meeting(&text).with_context(|| path.display().to_string())?, 10))
        } else if path.extension().is_some_and(|extension| extension == "md") {
            Some((episode(&text), 1))
        } else {
            None
        };
        let Some((document, tolerance)) = read.filter(|(document, _)| !document.boundaries.is_empty()) else {
            eprintln!("note: {}: no topics are marked in it", path.display());
            continue;
        };
        let name = path.parent().and_then(Path::file_name).map_or_else(String::new, |name| name.display().to_string());
        let set = sets.entry(name.clone()).or_insert(Set { name, documents: Vec::new(), tolerance });
        set.documents.push(document);
    }
    ensure!(
        !sets.is_empty(),
        "{}: neither lectures nor meetings nor transcripts with headings; is it to be read with --glue?",
        folder.display()
    );
    Ok(sets.into_values().collect())
}

/// The sets that can be glued from what lies below a folder: paragraphs of articles, or turns of episodes.
///
/// # Errors
/// If a file can't be read, no form is known, or there is too little of it.
pub fn load_glued(folder: &Path, settings: &Glue) -> Result<Vec<Set>> {
    let mut sets = Vec::new();
    let mut episodes = Vec::new();
    for path in files::below(folder)? {
        let text = files::read_text(&path, MOST_BYTES)?;
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => {
                let articles = articles(&text).with_context(|| path.display().to_string())?;
                let name = path.file_stem().unwrap_or_default().display().to_string();
                sets.push(glued(name, &articles, &glue::PARAGRAPHS, settings)?);
            }
            Some("md") => episodes.push(turns(&text)),
            _ => {}
        }
    }
    if !episodes.is_empty() {
        let name = folder.file_name().unwrap_or_default().display().to_string();
        sets.push(glued(name, &episodes, &glue::TURNS, settings)?);
    }
    ensure!(!sets.is_empty(), "{}: neither articles (.json) nor transcripts (.md) to glue", folder.display());
    Ok(sets)
}

fn glued(name: String, sources: &[Vec<Said>], plan: &glue::Plan, settings: &Glue) -> Result<Set> {
    let count = settings.documents.unwrap_or(plan.documents);
    let documents = glue::glue(sources, plan, count, settings.seed).with_context(|| name.clone())?;
    Ok(Set { name, documents, tolerance: 1 })
}

/// One breath a line; a line of = starts each topic.
fn lecture(text: &str) -> Document {
    let mut begins_topic = false;
    let mut said = Vec::new();
    for line in text.lines() {
        if line.starts_with("===") {
            begins_topic = true;
        } else {
            said.push(Said { speaker: None, text: line.to_owned(), begins_topic: std::mem::take(&mut begins_topic) });
        }
    }
    document(said, Part::Sentence)
}

#[derive(Deserialize)]
struct Meeting {
    topic_list: Vec<Topic>,
    meeting_transcripts: Vec<MeetingTurn>,
}

#[derive(Deserialize)]
struct Topic {
    /// First and last turn, written as text.
    relevant_text_span: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct MeetingTurn {
    speaker: String,
    content: String,
}

/// Turns; a boundary is the first turn of each span of a topic.
fn meeting(text: &str) -> Result<Document> {
    let meeting: Meeting = serde_json::from_str(text).context("not a meeting of QMSum")?;
    let mut said: Vec<Said> = meeting
        .meeting_transcripts
        .into_iter()
        // A turn without words keeps its number.
        .map(|turn| Said { speaker: Some(turn.speaker), text: turn.content, begins_topic: false })
        .collect();
    for (first, _) in meeting.topic_list.iter().flat_map(|topic| &topic.relevant_text_span) {
        let first: usize = first.trim().parse().with_context(|| format!("a topic begins at turn \"{first}\""))?;
        if let Some(turn) = said.get_mut(first) {
            turn.begins_topic = true;
        }
    }
    Ok(document(said, Part::Unit))
}

#[derive(Deserialize)]
struct Articles {
    data: Vec<Article>,
}

#[derive(Deserialize)]
struct Article {
    paragraphs: Vec<Paragraph>,
}

#[derive(Deserialize)]
struct Paragraph {
    context: String,
}

/// The paragraphs of each article.
fn articles(text: &str) -> Result<Vec<Vec<Said>>> {
    let articles: Articles = serde_json::from_str(text).context("not of the form of SQuAD")?;
    let said = |paragraph: Paragraph| Said { text: paragraph.context, ..Said::default() };
    Ok(articles.data.into_iter().map(|article| article.paragraphs.into_iter().map(said).collect()).collect())
}

/// What an episode in Markdown says, turn by turn; `**Name:**` begins each. A paragraph in italics is a heading.
fn turns(text: &str) -> Vec<Said> {
    static SPEAKER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\*\*([^*]{1,60}?):?\*\*:?"));
    static HEADING: LazyLock<Regex> = LazyLock::new(|| pattern(r"^_.{1,200}_$"));
    // Notes in brackets, but the text of links; templates; emphasis and escapes.
    static MARKUP: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\\\[[^\]]*\]|\]\([^)]*\)|\]\[[^\]]*\]|\{[{%][^}]*\}|[\[\]*_\\#]"));
    let text = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(text, |(_, body)| body);
    let (mut said, mut begins_topic): (Vec<Said>, bool) = (Vec::new(), false);
    for paragraph in text.split("\n\n") {
        let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        if HEADING.is_match(&line) {
            begins_topic = !said.is_empty();
        }
        if HEADING.is_match(&line) || line.starts_with(['#', '{']) {
            continue;
        }
        let speaker = SPEAKER.captures(&line).and_then(|found| Some((found.get(1)?.as_str(), found.get(0)?.end())));
        match (speaker, said.last_mut()) {
            (Some((name, end)), _) => said.push(Said {
                speaker: Some(name.to_owned()),
                text: MARKUP.replace_all(&line[end..], " ").into_owned(),
                begins_topic: std::mem::take(&mut begins_topic),
            }),
            (None, Some(turn)) => {
                turn.text.push(' ');
                turn.text.push_str(&MARKUP.replace_all(&line, " "));
            }
            // What stands before the first speaker is about the episode.
            (None, None) => {}
        }
    }
    said.retain(|turn| turn.text.contains(char::is_alphanumeric));
    said
}

/// An episode in Markdown; `**Name:**` begins each turn.
pub fn episode(text: &str) -> Document {
    document(turns(text), Part::Turn)
}

#[expect(clippy::expect_used, reason = "the patterns are constants of this program")]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant of this program")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn lectures_are_lines() {
        let found = lecture("==========\nfirst we look\nthen we see\n==========\nnow for heat\n==========\n");
        assert_eq!((found.sentences.len(), found.boundaries), (3, vec![2]));
    }

    #[test]
    fn meetings_have_spans() {
        let text = r#"{"topic_list":[{"topic":"a","relevant_text_span":[["0","1"],["3","3"]]},
            {"topic":"b","relevant_text_span":[["2","2"]]}],"meeting_transcripts":[
            {"speaker":"A","content":"Well . Let 's begin ."},{"speaker":"B","content":"Mm-hmm ."},
            {"speaker":"A","content":"Next ."},{"speaker":"B","content":"Back to it ."}]}"#;
        let found = meeting(text).unwrap();
        assert_eq!((found.boundaries.clone(), found.in_units(&found.boundaries)), (vec![3, 4], (vec![2, 3], 4)));
        assert!(meeting("{}").is_err());
    }

    #[test]
    fn episodes_have_turns_and_headings() {
        let text = "---\ntitle: x\n---\nA talk.\n\n**Ann Lee**: We [met](https://x.org)\nher. \\[laughs\\]\n\n_Heat and light_\n\n\
            **Bob:** So it was.\n\nAnd on.\n\n## Links";
        let said = turns(text);
        let shown: Vec<_> =
            said.iter().map(|turn| (turn.speaker.as_deref().unwrap(), turn.text.trim(), turn.begins_topic)).collect();
        assert_eq!(shown, [("Ann Lee", "We  met  her.", false), ("Bob", "So it was. And on.", true)]);
    }

    #[test]
    fn folders_are_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(load(folder.path()).unwrap_err().to_string().contains("--glue"));
        fs::create_dir(folder.path().join("manual")).unwrap();
        fs::write(folder.path().join("manual/a.ref"), "===\none\n===\ntwo\n").unwrap();
        let sets = load(folder.path()).unwrap();
        assert_eq!((sets[0].name.as_str(), sets[0].documents.len(), sets[0].tolerance), ("manual", 1, 1));
        assert!(load_glued(folder.path(), &Glue { documents: None, seed: 1 }).is_err());
    }
}
