//! Changes, several processes' view of them, and folders that hold something else.

use crate::library::{Library, episode, request};
use ear_core::{EpisodeId, TranscriptId};
use ear_search::{Error, WordIndex};
use std::fs;

fn total(index: &WordIndex, query: &str) -> usize {
    index.search(&request(query)).unwrap().total
}

#[test]
fn episodes_are_replaced_and_removed() {
    let library = Library::with([episode(1, "peace\nmore peace"), episode(2, "war and peace")]);
    let index = &library.index;
    assert_eq!(total(index, "peace"), 3);
    index.put(&[episode(1, "only war now"), episode(1, "twice given, the last counts: treaty")]).unwrap();
    assert_eq!([total(index, "peace"), total(index, "war"), total(index, "treaty")], [1, 1, 1]);
    let expected = [(EpisodeId(1), (TranscriptId(10), 1)), (EpisodeId(2), (TranscriptId(20), 1))];
    assert_eq!(index.episodes().unwrap().into_iter().collect::<Vec<_>>(), expected);
    index.remove(&[EpisodeId(2), EpisodeId(99)]).unwrap();
    assert_eq!(index.episodes().unwrap().len(), 1);
    index.put(&[episode(1, "")]).unwrap();
    index.put(&[]).unwrap();
    index.remove(&[]).unwrap();
    index.put(&[episode(3, "peace")]).unwrap();
    assert_eq!(total(index, "peace"), 1);
    index.clear().unwrap();
    assert_eq!((total(index, "peace"), index.episodes().unwrap().len()), (0, 0));
    index.put(&[episode(3, "peace")]).unwrap();
    assert_eq!(total(index, "peace"), 1);
}

#[test]
fn two_openings_of_one_folder_see_each_other() {
    let library = Library::with([episode(1, "peace")]);
    let (one, other) = (&library.index, WordIndex::open(library.dir.path()).unwrap());
    assert_eq!(total(&other, "peace"), 1);
    other.put(&[episode(2, "peace")]).unwrap();
    assert_eq!(total(one, "peace"), 2);
    one.remove(&[EpisodeId(1)]).unwrap();
    assert_eq!(total(&other, "peace"), 1);
    let fresh = WordIndex::reset(library.dir.path()).unwrap();
    assert_eq!([total(one, "peace"), total(&fresh, "peace")], [0, 0]);
    fresh.put(&[episode(3, "peace again")]).unwrap();
    assert_eq!([total(one, "peace"), total(&other, "again")], [1, 1]);
}

#[test]
fn many_writers_and_readers_at_once() {
    let library = Library::new();
    let opened: Vec<WordIndex> = (0..3).map(|_| WordIndex::open(library.dir.path()).unwrap()).collect();
    std::thread::scope(|scope| {
        for (n, index) in opened.iter().enumerate() {
            scope.spawn(move || {
                for id in 0..6 {
                    index.put(&[episode(1 + id * 3 + n as i64, "peace and war")]).unwrap();
                    assert!(total(index, "peace") > id as usize);
                }
            });
        }
    });
    assert_eq!(total(&library.index, "\"peace and war\""), 18);
    // Merges leave neither many segments nor dead files behind.
    let files = fs::read_dir(library.dir.path()).unwrap().count();
    assert!(files < 80, "{files} files");
    assert!(library.index.size_bytes().unwrap() > 0);
}

#[test]
fn a_busy_writer_keeps_nobody_from_searching() {
    let library = Library::with([episode(1, "peace")]);
    let writer = fs::File::options().append(true).open(library.dir.path().join("write.lock")).unwrap();
    writer.lock().unwrap();
    let index = WordIndex::open(library.dir.path()).unwrap();
    assert_eq!(total(&index, "peace"), 1);
    std::thread::scope(|scope| {
        let put = scope.spawn(|| index.put(&[episode(2, "peace")]));
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert_eq!(total(&library.index, "peace"), 1);
        drop(writer);
        put.join().unwrap().unwrap();
    });
    assert_eq!(total(&library.index, "peace"), 2);
}

#[test]
fn folders_of_another_format_are_refused_until_reset() {
    let refused = |prepare: &dyn Fn(&std::path::Path)| {
        let dir = tempfile::tempdir().unwrap();
        WordIndex::open(dir.path()).unwrap().put(&[episode(1, "peace")]).unwrap();
        prepare(dir.path());
        let Err(error @ Error::Format { .. }) = WordIndex::open(dir.path()) else { panic!("not refused") };
        assert!(error.to_string().contains("run `earwitness reindex`"), "{error}");
        let index = WordIndex::reset(dir.path()).unwrap();
        assert_eq!(total(&index, "peace"), 0);
        index.put(&[episode(1, "peace")]).unwrap();
        assert_eq!(total(&WordIndex::open(dir.path()).unwrap(), "peace"), 1);
    };
    refused(&|dir| fs::write(dir.join("format.json"), r#"{"format":99}"#).unwrap());
    refused(&|dir| fs::write(dir.join("format.json"), "rubbish").unwrap());
    refused(&|dir| fs::remove_file(dir.join("format.json")).unwrap());
}

#[test]
fn a_damaged_index_says_how_to_go_on() {
    let dir = tempfile::tempdir().unwrap();
    WordIndex::open(dir.path()).unwrap();
    fs::write(dir.path().join("meta.json"), "rubbish").unwrap();
    let Err(error) = WordIndex::open(dir.path()) else { panic!("opened") };
    assert!(error.to_string().contains("run `earwitness reindex`"), "{error}");
}

#[test]
fn a_passage_brings_a_text_for_each_word() {
    let library = Library::new();
    let mut doc = episode(1, "peace and war");
    doc.passages[0].words = 0..2;
    let error = library.index.put(&[doc]).unwrap_err();
    assert_eq!(error.to_string(), "a passage of episode 1 spans 2 words and brings 3 texts");
}
