use crate::builders::{Library, new_episode};
use ear_store::{Error, Frozen, Keep, KeepRule, Store, Trouble};
use rusqlite::Connection;
use std::sync::Barrier;
use std::thread;

/// The form of today.
const FORM: i64 = 7;

/// A library as the first program wrote it, with one episode.
fn of_the_first_form(library: &Library) -> std::path::PathBuf {
    let path = library.file("old.db");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../../migrations/0001_library.sql")).unwrap();
    old.execute_batch(
        "PRAGMA application_id = 1164014199; PRAGMA user_version = 1;
         INSERT INTO episodes VALUES (1, NULL, 'Old', 'old', NULL, '', NULL, NULL, '', NULL, NULL, 0);
         INSERT INTO jobs (kind, episode_id, options, priority, state, max_attempts, not_before_ms, created_at, worker,
             lease_until_ms) VALUES ('transcribe', 1, '{}', 0, 'running', 3, 0, 0, 'w', 99999999999999);",
    )
    .unwrap();
    path
}

#[test]
fn an_older_file_is_brought_to_todays_form_and_kept_as_it_was() {
    let library = Library::new();
    let path = of_the_first_form(&library);
    let store = Store::open(&path).unwrap();
    let migrated = store.migrated().unwrap();
    assert_eq!((migrated.from, migrated.to, migrated.copy.clone()), (1, FORM, library.file("old.db.before-v7")));
    assert_eq!(store.episode(ear_core::EpisodeId(1)).unwrap().unwrap().title, "Old");
    assert_eq!(store.integrity(true).unwrap(), []);
    let copy = Connection::open(&migrated.copy).unwrap();
    let version: i64 = copy.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    let title: String = copy.query_row("SELECT title FROM episodes", [], |row| row.get(0)).unwrap();
    assert_eq!((version, title.as_str()), (1, "Old"));
    assert_eq!(Store::open(&path).unwrap().migrated(), None);
}

#[test]
fn an_older_file_is_not_changed_by_reading() {
    let library = Library::new();
    let path = of_the_first_form(&library);
    let error = Store::open_for_reading(&path).unwrap_err();
    assert!(matches!(error, Error::Older { found: 1, known: FORM, .. }), "{error:?}");
    assert!(!library.file("old.db.before-v7").exists());
}

#[test]
fn what_is_open_for_reading_says_why_it_does_not_write() {
    let library = Library::new();
    let id = library.episode("Kept");
    // Beside one who writes, and what that one wrote a moment ago is seen.
    let frozen = Store::open_for_reading(library.store.path()).unwrap();
    assert_eq!(frozen.frozen(), Some(Frozen::ReadOnly));
    assert_eq!(frozen.episode(id).unwrap().unwrap().title, "Kept");
    let error = frozen.set_keep_rule(&KeepRule { keep: Keep::None, even_only_copies: false }).unwrap_err();
    assert_eq!((error.trouble(), error.to_string().contains("cannot be written to")), (Some(Trouble::ReadOnly), true));
    library.episode("Later");
    assert_eq!(frozen.find_episodes("later", 1).unwrap().len(), 1);
}

#[test]
fn a_settled_file_is_all_there_is_and_nobody_settles_what_is_in_use() {
    let library = Library::new();
    library.episode("Kept");
    let log = library.file("library.db-wal");
    assert!(log.exists());
    assert_eq!(Store::settle(library.store.path()).unwrap_err().trouble(), Some(Trouble::Busy));
    let path = library.store.path().to_owned();
    let Library { store, folder: _folder } = library;
    drop(store);
    Store::settle(&path).unwrap();
    assert!(!log.exists());
    let raw = Connection::open(&path).unwrap();
    let mode: String = raw.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete");
}

#[test]
fn a_full_disk_is_told_from_other_trouble() {
    let library = Library::new();
    let store = &library.store;
    // As many pages as there are now: SQLite says of this what it says of a disk without room.
    let pages: i64 = library.raw().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let raw = library.raw();
    raw.pragma_update(None, "max_page_count", pages).unwrap();
    let failed = raw.execute("INSERT INTO settings VALUES ('x', hex(zeroblob(200000)))", []).unwrap_err();
    assert_eq!(Error::from(failed).trouble(), Some(Trouble::DiskFull));
    for (code, trouble) in [
        (778, Some(Trouble::DiskFull)),
        (4874, Some(Trouble::DiskFull)),
        (266, None),
        (8, Some(Trouble::ReadOnly)),
        (11, Some(Trouble::Damaged)),
        (26, Some(Trouble::Damaged)),
        (5, Some(Trouble::Busy)),
        (19, None),
    ] {
        let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
        assert_eq!(Error::from(error).trouble(), trouble, "{code}");
    }
    assert_eq!(store.integrity(true).unwrap(), []);
}

#[test]
fn an_empty_file_becomes_a_library_and_stays_one() {
    let library = Library::new();
    let id = library.episode("First");
    assert_eq!(library.again().episode(id).unwrap().unwrap().title, "First");
    let pragma =
        |name: &str| library.raw().query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!((pragma("application_id"), pragma("user_version")), (0x4561_7277, FORM));
    let mode: String = library.raw().query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let library = Library::new();
    library.raw().pragma_update(None, "user_version", 70).unwrap();
    let error = Store::open(library.store.path()).unwrap_err();
    assert!(matches!(error, Error::Newer { found: 70, known: FORM, .. }), "{error:?}");
    assert!(
        error.to_string().ends_with("(its form is 70, this program knows forms up to 7): update Earwitness"),
        "{error}"
    );
    let version: i64 = library.raw().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 70);
}

#[test]
fn files_of_others_are_refused_and_left_alone() {
    let library = Library::new();
    let database = library.file("theirs.db");
    Connection::open(&database).unwrap().execute_batch("CREATE TABLE theirs (a)").unwrap();
    let before = std::fs::read(&database).unwrap();
    assert!(matches!(Store::open(&database), Err(Error::Foreign { .. })));
    assert_eq!(std::fs::read(&database).unwrap(), before);

    let text = library.file("notes.txt");
    std::fs::write(&text, "these are notes, and long enough to be taken for a header, ".repeat(20)).unwrap();
    assert!(matches!(Store::open(&text), Err(Error::Open { .. })));
    assert!(matches!(Store::open(&library.file("no/such/folder.db")), Err(Error::Open { .. })));
}

#[test]
fn many_may_open_a_new_library_at_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("library.db");
        let start = Barrier::new(8);
        thread::scope(|scope| {
            for n in 0..8 {
                let (path, start) = (&path, &start);
                scope.spawn(move || {
                    start.wait();
                    let store = Store::open(path).unwrap();
                    store.add_episode(&new_episode(&format!("Episode {n}"))).unwrap();
                });
            }
        });
        let store = Store::open(&path).unwrap();
        assert_eq!(store.count_episodes(&ear_store::EpisodeQuery::default()).unwrap(), 8);
    }
}

#[test]
fn a_backup_is_a_library_and_overwrites_nothing() {
    let library = Library::new();
    let id = library.episode("Kept");
    let copy = library.file("copy.db");
    library.store.backup(&copy).unwrap();
    assert_eq!(Store::open(&copy).unwrap().episode(id).unwrap(), library.store.episode(id).unwrap());
    assert!(matches!(library.store.backup(&copy), Err(Error::Backup { .. })));
}

#[test]
fn a_library_that_was_deleted_is_not_made_anew_by_reading() {
    let library = Library::new();
    for end in ["", "-wal", "-shm"] {
        let _gone = std::fs::remove_file(library.file(&format!("library.db{end}")));
    }
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..20).for_each(|_| drop(library.store.shows())));
        }
    });
    assert!(!library.store.path().exists());
}
