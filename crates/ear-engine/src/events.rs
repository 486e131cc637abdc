//! What the engine tells while it works. Terminal, pages and logs only consume these.

use ear_core::{EpisodeId, JobId, Millis};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The steps an episode goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Sound and what belongs to it comes from elsewhere.
    Fetching,
    /// Loading the recogniser's model.
    Loading,
    /// Sound becomes words.
    Recognising,
    /// A text gets the times of its sound.
    Aligning,
    /// Words become searchable.
    Indexing,
    /// Names are looked for in the words.
    Naming,
    /// What its sentences mean is learned.
    Understanding,
    /// The episode is cut where its topic turns.
    Cutting,
    /// A language model that the user named proposes what clips say of themselves.
    Describing,
}

impl Stage {
    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Fetching => "fetching",
            Self::Loading => "loading the model",
            Self::Recognising => "recognising",
            Self::Aligning => "aligning",
            Self::Indexing => "indexing",
            Self::Naming => "looking for names",
            Self::Understanding => "learning what is meant",
            Self::Cutting => "cutting clips",
            Self::Describing => "asking a model for headlines",
        }
    }
}

/// Something that happened during work.
#[derive(Clone, Debug)]
pub enum Event {
    /// A job began.
    Started {
        /// The job.
        job: JobId,
        /// Its episode.
        episode: EpisodeId,
        /// The episode's title.
        title: String,
        /// What the job does.
        stage: Stage,
    },
    /// A job went on. Sent a few times a second at most.
    Progress {
        /// The job.
        job: JobId,
        /// Its episode.
        episode: EpisodeId,
        /// What it does now.
        stage: Stage,
        /// Sound done so far; while fetching, bytes.
        done: Millis,
        /// Length of the sound, where it is known; while fetching, bytes.
        total: Option<Millis>,
        /// Seconds of sound done per second, over this run; while fetching, thousands of bytes.
        rate: Option<f64>,
        /// Words heard since the last event, as text; for people who watch.
        heard: String,
    },
    /// A job ended well.
    Finished {
        /// The job.
        job: JobId,
        /// Its episode.
        episode: EpisodeId,
        /// The episode's title.
        title: String,
        /// What the job did.
        stage: Stage,
    },
    /// A job failed; the rest of the queue goes on.
    Failed {
        /// The job.
        job: JobId,
        /// Its episode.
        episode: EpisodeId,
        /// The episode's title.
        title: String,
        /// Why, where, and what to do.
        error: crate::Error,
        /// Whether it will be tried again by itself.
        will_retry: bool,
    },
    /// Something to know that is no failure.
    Warning {
        /// The episode it concerns.
        episode: Option<EpisodeId>,
        /// In one sentence.
        message: String,
    },
}

/// A flag that asks running work to stop at the next safe point. Clones share the flag.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks to stop.
    pub fn request(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether somebody asked to stop.
    pub fn requested(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
