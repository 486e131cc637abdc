//! Finding words, and names by their sound.

use crate::{Library, Repaired, Result};
use ear_core::{EpisodeDate, EpisodeId, Millis, ShowId, Span, TranscriptId, Word, WordRange, join_words};
use ear_search::{Matcher, PassageHit, Request, SoundHit, SoundRequest};
use ear_store::Episode;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::time::Instant;

/// Hits of a page unless told otherwise.
const DEFAULT_LIMIT: usize = 20;
/// As many letters at the beginning tell words apart.
const MIN_ALIKE: usize = 2;

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

/// How a hit matched. Meaning comes with a later version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchBy {
    /// The words themselves.
    Words,
    /// Words that sound like them.
    Sound,
}

/// What may match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// The words themselves.
    #[default]
    Words,
    /// Words that sound like the query, read as a name.
    Sound,
    /// Both; hits of the words come first.
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
    /// Episodes whose words can't be searched yet: they are queued or being worked on.
    pub pending: usize,
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
            By::Sound => self.search_sound(asked, request.least_probability, false)?,
            By::All => self.search_all(asked, request.least_probability)?,
        };
        answer.pending = self.store.count_pending_episodes()?;
        answer.took_ms = began.elapsed().as_secs_f64() * 1000.0;
        Ok(answer)
    }

    fn search_words(&self, asked: &Request) -> Result<Answer> {
        let found = self.index()?.search(asked)?;
        let hits = self
            .read_hits(&found.hits, |at, words, episode| read_hit(&found.hits[at], words, &found.matcher, episode))?;
        let Request { query, .. } = asked;
        Ok(Answer { total: found.total, hits, respelled: found.respelled, ..Answer::empty(query) })
    }

    fn search_sound(&self, asked: Request, least_probability: Option<f32>, without_words: bool) -> Result<Answer> {
        let query = asked.query.clone();
        let found = self.index()?.sound(&SoundRequest { request: asked, without_words, least_probability })?;
        let passages: Vec<PassageHit> = found.hits.iter().map(|hit| hit.passage.clone()).collect();
        let hits = self.read_hits(&passages, |at, words, episode| {
            let hit = &found.hits[at];
            read_sound_hit(hit, &found.groups[hit.group], &found.name, words, episode)
        })?;
        // Until the index has caught up with a decision, places in it may be those of other words.
        let is_there = |hit: &Hit| hit.group.is_some_and(|at| stands_there(&found.groups[at].heard, hit));
        let hits: Vec<Hit> = hits.into_iter().filter(is_there).collect();
        let groups = found.groups.iter().map(|group| SoundGroup {
            heard: group.heard.clone(),
            count: group.hits,
            probability: group.probability,
            is_common: group.is_common,
        });
        Ok(Answer { total: found.total, hits, groups: groups.collect(), ..Answer::empty(&query) })
    }

    fn search_all(&self, asked: Request, least: Option<f32>) -> Result<Answer> {
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
            pending: 0,
        }
    }
}

fn asked(request: &SearchRequest) -> Request {
    Request {
        query: request.query.clone(),
        show: request.show.clone(),
        speaker: request.speaker.clone(),
        since: request.since,
        until: request.until,
        episode: request.episode,
        order: match request.order {
            Order::Relevance => ear_search::Order::Relevance,
            Order::Newest => ear_search::Order::Newest,
            Order::Oldest => ear_search::Order::Oldest,
        },
        offset: request.offset,
        limit: if request.limit == 0 { DEFAULT_LIMIT } else { request.limit },
    }
}

/// `words` are the passage's and those that follow it.
fn read_hit(hit: &PassageHit, words: (Vec<Word>, Vec<Repaired>), matcher: &Matcher, episode: &Episode) -> Hit {
    let own = hit.words.len().min(words.0.len());
    let texts: Vec<&str> = words.0.iter().map(|word| word.text.as_str()).collect();
    let matched = matcher.matched(&texts, own, hit.language.as_deref());
    let best = matched.best.clone().or_else(|| matched.ranges.first().cloned()).unwrap_or(0..own.min(1));
    shown_hit(hit, words, &matched.ranges, best, episode)
}

/// The same for words that sound like a name.
fn read_sound_hit(
    hit: &SoundHit,
    group: &ear_search::SoundGroup,
    name: &str,
    words: (Vec<Word>, Vec<Repaired>),
    episode: &Episode,
) -> Hit {
    let texts: Vec<&str> = words.0.iter().map(|word| word.text.as_str()).collect();
    let range = hit.words(&texts);
    let heard = join_words(&words.0[range.clone()]);
    let heard = heard.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let ranges = if range.is_empty() { Vec::new() } else { vec![range.clone()] };
    let shown = shown_hit(&hit.passage, words, &ranges, range, episode);
    Hit {
        by: if group.is_spelled { SearchBy::Words } else { SearchBy::Sound },
        heard: shown.heard.clone().or(Some(heard)),
        name: Some(name.to_owned()),
        probability: Some(hit.probability),
        group: Some(hit.group),
        score: hit.probability,
        ..shown
    }
}

/// Whether what the index says was heard is what stands at the hit, endings aside.
fn stands_there(indexed: &str, hit: &Hit) -> bool {
    let shown: String =
        hit.matched.iter().flat_map(|&(from, to)| hit.text.chars().skip(from).take(to - from)).collect();
    let letters = |text: &str| -> Vec<char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(MIN_ALIKE).collect()
    };
    letters(indexed) == letters(&shown)
}

/// A hit with these words marked; the best of them are its moment.
fn shown_hit(
    hit: &PassageHit,
    (words, repaired): (Vec<Word>, Vec<Repaired>),
    marked: &[Range<usize>],
    best: Range<usize>,
    episode: &Episode,
) -> Hit {
    let own = hit.words.len().min(words.len());
    let shown = marked.iter().map(|range| range.end).fold(own, usize::max);
    let starts = starts(&words[..shown]);
    let offset = |range: &Range<usize>| (starts[range.start].0, starts[range.end.max(range.start + 1) - 1].1);
    let words_matched = hit.words.start + best.start..hit.words.start + best.end;
    Hit {
        episode: (episode.id, episode.title.clone()),
        show: episode.show.zip(episode.show_title.clone()),
        date: episode.date,
        transcript: hit.transcript,
        speaker: hit.speaker.clone(),
        words: words_matched.clone(),
        span: words[best].iter().filter_map(|word| word.span).reduce(Span::join),
        text: join_words(&words[..shown]),
        matched: marked.iter().map(offset).collect(),
        by: SearchBy::Words,
        heard: heard_at(&repaired, &words_matched),
        name: None,
        probability: None,
        group: None,
        score: hit.score,
        has_sound: episode.recording.is_some() && episode.sound_removed.is_none(),
    }
}

/// What was heard where the words that matched are those of an accepted repair.
fn heard_at(repaired: &[Repaired], words: &WordRange) -> Option<String> {
    let touched = |one: &&Repaired| one.words.start < words.end && words.start < one.words.end;
    let mut heard: Vec<&str> = repaired.iter().filter(touched).map(|one| one.heard.as_str()).collect();
    heard.dedup();
    (!heard.is_empty()).then(|| heard.join(" … "))
}

/// Where each word begins and ends in the joined text, in Unicode scalars.
fn starts(words: &[Word]) -> Vec<(usize, usize)> {
    let mut at = 0;
    let place = |word: &Word| {
        at += usize::from(at > 0 && !word.glued);
        let start = at;
        at += word.text.chars().count();
        (start, at)
    };
    words.iter().map(place).collect()
}
