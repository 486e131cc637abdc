//! Shows: their list, their episodes, changing and removing one.

use super::edit::RemovePage;
use super::rows::EpisodeRow;
use super::{Layout, Paging, address, render, show_id};
use crate::server::error::PageError;
use crate::server::fields::{Fields, PostForm};
use crate::server::state::{App, Shared};
use crate::server::text::{self, count, length};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use ear_core::ShowId;
use ear_engine::{AddOptions, Brought, Error, ErrorKind, FeedView, ListEpisodes, ShowEdit, ShowSummary, Stop};

/// How many episodes of a show a page lists.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "shows.html")]
struct ShowsPage {
    layout: Layout,
    shows: Vec<ShowRow>,
}

#[derive(Template)]
#[template(path = "show.html")]
struct ShowPage {
    layout: Layout,
    form_token: String,
    show: ShowRow,
    episodes: Vec<EpisodeRow>,
    paging: Paging,
}

#[derive(Template)]
#[template(path = "edit_show.html")]
struct EditPage {
    layout: Layout,
    form_token: String,
    id: ShowId,
    title: String,
    notes: String,
    fault: Option<Error>,
}

struct ShowRow {
    id: ShowId,
    title: String,
    notes: Option<String>,
    facts: String,
    feeds: Vec<FeedRow>,
}

/// A feed that a show comes from.
struct FeedRow {
    url: String,
    /// When it was looked at, in words.
    state: String,
    error: Option<String>,
}

impl From<FeedView> for FeedRow {
    fn from(feed: FeedView) -> Self {
        let state =
            feed.checked.map_or_else(|| "not looked at yet".to_owned(), |at| format!("looked at {}", text::ago(at)));
        Self { url: feed.url, state, error: feed.error.as_deref().map(text::sentence) }
    }
}

impl From<ShowSummary> for ShowRow {
    fn from(show: ShowSummary) -> Self {
        let mut facts = count(show.episodes, "episode");
        if show.duration > 0 {
            facts.push_str(&format!(" · {}", length(show.duration)));
        }
        let notes = show.notes.filter(|notes| !notes.trim().is_empty());
        let feeds = show.feeds.into_iter().map(FeedRow::from).collect();
        Self { id: show.id, title: show.title, notes, facts, feeds }
    }
}

/// `GET /shows`
pub(crate) async fn shows(State(app): State<Shared>) -> Result<Response, PageError> {
    let shows = app.ask(|library| library.shows()).await?;
    Ok(render(&ShowsPage { layout: Layout::new("Shows"), shows: shows.into_iter().map(ShowRow::from).collect() }))
}

/// `GET /shows/{id}`
pub(crate) async fn show(
    State(app): State<Shared>,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (id, page) = (show_id(&id)?, fields.page());
    let show = summary(&app, id).await?;
    let list = ListEpisodes { show: Some(id), offset: (page - 1) * PAGE, limit: PAGE, ..ListEpisodes::default() };
    let episodes = app.ask(move |library| library.episodes(&list)).await?;
    let path = format!("/shows/{id}");
    let paging = Paging::new(page, PAGE, episodes.total, |page| address(&path, &[("page", &page.to_string())]));
    if let Some(last) = paging.last {
        return Ok(last.into_response());
    }
    Ok(render(&ShowPage {
        layout: Layout::new(&show.title),
        form_token: app.form_token.clone(),
        show: show.into(),
        paging,
        episodes: episodes.items.into_iter().map(EpisodeRow::from).collect(),
    }))
}

/// `POST /follow`: takes the newest episodes of a feed and follows it; sound and transcripts have addresses too.
/// Visitors have no say about addresses of this machine and its network.
pub(crate) async fn follow(State(app): State<Shared>, PostForm(fields): PostForm) -> Result<Response, PageError> {
    let address = fields.text("address").trim().to_owned();
    if !address.starts_with("https://") && !address.starts_with("http://") {
        let remedy = "Copy it from the show's page; it begins with https://";
        return Err(PageError::bad_request("this is not the address of a feed", remedy));
    }
    let brought = app.ask(move |library| library.add_address(&address, &AddOptions::default())).await?;
    let mut place = "/".to_owned();
    for brought in brought {
        match brought {
            Brought::Feed(look) => {
                if let Some(error) = look.error {
                    return Err(error.into());
                }
                place = look.show.map_or(place, |(show, _)| format!("/shows/{show}"));
            }
            Brought::Episode(added) => place = format!("/e/{}", added.episode),
        }
    }
    Ok(Redirect::to(&place).into_response())
}

/// `POST /shows/{id}/refresh`: looks at the show's feeds; how that went is on its page.
pub(crate) async fn refresh_show(
    State(app): State<Shared>,
    Path(id): Path<String>,
    PostForm(_checked): PostForm,
) -> Result<Response, PageError> {
    let id = show_id(&id)?;
    app.ask(move |library| library.refresh(Some(id), None, &Stop::default(), &mut |_| ())).await?;
    Ok(Redirect::to(&format!("/shows/{id}")).into_response())
}

/// `GET /shows/{id}/edit`
pub(crate) async fn edit_show_form(State(app): State<Shared>, Path(id): Path<String>) -> Result<Response, PageError> {
    let id = show_id(&id)?;
    let show = summary(&app, id).await?;
    Ok(form(&app, id, show.title, show.notes.unwrap_or_default(), None))
}

/// `POST /shows/{id}/edit`: back to the show, or to the form with what was wrong.
pub(crate) async fn edit_show(
    State(app): State<Shared>,
    Path(id): Path<String>,
    PostForm(fields): PostForm,
) -> Result<Response, PageError> {
    let id = show_id(&id)?;
    let (title, notes) = (fields.text("title").to_owned(), fields.filled("notes"));
    let edit = ShowEdit { title: Some(title.clone()), notes: Some(notes.clone()) };
    match app.ask(move |library| library.edit_show(id, &edit)).await {
        Ok(()) => Ok(Redirect::to(&format!("/shows/{id}")).into_response()),
        Err(fault) if fault.error.kind == ErrorKind::BadInput => {
            let page = form(&app, id, title, notes.unwrap_or_default(), Some(fault.error));
            Ok((fault.status, page).into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// `GET /shows/{id}/remove`
pub(crate) async fn remove_show_form(State(app): State<Shared>, Path(id): Path<String>) -> Result<Response, PageError> {
    let id = show_id(&id)?;
    let show = summary(&app, id).await?;
    let all = if show.episodes == 1 {
        "Its one episode goes".to_owned()
    } else {
        format!("All its {} episodes go", show.episodes)
    };
    Ok(render(&RemovePage {
        layout: Layout::new("Remove a show"),
        form_token: app.form_token.clone(),
        what: "show",
        title: show.title,
        loses: format!(
            "{all} with it: sound in the library, transcripts and everything made from them. \
             The files they were added from stay where they are."
        ),
        path: format!("/shows/{id}"),
    }))
}

/// `POST /shows/{id}/remove`
pub(crate) async fn remove_show(
    State(app): State<Shared>,
    Path(id): Path<String>,
    PostForm(_checked): PostForm,
) -> Result<Response, PageError> {
    let id = show_id(&id)?;
    app.ask(move |library| library.remove_show(id)).await?;
    Ok(Redirect::to("/shows").into_response())
}

async fn summary(app: &App, id: ShowId) -> Result<ShowSummary, PageError> {
    let shows = app.ask(|library| library.shows()).await?;
    let found = shows.into_iter().find(|show| show.id == id);
    found.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, format!("there is no show {id}")).remedy("See the list of shows").into()
    })
}

fn form(app: &App, id: ShowId, title: String, notes: String, fault: Option<Error>) -> Response {
    let layout = Layout::new("Edit a show");
    render(&EditPage { layout, form_token: app.form_token.clone(), id, title, notes, fault })
}
