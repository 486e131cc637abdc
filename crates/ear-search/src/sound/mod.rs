//! Names found by their sound, across the borders of words, in the ordinary index.
//!
//! The phones of the name are compared with those of each distinct word in the index; around those that sound like a
//! part of it, the words as they were said ([`forward`]) are compared as a whole ([`candidates`]). What was heard
//! alike is one group, and gets its probability once for each episode.

mod asked;
mod candidates;
mod cores;
mod forward;
mod sieve;
mod spoken;
mod vocabulary;
mod wanted;

use crate::index::View;
use crate::request::{Order, PassageHit, Request};
use crate::schema::column;
use crate::search::hits;
use crate::{Error, WordIndex, analysis};
pub use asked::looks_like_a_name;
use asked::{AskedName, asked_name};
use candidates::{Group, Stand, candidates};
use cores::side_by_side;
use ear_language::sounds::{ABREAST, BAR, Clues, PHRASE, SoughtName, SoundModel, Usage, clues};
use forward::Forward;
use spoken::Spoken;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{DocAddress, DocId, Searcher};
use vocabulary::Vocabulary;
use wanted::{Wanted, wanted};

/// Ways to say the name that are tried.
const READINGS: usize = ABREAST;
/// Words of an episode, about: to count those of each would take longer than it says.
const EPISODE_WORDS: u64 = 9_000;
/// Of more groups than these only the best sounding are judged.
const MAX_GROUPS: usize = 4_000;
/// Groups that one core judges at a time.
const SHARE: usize = 32;
/// Heard words are common from here on, as a phrase.
const COMMON: f32 = 3.0;
/// Less likely hits are never shown.
const FLOOR: f32 = 0.02;
/// What a hit is worth that is shown.
pub const LEAST_WORTH: f32 = 0.2;
/// So many mentions halve what a hit is worth.
const MENTIONS: f32 = 3.0;
/// However often a name was said, what is so likely is shown.
const LIKELY: f32 = 0.8;

/// What a hit of this probability is worth for a name that was said about so often; it is shown from
/// [`LEAST_WORTH`] on unless told otherwise. What is rarely said is worth a doubtful hit; of what is often said a few
/// hits less are no loss, and doubtful ones a burden. (The thresholds of spoken term detection are of the kind; Miller
/// et al. 2007, "Rapid and accurate spoken term detection".)
pub fn worth(probability: f32, mentions: f32) -> f32 {
    if probability >= LIKELY { probability } else { probability / (1.0 + mentions / MENTIONS) }
}

/// A name to look for by its sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SoundRequest {
    /// The query holds the name as it is spelled, and fields. Relevance is probability.
    pub request: Request,
    /// Leave out what search by words finds: places where the name is spelled word for word.
    pub without_words: bool,
    /// Hits below this probability are left out; `None`: those worth less than [`LEAST_WORTH`].
    pub least_probability: Option<f32>,
}

/// Words that sound like the name.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundHit {
    /// The passage they begin in.
    pub passage: PassageHit,
    /// The passage's place in the index at this commit.
    address: DocAddress,
    /// Which terms of the passage, and of those that follow it, they are; [`SoundHit::words`] tells which words.
    terms: Range<usize>,
    /// How likely they stand for the name; 1 where they spell it.
    pub probability: f32,
    /// Index into the answer's groups.
    pub group: usize,
    /// What the probability was made of.
    pub clues: Clues,
}

/// Hits that were heard alike.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundGroup {
    /// What was heard, folded.
    pub heard: String,
    /// How many hits it has in the whole answer.
    pub hits: usize,
    /// The probability of its likeliest.
    pub probability: f32,
    /// Whether these words spell the name.
    pub is_spelled: bool,
    /// Whether these are words that people say for other reasons, too.
    pub is_common: bool,
}

/// What sounds like the name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SoundAnswer {
    /// The name that the query asks for.
    pub name: String,
    /// How many hits there are, before paging.
    pub total: usize,
    /// The page asked for: likeliest first, then in order of episodes and words.
    pub hits: Vec<SoundHit>,
    /// All groups, likeliest first.
    pub groups: Vec<SoundGroup>,
}

impl SoundHit {
    pub(crate) fn address(&self) -> DocAddress {
        self.address
    }

    /// The words of the hit as indices into these texts, which are the passage's words and those that follow, as for
    /// [`Matcher::matched`](crate::Matcher::matched).
    pub fn words<S: AsRef<str>>(&self, texts: &[S]) -> Range<usize> {
        let rules = analysis::Rules::of(self.passage.language.as_deref());
        let atoms = analysis::Analyzer::new(rules).atoms(texts);
        let Some(first) = atoms.get(self.terms.start) else { return 0..0 };
        let last = atoms[self.terms.start..atoms.len().min(self.terms.end)].last().unwrap_or(first);
        first.word..last.word + 1
    }
}

/// The index turned round, at one commit.
pub(crate) struct SoundIndex {
    vocabulary: Vocabulary,
    spoken: Spoken,
    /// In the order of the searcher's segments.
    segments: Vec<Arc<Forward>>,
    ids: Vec<SegmentId>,
}

impl SoundIndex {
    /// Turns those segments round that the last one has not.
    pub(crate) fn new(view: &View, last: Option<&SoundIndex>) -> tantivy::Result<Self> {
        let readers = view.searcher.segment_readers();
        let mut vocabulary = last.map(|last| last.vocabulary.clone()).unwrap_or_default();
        let mut segments = Vec::with_capacity(readers.len());
        for segment in readers {
            let id = segment.segment_id();
            let known = last.and_then(|last| Some(&last.segments[last.ids.iter().position(|&other| other == id)?]));
            segments.push(match known {
                Some(forward) => forward.clone(),
                None => {
                    let forward = Forward::new(segment, view.fields, &mut vocabulary)?;
                    vocabulary.learn(segment, view.fields, &view.rules)?;
                    Arc::new(forward)
                }
            });
        }
        vocabulary.count(segments.iter().flat_map(|forward| forward.said()));
        let spoken = Spoken::new(vocabulary.entries());
        Ok(Self { vocabulary, spoken, segments, ids: readers.iter().map(|segment| segment.segment_id()).collect() })
    }

    fn text(&self, terms: &[u32]) -> Vec<&str> {
        terms.iter().map(|&term| self.vocabulary.entry(term).text()).collect()
    }
}

impl WordIndex {
    /// Finds what sounds like a name, spelled so or not, from the newest commit of any process.
    ///
    /// The first time after a commit takes longer: what is new is read and pronounced. Needs some ten bytes of
    /// memory for each word of the library.
    pub fn sound(&self, request: &SoundRequest) -> Result<SoundAnswer, Error> {
        let asked = asked_name(&request.request.query)?;
        let (view, sounds) = self.sounding_view()?;
        answer(&asked, request, &view, &sounds).map_err(|error| self.error(error))
    }

    /// Everything that sounds at all like a name, also where places overlap: for those who judge by a model of their
    /// own.
    pub fn sound_candidates(&self, name: &str) -> Result<Vec<SoundHit>, Error> {
        let (view, sounds) = self.sounding_view()?;
        let candidates = || {
            let judged = judged(name, 0.0, &Wanted::default(), &view, &sounds)?;
            let order = order(&judged, Order::Relevance);
            Ok(page(&judged, order, &Request { limit: usize::MAX, ..Request::default() }, &view)?.hits)
        };
        candidates().map_err(|error| self.error(error))
    }
}

fn answer(asked: &AskedName, request: &SoundRequest, view: &View, sounds: &SoundIndex) -> tantivy::Result<SoundAnswer> {
    let wanted = wanted(asked.fields.as_ref(), &request.request, view)?;
    let floor = request.least_probability.unwrap_or(FLOOR);
    let judged = judged(&asked.name, floor, &wanted, view, sounds)?;
    let mut order = order(&judged, Order::Relevance);
    keep_likeliest(&mut order, &judged);
    if request.least_probability.is_none() {
        let probability = |&(group, hit): &Which| judged[group].hits[hit].probability;
        let mentions: f32 = order.iter().map(probability).sum();
        order.retain(|which| worth(probability(which), mentions) >= LEAST_WORTH);
    }
    if request.without_words {
        let words = forms_of(&asked.name);
        order.retain(|&(group, _)| judged[group].heard != words);
    }
    if request.request.order != Order::Relevance {
        let kept: HashSet<Which> = order.into_iter().collect();
        order = self::order(&judged, request.request.order);
        order.retain(|which| kept.contains(which));
    }
    Ok(SoundAnswer { name: asked.name.clone(), ..page(&judged, order, &request.request, view)? })
}

/// The words of a name as the index has them.
fn forms_of(name: &str) -> String {
    let forms: Vec<String> =
        name.split_whitespace().flat_map(|word| analysis::forms(word, analysis::Rules::PLAIN)).collect();
    forms.join(" ")
}

fn judged(name: &str, least: f32, wanted: &Wanted, view: &View, sounds: &SoundIndex) -> tantivy::Result<Vec<Judged>> {
    let name = SoughtName::new(name, READINGS);
    let found = candidates(&view.searcher, sounds, &name.readings, BAR);
    Ok(Judge::new(&view.searcher, sounds, &name, &found)?.judge(found, least, wanted))
}

/// A group with those of its places that are likely enough.
struct Judged {
    heard: String,
    length: usize,
    is_spelled: bool,
    hits: Vec<JudgedHit>,
}

struct JudgedHit {
    probability: f32,
    episode: i64,
    /// As a number; 0 unknown.
    date: u64,
    stand: Stand,
    clues: Clues,
}

/// What is known of the library when groups are judged.
struct Judge<'a> {
    sounds: &'a SoundIndex,
    name: &'a SoughtName,
    /// The column of episodes in each segment.
    episodes: Vec<Column<i64>>,
    dates: Vec<Column<u64>>,
    /// How often the name is spelled in each episode.
    exact: HashMap<i64, u64>,
    /// And in all.
    exact_library: u64,
    /// For each cost, cheapest first, how many places cost no more.
    costs: Vec<(f32, u64)>,
    model: SoundModel,
}

impl<'a> Judge<'a> {
    fn new(
        searcher: &Searcher,
        sounds: &'a SoundIndex,
        name: &'a SoughtName,
        found: &HashMap<Vec<u32>, Group>,
    ) -> tantivy::Result<Self> {
        let segments = || searcher.segment_readers().iter();
        let episodes = segments().map(|segment| segment.fast_fields().i64(column::EPISODE));
        let dates = segments().map(|segment| segment.fast_fields().u64(column::DATE));
        let mut judge = Self {
            sounds,
            name,
            episodes: episodes.collect::<Result<_, _>>()?,
            dates: dates.collect::<Result<_, _>>()?,
            exact: HashMap::new(),
            exact_library: 0,
            costs: found.values().map(|group| (group.place.cost, group.stands.len() as u64)).collect(),
            model: SoundModel::shipped(),
        };
        judge.costs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut places = 0;
        for (_, count) in &mut judge.costs {
            places += *count;
            *count = places;
        }
        for (_, group) in found.iter().filter(|(terms, _)| name.is_spelled(&sounds.text(terms))) {
            for stand in &group.stands {
                *judge.exact.entry(judge.episode(stand)).or_insert(0) += 1;
                judge.exact_library += 1;
            }
        }
        Ok(judge)
    }

    fn episode(&self, stand: &Stand) -> i64 {
        self.episodes[stand.segment as usize].first(stand.doc).unwrap_or(0)
    }

    /// How many places sound at least as well.
    fn rivals(&self, cost: f32) -> u64 {
        let at = self.costs.partition_point(|(other, _)| *other <= cost);
        if at == 0 { 0 } else { self.costs[at - 1].1 }
    }

    fn judge(&self, found: HashMap<Vec<u32>, Group>, least: f32, wanted: &Wanted) -> Vec<Judged> {
        let mut groups: Vec<(Vec<u32>, Group)> = found.into_iter().collect();
        groups.sort_unstable_by(|a, b| a.1.place.cost.total_cmp(&b.1.place.cost).then_with(|| a.0.cmp(&b.0)));
        groups.truncate(MAX_GROUPS);
        let shares: Vec<&[(Vec<u32>, Group)]> = groups.chunks(SHARE).collect();
        let judge = |share: &&[(Vec<u32>, Group)]| -> Vec<Judged> {
            let judged = share.iter().map(|(terms, group)| self.group(terms, group, least, wanted));
            judged.filter(|judged| !judged.hits.is_empty()).collect()
        };
        side_by_side(&shares, judge).into_iter().flatten().collect()
    }

    fn group(&self, terms: &[u32], group: &Group, least: f32, wanted: &Wanted) -> Judged {
        let heard = self.sounds.text(terms);
        let phones: Vec<_> =
            terms.iter().flat_map(|&term| self.sounds.vocabulary.entry(term).phones()).copied().collect();
        let is_spelled = self.name.is_spelled(&heard);
        // Only how often it was said differs between episodes.
        let mut usage = Usage {
            library: group.stands.len() as u64,
            library_words: self.sounds.vocabulary.words(),
            rivals: self.rivals(group.place.cost).saturating_sub(group.stands.len() as u64),
            exact_library: self.exact_library,
            words_here: EPISODE_WORDS,
            ..Usage::default()
        };
        let mut clues = clues(self.name, group.reading, &group.place, &phones, &heard, &usage);
        let mut judged: HashMap<(u64, u64), (f32, Clues)> = HashMap::new();
        let mut hits = Vec::new();
        for (episode, stands) in self.by_episode(&group.stands) {
            usage.here = stands.len() as u64;
            usage.exact_here = self.exact.get(&episode).copied().unwrap_or(0);
            // In most episodes it was said as often as in others.
            let (probability, clues) = *judged.entry((usage.here, usage.exact_here)).or_insert_with(|| {
                usage.put(&mut clues);
                (if is_spelled { 1.0 } else { self.model.probability(&clues) }, clues)
            });
            if probability < least {
                continue;
            }
            let is_wanted = |stand: &&Stand| wanted.has(DocAddress::new(stand.segment, stand.doc));
            hits.extend(stands.iter().filter(is_wanted).map(|&stand| {
                let date = self.dates[stand.segment as usize].first(stand.doc).unwrap_or(0);
                JudgedHit { probability, episode, date, stand, clues }
            }));
        }
        Judged { heard: heard.join(" "), length: terms.len(), is_spelled, hits }
    }

    /// Places by their episodes.
    fn by_episode(&self, stands: &[Stand]) -> Vec<(i64, Vec<Stand>)> {
        let mut all: Vec<(i64, Stand)> = stands.iter().map(|stand| (self.episode(stand), *stand)).collect();
        all.sort_unstable();
        let runs = all.chunk_by(|a, b| a.0 == b.0);
        runs.map(|run| (run[0].0, run.iter().map(|&(_, stand)| stand).collect())).collect()
    }
}

/// Which hit of which group.
type Which = (usize, usize);

/// All hits in this order, and equal ones in that of episodes and words.
fn order(judged: &[Judged], order: Order) -> Vec<Which> {
    let of = |(group, judged): (usize, &Judged)| (0..judged.hits.len()).map(move |hit| (group, hit));
    let mut all: Vec<Which> = judged.iter().enumerate().flat_map(of).collect();
    let key = |&(group, hit): &Which| {
        let JudgedHit { probability, date, episode, stand, .. } = &judged[group].hits[hit];
        let rank = match order {
            Order::Relevance => f64::from(*probability),
            Order::Newest => *date as f64,
            // What has no date comes last.
            Order::Oldest => {
                if *date == 0 {
                    f64::NEG_INFINITY
                } else {
                    -(*date as f64)
                }
            }
        };
        (rank, *episode, *stand, judged[group].length)
    };
    all.sort_by(|a, b| {
        let (a, b) = (key(a), key(b));
        b.0.total_cmp(&a.0).then_with(|| (a.1, a.2, a.3).cmp(&(b.1, b.2, b.3)))
    });
    all
}

/// Of hits that overlap only the likeliest.
fn keep_likeliest(all: &mut Vec<Which>, judged: &[Judged]) {
    let mut taken: HashMap<(u32, DocId), Vec<Range<u32>>> = HashMap::new();
    all.retain(|&(group, hit)| {
        let stand = judged[group].hits[hit].stand;
        let range = stand.position..stand.position + judged[group].length as u32;
        let others = taken.entry((stand.segment, stand.doc)).or_default();
        let is_free = others.iter().all(|other| other.end <= range.start || range.end <= other.start);
        if is_free {
            others.push(range);
        }
        is_free
    });
}

/// The page asked for, and the groups of all.
fn page(judged: &[Judged], all: Vec<Which>, among: &Request, view: &View) -> tantivy::Result<SoundAnswer> {
    let mut numbers: HashMap<usize, usize> = HashMap::new();
    let mut groups: Vec<SoundGroup> = Vec::new();
    for &(group, hit) in &all {
        let number = *numbers.entry(group).or_insert_with(|| {
            let Judged { heard, is_spelled, hits, .. } = &judged[group];
            groups.push(SoundGroup {
                heard: heard.clone(),
                hits: 0,
                probability: hits[hit].probability,
                is_spelled: *is_spelled,
                is_common: !is_spelled && hits[hit].probability < 0.5 && hits[hit].clues[PHRASE] > COMMON,
            });
            groups.len() - 1
        });
        groups[number].hits += 1;
    }
    let shown: Vec<Which> = all.iter().skip(among.offset).take(among.limit).copied().collect();
    let places = shown.iter().map(|&(group, hit)| {
        let JudgedHit { probability, stand, .. } = judged[group].hits[hit];
        (DocAddress::new(stand.segment, stand.doc), probability)
    });
    let passages = hits(places, view)?;
    let hits = shown.iter().zip(passages).map(|(&(group, hit), passage)| {
        let JudgedHit { probability, stand, clues, .. } = &judged[group].hits[hit];
        let terms = stand.position as usize..stand.position as usize + judged[group].length;
        let address = DocAddress::new(stand.segment, stand.doc);
        SoundHit { passage, address, terms, probability: *probability, group: numbers[&group], clues: *clues }
    });
    Ok(SoundAnswer { name: String::new(), total: all.len(), hits: hits.collect(), groups })
}
