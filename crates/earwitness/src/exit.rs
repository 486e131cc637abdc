//! How the program ends: the one place that turns outcomes into exit codes and tells of failures.

use crate::dto::ErrorDto;
use crate::output;
use crate::terminal::{self, Talk};
use ear_engine::{Error, ErrorKind};
use std::io;
use std::process::ExitCode;

/// Some of the input failed, or nothing could be done because of errors.
pub const FAILED: u8 = 1;
/// The command line can't be understood.
pub const USAGE: u8 = 2;
/// Stopped by Ctrl-C.
pub const STOPPED: u8 = 130;
/// A fault of the program itself.
const BUG: u8 = 70;

/// What `--help` says about exit codes.
pub const HELP: &str = "\
Exit codes:
    0  all went well
    1  some of the input failed, or nothing could be done because of errors
    2  the command line can't be understood
    3  not found, or the title fits more than one episode
    4  the query can't be read
    5  busy: another process holds what is needed; try again
    6  something is missing: a model, ffmpeg or the recogniser
    7  the network, or a server, did not give what was asked; try again
   70  a bug in earwitness
  130  stopped by Ctrl-C";

/// How a command ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All went well.
    Done,
    /// It has told already what failed; the code says which kind of failure.
    Told(u8),
    /// Somebody asked it to stop.
    Stopped,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The engine says why.
    Engine(Error),
    /// A query can't be read; shown with the query, as asked.
    Query(Error, String),
    /// Arguments that don't go together.
    Usage(String),
    /// The results could not be written to stdout.
    Output(io::Error),
}

/// What a command comes to.
pub type Outcome = Result<Ending, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The exit code of an error.
pub fn code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::BadInput | ErrorKind::Storage | ErrorKind::DiskFull | ErrorKind::ReadOnly => FAILED,
        ErrorKind::NotFound | ErrorKind::Ambiguous => 3,
        ErrorKind::Query => 4,
        ErrorKind::Busy => 5,
        ErrorKind::Missing => 6,
        ErrorKind::Network => 7,
        ErrorKind::Stopped => STOPPED,
        ErrorKind::Bug => BUG,
    }
}

/// The ending of a run in which these failed, and have been told of: their own code where they agree.
pub fn told(failures: &[ErrorKind]) -> Ending {
    let mut codes = failures.iter().map(|&kind| code(kind));
    match codes.next() {
        None => Ending::Done,
        Some(first) if codes.all(|code| code == first) => Ending::Told(first),
        Some(_) => Ending::Told(FAILED),
    }
}

/// Tells of a failure and gives the exit code. With `json` errors are a JSON object on stdout.
pub fn report(outcome: Outcome, json: bool) -> ExitCode {
    let failure = match outcome {
        Ok(Ending::Done) => return ExitCode::SUCCESS,
        Ok(Ending::Told(code)) => return ExitCode::from(code),
        Ok(Ending::Stopped) => return ExitCode::from(STOPPED),
        // Whoever read the results has seen enough, as `head` does.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Err(failure) => failure,
    };
    let code = failure.code();
    if !json {
        Talk::plain().line(&failure.text());
    } else if let Err(error) = output::json(&failure.dto()) {
        Talk::plain().line(&format!("error: the results can't be written: {error}"));
    }
    ExitCode::from(code)
}

/// Makes a panic say what to do about it. Results are never to be trusted after one.
pub fn apologise_for_bugs() {
    let standard = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        standard(panic);
        Talk::plain().line(&format!(
            "\nThis is a bug in earwitness {}, sorry. Your library is safe: what was finished is kept.\n\
             Please report the lines above, and the command that led to them.",
            env!("CARGO_PKG_VERSION")
        ));
    }));
}

/// The exit code after a panic, of which people have been told already.
pub fn after_panic(json: bool) -> ExitCode {
    if json && let Err(error) = output::json(&ErrorDto::new("bug", "earwitness has a bug; stderr says where")) {
        Talk::plain().line(&format!("error: the results can't be written: {error}"));
    }
    ExitCode::from(BUG)
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Engine(error) | Self::Query(error, _) => code(error.kind),
            Self::Usage(_) => USAGE,
            Self::Output(_) => FAILED,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Engine(error) => error_text(error),
            Self::Query(error, query) => query_text(error, query),
            Self::Usage(message) => format!("error: {message}\n\nFor more, try '--help'."),
            Self::Output(error) => format!("error: the results can't be written: {error}"),
        }
    }

    fn dto(&self) -> ErrorDto {
        match self {
            Self::Engine(error) | Self::Query(error, _) => ErrorDto::from(error),
            Self::Usage(message) => ErrorDto::new("usage", message),
            Self::Output(error) => ErrorDto::new("storage", format!("the results can't be written: {error}")),
        }
    }
}

/// An error as people read it: what and where on the first line, what to do on the second.
pub fn error_text(error: &Error) -> String {
    let place = error.place.as_deref().map(|place| format!("{place}: ")).unwrap_or_default();
    let remedy = error.remedy.as_deref().map(|remedy| format!("\n  {remedy}")).unwrap_or_default();
    terminal::harmless(&format!("error: {place}{}{remedy}", error.message)).into_owned()
}

/// A query error under the query itself, with a mark under the column that its place names.
fn query_text(error: &Error, query: &str) -> String {
    let Some(column) = error.place.as_deref().and_then(column_in) else {
        return error_text(error);
    };
    let query = terminal::harmless(query).replace(['\n', '\t'], " ");
    let before: String = query.chars().take(column.saturating_sub(1)).collect();
    let indent = " ".repeat(console::measure_text_width(&before));
    format!("{}\n\n  {query}\n  {indent}^", error_text(error))
}

/// The first number in a place such as `column 7`.
fn column_in(place: &str) -> Option<usize> {
    let digits = place.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_that_agree_keep_their_code() {
        use ErrorKind::{BadInput, Missing, NotFound};
        for (kinds, ending) in [
            (&[][..], Ending::Done),
            (&[Missing, Missing], Ending::Told(6)),
            (&[NotFound], Ending::Told(3)),
            (&[NotFound, Missing], Ending::Told(1)),
            (&[BadInput], Ending::Told(1)),
        ] {
            assert_eq!(told(kinds), ending, "{kinds:?}");
        }
    }

    #[test]
    fn a_query_error_points_at_its_column() {
        let error = Error::new(ErrorKind::Query, "a quotation mark is missing").at("column 6").remedy("Close it.");
        for (query, expected) in [
            ("iran \"iraq", "error: column 6: a quotation mark is missing\n  Close it.\n\n  iran \"iraq\n       ^"),
            ("日本 x\"y", "error: column 6: a quotation mark is missing\n  Close it.\n\n  日本 x\"y\n         ^"),
        ] {
            assert_eq!(query_text(&error, query), expected);
        }
        let nowhere = Error::new(ErrorKind::Query, "nothing to search for");
        assert_eq!(query_text(&nowhere, ""), "error: nothing to search for");
    }

    #[test]
    fn columns_are_read_from_places() {
        for (place, column) in [("column 7", Some(7)), ("12", Some(12)), ("line 1", Some(1)), ("", None), ("é", None)]
        {
            assert_eq!(column_in(place), column, "{place}");
        }
    }
}
