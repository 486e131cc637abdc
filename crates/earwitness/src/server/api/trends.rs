//! What is spoken of more, and what less.

use super::{one_of, paging};
use crate::dto::TrendsDto;
use crate::server::error::JsonError;
use crate::server::fields::Fields;
use crate::server::state::Shared;
use axum::Json;
use axum::extract::State;
use ear_engine::core::ShowId;
use ear_engine::{Library, TrendBy, TrendKind, TrendsRequest};

/// Rows of an answer unless told otherwise.
const LIMIT: usize = 20;

/// `GET /api/v1/trends`
pub(super) async fn trends(State(app): State<Shared>, fields: Fields) -> Result<Json<TrendsDto>, JsonError> {
    let request = request(&fields)?;
    let trends = move |library: &Library| Ok(TrendsDto::new(&library.trends(&request)?, request.by));
    Ok(Json(app.ask(trends).await?))
}

fn request(fields: &Fields) -> Result<TrendsRequest, JsonError> {
    let kinds = [
        ("people", TrendKind::People),
        ("places", TrendKind::Places),
        ("organisations", TrendKind::Organisations),
        ("keywords", TrendKind::Keywords),
    ];
    let (limit, _) = paging(fields, LIMIT)?;
    Ok(TrendsRequest {
        show: fields.parsed::<ShowId>("show")?,
        by: one_of(fields, "by", &[("day", TrendBy::Day), ("week", TrendBy::Week)])?.unwrap_or_default(),
        since: fields.parsed("since")?,
        until: fields.parsed("until")?,
        kinds: one_of(fields, "kind", &kinds)?.into_iter().collect(),
        limit,
    })
}
