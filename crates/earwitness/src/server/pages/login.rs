//! Signing in with the token.

use super::{Layout, render, way_back};
use crate::server::fields::Fields;
use crate::server::security::refusal;
use crate::server::state::Shared;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "login.html")]
struct Login<'a> {
    layout: Layout,
    next: &'a str,
    wrong: bool,
}

/// The page that asks for the token; `next` is where to go then.
pub(crate) fn login_page(next: &str, wrong: bool) -> Response {
    let layout = Layout::new("Sign in").without_search();
    (StatusCode::UNAUTHORIZED, render(&Login { layout, next: way_back(next), wrong })).into_response()
}

/// `GET /login`
pub(crate) async fn login_form(fields: Fields) -> Response {
    login_page(fields.text("next"), false)
}

/// `POST /login`. Needs no form token, since who has the right token needs no tricks.
pub(crate) async fn login(
    State(app): State<Shared>,
    headers: HeaderMap,
    Form(values): Form<HashMap<String, String>>,
) -> Response {
    let value = |name| values.get(name).map_or("", |value| value.trim());
    let next = way_back(value("next"));
    match app.access.sign_in(value("token"), &headers) {
        Ok(cookie) => ([(SET_COOKIE, cookie)], Redirect::to(next)).into_response(),
        Err(refused) => refusal(refused, next),
    }
}

/// `POST /logout`
pub(crate) async fn logout(State(app): State<Shared>, headers: HeaderMap) -> Response {
    let mut response = Redirect::to("/").into_response();
    if let Some(cookie) = app.access.sign_out(&headers) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}
