//! Episodes in lists, and work that is under way.

use crate::server::state::App;
use crate::server::text;
use ear_core::EpisodeId;
use ear_engine::{EpisodeState, EpisodeSummary};
use serde::Serialize;

/// An episode in a list.
pub(crate) struct EpisodeRow {
    pub(crate) id: EpisodeId,
    pub(crate) title: String,
    pub(crate) show: Option<(String, String)>,
    pub(crate) date: Option<Day>,
    pub(crate) duration: Option<String>,
    pub(crate) has_sound: bool,
    /// What keeps it from being read, in a word or two.
    pub(crate) state: Option<&'static str>,
}

/// A date for machines and for people.
#[derive(Clone)]
pub(crate) struct Day {
    pub(crate) iso: String,
    pub(crate) text: String,
}

impl From<ear_core::EpisodeDate> for Day {
    fn from(date: ear_core::EpisodeDate) -> Self {
        Self { iso: date.to_string(), text: text::day(date) }
    }
}

impl From<EpisodeSummary> for EpisodeRow {
    fn from(episode: EpisodeSummary) -> Self {
        Self {
            id: episode.id,
            title: episode.title,
            show: episode.show.map(|(id, name)| (id.to_string(), name)),
            date: episode.date.map(Day::from),
            duration: episode.duration.map(text::length),
            has_sound: episode.has_sound,
            state: match episode.state {
                EpisodeState::Queued => Some("waiting"),
                EpisodeState::Working(_, stage) if stage == "fetching" => Some("being fetched"),
                EpisodeState::Working(..) => Some("being heard"),
                EpisodeState::Ready => None,
                EpisodeState::Failed(_) => Some("failed"),
                EpisodeState::Cancelled => Some("cancelled"),
            },
        }
    }
}

/// An episode that can't be read yet. Scripts get the same values.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct WorkRow {
    pub(crate) id: EpisodeId,
    pub(crate) title: String,
    /// `ready`, `working`, `queued`, `failed`, `cancelled`, or `removed`.
    pub(crate) state: &'static str,
    /// Being worked on, or waiting for it: worth asking about again.
    pub(crate) active: bool,
    /// Nobody works on it yet.
    pub(crate) waiting: bool,
    /// Whether it can be put back in the queue.
    pub(crate) stopped: bool,
    /// 0 to 100, where known.
    pub(crate) percent: Option<u8>,
    /// How far it is, in words; or why it failed.
    pub(crate) label: String,
    /// The words heard last.
    pub(crate) heard: String,
}

/// The rows of what is not ready: first what is being worked on, then what waits, then what stopped.
pub(crate) fn work_rows(app: &App, episodes: Vec<EpisodeSummary>) -> Vec<WorkRow> {
    let rank = |state: &EpisodeState| match state {
        EpisodeState::Working(..) => 0,
        EpisodeState::Queued => 1,
        EpisodeState::Failed(_) => 2,
        EpisodeState::Cancelled => 3,
        EpisodeState::Ready => 4,
    };
    let mut episodes = episodes;
    episodes.retain(|episode| episode.state != EpisodeState::Ready);
    episodes.sort_by_key(|episode| rank(&episode.state));
    episodes.into_iter().map(|episode| work_row(app, episode)).collect()
}

/// How far an episode is.
pub(crate) fn work_row(app: &App, episode: EpisodeSummary) -> WorkRow {
    let row = WorkRow {
        id: episode.id,
        title: episode.title,
        state: match episode.state {
            EpisodeState::Queued => "queued",
            EpisodeState::Working(..) => "working",
            EpisodeState::Ready => "ready",
            EpisodeState::Failed(_) => "failed",
            EpisodeState::Cancelled => "cancelled",
        },
        active: false,
        waiting: false,
        stopped: false,
        percent: None,
        label: String::new(),
        heard: String::new(),
    };
    match episode.state {
        EpisodeState::Working(done, stage) => {
            let heard = app.live.heard(episode.id);
            let percent = heard.done.or(done).map(|done| (done.clamp(0.0, 1.0) * 100.0).round() as u8);
            let mut label = heard.stage.map_or(stage, str::to_owned);
            if let Some(percent) = percent {
                label.push_str(&format!(" · {percent} %"));
            }
            if let Some(seconds) = heard.seconds_left {
                label.push_str(&format!(" · {} left", text::wait(seconds)));
            }
            WorkRow { active: true, percent, label, heard: heard.text, ..row }
        }
        EpisodeState::Queued => WorkRow { active: true, waiting: true, label: "waiting for its turn".into(), ..row },
        EpisodeState::Failed(why) => WorkRow { stopped: true, label: text::sentence(&why), ..row },
        EpisodeState::Cancelled => WorkRow { stopped: true, label: "taken out of the queue".into(), ..row },
        EpisodeState::Ready => row,
    }
}
