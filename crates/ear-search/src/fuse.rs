//! Words, sounds and meaning in one answer, by a weighted sum of normalised scores (Bruch, Gai, Ingber 2023, "An
//! analysis of fusion functions for hybrid retrieval", found it better than ranks alone; so did we).
//!
//! The best of each way are put together, and every passage of them is scored in both ways. Few words are keywords:
//! who types them expects the passages that have all of them first, then what sounds like them, and then what only
//! means the like. More words are a question: passages need not have all of them, and the sum alone decides.

use crate::collect::Ranking;
use crate::index::View;
use crate::matcher::Matcher;
use crate::meaning::{LOOKED_AT, Laid, MOST, Near, SHARPENED, Vectors};
use crate::query::{Compiled, Node, Spellings, compile, compile_any, filters, parse, plain, respell};
use crate::request::{MAX_LIMIT, Order, PassageHit, Request};
use crate::search::{check_filters, hits};
use crate::sound::SoundHit;
use crate::{Error, FLOOR, WordIndex};
use ear_language::vectors::Vector;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use tantivy::DocAddress;
use tantivy::query::{EnableScoring, Query};

/// From so many words on, a query is a question.
const QUESTION: usize = 4;
/// What the meaning is worth beside the words, whose weight is one. Chosen on questions about heard texts, of little
/// and of much word error.
const MEANING: f32 = 2.2;
/// A passage that has some words of a question is shown from this share of the best passage's score on.
const WORTH: f32 = 0.3;
/// What only means the like of some keywords has to be nearer than what answers a question.
const NEAR: f32 = 0.42;
/// Up to so many words say too little for that.
const FEW: usize = 2;
/// Of so few words, what has none of them has to be nearer still: of some thirty names and things that sixteen long
/// talks never touch, no passage of some length came nearer than 0.44, while most that was right for what they do
/// touch did.
const NEAR_FEW: f32 = 0.45;
/// What some keywords mean is never told by fewer words than these: a lone word is near to any name.
const TELLING: usize = 5;

/// What is asked in words, by sound and by meaning at once; the query is plain words and fields, and the order by
/// relevance.
#[derive(Clone)]
pub struct FusedRequest<'a> {
    /// The request.
    pub request: Request,
    /// What sounds like the query, read as a name, likeliest first; empty where it is none.
    pub sounding: &'a [SoundHit],
    /// The vector of [`asked_in_words`](crate::asked_in_words), and those to compare it with.
    pub meaning: Option<(&'a Vectors, &'a Vector)>,
}

/// How a hit was found.
#[derive(Clone, Debug, PartialEq)]
pub enum FusedHit {
    /// A passage with all the words, or some words of a question; with the sentence that is nearest in meaning, where
    /// that is known.
    Words(PassageHit, Option<Range<usize>>),
    /// This one of the request's sounding hits.
    Sound(usize),
    /// A passage without the words that means the like.
    Meaning(PassageHit, Option<Range<usize>>),
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct FusedAnswer {
    /// How many there are, before paging.
    pub total: usize,
    /// The page asked for.
    pub hits: Vec<FusedHit>,
    /// Tells which words of a hit by words matched.
    pub matcher: Matcher,
    /// As in [`Answer`](crate::Answer).
    pub respelled: Vec<(String, Vec<String>)>,
}

impl WordIndex {
    /// Answers by words, sounds and meaning together; the same without meaning where none is given.
    ///
    /// Nothing is found for a query that is more than words and fields: that is for [`WordIndex::search`].
    pub fn fused(&self, asked: &FusedRequest<'_>) -> Result<FusedAnswer, Error> {
        check_filters(&asked.request)?;
        let node = parse(&asked.request.query)?;
        let (Some(words), fields) = plain(node.clone()) else { return Ok(FusedAnswer::default()) };
        let view = self.view()?;
        let answer = || -> tantivy::Result<FusedAnswer> {
            let laid = asked.meaning.map(|(vectors, _)| vectors.laid(&view)).transpose()?;
            let asked = Asked { asked, node, words, fields, laid, view: &view };
            asked.answer()
        };
        answer().map_err(|error| self.error(error))
    }
}

struct Asked<'a> {
    asked: &'a FusedRequest<'a>,
    node: Node,
    words: Vec<String>,
    fields: Option<Node>,
    laid: Option<Arc<Laid>>,
    view: &'a View,
}

/// A passage that may answer.
#[derive(Clone, Copy, Debug, Default)]
struct Candidate {
    /// Its place among those found the same way, which decides between equals.
    rank: usize,
    /// What the query for all words says of it; `None` where it lacks some.
    all: Option<f32>,
    /// What the query for any word says of it.
    any: Option<f32>,
    cosine: Option<f32>,
}

/// A place in the answer: a smaller tier first, then the greater score.
#[derive(Clone, Debug)]
struct Place {
    tier: u8,
    score: f32,
    rank: usize,
    item: Item,
    /// Whether it has to be near in meaning to be shown.
    needs: bool,
    /// How near it is.
    near: f32,
    /// The sentence that is nearest in meaning.
    best: Option<Range<usize>>,
}

#[derive(Clone, Copy, Debug)]
enum Item {
    /// Whether it has words of the query.
    Passage(DocAddress, bool),
    Sound(usize),
}

type Candidates = BTreeMap<DocAddress, Candidate>;

impl Asked<'_> {
    fn is_question(&self) -> bool {
        self.words.len() >= QUESTION && self.asked.sounding.is_empty()
    }

    fn answer(&self) -> tantivy::Result<FusedAnswer> {
        let (mut all, respelled) = self.all_words()?;
        let any = compile_any(&self.words, self.fields.as_ref(), &self.asked.request, self.view)?;
        let (mut total, mut with_all) = self.best(&all.query)?;
        if !respelled.is_empty() && (!self.asked.sounding.is_empty() || self.is_question()) {
            // Sound says more than other spellings, and would say it twice; questions have other words.
            (total, with_all) = (0, Vec::new());
            all = compile(&self.node, &self.asked.request, self.view, &Spellings::new())?;
        }
        let found = |(rank, (at, score))| (at, Candidate { rank, all: Some(score), ..Candidate::default() });
        let mut candidates: Candidates = with_all.into_iter().enumerate().map(found).collect();
        if self.is_question() {
            for (rank, (at, score)) in self.best(&any.query)?.1.into_iter().enumerate() {
                let fresh = Candidate { rank: MOST + rank, ..Candidate::default() };
                candidates.entry(at).or_insert(fresh).any = Some(score);
            }
        }
        self.add_near(&mut candidates)?;
        self.score(&mut candidates, &all, &any)?;
        let mut places = self.places(&candidates);
        self.sharpen(&mut places, &candidates);
        let shown: HashSet<DocAddress> = places.iter().filter_map(|place| place.item.passage()).collect();
        let known = candidates.iter().filter(|(at, one)| one.all.is_some() && shown.contains(at)).count();
        let in_all = places.len() + total.saturating_sub(known);
        let hits = self.page(&places, &all.query, &shown, in_all)?;
        let matcher = if self.is_question() { any.matcher } else { all.matcher };
        let respelled = if total > 0 { respelled.into_iter().collect() } else { Vec::new() };
        Ok(FusedAnswer { total: in_all, hits, matcher, respelled })
    }

    /// The query for all words, respelled where nothing has them as typed.
    fn all_words(&self) -> tantivy::Result<(Compiled, Spellings)> {
        let request = &self.asked.request;
        let typed = compile(&self.node, request, self.view, &Spellings::new())?;
        if self.view.searcher.search(&typed.query, &tantivy::collector::Count)? > 0 {
            return Ok((typed, Spellings::new()));
        }
        let spellings = respell(self.view, &typed.words)?;
        if spellings.is_empty() {
            return Ok((typed, spellings));
        }
        let other = compile(&self.node, request, self.view, &spellings)?;
        Ok((other, spellings))
    }

    /// The number of passages that match, and the best of them.
    fn best(&self, query: &dyn Query) -> tantivy::Result<(usize, Vec<(DocAddress, f32)>)> {
        let (total, best) = self.view.searcher.search(query, &Ranking { order: Order::Relevance, keep: MOST })?;
        Ok((total, best.into_iter().map(|passage| (passage.address, passage.score)).collect()))
    }

    fn add_near(&self, candidates: &mut Candidates) -> tantivy::Result<()> {
        let (Some(laid), Some((_, meant))) = (&self.laid, self.asked.meaning) else { return Ok(()) };
        let wanted = filters(self.fields.as_ref(), &self.asked.request, self.view)?;
        for (rank, near) in laid.near(self.view, wanted.as_deref(), meant, LOOKED_AT, MOST)?.into_iter().enumerate() {
            let fresh = Candidate { rank: 2 * MOST + rank, ..Candidate::default() };
            candidates.entry(laid.address(near.row)).or_insert(fresh);
        }
        // Those that were found by their words have a meaning as well.
        for (at, candidate) in candidates {
            candidate.cosine = laid.row(*at).map(|row| laid.cosine(row, meant));
        }
        Ok(())
    }

    /// Scores all by their words, however they were found.
    fn score(&self, candidates: &mut Candidates, all: &Compiled, any: &Compiled) -> tantivy::Result<()> {
        let places: Vec<DocAddress> = candidates.keys().copied().collect();
        let with_all = scores(&all.query, &places, self.view)?;
        let with_any = scores(&any.query, &places, self.view)?;
        for ((candidate, all), any) in candidates.values_mut().zip(with_all).zip(with_any) {
            candidate.all = candidate.all.or(all);
            candidate.any = candidate.any.or(any);
        }
        Ok(())
    }

    /// What is shown, best first.
    fn places(&self, candidates: &Candidates) -> Vec<Place> {
        let question = self.is_question();
        // Of keywords it counts that they stand together, which is in the score of all.
        let words = |candidate: &Candidate| {
            if question { candidate.any } else { candidate.all.or(candidate.any) }.unwrap_or_default()
        };
        let most = candidates.values().map(words).fold(f32::MIN_POSITIVE, f32::max);
        let sounding: HashSet<DocAddress> = self.asked.sounding.iter().map(SoundHit::address).collect();
        let place = |(&at, candidate): (&DocAddress, &Candidate)| {
            let words = words(candidate) / most;
            let near = candidate.cosine.unwrap_or_default().max(0.0);
            let by_words = if question { words >= WORTH } else { candidate.all.is_some() };
            let by_meaning = near > 0.0 && !sounding.contains(&at) && (words > 0.0 || self.is_telling(at));
            let tier = if question || candidate.all.is_some() { 0 } else { 2 };
            let score = words + MEANING * near;
            (by_words || by_meaning).then_some(Place {
                tier,
                score,
                rank: candidate.rank,
                item: Item::Passage(at, words > 0.0),
                needs: !by_words,
                near,
                best: None,
            })
        };
        let mut places: Vec<Place> = candidates.iter().filter_map(place).collect();
        // Already in order; the first of equals stays first.
        let sounds = self.asked.sounding.iter().enumerate();
        let sound = |(at, hit): (usize, &SoundHit)| Place {
            tier: 1,
            score: hit.probability,
            rank: at,
            item: Item::Sound(at),
            needs: false,
            near: 0.0,
            best: None,
        };
        places.extend(sounds.map(sound));
        places.sort_by(best_first);
        places
    }

    /// Whether a passage is long enough to be found by its meaning alone.
    fn is_telling(&self, at: DocAddress) -> bool {
        let length = || self.laid.as_ref().and_then(|laid| Some(laid.length(laid.row(at)?)));
        self.words.len() >= QUESTION || length().is_none_or(|words| words >= TELLING)
    }

    /// How near in meaning what needs it has to be.
    fn floor(&self, place: &Place) -> f32 {
        match place.item {
            _ if self.is_question() => FLOOR,
            Item::Passage(_, false) if self.words.len() <= FEW => NEAR_FEW,
            _ => NEAR,
        }
    }

    /// Looks at the sentences of the best passages, orders these anew, and drops what is far in words and meaning.
    fn sharpen(&self, places: &mut Vec<Place>, candidates: &Candidates) {
        let (Some(laid), Some((vectors, meant))) = (&self.laid, self.asked.meaning) else { return };
        let seen = places.len().min(SHARPENED);
        for place in &mut places[..seen] {
            let known = place.item.passage().and_then(|at| Some((laid.row(at)?, candidates.get(&at)?.cosine?)));
            let Some((row, cosine)) = known else { continue };
            let sharp = vectors.sharp(laid, Near { row, cosine }, meant);
            place.score += MEANING * (sharp.cosine.max(0.0) - cosine.max(0.0));
            (place.near, place.best) = (sharp.cosine, sharp.best);
        }
        places[..seen].sort_by(best_first);
        places.retain(|place| !place.needs || place.near >= self.floor(place));
    }

    /// The hits of the page; after all places come the other passages that have all words, in their order.
    fn page(
        &self,
        places: &[Place],
        all: &dyn Query,
        shown: &HashSet<DocAddress>,
        total: usize,
    ) -> tantivy::Result<Vec<FusedHit>> {
        let Request { offset, limit, .. } = self.asked.request;
        let limit = limit.min(MAX_LIMIT);
        let mut items: Vec<Place> = places.iter().skip(offset).take(limit).cloned().collect();
        let rest = limit - items.len();
        if rest > 0 && total > places.len() {
            let passed = offset.saturating_sub(places.len());
            let keep = shown.len() + passed + rest;
            let (_, ranked) = self.view.searcher.search(all, &Ranking { order: Order::Relevance, keep })?;
            let others = ranked.into_iter().filter(|passage| !shown.contains(&passage.address));
            let others = others.skip(passed).take(rest);
            items.extend(others.map(|passage| {
                let item = Item::Passage(passage.address, true);
                Place { tier: 0, score: 0.0, rank: 0, item, needs: false, near: 0.0, best: None }
            }));
        }
        let passages = items.iter().filter_map(|place| Some((place.item.passage()?, place.score)));
        let mut passages = hits(passages, self.view)?.into_iter();
        let hit = |place: Place| match place.item {
            Item::Sound(at) => Some(FusedHit::Sound(at)),
            Item::Passage(_, true) => Some(FusedHit::Words(passages.next()?, place.best)),
            Item::Passage(_, false) => Some(FusedHit::Meaning(passages.next()?, place.best)),
        };
        Ok(items.into_iter().filter_map(hit).collect())
    }
}

fn best_first(a: &Place, b: &Place) -> Ordering {
    a.tier.cmp(&b.tier).then(b.score.total_cmp(&a.score)).then(a.rank.cmp(&b.rank))
}

impl Item {
    fn passage(self) -> Option<DocAddress> {
        match self {
            Self::Passage(at, _) => Some(at),
            Self::Sound(_) => None,
        }
    }
}

/// What a query says of each of these places, which are ascending; `None` of those it does not match.
fn scores(query: &dyn Query, places: &[DocAddress], view: &View) -> tantivy::Result<Vec<Option<f32>>> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(&view.searcher))?;
    let mut scores = Vec::with_capacity(places.len());
    for segment in places.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
        let mut docs = weight.scorer(view.searcher.segment_reader(segment[0].segment_ord), 1.0)?;
        for place in segment {
            let found =
                docs.doc() == place.doc_id || docs.doc() < place.doc_id && docs.seek(place.doc_id) == place.doc_id;
            scores.push(found.then(|| docs.score()));
        }
    }
    Ok(scores)
}

/// Whether a query is plain words and so many that they are a question.
pub fn is_question(query: &str) -> bool {
    parse(query).map(plain).is_ok_and(|(words, _)| words.is_some_and(|words| words.len() >= QUESTION))
}
