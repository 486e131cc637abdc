//! Reads what a model answered: one JSON object, at most between a fence, and nothing else.

use super::{Claim, Proposal};
use serde::Deserialize;

/// The longest answer that is read, in bytes.
pub const MAX_ANSWER: usize = 16 * 1024;
/// More sentences of a summary than these are not looked at.
const MOST_CLAIMS: usize = 8;
/// More keywords than these are not looked at.
const MOST_KEYWORDS: usize = 16;

/// An answer that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is too long.
    #[error("the answer has {0} bytes, and {MAX_ANSWER} are allowed")]
    Long(usize),
    /// It is not the JSON that was asked for.
    #[error("the answer is not the JSON that was asked for: {0}")]
    Json(String),
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    headline: Option<String>,
    #[serde(default)]
    cites: Vec<u32>,
    #[serde(default)]
    summary: Vec<WireClaim>,
    #[serde(default)]
    keywords: Vec<String>,
}

#[derive(Deserialize)]
struct WireClaim {
    text: String,
    #[serde(default)]
    cites: Vec<u32>,
}

/// Reads a model's answer.
///
/// # Errors
/// [`Unreadable`]: nothing of it is taken then.
pub fn read(answer: &str) -> Result<Proposal, Unreadable> {
    if answer.len() > MAX_ANSWER {
        return Err(Unreadable::Long(answer.len()));
    }
    let answer = bare(answer);
    // The reader would take a list for the fields in their order.
    if !answer.starts_with('{') {
        return Err(Unreadable::Json("it does not begin with `{`".to_owned()));
    }
    // Fields that were not asked for are passed over, however deep they are nested.
    let wire: Wire = serde_json::from_str(answer).map_err(|error| Unreadable::Json(error.to_string()))?;
    let headline = wire.headline.map(|text| Claim { text, cites: wire.cites });
    let claims = wire.summary.into_iter().take(MOST_CLAIMS);
    let summary = claims.map(|claim| Claim { text: claim.text, cites: claim.cites }).collect();
    Ok(Proposal { headline, summary, keywords: wire.keywords.into_iter().take(MOST_KEYWORDS).collect() })
}

/// The answer without what a model thought aloud before it, and without one fence around all of it.
fn bare(answer: &str) -> &str {
    let answer = answer.trim();
    let thought = answer.strip_prefix("<think>").and_then(|rest| rest.rsplit_once("</think>"));
    let answer = thought.map_or(answer, |(_, answer)| answer.trim());
    let fenced = answer.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    fenced.map_or(answer, |inside| inside.strip_prefix("json").unwrap_or(inside).trim())
}
