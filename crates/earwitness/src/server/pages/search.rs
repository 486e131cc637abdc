//! Answers to a query.

use super::rows::Day;
use super::{Layout, Paging, address, render};
use crate::server::error::PageError;
use crate::server::fields::Fields;
use crate::server::state::Shared;
use crate::server::text::{self, Piece, pieces};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ear_core::{Span, clock};
use ear_engine::{Answer, Error, ErrorKind, Hit, Order, SearchRequest};

/// How many hits a page shows.
const PAGE: usize = 20;

/// How many shows are offered to choose from.
const MOST_SHOWS: usize = 500;

/// A way to order hits: its name in addresses and for people, and where it leads.
struct OrderLink {
    label: &'static str,
    address: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "search.html")]
struct Page {
    layout: Layout,
    asked: Asked,
    shows: Vec<String>,
    result: Result<Found, Fault>,
}

/// What the visitor asked, as they wrote it.
struct Asked {
    query: String,
    show: String,
    speaker: String,
    since: String,
    until: String,
    order: String,
}

struct Found {
    hits: Vec<HitView>,
    total: usize,
    took: String,
    pending: usize,
    respelled: Vec<(String, String)>,
    orders: Vec<OrderLink>,
    paging: Paging,
}

/// A query that can't be read: the query up to the fault, and what to do.
struct Fault {
    message: String,
    /// The character at fault, counted from 0, if one is named.
    column: Option<usize>,
    remedy: Option<String>,
}

/// A hit as it is shown; pages of an episode show theirs in the same way.
pub(super) struct HitView {
    pub(super) url: String,
    pub(super) episode_id: String,
    pub(super) episode: String,
    pub(super) show: Option<(String, String)>,
    pub(super) speaker: Option<String>,
    pub(super) date: Option<Day>,
    pub(super) clock: Option<String>,
    pub(super) start: Option<u64>,
    pub(super) has_sound: bool,
    pub(super) pieces: Vec<Piece>,
}

impl From<Hit> for HitView {
    fn from(hit: Hit) -> Self {
        let start = hit.span.map(Span::start);
        Self {
            url: hit.url(),
            episode_id: hit.episode.0.to_string(),
            episode: hit.episode.1,
            show: hit.show.map(|(id, name)| (id.to_string(), name)),
            speaker: hit.speaker,
            date: hit.date.map(Day::from),
            clock: start.map(clock),
            start,
            has_sound: hit.has_sound && start.is_some(),
            pieces: pieces(&hit.text, &hit.matched),
        }
    }
}

/// `GET /search`
pub(crate) async fn search(State(app): State<Shared>, fields: Fields) -> Result<Response, PageError> {
    let text = |name| fields.text(name).to_owned();
    let asked = Asked {
        query: text("q"),
        show: text("show"),
        speaker: text("speaker"),
        since: text("since"),
        until: text("until"),
        order: text("order"),
    };
    let page = fields.page();
    let request = request(&asked, &fields, page);
    let (shows, answer) = app
        .ask(move |library| {
            let shows = library.shows()?.into_iter().take(MOST_SHOWS).map(|show| show.title).collect();
            // An empty query shows the form alone.
            let answer = match request {
                Ok(request) if request.query.is_empty() => Ok(None),
                Ok(request) => library.search(&request).map(Some),
                Err(error) => Err(error),
            };
            Ok((shows, answer))
        })
        .await?;
    let (status, result) = match answer {
        Ok(Some(answer)) => (StatusCode::OK, Ok(found(&asked, page, answer))),
        Ok(None) => (StatusCode::OK, Ok(nothing_asked(&asked))),
        Err(error) if matches!(error.kind, ErrorKind::Query | ErrorKind::BadInput) => {
            (StatusCode::BAD_REQUEST, Err(fault(&asked.query, error)))
        }
        Err(error) => return Err(error.into()),
    };
    if let Ok(Found { paging: Paging { last: Some(last), .. }, .. }) = result {
        return Ok(last.into_response());
    }
    let title = if asked.query.is_empty() { "Search".to_owned() } else { format!("{} – search", asked.query) };
    let layout = Layout::new(title).with_query(&asked.query);
    Ok((status, render(&Page { layout, asked, shows, result })).into_response())
}

fn request(asked: &Asked, fields: &Fields, page: usize) -> Result<SearchRequest, Error> {
    Ok(SearchRequest {
        query: asked.query.clone(),
        show: fields.filled("show"),
        speaker: fields.filled("speaker"),
        since: fields.parsed("since").map_err(|error| error.error)?,
        until: fields.parsed("until").map_err(|error| error.error)?,
        order: match asked.order.as_str() {
            "newest" => Order::Newest,
            "oldest" => Order::Oldest,
            _ => Order::Relevance,
        },
        offset: (page - 1) * PAGE,
        limit: PAGE,
        ..SearchRequest::default()
    })
}

fn found(asked: &Asked, page: usize, answer: Answer) -> Found {
    Found {
        total: answer.total,
        took: took(answer.took_ms),
        pending: answer.pending,
        respelled: respelled(answer.respelled),
        hits: answer.hits.into_iter().map(HitView::from).collect(),
        orders: orders(asked),
        paging: Paging::new(page, PAGE, answer.total, |page| asked.address(&asked.order, page)),
    }
}

/// Words that nobody said, each with the spellings tried instead, ready to stand between quotation marks.
pub(super) fn respelled(words: Vec<(String, Vec<String>)>) -> Vec<(String, String)> {
    words.into_iter().map(|(word, others)| (word, others.join("”, “"))).collect()
}

fn nothing_asked(asked: &Asked) -> Found {
    Found {
        total: 0,
        took: String::new(),
        pending: 0,
        respelled: Vec::new(),
        hits: Vec::new(),
        orders: orders(asked),
        paging: Paging::new(1, PAGE, 0, |_| String::new()),
    }
}

fn orders(asked: &Asked) -> Vec<OrderLink> {
    [("", "Best first"), ("newest", "Newest"), ("oldest", "Oldest")]
        .map(|(name, label)| OrderLink { label, address: asked.address(name, 1), chosen: asked.order == name })
        .into()
}

impl Asked {
    fn address(&self, order: &str, page: usize) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let values = [
            ("q", self.query.as_str()),
            ("show", &self.show),
            ("speaker", &self.speaker),
            ("since", &self.since),
            ("until", &self.until),
            ("order", order),
            ("page", &page),
        ];
        address("/search", &values)
    }

    fn is_narrowed(&self) -> bool {
        [&self.show, &self.speaker, &self.since, &self.until].iter().any(|value| !value.is_empty())
    }
}

fn took(milliseconds: f64) -> String {
    if milliseconds < 1.0 { "under 1 ms".to_owned() } else { format!("{milliseconds:.0} ms") }
}

fn fault(query: &str, error: Error) -> Fault {
    let Error { kind, message, place, remedy } = error;
    if kind != ErrorKind::Query {
        let message = place.map_or(message.clone(), |place| format!("{place}: {message}"));
        return Fault { message, column: None, remedy };
    }
    // The place reads "column 7"; columns are counted from 1, and the one after the end is possible.
    let digits = place.as_deref().unwrap_or_default().chars().filter(char::is_ascii_digit).collect::<String>();
    let column = digits.parse().ok().filter(|column| (1..=query.chars().count() + 1).contains(column));
    Fault { message, column: column.map(|column: usize| column - 1), remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_point_at_their_column() {
        let check = |place: &str, expected| {
            let error = Error::new(ErrorKind::Query, "a quotation mark is never closed").at(place);
            assert_eq!(fault("say \"cheese", error).column, expected, "{place}");
        };
        check("column 5", Some(4));
        check("column 12", Some(11));
        check("column 13", None);
        check("column 0", None);
        check("the query", None);
    }
}
