//! Draining the queue: claims one job after another, tells how it goes, keeps the lease alive.

mod align;
mod clips;
mod crew;
mod describe;
mod fetch;
mod index;
mod meaning;
mod names;
mod transcribe;

pub(crate) use clips::clips_job;
pub(crate) use crew::be_nice;
pub(crate) use fetch::{FetchOptions, Link, fetch_job};
pub(crate) use names::names_job;

use crate::clips::Endpoint;
use crate::workers::Presence;
use crate::{Error, ErrorKind, Event, Library, Result, Stage, Stop};
use crew::Crew;
use ear_core::{EpisodeId, JobId};
use ear_store::{Heartbeat, Job, JobError, Moment, NewJob, Progress};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// Kind of the job that fetches sound and what belongs to it.
pub(crate) const FETCH: &str = "fetch";
/// Kind of the job that turns sound into words.
pub(crate) const TRANSCRIBE: &str = "transcribe";
/// Kind of the job that makes words searchable.
pub(crate) const INDEX: &str = "index";

/// Kind of the job that gives a text the times of its sound.
pub(crate) const ALIGN: &str = "align";

/// Kind of the job that looks for names.
pub(crate) const NAMES: &str = "names";

/// Kind of the job that cuts an episode into clips.
pub(crate) const CLIPS: &str = "clips";

/// Kind of the job that learns what sentences mean.
pub(crate) const MEANING: &str = "meaning";

/// Kind of the job that asks a language model about clips.
pub(crate) const DESCRIBE: &str = "describe";

/// Every kind of job that this program knows.
const KINDS: [&str; 8] = [FETCH, TRANSCRIBE, ALIGN, INDEX, NAMES, MEANING, CLIPS, DESCRIBE];

/// A job whose worker gives no sign for this long is free for another, in milliseconds.
pub(crate) const LEASE: i64 = 15_000;
/// How often a worker gives a sign.
const HEARTBEAT: Duration = Duration::from_secs(3);
/// How often an empty queue is looked at.
const IDLE: Duration = Duration::from_millis(500);
/// How long a job waits that failed over something that may pass, in milliseconds.
const RETRY: i64 = 5_000;
/// How long a job waits for room on the disk before it is looked at again, in milliseconds.
const ROOM_RETRY: i64 = 10_000;

/// How to work.
#[derive(Clone, Debug, Default)]
pub struct WorkOptions {
    /// Only jobs of these episodes; empty means all.
    pub episodes: Vec<EpisodeId>,
    /// Keep waiting for new jobs when the queue is empty, until stopped.
    pub keep_going: bool,
    /// Windows of sound that are heard side by side; 0 means one a core, two at most.
    pub threads: usize,
    /// Let whatever else this machine does go first.
    pub nice: bool,
    /// A language model that may propose what clips say of themselves. Without one nothing is sent anywhere for that.
    pub model: Option<Endpoint>,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkSummary {
    /// Jobs that ended well.
    pub done: usize,
    /// Jobs that failed.
    pub failed: usize,
    /// Jobs that are to be tried again, but later than was waited for.
    pub postponed: usize,
    /// Whether it ended because somebody asked it to stop.
    pub stopped: bool,
}

/// How a job ended, when it did not fail.
enum Outcome {
    /// Done; these jobs follow.
    Done(Vec<NewJob>),
    /// Asked to stop: what is done is kept, the rest waits.
    Stopped,
    /// Cancelled by the user, or another worker took it over.
    GivenUp,
    /// To be tried again in so many milliseconds, as often as it takes: what it needs lies beyond this machine.
    PutOff {
        /// Why.
        error: Error,
        wait: i64,
        /// Whether that is news.
        tell: bool,
    },
}

impl Library {
    /// Works through the queue until it is empty or `stop` is requested. Jobs that another process holds are
    /// waited for, those that are to be tried again much later are not.
    pub fn work(&self, options: &WorkOptions, stop: &Stop, on_event: &(dyn Fn(Event) + Sync)) -> Result<WorkSummary> {
        let presence = Presence::begin(self);
        self.fill_lost_index()?;
        self.queue_unindexed()?;
        self.queue_unnamed()?;
        self.queue_unmeant()?;
        self.queue_unclipped()?;
        options.model.iter().try_for_each(|endpoint| self.queue_undescribed(endpoint))?;
        let ended = AtomicBool::new(false);
        Crew { library: self, worker: &presence.name, options, stop, on_event, ended }.work()
    }

    /// An index that was lost is begun anew, which queues what was in it.
    fn fill_lost_index(&self) -> Result<()> {
        if self.index_is_missing() { self.index().map(drop) } else { Ok(()) }
    }

    /// Episodes whose words were indexed by an older version of the program, or read otherwise since, are indexed
    /// anew.
    pub(crate) fn queue_unindexed(&self) -> Result<()> {
        self.unindexed()?.into_iter().try_for_each(|(episode, transcript)| self.queue_indexing(episode, transcript))
    }

    /// Works on one job; always true, since there was one.
    fn run_job(
        &self,
        job: &Job,
        worker: &str,
        options: &WorkOptions,
        stop: &Stop,
        on_event: &(dyn Fn(Event) + Sync),
        summary: &mut WorkSummary,
    ) -> Result<bool> {
        let Some(episode) = job.episode.map(|id| self.store.episode(id)).transpose()?.flatten() else {
            self.store.finish(job.id, worker, &[])?;
            return Ok(true);
        };
        let stage = match job.kind.as_str() {
            INDEX => Stage::Indexing,
            FETCH => Stage::Fetching,
            ALIGN => Stage::Aligning,
            NAMES => Stage::Naming,
            MEANING => Stage::Understanding,
            CLIPS => Stage::Cutting,
            DESCRIBE => Stage::Describing,
            _ => Stage::Recognising,
        };
        let (id, title) = (episode.id, episode.title.clone());
        on_event(Event::Started { job: job.id, episode: id, title: title.clone(), stage });
        let beat = Beat {
            library: self,
            job: job.id,
            worker,
            stop,
            told: Mutex::default(),
            lost: AtomicBool::new(false),
            failed: AtomicU64::new(0),
        };
        let outcome = beat.during(|| match job.kind.as_str() {
            FETCH => self.fetch_job(job, &episode, &beat, on_event),
            INDEX => self.index_job(&episode, &beat),
            ALIGN => self.align_job(&episode, &beat, on_event),
            NAMES => self.names_job(&episode, &beat, on_event),
            MEANING => self.meaning_job(&episode, &beat),
            CLIPS => self.clips_job(&episode, options.model.is_some(), &beat),
            DESCRIBE => self.describe_job(&episode, options.model.as_ref(), &beat),
            TRANSCRIBE => self.transcribe_job(job, &episode, options, &beat, on_event),
            kind => Err(Error::new(ErrorKind::BadInput, format!("this version knows no job `{kind}`"))),
        });
        match outcome {
            Ok(Outcome::Done(next)) => {
                if self.store.finish(job.id, worker, &next)?.is_some() {
                    summary.done += 1;
                    on_event(Event::Finished { job: job.id, episode: id, title, stage });
                    if job.kind != INDEX {
                        self.keep_after(&episode, on_event);
                    }
                }
            }
            Ok(Outcome::Stopped) => drop(self.store.release(job.id, worker)?),
            Ok(Outcome::GivenUp) => {}
            Ok(Outcome::PutOff { error, wait, tell }) => {
                let why = JobError { message: place_and_message(&error), remedy: error.remedy.clone() };
                if self.store.put_off(job.id, worker, &why, Moment::now(), wait)? && tell {
                    on_event(Event::Failed { job: job.id, episode: id, title, error, will_retry: true });
                }
            }
            Err(error) if error.kind == ErrorKind::DiskFull => {
                let wait = if options.keep_going { ROOM_RETRY } else { 0 };
                self.put_off(job, worker, &error, wait)?;
                return Err(error);
            }
            Err(error) => {
                let may_pass = matches!(error.kind, ErrorKind::Busy | ErrorKind::Storage | ErrorKind::Network);
                let will_retry = may_pass && job.attempts < job.max_attempts;
                let wait = if error.kind == ErrorKind::Network { fetch::pause(job.attempts) } else { RETRY };
                let said = JobError { message: place_and_message(&error), remedy: error.remedy.clone() };
                if self.store.fail(job.id, worker, &said, Moment::now(), will_retry.then_some(wait))? {
                    summary.failed += usize::from(!will_retry);
                    on_event(Event::Failed { job: job.id, episode: id, title, error, will_retry });
                }
            }
        }
        Ok(true)
    }

    /// Gives a job back that met a full disk: its attempt does not count. Some room was kept for noting that.
    fn put_off(&self, job: &Job, worker: &str, error: &Error, wait: i64) -> Result<()> {
        let why = JobError { message: place_and_message(error), remedy: error.remedy.clone() };
        self.free_reserve();
        Ok(self.store.put_off(job.id, worker, &why, Moment::now(), wait).map(drop)?)
    }
}

fn place_and_message(error: &Error) -> String {
    match &error.place {
        Some(place) => format!("{place}: {}", error.message),
        None => error.message.clone(),
    }
}

/// What the heartbeat last told.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    fraction: f64,
    done: Option<u64>,
    total: Option<u64>,
    stage: Option<Stage>,
}

/// Keeps a job's lease while it runs, from a thread of its own, since hearing one window may take long.
struct Beat<'a> {
    library: &'a Library,
    job: JobId,
    worker: &'a str,
    stop: &'a Stop,
    told: Mutex<Told>,
    lost: AtomicBool,
    failed: AtomicU64,
}

/// Heartbeats that may fail in a row before the job is given up; the lease is longer than that.
const FAILURES: u64 = 3;

impl Beat<'_> {
    /// Runs `job` with the heart beating.
    fn during<T>(&self, job: impl FnOnce() -> T) -> T {
        let (done, ended) = mpsc::channel::<()>();
        thread::scope(|scope| {
            scope.spawn(move || {
                // A dropped sender ends the wait at once.
                while ended.recv_timeout(HEARTBEAT) == Err(mpsc::RecvTimeoutError::Timeout) {
                    self.once();
                }
            });
            let result = job();
            drop(done);
            result
        })
    }

    fn once(&self) {
        let told = *self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let progress = Progress {
            stage: told.stage.map(Stage::label),
            fraction: told.fraction,
            done: told.done,
            total: told.total,
        };
        match self.library.store.heartbeat(self.job, self.worker, &progress, Moment::now(), LEASE) {
            Ok(Heartbeat::Go) => self.failed.store(0, Ordering::SeqCst),
            Ok(Heartbeat::Cancel | Heartbeat::Lost) => self.lost.store(true, Ordering::SeqCst),
            Err(_) => {
                if self.failed.fetch_add(1, Ordering::SeqCst) + 1 >= FAILURES {
                    self.lost.store(true, Ordering::SeqCst);
                }
            }
        }
    }

    fn tell(&self, told: Told) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = told;
    }

    /// The job was cancelled or taken over.
    fn lost(&self) -> bool {
        self.lost.load(Ordering::SeqCst)
    }

    /// Whether the job is still ours, asked of the queue itself: for steps that are too quick for heartbeats.
    fn is_ours(&self) -> Result<bool> {
        Ok(!self.lost() && self.library.store.holds(self.job, self.worker)?)
    }

    /// Notes that the job is no longer ours.
    fn lose(&self) {
        self.lost.store(true, Ordering::SeqCst);
    }

    /// The job and its worker, as the store asks for them.
    fn holder(&self) -> (JobId, &str) {
        (self.job, self.worker)
    }
}
