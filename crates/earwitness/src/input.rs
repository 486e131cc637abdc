//! Reads single values of the command line.

use ear_engine::core::{Millis, WordRange};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// An ISO 639-1 code, in lower case.
pub fn language(text: &str) -> Result<String, String> {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err("write the two letters of ISO 639-1, such as en, es or ja".into())
}

/// Some words by their numbers, half-open: `12..14`.
pub fn word_range(text: &str) -> Result<WordRange, String> {
    let wrong = || "write the number of the first word and that after the last, such as 12..14".to_owned();
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    let range = from.parse().map_err(|_| wrong())?..to.parse().map_err(|_| wrong())?;
    if range.is_empty() { Err(wrong()) } else { Ok(range) }
}

/// A moment: `1:02:09`, `12:31` or seconds, these with up to three decimals.
pub fn moment(text: &str) -> Result<Millis, String> {
    let wrong = || "write it as 1:02:09, 12:31 or in seconds".to_owned();
    let (text, thousandths) = match text.split_once('.') {
        Some((whole, decimals)) => (whole, thousandths(decimals).ok_or_else(wrong)?),
        None => (text, 0),
    };
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return Err(wrong());
    }
    let mut seconds: u64 = 0;
    for (place, part) in parts.iter().enumerate() {
        let number: u64 = part.parse().map_err(|_| wrong())?;
        if place > 0 && number > 59 {
            return Err(wrong());
        }
        seconds = seconds.checked_mul(60).and_then(|seconds| seconds.checked_add(number)).ok_or_else(wrong)?;
    }
    seconds.checked_mul(1000).and_then(|moment| moment.checked_add(thousandths)).ok_or_else(wrong)
}

/// A place in a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A moment.
    Moment(Millis),
    /// A word by its number, from 0.
    Word(usize),
}

/// A moment, or the number of a word: `w420`.
pub fn place(text: &str) -> Result<Place, String> {
    let word = || text.strip_prefix('w')?.parse().ok().map(Place::Word);
    let place = word().or_else(|| moment(text).ok().map(Place::Moment));
    place.ok_or_else(|| "write a time such as 4:31, or the number of a word such as w420".into())
}

/// The decimals of a number of seconds.
fn thousandths(decimals: &str) -> Option<Millis> {
    let is_right = (1..=3).contains(&decimals.len()) && decimals.bytes().all(|byte| byte.is_ascii_digit());
    if is_right { format!("{decimals:0<3}").parse().ok() } else { None }
}

/// A probability: `0.9`.
pub fn probability(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(probability) if (0.0..=1.0).contains(&probability) => Ok(probability),
        _ => Err("write a number from 0 to 1, such as 0.9".into()),
    }
}

/// An address to listen on: `127.0.0.1:7979`, `localhost:7979` or a port of this machine.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    let port = text.strip_prefix("localhost:").or_else(|| text.strip_prefix(':')).unwrap_or(text);
    if let Ok(port) = port.parse() {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    text.parse().map_err(|_| "write an address and a port, such as 127.0.0.1:7979".into())
}

/// Whether a source is an address rather than a path.
pub fn is_url(source: &str) -> bool {
    let head: String = source.chars().take(8).collect::<String>().to_ascii_lowercase();
    ["http://", "https://", "file:"].iter().any(|scheme| head.starts_with(scheme))
}

/// How many episodes: a number, or `all`.
pub fn last(text: &str) -> Result<usize, String> {
    match text.parse() {
        _ if text == "all" => Ok(usize::MAX),
        Ok(number) if number > 0 => Ok(number),
        _ => Err("write a number such as 20, or `all`".into()),
    }
}

/// So many hours; nothing is never.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hours(pub Option<Duration>);

/// Hours between two looks: `1`, `0.5`, or `never`.
pub fn hours(text: &str) -> Result<Hours, String> {
    if text == "never" {
        return Ok(Hours(None));
    }
    let wrong = || "write hours, such as 1 or 0.5, or `never`; five minutes are the least".to_owned();
    let hours: f64 = text.parse().map_err(|_| wrong())?;
    let every = Duration::try_from_secs_f64(hours * 3600.0).map_err(|_| wrong())?;
    // Servers are not to be asked more often than that.
    if every >= Duration::from_secs(300) { Ok(Hours(Some(every))) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_write_them() {
        for (text, expected) in [
            ("0", Some(0)),
            ("75", Some(75_000)),
            ("12:31", Some(751_000)),
            ("1:02:09", Some(3_729_000)),
            ("83.2", Some(83_200)),
            ("1:23.045", Some(83_045)),
            ("83.", None),
            ("83.1234", None),
            ("1.5:00", None),
            ("83.-5", None),
            ("1:60", None),
            ("1:2:3:4", None),
            ("", None),
            ("-5", None),
            ("99999999999999999999", None),
            ("18446744073709551615", None),
        ] {
            assert_eq!(moment(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn words_are_named_by_their_numbers() {
        for (text, expected) in [
            ("12..14", Some(12..14)),
            ("0..1", Some(0..1)),
            ("14..12", None),
            ("3..3", None),
            ("3", None),
            ("-1..2", None),
            ("a..b", None),
        ] {
            assert_eq!(word_range(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn places_are_moments_or_words() {
        for (text, expected) in [
            ("4:31", Some(Place::Moment(271_000))),
            ("w420", Some(Place::Word(420))),
            ("w0", Some(Place::Word(0))),
            ("w", None),
            ("w-1", None),
            ("W4", None),
            ("420w", None),
        ] {
            assert_eq!(place(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn probabilities_lie_between_0_and_1() {
        for (text, expected) in [
            ("0.9", Some(0.9)),
            ("1", Some(1.0)),
            (".5", Some(0.5)),
            ("90", None),
            ("-0.1", None),
            ("NaN", None),
            ("likely", None),
        ] {
            assert_eq!(probability(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn addresses_may_be_short() {
        for (text, expected) in [
            ("7979", Some("127.0.0.1:7979")),
            (":0", Some("127.0.0.1:0")),
            ("localhost:80", Some("127.0.0.1:80")),
            ("0.0.0.0:7979", Some("0.0.0.0:7979")),
            ("[::1]:7979", Some("[::1]:7979")),
            ("example.org:80", None),
            ("70000", None),
        ] {
            assert_eq!(address(text).ok(), expected.and_then(|address| address.parse().ok()), "{text}");
        }
    }

    #[test]
    fn languages_are_two_letters() {
        for (text, expected) in [("en", Some("en")), ("ES", Some("es")), ("english", None), ("é", None), ("", None)] {
            assert_eq!(language(text).ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn addresses_on_the_web_are_known() {
        for (source, expected) in [
            ("https://a.org/b.mp3", true),
            ("HTTP://a.org", true),
            ("http", false),
            ("a/https://b", false),
            ("ééééé", false),
        ] {
            assert_eq!(is_url(source), expected, "{source}");
        }
    }
}
