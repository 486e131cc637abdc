use crate::made::{Heard, add, hits, tone, work};
use ear_engine::{BackedUp, BackupOptions, DoctorOptions, ErrorKind, Library, Restored, Result};
use ear_store::{JobError, Moment, NewJob, Wanted};
use std::fs;
use std::path::Path;

fn backup(heard: &Heard, to: &str) -> Result<BackedUp> {
    heard.library.backup(&heard.path(to), &BackupOptions::default(), &|_| ())
}

fn restore(heard: &Heard, from: &str, into: &str, replace: bool) -> Result<Restored> {
    Library::restore(&heard.path(from), &heard.path(into), replace, &|_| (), &|_| ())
}

fn well(folder: &Path) -> Library {
    let library = Library::open(folder).unwrap();
    let options = DoctorOptions { repair: false, thorough: true };
    assert_eq!(library.doctor(&options, &|_| ()).unwrap(), []);
    library
}

#[test]
fn a_backup_becomes_the_same_library() {
    let heard = Heard::new();
    // One that waits, one that somebody works on.
    let waiting = add(&heard.library, &tone(heard.folder.path(), "waiting.wav", 3, 0.4));
    heard.store().claim("somebody", Moment::now(), 15_000, &Wanted::default()).unwrap().unwrap();
    let done = backup(&heard, "backup").unwrap();
    assert_eq!((done.copied.0, done.kept.0, done.extra.0, &done.problems), (2, 0, 0, &vec![]));
    let restored = restore(&heard, "backup", "again", false).unwrap();
    assert_eq!((restored.episodes, restored.files.0, &restored.problems), (2, 2, &vec![]));
    let again = well(&heard.path("again"));
    assert_eq!(hits(&again, "three"), hits(&heard.library, "three"));
    let words = |library: &Library| library.transcript(heard.episode, None).unwrap().unwrap().transcript;
    assert_eq!(words(&again), words(&heard.library));
    // What somebody worked on over there is nobody's here.
    work(&again);
    assert_eq!(again.episode(waiting).unwrap().transcripts.len(), 1);
}

#[test]
fn a_second_backup_copies_what_is_new() {
    let heard = Heard::new();
    backup(&heard, "backup").unwrap();
    let episode = add(&heard.library, &tone(heard.folder.path(), "new.wav", 3, 0.4));
    work(&heard.library);
    let done = backup(&heard, "backup").unwrap();
    assert_eq!((done.copied.0, done.kept.0, done.put_aside.clone()), (1, 1, None));
    heard.library.remove_episode(episode).unwrap();
    let done = backup(&heard, "backup").unwrap();
    assert_eq!((done.copied.0, done.kept.0, done.extra.0), (0, 1, 1));
    assert_eq!(restore(&heard, "backup", "again", false).unwrap().episodes, 1);
    well(&heard.path("again"));
    let prune = BackupOptions { prune: true, ..BackupOptions::default() };
    heard.library.backup(&heard.path("backup"), &prune, &|_| ()).unwrap();
    assert_eq!(backup(&heard, "backup").unwrap().extra.0, 0);
}

#[test]
fn a_backup_is_a_library_to_look_into() {
    let heard = Heard::new();
    backup(&heard, "backup").unwrap();
    let library = Library::open(&heard.path("backup")).unwrap();
    assert_eq!(library.episodes(&ear_engine::ListEpisodes { limit: 5, ..Default::default() }).unwrap().total, 1);
    work(&library);
    assert!(hits(&library, "three") > 0);
    let edit = ear_engine::EpisodeEdit { title: Some("Changed".into()), ..Default::default() };
    library.edit_episode(heard.episode, &edit).unwrap();
    // In use it is not backed up over.
    assert_eq!(backup(&heard, "backup").unwrap_err().kind, ErrorKind::Busy);
    drop(library);
    // What was changed there is not lost by the next backup.
    let aside = backup(&heard, "backup").unwrap().put_aside.unwrap();
    let title = |path: &Path| {
        let store = ear_store::Store::open(path).unwrap();
        store.episode(heard.episode).unwrap().unwrap().title
    };
    assert_eq!((title(&aside), title(&heard.path("backup/earwitness.db"))), ("Changed".into(), "Tone".into()));
}

#[test]
fn damaged_sound_replaces_no_good_copy() {
    let heard = Heard::new();
    backup(&heard, "backup").unwrap();
    let (sound, good) = (heard.sound(), fs::read(heard.sound()).unwrap());
    fs::write(&sound, vec![1; good.len()]).unwrap();
    // Copied before it was damaged, it stays; a backup made now says what it lacks.
    assert_eq!(backup(&heard, "backup").unwrap().problems, Vec::<String>::new());
    assert!(restore(&heard, "backup", "again", false).unwrap().problems.is_empty());
    well(&heard.path("again"));
    let other = backup(&heard, "other").unwrap();
    assert!(other.problems.len() == 1 && other.problems[0].contains("damaged in the library"), "{other:?}");
    fs::remove_file(&sound).unwrap();
    let other = backup(&heard, "other").unwrap();
    assert!(other.problems.len() == 1 && other.problems[0].contains("missing from the library"), "{other:?}");
    fs::write(&sound, &good).unwrap();
    assert_eq!(backup(&heard, "other").unwrap().copied.0, 1);

    // Damage in the backup itself is found when it is asked for, or when it is restored.
    let there = heard.path("backup").join(sound.strip_prefix(heard.library.folder()).unwrap());
    fs::write(&there, vec![2; good.len()]).unwrap();
    let restored = restore(&heard, "backup", "third", false).unwrap();
    assert!(restored.problems.len() == 1 && restored.problems[0].contains("damaged in the backup"), "{restored:?}");
    let verify = BackupOptions { verify: true, ..BackupOptions::default() };
    assert_eq!(heard.library.backup(&heard.path("backup"), &verify, &|_| ()).unwrap().copied.0, 1);
    assert_eq!(fs::read(there).unwrap(), good);
}

#[test]
fn half_a_backup_is_not_taken_for_a_whole_one() {
    let heard = Heard::new();
    backup(&heard, "backup").unwrap();
    fs::remove_file(heard.path("backup/backup.json")).unwrap();
    fs::write(heard.path("backup/backup.unfinished"), "").unwrap();
    let error = restore(&heard, "backup", "again", false).unwrap_err();
    assert!(error.message.contains("broken off") && !heard.path("again").exists(), "{error}");
    backup(&heard, "backup").unwrap();
    restore(&heard, "backup", "again", false).unwrap();
    assert_eq!(restore(&heard, "nowhere", "third", false).unwrap_err().kind, ErrorKind::NotFound);
}

#[test]
fn nothing_is_written_over() {
    let heard = Heard::new();
    fs::create_dir_all(heard.path("full")).unwrap();
    fs::write(heard.path("full/letter.txt"), "Dear").unwrap();
    assert_eq!(backup(&heard, "full").unwrap_err().kind, ErrorKind::BadInput);
    assert_eq!(backup(&heard, "library/inside").unwrap_err().kind, ErrorKind::BadInput);
    assert_eq!(backup(&heard, ".").unwrap_err().kind, ErrorKind::BadInput);
    backup(&heard, "backup").unwrap();
    assert_eq!(restore(&heard, "backup", "full", false).unwrap_err().kind, ErrorKind::BadInput);
    assert_eq!(restore(&heard, "backup", "backup/inside", false).unwrap_err().kind, ErrorKind::BadInput);
    // A library that is in use stays, also by force.
    assert_eq!(restore(&heard, "backup", "library", false).unwrap_err().kind, ErrorKind::BadInput);
    assert_eq!(restore(&heard, "backup", "library", true).unwrap_err().kind, ErrorKind::Busy);
    let Heard { folder, library, episode } = heard;
    let edit = ear_engine::EpisodeEdit { title: Some("Later".into()), ..Default::default() };
    library.edit_episode(episode, &edit).unwrap();
    drop(library);
    let (backup, place) = (folder.path().join("backup"), folder.path().join("library"));
    let restored = Library::restore(&backup, &place, true, &|_| (), &|_| ()).unwrap();
    assert_eq!(well(&place).episode(episode).unwrap().summary.title, "Tone");
    assert_eq!(well(&restored.moved_aside.unwrap()).episode(episode).unwrap().summary.title, "Later");
}

#[test]
fn a_backup_of_the_first_form_can_be_restored() {
    let heard = Heard::new();
    backup(&heard, "backup").unwrap();
    let place = heard.path("backup/earwitness.db");
    fs::remove_file(&place).unwrap();
    let old = rusqlite::Connection::open(&place).unwrap();
    old.execute_batch(include_str!("../../../ear-store/migrations/0001_library.sql")).unwrap();
    old.execute_batch(
        "PRAGMA application_id = 1164014199; PRAGMA user_version = 1;
         INSERT INTO episodes VALUES (1, NULL, 'Old', 'old', NULL, '', NULL, NULL, '', NULL, NULL, 0);",
    )
    .unwrap();
    drop(old);
    let before = fs::read(&place).unwrap();
    let restored = restore(&heard, "backup", "again", false).unwrap();
    assert!(restored.episodes == 1 && restored.problems[0].contains("was changed since"), "{restored:?}");
    assert_eq!(fs::read(&place).unwrap(), before);
}

#[test]
fn a_restore_that_was_broken_off_is_finished() {
    let heard = Heard::new();
    backup(&heard, "backup").unwrap();
    let staging = heard.path(".again.restoring");
    fs::create_dir_all(staging.join("tmp")).unwrap();
    fs::write(staging.join("earwitness.db"), "half of it").unwrap();
    fs::write(staging.join("tmp/.tmpHalf"), "half of it").unwrap();
    restore(&heard, "backup", "again", false).unwrap();
    assert!(!staging.exists());
    well(&heard.path("again"));
}

#[test]
fn a_job_that_failed_is_still_there_afterwards() {
    let heard = Heard::new();
    let job = heard.store().enqueue(&NewJob::new("transcribe", Some(heard.episode))).unwrap();
    heard.store().claim("w", Moment::now(), 15_000, &Wanted::default()).unwrap().unwrap();
    let error = JobError { message: "the sound ends early".into(), remedy: None };
    assert!(heard.store().fail(job, "w", &error, Moment::now(), None).unwrap());
    backup(&heard, "backup").unwrap();
    restore(&heard, "backup", "again", false).unwrap();
    let again = Library::open(&heard.path("again")).unwrap();
    let jobs = again.jobs(false).unwrap();
    assert!(jobs.iter().any(|view| view.id == job && view.error.is_some()), "{jobs:?}");
}
