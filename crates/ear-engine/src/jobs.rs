//! Draining the queue: claims one job after another, tells how it goes, keeps the lease alive.

mod index;
mod transcribe;

pub(crate) use index::FINGERPRINT;

use crate::{Error, ErrorKind, Event, Library, Result, Stage, Stop};
use ear_core::{EpisodeId, JobId};
use ear_store::{Heartbeat, Job, JobError, NewJob, Progress, Wanted, now};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// Kind of the job that turns sound into words.
pub(crate) const TRANSCRIBE: &str = "transcribe";
/// Kind of the job that makes words searchable.
pub(crate) const INDEX: &str = "index";

/// A job whose worker gives no sign for this long is free for another, in milliseconds.
const LEASE: i64 = 15_000;
/// How often a worker gives a sign.
const HEARTBEAT: Duration = Duration::from_secs(3);
/// How often an empty queue is looked at.
const IDLE: Duration = Duration::from_millis(500);
/// How long a job waits that failed over something that may pass, in milliseconds.
const RETRY: i64 = 5_000;

/// How to work.
#[derive(Clone, Debug, Default)]
pub struct WorkOptions {
    /// Only jobs of these episodes; empty means all.
    pub episodes: Vec<EpisodeId>,
    /// Keep waiting for new jobs when the queue is empty, until stopped.
    pub keep_going: bool,
    /// Threads that recognise; 0 means as many as there are cores.
    pub threads: usize,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkSummary {
    /// Jobs that ended well.
    pub done: usize,
    /// Jobs that failed.
    pub failed: usize,
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
}

impl Library {
    /// Works through the queue on this thread until it is empty or `stop` is requested. Jobs that another
    /// process holds are waited for.
    pub fn work(&self, options: &WorkOptions, stop: &Stop, on_event: &(dyn Fn(Event) + Sync)) -> Result<WorkSummary> {
        let worker = worker_name();
        let wanted =
            Wanted { episodes: (!options.episodes.is_empty()).then_some(&options.episodes[..]), ..Wanted::default() };
        let mut summary = WorkSummary::default();
        self.queue_unindexed()?;
        let mut waiting = false;
        while !stop.requested() {
            match self.store.claim(&worker, now(), LEASE, &wanted)? {
                Some(job) => self.run_job(&job, &worker, options, stop, on_event, &mut summary)?,
                None if options.keep_going => thread::sleep(IDLE),
                None if self.is_pending(&options.episodes)? => {
                    if !std::mem::replace(&mut waiting, true) {
                        let message =
                            "waiting for work that another process holds, or held until a moment ago".to_owned();
                        on_event(Event::Warning { episode: None, message });
                    }
                    thread::sleep(IDLE);
                }
                None => return Ok(summary),
            }
        }
        summary.stopped = true;
        Ok(summary)
    }

    /// Episodes whose words were indexed by an older version of the program are indexed anew.
    fn queue_unindexed(&self) -> Result<()> {
        self.store
            .not_indexed(FINGERPRINT)?
            .into_iter()
            .try_for_each(|(episode, transcript)| self.queue_indexing(episode, transcript))
    }

    fn is_pending(&self, episodes: &[EpisodeId]) -> Result<bool> {
        if !episodes.is_empty() {
            return Ok(!self.store.pending_for(episodes)?.is_empty());
        }
        let counts = self.store.count_jobs()?;
        let of = |state| counts.get(&state).copied().unwrap_or(0);
        Ok(of(ear_store::JobState::Queued) + of(ear_store::JobState::Running) > 0)
    }

    fn run_job(
        &self,
        job: &Job,
        worker: &str,
        options: &WorkOptions,
        stop: &Stop,
        on_event: &(dyn Fn(Event) + Sync),
        summary: &mut WorkSummary,
    ) -> Result<()> {
        let Some(episode) = job.episode.map(|id| self.store.episode(id)).transpose()?.flatten() else {
            self.store.finish(job.id, worker, &[])?;
            return Ok(());
        };
        let stage = if job.kind == INDEX { Stage::Indexing } else { Stage::Recognising };
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
            INDEX => self.index_job(&episode),
            TRANSCRIBE => self.transcribe_job(job, &episode, options, &beat, on_event),
            kind => Err(Error::new(ErrorKind::BadInput, format!("this version knows no job `{kind}`"))),
        });
        match outcome {
            Ok(Outcome::Done(next)) => {
                if self.store.finish(job.id, worker, &next)?.is_some() {
                    summary.done += 1;
                    on_event(Event::Finished { job: job.id, episode: id, title, stage });
                }
            }
            Ok(Outcome::Stopped) => drop(self.store.release(job.id, worker)?),
            Ok(Outcome::GivenUp) => {}
            Err(error) => {
                let may_pass = matches!(error.kind, ErrorKind::Busy | ErrorKind::Storage);
                let will_retry = may_pass && job.attempts < job.max_attempts;
                let said = JobError { message: place_and_message(&error), remedy: error.remedy.clone() };
                if self.store.fail(job.id, worker, &said, will_retry.then(|| now() + RETRY))? {
                    summary.failed += usize::from(!will_retry);
                    on_event(Event::Failed { job: job.id, episode: id, title, error, will_retry });
                }
            }
        }
        Ok(())
    }
}

fn place_and_message(error: &Error) -> String {
    match &error.place {
        Some(place) => format!("{place}: {}", error.message),
        None => error.message.clone(),
    }
}

/// Distinct among all workers of a library: two threads of one process are two workers.
fn worker_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed), now())
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
        match self.library.store.heartbeat(self.job, self.worker, &progress, now(), LEASE) {
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
}
