//! What is talked about more and more: names and keywords of clips by day and by week.

mod calendar;

use crate::clips::{ClipRow, ClipTable};
use crate::search::moment_url;
use crate::{Error, ErrorKind, Library, Result};
use calendar::{Calendar, MOST_PERIODS, USUAL_PERIODS};
use ear_core::{ClipId, EpisodeDate, EpisodeId, NameId, NameKind, ShowId, Span};
use ear_store::fold_name;
use std::collections::{BTreeMap, HashMap, HashSet};

/// No more are listed.
const MOST: usize = 1000;
/// The most moments of one.
const MOMENTS: usize = 3;
/// What was said only once is no trend.
const LEAST: u32 = 2;
/// What fewer episodes say lately does not rise.
const LEAST_EPISODES: usize = 2;

/// What time is cut into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TrendBy {
    /// Days.
    Day,
    /// Weeks, from Monday.
    #[default]
    Week,
}

/// What is talked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrendKind {
    /// People, by their names.
    People,
    /// Places, by their names.
    Places,
    /// Organisations, by their names.
    Organisations,
    /// What clips are about, but names.
    Keywords,
}

/// What trends are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendsRequest {
    /// Only of this show.
    pub show: Option<ShowId>,
    /// What time is cut into.
    pub by: TrendBy,
    /// Only episodes of this day and later. Without this and `until`, the last 48 periods are looked at.
    pub since: Option<EpisodeDate>,
    /// Only episodes of this day and earlier.
    pub until: Option<EpisodeDate>,
    /// Only of these kinds; of all where there are none.
    pub kinds: Vec<TrendKind>,
    /// So many at most.
    pub limit: usize,
}

impl Default for TrendsRequest {
    fn default() -> Self {
        Self { show: None, by: TrendBy::Week, since: None, until: None, kinds: Vec::new(), limit: 20 }
    }
}

/// What is talked about, by time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trends {
    /// The first day of each period, ascending, also of those without an episode: the newest 48 or, where a first or a
    /// last day is asked for, the newest thousand.
    pub periods: Vec<EpisodeDate>,
    /// What is talked about, what rises most first.
    pub rows: Vec<Trend>,
    /// Episodes that are left out because nobody knows their day.
    pub undated: usize,
    /// Episodes that are left out because they are older than the first period.
    pub earlier: usize,
    /// Episodes that were counted.
    pub episodes: usize,
}

/// Something that is talked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The name, unless it is a keyword.
    pub name: Option<NameId>,
    /// How it is called.
    pub text: String,
    /// What it is.
    pub kind: TrendKind,
    /// For each period how often it was said or, for keywords, how many clips are about it.
    pub counts: Vec<u32>,
    /// The sum of these.
    pub total: u32,
    /// Above zero it rises, below it falls, at zero nothing can be told. How unlikely it is that the last quarter of
    /// the periods (four weeks or seven days at most) talks of it as much as those before: the log-likelihood ratio
    /// (Dunning 1993; Rayson and Garside 2000), with its sign. 3.8 and more is met by chance once in twenty.
    /// Counted in clips, and in each episode by the logarithm of their number. Talk of one episode alone is no trend:
    /// only what two episodes of the last periods say can rise.
    pub rising: f32,
    /// The newest moments, of an episode each; three at most.
    pub moments: Vec<TrendMoment>,
}

/// A moment at which something is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendMoment {
    /// Its episode and that one's title.
    pub episode: (EpisodeId, String),
    /// The clip that it is in.
    pub clip: Option<ClipId>,
    /// The word, in the transcript that is read; `None` where only the clip is known.
    pub word: Option<usize>,
    /// Where to play from it.
    pub url: String,
}

/// A name or, by its number, a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Term {
    Name(NameId),
    Keyword(u32),
}

impl Library {
    /// What clips talk about, by day or week, what rises first. Advertisements are left out, and so are episodes
    /// without a day. All clips are read the first time, and then what changed.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) where there is no such show,
    /// [`ErrorKind::BadInput`](crate::ErrorKind::BadInput) where the last day is before the first.
    pub fn trends(&self, request: &TrendsRequest) -> Result<Trends> {
        self.check(request)?;
        let table = self.clip_table()?;
        let (rows, undated) = wanted(&table, request);
        let is_bounded = request.since.is_some() || request.until.is_some();
        let most = if is_bounded { MOST_PERIODS } else { USUAL_PERIODS };
        let Some(calendar) = Calendar::of(rows.iter().map(|row| row.date), request.by, most) else {
            return Ok(Trends { undated, ..Trends::default() });
        };
        let (rows, earlier): (Vec<Dated<'_>>, Vec<Dated<'_>>) =
            rows.into_iter().partition(|row| calendar.period(row.date).is_some());
        let talk = Talk::of(&rows, &calendar);
        let mut found: Vec<Found> = terms(&table, &rows, request)
            .into_iter()
            .map(|(term, said)| talk.found(&table, &calendar, term, said))
            .filter(|found| found.trend.total >= LEAST)
            .collect();
        found.sort_by(|a, b| {
            let (one, other) = (&a.trend, &b.trend);
            let by_weight = other.rising.total_cmp(&one.rising).then(other.total.cmp(&one.total));
            by_weight.then_with(|| one.text.cmp(&other.text)).then(a.term.cmp(&b.term))
        });
        found.truncate(request.limit.min(MOST));
        let mut titles = HashMap::new();
        let mut trends = Vec::with_capacity(found.len());
        for Found { term, said, mut trend } in found {
            trend.moments = self.moments(&table, term, said, &mut titles)?;
            trends.push(trend);
        }
        let episodes = |rows: &[Dated<'_>]| rows.iter().map(|row| row.row.episode).collect::<HashSet<_>>().len();
        let (earlier, episodes) = (episodes(&earlier), episodes(&rows));
        Ok(Trends { periods: calendar.days(), rows: trends, undated, earlier, episodes })
    }

    /// Whether what is asked for can be.
    fn check(&self, request: &TrendsRequest) -> Result<()> {
        if let Some(show) = request.show
            && self.store.show(show)?.is_none()
        {
            let error = Error::new(ErrorKind::NotFound, format!("there is no show {show}"));
            return Err(error.remedy("`earwitness list --shows` lists them"));
        }
        match (request.since, request.until) {
            (Some(since), Some(until)) if until < since => {
                let error = Error::new(ErrorKind::BadInput, format!("{until} is before {since}"));
                Err(error.remedy("Give the first day as `since` and the last as `until`"))
            }
            _ => Ok(()),
        }
    }

    /// Where it was said last, once an episode.
    fn moments(
        &self,
        table: &ClipTable,
        term: Term,
        mut said: Vec<Said<'_>>,
        titles: &mut HashMap<EpisodeId, Option<String>>,
    ) -> Result<Vec<TrendMoment>> {
        said.sort_by(|a, b| {
            let newest = b.of.date.cmp(&a.of.date).then(b.of.row.episode.cmp(&a.of.row.episode));
            newest.then(a.of.row.seq.cmp(&b.of.row.seq))
        });
        said.dedup_by_key(|said| said.of.row.episode);
        let mut moments = Vec::new();
        for row in said.into_iter().map(|said| said.of.row).take(MOMENTS) {
            let title = match titles.get(&row.episode) {
                Some(title) => title.clone(),
                None => self.store.episode(row.episode)?.map(|episode| episode.title),
            };
            titles.insert(row.episode, title.clone());
            // Removed at this very moment.
            let Some(title) = title else { continue };
            let found = match term {
                Term::Name(name) => self.store.first_said(row.transcript, &row.words, name)?,
                Term::Keyword(word) => self.first_of(row, &table.keywords[word as usize].folded)?,
            };
            let (word, start) = found.map_or((None, None), |(word, start)| (Some(word), start));
            let start = start.or(row.span.filter(|_| word.is_none()).map(Span::start));
            let url = moment_url(row.episode, start, word.unwrap_or(row.words.start));
            moments.push(TrendMoment { episode: (row.episode, title), clip: Some(row.id), word, url });
        }
        Ok(moments)
    }

    /// The first word, with its time, at which a clip says a keyword.
    fn first_of(&self, row: &ClipRow, keyword: &str) -> Result<Option<(usize, Option<u64>)>> {
        let keyword: Vec<&str> = keyword.split_whitespace().collect();
        let words = self.store.words(row.transcript, row.words.clone())?;
        let folded: Vec<String> = words.iter().map(|word| fold_name(&word.text)).collect();
        let at = folded.windows(keyword.len().max(1)).position(|window| window.iter().eq(keyword.iter()));
        Ok(at.map(|at| (row.words.start + at, words[at].span.map(Span::start))))
    }
}

/// A clip whose day is known.
#[derive(Clone, Copy)]
struct Dated<'a> {
    date: EpisodeDate,
    row: &'a ClipRow,
}

/// A clip that says something, and how often.
#[derive(Clone, Copy)]
struct Said<'a> {
    of: Dated<'a>,
    count: u32,
}

struct Found<'a> {
    term: Term,
    said: Vec<Said<'a>>,
    trend: Trend,
}

/// The clips that count, and how many episodes do not because nobody knows their day.
fn wanted<'a>(table: &'a ClipTable, request: &TrendsRequest) -> (Vec<Dated<'a>>, usize) {
    let mut undated = HashSet::new();
    let mut rows = Vec::new();
    for row in table.rows.iter().filter(|row| request.show.is_none_or(|show| row.show == Some(show))) {
        let Some(date) = row.date else {
            undated.insert(row.episode);
            continue;
        };
        if request.since.is_none_or(|since| since <= date) && request.until.is_none_or(|until| date <= until) {
            rows.push(Dated { date, row });
        }
    }
    (rows, undated.len())
}

/// What the clips say.
fn terms<'a>(table: &ClipTable, rows: &[Dated<'a>], request: &TrendsRequest) -> BTreeMap<Term, Vec<Said<'a>>> {
    let is_wanted = |kind| request.kinds.is_empty() || request.kinds.contains(&kind);
    let mut terms: BTreeMap<Term, Vec<Said<'a>>> = BTreeMap::new();
    let (mut seen, mut names) = (HashSet::new(), HashSet::new());
    for &of in rows {
        for (name, count) in &of.row.names {
            let Some((text, kind)) = table.names.get(name) else { continue };
            if seen.insert(*name) {
                names.insert(fold_name(text));
            }
            if kind.and_then(kind_of).is_some_and(is_wanted) {
                terms.entry(Term::Name(*name)).or_default().push(Said { of, count: *count });
            }
        }
    }
    if is_wanted(TrendKind::Keywords) {
        for &of in rows {
            for word in &of.row.keywords {
                terms.entry(Term::Keyword(*word)).or_default().push(Said { of, count: 1 });
            }
        }
        // A name is counted as one.
        terms.retain(|term, _| match term {
            Term::Name(_) => true,
            Term::Keyword(word) => !names.contains(&table.keywords[*word as usize].folded),
        });
    }
    terms
}

fn kind_of(kind: NameKind) -> Option<TrendKind> {
    match kind {
        NameKind::Person => Some(TrendKind::People),
        NameKind::Place => Some(TrendKind::Places),
        NameKind::Organisation => Some(TrendKind::Organisations),
        NameKind::Thing => None,
    }
}

/// How much was said at all, lately and before.
struct Talk {
    recent: f32,
    before: f32,
}

impl Talk {
    fn of(rows: &[Dated<'_>], calendar: &Calendar) -> Self {
        let (recent, before) = weights(rows.iter().copied(), calendar);
        Self { recent, before }
    }

    fn found<'a>(&self, table: &ClipTable, calendar: &Calendar, term: Term, said: Vec<Said<'a>>) -> Found<'a> {
        let mut counts = vec![0; calendar.periods()];
        for said in &said {
            if let Some(count) = calendar.period(said.of.date).and_then(|period| counts.get_mut(period)) {
                *count += said.count;
            }
        }
        let (recent, before) = weights(said.iter().map(|said| said.of), calendar);
        let (name, text, kind) = match term {
            Term::Name(name) => {
                let (text, kind) = &table.names[&name];
                (Some(name), text.clone(), kind.and_then(kind_of).unwrap_or(TrendKind::People))
            }
            Term::Keyword(word) => (None, table.keywords[word as usize].text.clone(), TrendKind::Keywords),
        };
        let lately = said.iter().filter(|said| calendar.is_recent(said.of.date)).map(|said| said.of.row.episode);
        let is_told = lately.collect::<HashSet<_>>().len() >= LEAST_EPISODES;
        let rising = rising((recent, before), (self.recent, self.before));
        let rising = if is_told { rising } else { rising.min(0.0) };
        let total = counts.iter().sum();
        Found { term, said, trend: Trend { name, text, kind, counts, total, rising, moments: Vec::new() } }
    }
}

/// What clips weigh, of the last periods and of those before: each episode the logarithm of one more than its clips,
/// so that one clip weighs one. Clips of an episode come together.
fn weights<'a>(clips: impl Iterator<Item = Dated<'a>>, calendar: &Calendar) -> (f32, f32) {
    let (mut recent, mut before) = (0.0, 0.0);
    let mut add = |clips: u32, date: EpisodeDate| {
        let weight = (clips as f32 + 1.0).log2();
        if calendar.is_recent(date) { recent += weight } else { before += weight }
    };
    let mut last: Option<(EpisodeId, u32, EpisodeDate)> = None;
    for clip in clips {
        last = match last {
            Some((episode, count, date)) if episode == clip.row.episode => Some((episode, count + 1, date)),
            other => {
                if let Some((_, count, date)) = other {
                    add(count, date);
                }
                Some((clip.row.episode, 1, clip.date))
            }
        };
    }
    if let Some((_, count, date)) = last {
        add(count, date);
    }
    (recent, before)
}

/// The log-likelihood ratio of what was said lately and before, of so much talk in all, with the sign of its change.
/// Half a clip is taken for chance (the correction of Yates 1934).
fn rising((recent, before): (f32, f32), (all_recent, all_before): (f32, f32)) -> f32 {
    if all_recent <= 0.0 || all_before <= 0.0 {
        return 0.0;
    }
    let expected = all_recent * (recent + before) / (all_recent + all_before);
    let expected_before = recent + before - expected;
    let change = recent - expected;
    let seen = if change.abs() <= 0.5 { expected } else { recent - 0.5 * change.signum() };
    let part = |seen: f32, expected: f32| if seen > 0.0 { seen * (seen / expected).ln() } else { 0.0 };
    let ratio = 2.0 * (part(seen, expected) + part(recent + before - seen, expected_before));
    if ratio > 0.0 { ratio * change.signum() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_more_than_before_rises() {
        let check = |said: (f32, f32), all: (f32, f32), expected: f32| {
            assert_eq!((rising(said, all) * 10.0).round() / 10.0, expected, "{said:?} of {all:?}");
        };
        check((10.0, 0.0), (100.0, 300.0), 22.7);
        check((0.0, 10.0), (100.0, 100.0), -9.9);
        check((5.0, 15.0), (100.0, 300.0), 0.0);
        // Once is chance, and where nothing came before nothing can be told.
        check((1.0, 0.0), (100.0, 100.0), 0.0);
        check((1.0, 0.0), (100.0, 900.0), 1.0);
        check((10.0, 0.0), (100.0, 0.0), 0.0);
    }
}
