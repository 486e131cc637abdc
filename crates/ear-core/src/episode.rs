//! What is known of an episode beside its words.

use crate::Millis;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A part of an episode as its publisher marked it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    /// Where it begins, in milliseconds.
    pub start: Millis,
    /// Where it ends, where the publisher says so.
    pub end: Option<Millis>,
    /// Its title; may be empty.
    pub title: String,
    /// A page about it: http or https.
    pub url: Option<String>,
}

/// Someone whom the publisher names in an episode or a show.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Credit {
    /// The name as it was written.
    pub name: String,
    /// What they did, such as "guest"; lower case.
    pub role: Option<String>,
    /// A page about them: http or https.
    pub url: Option<String>,
}

/// The day an episode was published, as `YYYY-MM-DD`. Ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EpisodeDate {
    year: u16,
    month: u8,
    day: u8,
}

/// A date that was not `YYYY-MM-DD`, or no day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date: write it as 2020-01-31")]
pub struct InvalidDate(pub String);

impl EpisodeDate {
    /// The day as one number that sorts by time: 20200131.
    pub fn as_number(self) -> u32 {
        u32::from(self.year) * 10_000 + u32::from(self.month) * 100 + u32::from(self.day)
    }

    /// How many days it lies after `other`; negative if before.
    pub fn days_after(self, other: Self) -> i64 {
        self.day_number() - other.day_number()
    }

    /// Days since the beginning of March of the year 0: March begins the year, so that the leap day is its last.
    fn day_number(self) -> i64 {
        let (month, year) = match self.month {
            1 | 2 => (i64::from(self.month) + 9, i64::from(self.year) - 1),
            _ => (i64::from(self.month) - 3, i64::from(self.year)),
        };
        // Months of 31 and 30 days take turns in fives: 153 days each.
        let of_months = (153 * month + 2) / 5;
        365 * year + year / 4 - year / 100 + year / 400 + of_months + i64::from(self.day) - 1
    }
}

impl FromStr for EpisodeDate {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        parse(text).ok_or_else(|| InvalidDate(text.chars().take(40).collect()))
    }
}

fn parse(text: &str) -> Option<EpisodeDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| -> Option<u16> {
        let digits = text.get(range)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let (year, month, day) = (number(0..4)?, number(5..7)? as u8, number(8..10)? as u8);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(leap),
        _ => return None,
    };
    (year > 0 && (1..=days).contains(&day)).then_some(EpisodeDate { year, month, day })
}

impl fmt::Display for EpisodeDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl TryFrom<String> for EpisodeDate {
    type Error = InvalidDate;

    fn try_from(text: String) -> Result<Self, InvalidDate> {
        text.parse()
    }
}

impl From<EpisodeDate> for String {
    fn from(date: EpisodeDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        for text in ["2020-01-07", "2020-02-29", "2000-02-29", "1999-12-31"] {
            assert_eq!(text.parse::<EpisodeDate>().map(|date| date.to_string()), Ok(text.to_owned()));
        }
        for text in [
            "2019-02-29",
            "1900-02-29",
            "2020-1-07",
            "2020-13-01",
            "2020-00-10",
            "2020-04-31",
            "today",
            "",
            "２０２０-01-01",
            "+020-01-01",
        ] {
            assert!(text.parse::<EpisodeDate>().is_err(), "{text}");
        }
    }
    #[test]
    fn days_between_dates() {
        let check = |later: &str, earlier: &str, days: i64| {
            let (later, earlier): (EpisodeDate, EpisodeDate) = (later.parse().unwrap(), earlier.parse().unwrap());
            assert_eq!((later.days_after(earlier), earlier.days_after(later)), (days, -days));
        };
        check("2020-01-09", "2020-01-07", 2);
        check("2020-03-01", "2020-02-28", 2);
        check("2019-03-01", "2019-02-28", 1);
        check("2021-01-01", "2020-01-01", 366);
        check("2000-03-01", "1900-03-01", 36_525);
        check("2020-01-07", "2020-01-07", 0);
    }
}
