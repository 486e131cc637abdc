//! Changes of names, and taking them back.

use super::id;
use super::names::unreadable;
use crate::dto::{DecidedDto, DecisionsDto, NameSummaryDto, UndoneDto};
use crate::server::error::JsonError;
use crate::server::state::Shared;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use ear_engine::core::{EpisodeId, NameId, NameKind, TranscriptId};
use ear_engine::{Error, ErrorKind, Library, Result, Verdict};
use serde::{Deserialize, Deserializer};

/// The most names that one request may merge, and spellings that it may split off.
const MOST: usize = 500;

pub(super) type Body<T> = std::result::Result<Json<T>, JsonRejection>;

/// What some words of an episode stand for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Correction {
    meant: String,
    start_word: usize,
    end_word: usize,
    /// The transcript that is read, unless told otherwise.
    #[serde(default)]
    transcript_id: Option<TranscriptId>,
    #[serde(default)]
    kind: Option<NameKind>,
}

/// A name to follow.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewName {
    name: String,
    #[serde(default)]
    kind: Option<NameKind>,
    #[serde(default)]
    variants: Vec<String>,
}

/// One change of a name.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Change {
    name: Option<String>,
    /// Null says that it is of no known kind.
    #[serde(deserialize_with = "given")]
    kind: Option<Option<NameKind>>,
    followed: Option<bool>,
    forgotten: Option<bool>,
}

/// Names that become part of another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Merge {
    away: Vec<NameId>,
}

/// Spellings that become a name of their own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Split {
    spellings: Vec<String>,
    #[serde(default)]
    name: Option<String>,
}

/// `POST /api/v1/episodes/{id}/names/corrections`
pub(super) async fn correct(
    State(app): State<Shared>,
    Path(episode): Path<String>,
    body: Body<Correction>,
) -> std::result::Result<Json<DecisionsDto>, JsonError> {
    let episode = id::<EpisodeId>(&episode, "episode")?;
    let example = r#"{"start_word": 3, "end_word": 5, "meant": "Soleimani"}"#;
    let Json(said) = body.map_err(|rejection| unreadable(&rejection, example))?;
    let decided = app
        .ask(move |library| {
            // A slip is not to change another episode.
            let transcript = library.transcript(episode, said.transcript_id)?;
            let no_words = || Error::new(ErrorKind::NotFound, "the episode has no words yet");
            let transcript = transcript.ok_or_else(no_words)?.id;
            library.repair_by_hand(transcript, said.start_word..said.end_word, &said.meant, said.kind)
        })
        .await?;
    Ok(Json(DecisionsDto { decisions: vec![DecidedDto::new(&decided, Verdict::Accept)] }))
}

/// `POST /api/v1/names`
pub(super) async fn add(
    State(app): State<Shared>,
    body: Body<NewName>,
) -> std::result::Result<Json<NameSummaryDto>, JsonError> {
    let Json(new) = body.map_err(|rejection| unreadable(&rejection, r#"{"name": "Qasem Soleimani"}"#))?;
    if new.variants.len() > MOST {
        return Err(too_many("spellings").into());
    }
    let add = move |library: &Library| summary(library, library.add_name(&new.name, new.kind, &new.variants)?);
    Ok(Json(app.ask(add).await?))
}

/// `POST /api/v1/names/{id}`
pub(super) async fn change(
    State(app): State<Shared>,
    Path(name): Path<String>,
    body: Body<Change>,
) -> std::result::Result<Json<NameSummaryDto>, JsonError> {
    let name = id::<NameId>(&name, "name")?;
    let Json(change) = body.map_err(|rejection| unreadable(&rejection, r#"{"followed": true}"#))?;
    let change = move |library: &Library| {
        match change {
            Change { name: Some(new), kind: None, followed: None, forgotten: None } => {
                library.rename_name(name, &new)?;
            }
            Change { name: None, kind: Some(kind), followed: None, forgotten: None } => {
                library.set_name_kind(name, kind)?;
            }
            Change { name: None, kind: None, followed: Some(follow), forgotten: None } => {
                library.follow_name(name, follow)?;
            }
            Change { name: None, kind: None, followed: None, forgotten: Some(forget) } => {
                library.forget_name(name, forget)?;
            }
            _ => {
                let error = Error::new(ErrorKind::BadInput, "one thing is changed at a time");
                return Err(error.remedy("Send one of `name`, `kind`, `followed`, `forgotten`"));
            }
        }
        summary(library, name)
    };
    Ok(Json(app.ask(change).await?))
}

/// `POST /api/v1/names/{id}/merge`
pub(super) async fn merge(
    State(app): State<Shared>,
    Path(name): Path<String>,
    body: Body<Merge>,
) -> std::result::Result<Json<NameSummaryDto>, JsonError> {
    let name = id::<NameId>(&name, "name")?;
    let Json(Merge { away }) = body.map_err(|rejection| unreadable(&rejection, r#"{"away": ["12"]}"#))?;
    if away.len() > MOST {
        return Err(too_many("names").into());
    }
    let merge = move |library: &Library| {
        library.merge_names(name, &away)?;
        summary(library, name)
    };
    Ok(Json(app.ask(merge).await?))
}

/// `POST /api/v1/names/{id}/split`
pub(super) async fn split(
    State(app): State<Shared>,
    Path(name): Path<String>,
    body: Body<Split>,
) -> std::result::Result<Json<NameSummaryDto>, JsonError> {
    let name = id::<NameId>(&name, "name")?;
    let Json(Split { spellings, name: new }) =
        body.map_err(|rejection| unreadable(&rejection, r#"{"spellings": ["Qasim"]}"#))?;
    if spellings.len() > MOST {
        return Err(too_many("spellings").into());
    }
    let split = move |library: &Library| {
        let Some(new) = new.or_else(|| spellings.first().cloned()).filter(|_| !spellings.is_empty()) else {
            return Err(Error::new(ErrorKind::BadInput, "no spelling is named").remedy("Name some in `spellings`"));
        };
        summary(library, library.split_name(name, &spellings, &new)?)
    };
    Ok(Json(app.ask(split).await?))
}

/// `POST /api/v1/names/undo`
pub(super) async fn undo(State(app): State<Shared>) -> std::result::Result<Json<UndoneDto>, JsonError> {
    let undo = |library: &Library| {
        library.undo_last_decision()?.ok_or_else(|| Error::new(ErrorKind::NotFound, "there is nothing to take back"))
    };
    Ok(Json(UndoneDto::from(&app.ask(undo).await?)))
}

fn summary(library: &Library, name: NameId) -> Result<NameSummaryDto> {
    Ok(NameSummaryDto::from(&library.name_detail(name)?.name))
}

fn too_many(what: &str) -> Error {
    Error::new(ErrorKind::BadInput, format!("these are too many {what}")).remedy(format!("Send at most {MOST}"))
}

/// What is given, also where it is null.
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    value: D,
) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}
