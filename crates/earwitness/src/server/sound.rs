//! Recordings and covers, streamed from disk.

use super::error::PageError;
use super::range::{Wanted, wanted};
use super::state::Shared;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use ear_core::EpisodeId;
use ear_engine::{Error, ErrorKind};
use std::io::SeekFrom;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// How many bytes are read and sent at once.
const CHUNK: usize = 64 * 1024;

/// A file as this answer sees it.
struct Facts {
    length: u64,
    tag: String,
    modified: SystemTime,
}

/// `GET /sound/{id}`: the recording, whole or in part.
pub(crate) async fn sound(
    State(app): State<Shared>,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let id = super::pages::episode_id(&id)?;
    let recording = app.ask(move |library| library.recording(id)).await?;
    let (path, media_type) = recording.ok_or_else(|| missing(id, "sound"))?;
    let plays = media_type.starts_with("audio/") || media_type.starts_with("video/");
    send(path, if plays { &media_type } else { "application/octet-stream" }, &method, &headers).await
}

/// `GET /cover/{id}`: the episode's picture. Only kinds that hold no script are shown.
pub(crate) async fn cover(
    State(app): State<Shared>,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let id = super::pages::episode_id(&id)?;
    let cover = app.ask(move |library| library.cover(id)).await?;
    let (path, media_type) = cover.ok_or_else(|| missing(id, "cover"))?;
    if ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"].contains(&media_type.as_str()) {
        return send(path, &media_type, &method, &headers).await;
    }
    let mut response = send(path, "application/octet-stream", &method, &headers).await?;
    response.headers_mut().insert(CONTENT_DISPOSITION, "attachment".parse().map_err(header_fault)?);
    Ok(response)
}

async fn send(path: PathBuf, media_type: &str, method: &Method, headers: &HeaderMap) -> Result<Response, PageError> {
    let mut file = File::open(&path).await.map_err(|error| unreadable(&path, &error))?;
    let metadata = file.metadata().await.map_err(|error| unreadable(&path, &error))?;
    let modified = metadata.modified().unwrap_or(UNIX_EPOCH);
    let age = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
    let facts =
        Facts { length: metadata.len(), tag: format!("\"{:x}-{:x}\"", metadata.len(), age.as_nanos()), modified };

    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let cached = text(IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == facts.tag));
    if cached {
        return answer(StatusCode::NOT_MODIFIED, &facts, media_type, 0, Body::empty());
    }
    // Ranges are defined for GET only, and hold only for the file that the player already has part of.
    let range = text(RANGE).filter(|_| *method == Method::GET).filter(|_| still_same(text(IF_RANGE), &facts));
    let (status, first, count) = match wanted(range, facts.length) {
        Wanted::Whole => (StatusCode::OK, 0, facts.length),
        Wanted::Part { first, last } => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
        Wanted::Outside => {
            let mut response = answer(StatusCode::RANGE_NOT_SATISFIABLE, &facts, media_type, 0, Body::empty())?;
            let range = format!("bytes */{}", facts.length).parse().map_err(header_fault)?;
            response.headers_mut().insert(CONTENT_RANGE, range);
            return Ok(response);
        }
    };
    if *method == Method::HEAD {
        return answer(status, &facts, media_type, count, Body::empty());
    }
    file.seek(SeekFrom::Start(first)).await.map_err(|error| unreadable(&path, &error))?;
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(count), CHUNK));
    let mut response = answer(status, &facts, media_type, count, body)?;
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {first}-{}/{}", first + count - 1, facts.length);
        response.headers_mut().insert(CONTENT_RANGE, range.parse().map_err(header_fault)?);
    }
    Ok(response)
}

fn answer(status: StatusCode, facts: &Facts, media_type: &str, count: u64, body: Body) -> Result<Response, PageError> {
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (ACCEPT_RANGES, "bytes".to_owned()),
        (ETAG, facts.tag.clone()),
        (LAST_MODIFIED, httpdate::fmt_http_date(facts.modified)),
        (CACHE_CONTROL, "private, max-age=3600".to_owned()),
    ];
    let mut response = (status, headers, body).into_response();
    if status != StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(CONTENT_LENGTH, count.into());
    }
    Ok(response)
}

/// Whether the file is the one that an `If-Range` header speaks of; without the header it is.
fn still_same(if_range: Option<&str>, facts: &Facts) -> bool {
    let Some(mark) = if_range else { return true };
    if mark.starts_with('"') || mark.starts_with("W/") {
        return mark == facts.tag;
    }
    // The header counts in whole seconds.
    let seconds = |time: SystemTime| time.duration_since(UNIX_EPOCH).map(|age| age.as_secs()).ok();
    httpdate::parse_http_date(mark).is_ok_and(|time| seconds(time) == seconds(facts.modified))
}

fn missing(id: EpisodeId, what: &str) -> PageError {
    Error::new(ErrorKind::NotFound, format!("episode {id} has no {what}")).into()
}

fn unreadable(path: &std::path::Path, error: &std::io::Error) -> PageError {
    Error::new(ErrorKind::Storage, format!("the file can't be read: {error}"))
        .at(path.display().to_string())
        .remedy("`earwitness doctor` looks for faults of the library")
        .into()
}

fn header_fault(error: impl std::fmt::Display) -> PageError {
    Error::new(ErrorKind::Bug, format!("a header can't be written: {error}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(headers: &[(&'static str, &str)], method: Method) -> (u16, String, String, Vec<u8>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"0123456789").unwrap();
        let map = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let response = send(file.path().to_owned(), "audio/wav", &method, &map).await.unwrap();
        let header = |name| response.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let (status, length, range) = (response.status().as_u16(), header(CONTENT_LENGTH), header(CONTENT_RANGE));
        let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
        (status, length, range, body.to_vec())
    }

    #[tokio::test]
    async fn sound_is_sent_in_parts() {
        for (headers, status, length, range, body) in [
            (vec![], 200, "10", "", "0123456789"),
            (vec![("range", "bytes=2-4")], 206, "3", "bytes 2-4/10", "234"),
            (vec![("range", "bytes=-2")], 206, "2", "bytes 8-9/10", "89"),
            (vec![("range", "bytes=10-")], 416, "0", "bytes */10", ""),
            (vec![("range", "bytes=0-1,4-5")], 200, "10", "", "0123456789"),
            (vec![("range", "bytes=2-4"), ("if-range", "\"another\"")], 200, "10", "", "0123456789"),
            (vec![("range", "bytes=2-4"), ("if-range", "Sun, 06 Nov 1994 08:49:37 GMT")], 200, "10", "", "0123456789"),
        ] {
            let expected = (status, length.to_owned(), range.to_owned(), body.as_bytes().to_vec());
            assert_eq!(ask(&headers, Method::GET).await, expected, "{headers:?}");
        }
        let head = ask(&[("range", "bytes=2-4")], Method::HEAD).await;
        assert_eq!(head, (200, "10".into(), String::new(), Vec::new()));
    }

    #[tokio::test]
    async fn what_is_cached_is_not_sent_again() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"0123456789").unwrap();
        let get = async |name: &str, value: &str| {
            let map = HeaderMap::from_iter([
                (name.parse::<axum::http::HeaderName>().unwrap(), value.parse().unwrap()),
                (RANGE, "bytes=0-1".parse().unwrap()),
            ]);
            send(file.path().to_owned(), "audio/wav", &Method::GET, &map).await.unwrap()
        };
        let first = get("accept", "*/*").await;
        let mark = |name| first.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(get("if-none-match", &mark(ETAG)).await.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(get("if-range", &mark(ETAG)).await.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(get("if-range", &mark(LAST_MODIFIED)).await.status(), StatusCode::PARTIAL_CONTENT);
    }
}
