//! Finding words and names.

use super::{one_of, paging, yes};
use crate::dto::SearchDto;
use crate::server::error::JsonError;
use crate::server::fields::Fields;
use crate::server::state::Shared;
use axum::Json;
use axum::extract::State;
use ear_engine::{By, Error, ErrorKind, Library, Order, Result, SearchRequest};

/// Hits of an answer unless told otherwise.
const LIMIT: usize = 20;

/// `GET /api/v1/search`
pub(super) async fn search(State(app): State<Shared>, fields: Fields) -> Result<Json<SearchDto>, JsonError> {
    let request = request(&fields)?;
    let search = move |library: &Library| {
        let answer = library.search(&request)?;
        Ok(SearchDto::new(&answer, &library.clips_of(&answer.hits)?))
    };
    Ok(Json(app.ask(search).await?))
}

fn request(fields: &Fields) -> Result<SearchRequest, JsonError> {
    let ways = [("words", By::Words), ("sound", By::Sound), ("meaning", By::Meaning), ("all", By::All)];
    let orders = [("relevance", Order::Relevance), ("newest", Order::Newest), ("oldest", Order::Oldest)];
    let (limit, offset) = paging(fields, LIMIT)?;
    Ok(SearchRequest {
        query: fields.text("q").to_owned(),
        by: one_of(fields, "by", &ways)?.unwrap_or(By::All),
        least_probability: fields.parsed("least_probability")?.map(probability).transpose()?,
        show: fields.filled("show"),
        speaker: fields.filled("speaker"),
        episode: fields.parsed("episode")?,
        adverts: yes(fields, "adverts")?,
        since: fields.parsed("since")?,
        until: fields.parsed("until")?,
        order: one_of(fields, "order", &orders)?.unwrap_or_default(),
        offset,
        limit,
    })
}

fn probability(number: f32) -> Result<f32> {
    if (0.0..=1.0).contains(&number) {
        return Ok(number);
    }
    Err(Error::new(ErrorKind::BadInput, "write a number from 0 to 1").at("least_probability"))
}
