//! Finding words, names by their sound, and what was meant.

mod meaning;
mod reading;
mod sounding;

use crate::{Library, Repaired, Result};
use ear_core::{EpisodeDate, EpisodeId, Millis, ShowId, TranscriptId, Word, WordRange};
use ear_search::{PassageHit, Request, SoundRequest, asked_in_words, is_question};
use ear_store::Episode;
use reading::{read_hit, read_sound_hit, stands_there};
use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

/// Hits of a page unless told otherwise.
const DEFAULT_LIMIT: usize = 20;

/// How hits are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Best first.
    #[default]
    Relevance,
    /// Newest episode first.
    Newest,
    /// Oldest episode first.
    Oldest,
}

/// How a hit matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchBy {
    /// The words themselves.
    Words,
    /// Words that sound like them.
    Sound,
    /// What the passage means.
    Meaning,
}

/// What may match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// The words themselves.
    #[default]
    Words,
    /// Words that sound like the query, read as a name.
    Sound,
    /// What means the like of the query, in whatever words.
    Meaning,
    /// All of these together. Of a few words, hits of the words come first, then of sound, then of meaning; a question
    /// need not be answered in its own words.
    All,
}

/// A question to the library.
#[derive(Clone, Debug, Default)]
pub struct SearchRequest {
    /// In the query language of the README.
    pub query: String,
    /// What may match.
    pub by: By,
    /// Of hits by sound, only those at least so probable, 0 to 1; the engine's own threshold if none is given.
    pub least_probability: Option<f32>,
    /// Only shows whose name has these words.
    pub show: Option<String>,
    /// Only turns of speakers whose name has these words.
    pub speaker: Option<String>,
    /// Only this episode.
    pub episode: Option<EpisodeId>,
    /// Advertisements, sponsors' messages, credits, too.
    pub adverts: bool,
    /// Only episodes published on this day or later.
    pub since: Option<EpisodeDate>,
    /// Only episodes published on this day or earlier.
    pub until: Option<EpisodeDate>,
    /// How to order.
    pub order: Order,
    /// How many to pass over.
    pub offset: usize,
    /// How many at most; 0 is taken as 20.
    pub limit: usize,
}

/// The words that answer a query, and their moment.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The episode and its title.
    pub episode: (EpisodeId, String),
    /// Its show.
    pub show: Option<(ShowId, String)>,
    /// When it was published.
    pub date: Option<EpisodeDate>,
    /// The transcript whose words these are.
    pub transcript: TranscriptId,
    /// Who speaks, where known.
    pub speaker: Option<String>,
    /// The first words that matched, as indices into the transcript.
    pub words: WordRange,
    /// When they were said, in milliseconds.
    pub span: Option<ear_core::Span>,
    /// The passage around them.
    pub text: String,
    /// What matched: half-open offsets into `text`, in Unicode scalars, ascending.
    pub matched: Vec<(usize, usize)>,
    /// How it matched.
    pub by: SearchBy,
    /// The words that were heard, of hits by sound, and where an accepted repair reads otherwise. `name`,
    /// `probability` and `group` are of hits by sound alone.
    pub heard: Option<String>,
    /// The name that they may stand for, as in the query.
    pub name: Option<String>,
    /// How likely they do, 0 to 1.
    pub probability: Option<f32>,
    /// Index into the answer's `groups`: hits that were heard alike.
    pub group: Option<usize>,
    /// Higher is better; comparable within one answer.
    pub score: f32,
    /// Whether there is sound to play.
    pub has_sound: bool,
}

impl Hit {
    /// The page and moment of this hit: `/e/7?t=83.2#t=83.2`, or `/e/7?w=12#w=12` where there are no times.
    pub fn url(&self) -> String {
        moment_url(self.episode.0, self.span.map(ear_core::Span::start), self.words.start)
    }
}

/// The page of an episode at a moment or, where there are no times, at a word.
pub fn moment_url(episode: EpisodeId, start: Option<Millis>, word: usize) -> String {
    match start {
        Some(start) => format!("/e/{episode}?t={0}#t={0}", start as f64 / 1000.0),
        None => format!("/e/{episode}?w={word}#w={word}"),
    }
}

/// Hits by sound that were heard alike.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundGroup {
    /// The words that were heard.
    pub heard: String,
    /// How many hits in all.
    pub count: usize,
    /// How likely they stand for the name, 0 to 1: that of the likeliest.
    pub probability: f32,
    /// Whether these are ordinary words, or so often heard that they hardly ever stand for the name.
    pub is_common: bool,
}

/// What a query found.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The query as asked.
    pub query: String,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
    /// How many hits there are in all.
    pub total: usize,
    /// Those of this page.
    pub hits: Vec<Hit>,
    /// Words that nobody said, and the nearby spellings tried instead.
    pub respelled: Vec<(String, Vec<String>)>,
    /// What was heard for the name, each with how often in all; only where hits match by sound.
    pub groups: Vec<SoundGroup>,
    /// How many hits by sound were left out because people refused that what was heard stands for the name.
    pub refused: usize,
    /// How many more moments with these words there are in advertisements, which were not asked for; only where words
    /// may match.
    pub in_adverts: usize,
    /// Episodes whose words can't be searched yet: they are queued or being worked on. Where only meaning was asked
    /// for, those whose meaning is not known yet.
    pub pending: usize,
    /// What keeps this answer from being what was asked for, and what to do about it.
    pub note: Option<String>,
}

impl Library {
    /// Finds words, phrases and their combinations, and what sounds like a name.
    ///
    /// By all, hits of the words come first, and then, where the query looks like a name, what sounds like it. The
    /// first search by sound after a change of the index takes longer: the words that are new are pronounced.
    pub fn search(&self, request: &SearchRequest) -> Result<Answer> {
        let began = Instant::now();
        let asked = asked(request);
        let mut answer = match request.by {
            By::Words => self.search_words(&asked)?,
            By::Sound => self.search_sound(asked.clone(), request.least_probability, false)?,
            By::Meaning => self.search_meaning(&asked)?,
            By::All => self.search_all(asked.clone(), request.least_probability)?,
        };
        if matches!(request.by, By::Words | By::All) {
            answer.in_adverts = self.index()?.in_adverts(&asked)?;
        }
        answer.pending = answer.pending.max(self.store.count_pending_episodes()?);
        answer.took_ms = began.elapsed().as_secs_f64() * 1000.0;
        Ok(answer)
    }

    fn search_words(&self, asked: &Request) -> Result<Answer> {
        let mut found = self.index()?.search(asked)?;
        let mut note = None;
        if found.total == 0 && is_question(&asked.query) {
            found = self.index()?.search_any(asked)?;
            note = (found.total > 0).then(|| "no passage has all of these words; these have some".to_owned());
        }
        let hits = self
            .read_hits(&found.hits, |at, words, episode| read_hit(&found.hits[at], words, &found.matcher, episode))?;
        let Request { query, .. } = asked;
        Ok(Answer { total: found.total, hits, respelled: found.respelled, note, ..Answer::empty(query) })
    }

    fn search_sound(&self, asked: Request, least_probability: Option<f32>, without_words: bool) -> Result<Answer> {
        let query = asked.query.clone();
        let (found, refused) =
            self.sound_unrefused(SoundRequest { request: asked, without_words, least_probability })?;
        let passages: Vec<PassageHit> = found.hits.iter().map(|hit| hit.passage.clone()).collect();
        let hits = self.read_hits(&passages, |at, words, episode| {
            let hit = &found.hits[at];
            read_sound_hit(hit, &found.groups[hit.group], &found.name, words, episode)
        })?;
        // Until the index has caught up with a decision, places in it may be those of other words.
        let is_there = |hit: &Hit| hit.group.is_some_and(|at| stands_there(&found.groups[at].heard, hit));
        let hits: Vec<Hit> = hits.into_iter().filter(is_there).collect();
        let groups = sound_groups(&found.groups);
        Ok(Answer { total: found.total, hits, groups, refused, ..Answer::empty(&query) })
    }

    /// In order of time, or where a query is more than words, there are no scores to be put together.
    fn search_all(&self, asked: Request, least: Option<f32>) -> Result<Answer> {
        if let (ear_search::Order::Relevance, Some(words)) = (asked.order, asked_in_words(&asked.query)?) {
            return self.search_fused(asked, least, &words);
        }
        let mut answer = self.search_words(&asked)?;
        // Where words were respelled, sound says more, and both would say it twice.
        if !ear_search::looks_like_a_name(&asked.query) {
            return Ok(answer);
        }
        let by_words = if answer.respelled.is_empty() { answer.total } else { 0 };
        let page = asked.limit;
        let offset = asked.offset.saturating_sub(by_words);
        let limit = page.saturating_sub(if by_words > 0 { answer.hits.len() } else { 0 });
        let sounding = self.search_sound(Request { offset, limit, ..asked }, least, true)?;
        answer.refused = sounding.refused;
        if sounding.total == 0 {
            return Ok(answer);
        }
        if by_words == 0 {
            (answer.hits, answer.total, answer.respelled) = (Vec::new(), 0, Vec::new());
        }
        answer.total += sounding.total;
        answer.hits.extend(sounding.hits);
        answer.groups = sounding.groups;
        Ok(answer)
    }

    /// The hits in these passages. An episode removed a moment ago may still be in the index.
    fn read_hits(
        &self,
        passages: &[PassageHit],
        read: impl Fn(usize, (Vec<Word>, Vec<Repaired>), &Episode) -> Hit,
    ) -> Result<Vec<Hit>> {
        let ids: BTreeSet<EpisodeId> = passages.iter().map(|hit| hit.episode).collect();
        let episodes = self.store.episodes(&ids.into_iter().collect::<Vec<_>>())?;
        let episodes: HashMap<EpisodeId, Episode> = episodes.into_iter().map(|episode| (episode.id, episode)).collect();
        let places: Vec<_> =
            passages.iter().map(|hit| (hit.transcript, hit.words.start..hit.words.end + hit.following)).collect();
        let words = self.read_words(&places)?;
        let hits = passages.iter().zip(words).enumerate();
        Ok(hits.filter_map(|(at, (hit, words))| Some(read(at, words, episodes.get(&hit.episode)?))).collect())
    }
}

impl Answer {
    fn empty(query: &str) -> Self {
        Self {
            query: query.to_owned(),
            took_ms: 0.0,
            total: 0,
            hits: Vec::new(),
            respelled: Vec::new(),
            groups: Vec::new(),
            refused: 0,
            in_adverts: 0,
            pending: 0,
            note: None,
        }
    }
}

fn sound_groups(groups: &[ear_search::SoundGroup]) -> Vec<SoundGroup> {
    let group = |group: &ear_search::SoundGroup| SoundGroup {
        heard: group.heard.clone(),
        count: group.hits,
        probability: group.probability,
        is_common: group.is_common,
    };
    groups.iter().map(group).collect()
}

fn asked(request: &SearchRequest) -> Request {
    Request {
        query: request.query.clone(),
        show: request.show.clone(),
        speaker: request.speaker.clone(),
        since: request.since,
        until: request.until,
        episode: request.episode,
        adverts: request.adverts,
        order: match request.order {
            Order::Relevance => ear_search::Order::Relevance,
            Order::Newest => ear_search::Order::Newest,
            Order::Oldest => ear_search::Order::Oldest,
        },
        offset: request.offset,
        limit: if request.limit == 0 { DEFAULT_LIMIT } else { request.limit },
    }
}
