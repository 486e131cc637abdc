//! Errors as pages: what happened, where, and what to do about it.

use super::pages::{Layout, render};
use super::text;
use crate::dto::ErrorDto;
use askama::Template;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ear_engine::{Error, ErrorKind};

/// An error and the status it is answered with.
#[derive(Debug)]
pub(crate) struct PageError {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// What to tell.
    pub(crate) error: Error,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    layout: Layout,
    heading: &'static str,
    error: &'a Error,
}

impl PageError {
    /// The request itself can't be understood.
    pub(crate) fn bad_request(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Error::new(ErrorKind::BadInput, message).remedy(remedy).into()
    }

    /// The request is understood, and refused.
    pub(crate) fn refused(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        let error = Error::new(ErrorKind::BadInput, message).remedy(remedy);
        Self { status: StatusCode::FORBIDDEN, error }
    }

    /// No page has this address.
    pub(crate) fn no_such_page() -> Self {
        Error::new(ErrorKind::NotFound, "there is no page at this address")
            .remedy("Look for the episode on the first page, or search for words said in it")
            .into()
    }

    /// The same as a small JSON object, for scripts.
    pub(crate) fn into_json(self) -> Response {
        (self.status, Json(ErrorDto::from(&self.error))).into_response()
    }

    fn heading(&self) -> &'static str {
        match self.status {
            StatusCode::NOT_FOUND => "Not found",
            StatusCode::FORBIDDEN if self.error.kind == ErrorKind::ReadOnly => "Nothing can be changed here",
            StatusCode::INSUFFICIENT_STORAGE => "The disk is full",
            StatusCode::FORBIDDEN => "Refused",
            StatusCode::METHOD_NOT_ALLOWED => "Not like this",
            StatusCode::PAYLOAD_TOO_LARGE => "Too large",
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => "Try again in a moment",
            status if status.is_server_error() => "Something failed here",
            _ => "That can’t be used as it is",
        }
    }
}

impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        let status = match error.kind {
            ErrorKind::BadInput | ErrorKind::Query | ErrorKind::Ambiguous => StatusCode::BAD_REQUEST,
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Busy | ErrorKind::Missing | ErrorKind::Stopped => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Network => StatusCode::BAD_GATEWAY,
            ErrorKind::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
            ErrorKind::ReadOnly => StatusCode::FORBIDDEN,
            ErrorKind::Storage | ErrorKind::Bug => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, error }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let heading = self.heading();
        if self.status.is_server_error() {
            // This is the boundary: failures are logged here and nowhere before.
            eprintln!("{}: {}", heading, self.error);
        }
        let page = ErrorPage { layout: Layout::new(heading), heading, error: &self.error };
        let mut response = (self.status, render(&page)).into_response();
        // The interface for programs tells the same without the page.
        response.extensions_mut().insert(Told(self.error));
        response
    }
}

/// The error that an answer tells of.
#[derive(Clone, Debug)]
pub(crate) struct Told(pub(crate) Error);

/// An error answered as JSON.
pub(crate) struct JsonError(pub(crate) PageError);

impl<E: Into<PageError>> From<E> for JsonError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for JsonError {
    fn into_response(self) -> Response {
        self.0.into_json()
    }
}
