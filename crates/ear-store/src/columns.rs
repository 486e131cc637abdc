//! How values of ours are written in columns.

use ear_core::{EpisodeDate, Origin, Timing};
use rusqlite::{Error, Result, Row, types::Type};

/// A text column whose values are a closed set or follow a form.
pub(crate) fn parsed<T>(row: &Row<'_>, column: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| {
        let message = format!("`{text}` in column {column}");
        Error::FromSqlConversionFailure(row.as_ref().column_index(column).unwrap_or(0), Type::Text, message.into())
    })
}

pub(crate) fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Recognised => "recognised",
        Origin::Published => "published",
        Origin::Imported => "imported",
        Origin::Corrected => "corrected",
    }
}

pub(crate) fn origin(name: &str) -> Option<Origin> {
    [Origin::Recognised, Origin::Published, Origin::Imported, Origin::Corrected]
        .into_iter()
        .find(|origin| origin_name(*origin) == name)
}

pub(crate) fn timing_name(timing: Timing) -> &'static str {
    match timing {
        Timing::Words => "words",
        Timing::Cues => "cues",
        Timing::None => "none",
    }
}

pub(crate) fn timing(name: &str) -> Option<Timing> {
    [Timing::Words, Timing::Cues, Timing::None].into_iter().find(|timing| timing_name(*timing) == name)
}

/// A date column; a value that is no date counts as none.
pub(crate) fn date(row: &Row<'_>) -> Result<Option<EpisodeDate>> {
    let text: Option<String> = row.get("date")?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// A title as written: white space at its ends and runs of it inside are accidents.
pub(crate) fn tidy(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title as compared: SQLite's own `LIKE` and `NOCASE` know no letters beyond ASCII.
pub(crate) fn fold(title: &str) -> String {
    tidy(title).to_lowercase()
}

/// Numbers or words as a JSON array, for `IN (SELECT value FROM json_each(…))`.
pub(crate) fn json_list<T: Into<serde_json::Value>>(values: impl IntoIterator<Item = T>) -> String {
    serde_json::Value::from_iter(values).to_string()
}
