//! Names across the library: their list, and one name with its spellings and the places where it is said.

use super::rows::Day;
use super::{Layout, Paging, address, id, render, way_back};
use crate::decisions::undone_text;
use crate::server::error::PageError;
use crate::server::fields::{Fields, PostForm};
use crate::server::state::Shared;
use crate::server::text::{self, count};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ear_core::{EpisodeId, MentionBy, NameId, NameKind, Span, clock};
use ear_engine::{Error, ErrorKind, Library, NameDetail, NameEpisode, NameSummaryView, Undone, moment_url};

/// How many names a page lists.
const PAGE: usize = 100;

/// How many moments of an episode are shown.
const MOST_MOMENTS: usize = 60;

/// How many names are told where one has to be chosen.
const MOST_CHOICES: usize = 8;

/// The most spellings that a form splits off.
const MOST_SPELLINGS: usize = 500;

/// Kinds as addresses and forms name them, and as they are read.
const KINDS: [(&str, NameKind, &str, &str); 4] = [
    ("person", NameKind::Person, "person", "People"),
    ("place", NameKind::Place, "place", "Places"),
    ("organisation", NameKind::Organisation, "organisation", "Organisations"),
    ("thing", NameKind::Thing, "thing", "Things"),
];

#[derive(Template)]
#[template(path = "names.html")]
struct ListPage {
    layout: Layout,
    form_token: String,
    query: String,
    kind: String,
    kinds: Vec<KindLink>,
    names: Vec<Row>,
    total: usize,
    /// What was done a moment ago.
    done: Option<&'static str>,
    undo: Option<UndoView>,
    /// Names in no list, to be brought back.
    forgotten: Vec<Row>,
    paging: Paging,
}

/// A kind to narrow by, or none.
struct KindLink {
    label: &'static str,
    address: String,
    chosen: bool,
}

struct Row {
    id: NameId,
    name: String,
    facts: String,
}

#[derive(Template)]
#[template(path = "name.html")]
struct NamePage {
    layout: Layout,
    form_token: String,
    name: NameView,
    episodes: Vec<EpisodeRow>,
    /// What was done a moment ago.
    done: Option<&'static str>,
    fault: Option<Error>,
    /// A name that is to become part of this one, to be confirmed.
    joining: Option<Row>,
    undo: Option<UndoView>,
    /// How many places there are beyond those that are listed.
    more: u64,
}

/// The last change, which a button takes back.
pub(super) struct UndoView {
    pub(super) number: i64,
    pub(super) what: String,
    /// The page to come back to.
    pub(super) back: String,
}

impl UndoView {
    /// The last change of the library, if there is one to take back.
    pub(super) fn of(library: &Library, back: &str) -> Result<Option<Self>, Error> {
        let view = |change: Undone| Self { number: change.number, what: undone_text(&change), back: back.to_owned() };
        Ok(library.last_change()?.map(view))
    }
}

impl NamePage {
    /// What may be split off, numbered.
    fn spellings(&self) -> impl Iterator<Item = (usize, &String)> {
        self.name.variants.iter().chain(&self.name.misheard).take(MOST_SPELLINGS).enumerate()
    }
}

struct NameView {
    id: NameId,
    name: String,
    facts: String,
    kind: &'static str,
    variants: Vec<String>,
    misheard: Vec<String>,
    followed: bool,
    forgotten: bool,
}

struct EpisodeRow {
    id: EpisodeId,
    title: String,
    date: Option<Day>,
    count: usize,
    moments: Vec<Moment>,
}

struct Moment {
    url: String,
    label: String,
    /// What was heard, where a repair reads otherwise.
    heard: Option<String>,
}

/// `GET /names`
pub(crate) async fn names(State(app): State<Shared>, fields: Fields) -> Result<Response, PageError> {
    let (page, query) = (fields.checked_page()?, fields.text("q").to_owned());
    let kinds = [("", None)].into_iter().chain(KINDS.map(|kind| (kind.0, Some(kind.1))));
    let wanted = fields.one_of("kind", &kinds.collect::<Vec<_>>())?;
    let (asked, kind) = (fields.filled("q"), fields.text("kind"));
    let is_whole = asked.is_none() && wanted.is_none();
    let list = move |library: &Library| {
        let listed = library.name_listing(wanted, asked.as_deref(), PAGE, (page - 1) * PAGE)?;
        let forgotten = if is_whole { library.forgotten_names()? } else { Vec::new() };
        Ok((listed, forgotten, UndoView::of(library, "/names")?))
    };
    let ((found, total), forgotten, undo) = app.ask(list).await?;
    let link = |kind: &str, page: &str| address("/names", &[("kind", kind), ("q", &query), ("page", page)]);
    let paging = Paging::new(page, PAGE, total, |page| link(kind, &page.to_string()));
    if let Some(last) = paging.last {
        return Ok(last.into_response());
    }
    let all = [("", "All")].into_iter().chain(KINDS.map(|kind| (kind.0, kind.3)));
    let kinds = all.map(|(name, label)| KindLink { label, address: link(name, ""), chosen: name == kind }).collect();
    Ok(render(&ListPage {
        layout: Layout::new("Names"),
        form_token: app.form_token.clone(),
        kind: kind.to_owned(),
        kinds,
        names: found.into_iter().map(Row::from).collect(),
        total,
        done: told(&fields),
        undo,
        forgotten: forgotten.into_iter().map(Row::from).collect(),
        paging,
        query,
    }))
}

/// `POST /names`: adds a name and follows it.
pub(crate) async fn add_name(State(app): State<Shared>, PostForm(fields): PostForm) -> Result<Response, PageError> {
    let name = fields.filled("name").ok_or_else(no_spelling)?;
    let kind = kind_of(&fields)?;
    let id = app.ask(move |library| library.add_name(&name, kind, &[])).await?;
    Ok(Redirect::to(&done_address(id, "followed")).into_response())
}

/// `GET /names/{id}`
pub(crate) async fn name(
    State(app): State<Shared>,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let name = id::<NameId>(&name)?;
    let done = told(&fields);
    page(&app, name, |page| page.done = done).await
}

/// `POST /names/undo`: takes the last change back, whatever it was, and goes back to where the button was.
pub(crate) async fn undo_names(State(app): State<Shared>, PostForm(fields): PostForm) -> Result<Response, PageError> {
    let Some(number) = fields.parsed::<i64>("number")? else {
        return Err(PageError::bad_request("it is not said what is to be taken back", "Use the buttons of the pages"));
    };
    app.ask(move |library| library.undo_change(number)).await?;
    let back = way_back(fields.text("back"));
    let (path, place) = back.split_once('#').unwrap_or((back, ""));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("done="));
    let query = kept.chain(["done=undone"]).collect::<Vec<_>>().join("&");
    let place = if place.is_empty() { String::new() } else { format!("#{place}") };
    Ok(Redirect::to(&format!("{path}?{query}{place}")).into_response())
}

/// `POST /names/{id}`: changes a name, and goes back to it.
pub(crate) async fn change_name(
    State(app): State<Shared>,
    Path(name): Path<String>,
    PostForm(fields): PostForm,
) -> Result<Response, PageError> {
    let name = id::<NameId>(&name)?;
    let change = move |library: &Library| change(library, name, &fields);
    match app.ask(change).await {
        Ok(Changed::Done(id, done)) => Ok(Redirect::to(&done_address(id, done)).into_response()),
        Ok(Changed::Ask(other)) => page(&app, name, |page| page.joining = Some(Row::from(*other))).await,
        Err(fault) if fault.status.is_client_error() => {
            let PageError { status, error } = fault;
            let page = page(&app, name, |page| page.fault = Some(error)).await?;
            Ok((status, page).into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// What became of a change.
enum Changed {
    /// It is done; the name to show, and what to say.
    Done(NameId, &'static str),
    /// It has to be confirmed: this name would be gone.
    Ask(Box<NameSummaryView>),
}

fn change(library: &Library, name: NameId, fields: &Fields) -> Result<Changed, Error> {
    let done = match fields.text("do") {
        "rename" => {
            let new = fields.filled("name").ok_or_else(no_spelling)?;
            library.rename_name(name, &new)?;
            "renamed"
        }
        "kind" => {
            library.set_name_kind(name, kind_of(fields)?)?;
            "kind"
        }
        "follow" => {
            library.follow_name(name, true)?;
            "followed"
        }
        "unfollow" => {
            library.follow_name(name, false)?;
            "unfollowed"
        }
        "merge" => {
            let other = find(library, name, fields.text("other"))?;
            if fields.text("sure").is_empty() {
                return Ok(Changed::Ask(Box::new(other)));
            }
            library.merge_names(name, &[other.id])?;
            "merged"
        }
        "forget" => {
            library.forget_name(name, true)?;
            "forgotten"
        }
        "recall" => {
            library.forget_name(name, false)?;
            "recalled"
        }
        "split" => {
            let spelling = |at| fields.filled(&format!("spelling-{at}"));
            let spellings: Vec<String> = (0..MOST_SPELLINGS).filter_map(spelling).collect();
            let first = spellings.first().cloned().ok_or_else(no_spelling)?;
            let new = library.split_name(name, &spellings, &fields.filled("name").unwrap_or(first))?;
            return Ok(Changed::Done(new, "split"));
        }
        _ => return Err(Error::new(ErrorKind::BadInput, "this changes nothing").remedy("Use the forms of this page")),
    };
    Ok(Changed::Done(name, done))
}

/// Another name, by its id or by a spelling that only it has.
fn find(library: &Library, name: NameId, text: &str) -> Result<NameSummaryView, Error> {
    if text.is_empty() {
        return Err(no_spelling());
    }
    let numbered = text.parse().ok().map(|id| library.name_detail(id));
    let found = match numbered {
        Some(detail) => detail.map_err(|error| match error.kind {
            ErrorKind::NotFound => error.remedy("A name's number is at the end of its address"),
            _ => error,
        })?,
        None => library.name_detail(spelled(library, name, text)?)?,
    };
    if found.name.id == name {
        return Err(Error::new(ErrorKind::BadInput, "this is the name itself").remedy("Write another one"));
    }
    Ok(found.name)
}

fn spelled(library: &Library, name: NameId, text: &str) -> Result<NameId, Error> {
    let (mut names, _) = library.name_listing(None, Some(text), PAGE, 0)?;
    names.retain(|other| other.id != name);
    let lower = text.to_lowercase();
    let is = |spelling: &String| spelling.to_lowercase() == lower;
    let exact: Vec<&NameSummaryView> = names.iter().filter(|one| is(&one.name)).collect();
    let either: Vec<_> = names.iter().filter(|one| is(&one.name) || one.variants.iter().any(is)).collect();
    match (exact.as_slice(), either.as_slice(), names.as_slice()) {
        ([one], ..) | (_, [one], _) => Ok(one.id),
        (_, _, [one]) => Ok(one.id),
        (_, _, []) => Err(Error::new(ErrorKind::NotFound, format!("no other name has the spelling “{text}”"))
            .remedy("Look for it in the list of names")),
        (_, _, several) => {
            let listed = several.iter().take(MOST_CHOICES).map(|one| format!("{} is {}", one.name, one.id));
            let listed = listed.collect::<Vec<_>>().join(", ");
            let message = format!("several names have the spelling “{text}”");
            Err(Error::new(ErrorKind::Ambiguous, message).remedy(format!("Write the number of one: {listed}")))
        }
    }
}

async fn page(app: &Shared, name: NameId, fill: impl FnOnce(&mut NamePage)) -> Result<Response, PageError> {
    let asked = move |library: &Library| {
        let detail = library.name_detail(name)?;
        let undo = UndoView::of(library, &format!("/names/{}", detail.name.id))?;
        Ok((detail, undo))
    };
    let (detail, undo) = app.ask(asked).await.map_err(|fault| match fault.status {
        StatusCode::NOT_FOUND => {
            let error = Error::new(ErrorKind::NotFound, "there is no such name (any more)");
            error.remedy("It may have been made part of another: look for it in the list of names").into()
        }
        _ => fault,
    })?;
    let NameDetail { name, episodes, more } = detail;
    let mut page = NamePage {
        layout: Layout::new(&name.name),
        form_token: app.form_token.clone(),
        name: NameView::from(name),
        episodes: episodes.into_iter().map(EpisodeRow::from).collect(),
        done: None,
        fault: None,
        joining: None,
        undo,
        more,
    };
    fill(&mut page);
    Ok(render(&page))
}

fn kind_of(fields: &Fields) -> Result<Option<NameKind>, Error> {
    let kinds = [("", None)].into_iter().chain(KINDS.map(|kind| (kind.0, Some(kind.1))));
    fields.one_of("kind", &kinds.collect::<Vec<_>>())
}

/// What the address says was done.
fn told(fields: &Fields) -> Option<&'static str> {
    Some(done_text(fields.text("done"))).filter(|text| !text.is_empty())
}

fn no_spelling() -> Error {
    Error::new(ErrorKind::BadInput, "no name is written or chosen").remedy("Write or choose one and send it again")
}

fn done_address(id: NameId, done: &str) -> String {
    format!("/names/{id}?done={done}")
}

fn done_text(done: &str) -> &'static str {
    match done {
        "renamed" => "It has its new spelling. The one of before stays as another.",
        "kind" => "Its kind is kept.",
        "followed" => "It is followed: it is looked for in every episode.",
        "unfollowed" => "It is no longer looked for in every episode.",
        "merged" => "They are one name now.",
        "split" => "It is a name of its own now.",
        "forgotten" => "It is in no list any more, and is not proposed again. What was accepted reads as before.",
        "recalled" => "It is back in the lists.",
        "undone" => "That is taken back.",
        _ => "",
    }
}

impl From<NameSummaryView> for Row {
    fn from(name: NameSummaryView) -> Self {
        Self { id: name.id, facts: facts(&name), name: name.name }
    }
}

impl From<NameSummaryView> for NameView {
    fn from(name: NameSummaryView) -> Self {
        let kind = KINDS.iter().find(|kind| Some(kind.1) == name.kind).map_or("", |kind| kind.0);
        let facts = facts(&name);
        let NameSummaryView { id, name, variants, misheard, followed, forgotten, .. } = name;
        Self { id, name, facts, kind, variants, misheard, followed, forgotten }
    }
}

impl From<NameEpisode> for EpisodeRow {
    fn from(episode: NameEpisode) -> Self {
        let moment = |mention: &ear_engine::MentionView| {
            let start = mention.span.map(Span::start);
            Moment {
                url: moment_url(episode.id, start, mention.words.start),
                label: start.map_or_else(|| format!("word {}", mention.words.start + 1), clock),
                heard: (mention.by == MentionBy::Repair).then(|| mention.heard.clone()),
            }
        };
        Self {
            id: episode.id,
            count: episode.mentions.len(),
            moments: episode.mentions.iter().take(MOST_MOMENTS).map(moment).collect(),
            title: episode.title,
            date: episode.date.map(Day::from),
        }
    }
}

/// "person · general · said 3 times in 2 episodes · 1 to check · followed"
fn facts(name: &NameSummaryView) -> String {
    let number = |number: u64, one: &str| count(usize::try_from(number).unwrap_or(usize::MAX), one);
    let kind = KINDS.iter().find(|kind| Some(kind.1) == name.kind).map(|kind| kind.2.to_owned());
    let said = match name.mentions {
        0 => "not said".to_owned(),
        said => format!("said {} in {}", number(said, "time"), number(name.episodes, "episode")),
    };
    let to_check = (name.proposed > 0).then(|| format!("{} to check", name.proposed));
    let followed = name.followed.then(|| "followed".to_owned());
    let forgotten = name.forgotten.then(|| "forgotten".to_owned());
    let facts = [kind, name.role.clone(), Some(said), to_check, followed, forgotten];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
