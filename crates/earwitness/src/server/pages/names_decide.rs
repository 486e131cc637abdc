//! Decisions on repairs from an episode's page.

use super::episode_id;
use super::names_panel::{VERY_LIKELY, list_address};
use crate::decisions::check_of_episode;
use crate::server::error::PageError;
use crate::server::fields::{Fields, PostForm};
use crate::server::state::Shared;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use ear_core::{EpisodeId, RepairId};
use ear_engine::{ErrorKind, Library, Verdict, Which};

/// `POST /e/{id}/names`: decides a repair, or all alike, and goes on to the next.
pub(crate) async fn decide_repair(
    State(app): State<Shared>,
    Path(id): Path<String>,
    PostForm(fields): PostForm,
) -> Result<Response, PageError> {
    let id = episode_id(&id)?;
    if fields.text("verdict") == "accept likely" {
        return accept_likely(app, id, &fields).await;
    }
    let repair = fields.parsed::<RepairId>("repair")?;
    let decision = repair.and_then(|repair| Some((repair, decision(fields.text("verdict"), repair)?)));
    let Some((repair, (verdict, which))) = decision else {
        return Err(PageError::bad_request("this decides nothing", "Use the buttons of an episode's page"));
    };
    let decided = app.ask(move |library| {
        check_of_episode(library, id, &[repair])?;
        library.decide(&[which], verdict)
    });
    decided.await.map_err(made_anew)?;
    let next = fields.parsed::<RepairId>("next")?;
    Ok(Redirect::to(&list_address(id, next)).into_response())
}

/// Accepts all that are very likely, once it was confirmed; until then it asks.
async fn accept_likely(app: Shared, id: EpisodeId, fields: &Fields) -> Result<Response, PageError> {
    if fields.text("sure").is_empty() {
        return Ok(Redirect::to(&format!("/e/{id}?names=check&likely=ask#likely")).into_response());
    }
    let accept = move |library: &Library| library.decide(&[Which::AllFrom(id, VERY_LIKELY)], Verdict::Accept);
    let accepted = app.ask(accept).await?.repairs.len();
    Ok(Redirect::to(&format!("/e/{id}?names=check&done=accepted-{accepted}#check")).into_response())
}

fn made_anew(mut fault: PageError) -> PageError {
    if fault.error.kind == ErrorKind::NotFound {
        fault.error = fault.error.remedy("Go back and load the page again: its list was made anew since");
    }
    fault
}

/// Reads the value of a button: `accept`, `refuse`, `undo`, each alone or with ` episode` or ` library`.
fn decision(text: &str, repair: RepairId) -> Option<(Verdict, Which)> {
    let (verdict, alike) = text.split_once(' ').unwrap_or((text, ""));
    let verdict = match verdict {
        "accept" => Verdict::Accept,
        "refuse" => Verdict::Refuse,
        "undo" => Verdict::Undo,
        _ => return None,
    };
    let which = match alike {
        "" => Which::One(repair),
        "episode" => Which::AlikeInEpisode(repair),
        "library" => Which::AlikeInLibrary(repair),
        _ => return None,
    };
    Some((verdict, which))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_say_what_is_decided() {
        let one = RepairId(7);
        for (text, expected) in [
            ("accept", Some((Verdict::Accept, Which::One(one)))),
            ("refuse episode", Some((Verdict::Refuse, Which::AlikeInEpisode(one)))),
            ("undo library", Some((Verdict::Undo, Which::AlikeInLibrary(one)))),
            ("", None),
            ("accept all", None),
            ("accept  ", None),
        ] {
            assert_eq!(decision(text, one), expected, "{text}");
        }
    }
}
