//! How the parts of Earwitness join: one library folder, its queue of jobs, and the interface that the
//! command line, the server and other Rust programs use. Everything that goes in or out is plain data.

mod add;
mod backup;
mod change;
mod clips;
mod doctor;
mod error;
mod events;
mod export;
mod feed;
mod files;
mod folder;
mod jobs;
mod library;
mod listing;
mod look;
mod meaning;
mod models;
mod names;
mod net;
mod reserve;
mod retention;
mod search;
mod sidecar;
mod transcribe;
mod trends;
mod workers;

pub use add::{AddOptions, Added, read_names};
pub use backup::{BackedUp, BackupOptions, Copying, Restored};
pub use clips::{ChapterFormat, ClipView, ClipsView, Edge, Endpoint, NextOptions, NextReason, NextView, UndoneEdit};
pub use doctor::{DoctorOptions, Fault, Finding};
pub use ear_core as core;
pub use ear_store::{Act, Keep, KeepRule};
pub use error::{Error, ErrorKind, Result};
pub use events::{Event, Stage, Stop};
pub use export::{ExportFormat, write_transcript};
pub use feed::{Brought, FeedLook};
pub use folder::Watched;
pub use jobs::{WorkOptions, WorkSummary};
pub use library::Library;
pub use listing::{
    EpisodeDetail, EpisodeEdit, EpisodeState, EpisodeSummary, FeedView, JobState, JobView, ListEpisodes, Outlook, Page,
    ReadableTranscript, ShowEdit, ShowSummary, StageOutlook, TranscriptInfo,
};
pub use models::{DemoSource, ModelView, demo_sources, fetch_model, models, models_to_fetch, verify_model};
pub use names::{
    Decided, Displaced, MentionView, NameDetail, NameEpisode, NameSummaryView, NameView, NamesView, Reading,
    RepairView, Repaired, Undone, Verdict, Which, checked_names,
};
pub use retention::{DiskUse, Doomed, KeepPlan, ShowUse, SoundRemoved, rule_text};
pub use search::{Answer, By, Hit, Order, SearchBy, SearchRequest, SoundGroup, moment_url};
pub use sidecar::belongs_to;
pub use transcribe::{Progress, TranscribeOptions, Transcribed, Transcriber, transcribe_file};
pub use trends::{Trend, TrendBy, TrendKind, TrendMoment, Trends, TrendsRequest};

/// What a reader would see of a piece of HTML, as plain text.
pub fn plain_text(html: &str) -> String {
    ear_ingest::html::to_text(html)
}
