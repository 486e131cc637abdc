//! All clips of the library as they are compared with each other, kept in memory and brought up to date.

use super::subjects::subjects;
use crate::{Library, Result};
use ear_core::{ClipId, EpisodeDate, EpisodeId, NameId, NameKind, ShowId, Span, TranscriptId, WordRange};
use ear_language::vectors::Vector;
use ear_search::{Candidate, Clips};
use ear_store::{ClipCandidate, ClipEpisode, ClipsVersion, UnixMillis, fold_name};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Half-lives are so many times the days between two episodes of a show.
const HALF_LIFE: f32 = 3.0;
/// The shortest half-life, of daily news, and the longest, of talk; in days.
const HALF_LIVES: (f32, f32) = (3.0, 180.0);
/// The half-life where nobody knows how often a show is published.
const UNKNOWN_HALF_LIFE: f32 = 30.0;
/// Words in a row by which pieces are known again.
const SHINGLE: usize = 6;
/// Pieces shorter than this are the same by chance.
const FEW_SHINGLES: usize = 20;

/// A clip that people want to hear.
pub(crate) struct ClipRow {
    pub id: ClipId,
    pub episode: EpisodeId,
    pub transcript: TranscriptId,
    pub show: Option<ShowId>,
    pub date: Option<EpisodeDate>,
    pub seq: usize,
    pub words: WordRange,
    pub span: Option<Span>,
    /// With how often they are said, the most frequent first.
    pub names: Vec<(NameId, u32)>,
    /// Indices into [`ClipTable::keywords`].
    pub keywords: Vec<u32>,
}

/// A clip with its vector.
type WithVector = (Arc<ClipRow>, Option<Vector>);

/// Something that people said in words, folded for comparing, and as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keyword {
    pub folded: String,
    pub text: String,
}

/// All clips of the library at one moment.
#[derive(Default)]
pub(crate) struct ClipTable {
    version: Option<ClipsVersion>,
    episodes: Vec<ClipEpisode>,
    /// In the order of episodes and of words.
    pub rows: Vec<Arc<ClipRow>>,
    pub names: HashMap<NameId, (String, Option<NameKind>)>,
    pub keywords: Vec<Keyword>,
    /// What each subject is called.
    pub subjects: Vec<String>,
    pub clips: Clips,
    heard: Mutex<Option<Heard>>,
    /// What words the clips have that were compared word by word.
    shingles: Mutex<HashMap<usize, Arc<HashSet<u64>>>>,
}

#[derive(Clone)]
struct Heard {
    version: (i64, UnixMillis),
    clips: Arc<HashSet<ClipId>>,
}

impl Library {
    /// All clips as they are now. Reads what changed since it was asked last: the first time everything.
    pub(crate) fn clip_table(&self) -> Result<Arc<ClipTable>> {
        let mut kept = self.clip_table.lock().unwrap_or_else(PoisonError::into_inner);
        // Asked before reading, so that what changes meanwhile is read the next time.
        let version = self.store.clips_version()?;
        if kept.version.as_ref() != Some(&version) {
            *kept = Arc::new(self.read_clips(&kept, version)?);
        }
        Ok(Arc::clone(&kept))
    }

    fn read_clips(&self, before: &ClipTable, version: ClipsVersion) -> Result<ClipTable> {
        let episodes = self.store.clip_episodes()?;
        let is_known = before.version.as_ref().is_some_and(|before| before.acts == version.acts);
        let known: HashMap<EpisodeId, &ClipEpisode> = match is_known {
            true => before.episodes.iter().map(|one| (one.episode, one)).collect(),
            false => HashMap::new(),
        };
        let is_same = |one: &&ClipEpisode| known.get(&one.episode).is_some_and(|before| before.stamp == one.stamp);
        let changed: Vec<EpisodeId> = episodes.iter().filter(|one| !is_same(one)).map(|one| one.episode).collect();
        let all = changed.len() == episodes.len();
        let read = self.store.clip_candidates((!all).then_some(&changed[..]))?;
        let mut words = Words::of(if all { &[] } else { &before.keywords });
        let mut clips: BTreeMap<EpisodeId, Vec<WithVector>> = BTreeMap::new();
        let facts: HashMap<EpisodeId, &ClipEpisode> = episodes.iter().map(|one| (one.episode, one)).collect();
        for one in read {
            // Made since, and read the next time.
            let Some(facts) = facts.get(&one.episode) else { continue };
            let vector = one.vector.as_deref().and_then(Vector::from_bytes);
            clips.entry(one.episode).or_default().push((Arc::new(row(one, facts, &mut words)), vector));
        }
        let changed: HashSet<EpisodeId> = changed.into_iter().collect();
        for (at, row) in before.rows.iter().enumerate().filter(|(_, row)| !changed.contains(&row.episode)) {
            let Some(facts) = facts.get(&row.episode) else { continue };
            clips.entry(row.episode).or_default().push((row.with(facts), before.clips.vector(at)));
        }
        let (rows, vectors) = clips.into_values().flatten().unzip();
        let names = self.store.names_briefly()?;
        Ok(ClipTable::new(version, episodes, rows, vectors, names, words.all))
    }

    /// The clips that were heard.
    pub(crate) fn heard_clips(&self, table: &ClipTable) -> Result<Arc<HashSet<ClipId>>> {
        let mut kept = table.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let version = self.store.heard_version()?;
        if let Some(heard) = kept.as_ref().filter(|heard| heard.version == version) {
            return Ok(Arc::clone(&heard.clips));
        }
        let clips = Arc::new(self.store.heard_clips()?.into_iter().collect());
        *kept = Some(Heard { version, clips: Arc::clone(&clips) });
        Ok(clips)
    }

    /// Whether one of two clips says at least half of what the other says, word for word: the share of shingles that
    /// the shorter has in common with the longer (containment, after Broder 1997). What cannot be read is not the same.
    pub(crate) fn says_the_same(&self, table: &ClipTable, one: usize, other: usize) -> bool {
        let (Ok(one), Ok(other)) = (self.shingles(table, one), self.shingles(table, other)) else { return false };
        let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
        short.len() >= FEW_SHINGLES && short.intersection(&long).count() * 2 >= short.len()
    }

    fn shingles(&self, table: &ClipTable, at: usize) -> Result<Arc<HashSet<u64>>> {
        let kept = || table.shingles.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(&at) {
            return Ok(Arc::clone(known));
        }
        let row = &table.rows[at];
        let words = self.store.words(row.transcript, row.words.clone())?;
        let keys: Vec<&[ear_core::Word]> = words.windows(SHINGLE).collect();
        let shingles: Arc<HashSet<u64>> =
            Arc::new(keys.into_iter().filter_map(ear_language::adverts::sentence_key).collect());
        kept().insert(at, Arc::clone(&shingles));
        Ok(shingles)
    }
}

impl ClipTable {
    fn new(
        version: ClipsVersion,
        episodes: Vec<ClipEpisode>,
        rows: Vec<Arc<ClipRow>>,
        vectors: Vec<Option<Vector>>,
        names: HashMap<NameId, (String, Option<NameKind>)>,
        keywords: Vec<Keyword>,
    ) -> Self {
        let mut table = Self { version: Some(version), episodes, rows, names, keywords, ..Self::default() };
        let (subjects, about) = subjects(&table.rows, &table.names, &table.keywords);
        let half_lives = table.half_lives();
        let candidates = table.rows.iter().zip(about).map(|(row, subjects)| Candidate {
            clip: row.id,
            episode: row.episode,
            show: row.show,
            date: row.date,
            place: row.seq,
            subjects,
            half_life: row.show.and_then(|show| half_lives.get(&show)).copied().unwrap_or(UNKNOWN_HALF_LIFE),
        });
        let candidates = candidates.collect();
        table.clips = Clips::new(candidates, vectors, today());
        table.subjects = subjects;
        table
    }

    /// The place of a clip.
    pub(crate) fn place(&self, row: (EpisodeId, usize)) -> usize {
        self.rows.partition_point(|one| (one.episode, one.seq) < row)
    }

    /// How long what shows say stays fresh: the oftener they come out, the shorter.
    fn half_lives(&self) -> HashMap<ShowId, f32> {
        let mut dates: HashMap<ShowId, Vec<EpisodeDate>> = HashMap::new();
        for one in &self.episodes {
            if let (Some(show), Some(date)) = (one.show, one.date) {
                dates.entry(show).or_default().push(date);
            }
        }
        dates.into_iter().filter_map(|(show, dates)| Some((show, half_life(dates)?))).collect()
    }
}

impl ClipRow {
    /// As it is, of the show and day that its episode now has.
    fn with(self: &Arc<Self>, facts: &ClipEpisode) -> Arc<Self> {
        if (self.show, self.date) == (facts.show, facts.date) {
            return Arc::clone(self);
        }
        Arc::new(Self {
            show: facts.show,
            date: facts.date,
            words: self.words.clone(),
            names: self.names.clone(),
            keywords: self.keywords.clone(),
            ..**self
        })
    }
}

/// All keywords of the library, each once.
struct Words {
    all: Vec<Keyword>,
    known: HashMap<String, u32>,
}

impl Words {
    fn of(before: &[Keyword]) -> Self {
        let known = before.iter().enumerate().map(|(at, word)| (word.folded.clone(), at as u32)).collect();
        Self { all: before.to_vec(), known }
    }

    fn number(&mut self, text: String) -> u32 {
        let folded = fold_name(&text);
        *self.known.entry(folded.clone()).or_insert_with(|| {
            self.all.push(Keyword { folded, text });
            self.all.len() as u32 - 1
        })
    }
}

fn row(one: ClipCandidate, facts: &ClipEpisode, words: &mut Words) -> ClipRow {
    let mut keywords: Vec<u32> = Vec::with_capacity(one.keywords.len());
    for text in one.keywords {
        let number = words.number(text);
        if !keywords.contains(&number) {
            keywords.push(number);
        }
    }
    ClipRow {
        id: one.id,
        episode: one.episode,
        transcript: one.transcript,
        show: facts.show,
        date: facts.date,
        seq: one.seq,
        words: one.words,
        span: one.span,
        names: one.names,
        keywords,
    }
}

/// Of what comes out on these days, by the median of the days between; `None` for what came out once.
fn half_life(mut dates: Vec<EpisodeDate>) -> Option<f32> {
    dates.sort_unstable();
    dates.dedup();
    let mut days: Vec<i64> = dates.windows(2).map(|pair| pair[1].days_after(pair[0])).collect();
    days.sort_unstable();
    let median = *days.get(days.len() / 2)? as f32;
    Some((HALF_LIFE * median).clamp(HALF_LIVES.0, HALF_LIVES.1))
}

fn today() -> Option<EpisodeDate> {
    jiff::Zoned::now().date().to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_age_sooner_than_talk() {
        let check = |dates: &[&str], expected: Option<f32>| {
            assert_eq!(half_life(dates.iter().map(|date| date.parse().unwrap()).collect()), expected, "{dates:?}");
        };
        check(&["2020-01-01", "2020-01-02", "2020-01-02", "2020-01-03"], Some(3.0));
        check(&["2020-01-15", "2020-01-01", "2020-01-08"], Some(21.0));
        check(&["2020-01-01", "2020-09-01"], Some(180.0));
        check(&["2020-01-01", "2020-01-01"], None);
        check(&[], None);
    }
}
