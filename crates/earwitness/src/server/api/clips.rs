//! Clips of episodes: looking at them, making them right, and what comes next.

use super::names::unreadable;
use super::names_changes::{Body, given};
use super::{id, paging, yes};
use crate::clip_edits::{self, ClipChange};
use crate::dto::{ClipDetailDto, ClipsDto, EditedDto, NextListDto, UndoneEditDto};
use crate::server::error::JsonError;
use crate::server::fields::Fields;
use crate::server::state::Shared;
use axum::Json;
use axum::extract::{Path, State};
use ear_engine::core::{ClipId, ClipKind, EpisodeId, TranscriptId, join_words};
use ear_engine::{Edge, Error, ErrorKind, Library, NextOptions, Result};
use serde::Deserialize;

/// Clips that come next, unless told otherwise.
const LIMIT: usize = 10;

/// How many clips that come next are told beside another answer.
const FEW: usize = 3;

/// One change of a clip.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Change {
    /// Null brings back that which its words give it.
    #[serde(deserialize_with = "given")]
    headline: Option<Option<String>>,
    kind: Option<ClipKind>,
    start_word: Option<usize>,
    end_word: Option<usize>,
    /// Whose words are counted; that of the clip, unless told otherwise.
    transcript_id: Option<TranscriptId>,
}

/// Where a clip becomes two.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Split {
    at_word: usize,
    #[serde(default)]
    transcript_id: Option<TranscriptId>,
}

/// Whether a clip was heard.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Heard {
    heard: bool,
}

/// `GET /api/v1/episodes/{id}/clips`
pub(super) async fn of_episode(
    State(app): State<Shared>,
    Path(episode): Path<String>,
    fields: Fields,
) -> std::result::Result<Json<ClipsDto>, JsonError> {
    let episode = id::<EpisodeId>(&episode, "episode")?;
    let adverts = yes(&fields, "adverts")?;
    let clips = move |library: &Library| {
        let view = library.clips(episode)?;
        let (_, next) = library.next_in(episode, &NextOptions::default())?;
        Ok(ClipsDto::new(episode, &view, adverts, &next))
    };
    Ok(Json(app.ask(clips).await?))
}

/// `GET /api/v1/clips/{id}`
pub(super) async fn one(
    State(app): State<Shared>,
    Path(clip): Path<String>,
) -> std::result::Result<Json<ClipDetailDto>, JsonError> {
    let clip = id::<ClipId>(&clip, "clip")?;
    let detail = move |library: &Library| {
        let clip = library.clip(clip)?;
        let read = library.transcript(clip.episode.0, Some(clip.transcript))?;
        let words = read.as_ref().and_then(|read| read.transcript.words.get(clip.clip.words.clone()));
        let said = join_words(words.unwrap_or_default());
        let next = library.next(clip.id, &NextOptions { limit: FEW, ..NextOptions::default() })?;
        Ok(ClipDetailDto::new(&clip, said, &next))
    };
    Ok(Json(app.ask(detail).await?))
}

/// `GET /api/v1/clips/{id}/next`
pub(super) async fn next(
    State(app): State<Shared>,
    Path(clip): Path<String>,
    fields: Fields,
) -> std::result::Result<Json<NextListDto>, JsonError> {
    let clip = id::<ClipId>(&clip, "clip")?;
    let (limit, _) = paging(&fields, LIMIT)?;
    let options = NextOptions { limit, same_show: yes(&fields, "same_show")?, heard: yes(&fields, "heard")? };
    let next = move |library: &Library| {
        let clip = library.clip(clip)?;
        Ok(NextListDto::new(Some(&clip), &library.next(clip.id, &options)?))
    };
    Ok(Json(app.ask(next).await?))
}

/// `POST /api/v1/clips/{id}`
pub(super) async fn change(
    State(app): State<Shared>,
    Path(clip): Path<String>,
    body: Body<Change>,
) -> std::result::Result<Json<EditedDto>, JsonError> {
    let Json(asked) = body.map_err(|rejection| unreadable(&rejection, r#"{"headline": "Parliament votes"}"#))?;
    let change = match asked {
        Change { headline: Some(headline), kind: None, start_word: None, end_word: None, .. } => {
            ClipChange::Rename(headline)
        }
        Change { headline: None, kind: Some(kind), start_word: None, end_word: None, .. } => ClipChange::Kind(kind),
        Change { headline: None, kind: None, start_word: Some(word), end_word: None, .. } => {
            ClipChange::Move(Edge::Start, word)
        }
        Change { headline: None, kind: None, start_word: None, end_word: Some(word), .. } => {
            ClipChange::Move(Edge::End, word)
        }
        _ => {
            let error = Error::new(ErrorKind::BadInput, "one thing is changed at a time");
            return Err(error.remedy("Send one of `headline`, `kind`, `start_word`, `end_word`").into());
        }
    };
    edit(&app, &clip, asked.transcript_id, change).await
}

/// `POST /api/v1/clips/{id}/split`
pub(super) async fn split(
    State(app): State<Shared>,
    Path(clip): Path<String>,
    body: Body<Split>,
) -> std::result::Result<Json<EditedDto>, JsonError> {
    let Json(asked) = body.map_err(|rejection| unreadable(&rejection, r#"{"at_word": 420}"#))?;
    edit(&app, &clip, asked.transcript_id, ClipChange::Split(asked.at_word)).await
}

/// `POST /api/v1/clips/{id}/join`
pub(super) async fn join(
    State(app): State<Shared>,
    Path(clip): Path<String>,
) -> std::result::Result<Json<EditedDto>, JsonError> {
    edit(&app, &clip, None, ClipChange::Join).await
}

/// `POST /api/v1/clips/{id}/heard`
pub(super) async fn heard(
    State(app): State<Shared>,
    Path(clip): Path<String>,
    body: Body<Heard>,
) -> std::result::Result<Json<EditedDto>, JsonError> {
    let clip = id::<ClipId>(&clip, "clip")?;
    let Json(Heard { heard }) = body.map_err(|rejection| unreadable(&rejection, r#"{"heard": true}"#))?;
    let mark = move |library: &Library| {
        library.mark_heard(clip, heard)?;
        Ok(EditedDto::new(&[library.clip(clip)?]))
    };
    Ok(Json(app.ask(mark).await?))
}

/// `POST /api/v1/episodes/{id}/clips/undo`
pub(super) async fn undo(
    State(app): State<Shared>,
    Path(episode): Path<String>,
) -> std::result::Result<Json<UndoneEditDto>, JsonError> {
    let episode = id::<EpisodeId>(&episode, "episode")?;
    let undo = move |library: &Library| {
        let undone = clip_edits::undo(library, episode)?;
        let (undone, clips) = undone.ok_or_else(|| Error::new(ErrorKind::NotFound, "there is nothing to take back"))?;
        Ok(UndoneEditDto::new(&undone, &clips))
    };
    Ok(Json(app.ask(undo).await?))
}

async fn edit(
    app: &Shared,
    clip: &str,
    transcript: Option<TranscriptId>,
    change: ClipChange,
) -> std::result::Result<Json<EditedDto>, JsonError> {
    let clip = id::<ClipId>(clip, "clip")?;
    let edit = move |library: &Library| {
        check_transcript(library, clip, transcript)?;
        Ok(EditedDto::new(&clip_edits::change(library, clip, &change)?))
    };
    Ok(Json(app.ask(edit).await?))
}

/// Refuses words that were counted in another transcript than that of the clip.
fn check_transcript(library: &Library, clip: ClipId, counted: Option<TranscriptId>) -> Result<()> {
    let Some(counted) = counted else { return Ok(()) };
    let its = library.clip(clip)?.transcript;
    if its == counted {
        return Ok(());
    }
    let error = Error::new(ErrorKind::BadInput, format!("clip {clip} is now one of transcript {its}"));
    Err(error.at(format!("transcript {counted}")).remedy("Look at the clip again, and count its words anew"))
}
