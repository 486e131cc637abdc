use crate::builders::{Library, new_episode};
use ear_store::{Error, Store};
use rusqlite::Connection;
use std::sync::Barrier;
use std::thread;

#[test]
fn an_empty_file_becomes_a_library_and_stays_one() {
    let library = Library::new();
    let id = library.episode("First");
    assert_eq!(library.again().episode(id).unwrap().unwrap().title, "First");
    let pragma =
        |name: &str| library.raw().query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!((pragma("application_id"), pragma("user_version")), (0x4561_7277, 1));
    let mode: String = library.raw().query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let library = Library::new();
    library.raw().pragma_update(None, "user_version", 7).unwrap();
    let error = Store::open(library.store.path()).unwrap_err();
    assert!(matches!(error, Error::Newer { found: 7, known: 1, .. }), "{error:?}");
    assert!(
        error.to_string().ends_with("(its form is 7, this program knows forms up to 1): update Earwitness"),
        "{error}"
    );
    let version: i64 = library.raw().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 7);
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
