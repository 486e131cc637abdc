//! Taking in files. They are streamed to disk, never held in memory.

use super::error::{JsonError, PageError};
use super::fields::{FORM_TOKEN, Fields, check_form_token};
use super::state::Shared;
use axum::Json;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use ear_core::EpisodeId;
use ear_engine::{AddOptions, Added, Error, ErrorKind};
use serde::Serialize;
use std::time::Duration;
use tempfile::TempPath;
use tokio::io::AsyncWriteExt;

/// How long the sender may keep silent.
const SILENCE: Duration = Duration::from_secs(60);

/// How many files one form may hold.
const MOST_FILES: usize = 100;

/// The fields that are read beside the files; others are passed over.
const FIELDS: [&str; 6] = [FORM_TOKEN, "title", "show", "date", "language", "model"];

/// How many fields one form may have beside the files.
const MOST_FIELDS: usize = 20;

/// The longest value of the other fields, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;

/// A file that arrived, and the name it had where it comes from.
struct Arrived {
    path: TempPath,
    name: String,
}

/// What scripts are told of a file that was added.
#[derive(Serialize)]
struct AddedView {
    url: String,
    title: String,
    existed: bool,
    warnings: Vec<String>,
}

/// `POST /add`: forms are sent on to the episode, scripts are told its address.
pub(crate) async fn add(State(app): State<Shared>, request: Request) -> Response {
    let script = wants_json(request.headers());
    match take_in(&app, request).await {
        Ok(added) if script => {
            let view = |added: &Added| AddedView {
                url: format!("/e/{}", added.episode),
                title: added.title.clone(),
                existed: added.existed,
                warnings: added.warnings.clone(),
            };
            (StatusCode::CREATED, Json(added.iter().map(view).collect::<Vec<_>>())).into_response()
        }
        Ok(added) => match added.as_slice() {
            [one] => Redirect::to(&format!("/e/{}", one.episode)).into_response(),
            all => Redirect::to(&format!("/?added={}", all.len())).into_response(),
        },
        Err(error) if script => JsonError(error).into_response(),
        Err(error) => error.into_response(),
    }
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.starts_with("application/json"))
}

async fn take_in(app: &Shared, request: Request) -> Result<Vec<Added>, PageError> {
    let form = Multipart::from_request(request, app)
        .await
        .map_err(|rejection| PageError::bad_request(rejection.body_text(), "Use the form on the first page"))?;
    let (fields, files) = receive(app, form).await?;
    if files.is_empty() {
        return Err(PageError::bad_request("no file was chosen", "Go back and choose a sound file or a transcript"));
    }
    let options = AddOptions {
        // One title does not fit several files.
        title: fields.filled("title").filter(|_| files.len() == 1),
        show: fields.filled("show"),
        language: fields.filled("language"),
        date: fields.parsed("date")?,
        // A name, never a path: visitors have no say about the server's files.
        model: fields.filled("model").filter(|name| is_model(name)),
        ..AddOptions::default()
    };
    app.ask(move |library| {
        let mut recordings: Vec<(String, EpisodeId)> = Vec::new();
        let mut add = |file: &Arrived| {
            // What comes with a recording and has its name belongs to it.
            let joins = recordings.iter().find(|(name, _)| ear_engine::belongs_to(&file.name, name)).map(|(_, id)| *id);
            let named = AddOptions { name: Some(file.name.clone()), joins, ..options.clone() };
            let added = library.add(&file.path, &named).map_err(|error| error_for(file, error))?;
            recordings.push((file.name.clone(), added.episode));
            Ok(Added { warnings: added.warnings.iter().map(|text| nameless(text, file)).collect(), ..added })
        };
        // Recordings first, so that the others find them.
        let (alone, beside): (Vec<_>, Vec<_>) =
            files.iter().partition(|file| !files.iter().any(|other| ear_engine::belongs_to(&file.name, &other.name)));
        alone.into_iter().chain(beside).map(&mut add).collect()
    })
    .await
}

fn is_model(name: &str) -> bool {
    name == "fake" || ear_engine::models().iter().any(|model| model.name == name)
}

/// The visitor knows the file by its own name, not by that of our copy.
fn error_for(file: &Arrived, error: Error) -> Error {
    let named = |text: String| nameless(&text, file);
    Error {
        place: Some(file.name.clone()),
        message: named(error.message),
        remedy: error.remedy.map(named),
        kind: error.kind,
    }
}

/// The text with the file's own name where it has that of our copy.
fn nameless(text: &str, file: &Arrived) -> String {
    let ours = file.path.display().to_string();
    let last = file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    text.replace(&ours, &file.name).replace(&last, &file.name)
}

async fn receive(app: &Shared, mut form: Multipart) -> Result<(Fields, Vec<Arrived>), PageError> {
    let (mut fields, mut files, mut others) = (Fields::default(), Vec::new(), 0);
    while let Some(mut field) = patient(form.next_field()).await? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            others += 1;
            if others > MOST_FIELDS {
                return Err(PageError::bad_request("the form has too many fields", "Use the form on the first page"));
            }
            if FIELDS.contains(&name.as_str()) {
                let value = read_text(&mut field).await?;
                fields.insert(name, value);
            }
            continue;
        }
        // The form names its token first, so that nothing is written for strangers.
        check_form_token(app, fields.text(FORM_TOKEN))?;
        let original = clean_name(field.file_name().unwrap_or_default());
        if let Some(path) = store(app, &mut field).await? {
            files.push(Arrived { path, name: original });
        }
        if files.len() > MOST_FILES {
            let message = format!("more than {MOST_FILES} files came at once");
            return Err(PageError::bad_request(message, "Send fewer, or use `earwitness add FOLDER`"));
        }
    }
    check_form_token(app, fields.text(FORM_TOKEN))?;
    Ok((fields, files))
}

async fn read_text(field: &mut Field<'_>) -> Result<String, PageError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = patient(field.chunk()).await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST_TEXT {
            return Err(too_large("a field of the form holds more text than is taken"));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes one file to the library's inbox, which the library clears of what was left behind. `None` if it is empty, as when no file was chosen.
async fn store(app: &Shared, field: &mut Field<'_>) -> Result<Option<TempPath>, PageError> {
    let file = app
        .ask(|library| {
            let file = tempfile::Builder::new().prefix("upload-").tempfile_in(library.inbox());
            file.map_err(|error| disk(&error))
        })
        .await?;
    let (file, path) = file.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let mut count = 0;
    while let Some(chunk) = patient(field.chunk()).await? {
        count += chunk.len() as u64;
        if count > app.upload_limit {
            return Err(too_large("the file is larger than uploads may be"));
        }
        file.write_all(&chunk).await.map_err(|error| disk(&error))?;
    }
    file.flush().await.map_err(|error| disk(&error))?;
    Ok((count > 0).then_some(path))
}

/// Waits for the sender, but not for ever.
async fn patient<T>(waiting: impl Future<Output = Result<T, MultipartError>>) -> Result<T, PageError> {
    match tokio::time::timeout(SILENCE, waiting).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(too_large("the upload is larger than uploads may be"))
        }
        Ok(Err(error)) => {
            Err(PageError::bad_request(format!("the upload broke off: {}", error.body_text()), "Send it again"))
        }
        Err(_elapsed) => Err(PageError::bad_request("the upload stood still for a minute", "Send it again")),
    }
}

fn too_large(message: &str) -> PageError {
    let error = Error::new(ErrorKind::BadInput, message).remedy("Use `earwitness add FILE` instead: it has no limit");
    PageError { status: StatusCode::PAYLOAD_TOO_LARGE, error }
}

fn disk(error: &std::io::Error) -> Error {
    let kind = match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => ErrorKind::DiskFull,
        std::io::ErrorKind::ReadOnlyFilesystem => ErrorKind::ReadOnly,
        _ => ErrorKind::Storage,
    };
    Error::new(kind, format!("the upload can't be kept: {error}"))
        .remedy("See that the disk of the library has room and may be written to")
}

/// The last part of the name a browser gives, without anything that could lead elsewhere. It only ever serves
/// as a title and to tell formats apart.
fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.trim().trim_start_matches('.');
    // Long names keep their end, which tells the format.
    let surplus = clean.chars().count().saturating_sub(200);
    let clean: String = clean.chars().skip(surplus).collect();
    if clean.is_empty() { "upload".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_copy_is_not_named() {
        let path = tempfile::Builder::new().prefix("upload-").tempfile().unwrap().into_temp_path();
        let ours = path.display().to_string();
        let file = Arrived { path, name: "talk.wav".to_owned() };
        let error = Error::new(ErrorKind::BadInput, format!("{ours} holds nothing")).at(&ours);
        assert_eq!(error_for(&file, error).to_string(), "talk.wav: talk.wav holds nothing");
    }

    #[test]
    fn only_models_have_their_names() {
        for (name, expected) in [("fake", true), ("", false), ("/etc", false), ("../fake", false)] {
            assert_eq!(is_model(name), expected, "{name}");
        }
        assert!(ear_engine::models().iter().all(|model| is_model(&model.name)));
    }

    #[test]
    fn names_lead_nowhere() {
        for (name, expected) in [
            ("episode 12.mp3", "episode 12.mp3"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ada\\talk.wav", "talk.wav"),
            (".bashrc", "bashrc"),
            ("..", "upload"),
            ("a\u{0}b\nc.mp3", "abc.mp3"),
            ("Größe – façade.ogg", "Größe – façade.ogg"),
            ("", "upload"),
        ] {
            assert_eq!(clean_name(name), expected, "{name}");
        }
        let long = clean_name(&format!("{}.flac", "x".repeat(500)));
        assert!(long.len() == 200 && long.ends_with(".flac"));
    }
}
