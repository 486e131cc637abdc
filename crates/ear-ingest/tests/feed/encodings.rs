//! The fixtures of feedparser for odd encodings and ill-formed feeds: each says in a comment what to expect.

use crate::common::{assert_sound, files, name, testdata};
use ear_ingest::{
    Error,
    feed::{FeedOptions, Parsed, parse},
    html,
};
use std::fs;

/// Where we mean to differ: the file, and why.
const DEPARTURES: [(&str, &str); 1] = [(
    "bozo_linenoise.xml",
    "what is well-formed UTF-8 is kept; they take all of it for another encoding for the sake of one byte",
)];

/// Files without any feed in them.
const NOT_FEEDS: [&str; 1] = ["rss_empty_document.xml"];

#[test]
fn every_file_gives_the_characters_it_expects() {
    let (mut checked, mut plain, mut missed, mut departed) = (0, 0, Vec::new(), Vec::new());
    for folder in ["feedparser-encoding", "feedparser-illformed"] {
        let Some(folder) = testdata(folder) else { return };
        for path in files(&folder, "xml") {
            let (file, bytes) = (name(&path), fs::read(&path).unwrap());
            let comment = comment(&bytes);
            let content_type =
                field(&comment, "Header:").and_then(|header| header.split_once(':')).map(|(_, value)| value.trim());
            let parsed = match parse(&bytes, &FeedOptions { base: None, content_type }) {
                Ok(parsed) => parsed,
                Err(error) => {
                    assert!(
                        matches!(error, Error::NotAFeed { .. }) && NOT_FEEDS.contains(&file.as_str()),
                        "{file}: {error}"
                    );
                    continue;
                }
            };
            assert_sound(&parsed.feed);
            let expectation = field(&comment, "Expect:").unwrap_or_default();
            let results: Vec<(&str, bool)> =
                expectation.split(" and ").filter_map(|term| Some((term, holds(term, &parsed, &bytes)?))).collect();
            plain += usize::from(results.is_empty());
            checked += usize::from(!results.is_empty());
            for (term, _) in results.iter().filter(|(_, holds)| !holds) {
                let line = format!("{file}: {term}: {} {:?}", parsed.encoding, parsed.feed);
                let known = DEPARTURES.iter().find(|known| known.0 == file);
                if let Some((_, why)) = known { departed.push(format!("{line} ({why})")) } else { missed.push(line) }
            }
        }
    }
    eprintln!("{checked} expectations of characters or encodings, {plain} files that only must be read");
    departed.iter().for_each(|line| eprintln!("    {line}"));
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(checked > 20, "only {checked} expectations");
}

/// The comment at the start, in whatever encoding.
fn comment(bytes: &[u8]) -> String {
    let ascii: String = bytes.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    let start = ascii.find("<!--").map_or(0, |at| at + 4);
    ascii[start..].split("-->").next().unwrap_or_default().to_owned()
}

fn field<'a>(comment: &'a str, name: &str) -> Option<&'a str> {
    comment.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim)
}

/// Whether a term of an expectation holds; `None` for what we have no counterpart of.
fn holds(term: &str, parsed: &Parsed, bytes: &[u8]) -> Option<bool> {
    let (left, right) = term.split_once("==")?;
    let (left, right) = (left.trim().replace(['\'', '"'], ""), right.trim());
    let first = parsed.feed.items.first();
    let found = match left.as_str() {
        "encoding" => return Some(same_encoding(python(right).as_str(), parsed.encoding, bytes)),
        "feed[title]" | "feed.title" => parsed.feed.title.clone(),
        "entries[0][description]" | "entries[0].description" | "entries[0].summary" | "entries[0][summary]" => {
            first.map(|item| item.notes.clone()).unwrap_or_default()
        }
        "entries[0][title]" | "entries[0].title" => first.map(|item| item.title.clone()).unwrap_or_default(),
        "entries[0].link" | "entries[0][link]" => first.and_then(|item| item.link.clone()).unwrap_or_default(),
        "ord(entries[0][description])" => {
            first.and_then(|item| item.notes.chars().next()).map(|c| u32::from(c).to_string()).unwrap_or_default()
        }
        _ => return None,
    };
    Some(found == python(right) || found == html::to_text(&python(right)))
}

/// A string or number as Python writes it.
fn python(literal: &str) -> String {
    let quoted = literal.trim_matches(|c| c == '\'' || c == '"');
    let mut out = String::new();
    let mut rest = quoted;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let digits = match rest.as_bytes().get(at + 1) {
            Some(b'u') => 4,
            Some(b'x') => 2,
            _ => panic!("an escape we do not know: {literal}"),
        };
        let code = u32::from_str_radix(&rest[at + 2..at + 2 + digits], 16).unwrap();
        out.push(char::from_u32(code).unwrap());
        rest = &rest[at + 2 + digits..];
    }
    out + rest
}

/// Encodings have several names, and browsers' names stand for the larger sets.
fn same_encoding(expected: &str, found: &str, bytes: &[u8]) -> bool {
    let expected = expected.to_ascii_lowercase();
    let found = found.to_ascii_lowercase();
    let larger: &[&str] = match expected.as_str() {
        "iso-8859-1" => &["windows-1252"],
        "gb18030" | "gb2312" => &["gbk", "gb18030"],
        "tis-620" => &["windows-874"],
        "koi8-r" => &["koi8-r", "koi8-u"],
        // Nothing but ASCII: any of those that hold it gives the same characters.
        "us-ascii" if bytes.is_ascii() => return true,
        _ => &[],
    };
    expected == found || larger.contains(&found.as_str())
}
