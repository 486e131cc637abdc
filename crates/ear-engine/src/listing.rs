//! What the library holds, as plain data to look at and edit.

use crate::{Error, ErrorKind, Repaired, SoundRemoved, Stage};
use ear_core::{
    Chapter, Credit, EpisodeDate, EpisodeId, JobId, Millis, Origin, ShowId, Timing, Transcript, TranscriptId, WordRange,
};

/// Part of a longer list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// How many there are in all.
    pub total: usize,
    /// Those of this page.
    pub items: Vec<T>,
}

/// How far an episode is.
#[derive(Clone, Debug, PartialEq)]
pub enum EpisodeState {
    /// Work waits in the queue.
    Queued,
    /// Being worked on: what is done, 0 to 1, where known, and the stage's label.
    Working(Option<f64>, String),
    /// Can be read and searched.
    Ready,
    /// Work failed: why, and what to do.
    Failed(String),
    /// Work was cancelled by the user.
    Cancelled,
}

/// An episode in a list.
#[derive(Clone, Debug)]
pub struct EpisodeSummary {
    /// Its id.
    pub id: EpisodeId,
    /// Its title.
    pub title: String,
    /// Its show, if any.
    pub show: Option<(ShowId, String)>,
    /// When it was published.
    pub date: Option<EpisodeDate>,
    /// Length of its sound or timed text.
    pub duration: Option<Millis>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// Whether there is sound to play.
    pub has_sound: bool,
    /// How many words its transcript has; 0 until there is one.
    pub words: usize,
    /// How far it is.
    pub state: EpisodeState,
}

/// Everything about one episode but its words.
#[derive(Clone, Debug)]
pub struct EpisodeDetail {
    /// As in lists.
    pub summary: EpisodeSummary,
    /// Show notes, plain text.
    pub notes: Option<String>,
    /// The path or address it came from, or its upload's name.
    pub source: String,
    /// Media type of the recording, for players.
    pub media_type: Option<String>,
    /// Bytes of the recording.
    pub bytes: Option<u64>,
    /// When and by which rule its sound was removed; `None` while it is here, or if it never had any.
    pub sound_removed: Option<SoundRemoved>,
    /// Whether there is a cover picture.
    pub has_cover: bool,
    /// Every complete transcript, the one that is read first.
    pub transcripts: Vec<TranscriptInfo>,
    /// Its parts, as its publisher marked them.
    pub chapters: Vec<Chapter>,
    /// Whom its publisher names.
    pub credits: Vec<Credit>,
    /// A page about it: http or https.
    pub link: Option<String>,
    /// Its season and its number, as its publisher counts.
    pub season: Option<u32>,
    /// Its number in the season or show.
    pub number: Option<u32>,
    /// Whether its publisher calls it explicit.
    pub explicit: Option<bool>,
    /// Names that the user expects in it, one a line.
    pub names: Option<String>,
}

/// A transcript without its words.
#[derive(Clone, Debug)]
pub struct TranscriptInfo {
    /// Its id.
    pub id: TranscriptId,
    /// Where it comes from.
    pub origin: Origin,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// Recognising engine.
    pub engine: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// How exact its times are.
    pub timing: Timing,
    /// How many words.
    pub words: usize,
}

/// A transcript with its sentences, ready to show.
#[derive(Clone, Debug)]
pub struct ReadableTranscript {
    /// Its id.
    pub id: TranscriptId,
    /// Its words, turns and stretches.
    pub transcript: Transcript,
    /// Its sentences: a partition of the words.
    pub sentences: Vec<WordRange>,
    /// Paragraphs for reading: a partition of the words; each is within one turn.
    pub passages: Vec<WordRange>,
    /// Which of its words read otherwise than they were heard, ascending; empty where it is read as heard.
    pub repaired: Vec<Repaired>,
}

/// A feed and how it went last.
#[derive(Clone, Debug)]
pub struct FeedView {
    /// Its address, as the user named it.
    pub url: String,
    /// When it was last looked at, in unix milliseconds.
    pub checked: Option<i64>,
    /// When it was last read without a failure, in unix milliseconds.
    pub succeeded: Option<i64>,
    /// Why the last look failed, and what to do.
    pub error: Option<String>,
}

/// A show in a list.
#[derive(Clone, Debug)]
pub struct ShowSummary {
    /// Its id.
    pub id: ShowId,
    /// Its title.
    pub title: String,
    /// Notes, plain text.
    pub notes: Option<String>,
    /// How many episodes.
    pub episodes: usize,
    /// Their length together.
    pub duration: Millis,
    /// The feeds it comes from.
    pub feeds: Vec<FeedView>,
}

/// Which episodes to list: newest first.
#[derive(Clone, Debug, Default)]
pub struct ListEpisodes {
    /// Only of this show.
    pub show: Option<ShowId>,
    /// Only those that are not ready (queued, working, failed).
    pub unready: bool,
    /// How many to pass over.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
}

/// New values for an episode; `None` leaves a field as it is, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct EpisodeEdit {
    /// New title; empty is an error.
    pub title: Option<String>,
    /// New show by name; made if there is none of that name.
    pub show: Option<Option<String>>,
    /// New date.
    pub date: Option<Option<EpisodeDate>>,
    /// New notes.
    pub notes: Option<Option<String>>,
    /// New language.
    pub language: Option<Option<String>>,
}

/// New values for a show.
#[derive(Clone, Debug, Default)]
pub struct ShowEdit {
    /// New title; empty, or another show's, is an error.
    pub title: Option<String>,
    /// New notes.
    pub notes: Option<Option<String>>,
}

/// What waits or runs, by stage, and how long it will take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outlook {
    /// Stages with something to do, in the order an episode goes through them.
    pub stages: Vec<StageOutlook>,
}

/// What a stage has to do.
#[derive(Clone, Debug, PartialEq)]
pub struct StageOutlook {
    /// The stage.
    pub stage: Stage,
    /// How many episodes it has to do.
    pub jobs: usize,
    /// What is left to do of those whose size is known: milliseconds of sound, or bytes to fetch.
    pub rest: u64,
    /// How many have no known size.
    pub unknown: usize,
    /// How long it takes at the pace of the last ones, in milliseconds; `None` where there is nothing to
    /// tell from.
    pub left: Option<u64>,
}

/// State of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Waits.
    Queued,
    /// A worker holds it.
    Running,
    /// Done.
    Done,
    /// Gave up.
    Failed,
    /// Taken back by the user.
    Cancelled,
}

/// A job, to look at.
#[derive(Clone, Debug)]
pub struct JobView {
    /// Its id.
    pub id: JobId,
    /// `fetch`, `transcribe`, `align`, `index` or `names`.
    pub kind: String,
    /// Its episode and that one's title.
    pub episode: (EpisodeId, String),
    /// Its state.
    pub state: JobState,
    /// What it does now, in words.
    pub stage: Option<String>,
    /// 0 to 1, where known.
    pub progress: Option<f64>,
    /// What is done and what there is in all, as far as it is known: milliseconds of sound, or bytes where
    /// something is fetched.
    pub amount: (Option<u64>, Option<u64>),
    /// When a waiting job is tried again, in unix milliseconds, where that is later.
    pub not_before: Option<i64>,
    /// Tries so far.
    pub attempts: u32,
    /// Why it failed last.
    pub error: Option<String>,
}

pub(crate) fn no_episode(id: EpisodeId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no episode {id}")).remedy("`earwitness list` shows what there is")
}

pub(crate) fn no_transcript(episode: EpisodeId) -> Error {
    let error = Error::new(ErrorKind::NotFound, format!("episode {episode} has no such transcript yet"));
    error.remedy("`earwitness work` goes on with what is queued; `earwitness jobs list` shows what failed")
}
