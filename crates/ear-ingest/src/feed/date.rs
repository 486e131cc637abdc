//! Dates and lengths as feeds write them.
//!
//! RSS asks for RFC 822 and Atom for RFC 3339, and feeds write anything between: the parts are taken as they
//! come, in the order of either.

use ear_core::{EpisodeDate, Millis};
use jiff::{
    civil,
    tz::{Offset, TimeZone},
};

/// The longest duration that is believed: 30 days.
const LONGEST: Millis = 30 * 24 * 3_600_000;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Zones by name in minutes east of Greenwich: those of RFC 822, and what else is common in feeds.
const ZONES: [(&str, i32); 22] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("bst", 60),
    ("wet", 0),
    ("west", 60),
    ("cet", 60),
    ("cest", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("jst", 540),
    ("aest", 600),
];

/// A moment of publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// The day where it was published.
    pub date: EpisodeDate,
    /// Milliseconds since 1970 UTC.
    pub unix_ms: i64,
}

/// Reads a date; without a zone it is taken as UTC, without a time as midnight.
pub(super) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    let parts = if text.len() > 64 { None } else { iso(text).or_else(|| rfc822(text)) }?;
    let date = civil::Date::new(parts.year, parts.month, parts.day).ok()?;
    let time = civil::Time::new(parts.hour.min(23), parts.minute.min(59), parts.second.min(59), 0).ok()?;
    let offset = Offset::from_seconds(parts.zone.checked_mul(60)?).ok()?;
    let unix_ms = date.to_datetime(time).to_zoned(TimeZone::fixed(offset)).ok()?.timestamp().as_millisecond();
    Some(Moment { date: date.strftime("%Y-%m-%d").to_string().parse().ok()?, unix_ms })
}

#[derive(Default)]
struct Parts {
    year: i16,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    second: i8,
    /// Minutes east of Greenwich.
    zone: i32,
}

/// `2020-01-31`, `2020-01-31T12:30:00.5+01:00`, `2020-01-31 12:30`, `20200131T123000Z`, `2020-01`.
fn iso(text: &str) -> Option<Parts> {
    let year = text.get(..4)?.parse().ok().filter(|year| *year > 0)?;
    let mut parts = Parts { year, month: 1, day: 1, ..Parts::default() };
    let rest = &text[4..];
    let Some(rest) = two(rest.strip_prefix(['-', '/']).unwrap_or(rest), &mut parts.month) else {
        return rest.is_empty().then_some(parts);
    };
    let Some(rest) = two(rest.strip_prefix(['-', '/']).unwrap_or(rest), &mut parts.day) else {
        return rest.is_empty().then_some(parts);
    };
    let rest = rest.trim_start_matches(['T', 't', ' ']);
    let Some(rest) = two(rest, &mut parts.hour) else { return rest.is_empty().then_some(parts) };
    let rest = two(rest.strip_prefix(':').unwrap_or(rest), &mut parts.minute).unwrap_or(rest);
    let rest = two(rest.strip_prefix(':').unwrap_or(rest), &mut parts.second).unwrap_or(rest);
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',').trim();
    parts.zone = zone(rest).unwrap_or_default();
    Some(parts)
}

/// Two digits, and what follows them.
fn two<'a>(text: &'a str, into: &mut i8) -> Option<&'a str> {
    let digits = text.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    *into = digits.parse().ok()?;
    Some(&text[2..])
}

/// `Mon, 6 Jul 2020 04:00:00 -0000`, also without its weekday, its time, its zone, with a month before the
/// day, a full name of the month, dashes, or two digits of the year.
fn rfc822(text: &str) -> Option<Parts> {
    let (mut parts, mut numbers) = (Parts::default(), Vec::new());
    let words = text.split(|c: char| c.is_whitespace() || c == ',').flat_map(|word| {
        // `6-Jul-2020`, but not `-0400` or `GMT-4`.
        let dashes = word.starts_with(|c: char| c.is_ascii_digit()) && !word.contains(':');
        word.split(move |c| dashes && c == '-')
    });
    for word in words.filter(|word| !word.is_empty()) {
        let lower = word.to_ascii_lowercase();
        if let Some(time) = lower.contains(':').then(|| clock(&lower)).flatten() {
            (parts.hour, parts.minute, parts.second) = time;
        } else if let Some(minutes) = zone(&lower) {
            parts.zone = minutes;
        } else if let Some(month) = month(&lower) {
            parts.month = month;
        } else if let Ok(number) = lower.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<i16>() {
            numbers.push((number, lower.len()));
        } else if lower == "pm" && parts.hour < 12 {
            parts.hour += 12;
        }
    }
    let [(day, _), (year, digits)] = numbers[..] else { return None };
    parts.day = i8::try_from(day).ok()?;
    parts.year = match (year, digits) {
        (0..70, ..=2) => year + 2000,
        (70..100, ..=2) => year + 1900,
        _ => year,
    };
    (parts.month > 0 && parts.year > 0).then_some(parts)
}

fn month(word: &str) -> Option<i8> {
    let start = word.get(..3)?;
    let at = MONTHS.iter().position(|month| *month == start)?;
    word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'.').then_some(at as i8 + 1)
}

fn clock(word: &str) -> Option<(i8, i8, i8)> {
    let mut fields = word.split(':').map(|field| field.split('.').next()?.parse::<i8>().ok().filter(|n| *n >= 0));
    Some((fields.next()??, fields.next()??, fields.next().flatten().unwrap_or_default()))
}

/// `+0100`, `-01:00`, `Z`, `PST`, `GMT+1`: minutes east of Greenwich.
fn zone(word: &str) -> Option<i32> {
    let word = word.to_ascii_lowercase();
    if let Some((_, minutes)) = ZONES.iter().find(|(name, _)| *name == word) {
        return Some(*minutes);
    }
    let word = word.trim_start_matches("gmt").trim_start_matches("utc");
    let (sign, digits) = match word.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-" | "\u{2212}", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    let number: i32 = digits.parse().ok().filter(|_| digits.len() <= 4)?;
    let minutes = if digits.len() <= 2 { number * 60 } else { number / 100 * 60 + number % 100 };
    (minutes <= 18 * 60).then_some(sign * minutes)
}

/// A length: `5400`, `90:00`, `1:30:00.5`, `PT1H30M`, `1h 30m`, `90 min`.
pub(super) fn duration(text: &str) -> Option<Millis> {
    let text = text.trim().to_ascii_lowercase();
    let millis = if text.bytes().any(|byte| byte.is_ascii_alphabetic()) { units(&text) } else { npt(&text) };
    millis.filter(|millis| (1..=LONGEST).contains(millis))
}

/// A moment in a recording: seconds, `mm:ss` or `hh:mm:ss`, with a fraction or without.
pub(super) fn npt(text: &str) -> Option<Millis> {
    let mut seconds = 0.0;
    let fields: Vec<&str> = text.trim().split(':').collect();
    if fields.len() > 3 {
        return None;
    }
    for field in &fields {
        let plain = !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let number: f64 = plain.then(|| field.parse().ok()).flatten()?;
        seconds = seconds * 60.0 + number;
    }
    let millis = (seconds * 1000.0).round();
    // Whatever is longer than that is no moment, and the cast is exact.
    (millis <= LONGEST as f64).then_some(millis as Millis)
}

fn units(text: &str) -> Option<Millis> {
    let text = text.strip_prefix("pt").unwrap_or(text);
    let (mut total, mut number) = (0.0, String::new());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_ascii_digit() || c == '.' {
            number.push(c);
            continue;
        }
        if c.is_whitespace() || c == ',' {
            continue;
        }
        let seconds = match c {
            'h' => 3600.0,
            'm' => 60.0,
            's' => 1.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * seconds;
        number.clear();
        while rest.next_if(|c| c.is_ascii_alphabetic() || *c == '.').is_some() {}
    }
    // The cast saturates.
    number.is_empty().then_some((total * 1000.0).round() as Millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_feeds_write_them() {
        for (text, expected) in [
            ("Mon, 13 Jul 2020 04:00:00 -0000", "2020-07-13 1594612800000"),
            ("Wed, 27 Apr 2011 07:00:00 GMT", "2011-04-27 1303887600000"),
            ("27 Apr 2011 23:30 PST", "2011-04-27 1303975800000"),
            ("Thurs, 1 September 22 1:02:03 +0200", "2022-09-01 1661986923000"),
            ("Monday, 06-Jul-20 04:00:00 UTC", "2020-07-06 1594008000000"),
            ("Mon Jul  6 04:00:00 2020", "2020-07-06 1594008000000"),
            ("July 6, 2020", "2020-07-06 1593993600000"),
            ("Jul 6th, 2020 4:00 PM", "2020-07-06 1594051200000"),
            ("6 Jul 2020 24:00:60 GMT", "2020-07-06 1594076459000"),
            ("2003-12-13T18:30:02Z", "2003-12-13 1071340202000"),
            ("2003-12-13T18:30:02.25+01:00", "2003-12-13 1071336602000"),
            ("2003-12-13 18:30", "2003-12-13 1071340200000"),
            ("20031213T183002Z", "2003-12-13 1071340202000"),
            ("2003-12", "2003-12-01 1070236800000"),
            ("2003", "2003-01-01 1041379200000"),
            ("2020-02-30", "none"),
            ("Mon, 32 Jul 2020", "none"),
            ("yesterday", "none"),
            ("Πέμ, 29 Ιουλ 2004 12:53:00 GMT", "none"),
            ("", "none"),
            ("13 Jul 2020 04:00:00 +9999", "none"),
        ] {
            let read = moment(text).map_or("none".to_owned(), |moment| format!("{} {}", moment.date, moment.unix_ms));
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn lengths_are_read_as_feeds_write_them() {
        for (text, expected) in [
            ("3600", Some(3_600_000)),
            ("01:00:00", Some(3_600_000)),
            ("1:30", Some(90_000)),
            ("75:00.5", Some(4_500_500)),
            ("PT1H30M5S", Some(5_405_000)),
            ("1 hr 5 min", Some(3_900_000)),
            ("90m", Some(5_400_000)),
            ("0", None),
            ("", None),
            ("-5", None),
            ("1:2:3:4", None),
            ("soon", None),
            ("99999999999", None),
            ("1e9", None),
            ("inf", None),
        ] {
            assert_eq!(duration(text), expected, "{text}");
        }
    }
}
