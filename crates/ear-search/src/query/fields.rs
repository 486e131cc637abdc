//! The fields of the query language: `show:`, `speaker:`, `title:`, `language:`, `since:`, `until:`.

use super::ast::{Condition, Text};
use super::lex::error;
use crate::Error;
use crate::analysis::{Analyzer, Rules, language_code};
use ear_core::EpisodeDate;

const NAMES: [&str; 6] = ["show", "speaker", "title", "language", "since", "until"];
const DATE_REMEDY: &str = "write it as 2020-01-31, 2020-01 or 2020";

/// Whether it may be meant as a field's name; `10` in `10:30` is not.
pub(super) fn is_name(name: &str) -> bool {
    name.len() > 1 && name.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Whether there is a field of this name, in whatever case.
pub(super) fn is_known(name: &str) -> bool {
    NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The error for a field that does not exist.
pub(super) fn unknown<T>(name: &str, column: usize) -> Result<T, Error> {
    let lower = name.to_ascii_lowercase();
    let nearest = NAMES.iter().map(|known| (distance(&lower, known), known)).min();
    let remedy = match nearest {
        Some((distance, known)) if distance <= 2 => format!("did you mean `{known}:`?"),
        _ => {
            format!("the fields are {}; put quotes around words with a colon", NAMES.map(|n| format!("{n}:")).join(" "))
        }
    };
    error(column, format!("there is no field `{name}:`"), remedy)
}

/// The condition that `name:value` sets; `name` is known and in lower case, `column` is its own.
pub(super) fn condition(name: &str, value: Text, column: usize) -> Result<Condition, Error> {
    if value.text.trim().is_empty() {
        return error(
            column,
            format!("`{name}:` has no value"),
            format!("write it right after the colon, as in {}", example(name)),
        );
    }
    if value.text.contains('*') {
        return error(value.column, format!("`*` does not work in `{name}:`"), "write whole words");
    }
    match name {
        "since" => Ok(Condition::Since(day(&value, false)?)),
        "until" => Ok(Condition::Until(day(&value, true)?)),
        "language" => language(&value).map(Condition::Language),
        _ => {
            if Analyzer::new(Rules::PLAIN).terms(&value.text).is_empty() {
                return error(
                    value.column,
                    format!("the value of `{name}:` holds no word"),
                    format!("write words, as in {}", example(name)),
                );
            }
            Ok(match name {
                "show" => Condition::Show(value),
                "speaker" => Condition::Speaker(value),
                _ => Condition::Title(value),
            })
        }
    }
}

fn example(name: &str) -> &'static str {
    match name {
        "show" => "show:\"Post Reports\"",
        "speaker" => "speaker:Martine",
        "title" => "title:election",
        "language" => "language:en",
        "since" => "since:2020-01-31",
        _ => "until:2020-01-31",
    }
}

fn language(value: &Text) -> Result<String, Error> {
    let code = language_code(&value.text);
    if !(2..=3).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_lowercase()) {
        return error(
            value.column,
            format!("`{}` is not the code of a language", value.text),
            "write two letters, as in language:en",
        );
    }
    Ok(code)
}

/// The first or last day of a year, a month or a day. The end of a month is its 31st whatever the calendar says,
/// since days are only compared as numbers.
fn day(value: &Text, last: bool) -> Result<u32, Error> {
    let text = value.text.trim();
    let padded = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let Ok(date) = padded.parse::<EpisodeDate>() else {
        return error(value.column, format!("`{text}` is not a date"), DATE_REMEDY);
    };
    Ok(match (text.len(), last) {
        (4, true) => date.as_number() / 10_000 * 10_000 + 1231,
        (7, true) => date.as_number() / 100 * 100 + 31,
        _ => date.as_number(),
    })
}

/// Levenshtein's distance; only ever asked of short ASCII names.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.bytes().enumerate() {
            let change = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}
