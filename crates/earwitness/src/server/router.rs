//! Which address leads where.

use super::error::PageError;
use super::state::Shared;
use super::{api, assets, export, pages, progress, security, sound, upload, words};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use ear_engine::{Error, ErrorKind};
use std::time::Duration;

/// The largest form, in bytes.
const FORM_LIMIT: usize = 64 * 1024;

/// The largest form that holds show notes, in bytes.
const NOTES_LIMIT: usize = 512 * 1024;

/// How long a page may take. Uploads and sound last as long as they are moving.
const PATIENCE: Duration = Duration::from_secs(30);

/// Every page with its guards, the outermost last.
pub(crate) fn router(app: Shared) -> Router {
    // Room for the other fields and for the lines that divide a form.
    let upload_limit = usize::try_from(app.upload_limit).unwrap_or(usize::MAX).saturating_add(1 << 20);
    pages()
        .layer(from_fn(be_patient))
        .route("/add", post(upload::add).layer(DefaultBodyLimit::max(upload_limit)))
        .fallback(|| async { PageError::no_such_page() })
        .method_not_allowed_fallback(|| async {
            let error = Error::new(ErrorKind::BadInput, "this address can't be used in this way").remedy("Go back");
            PageError { status: StatusCode::METHOD_NOT_ALLOWED, error }
        })
        .layer(from_fn(security::demand_same_origin))
        .layer(from_fn_with_state(app.clone(), security::guard))
        .layer(from_fn(api::tell_in_json))
        .layer(map_response(security::confine))
        .with_state(app)
}

fn pages() -> Router<Shared> {
    let mut router = Router::new()
        .route("/", get(pages::home))
        .route("/search", get(pages::search))
        .route("/progress", get(progress::progress))
        .route("/shows", get(pages::shows))
        .route("/shows/{id}", get(pages::show))
        .route(
            "/shows/{id}/edit",
            get(pages::edit_show_form).post(pages::edit_show).layer(DefaultBodyLimit::max(NOTES_LIMIT)),
        )
        .route("/shows/{id}/refresh", post(pages::refresh_show))
        .route("/follow", post(pages::follow))
        .route("/shows/{id}/remove", get(pages::remove_show_form).post(pages::remove_show))
        .route("/e/{id}", get(pages::episode))
        .route("/e/{id}/words.json", get(words::words))
        .route("/e/{id}/export.json", get(export::export_json))
        .route(
            "/e/{id}/edit",
            get(pages::edit_episode_form).post(pages::edit_episode).layer(DefaultBodyLimit::max(NOTES_LIMIT)),
        )
        .route("/e/{id}/remove", get(pages::remove_episode_form).post(pages::remove_episode))
        .route("/e/{id}/names", post(pages::decide_repair))
        .route("/e/{id}/meant", post(pages::this_is))
        .route("/e/{id}/retry", post(pages::retry_episode))
        .route("/c/{id}", get(pages::clip).post(pages::change_clip))
        .route("/c/{id}/heard", post(pages::hear_clip))
        .route("/names", get(pages::names).post(pages::add_name))
        .route("/names/undo", post(pages::undo_names))
        .route("/names/{id}", get(pages::name).post(pages::change_name))
        .route("/people", get(async || Redirect::to("/names?kind=person")))
        .route("/places", get(async || Redirect::to("/names?kind=place")))
        .route("/organisations", get(async || Redirect::to("/names?kind=organisation")))
        .route("/trends", get(pages::trends))
        .route("/jobs", get(pages::jobs))
        .route("/jobs/{id}/cancel", post(pages::cancel_job))
        .route("/jobs/{id}/retry", post(pages::retry_job))
        .route("/sound/{id}", get(sound::sound))
        .route("/cover/{id}", get(sound::cover))
        .route("/login", get(pages::login_form).post(pages::login))
        .route("/logout", post(pages::logout))
        .route("/assets/{version}/{name}", get(assets::asset))
        .route("/favicon.ico", get(assets::favicon))
        .route("/health", get(|| async { "ok" }));
    for format in export::FORMATS {
        let handler = async move |app: State<Shared>, id: Path<String>, fields: super::fields::Fields| {
            export::export(app, id, fields, format).await
        };
        router = router.route(&format!("/e/{{id}}/export.{}", format.0), get(handler));
    }
    router.merge(api::routes()).layer(DefaultBodyLimit::max(FORM_LIMIT))
}

async fn be_patient(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => {
            let error = Error::new(ErrorKind::Busy, "this took longer than half a minute");
            PageError::from(error.remedy("The machine may be busy: try again in a moment")).into_response()
        }
    }
}
