//! Who works through the queue: fetching waits for others and hearing keeps this machine busy, so they go on
//! side by side.

use super::{DESCRIBE, FETCH, IDLE, INDEX, KINDS, LEASE, WorkOptions, WorkSummary};
use crate::{ErrorKind, Event, Library, Result, Stop};
use ear_store::{Job, JobQuery, JobState, Moment, Wanted, now};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A job that may be tried again this soon is waited for, in milliseconds.
const SOON: i64 = 45_000;
/// How many jobs are looked at to see whether there is something to wait for.
const MOST: usize = 1000;
/// How often a worker that has a model to ask looks for clips that it was not asked about.
const LOOK: Duration = Duration::from_secs(10);
/// How far behind others a worker that is nice stands, of 19.
#[cfg(unix)]
const NICE: i32 = 10;

/// The threads of one worker.
pub(super) struct Crew<'a> {
    pub library: &'a Library,
    pub worker: &'a str,
    pub options: &'a WorkOptions,
    pub stop: &'a Stop,
    pub on_event: &'a (dyn Fn(Event) + Sync),
    /// One of them is over; the other need not wait for what it would have done.
    pub ended: AtomicBool,
}

/// What is still to be waited for.
#[derive(Default)]
struct Standing {
    /// Something runs, or will soon.
    soon: bool,
    /// Another worker holds some of it.
    elsewhere: bool,
    /// Jobs that are tried again later than we wait.
    later: usize,
}

impl Crew<'_> {
    /// Works until nothing is left or it is asked to stop.
    pub fn work(&self) -> Result<WorkSummary> {
        thread::scope(|scope| {
            let fetching = scope.spawn(|| self.drain(&[FETCH]));
            if self.options.nice {
                be_nice();
            }
            // A model may take minutes for an answer.
            let asking = self.options.model.as_ref().map(|_| scope.spawn(|| self.drain(&[DESCRIBE])));
            let others: Vec<&str> = KINDS.into_iter().filter(|kind| ![FETCH, DESCRIBE].contains(kind)).collect();
            let here = self.drain(&others);
            let mut lanes = vec![here];
            for lane in [Some(fetching), asking].into_iter().flatten() {
                lanes.push(lane.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            lanes.into_iter().try_fold(WorkSummary::default(), |all, lane| {
                let lane = lane?;
                Ok(WorkSummary {
                    done: all.done + lane.done,
                    failed: all.failed + lane.failed,
                    postponed: all.postponed.max(lane.postponed),
                    stopped: all.stopped || lane.stopped,
                })
            })
        })
    }

    fn drain(&self, kinds: &[&str]) -> Result<WorkSummary> {
        // However this ends, also by a panic.
        let _end = AtEnd(&self.ended);
        let episodes = &self.options.episodes;
        let wanted = Wanted {
            kinds: Some(kinds),
            episodes: (!episodes.is_empty()).then_some(&episodes[..]),
            ..Wanted::default()
        };
        let mut summary = WorkSummary::default();
        let (mut waiting, mut full, mut looked) = (false, false, Instant::now());
        while !self.stop.requested() {
            match self.next(&wanted, &mut summary) {
                Ok(true) => full = false,
                Err(error) if error.kind == ErrorKind::DiskFull && self.options.keep_going => {
                    if !std::mem::replace(&mut full, true) {
                        self.warn(format!("waiting for room: {error}"));
                    }
                    self.pause();
                }
                Err(error) => return Err(error),
                Ok(false) if self.options.keep_going => {
                    if kinds.contains(&DESCRIBE) && looked.elapsed() >= LOOK {
                        // What was edited meanwhile, also by others.
                        self.options.model.iter().try_for_each(|model| self.library.queue_undescribed(model))?;
                        looked = Instant::now();
                    }
                    self.pause();
                }
                Ok(false) => {
                    let standing = self.standing()?;
                    if !standing.soon || self.ended.load(Ordering::SeqCst) {
                        summary.postponed = standing.later;
                        return Ok(summary);
                    }
                    if standing.elsewhere && kinds.contains(&INDEX) && !std::mem::replace(&mut waiting, true) {
                        self.warn("waiting for work that another process holds, or held until a moment ago".into());
                    }
                    self.pause();
                }
            }
        }
        summary.stopped = true;
        Ok(summary)
    }

    /// Works on one job, if there is one.
    fn next(&self, wanted: &Wanted<'_>, summary: &mut WorkSummary) -> Result<bool> {
        self.library.end_leases_of_the_dead()?;
        match self.library.store.claim(self.worker, Moment::now(), LEASE, wanted)? {
            Some(job) => self.library.run_job(&job, self.worker, self.options, self.stop, self.on_event, summary),
            None => Ok(false),
        }
    }

    /// Waits a little, or until the other thread is over or somebody asks to stop.
    fn pause(&self) {
        const SLICES: u32 = 20;
        for _ in 0..SLICES {
            if self.stop.requested() || self.ended.load(Ordering::SeqCst) && !self.options.keep_going {
                return;
            }
            thread::sleep(IDLE / SLICES);
        }
    }

    fn standing(&self) -> Result<Standing> {
        let store = &self.library.store;
        let jobs: Vec<Job> = if self.options.episodes.is_empty() {
            let of = |state| store.list_jobs(&JobQuery { state: Some(state), limit: MOST, ..JobQuery::default() });
            // A job may begin between two looks, or end and leave another: in this order it is seen at least once.
            let mut jobs = of(JobState::Queued)?;
            jobs.extend(of(JobState::Running)?);
            jobs.extend(of(JobState::Queued)?);
            jobs.sort_by_key(|job| job.id);
            jobs.dedup_by_key(|job| job.id);
            jobs
        } else {
            store.pending_for(&self.options.episodes)?
        };
        let mut standing = Standing::default();
        for job in jobs {
            match job.state {
                // Left by a newer program, for which it waits, or for a worker that has a model to ask.
                _ if !KINDS.contains(&job.kind.as_str()) => {}
                _ if job.kind == DESCRIBE && self.options.model.is_none() => {}
                JobState::Queued if job.not_before > now().saturating_add(SOON) => standing.later += 1,
                JobState::Queued => standing.soon = true,
                _ => {
                    standing.soon = true;
                    standing.elsewhere |= job.worker.as_deref() != Some(self.worker);
                }
            }
        }
        Ok(standing)
    }

    fn warn(&self, message: String) {
        (self.on_event)(Event::Warning { episode: None, message });
    }
}

/// Says that one of the threads is over when it goes.
struct AtEnd<'a>(&'a AtomicBool);

impl Drop for AtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Lets whatever else this machine does go first. On Linux this holds for this thread and those it starts,
/// so that a server in the same process stays quick; elsewhere for the process.
pub(crate) fn be_nice() {
    #[cfg(unix)]
    {
        let already = rustix::process::getpriority_process(None).unwrap_or_default();
        if already < NICE {
            // Where it is refused, work goes on as it is.
            rustix::process::setpriority_process(None, NICE).unwrap_or_default();
        }
    }
}
