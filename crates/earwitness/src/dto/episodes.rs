//! Episodes and shows.

use ear_engine::core::{Chapter, Credit, EpisodeDate, EpisodeId, Millis, Origin, ShowId, Timing, TranscriptId};
use ear_engine::{EpisodeDetail, EpisodeState, EpisodeSummary, FeedView, Page, ShowSummary, TranscriptInfo};
use serde::Serialize;

/// Part of the list of episodes.
#[derive(Debug, Serialize)]
pub struct EpisodesDto {
    /// How many there are before paging.
    pub total: usize,
    /// Those of this page.
    pub episodes: Vec<EpisodeDto>,
}

/// An episode in a list.
#[derive(Debug, Serialize)]
pub struct EpisodeDto {
    id: EpisodeId,
    title: String,
    show_id: Option<ShowId>,
    show: Option<String>,
    date: Option<EpisodeDate>,
    duration_ms: Option<Millis>,
    language: Option<String>,
    has_sound: bool,
    words: usize,
    /// `queued`, `working`, `ready`, `failed` or `cancelled`.
    state: &'static str,
    /// While it is worked on: what is done, from 0 to 1.
    progress: Option<f64>,
    /// While it is worked on: the step, in words.
    stage: Option<String>,
    /// Where work failed: why.
    error: Option<String>,
    url: String,
}

/// Everything about one episode but its words.
#[derive(Debug, Serialize)]
pub struct EpisodeDetailDto {
    #[serde(flatten)]
    summary: EpisodeDto,
    notes: Option<String>,
    source: String,
    media_type: Option<String>,
    bytes: Option<u64>,
    /// When and by which rule the sound was removed; null while it is here, or if there never was any.
    sound_removed: Option<SoundRemovedDto>,
    has_cover: bool,
    /// The one that is read comes first.
    transcripts: Vec<TranscriptInfoDto>,
    chapters: Vec<ChapterDto>,
    credits: Vec<Credit>,
    /// A page about it.
    link: Option<String>,
    season: Option<u32>,
    number: Option<u32>,
    explicit: Option<bool>,
}

/// A part of an episode, as its publisher marked it.
#[derive(Debug, Serialize)]
pub struct ChapterDto {
    start_ms: Millis,
    end_ms: Option<Millis>,
    title: String,
    url: Option<String>,
}

/// When and by which rule sound was removed.
#[derive(Debug, Serialize)]
pub struct SoundRemovedDto {
    date: Option<EpisodeDate>,
    /// The rule in words: `the newest 5`, `none after transcription`.
    rule: String,
}

/// A transcript without its words.
#[derive(Debug, Serialize)]
pub struct TranscriptInfoDto {
    id: TranscriptId,
    origin: Origin,
    language: Option<String>,
    engine: Option<String>,
    model: Option<String>,
    /// How exact the times are: `words`, `cues` or `none`.
    timing: Timing,
    words: usize,
}

/// All shows.
#[derive(Debug, Serialize)]
pub struct ShowsDto {
    /// By title.
    pub shows: Vec<ShowDto>,
}

/// A show in a list.
#[derive(Debug, Serialize)]
pub struct ShowDto {
    id: ShowId,
    title: String,
    notes: Option<String>,
    episodes: usize,
    duration_ms: Millis,
    /// The feeds it comes from.
    feeds: Vec<FeedDto>,
}

/// A feed and how it went last; times are unix milliseconds.
#[derive(Debug, Serialize)]
pub struct FeedDto {
    url: String,
    checked_ms: Option<i64>,
    succeeded_ms: Option<i64>,
    /// Why the last look failed.
    error: Option<String>,
}

/// What `rm` took away.
#[derive(Debug, Serialize)]
pub struct RemovedDto {
    /// The show that went with its episodes.
    pub show_id: Option<ShowId>,
    /// The episodes; empty where a whole show went.
    pub episodes: Vec<RemovedEpisode>,
    /// How many episodes went in all.
    pub total: usize,
}

/// An episode that is gone.
#[derive(Debug, Serialize)]
pub struct RemovedEpisode {
    /// Its id while it was there.
    pub id: EpisodeId,
    /// Its title.
    pub title: String,
}

impl From<&Page<EpisodeSummary>> for EpisodesDto {
    fn from(page: &Page<EpisodeSummary>) -> Self {
        Self { total: page.total, episodes: page.items.iter().map(EpisodeDto::from).collect() }
    }
}

impl From<&EpisodeSummary> for EpisodeDto {
    fn from(episode: &EpisodeSummary) -> Self {
        let (state, progress, stage, error) = match &episode.state {
            EpisodeState::Queued => ("queued", None, None, None),
            EpisodeState::Working(progress, stage) => ("working", *progress, Some(stage.clone()), None),
            EpisodeState::Ready => ("ready", None, None, None),
            EpisodeState::Failed(why) => ("failed", None, None, Some(why.clone())),
            EpisodeState::Cancelled => ("cancelled", None, None, None),
        };
        Self {
            id: episode.id,
            title: episode.title.clone(),
            show_id: episode.show.as_ref().map(|show| show.0),
            show: episode.show.as_ref().map(|show| show.1.clone()),
            date: episode.date,
            duration_ms: episode.duration,
            language: episode.language.clone(),
            has_sound: episode.has_sound,
            words: episode.words,
            state,
            progress,
            stage,
            error,
            url: format!("/e/{}", episode.id),
        }
    }
}

impl From<&EpisodeDetail> for EpisodeDetailDto {
    fn from(detail: &EpisodeDetail) -> Self {
        Self {
            summary: EpisodeDto::from(&detail.summary),
            notes: detail.notes.clone(),
            source: detail.source.clone(),
            media_type: detail.media_type.clone(),
            bytes: detail.bytes,
            sound_removed: detail
                .sound_removed
                .as_ref()
                .map(|removed| SoundRemovedDto { date: removed.date, rule: removed.rule.clone() }),
            has_cover: detail.has_cover,
            transcripts: detail.transcripts.iter().map(TranscriptInfoDto::from).collect(),
            chapters: detail.chapters.iter().map(ChapterDto::from).collect(),
            credits: detail.credits.clone(),
            link: detail.link.clone(),
            season: detail.season,
            number: detail.number,
            explicit: detail.explicit,
        }
    }
}

impl From<&TranscriptInfo> for TranscriptInfoDto {
    fn from(info: &TranscriptInfo) -> Self {
        Self {
            id: info.id,
            origin: info.origin,
            language: info.language.clone(),
            engine: info.engine.clone(),
            model: info.model.clone(),
            timing: info.timing,
            words: info.words,
        }
    }
}

impl From<&Chapter> for ChapterDto {
    fn from(chapter: &Chapter) -> Self {
        Self { start_ms: chapter.start, end_ms: chapter.end, title: chapter.title.clone(), url: chapter.url.clone() }
    }
}

impl From<&FeedView> for FeedDto {
    fn from(feed: &FeedView) -> Self {
        Self {
            url: feed.url.clone(),
            checked_ms: feed.checked,
            succeeded_ms: feed.succeeded,
            error: feed.error.clone(),
        }
    }
}

impl From<&[ShowSummary]> for ShowsDto {
    fn from(shows: &[ShowSummary]) -> Self {
        Self { shows: shows.iter().map(ShowDto::from).collect() }
    }
}

impl From<&ShowSummary> for ShowDto {
    fn from(show: &ShowSummary) -> Self {
        Self {
            id: show.id,
            title: show.title.clone(),
            notes: show.notes.clone(),
            episodes: show.episodes,
            duration_ms: show.duration,
            feeds: show.feeds.iter().map(FeedDto::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(state: EpisodeState) -> EpisodeSummary {
        EpisodeSummary {
            id: EpisodeId(7),
            title: "The vote".into(),
            show: Some((ShowId(2), "Reports".into())),
            date: "2020-01-07".parse().ok(),
            duration: Some(1_865_000),
            language: None,
            has_sound: true,
            words: 0,
            state,
        }
    }

    #[test]
    fn episodes_tell_how_far_they_are() {
        let states = [EpisodeState::Working(Some(0.5), "recognising".into()), EpisodeState::Failed("no sound".into())];
        let page = Page { total: 12, items: states.map(sample).into() };
        insta::assert_json_snapshot!(EpisodesDto::from(&page));
    }

    #[test]
    fn an_episode_lists_its_transcripts() {
        let info = TranscriptInfo {
            id: TranscriptId(3),
            origin: Origin::Imported,
            language: None,
            engine: None,
            model: None,
            timing: Timing::Cues,
            words: 812,
        };
        let detail = EpisodeDetail {
            summary: sample(EpisodeState::Ready),
            notes: Some("Notes.".into()),
            source: "/tmp/vote.mp3".into(),
            media_type: Some("audio/mpeg".into()),
            bytes: Some(123),
            sound_removed: None,
            has_cover: false,
            transcripts: vec![info],
            chapters: vec![Chapter { start: 0, end: Some(60_000), title: "Opening".into(), url: None }],
            credits: vec![Credit { name: "Liz Sly".into(), role: Some("guest".into()), url: None }],
            link: Some("https://example.org/7".into()),
            season: Some(1),
            number: Some(7),
            explicit: Some(false),
            names: None,
        };
        insta::assert_json_snapshot!(EpisodeDetailDto::from(&detail));
    }

    #[test]
    fn shows_count_their_episodes() {
        let feed = FeedView {
            url: "https://example.org/feed".into(),
            checked: Some(1_600_000_000_000),
            succeeded: None,
            error: Some("no answer".into()),
        };
        let show = ShowSummary {
            id: ShowId(2),
            title: "Reports".into(),
            notes: None,
            episodes: 3,
            duration: 90_000,
            feeds: vec![feed],
        };
        insta::assert_json_snapshot!(ShowsDto::from(&[show][..]));
    }
}
