//! The queue.

use super::{Layout, episode_id, id, render, way_back};
use crate::server::error::PageError;
use crate::server::fields::{Fields, PostForm};
use crate::server::state::Shared;
use crate::server::text;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use ear_core::JobId;
use ear_engine::{Error, ErrorKind, JobState, JobView};

/// How many jobs are listed.
const MOST: usize = 200;

#[derive(Template)]
#[template(path = "jobs.html")]
struct Page {
    layout: Layout,
    form_token: String,
    trouble: Option<String>,
    all: bool,
    jobs: Vec<Row>,
    more: usize,
}

struct Row {
    job: JobView,
    what: &'static str,
    state: &'static str,
    percent: Option<u8>,
    can_cancel: bool,
    can_retry: bool,
}

/// `GET /jobs`
pub(crate) async fn jobs(State(app): State<Shared>, fields: Fields) -> Result<Response, PageError> {
    let all = fields.text("all") == "1";
    let jobs = app.ask(move |library| library.jobs(all)).await?;
    let more = jobs.len().saturating_sub(MOST);
    Ok(render(&Page {
        layout: Layout::new("Queue"),
        form_token: app.form_token.clone(),
        trouble: app.live.trouble(),
        all,
        jobs: jobs.into_iter().take(MOST).map(row).collect(),
        more,
    }))
}

/// `POST /jobs/{id}/cancel`
pub(crate) async fn cancel_job(
    State(app): State<Shared>,
    Path(job): Path<String>,
    PostForm(fields): PostForm,
) -> Result<Response, PageError> {
    let job: JobId = id(&job)?;
    app.ask(move |library| library.cancel_job(job)).await?;
    Ok(back(&fields, "/jobs"))
}

/// `POST /jobs/{id}/retry`
pub(crate) async fn retry_job(
    State(app): State<Shared>,
    Path(job): Path<String>,
    PostForm(fields): PostForm,
) -> Result<Response, PageError> {
    let job: JobId = id(&job)?;
    app.ask(move |library| library.retry_job(job)).await?;
    Ok(back(&fields, "/jobs"))
}

/// `POST /e/{id}/retry`: puts back whatever stopped for this episode.
pub(crate) async fn retry_episode(
    State(app): State<Shared>,
    Path(episode): Path<String>,
    PostForm(fields): PostForm,
) -> Result<Response, PageError> {
    let episode = episode_id(&episode)?;
    app.ask(move |library| {
        let jobs = library.jobs(true)?;
        let stopped =
            |job: &JobView| job.episode.0 == episode && matches!(job.state, JobState::Failed | JobState::Cancelled);
        let stopped: Vec<_> = jobs.into_iter().filter(stopped).collect();
        if stopped.is_empty() {
            let error = Error::new(ErrorKind::NotFound, format!("no work of episode {episode} has stopped"));
            return Err(error.remedy("The queue shows all work"));
        }
        stopped.iter().try_for_each(|job| library.retry_job(job.id))
    })
    .await?;
    Ok(back(&fields, "/"))
}

fn back(fields: &Fields, otherwise: &str) -> Response {
    let path = fields.filled("back").unwrap_or_else(|| otherwise.to_owned());
    Redirect::to(way_back(&path)).into_response()
}

fn row(job: JobView) -> Row {
    Row {
        what: match job.kind.as_str() {
            "fetch" => "fetch the sound",
            "transcribe" => "hear the words",
            "index" => "make them searchable",
            "align" => "give the words their times",
            "names" => "look for names",
            "meaning" => "learn what is meant",
            "clips" => "cut it into clips",
            "describe" => "ask a model about its clips",
            _ => "work",
        },
        state: match job.state {
            JobState::Queued => "waiting",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
            JobState::Cancelled => "cancelled",
        },
        percent: job.progress.map(|done| (done.clamp(0.0, 1.0) * 100.0).round() as u8),
        can_cancel: matches!(job.state, JobState::Queued | JobState::Running),
        can_retry: matches!(job.state, JobState::Failed | JobState::Cancelled),
        job: JobView { error: job.error.as_deref().map(text::sentence), ..job },
    }
}
