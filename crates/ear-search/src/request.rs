//! What is asked of the index, and what it answers: plain data.

use crate::Matcher;
use ear_core::{EpisodeDate, EpisodeId, ShowId, TranscriptId};
use std::ops::Range;

/// A request gives at most this many hits at once.
pub const MAX_LIMIT: usize = 200;

/// What to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The query, in the language that the crate's documentation describes.
    pub query: String,
    /// Only shows with all these words in their name.
    pub show: Option<String>,
    /// Only speakers with all these words in their name.
    pub speaker: Option<String>,
    /// Only episodes of this day or later.
    pub since: Option<EpisodeDate>,
    /// Only episodes of this day or earlier.
    pub until: Option<EpisodeDate>,
    /// Only this episode.
    pub episode: Option<EpisodeId>,
    /// Advertisements, too.
    pub adverts: bool,
    /// What comes first.
    pub order: Order,
    /// How many hits to leave out at the beginning.
    pub offset: usize,
    /// How many hits to give, at most [`MAX_LIMIT`]; more is taken for that.
    pub limit: usize,
}

/// What comes first. Equal hits are in the order of episode ids, and of words within an episode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The best match (BM25, words standing together before words apart), newest first among equals. A query without
    /// words, only fields, is answered newest first.
    #[default]
    Relevance,
    /// The newest episode, then those without a date.
    Newest,
    /// The oldest episode, then those without a date.
    Oldest,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The exact number of passages that match, before paging.
    pub total: usize,
    /// The page asked for.
    pub hits: Vec<PassageHit>,
    /// Tells which words of a hit matched.
    pub matcher: Matcher,
    /// Not empty where nothing matched as typed and other spellings answered: each such word as typed, with the
    /// spellings looked for instead.
    pub respelled: Vec<(String, Vec<String>)>,
}

/// A passage that matches.
#[derive(Clone, Debug, PartialEq)]
pub struct PassageHit {
    /// The episode.
    pub episode: EpisodeId,
    /// Its show.
    pub show: ShowId,
    /// The transcript that `words` refers to.
    pub transcript: TranscriptId,
    /// The passage's words in the transcript.
    pub words: Range<usize>,
    /// How many of the words after the passage a phrase may cross into; for [`Matcher::matched`].
    pub following: usize,
    /// How well it matches; 0 in orders other than by relevance. To be compared within one answer only.
    pub score: f32,
    /// The episode's language as indexed; for [`Matcher::matched`].
    pub language: Option<String>,
    /// Who speaks, where known.
    pub speaker: Option<String>,
}
