//! What became of the sources given to `add`.

use super::{ErrorDto, WorkDto};
use ear_engine::core::{EpisodeId, ShowId};
use ear_engine::{Added, Error, FeedLook};
use serde::Serialize;

/// What became of every source.
#[derive(Debug, Serialize)]
pub struct AddedDto {
    /// Sources that are episodes now.
    pub added: Vec<TakenSource>,
    /// Sources that could not be taken in.
    pub failed: Vec<FailedSource>,
    /// Feeds that were looked at.
    pub feeds: Vec<LookDto>,
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
    /// Whether it was added to an episode that was there before.
    joined: bool,
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
            joined: added.joined,
            warnings: added.warnings.clone(),
            url: format!("/e/{}", added.episode),
        }
    }
}

/// What a look at a feed came to.
#[derive(Debug, Serialize)]
pub struct LookDto {
    feed: String,
    show_id: Option<ShowId>,
    show: Option<String>,
    /// How many episodes it offers; null where nothing changed since the last look.
    offered: Option<usize>,
    /// The episodes that were taken.
    taken: Vec<EpisodeId>,
    /// Episodes that were taken before and for which more is fetched now.
    again: Vec<EpisodeId>,
    warnings: Vec<String>,
    /// Why it could not be read.
    error: Option<ErrorDto>,
}

impl From<&FeedLook> for LookDto {
    fn from(look: &FeedLook) -> Self {
        Self {
            feed: look.url.clone(),
            show_id: look.show.as_ref().map(|(id, _)| *id),
            show: look.show.as_ref().map(|(_, title)| title.clone()),
            offered: look.offered,
            taken: look.taken.iter().map(|added| added.episode).collect(),
            again: look.again.clone(),
            warnings: look.warnings.clone(),
            error: look.error.as_ref().map(ErrorDto::from),
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
        let added =
            Added { episode: EpisodeId(7), title: "The vote".into(), existed: true, joined: false, warnings: vec![] };
        let look = FeedLook {
            url: "https://example.org/feed".into(),
            show: Some((ShowId(2), "Reports".into())),
            offered: Some(12),
            taken: vec![added.clone()],
            again: vec![],
            warnings: vec![],
            error: None,
        };
        let error = Error::new(ErrorKind::BadInput, "this is no sound").at("b.mp3").remedy("Play it elsewhere");
        let dto = AddedDto {
            added: vec![TakenSource::new("a.mp3", &added)],
            failed: vec![FailedSource::new("b.mp3", &error)],
            feeds: vec![LookDto::from(&look)],
            work: None,
        };
        insta::assert_json_snapshot!(dto);
    }
}
