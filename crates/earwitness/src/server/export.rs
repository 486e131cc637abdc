//! Transcripts as files to keep.

use super::error::PageError;
use super::fields::Fields;
use super::pages::episode_id;
use super::state::Shared;
use crate::dto::TranscriptDto;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use ear_core::TranscriptId;
use ear_engine::{Error, ErrorKind, ExportFormat};

/// Endings of the files, with their format and media type.
pub(crate) static FORMATS: [(&str, ExportFormat, &str); 4] = [
    ("txt", ExportFormat::Text, "text/plain; charset=utf-8"),
    ("srt", ExportFormat::Srt, "application/x-subrip; charset=utf-8"),
    ("vtt", ExportFormat::Vtt, "text/vtt; charset=utf-8"),
    ("md", ExportFormat::Markdown, "text/markdown; charset=utf-8"),
];

/// `GET /e/{id}/export.{ending}`
pub(crate) async fn export(
    State(app): State<Shared>,
    Path(id): Path<String>,
    fields: Fields,
    (ending, format, media_type): (&'static str, ExportFormat, &'static str),
) -> Result<Response, PageError> {
    let id = episode_id(&id)?;
    let which = fields.parsed::<TranscriptId>("transcript")?;
    let (title, text) =
        app.ask(move |library| Ok((library.episode(id)?.summary.title, library.export(id, which, format)?))).await?;
    let headers = [(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, disposition(&title, ending))];
    Ok((headers, text).into_response())
}

/// `GET /e/{id}/export.json`: the shape that the command line prints as well.
pub(crate) async fn export_json(
    State(app): State<Shared>,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = episode_id(&id)?;
    let which = fields.parsed::<TranscriptId>("transcript")?;
    let (title, read) =
        app.ask(move |library| Ok((library.episode(id)?.summary.title, library.transcript(id, which)?))).await?;
    let read = read.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("episode {id} has no transcript yet")))?;
    Ok(([(CONTENT_DISPOSITION, disposition(&title, "json"))], Json(TranscriptDto::from(&read))).into_response())
}

/// A file name for old and for current browsers (RFC 6266).
fn disposition(title: &str, ending: &str) -> String {
    let name: String = title.chars().filter(|c| !c.is_control() && !"/\\:*?\"<>|%".contains(*c)).take(80).collect();
    let name = if name.trim().is_empty() { "transcript" } else { name.trim() };
    let plain: String = name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{encoded}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_file_names() {
        assert_eq!(
            disposition("Größe: \"a/b\"\r\n", "srt"),
            "attachment; filename=\"Gr__e ab.srt\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20ab.srt"
        );
        assert_eq!(disposition(" ", "md"), "attachment; filename=\"transcript.md\"; filename*=UTF-8''transcript.md");
    }
}
