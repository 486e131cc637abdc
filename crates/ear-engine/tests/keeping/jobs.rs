use crate::made::{Heard, add, hits, tone, work, work_telling};
use ear_engine::core::JobId;
use ear_engine::{Event, JobState, Library, Stop, WorkOptions};
use ear_store::{Moment, NewJob, Wanted};
use std::fs;
use std::sync::Mutex;

fn index_job(heard: &Heard) -> JobId {
    heard.store().enqueue(&NewJob::new("index", Some(heard.episode))).unwrap()
}

#[test]
fn a_running_index_job_can_be_cancelled() {
    let heard = Heard::new();
    fs::remove_dir_all(heard.library.folder().join("index")).unwrap();
    let heard = heard.again();
    heard.sql("DELETE FROM indexed");
    let id = index_job(&heard);
    work_telling(&heard.library, &|event| {
        if let Event::Started { job, .. } = event {
            heard.library.cancel_job(job).unwrap();
        }
    });
    let job = heard.store().job(id).unwrap().unwrap();
    assert_eq!(job.state, ear_store::JobState::Cancelled);
    assert_eq!((heard.store().all_indexed().unwrap(), hits(&heard.library, "three")), (vec![], 0));
    heard.library.retry_job(id).unwrap();
    work(&heard.library);
    assert!(hits(&heard.library, "three") > 0);
}

#[test]
fn sound_that_vanished_fails_its_job_by_name_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(&folder.path().join("library")).unwrap();
    let gone = add(&library, &tone(folder.path(), "gone.wav", 3, 0.2));
    let here = add(&library, &tone(folder.path(), "here.wav", 3, 0.3));
    fs::remove_file(library.recording(gone).unwrap().unwrap().0).unwrap();
    let failures = Mutex::new(Vec::new());
    work_telling(&library, &|event| {
        if let Event::Failed { error, will_retry, .. } = event {
            failures.lock().unwrap().push((error, will_retry));
        }
    });
    let failures = failures.into_inner().unwrap();
    let (error, will_retry) = &failures[0];
    assert_eq!((failures.len(), *will_retry, error.place.as_deref()), (1, false, Some("gone.wav")));
    assert!(error.message.contains("gone") && error.remedy.is_some(), "{error}");
    assert_eq!(library.episode(here).unwrap().transcripts.len(), 1);
    let job = library.jobs(true).unwrap().into_iter().find(|job| job.state == JobState::Failed).unwrap();
    let told = job.error.unwrap();
    assert!(told.contains("gone.wav") && !told.contains("recordings"), "{told}");
    // The same file again mends it.
    add(&library, &folder.path().join("gone.wav"));
    library.retry_job(job.id).unwrap_or_default();
    work(&library);
    assert_eq!(library.episode(gone).unwrap().transcripts.len(), 1);
}

#[test]
fn damaged_sound_is_told_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(&folder.path().join("library")).unwrap();
    let episode = add(&library, &tone(folder.path(), "talk.wav", 3, 0.2));
    let (file, _) = library.recording(episode).unwrap().unwrap();
    let length = fs::metadata(&file).unwrap().len();
    fs::write(&file, vec![7; length as usize]).unwrap();
    work_telling(&library, &|_| ());
    let told = library.jobs(true).unwrap()[0].error.clone().unwrap();
    assert!(told.contains("talk.wav") && !told.contains("recordings"), "{told}");
}

#[test]
fn jobs_of_a_dead_worker_are_taken_over_at_once() {
    let heard = Heard::new();
    let id = index_job(&heard);
    // A worker that died: its lock is there, and nobody holds it.
    fs::write(heard.library.inbox().join("1-0-7.worker"), "").unwrap();
    heard.store().claim("1-0-7", Moment::now(), 15_000, &Wanted::default()).unwrap().unwrap();
    let began = std::time::Instant::now();
    work(&heard.library);
    assert!(began.elapsed().as_secs() < 5);
    assert_eq!(heard.store().job(id).unwrap().unwrap().state, ear_store::JobState::Done);
    // One that lives keeps its job, and its lock is gone when it ends.
    let stop = Stop::default();
    stop.request();
    heard.library.work(&WorkOptions::default(), &stop, &|_| ()).unwrap();
    let is_lock = |entry: &fs::DirEntry| entry.path().extension().is_some_and(|ending| ending == "worker");
    let locks = fs::read_dir(heard.library.inbox()).unwrap().map(|entry| entry.unwrap()).filter(is_lock).count();
    assert_eq!(locks, 1);
}
