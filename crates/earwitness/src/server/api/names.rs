//! Names of episodes and of the library, and decisions on what was misheard.

use super::{id, one_of, paging};
use crate::decisions::check_of_episode;
use crate::dto::{DecidedDto, DecisionsDto, NameDetailDto, NameListDto, NameSummaryDto, NamesDto};
use crate::server::error::{JsonError, PageError};
use crate::server::fields::Fields;
use crate::server::state::Shared;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use ear_engine::core::{EpisodeId, NameId, NameKind, RepairId};
use ear_engine::{Error, ErrorKind, Library, Result, Verdict, Which};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Names of an answer unless told otherwise.
const LIMIT: usize = 50;

/// The most repairs that one request may decide.
const MOST_DECISIONS: usize = 5000;

/// What is said of repairs of an episode.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Decisions {
    /// These are right.
    accept: Vec<RepairId>,
    /// These are wrong.
    refuse: Vec<RepairId>,
    /// These are to be as if nobody had decided.
    undo: Vec<RepairId>,
    /// Whether it holds for others where the same was heard for the same name.
    alike: Option<Alike>,
}

/// Where else a decision holds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Alike {
    Episode,
    Library,
}

/// `GET /api/v1/episodes/{id}/names`
pub(super) async fn of_episode(
    State(app): State<Shared>,
    Path(episode): Path<String>,
) -> Result<Json<NamesDto>, JsonError> {
    let episode = id::<EpisodeId>(&episode, "episode")?;
    let view = app.ask(move |library| library.names(episode)).await?;
    Ok(Json(NamesDto::new(episode, &view)))
}

/// `POST /api/v1/episodes/{id}/names/decisions`
pub(super) async fn decide(
    State(app): State<Shared>,
    Path(episode): Path<String>,
    body: Result<Json<Decisions>, JsonRejection>,
) -> Result<Json<DecisionsDto>, JsonError> {
    let episode = id::<EpisodeId>(&episode, "episode")?;
    let Json(decisions) = body.map_err(|rejection| unreadable(&rejection, "{\"accept\": [\"12\"]}"))?;
    let decisions = app.ask(move |library| decide_all(library, episode, &decisions)).await?;
    Ok(Json(DecisionsDto { decisions }))
}

/// A body that can't be read; `example` is one that can.
pub(super) fn unreadable(rejection: &JsonRejection, example: &str) -> JsonError {
    let error = Error::new(ErrorKind::BadInput, format!("the request can't be read: {}", rejection.body_text()));
    let error = error.remedy(format!("Send JSON such as {example}; /api/openapi.json describes it"));
    JsonError(PageError { status: rejection.status(), error })
}

fn decide_all(library: &Library, episode: EpisodeId, decisions: &Decisions) -> Result<Vec<DecidedDto>> {
    let all =
        [(&decisions.accept, Verdict::Accept), (&decisions.refuse, Verdict::Refuse), (&decisions.undo, Verdict::Undo)];
    let ids: Vec<RepairId> = all.iter().flat_map(|(ids, _)| ids.iter().copied()).collect();
    let wrong = |message: &str, remedy: &str| Err(Error::new(ErrorKind::BadInput, message).remedy(remedy));
    if ids.is_empty() {
        return wrong("nothing is decided", "Name repairs in `accept`, `refuse` or `undo`");
    }
    if ids.len() > MOST_DECISIONS {
        return wrong("these are too many decisions", "Send them in parts of 5000");
    }
    if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
        return wrong("a repair is named twice", "Decide each one way");
    }
    // Nothing is decided unless all of it can be.
    check_of_episode(library, episode, &ids)?;
    let which = |id: &RepairId| match decisions.alike {
        None => Which::One(*id),
        Some(Alike::Episode) => Which::AlikeInEpisode(*id),
        Some(Alike::Library) => Which::AlikeInLibrary(*id),
    };
    let named = all.into_iter().filter(|(ids, _)| !ids.is_empty());
    let decided = named.map(|(ids, verdict)| {
        let which: Vec<Which> = ids.iter().map(which).collect();
        Ok(DecidedDto::new(&library.decide(&which, verdict)?, verdict))
    });
    decided.collect()
}

/// `GET /api/v1/names`
pub(super) async fn list(State(app): State<Shared>, fields: Fields) -> Result<Json<NameListDto>, JsonError> {
    let kinds = [
        ("person", NameKind::Person),
        ("place", NameKind::Place),
        ("organisation", NameKind::Organisation),
        ("thing", NameKind::Thing),
    ];
    let kind = one_of(&fields, "kind", &kinds)?;
    let (limit, offset) = paging(&fields, LIMIT)?;
    let query = fields.filled("q");
    let (names, total) = app.ask(move |library| library.name_listing(kind, query.as_deref(), limit, offset)).await?;
    Ok(Json(NameListDto { total, names: names.iter().map(NameSummaryDto::from).collect() }))
}

/// `GET /api/v1/names/{id}`
pub(super) async fn one(State(app): State<Shared>, Path(name): Path<String>) -> Result<Json<NameDetailDto>, JsonError> {
    let name = id::<NameId>(&name, "name")?;
    let detail = app.ask(move |library| library.name_detail(name)).await?;
    Ok(Json(NameDetailDto::from(&detail)))
}
