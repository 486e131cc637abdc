//! What comes next after a clip.

use ear_engine::core::{ClipId, EpisodeDate, EpisodeId, Millis, ShowId, Span};
use ear_engine::{ClipView, NextReason, NextView};
use serde::Serialize;

/// What to hear after a clip, in order.
#[derive(Debug, Serialize)]
pub struct NextListDto {
    /// The clip that they come after; null where there is none.
    after: Option<ClipId>,
    next: Vec<NextDto>,
}

/// A clip to hear next, and why.
#[derive(Debug, Serialize)]
pub struct NextDto {
    clip_id: ClipId,
    /// In words: "also about Beirut, two days later".
    reason: String,
    /// What kind of reason that is.
    because: &'static str,
    headline: String,
    episode_id: EpisodeId,
    episode: String,
    show_id: Option<ShowId>,
    show: Option<String>,
    date: Option<EpisodeDate>,
    start_word: usize,
    end_word: usize,
    start_ms: Option<Millis>,
    end_ms: Option<Millis>,
    url: String,
}

impl NextListDto {
    /// What comes after a clip.
    pub fn new(after: Option<&ClipView>, next: &[NextView]) -> Self {
        Self { after: after.map(|clip| clip.id), next: next.iter().map(NextDto::from).collect() }
    }
}

impl From<&NextView> for NextDto {
    fn from(next: &NextView) -> Self {
        let view = &next.clip;
        Self {
            clip_id: view.id,
            reason: next.reason.clone(),
            because: match next.kind {
                NextReason::GoesOn => "goes_on",
                NextReason::About => "about",
                NextReason::Alike => "alike",
                NextReason::SameEpisode => "same_episode",
                NextReason::New => "new",
            },
            headline: view.clip.description.headline.clone(),
            episode_id: view.episode.0,
            episode: view.episode.1.clone(),
            show_id: view.show.as_ref().map(|show| show.0),
            show: view.show.as_ref().map(|show| show.1.clone()),
            date: view.date,
            start_word: view.clip.words.start,
            end_word: view.clip.words.end,
            start_ms: view.clip.span.map(Span::start),
            end_ms: view.clip.span.map(Span::end),
            url: view.url.clone(),
        }
    }
}

/// What tests look at.
#[cfg(test)]
pub mod samples {
    use super::*;
    use crate::dto::clip_samples;

    /// Clips to hear next.
    pub fn next() -> Vec<NextView> {
        let next = |clip, reason: &str, kind| NextView { clip, reason: reason.into(), kind };
        vec![
            next(clip_samples::advert(), "the story goes on", NextReason::GoesOn),
            next(clip_samples::clip(), "also about Baghdad, two days later", NextReason::About),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::clip_samples;

    #[test]
    fn what_comes_next_has_the_documented_shape() {
        insta::assert_json_snapshot!(NextListDto::new(Some(&clip_samples::clip()), &samples::next()));
    }
}
