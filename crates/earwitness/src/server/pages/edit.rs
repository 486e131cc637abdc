//! Changing and removing an episode.

use super::{Layout, episode_id, render};
use crate::server::error::PageError;
use crate::server::fields::{Fields, PostForm};
use crate::server::state::Shared;
use crate::server::text::{self, LANGUAGES};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use ear_core::EpisodeId;
use ear_engine::{EpisodeDetail, EpisodeEdit, Error, ErrorKind};

#[derive(Template)]
#[template(path = "edit_episode.html")]
struct EditPage {
    layout: Layout,
    form_token: String,
    id: EpisodeId,
    values: Values,
    shows: Vec<String>,
    languages: &'static [(&'static str, &'static str)],
    fault: Option<Error>,
}

/// The form's values, as the visitor left them.
struct Values {
    title: String,
    show: String,
    date: String,
    language: String,
    notes: String,
}

#[derive(Template)]
#[template(path = "remove.html")]
pub(super) struct RemovePage {
    pub(super) layout: Layout,
    pub(super) form_token: String,
    /// What is removed: `episode` or `show`.
    pub(super) what: &'static str,
    pub(super) title: String,
    /// What goes with it, in a sentence.
    pub(super) loses: String,
    /// Its page; the form posts to `remove` below it.
    pub(super) path: String,
}

/// `GET /e/{id}/edit`
pub(crate) async fn edit_episode_form(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = episode_id(&id)?;
    let detail = app.ask(move |library| library.episode(id)).await?;
    form(&app, id, values_of(detail), None).await
}

/// `POST /e/{id}/edit`: back to the episode, or to the form with what was wrong.
pub(crate) async fn edit_episode(
    State(app): State<Shared>,
    Path(id): Path<String>,
    PostForm(fields): PostForm,
) -> Result<Response, PageError> {
    let id = episode_id(&id)?;
    let saved = match read(&fields) {
        Ok(edit) => app.ask(move |library| library.edit_episode(id, &edit)).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(Redirect::to(&format!("/e/{id}")).into_response()),
        Err(fault) if fault.error.kind == ErrorKind::BadInput => {
            let page = form(&app, id, values_from(&fields), Some(fault.error)).await?;
            Ok((fault.status, page).into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// `GET /e/{id}/remove`
pub(crate) async fn remove_episode_form(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = episode_id(&id)?;
    let detail = app.ask(move |library| library.episode(id)).await?;
    Ok(render(&RemovePage {
        layout: Layout::new("Remove an episode"),
        form_token: app.form_token.clone(),
        what: "episode",
        title: detail.summary.title,
        loses: "Its sound in the library, its transcripts and everything made from them go with it. \
                The file it was added from stays where it is."
            .to_owned(),
        path: format!("/e/{id}"),
    }))
}

/// `POST /e/{id}/remove`
pub(crate) async fn remove_episode(
    State(app): State<Shared>,
    Path(id): Path<String>,
    PostForm(_checked): PostForm,
) -> Result<Response, PageError> {
    let id = episode_id(&id)?;
    app.ask(move |library| library.remove_episode(id)).await?;
    Ok(Redirect::to("/").into_response())
}

async fn form(app: &Shared, id: EpisodeId, values: Values, fault: Option<Error>) -> Result<Response, PageError> {
    let shows = app.ask(|library| library.shows()).await?;
    Ok(render(&EditPage {
        layout: Layout::new("Edit an episode"),
        form_token: app.form_token.clone(),
        id,
        values,
        shows: shows.into_iter().map(|show| show.title).collect(),
        languages: &LANGUAGES,
        fault,
    }))
}

fn read(fields: &Fields) -> Result<EpisodeEdit, PageError> {
    Ok(EpisodeEdit {
        title: Some(fields.text("title").to_owned()),
        show: Some(fields.filled("show")),
        date: Some(fields.parsed("date")?),
        notes: Some(fields.filled("notes")),
        language: Some(fields.filled("language")),
    })
}

fn values_from(fields: &Fields) -> Values {
    let text = |name| fields.text(name).to_owned();
    Values {
        title: text("title"),
        show: text("show"),
        date: text("date"),
        language: text("language"),
        notes: text("notes"),
    }
}

fn values_of(detail: EpisodeDetail) -> Values {
    Values {
        title: detail.summary.title,
        show: detail.summary.show.map(|show| show.1).unwrap_or_default(),
        date: detail.summary.date.map(|date| date.to_string()).unwrap_or_default(),
        language: detail.summary.language.unwrap_or_default(),
        notes: detail.notes.unwrap_or_default(),
    }
}
