//! Days and weeks, one after another.

use super::TrendBy;
use ear_core::EpisodeDate;

/// More periods than this tell no more; the newest are kept.
pub(super) const MOST_PERIODS: i64 = 1000;
/// So many where nobody said from when to when: one very old episode is not to make all others look new.
pub(super) const USUAL_PERIODS: i64 = 48;

/// Periods, counted from a Monday.
pub(super) struct Calendar {
    first: i64,
    last: i64,
    /// Days of a period.
    length: i64,
    /// The periods at the end that are compared with those before.
    recent: i64,
}

impl Calendar {
    /// The Monday before all others.
    const START: jiff::civil::Date = jiff::civil::date(1, 1, 1);

    /// The newest periods up to the last of these days, at most so many.
    pub(super) fn of(dates: impl Iterator<Item = EpisodeDate> + Clone, by: TrendBy, most: i64) -> Option<Self> {
        let (length, most_recent) = match by {
            TrendBy::Day => (1, 7),
            TrendBy::Week => (7, 4),
        };
        let periods = dates.map(|date| day(date).div_euclid(length));
        let (first, last) = (periods.clone().min()?, periods.max()?);
        let first = first.max(last - most + 1);
        Some(Self { first, last, length, recent: ((last - first + 1) / 4).clamp(1, most_recent) })
    }

    /// The period that a day is in; `None` for days before the first.
    pub(super) fn period(&self, date: EpisodeDate) -> Option<usize> {
        let period = day(date).div_euclid(self.length);
        (period >= self.first).then(|| usize::try_from(period - self.first).ok())?
    }

    pub(super) fn is_recent(&self, date: EpisodeDate) -> bool {
        day(date).div_euclid(self.length) > self.last - self.recent
    }

    /// How many periods there are.
    pub(super) fn periods(&self) -> usize {
        usize::try_from(self.last - self.first + 1).unwrap_or(0)
    }

    /// The first day of each period.
    pub(super) fn days(&self) -> Vec<EpisodeDate> {
        let day = |period: i64| {
            let span = jiff::Span::new().try_days(period * self.length).ok()?;
            Self::START.checked_add(span).ok()?.to_string().parse().ok()
        };
        (self.first..=self.last).filter_map(day).collect()
    }
}

/// Days since [`Calendar::START`].
fn day(date: EpisodeDate) -> i64 {
    let number = date.as_number();
    let part = |number: u32| i8::try_from(number).unwrap_or(1);
    let year = i16::try_from(number / 10_000).unwrap_or(1);
    let date = jiff::civil::date(year, part(number / 100 % 100), part(number % 100));
    i64::from(Calendar::START.until(date).map_or(0, |span| span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday() {
        for (text, week) in [("0001-01-01", 0), ("0001-01-08", 1), ("2020-01-05", 105_346), ("2020-01-06", 105_347)] {
            assert_eq!(day(text.parse().unwrap()).div_euclid(7), week, "{text}");
        }
        assert!(Calendar::of([].into_iter(), TrendBy::Week, MOST_PERIODS).is_none());
    }

    #[test]
    fn the_newest_periods_are_kept() {
        let dates: Vec<EpisodeDate> =
            ["1900-01-01", "2019-12-31", "2020-01-01"].iter().map(|date| date.parse().unwrap()).collect();
        let calendar = Calendar::of(dates.iter().copied(), TrendBy::Day, MOST_PERIODS).unwrap();
        let days = calendar.days();
        assert_eq!((days.len(), calendar.periods(), days[999].to_string().as_str()), (1000, 1000, "2020-01-01"));
        assert_eq!((calendar.period(dates[0]), calendar.period(dates[1])), (None, Some(998)));
        assert!(calendar.is_recent(days[993]) && !calendar.is_recent(days[992]));
        let usual = Calendar::of(dates.iter().copied(), TrendBy::Week, USUAL_PERIODS).unwrap();
        assert_eq!((usual.periods(), usual.period(dates[0]), usual.period(dates[2])), (48, None, Some(47)));
    }
}
