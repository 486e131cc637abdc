//! The interface for programs: the same JSON as the command line prints, described by `openapi.json` beside this
//! file. It stands behind the same guards as the pages.

mod clips;
mod names;
mod names_changes;
#[cfg(test)]
mod schema;
mod search;
mod trends;

use super::error::{JsonError, PageError, Told};
use super::fields::Fields;
use super::state::Shared;
use crate::dto::ErrorDto;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get, post};
use ear_engine::{Error, ErrorKind};
use std::str::FromStr;

/// What every address takes and gives, as OpenAPI 3.1.
const DESCRIPTION: &str = include_str!("openapi.json");

/// The most entries of a page.
const MOST: usize = 200;

/// The addresses of the interface, none twice.
pub(crate) fn routes() -> Router<Shared> {
    let router = Router::new().route("/api/{*rest}", any(async || no_such_address()));
    table()
        .into_iter()
        .fold(router, |router, (path, handler)| router.route(path, handler.fallback(async || wrong_method())))
}

fn table() -> [(&'static str, MethodRouter<Shared>); 18] {
    [
        ("/api/openapi.json", get(description)),
        ("/api/v1/search", get(search::search)),
        ("/api/v1/episodes/{id}/names", get(names::of_episode)),
        ("/api/v1/episodes/{id}/names/decisions", post(names::decide)),
        ("/api/v1/episodes/{id}/names/corrections", post(names_changes::correct)),
        ("/api/v1/episodes/{id}/clips", get(clips::of_episode)),
        ("/api/v1/episodes/{id}/clips/undo", post(clips::undo)),
        ("/api/v1/clips/{id}", get(clips::one).post(clips::change)),
        ("/api/v1/clips/{id}/split", post(clips::split)),
        ("/api/v1/clips/{id}/join", post(clips::join)),
        ("/api/v1/clips/{id}/heard", post(clips::heard)),
        ("/api/v1/clips/{id}/next", get(clips::next)),
        ("/api/v1/trends", get(trends::trends)),
        ("/api/v1/names", get(names::list).post(names_changes::add)),
        ("/api/v1/names/undo", post(names_changes::undo)),
        ("/api/v1/names/{id}", get(names::one).post(names_changes::change)),
        ("/api/v1/names/{id}/merge", post(names_changes::merge)),
        ("/api/v1/names/{id}/split", post(names_changes::split)),
    ]
}

/// Tells programs in JSON what the guards tell people on a page.
pub(crate) async fn tell_in_json(request: Request, next: Next) -> Response {
    let is_ours = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    let status = response.status();
    let error = match response.extensions().get::<Told>() {
        _ if !is_ours => return response,
        Some(Told(error)) => error.clone(),
        None if status == StatusCode::UNAUTHORIZED => {
            Error::new(ErrorKind::BadInput, "a token is needed").remedy("Send it as `Authorization: Bearer TOKEN`")
        }
        None => return response,
    };
    let (mut parts, _page) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    match serde_json::to_string(&ErrorDto::from(&error)) {
        Ok(body) => Response::from_parts(parts, Body::from(body)),
        // An error in words is plain data.
        Err(_never) => status.into_response(),
    }
}

async fn description() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DESCRIPTION)
}

fn no_such_address() -> JsonError {
    let error = Error::new(ErrorKind::NotFound, "the interface has no such address");
    error.remedy("/api/openapi.json describes those it has").into()
}

fn wrong_method() -> JsonError {
    let error = Error::new(ErrorKind::BadInput, "this address can't be used in this way");
    let error = error.remedy("/api/openapi.json says how");
    JsonError(PageError { status: StatusCode::METHOD_NOT_ALLOWED, error })
}

/// An id in an address: what is none names nothing.
fn id<T: FromStr>(text: &str, what: &str) -> Result<T, JsonError> {
    let wrong = |_| {
        let error = Error::new(ErrorKind::NotFound, format!("there is no {what} of this id"));
        error.at(text.chars().take(40).collect::<String>()).into()
    };
    text.parse().map_err(wrong)
}

/// One of these by its name; `None` if the field is empty or absent.
fn one_of<T: Copy>(fields: &Fields, name: &str, values: &[(&str, T)]) -> Result<Option<T>, JsonError> {
    let Some(text) = fields.filled(name) else { return Ok(None) };
    if let Some((_, value)) = values.iter().find(|(known, _)| *known == text) {
        return Ok(Some(*value));
    }
    let known: Vec<&str> = values.iter().map(|(known, _)| *known).collect();
    let error = Error::new(ErrorKind::BadInput, format!("`{name}` can't be this")).at(name);
    Err(error.remedy(format!("It is one of {}", known.join(", "))).into())
}

/// Whether something is asked for; it is not if the field is empty or absent.
fn yes(fields: &Fields, name: &str) -> Result<bool, JsonError> {
    Ok(one_of(fields, name, &[("true", true), ("false", false), ("1", true), ("0", false)])?.unwrap_or(false))
}

/// How many entries, and how many to pass over.
fn paging(fields: &Fields, limit: usize) -> Result<(usize, usize), JsonError> {
    let limit = fields.parsed::<usize>("limit")?.unwrap_or(limit);
    if !(1..=MOST).contains(&limit) {
        let error = Error::new(ErrorKind::BadInput, format!("{limit} is not from 1 to {MOST}")).at("limit");
        return Err(PageError::from(error.remedy("Ask for the rest with `offset` where there is one")).into());
    }
    Ok((limit, fields.parsed::<usize>("offset")?.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::schema::{problems, schema};
    use super::*;
    use crate::dto::{
        ClipDetailDto, ClipsDto, DecidedDto, DecisionsDto, EditedDto, NameDetailDto, NameListDto, NameSummaryDto,
        NamesDto, NextListDto, SearchDto, TrendsDto, UndoneDto, UndoneEditDto, clip_samples, name_samples,
        next_samples, search_samples, trend_samples,
    };
    use ear_engine::core::{ClipId, EpisodeId, RepairId};
    use ear_engine::{Decided, Displaced, TrendBy, Verdict};
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    #[test]
    fn every_address_is_described() {
        let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
        let described: BTreeSet<&str> = description["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(described, table().into_iter().map(|(path, _)| path).collect());
    }

    #[test]
    fn answers_are_as_described() {
        let displaced = vec![Displaced { repair: RepairId(9), heard: "sola".into(), meant: "Sulla".into() }];
        let decided = Decided { repairs: vec![RepairId(12)], episodes: vec![EpisodeId(7)], displaced };
        let decided = DecidedDto::new(&decided, Verdict::Accept);
        let list = NameListDto { total: 1, names: vec![NameSummaryDto::from(&name_samples::summary())] };
        let json = |value: &dyn erased::Json| value.json();
        for (name, value) in [
            ("Search", json(&SearchDto::new(&search_samples::answer(), &[Some(ClipId(12))]))),
            ("EpisodeNames", json(&NamesDto::new(EpisodeId(7), &name_samples::view()))),
            ("Decided", json(&DecisionsDto { decisions: vec![decided] })),
            ("NameList", json(&list)),
            ("NameDetail", json(&NameDetailDto::from(&name_samples::detail()))),
            ("Undone", json(&UndoneDto::from(&name_samples::undone()))),
            ("EpisodeClips", json(&ClipsDto::new(EpisodeId(7), &clip_samples::view(), true, &next_samples::next()))),
            ("ClipDetail", json(&ClipDetailDto::new(&clip_samples::clip(), "It voted.".into(), &next_samples::next()))),
            ("NextList", json(&NextListDto::new(None, &next_samples::next()))),
            ("Trends", json(&TrendsDto::new(&trend_samples::trends(), TrendBy::Day))),
            ("Edited", json(&EditedDto::new(&[clip_samples::advert()]))),
            ("ClipsUndone", json(&UndoneEditDto::new(&clip_samples::undone(), &[clip_samples::clip()]))),
            ("ClipChange", json!({"headline": null, "transcript_id": "9"})),
            ("Error", json(&ErrorDto::new("bad_input", "no"))),
            ("Decisions", json!({"accept": ["12"], "alike": "episode"})),
            ("Decisions", json!({"refuse": ["12"], "undo": ["13"], "alike": null})),
        ] {
            assert_eq!(problems(&schema(name), &value, name), Vec::<String>::new());
        }
    }

    #[test]
    fn the_check_finds_what_is_wrong() {
        for (name, value, expected) in [
            ("Decisions", json!({"accept": [12]}), "Decisions.accept[0]: 12 is no string"),
            ("Decisions", json!({"alike": "everywhere"}), "Decisions.alike: \"everywhere\" is none of the values"),
            ("Decisions", json!({"acept": []}), "Decisions: acept is not described"),
            ("Error", json!({"error": {}}), "Error.error: code is missing"),
        ] {
            assert_eq!(problems(&schema(name), &value, name).first().map(String::as_str), Some(expected));
        }
    }

    /// Any value as JSON.
    mod erased {
        use serde::Serialize;
        use serde_json::Value;

        pub trait Json {
            fn json(&self) -> Value;
        }

        impl<T: Serialize> Json for T {
            fn json(&self) -> Value {
                serde_json::to_value(self).unwrap()
            }
        }
    }
}
