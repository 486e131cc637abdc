//! What is spoken of more, and what less.

use ear_engine::core::{ClipId, EpisodeDate, EpisodeId, NameId};
use ear_engine::{Trend, TrendBy, TrendKind, TrendMoment, Trends};
use serde::Serialize;

/// How often people, places, organisations and keywords come up over time.
#[derive(Debug, Serialize)]
pub struct TrendsDto {
    /// `day` or `week`.
    by: &'static str,
    /// The first day of each period, ascending, none left out.
    periods: Vec<EpisodeDate>,
    /// Episodes that were counted.
    episodes: usize,
    /// Episodes that were left out because nobody knows their date.
    undated: usize,
    /// Episodes that were left out because they are older than the first period.
    earlier: usize,
    trends: Vec<TrendDto>,
}

/// How often one of them comes up.
#[derive(Debug, Serialize)]
pub struct TrendDto {
    /// Null for keywords.
    name_id: Option<NameId>,
    text: String,
    kind: &'static str,
    /// One for each period.
    counts: Vec<u32>,
    total: u32,
    /// Above 0 it rises, below 0 it falls.
    rising: f32,
    /// The newest moments.
    moments: Vec<TrendMomentDto>,
}

/// A moment at which it came up.
#[derive(Debug, Serialize)]
pub struct TrendMomentDto {
    episode_id: EpisodeId,
    episode: String,
    clip_id: Option<ClipId>,
    start_word: Option<usize>,
    url: String,
}

impl TrendsDto {
    /// These, by day or by week.
    pub fn new(trends: &Trends, by: TrendBy) -> Self {
        Self {
            by: match by {
                TrendBy::Day => "day",
                TrendBy::Week => "week",
            },
            periods: trends.periods.clone(),
            episodes: trends.episodes,
            undated: trends.undated,
            earlier: trends.earlier,
            trends: trends.rows.iter().map(TrendDto::from).collect(),
        }
    }
}

impl From<&Trend> for TrendDto {
    fn from(trend: &Trend) -> Self {
        Self {
            name_id: trend.name,
            text: trend.text.clone(),
            kind: match trend.kind {
                TrendKind::People => "person",
                TrendKind::Places => "place",
                TrendKind::Organisations => "organisation",
                TrendKind::Keywords => "keyword",
            },
            counts: trend.counts.clone(),
            total: trend.total,
            rising: trend.rising,
            moments: trend.moments.iter().map(TrendMomentDto::from).collect(),
        }
    }
}

impl From<&TrendMoment> for TrendMomentDto {
    fn from(moment: &TrendMoment) -> Self {
        Self {
            episode_id: moment.episode.0,
            episode: moment.episode.1.clone(),
            clip_id: moment.clip,
            start_word: moment.word,
            url: moment.url.clone(),
        }
    }
}

/// What tests look at.
#[cfg(test)]
pub mod samples {
    use super::*;

    /// A place that is spoken of more, and a word that is spoken of less.
    pub fn trends() -> Trends {
        let moment = TrendMoment {
            episode: (EpisodeId(7), "The vote".into()),
            clip: Some(ClipId(12)),
            word: Some(3),
            url: "/e/7?t=1.2#t=1.2".into(),
        };
        let place = Trend {
            name: Some(NameId(6)),
            text: "Baghdad".into(),
            kind: TrendKind::Places,
            counts: vec![0, 1, 0, 8],
            total: 9,
            rising: 5.5,
            moments: vec![moment],
        };
        let word = Trend {
            name: None,
            text: "gardening".into(),
            kind: TrendKind::Keywords,
            counts: vec![3, 2, 0, 0],
            total: 5,
            rising: -4.5,
            moments: vec![],
        };
        let days = ["2019-12-16", "2019-12-23", "2019-12-30", "2020-01-06"];
        Trends {
            periods: days.iter().filter_map(|day| day.parse().ok()).collect(),
            rows: vec![place, word],
            undated: 2,
            earlier: 0,
            episodes: 14,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trends_have_the_documented_shape() {
        insta::assert_json_snapshot!(TrendsDto::new(&samples::trends(), TrendBy::Week));
    }
}
