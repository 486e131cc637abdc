//! `trends`: what is spoken of more, and what less.

use super::Context;
use crate::dto::TrendsDto;
use crate::exit::{Ending, Outcome};
use crate::terminal::{Look, count, harmless};
use clap::{Args, ValueEnum};
use ear_engine::core::EpisodeDate;
use ear_engine::{Trend, TrendBy, TrendKind, TrendMoment, Trends, TrendsRequest};

/// As many columns as a sparkline takes at most; longer ones have several periods in one.
const WIDEST: usize = 32;
/// Rises and falls of this much are met by chance once in twenty.
const TELLING: f32 = 3.8;
/// How wide a column of names may be.
const WIDEST_NAME: usize = 32;

/// See which people, places and keywords come up more than before, and which less
///
/// Counts how often they are said in the episodes of each week or day, those that rise most first. Advertisements
/// do not count, nor do episodes without a date. Unless --since or --until is given, the last 48 weeks or days are
/// looked at, up to the newest episode. Only what at least two recent episodes say can rise.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct TrendsArgs {
    /// Only this show: its id or its name
    #[arg(long, value_name = "SHOW")]
    show: Option<String>,
    /// How long a period is
    #[arg(long, value_name = "PERIOD", default_value = "week")]
    by: Period,
    /// Only these; may be given more than once [default: all]
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<Kind>,
    /// Only episodes of this day or later, as 2020-01-31
    #[arg(long, value_name = "DATE")]
    since: Option<EpisodeDate>,
    /// Only episodes of this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<EpisodeDate>,
    /// Show this many at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
}

const EXAMPLES: &str = "\
Examples:
  earwitness trends
  earwitness trends --show 'Post Reports' --by day --since 2020-01-01
  earwitness trends --kind people,places --limit 5
  earwitness trends --kind keywords --json";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Period {
    /// A day
    Day,
    /// A week, from Monday
    Week,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// People
    People,
    /// Places
    Places,
    /// Organisations
    Organisations,
    /// Keywords of clips
    Keywords,
}

impl Kind {
    fn of_engine(self) -> TrendKind {
        match self {
            Self::People => TrendKind::People,
            Self::Places => TrendKind::Places,
            Self::Organisations => TrendKind::Organisations,
            Self::Keywords => TrendKind::Keywords,
        }
    }
}

pub fn run(context: &Context, args: &TrendsArgs) -> Outcome {
    let library = context.library()?;
    let by = match args.by {
        Period::Day => TrendBy::Day,
        Period::Week => TrendBy::Week,
    };
    let request = TrendsRequest {
        show: args.show.as_deref().map(|show| library.find_show(show)).transpose()?,
        by,
        since: args.since,
        until: args.until,
        kinds: args.kind.iter().map(|kind| kind.of_engine()).collect(),
        limit: usize::from(args.limit),
    };
    let trends = library.trends(&request)?;
    context.print(&TrendsDto::new(&trends, by), || text(&trends, by, context.look))?;
    if trends.undated > 0 && !context.json {
        let episodes = count(trends.undated, "episode", "episodes");
        context.talk.note(&format!("note: {episodes} left out for want of a date; `earwitness edit` sets one"));
    }
    if trends.earlier > 0 && !context.json {
        let episodes = count(trends.earlier, "older episode", "older episodes");
        context.talk.note(&format!("note: {episodes} left out; `--since`, `--until` and `--by week` go further back"));
    }
    Ok(Ending::Done)
}

fn text(trends: &Trends, by: TrendBy, look: Look) -> String {
    let (Some(first), Some(last)) = (trends.periods.first(), trends.periods.last()) else {
        return "nothing to count yet".into();
    };
    let (one, more) = match by {
        TrendBy::Day => ("day", "days"),
        TrendBy::Week => ("week", "weeks"),
    };
    let head = format!(
        "{} in {}, {first} to {last}",
        count(trends.episodes, "episode", "episodes"),
        count(trends.periods.len(), one, more)
    );
    let names: Vec<String> = trends.rows.iter().map(|row| harmless(&row.text).into_owned()).collect();
    let widths = names.iter().map(|name| console::measure_text_width(name));
    let width = widths.filter(|width| *width <= WIDEST_NAME).max().unwrap_or(0);
    let line = |(name, row): (&String, &Trend)| {
        let gap = " ".repeat(width.saturating_sub(console::measure_text_width(name)));
        let line = sparkline(&row.counts);
        let times = format!("×{}", row.total);
        let line = format!("{} {}{gap}  {:<12}  {line}  {times:>5}", mark(row), look.bold(name), kind(row.kind));
        let newest =
            row.moments.first().map(|moment| format!("\n{}", look.dim(&look.wrapped(&newest(moment), "    "))));
        line + &newest.unwrap_or_default()
    };
    let lines: Vec<String> = names.iter().zip(&trends.rows).map(line).collect();
    let lines = if lines.is_empty() { "  nothing comes up".into() } else { lines.join("\n") };
    format!("{}\n\n{lines}", look.bold(&head))
}

/// Whether it rises or falls; what may well be chance does neither.
fn mark(trend: &Trend) -> char {
    match trend.rising {
        TELLING.. => '↑',
        rising if rising <= -TELLING => '↓',
        _ => ' ',
    }
}

fn kind(kind: TrendKind) -> &'static str {
    match kind {
        TrendKind::People => "person",
        TrendKind::Places => "place",
        TrendKind::Organisations => "organisation",
        TrendKind::Keywords => "keyword",
    }
}

/// Where it came up last, and how to read on there.
fn newest(moment: &TrendMoment) -> String {
    let read = match moment.clip {
        Some(clip) => format!("earwitness clips show {clip}"),
        None => format!("earwitness show {}", moment.episode.0),
    };
    format!("last in {} · {read}", harmless(&moment.episode.1))
}

/// Counts as bars, the highest of them the most there is. Where there are too many, neighbours are added up.
fn sparkline(counts: &[u32]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let together = counts.len().div_ceil(WIDEST).max(1);
    // From the end, so that the last bar has as many periods as the others.
    let mut sums: Vec<u64> = counts.rchunks(together).map(|part| part.iter().map(|&n| u64::from(n)).sum()).collect();
    sums.reverse();
    let most = sums.iter().copied().max().unwrap_or(0).max(1);
    // Nothing is the lowest bar, and anything is above it.
    let bar = |&sum: &u64| BARS[usize::try_from((sum * 7).div_ceil(most)).unwrap_or(7).min(7)];
    sums.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::trend_samples as samples;

    #[test]
    fn trends_read_well() {
        insta::assert_snapshot!(text(&samples::trends(), TrendBy::Week, Look::plain(Some(80))));
        let none = Trends { periods: vec![], rows: vec![], ..samples::trends() };
        assert_eq!(text(&none, TrendBy::Day, Look::plain(None)), "nothing to count yet");
    }

    #[test]
    fn bars_are_as_high_as_counts() {
        for (counts, expected) in [
            (&[][..], ""),
            (&[0, 0], "▁▁"),
            (&[0, 1, 2, 7], "▁▂▃█"),
            (&[0, 1, 100], "▁▂█"),
            (&[5], "█"),
            (&[u32::MAX, 0], "█▁"),
        ] {
            assert_eq!(sparkline(counts), expected, "{counts:?}");
        }
        let year = sparkline(&[1; 365]);
        assert_eq!((year.chars().count(), year.chars().filter(|bar| *bar == '█').count()), (31, 30), "{year}");
    }
}
