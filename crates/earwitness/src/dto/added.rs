//! What became of the sources given to `add`.

use super::{ErrorDto, WorkDto};
use ear_engine::core::EpisodeId;
use ear_engine::{Added, Error};
use serde::Serialize;

/// What became of every source.
#[derive(Debug, Serialize)]
pub struct AddedDto {
    /// Sources that are episodes now.
    pub added: Vec<TakenSource>,
    /// Sources that could not be taken in.
    pub failed: Vec<FailedSource>,
    /// What the work on them came to; null where they were only queued.
    pub work: Option<WorkDto>,
}

/// A source that is an episode now.
#[derive(Debug, Serialize)]
pub struct TakenSource {
    source: String,
    episode_id: EpisodeId,
    episode: String,
    /// Whether it was there before.
    existed: bool,
    warnings: Vec<String>,
    url: String,
}

/// A source that could not be taken in.
#[derive(Debug, Serialize)]
pub struct FailedSource {
    source: String,
    #[serde(flatten)]
    error: ErrorDto,
}

impl TakenSource {
    /// What became of `source`.
    pub fn new(source: impl Into<String>, added: &Added) -> Self {
        Self {
            source: source.into(),
            episode_id: added.episode,
            episode: added.title.clone(),
            existed: added.existed,
            warnings: added.warnings.clone(),
            url: format!("/e/{}", added.episode),
        }
    }
}

impl FailedSource {
    /// Why `source` could not be taken in.
    pub fn new(source: impl Into<String>, error: &Error) -> Self {
        Self { source: source.into(), error: ErrorDto::from(error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::ErrorKind;

    #[test]
    fn each_source_is_accounted_for() {
        let added = Added { episode: EpisodeId(7), title: "The vote".into(), existed: true, warnings: vec![] };
        let error = Error::new(ErrorKind::BadInput, "this is no sound").at("b.mp3").remedy("Play it elsewhere");
        let dto = AddedDto {
            added: vec![TakenSource::new("a.mp3", &added)],
            failed: vec![FailedSource::new("b.mp3", &error)],
            work: None,
        };
        insta::assert_json_snapshot!(dto);
    }
}
