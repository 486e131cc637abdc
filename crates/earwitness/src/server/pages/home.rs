//! The first page: what there is, what is being heard, and how to add more.

use super::rows::{EpisodeRow, WorkRow, work_rows};
use super::{Layout, Paging, address, render};
use crate::server::error::PageError;
use crate::server::fields::Fields;
use crate::server::state::Shared;
use crate::server::text::{self, LANGUAGES};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use ear_engine::ListEpisodes;

/// How many episodes a page lists.
const PAGE: usize = 30;

/// How many unready episodes are shown at once.
const MOST_WORK: usize = 50;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    layout: Layout,
    form_token: String,
    upload_limit: u64,
    languages: &'static [(&'static str, &'static str)],
    shows: Vec<String>,
    work: Vec<WorkRow>,
    more_work: usize,
    trouble: Option<String>,
    recent: Vec<EpisodeRow>,
    total: usize,
    paging: Paging,
    /// How many files the visitor has just added.
    added: usize,
}

/// `GET /`
pub(crate) async fn home(State(app): State<Shared>, fields: Fields) -> Result<Response, PageError> {
    let page = fields.page();
    let (recent, unready, shows) = app
        .ask(move |library| {
            let list = ListEpisodes { offset: (page - 1) * PAGE, limit: PAGE, ..ListEpisodes::default() };
            let unready = ListEpisodes { unready: true, limit: MOST_WORK, ..ListEpisodes::default() };
            Ok((library.episodes(&list)?, library.episodes(&unready)?, library.shows()?))
        })
        .await?;
    let more_work = unready.total.saturating_sub(unready.items.len());
    let work = work_rows(&app, unready.items);
    let paging = Paging::new(page, PAGE, recent.total, |page| address("/", &[("page", &page.to_string())]));
    if let Some(last) = paging.last {
        return Ok(last.into_response());
    }
    Ok(render(&Home {
        layout: Layout::new("Earwitness").without_search(),
        form_token: app.form_token.clone(),
        upload_limit: app.upload_limit,
        languages: &LANGUAGES,
        shows: shows.into_iter().map(|show| show.title).collect(),
        work,
        more_work,
        trouble: app.live.trouble(),
        added: fields.text("added").parse().map_or(0, |added: usize| added.min(1000)),
        total: recent.total,
        paging,
        recent: recent.items.into_iter().map(EpisodeRow::from).collect(),
    }))
}
