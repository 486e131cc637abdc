//! Shared by the tests of whole feeds.

use ear_ingest::feed::{Feed, Item};
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

/// What holds for every feed that comes out.
pub fn assert_sound(feed: &Feed) {
    let mut keys = HashSet::new();
    for item in &feed.items {
        assert!(!item.key.is_empty() && keys.insert(&item.key), "keys name items: {:?}", item.key);
        assert_eq!(item.date.is_some(), item.published_ms.is_some());
        assert!(item.chapters.windows(2).all(|pair| pair[0].start <= pair[1].start), "chapters ascend");
        assert_line(&item.title);
        assert_text(&item.notes);
        addresses(item).for_each(assert_address);
        let credits = item.persons.iter().chain(&feed.persons);
        credits.for_each(|credit| assert!(!credit.name.is_empty()));
    }
    let moments: Vec<i64> = feed.items.iter().filter_map(|item| item.published_ms).collect();
    assert!(moments.windows(2).all(|pair| pair[0] >= pair[1]), "newest first");
    assert_line(&feed.title);
    assert_text(&feed.description);
    [&feed.link, &feed.image, &feed.new_url].into_iter().flatten().for_each(|url| assert_address(url));
}

fn addresses(item: &Item) -> impl Iterator<Item = &str> {
    let files = item.enclosures.iter().map(|enclosure| &enclosure.url);
    let links = [&item.link, &item.chapters_url, &item.image].into_iter().flatten();
    files.chain(item.transcripts.iter().map(|link| &link.url)).chain(links).map(String::as_str)
}

fn assert_address(url: &str) {
    let known = ["http://", "https://", "file://"].iter().any(|scheme| url.starts_with(scheme));
    assert!(known && url.len() < 20_000 && !url.contains(char::is_whitespace), "{url}");
}

fn assert_line(text: &str) {
    assert!(text.trim() == text && !text.contains(char::is_control), "{text:?}");
}

fn assert_text(text: &str) {
    assert!(text.trim() == text && !text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
}

/// The folder of foreign feeds, if there is one.
pub fn testdata(part: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("EARWITNESS_TESTDATA").map(|root| Path::new(&root).join("feeds").join(part));
    let folder = folder.filter(|folder| folder.exists());
    if folder.is_none() {
        eprintln!("skipped: no feeds/{part} (set EARWITNESS_TESTDATA)");
    }
    folder
}

/// The files of a folder with this extension, by name.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == extension)).collect();
    files.sort();
    files
}

/// A file's name.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
