//! Show notes given as a file: plain text, HTML, or a JSON object that says more. Also names given as a file.

use ear_core::EpisodeDate;
use ear_engine::{Error, ErrorKind, Result};
use serde_json::{Map, Value};
use std::path::Path;

/// Notes longer than this are a mistake.
const MOST_BYTES: u64 = 4 << 20;

/// What a notes file says.
#[derive(Debug, Default, PartialEq)]
pub struct Notes {
    /// The notes as plain text.
    pub text: String,
    /// The show's name.
    pub show: Option<String>,
    /// The episode's title.
    pub title: Option<String>,
    /// When it was published.
    pub date: Option<EpisodeDate>,
}

/// Reads a notes file.
pub fn read(path: &Path) -> Result<Notes> {
    let (text, failed) = (text_of(path, "notes")?, |message| failed(path, ErrorKind::BadInput, message));
    parse(&text).map_err(failed)
}

/// Reads a file of names, as it is: the engine makes sense of it. Some of what it says may be told at once.
pub fn names_text(path: &Path) -> Result<String> {
    let text = text_of(path, "names")?;
    ear_engine::checked_names(&text).map_err(|error| match &error.place {
        Some(place) => {
            let place = format!("{}, {place}", path.display());
            error.at(place)
        }
        None => error.at(path.display().to_string()),
    })?;
    Ok(text)
}

fn failed(path: &Path, kind: ErrorKind, message: String) -> Error {
    Error::new(kind, message).at(path.display().to_string())
}

fn text_of(path: &Path, what: &str) -> Result<String> {
    let unreadable = |error: std::io::Error| {
        let is_gone = error.kind() == std::io::ErrorKind::NotFound;
        let kind = if is_gone { ErrorKind::NotFound } else { ErrorKind::BadInput };
        failed(path, kind, format!("the {what} can't be read: {error}"))
    };
    if std::fs::metadata(path).map_err(unreadable)?.len() > MOST_BYTES {
        return Err(failed(path, ErrorKind::BadInput, format!("these {what} are longer than 4 MB")));
    }
    String::from_utf8(std::fs::read(path).map_err(unreadable)?).map_err(|_| {
        failed(path, ErrorKind::BadInput, format!("these {what} are not UTF-8 text")).remedy("Save them as UTF-8")
    })
}

fn parse(text: &str) -> Result<Notes, String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with('<') {
        return Ok(Notes { text: ear_engine::plain_text(text), ..Notes::default() });
    }
    if !text.starts_with('{') {
        return Ok(Notes { text: text.to_owned(), ..Notes::default() });
    }
    let object: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| format!("these notes look like JSON, but are not: {error}"))?;
    let date = match string(&object, "published") {
        // A moment such as 2020-01-07T10:00:00Z begins with its day.
        Some(date) => Some(date.get(..10).unwrap_or(date).parse().map_err(|error| format!("published: {error}"))?),
        None => None,
    };
    Ok(Notes {
        text: plain_text(&object),
        show: string(&object, "show").map(str::to_owned),
        title: string(&object, "episode").map(str::to_owned),
        date,
    })
}

/// The object as people would write it: show and publisher, title, whatever else it says, and its lists.
fn plain_text(object: &Map<String, Value>) -> String {
    let first =
        [string(object, "show"), string(object, "publisher")].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mut lines = vec![first];
    lines.extend(["episode", "published"].iter().filter_map(|key| string(object, key)).map(str::to_owned));
    let known = ["show", "publisher", "episode", "published", "note", "people", "places"];
    let rest = object.iter().filter(|(key, _)| !known.contains(&key.as_str()));
    lines.extend(rest.filter_map(|(_, value)| value.as_str()).map(str::to_owned));
    for (key, label) in [("people", "People"), ("places", "Places")] {
        let names = names(object, key);
        if !names.is_empty() {
            lines.push(format!("{label}: {names}"));
        }
    }
    lines.extend(string(object, "note").map(str::to_owned));
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

fn string<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// A list of names, or one string of them.
fn names(object: &Map<String, Value>, key: &str) -> String {
    match object.get(key) {
        Some(Value::String(names)) => names.trim().to_owned(),
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).map(str::trim).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_text_or_an_object() {
        let check = |text: &str, expected: Notes| assert_eq!(parse(text), Ok(expected), "{text}");
        check("\u{feff} With Ann.\n", Notes { text: "With Ann.".into(), ..Notes::default() });
        check("", Notes::default());
        check("{}", Notes::default());
        check("<p>With <b>Ann</b>.</p>", Notes { text: "With Ann.".into(), ..Notes::default() });
        let object = r#"{"show": "Reports", "publisher": "The Post", "episode": "The vote", "published": "2020-01-07T10:00:00Z",
            "segment": "A vote to expel", "people": ["Ann Lee", "Bo"], "places": "Iraq", "note": "From the page.", "length": 3}"#;
        check(
            object,
            Notes {
                text: "Reports, The Post\nThe vote\n2020-01-07T10:00:00Z\nA vote to expel\nPeople: Ann Lee, Bo\nPlaces: Iraq\nFrom the page."
                    .into(),
                show: Some("Reports".into()),
                title: Some("The vote".into()),
                date: "2020-01-07".parse().ok(),
            },
        );
    }

    #[test]
    fn broken_notes_are_refused() {
        for (text, expected) in [("{\"show\": ", "look like JSON"), (r#"{"published": "yesterday"}"#, "published:")] {
            let message = parse(text).unwrap_err();
            assert!(message.contains(expected), "{message}");
        }
    }
}
