//! The values of forms and of addresses.

use super::error::PageError;
use super::security::token_matches;
use super::state::Shared;
use axum::extract::{Form, FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use ear_engine::{Error, ErrorKind};
use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt::Display;
use std::str::FromStr;

/// The name of the hidden field that holds the form token.
pub(crate) const FORM_TOKEN: &str = "form_token";

/// Named values, as text. Of values with one name the last counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(HashMap<String, String>);

/// The values of a form that was posted with this process's form token.
pub(crate) struct PostForm(pub(crate) Fields);

impl Fields {
    /// The value without surrounding white space; empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// The value without surrounding white space, unless it is empty.
    pub(crate) fn filled(&self, name: &str) -> Option<String> {
        let text = self.text(name);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The value read as something else; an empty one is none at all.
    pub(crate) fn parsed<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, PageError> {
        let read = |text: String| {
            text.parse().map_err(|error: T::Err| Error::new(ErrorKind::BadInput, error.to_string()).at(name).into())
        };
        self.filled(name).map(read).transpose()
    }

    /// A page's number, from 1; anything that is none counts as 1.
    pub(crate) fn page(&self) -> usize {
        self.text("page").parse().map_or(1, |page: usize| page.clamp(1, 1_000_000))
    }

    /// A page's number, from 1, or none; anything else is an error.
    pub(crate) fn checked_page(&self) -> Result<usize, PageError> {
        match self.filled("page").map(|text| text.parse::<usize>()) {
            None => Ok(1),
            Some(Ok(page)) if page > 0 => Ok(page.min(1_000_000)),
            Some(_) => Err(PageError::bad_request("this is no number of a page", "Pages are counted from 1")),
        }
    }

    /// One of these by its name; the first if the field is empty or absent; anything else is an error.
    pub(crate) fn one_of<T: Copy>(&self, name: &str, values: &[(&str, T)]) -> Result<T, Error> {
        let text = self.text(name);
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == text) {
            return Ok(*value);
        }
        let known: Vec<&str> = values.iter().map(|(known, _)| *known).filter(|known| !known.is_empty()).collect();
        let error = Error::new(ErrorKind::BadInput, format!("`{name}` can't be this")).at(name);
        Err(error.remedy(format!("It is one of {}, or is left out", known.join(", "))))
    }

    pub(crate) fn insert(&mut self, name: String, value: String) {
        self.0.insert(name, value);
    }
}

impl<S: Sync> FromRequestParts<S> for Fields {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Query::try_from_uri(&parts.uri).map(|Query(values)| Self(values)).unwrap_or_default())
    }
}

impl FromRequest<Shared> for PostForm {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, PageError> {
        let Form(values) = Form::from_request(request, app).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => PageError {
                status: StatusCode::PAYLOAD_TOO_LARGE,
                error: Error::new(ErrorKind::BadInput, "this form holds more text than is taken").remedy("Shorten it"),
            },
            _ => PageError::bad_request(format!("the form can't be read: {rejection}"), "Send it again"),
        })?;
        let fields = Fields(values);
        check_form_token(app, fields.text(FORM_TOKEN))?;
        Ok(Self(fields))
    }
}

/// Whether a form was made by this process; otherwise what to do.
pub(crate) fn check_form_token(app: &Shared, token: &str) -> Result<(), PageError> {
    if token_matches(token, &app.form_token) {
        return Ok(());
    }
    Err(PageError::refused(
        "this page is from before the server was restarted",
        "Go back, reload the page and try again",
    ))
}
