//! How far the work is, for the script of our own pages. No public interface: it may change with the pages.

use super::error::JsonError;
use super::fields::Fields;
use super::pages::{WorkRow, work_row};
use super::state::Shared;
use axum::Json;
use axum::extract::State;
use ear_core::EpisodeId;
use ear_engine::{ErrorKind, Library, Result};
use serde::Serialize;

/// How many episodes can be asked about at once.
const MOST: usize = 200;

/// What the script polls.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum ProgressView {
    Here(WorkRow),
    Gone { id: EpisodeId, state: &'static str },
}

/// `GET /progress?ids=1,2,3`: exactly these episodes, in this order. What is no id is left out.
pub(crate) async fn progress(State(app): State<Shared>, fields: Fields) -> Result<Json<Vec<ProgressView>>, JsonError> {
    let ids: Vec<EpisodeId> = fields.text("ids").split(',').filter_map(|id| id.parse().ok()).take(MOST).collect();
    let found = app
        .ask(move |library| {
            let look = |id: &EpisodeId| Ok((*id, summary(library, *id)?));
            ids.iter().map(look).collect::<Result<Vec<_>>>()
        })
        .await?;
    let view = |(id, summary): (EpisodeId, Option<ear_engine::EpisodeSummary>)| match summary {
        Some(summary) => ProgressView::Here(work_row(&app, summary)),
        None => ProgressView::Gone { id, state: "removed" },
    };
    Ok(Json(found.into_iter().map(view).collect()))
}

fn summary(library: &Library, id: EpisodeId) -> Result<Option<ear_engine::EpisodeSummary>> {
    match library.episode(id) {
        Ok(detail) => Ok(Some(detail.summary)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
