//! How the parts of Earwitness join: one library folder, its queue of jobs, and the interface that the
//! command line, the server and other Rust programs use. Everything that goes in or out is plain data.

mod add;
mod change;
mod doctor;
mod error;
mod events;
mod export;
mod jobs;
mod library;
mod listing;
mod look;
mod models;
mod search;
mod transcribe;

pub use add::{AddOptions, Added};
pub use ear_core as core;
pub use error::{Error, ErrorKind, Result};
pub use events::{Event, Stage, Stop};
pub use export::{ExportFormat, write_transcript};
pub use jobs::{WorkOptions, WorkSummary};
pub use library::Library;
pub use listing::{
    EpisodeDetail, EpisodeEdit, EpisodeState, EpisodeSummary, JobState, JobView, ListEpisodes, Page,
    ReadableTranscript, ShowEdit, ShowSummary, TranscriptInfo,
};
pub use models::{DemoSource, ModelView, demo_sources, fetch_model, models, verify_model};
pub use search::{Answer, Hit, Order, SearchBy, SearchRequest, moment_url};
pub use transcribe::{Progress, TranscribeOptions, Transcribed, Transcriber, transcribe_file};
