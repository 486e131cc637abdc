//! The first page: what there is, what is being heard, and how to add more.

use super::clips_panel::length;
use super::rows::{Day, EpisodeRow, WorkRow, work_rows};
use super::{Layout, Paging, address, render};
use crate::paths::default_folder;
use crate::server::error::PageError;
use crate::server::fields::Fields;
use crate::server::state::Shared;
use crate::server::text::{self, LANGUAGES};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use ear_engine::{ClipView, EpisodeSummary, Error, Library, ListEpisodes};
use std::path::Path;

/// How many episodes a page lists.
const PAGE: usize = 30;

/// How many unready episodes are shown at once.
const MOST_WORK: usize = 50;

/// How many clips are shown, how many of an episode, and of how many episodes they may be.
const MOST_CLIPS: usize = 4;
const OF_EACH: usize = 2;
const LOOKED_AT: usize = 6;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    layout: Layout,
    form_token: String,
    upload_limit: u64,
    /// What commands need to mean this library, where it is not the default one.
    library: String,
    languages: &'static [(&'static str, &'static str)],
    shows: Vec<String>,
    work: Vec<WorkRow>,
    more_work: usize,
    trouble: Option<String>,
    recent: Vec<EpisodeRow>,
    total: usize,
    /// Some clips of the newest episodes.
    clips: Vec<ClipRow>,
    paging: Paging,
    /// How many files the visitor has just added.
    added: usize,
}

/// A clip in a list.
struct ClipRow {
    url: String,
    headline: String,
    length: String,
    episode: String,
    date: Option<Day>,
}

/// `GET /`
pub(crate) async fn home(State(app): State<Shared>, fields: Fields) -> Result<Response, PageError> {
    let page = fields.page();
    let (recent, clips, unready, shows) = app
        .ask(move |library| {
            let list = ListEpisodes { offset: (page - 1) * PAGE, limit: PAGE, ..ListEpisodes::default() };
            let unready = ListEpisodes { unready: true, limit: MOST_WORK, ..ListEpisodes::default() };
            let recent = library.episodes(&list)?;
            let clips = if page == 1 { newest_clips(library, &recent.items)? } else { Vec::new() };
            Ok((recent, clips, library.episodes(&unready)?, library.shows()?))
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
        library: library_option(app.library().folder()),
        languages: &LANGUAGES,
        shows: shows.into_iter().map(|show| show.title).collect(),
        work,
        more_work,
        trouble: app.live.trouble(),
        added: fields.text("added").parse().map_or(0, |added: usize| added.min(1000)),
        total: recent.total,
        clips,
        paging,
        recent: recent.items.into_iter().map(EpisodeRow::from).collect(),
    }))
}

/// `--library DIR` for a shell, where the default is another.
fn library_option(folder: &Path) -> String {
    let same = |one: &Path| one.canonicalize().unwrap_or_else(|_gone| one.to_owned());
    if default_folder("library").is_ok_and(|default| same(&default) == same(folder)) {
        return String::new();
    }
    format!(" --library '{}'", same(folder).display().to_string().replace('\'', r"'\''"))
}

/// The first clips of the newest episodes that nobody heard, a few of each.
fn newest_clips(library: &Library, episodes: &[EpisodeSummary]) -> Result<Vec<ClipRow>, Error> {
    let mut rows = Vec::new();
    for episode in episodes.iter().filter(|episode| episode.words > 0).take(LOOKED_AT) {
        let view = library.clips(episode.id)?;
        rows.extend(view.told().filter(|clip| !clip.heard).take(OF_EACH).map(ClipRow::from));
        if rows.len() >= MOST_CLIPS {
            break;
        }
    }
    rows.truncate(MOST_CLIPS);
    Ok(rows)
}

impl From<&ClipView> for ClipRow {
    fn from(view: &ClipView) -> Self {
        Self {
            url: view.url.clone(),
            headline: view.clip.description.headline.clone(),
            length: length(view),
            episode: view.episode.1.clone(),
            date: view.date.map(Day::from),
        }
    }
}
