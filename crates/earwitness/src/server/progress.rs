//! How far the work is, for the script of our own pages. No public interface: it may change with the pages.

use super::error::JsonError;
use super::pages::{MOST_WORK, WorkRow, fingerprint, work_rows};
use super::state::Shared;
use axum::Json;
use axum::extract::State;
use ear_engine::ListEpisodes;
use serde::Serialize;

/// What the script polls.
#[derive(Serialize)]
pub(crate) struct ProgressView {
    /// Changes when the page's lists do.
    state: String,
    episodes: Vec<WorkRow>,
}

/// `GET /progress`
pub(crate) async fn progress(State(app): State<Shared>) -> Result<Json<ProgressView>, JsonError> {
    let list = ListEpisodes { unready: true, limit: MOST_WORK, ..ListEpisodes::default() };
    let unready = app.ask(move |library| library.episodes(&list)).await?;
    let episodes = work_rows(&app, unready.items);
    Ok(Json(ProgressView { state: fingerprint(&episodes), episodes }))
}
