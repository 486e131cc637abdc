//! What is talked about more and more, by day and by week.

use super::rows::Day;
use super::{Layout, address, render};
use crate::server::error::PageError;
use crate::server::fields::Fields;
use crate::server::state::Shared;
use crate::server::text;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ear_core::{NameId, ShowId};
use ear_engine::{Trend, TrendBy, TrendKind, Trends, TrendsRequest};

/// How many are listed.
const MOST: usize = 40;

/// How many shows are offered to choose from.
const MOST_SHOWS: usize = 500;

/// What is met by chance once in twenty is no mark worth.
const MARKED: f32 = 3.8;

/// The height of a sparkline, in its own units.
const HEIGHT: u32 = 20;

/// How many bars it has at most: more can't be told apart on a telephone.
const MOST_BARS: usize = 48;

/// Kinds as addresses name them, and as they are read.
const KINDS: [(&str, Option<TrendKind>, &str); 5] = [
    ("", None, "All"),
    ("people", Some(TrendKind::People), "People"),
    ("places", Some(TrendKind::Places), "Places"),
    ("organisations", Some(TrendKind::Organisations), "Organisations"),
    ("keywords", Some(TrendKind::Keywords), "Keywords"),
];

/// Periods as addresses name them, and as they are read.
const PERIODS: [(&str, TrendBy, &str); 2] = [("", TrendBy::Week, "By week"), ("day", TrendBy::Day, "By day")];

#[derive(Template)]
#[template(path = "trends.html")]
struct Page {
    layout: Layout,
    asked: Asked,
    shows: Vec<(ShowId, String)>,
    kinds: Vec<Choice>,
    periods: Vec<Choice>,
    rows: Vec<Row>,
    /// What was counted, in a sentence.
    counted: Option<String>,
    /// Episodes that were left out for want of a date.
    undated: usize,
    /// Episodes that are older than what is shown.
    earlier: usize,
}

/// What the visitor asked, as they wrote it.
struct Asked {
    show: String,
    by: String,
    kind: String,
    since: String,
    until: String,
}

struct Choice {
    label: &'static str,
    address: String,
    chosen: bool,
}

struct Row {
    name: Option<NameId>,
    text: String,
    kind: &'static str,
    /// Where a keyword is looked for.
    search: String,
    spark: Spark,
    total: u32,
    /// "rising" or "falling".
    trend: Option<&'static str>,
    moments: Vec<(String, String)>,
}

/// Counts as small bars.
struct Spark {
    /// How many units it is wide.
    width: usize,
    /// The bars, as SVG writes paths.
    path: String,
    /// The same for those who don't see it.
    told: String,
}

/// `GET /trends`
pub(crate) async fn trends(State(app): State<Shared>, fields: Fields) -> Result<Response, PageError> {
    let text = |name| fields.text(name).to_owned();
    let asked =
        Asked { show: text("show"), by: text("by"), kind: text("kind"), since: text("since"), until: text("until") };
    let periods: Vec<(&str, TrendBy)> =
        PERIODS.iter().map(|(name, by, _)| (*name, *by)).chain([("week", TrendBy::Week)]).collect();
    let by = fields.one_of("by", &periods)?;
    let kinds: Vec<(&str, Option<TrendKind>)> = KINDS.iter().map(|(name, kind, _)| (*name, *kind)).collect();
    let request = TrendsRequest {
        show: fields.parsed::<ShowId>("show")?,
        by,
        since: fields.parsed("since")?,
        until: fields.parsed("until")?,
        kinds: fields.one_of("kind", &kinds)?.into_iter().collect(),
        limit: MOST,
    };
    let (shows, trends) = app.ask(move |library| Ok((library.shows()?, library.trends(&request)?))).await?;
    let choices = |pairs: Vec<(&'static str, &'static str)>, chosen: &str, to: &dyn Fn(&str) -> String| {
        let choice = |(name, label): (&str, &'static str)| Choice { label, address: to(name), chosen: name == chosen };
        pairs.into_iter().map(choice).collect::<Vec<_>>()
    };
    let chosen = if by == TrendBy::Week { "" } else { asked.by.as_str() };
    let layout = Layout::new("Trends");
    Ok(render(&Page {
        layout,
        kinds: choices(KINDS.map(|kind| (kind.0, kind.2)).into(), &asked.kind, &|kind| asked.address(chosen, kind)),
        periods: choices(PERIODS.map(|by| (by.0, by.2)).into(), chosen, &|by| asked.address(by, &asked.kind)),
        shows: shows.into_iter().take(MOST_SHOWS).map(|show| (show.id, show.title)).collect(),
        counted: counted(&trends),
        undated: trends.undated,
        earlier: trends.earlier,
        rows: rows(trends, by),
        asked,
    }))
}

impl Asked {
    fn address(&self, by: &str, kind: &str) -> String {
        let values =
            [("show", self.show.as_str()), ("by", by), ("kind", kind), ("since", &self.since), ("until", &self.until)];
        address("/trends", &values)
    }

    fn is_narrowed(&self) -> bool {
        [&self.show, &self.since, &self.until].iter().any(|value| !value.is_empty())
    }
}

fn counted(trends: &Trends) -> Option<String> {
    let (first, last) = (*trends.periods.first()?, *trends.periods.last()?);
    let episodes = text::count(trends.episodes, "episode");
    Some(format!("{episodes}, from {} to {}", text::day(first), text::day(last)))
}

fn rows(trends: Trends, by: TrendBy) -> Vec<Row> {
    let Trends { periods, rows, .. } = trends;
    let days: Vec<String> = periods.into_iter().map(|day| Day::from(day).text).collect();
    rows.into_iter().map(|trend| row(trend, &days, by)).collect()
}

fn row(trend: Trend, days: &[String], by: TrendBy) -> Row {
    let spark = Spark::new(&trend, days, by);
    let asked = if trend.text.contains(' ') { format!("\"{}\"", trend.text) } else { trend.text.clone() };
    Row {
        name: trend.name,
        search: address("/search", &[("q", &asked)]),
        kind: match trend.kind {
            TrendKind::People => "person",
            TrendKind::Places => "place",
            TrendKind::Organisations => "organisation",
            TrendKind::Keywords => "keyword",
        },
        spark,
        total: trend.total,
        trend: match trend.rising {
            MARKED.. => Some("rising"),
            falling if falling <= -MARKED => Some("falling"),
            _ => None,
        },
        moments: trend.moments.into_iter().map(|moment| (moment.url, moment.episode.1)).collect(),
        text: trend.text,
    }
}

impl Spark {
    fn new(trend: &Trend, days: &[String], by: TrendBy) -> Self {
        use std::fmt::Write;
        let most = trend.counts.iter().copied().max().unwrap_or_default().max(1);
        let bars = bars(&trend.counts);
        let highest = bars.iter().copied().max().unwrap_or_default().max(1);
        let mut path = String::new();
        for (at, count) in bars.iter().enumerate().filter(|(_, count)| **count > 0) {
            // What was said at all can be seen.
            let high = (u64::from(*count) * u64::from(HEIGHT)).div_ceil(u64::from(highest)).max(2);
            // Writing to a string does not fail.
            write!(path, "M{} {HEIGHT}v-{high}h3v{high}z", at * 4).unwrap_or_default();
        }
        let (one, of) = if by == TrendBy::Week { ("week", "the week of ") } else { ("day", "") };
        let peak = trend.counts.iter().position(|count| *count == most);
        let day = peak.and_then(|at| days.get(at)).map(|day| format!("; most on {of}{day}: {most}"));
        let day = day.map(|day| if by == TrendBy::Week { day.replace("on the", "in the") } else { day });
        Self {
            width: bars.len().max(1) * 4 - 1,
            path,
            told: format!("{} in {}{}", trend.total, text::count(trend.counts.len(), one), day.unwrap_or_default()),
        }
    }
}

/// Counts of periods, of as many together as it takes; the last bar ends with the last period.
fn bars(counts: &[u32]) -> Vec<u32> {
    let each = counts.len().div_ceil(MOST_BARS).max(1);
    let mut bars: Vec<u32> = counts.rchunks(each).map(|some| some.iter().sum()).collect();
    bars.reverse();
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trend(counts: &[u32]) -> Trend {
        Trend {
            name: None,
            text: "tea".into(),
            kind: TrendKind::Keywords,
            counts: counts.to_vec(),
            total: counts.iter().sum(),
            rising: 4.0,
            moments: Vec::new(),
        }
    }

    #[test]
    fn sparklines_are_bars_and_words() {
        let days = ["6 January 2020", "13 January 2020", "20 January 2020"].map(str::to_owned);
        let spark = Spark::new(&trend(&[1, 0, 40]), &days, TrendBy::Week);
        assert_eq!((spark.width, spark.path.as_str()), (11, "M0 20v-2h3v2zM8 20v-20h3v20z"));
        assert_eq!(spark.told, "41 in 3 weeks; most in the week of 20 January 2020: 40");
        let spark = Spark::new(&trend(&[2]), &days, TrendBy::Day);
        assert_eq!(spark.told, "2 in 1 day; most on 6 January 2020: 2");
        assert_eq!(Spark::new(&trend(&[]), &[], TrendBy::Day).told, "0 in 0 days");
    }

    #[test]
    fn long_times_have_fewer_bars() {
        assert_eq!(bars(&[1, 2, 3]), [1, 2, 3]);
        let counts: Vec<u32> = (0..100).map(|_| 1).collect();
        let long = bars(&counts);
        assert_eq!((long.len(), long[0], long[33]), (34, 1, 3));
    }

    #[test]
    fn only_what_is_no_chance_is_marked() {
        let marked = |rising| row(Trend { rising, ..trend(&[1, 1]) }, &[], TrendBy::Week).trend;
        assert_eq!([3.7, 3.8, -3.8, 0.0].map(marked), [None, Some("rising"), Some("falling"), None]);
    }
}
