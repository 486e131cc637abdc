use crate::builders::Library;
use ear_core::{EpisodeId, JobId};
use ear_store::{JobError, JobQuery, JobState, Moment, NewJob, Wanted};

#[test]
fn what_waits_already_is_not_queued_twice() {
    let library = Library::new();
    let store = &library.store;
    let (a, b) = (library.episode("a"), library.episode("b"));
    let new = |episode, options: &str| NewJob { options: options.into(), ..NewJob::new("index", Some(episode)) };
    let first = store.enqueue(&new(a, "1")).unwrap();
    assert_ne!(store.enqueue(&new(b, "1")).unwrap(), first);
    assert_ne!(store.enqueue(&NewJob::new("transcribe", Some(a))).unwrap(), first);
    // One that waits takes the latest options.
    assert_eq!(store.enqueue(&NewJob { priority: 5, ..new(a, "2") }).unwrap(), first);
    let job = store.job(first).unwrap().unwrap();
    assert_eq!((job.options.as_str(), job.priority), ("2", 5));
    // One that runs cannot take other options any more.
    assert_eq!(store.claim("w", Moment::at(0), 1_000, &Wanted::default()).unwrap().unwrap().id, first);
    assert_eq!(store.enqueue(&new(a, "2")).unwrap(), first);
    let second = store.enqueue(&new(a, "3")).unwrap();
    assert_ne!(second, first);
    assert_eq!(store.enqueue(&new(a, "4")).unwrap(), second);
    // Nor do both run at once.
    let wanted = Wanted { episodes: Some(&[a]), kinds: Some(&["index"]), ..Wanted::default() };
    assert_eq!(store.claim("v", Moment::at(0), 1_000, &wanted).unwrap(), None);
    store.finish(first, "w", &[]).unwrap();
    assert_eq!(store.claim("v", Moment::at(0), 1_000, &wanted).unwrap().unwrap().id, second);
    // What is over is no reason not to begin again.
    store.finish(second, "v", &[]).unwrap();
    assert!(store.enqueue(&new(a, "4")).unwrap() > second);
}

#[test]
fn jobs_without_an_episode_are_queued_once_too() {
    let Library { store, .. } = &Library::new();
    let id = store.enqueue(&NewJob::new("optimise", None)).unwrap();
    assert_eq!(store.enqueue(&NewJob::new("optimise", None)).unwrap(), id);
}

#[test]
fn jobs_are_listed_and_counted() {
    let library = Library::new();
    let store = &library.store;
    let episodes: Vec<_> = ["a", "b", "c"].iter().map(|title| library.episode(title)).collect();
    let jobs: Vec<_> =
        episodes.iter().map(|episode| store.enqueue(&NewJob::new("transcribe", Some(*episode))).unwrap()).collect();
    store.claim("w", Moment::at(0), 1_000, &Wanted::default()).unwrap().unwrap();
    store.finish(jobs[0], "w", &[]).unwrap();
    store.claim("w", Moment::at(0), 1_000, &Wanted::default()).unwrap().unwrap();

    let list =
        |query: JobQuery| -> Vec<JobId> { store.list_jobs(&query).unwrap().into_iter().map(|job| job.id).collect() };
    let all = JobQuery::default();
    assert_eq!(list(all), [jobs[2], jobs[1], jobs[0]]);
    assert_eq!(list(JobQuery { offset: 1, limit: 1, ..all }), [jobs[1]]);
    assert_eq!(list(JobQuery { state: Some(JobState::Done), ..all }), [jobs[0]]);
    assert_eq!(list(JobQuery { episode: Some(episodes[2]), ..all }), [jobs[2]]);
    let counts = store.count_jobs().unwrap();
    assert_eq!(JobState::ALL.map(|state| counts[&state]), [1, 1, 1, 0, 0]);
    let pending =
        |of: &[EpisodeId]| -> Vec<JobId> { store.pending_for(of).unwrap().into_iter().map(|job| job.id).collect() };
    assert_eq!(pending(&episodes), [jobs[1], jobs[2]]);
    assert_eq!(pending(&episodes[..1]), []);
    assert_eq!(pending(&[]), []);
    assert_eq!(store.count_pending_episodes().unwrap(), 2);
}

#[test]
fn failed_and_cancelled_jobs_can_be_retried() {
    let library = Library::new();
    let store = &library.store;
    let id = store.enqueue(&NewJob::new("transcribe", Some(library.episode("a")))).unwrap();
    assert!(!store.retry(id).unwrap());
    assert!(store.cancel(id).unwrap());
    assert!(!store.cancel(id).unwrap());
    assert_eq!(store.claim("w", Moment::at(0), 1_000, &Wanted::default()).unwrap(), None);
    assert!(store.retry(id).unwrap());

    store.claim("w", Moment::at(0), 1_000, &Wanted::default()).unwrap().unwrap();
    let error = JobError { message: "no model".into(), remedy: Some("fetch one".into()) };
    assert!(store.fail(id, "w", &error, Moment::at(0), None).unwrap());
    let job = store.job(id).unwrap().unwrap();
    assert_eq!((job.state, job.error, job.finished_at.is_some()), (JobState::Failed, Some(error), true));
    assert!(store.retry(id).unwrap());
    let job = store.job(id).unwrap().unwrap();
    assert_eq!((job.state, job.attempts, job.error, job.finished_at), (JobState::Queued, 0, None, None));
    assert!(!store.retry(JobId(99)).unwrap() && !store.cancel(JobId(99)).unwrap());
}
