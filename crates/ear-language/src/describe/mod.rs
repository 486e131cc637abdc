//! What is said of a clip: a headline, a summary, keywords. All of it are the clip's own words, of which some are left
//! out, so that nothing is claimed that the clip does not say.

mod announced;
mod candidates;
mod casing;
mod grammar;
mod headline;
mod labels;
mod lead;
mod lists;
mod notes;
pub mod proposed;
mod subjects;
mod summary;
mod terms;
mod titles;
mod tokens;
mod trust;

use crate::commonness::fold;
use ear_core::{Author, Description, NameKind, Transcript, WordRange};
use std::collections::BTreeSet;
use std::ops::Range;
use tokens::Text;

/// A name, its kind where known, and its mentions in the transcript.
pub type NameOf<'a> = (&'a str, Option<NameKind>, Vec<WordRange>);

/// What a description is made of.
#[derive(Clone)]
pub struct Material<'a> {
    /// The episode's words, as they are read.
    pub transcript: &'a Transcript,
    /// The episode's sentences.
    pub sentences: &'a [WordRange],
    /// Which of them the clip has.
    pub clip: Range<usize>,
    /// The names of the episode.
    pub names: &'a [NameOf<'a>],
    /// The show notes as plain text, a paragraph a line.
    pub notes: Option<&'a str>,
    /// The episode's title.
    pub title: Option<&'a str>,
    /// How often the library says these words in a row, folded as by [`fold`](crate::commonness::fold); all its words
    /// where there are none; 0 where it doesn't know.
    pub count: &'a dyn Fn(&[&str]) -> u64,
}

/// The most keywords of a clip.
const KEYWORDS: usize = 8;

/// So many terms may stand in a headline.
const CONSIDERED: usize = 20;

/// Says what a clip is about. Takes time in proportion to its words and the notes.
pub fn describe(material: &Material<'_>) -> Description {
    let sentences = material.sentences.get(material.clip.clone()).unwrap_or_default();
    let inside = sentences.first().map_or(0, |first| first.start)..sentences.last().map_or(0, |last| last.end);
    let mentions: Vec<&[WordRange]> = material.names.iter().map(|name| within(&name.2, &inside)).collect();
    let text = Text::of(&material.transcript.words, sentences, &mentions, &people(material.transcript, &inside));
    let written = terms::Written::of(material);
    let terms = terms::terms(&text, material, &written);
    let keywords = terms::keywords(&terms, CONSIDERED);
    let weights = terms::weights(&text, &terms);
    let line = material.notes.and_then(|notes| notes::line(notes, &text, &terms, (material.transcript, &inside)));
    Description {
        headline: match line {
            Some(line) => notes::as_headline(line),
            None => {
                headline::headline(&text, &keywords, &|| subjects::Rest::of(material.transcript, &inside, &keywords))
            }
        },
        headline_by: if line.is_some() { Author::Notes } else { Author::Words },
        headline_source: line.map(str::to_owned),
        summary: summary::summary(&text, &material.transcript.words, &weights),
        summary_by: Author::Words,
        keywords: keywords.into_iter().take(KEYWORDS).map(|term| term.shown.clone()).collect(),
    }
}

/// The words of the names of those who speak in these words.
fn people(transcript: &Transcript, words: &WordRange) -> BTreeSet<String> {
    let first = transcript.turns.partition_point(|turn| turn.words.end <= words.start);
    let turns = transcript.turns[first..].iter().take_while(|turn| turn.words.start < words.end);
    let names = turns.filter_map(|turn| turn.speaker.as_deref()).flat_map(str::split_whitespace);
    names.map(|name| fold(name).into_owned()).filter(|name| name.len() > 1).collect()
}

/// The mentions that lie in these words. They ascend.
fn within<'m>(mentions: &'m [WordRange], words: &WordRange) -> &'m [WordRange] {
    let from = mentions.partition_point(|mention| mention.end <= words.start);
    let to = mentions.partition_point(|mention| mention.start < words.end);
    mentions.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests;
