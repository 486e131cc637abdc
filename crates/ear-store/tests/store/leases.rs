use crate::builders::Library;
use ear_core::{EpisodeId, JobId};
use ear_store::{Heartbeat, Job, JobError, JobState, Moment, NewJob, Progress, Store, Wanted};
use std::collections::HashSet;
use std::thread;

const LEASE: i64 = 1_000;

fn claim(store: &Store, worker: &str, now: i64) -> Option<Job> {
    store.claim(worker, Moment::at(now), LEASE, &Wanted::default()).unwrap()
}

fn queue(library: &Library, title: &str) -> JobId {
    library.store.enqueue(&NewJob::new("transcribe", Some(library.episode(title)))).unwrap()
}

#[test]
fn each_job_is_taken_exactly_once() {
    let library = Library::new();
    let other = library.again();
    let queued: HashSet<_> = (0..200).map(|n| queue(&library, &format!("Episode {n}"))).collect();
    let taken: Vec<JobId> = thread::scope(|scope| {
        let stores = [&library.store, &other].into_iter().cycle().take(8).enumerate();
        let workers: Vec<_> = stores
            .map(|(n, store)| {
                scope.spawn(move || {
                    let worker = format!("worker {n}");
                    let mut taken = Vec::new();
                    while let Some(job) = claim(store, &worker, 0) {
                        assert!(store.finish(job.id, &worker, &[]).unwrap().is_some());
                        taken.push(job.id);
                    }
                    taken
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(taken.len(), 200);
    assert_eq!(taken.into_iter().collect::<HashSet<_>>(), queued);
    assert_eq!(library.store.count_jobs().unwrap()[&JobState::Done], 200);
}

#[test]
fn a_job_whose_worker_is_gone_goes_to_another() {
    let library = Library::new();
    let (old, new) = (&library.store, &library.again());
    let id = queue(&library, "Talk");
    assert_eq!(claim(old, "old", 0).unwrap().attempts, 1);
    assert_eq!(claim(new, "new", 500), None);
    let progress = Progress { stage: Some("recognise"), fraction: 0.5, done: Some(30_000), total: Some(60_000) };
    assert_eq!(old.heartbeat(id, "old", &progress, Moment::at(500), LEASE).unwrap(), Heartbeat::Go);
    let job = old.job(id).unwrap().unwrap();
    assert_eq!(
        (job.stage.as_deref(), job.progress, job.done, job.total),
        (Some("recognise"), 0.5, Some(30_000), Some(60_000))
    );
    // The heartbeat renewed the lease to 1,500.
    assert_eq!(claim(new, "new", 1_500), None);
    let job = claim(new, "new", 1_501).unwrap();
    assert_eq!((job.id, job.attempts, job.worker.as_deref(), job.progress), (id, 2, Some("new"), 0.0));

    assert_eq!(old.heartbeat(id, "old", &progress, Moment::at(1_502), LEASE).unwrap(), Heartbeat::Lost);
    assert_eq!(old.finish(id, "old", &[NewJob::new("index", None)]).unwrap(), None);
    assert!(!old.fail(id, "old", &JobError::default(), Moment::at(1_502), None).unwrap());
    assert!(!old.release(id, "old").unwrap());
    assert_eq!(old.count_jobs().unwrap()[&JobState::Queued], 0);
    assert!(new.finish(id, "new", &[]).unwrap().is_some());
}

#[test]
fn a_heartbeat_after_the_lease_ran_out_still_counts_if_nobody_came() {
    let library = Library::new();
    let id = queue(&library, "Talk");
    claim(&library.store, "w", 0).unwrap();
    let progress = Progress { fraction: f64::NAN, ..Progress::default() };
    assert_eq!(library.store.heartbeat(id, "w", &progress, Moment::at(5_000), LEASE).unwrap(), Heartbeat::Go);
    assert_eq!(claim(&library.store, "v", 5_500), None);
}

#[test]
fn a_job_that_ends_its_workers_is_given_up() {
    let library = Library::new();
    let (killer, next) = (queue(&library, "Killer"), queue(&library, "Next"));
    for attempt in 0..24 {
        let job = claim(&library.store, "w", attempt * 2_000).unwrap();
        assert_eq!((job.id, job.attempts), (killer, attempt as u32 + 1));
    }
    assert_eq!(claim(&library.store, "w", 48_000).unwrap().id, next);
    let job = library.store.job(killer).unwrap().unwrap();
    assert_eq!((job.state, job.attempts, job.finished_at), (JobState::Failed, 24, Some(48_000)));
    let message = job.error.unwrap().message;
    assert_eq!(message, "stopped 24 times without an error: the program was ended each time while it worked on this");
}

#[test]
fn a_failure_is_tried_again_while_attempts_are_left() {
    let library = Library::new();
    let id = queue(&library, "Talk");
    let error = JobError { message: "connection refused".into(), remedy: None };
    for (now, left) in [(0, true), (100, true), (200, false)] {
        claim(&library.store, "w", now).unwrap();
        assert!(library.store.fail(id, "w", &error, Moment::at(now), Some(100)).unwrap());
        assert_eq!(claim(&library.store, "w", now + 99), None);
        let job = library.store.job(id).unwrap().unwrap();
        assert_eq!(job.state, if left { JobState::Queued } else { JobState::Failed });
        assert_eq!((job.error.as_ref(), job.finished_at.is_some()), (Some(&error), !left));
    }
    assert_eq!(claim(&library.store, "w", 10_000), None);
}

#[test]
fn a_job_given_back_was_not_begun() {
    let library = Library::new();
    let id = queue(&library, "Talk");
    for now in 0..5 {
        assert_eq!(claim(&library.store, "w", now).unwrap().attempts, 1);
        assert!(library.store.release(id, "w").unwrap());
    }
    assert_eq!(library.store.job(id).unwrap().unwrap().state, JobState::Queued);
}

#[test]
fn a_worker_learns_that_its_job_was_cancelled_or_is_gone() {
    let library = Library::new();
    let store = &library.store;
    let (id, beat) =
        (queue(&library, "Talk"), |id| store.heartbeat(id, "w", &Progress::default(), Moment::at(1), LEASE).unwrap());
    claim(store, "w", 0).unwrap();
    assert!(store.cancel(id).unwrap());
    assert_eq!(beat(id), Heartbeat::Cancel);
    assert_eq!(store.finish(id, "w", &[]).unwrap(), None);
    // Wanted again after all: whoever takes it now, it is no longer that worker's.
    assert!(store.retry(id).unwrap());
    assert_eq!(beat(id), Heartbeat::Lost);

    let job = claim(store, "w", 0).unwrap();
    store.remove_episodes(&[job.episode.unwrap()]).unwrap();
    assert_eq!(beat(id), Heartbeat::Lost);
    assert_eq!(store.finish(id, "w", &[NewJob::new("index", job.episode)]).unwrap(), None);
}

#[test]
fn what_follows_is_queued_with_the_end_of_the_job() {
    let library = Library::new();
    let store = &library.store;
    let id = queue(&library, "Talk");
    let episode = claim(store, "w", 0).unwrap().episode;
    // An episode that does not exist: neither the end nor the first of the two is stored.
    let broken = [NewJob::new("names", episode), NewJob::new("index", Some(EpisodeId(99)))];
    assert!(store.finish(id, "w", &broken).is_err());
    assert_eq!(store.job(id).unwrap().unwrap().state, JobState::Running);
    assert_eq!(store.pending_for(&[episode.unwrap()]).unwrap().len(), 1);

    let index = NewJob { priority: 1, ..NewJob::new("index", episode) };
    let queued = store.finish(id, "w", &[NewJob::new("names", episode), index]).unwrap().unwrap();
    let order: Vec<_> = std::iter::from_fn(|| claim(store, "w", 0)).map(|job| job.id).collect();
    assert_eq!(order, [queued[1], queued[0]]);
}

#[test]
fn workers_take_only_what_they_want() {
    let library = Library::new();
    let store = &library.store;
    let (a, b) = (library.episode("a"), library.episode("b"));
    let add = |kind: &str, episode| store.enqueue(&NewJob::new(kind, Some(episode))).unwrap();
    let (first, second, third) = (add("transcribe", a), add("index", b), add("index", a));
    let check = |wanted: Wanted<'_>, expected: Option<JobId>| {
        let taken = store.claim("w", Moment::at(0), LEASE, &wanted).unwrap().map(|job| job.id);
        assert_eq!(taken, expected, "{wanted:?}");
        if let Some(id) = taken {
            assert!(store.release(id, "w").unwrap());
        }
    };
    check(Wanted::default(), Some(first));
    check(Wanted { kinds: Some(&["index"]), ..Wanted::default() }, Some(second));
    check(Wanted { jobs: Some(&[third]), ..Wanted::default() }, Some(third));
    check(Wanted { episodes: Some(&[b]), ..Wanted::default() }, Some(second));
    check(Wanted { episodes: Some(&[a]), kinds: Some(&["index"]), jobs: None }, Some(third));
    check(Wanted { kinds: Some(&[]), ..Wanted::default() }, None);
    check(Wanted { kinds: Some(&["it's", "\"quoted\""]), ..Wanted::default() }, None);
}

#[test]
fn a_clock_that_is_set_changes_no_lease() {
    let library = Library::new();
    let store = &library.store;
    let id = queue(&library, "Talk");
    let claim = |worker: &str, world, steady| {
        store.claim(worker, Moment { world, steady }, LEASE, &Wanted::default()).unwrap().map(|job| job.id)
    };
    assert_eq!(claim("old", 1_000_000, 0), Some(id));
    // Hours forward, hours back: the worker lives, and nobody else gets its job.
    for world in [90_000_000, 0, -5] {
        assert_eq!(claim("new", world, 900), None, "{world}");
    }
    // It is gone, whatever the clock on the wall says.
    assert_eq!(claim("new", 0, 1_001), Some(id));
}

#[test]
fn leases_from_before_the_machine_was_started_anew_hold_nothing() {
    let library = Library::new();
    let id = queue(&library, "Talk");
    let at = |steady| Moment { world: 50, steady };
    let claim = |worker: &str, steady| library.store.claim(worker, at(steady), LEASE, &Wanted::default()).unwrap();
    claim("before", 80_000_000).unwrap();
    assert_eq!(claim("after", 20).unwrap().id, id);
    assert_eq!(claim("another", 30), None);
}

#[test]
fn a_clock_set_back_keeps_no_job_waiting() {
    let library = Library::new();
    let store = &library.store;
    let id = queue(&library, "Talk");
    let claim = |at| claim(store, "w", at);
    claim(1_000_000).unwrap();
    assert!(store.fail(id, "w", &JobError::default(), Moment::at(1_000_000), Some(5_000)).unwrap());
    assert_eq!(claim(1_004_999), None);
    assert_eq!(claim(999_999).unwrap().id, id);
    assert!(store.put_off(id, "w", &JobError::default(), Moment::at(2_000_000), 5_000).unwrap());
    assert_eq!(claim(2_000_001), None);
    assert_eq!(claim(2_005_000).unwrap().id, id);
}

#[test]
fn a_job_that_was_put_off_has_lost_no_attempt() {
    let library = Library::new();
    let store = &library.store;
    let id = queue(&library, "Talk");
    let why = JobError { message: "the disk is full".into(), remedy: Some("make room".into()) };
    for now in 0..9 {
        assert_eq!(claim(store, "w", now).unwrap().attempts, 1);
        assert!(store.put_off(id, "w", &why, Moment::at(now), 0).unwrap());
    }
    let job = store.job(id).unwrap().unwrap();
    assert_eq!((job.state, job.attempts, job.error), (JobState::Queued, 0, Some(why)));
}

#[test]
fn the_jobs_of_the_dead_are_free_at_once() {
    let library = Library::new();
    let store = &library.store;
    let (first, second) = (queue(&library, "a"), queue(&library, "b"));
    claim(store, "dead", 0).unwrap();
    claim(store, "alive", 0).unwrap();
    assert_eq!(store.workers().unwrap(), ["alive", "dead"]);
    assert_eq!((store.end_leases("dead").unwrap(), store.end_leases("dead").unwrap()), (1, 0));
    let stranded = store.stranded_jobs(Moment::at(1), LEASE).unwrap();
    assert_eq!(stranded.iter().map(|job| job.id).collect::<Vec<_>>(), [first]);
    assert!(store.holds(second, "alive").unwrap() && !store.holds(second, "dead").unwrap());
    assert_eq!(claim(store, "new", 1).unwrap().id, first);
    assert_eq!(store.requeue_running().unwrap(), 2);
    assert_eq!(store.count_jobs().unwrap()[&JobState::Queued], 2);
}
