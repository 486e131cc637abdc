//! A small library to search in.

use ear_core::{EpisodeId, ShowId, TranscriptId};
use ear_search::{EpisodeDoc, PassageDoc, Request, WordIndex};
use std::collections::BTreeMap;
use tempfile::TempDir;

/// An index in a folder of its own, with the texts that it does not keep.
pub struct Library {
    pub dir: TempDir,
    pub index: WordIndex,
    words: BTreeMap<EpisodeId, Vec<String>>,
}

impl Library {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let index = WordIndex::open(dir.path()).unwrap();
        Self { dir, index, words: BTreeMap::new() }
    }

    pub fn with(docs: impl IntoIterator<Item = EpisodeDoc>) -> Self {
        let mut library = Self::new();
        library.put(&docs.into_iter().collect::<Vec<_>>());
        library
    }

    pub fn put(&mut self, docs: &[EpisodeDoc]) {
        for doc in docs {
            self.words.insert(doc.episode, doc.passages.iter().flat_map(|passage| passage.texts.clone()).collect());
        }
        self.index.put(docs).unwrap();
    }

    /// The hits, best first: the episode, and the passage's text with what matched in brackets.
    pub fn hits(&self, request: &Request) -> Vec<String> {
        let answer = self.index.search(request).unwrap();
        let show = |hit: &ear_search::PassageHit| {
            let texts = &self.words[&hit.episode][hit.words.start..hit.words.end + hit.following];
            let matched = answer.matcher.matched(texts, hit.words.len(), hit.language.as_deref());
            format!("{} {}", hit.episode, brackets(texts, hit.words.len(), &matched.ranges))
        };
        answer.hits.iter().map(show).collect()
    }

    pub fn query(&self, query: &str) -> Vec<String> {
        self.hits(&request(query))
    }

    /// The episodes of the hits, best first.
    pub fn episodes(&self, request: &Request) -> Vec<i64> {
        self.index.search(request).unwrap().hits.iter().map(|hit| hit.episode.0).collect()
    }
}

pub fn request(query: &str) -> Request {
    Request { query: query.into(), limit: 50, ..Request::default() }
}

fn brackets(texts: &[String], own: usize, ranges: &[std::ops::Range<usize>]) -> String {
    let reach = ranges.iter().map(|range| range.end).chain([own]).max().unwrap();
    let word = |at: usize| {
        let open = if ranges.iter().any(|range| range.start == at) { "[" } else { "" };
        let close = if ranges.iter().any(|range| range.end == at + 1) { "]" } else { "" };
        format!("{open}{}{close}", texts[at])
    };
    (0..reach).map(word).collect::<Vec<_>>().join(" ")
}

/// An English episode without a date. Passages are lines; `+` at the end of one says that its turn goes on.
pub fn episode(id: i64, text: &str) -> EpisodeDoc {
    let mut at = 0;
    let passage = |line: &str| {
        let line = line.trim();
        let (line, continues) = line.strip_suffix(" +").map_or((line, false), |line| (line, true));
        let texts: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        at += texts.len();
        PassageDoc { words: at - texts.len()..at, speaker: None, texts, heard: Vec::new(), continues, advert: false }
    };
    EpisodeDoc {
        episode: EpisodeId(id),
        show: ShowId(1),
        show_name: "Post Reports".into(),
        title: format!("Episode {id}"),
        date: None,
        language: Some("en".into()),
        transcript: TranscriptId(id * 10),
        passages: text.lines().map(passage).collect(),
    }
}
