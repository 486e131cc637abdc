//! The pages themselves: each asks the engine and fills a template.

mod clip;
mod clip_edit;
mod clips_panel;
mod edit;
mod episode;
mod home;
mod jobs;
mod login;
mod names;
mod names_decide;
mod names_panel;
mod reading;
mod rows;
mod search;
mod shows;
mod trends;

pub(crate) use clip::{clip, hear_clip};
pub(crate) use clip_edit::change_clip;
pub(crate) use edit::{edit_episode, edit_episode_form, remove_episode, remove_episode_form};
pub(crate) use episode::episode;
pub(crate) use home::home;
pub(crate) use jobs::{cancel_job, jobs, retry_episode, retry_job};
pub(crate) use login::{login, login_form, login_page, logout};
pub(crate) use names::{add_name, change_name, name, names, undo_names};
pub(crate) use names_decide::decide_repair;
pub(crate) use rows::{WorkRow, work_row};
pub(crate) use search::{search, this_is};
pub(crate) use shows::{edit_show, edit_show_form, follow, refresh_show, remove_show, remove_show_form, show, shows};
pub(crate) use trends::trends;

use super::assets;
use super::error::PageError;
use super::security::is_signed_in;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ear_core::{EpisodeId, ShowId};
use std::str::FromStr;

/// What the frame around every page needs.
pub(crate) struct Layout {
    /// The page's title.
    pub(crate) title: String,
    /// The folder of style and script.
    pub(crate) assets: &'static str,
    /// The query in the search box.
    pub(crate) query: String,
    /// Whether the frame has the search box; the first page has its own.
    pub(crate) search: bool,
    /// Whether the visitor signed in, and so can sign out.
    pub(crate) signed_in: bool,
}

impl Layout {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            assets: assets::folder(),
            query: String::new(),
            search: true,
            signed_in: is_signed_in(),
        }
    }

    pub(crate) fn with_query(self, query: &str) -> Self {
        Self { query: query.to_owned(), ..self }
    }

    pub(crate) fn without_search(self) -> Self {
        Self { search: false, ..self }
    }
}

/// Fills a template.
pub(crate) fn render(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            eprintln!("a page can't be rendered: {error}");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page can't be shown: a fault of the program.").into_response()
        }
    }
}

/// An episode's id in an address.
pub(crate) fn episode_id(text: &str) -> Result<EpisodeId, PageError> {
    id(text)
}

/// A show's id in an address.
fn show_id(text: &str) -> Result<ShowId, PageError> {
    id(text)
}

/// What is no id is no page.
fn id<T: FromStr>(text: &str) -> Result<T, PageError> {
    text.parse().map_err(|_invalid| PageError::no_such_page())
}

/// Where a form leads back to: a path of this server, or the first page.
fn way_back(path: &str) -> &str {
    // Browsers leave out tabs and line ends, so that "/\t/" would become "//", which leads to another host.
    let odd = |c: char| c == '\\' || c.is_control();
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(odd);
    if ours { path } else { "/" }
}

/// A list cut into pages: the addresses of the page before and after, if any.
struct Paging {
    number: usize,
    before: Option<String>,
    after: Option<String>,
    /// Where the list ends, if this page lies behind that.
    last: Option<Redirect>,
}

impl Paging {
    /// `address` gives the address of a page by its number.
    fn new(number: usize, size: usize, total: usize, address: impl Fn(usize) -> String) -> Self {
        let last = total.div_ceil(size).max(1);
        Self {
            number,
            last: (number > last).then(|| Redirect::to(&address(last))),
            before: (number > 1).then(|| address(number - 1)),
            after: (number * size < total).then(|| address(number + 1)),
        }
    }
}

/// A path with a query, from those values that are not empty.
fn address(path: &str, values: &[(&str, &str)]) -> String {
    let filled: Vec<_> = values.iter().filter(|(_, value)| !value.is_empty()).collect();
    let pairs: Vec<_> = filled.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// Percent-encodes all but letters, digits and `-._~`.
fn escape(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut escaped, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_back_to_our_pages_only() {
        for (path, expected) in [
            ("/jobs", "/jobs"),
            ("/e/7?q=x", "/e/7?q=x"),
            ("//evil.example/", "/"),
            ("/\\evil.example/", "/"),
            ("https://evil.example/", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
            ("/\t/evil.example/", "/"),
            ("/\u{0}/evil.example/", "/"),
            ("", "/"),
        ] {
            assert_eq!(way_back(path), expected, "{path}");
        }
    }

    #[test]
    fn addresses_are_escaped() {
        let values = [("q", "\"a & b\" = ü"), ("show", ""), ("page", "2")];
        assert_eq!(address("/search", &values), "/search?q=%22a%20%26%20b%22%20%3D%20%C3%BC&page=2");
        assert_eq!(address("/search", &[]), "/search");
    }
}
