//! Feeds that others publish, where they are at hand: what comes out of each, in numbers.

use crate::common::{assert_sound, files, name, testdata};
use ear_ingest::feed::{Document, Feed, FeedOptions, Item, detect, parse};
use std::fs;

/// What we know of some feeds. Others of the kind only have to be sound.
const EXPECTED: [(&str, &str); 9] = [
    (
        "example.xml",
        "Podcasting 2.0 Namespace Example | 3 items, 3 with sound, 3 dated, 0 timed, 3 noted, 3 chapter documents, 4 transcripts, 1+9 persons, first https://example.com/ep0003 2020-10-09, 0 warnings",
    ),
    (
        "1865.xml",
        "1865 | 61 items, 61 with sound, 61 dated, 61 timed, 61 noted, 0 chapter documents, 0 transcripts, 0+0 persons, first gid://art19-episode-locator/V0/T-ywFiCQHfUv9JLKUSMpo1_zw7dONvCZdtDMuzfQMOs 2021-11-03, 0 warnings",
    ),
    (
        "animated-no-agenda.xml",
        "Animated No Agenda | 20 items, 20 with sound, 20 dated, 0 timed, 19 noted, 0 chapter documents, 0 transcripts, 1+20 persons, first https://noagendatube.com/videos/watch/301929e6-a83e-45ad-8901-e513ea1ab81e 2021-10-28, 0 warnings",
    ),
    (
        "changing-the-tide.xml",
        "Changing the Tide | 15 items, 15 with sound, 15 dated, 15 timed, 15 noted, 0 chapter documents, 0 transcripts, 1+26 persons, first baffe8902e8478c8c8482fd094cedd8c 2022-02-21, 0 warnings",
    ),
    (
        "dk-podcast.xml",
        "Langsam gesprochene Nachrichten | Audios | DW Deutsch lernen | 59 items, 59 with sound, 59 dated, 59 timed, 59 noted, 0 chapter documents, 0 transcripts, 0+0 persons, first 61170826 2022-03-18, 0 warnings",
    ),
    (
        "homegrown-hits.xml",
        "Homegrown Hits | 4 items, 4 with sound, 4 dated, 0 timed, 4 noted, 4 chapter documents, 0 transcripts, 3+4 persons, first 0f47d504-adac-4ccb-8071-97b3a369d541 2023-09-28, 0 warnings",
    ),
    (
        "no-agenda.xml",
        "No Agenda | 29 items, 29 with sound, 29 dated, 0 timed, 29 noted, 29 chapter documents, 29 transcripts, 2+58 persons, first http://1393.noagendanotes.com 2021-10-24, 0 warnings",
    ),
    (
        "sentimental-garbage.xml",
        "Sentimental Garbage | 138 items, 138 with sound, 138 dated, 138 timed, 138 noted, 0 chapter documents, 0 transcripts, 0+0 persons, first 64ce024b17496000117178ca 2023-08-05, 0 warnings",
    ),
    (
        "themnshow.xml",
        "The Mike Neumann Show | 54 items, 54 with sound, 54 dated, 53 timed, 54 noted, 54 chapter documents, 56 transcripts, 1+108 persons, first ab86b7b7-79e2-43f4-9f58-8d2584b103ec 2024-09-14, 0 warnings",
    ),
];

/// A feed in one line.
fn row(feed: &Feed, warnings: usize) -> String {
    let sum = |count: &dyn Fn(&Item) -> usize| feed.items.iter().map(count).sum::<usize>();
    let first = &feed.items[0];
    format!(
        "{} | {} items, {} with sound, {} dated, {} timed, {} noted, {} chapter documents, {} transcripts, {}+{} persons, first {} {}, {} warnings",
        feed.title,
        feed.items.len(),
        sum(&|item| usize::from(item.sound().is_some())),
        sum(&|item| usize::from(item.date.is_some())),
        sum(&|item| usize::from(item.duration_ms.is_some())),
        sum(&|item| usize::from(!item.notes.is_empty())),
        sum(&|item| usize::from(item.chapters_url.is_some())),
        sum(&|item| item.transcripts.len()),
        feed.persons.len(),
        sum(&|item| item.persons.len()),
        first.key,
        first.date.map(|date| date.to_string()).unwrap_or_default(),
        warnings
    )
}

#[test]
fn feeds_of_shows_are_read_in_full() {
    for folder in ["podcast-namespace", "real-world"] {
        let Some(folder) = testdata(folder) else { return };
        for path in files(&folder, "xml") {
            let (file, bytes) = (name(&path), fs::read(&path).unwrap());
            assert_eq!(detect(&bytes), Some(Document::Feed), "{file}");
            let parsed = parse(&bytes, &FeedOptions::default()).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert_sound(&parsed.feed);
            parsed.warnings.iter().take(5).for_each(|warning| eprintln!("{file}: {warning}"));
            assert!(!parsed.feed.title.is_empty() && !parsed.feed.items.is_empty(), "{file}");
            let found = row(&parsed.feed, parsed.warnings.len());
            eprintln!("{file}: {found}");
            if let Some((_, expected)) = EXPECTED.iter().find(|(known, _)| *known == file) {
                assert_eq!(found, *expected, "{file}");
            }
        }
    }
}
