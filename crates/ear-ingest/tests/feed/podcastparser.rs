//! The fixtures of podcastparser: each feed with the parse that it expects, field by field.

use crate::common::{assert_sound, files, name, testdata};
use ear_ingest::{
    feed::{Feed, FeedOptions, Item, Kind, parse},
    html,
};
use serde_json::Value;
use std::fs;

/// Where we mean to differ: the file (`*` stands for any rest of its name), what differs, and why.
const DEPARTURES: [(&str, &str, &str); 7] = [
    ("*", "guid as page", "a guid that is no web address is no page"),
    ("atom_*", "link", "the page of an Atom feed is read, too"),
    ("atom_*", "itunes_author", "the author of an Atom feed is read, too"),
    ("atom_*", "description", "the summary of an entry is its notes where there is nothing more"),
    ("max_episodes", "episodes", "how many are wanted is asked of the reader of the feed, not of the parser"),
    ("no_enclosure", "episodes", "an item with nothing but a title is kept: what to do without sound is decided later"),
    ("no_title_multi_enclosure", "episodes", "an item without a title is kept: its guid names it"),
];

/// Compares one field and notes where it differs.
struct Comparison {
    file: String,
    differences: Vec<(String, String, String)>,
}

impl Comparison {
    fn same(&mut self, field: &str, expected: &str, found: &str) {
        if expected != found {
            self.differences.push((
                self.file.clone(),
                field.to_owned(),
                format!("expected {expected:?}, found {found:?}"),
            ));
        }
    }

    fn feed(&mut self, expected: &Value, feed: &Feed) {
        let title = text(expected, "title");
        // Without a title podcastparser takes the name of the file.
        self.same("title", if title == self.file && feed.title.is_empty() { "" } else { title }, &feed.title);
        for (field, found) in [
            ("link", &feed.link),
            ("language", &feed.language),
            ("itunes_author", &feed.author),
            ("cover_url", &feed.image),
            ("new_url", &feed.new_url),
        ] {
            self.address(field, expected, found.as_deref());
        }
        self.same("description", text(expected, "description"), &feed.description);
        let episodes = expected["episodes"].as_array().unwrap();
        self.same("episodes", &episodes.len().to_string(), &feed.items.len().to_string());
        for episode in episodes {
            let guid = text(episode, "guid");
            let is_it = |item: &&Item| {
                let resolved = guid.rsplit('/').next() == Some(item.key.as_str());
                item.key == guid || resolved || guid.ends_with(&item.key) || item.link.as_deref() == Some(guid)
            };
            match feed.items.iter().find(is_it) {
                Some(item) => self.item(episode, item),
                None => self.same("guid", guid, "none"),
            }
        }
    }

    fn item(&mut self, expected: &Value, item: &Item) {
        self.same("episode title", text(expected, "title"), &item.title);
        let html = html::to_text(text(expected, "description_html"));
        if item.notes != html || html.is_empty() {
            self.same("description", text(expected, "description"), &item.notes);
        }
        let page = text(expected, "link");
        let field = if page.is_empty() || page.starts_with("http") { "page" } else { "guid as page" };
        self.same(field, page.trim_end_matches('/'), item.link.as_deref().unwrap_or("").trim_end_matches('/'));
        for (field, found) in [("chapters_json_url", &item.chapters_url), ("episode_art_url", &item.image)] {
            self.address(field, expected, found.as_deref());
        }
        let published = expected["published"].as_i64().unwrap() * 1000;
        self.same("published", &published.to_string(), &item.published_ms.unwrap_or(0).to_string());
        let seconds = expected["total_time"].as_u64().unwrap().to_string();
        self.same("total_time", &seconds, &(item.duration_ms.unwrap_or(0) / 1000).to_string());
        for (field, found) in [("season", item.season), ("number", item.number)] {
            self.same(field, &expected[field].to_string(), &found.map_or("null".to_owned(), |n| n.to_string()));
        }
        let kind = match item.kind {
            Kind::Full => "full",
            Kind::Trailer => "trailer",
            Kind::Bonus => "bonus",
        };
        self.same("type", expected["type"].as_str().unwrap_or("full"), kind);
        let explicit = item.explicit.map_or("null".to_owned(), |explicit| explicit.to_string());
        self.same("explicit", &expected["explicit"].to_string(), &explicit);
        self.lists(expected, item);
    }

    fn lists(&mut self, expected: &Value, item: &Item) {
        let line = |url: &str, media: &str, bytes: &str| format!("{url} {media} {bytes}");
        let mut enclosures: Vec<String> = array(expected, "enclosures")
            .map(|e| line(text(e, "url"), text(e, "mime_type"), &e["file_size"].to_string()))
            .collect();
        // The same file twice is one file.
        enclosures.dedup();
        let found = item.enclosures.iter().map(|e| {
            let bytes = e.bytes.map_or("-1".to_owned(), |bytes| bytes.to_string());
            line(&e.url, e.media_type.as_deref().unwrap_or("application/octet-stream"), &bytes)
        });
        self.same("enclosures", &enclosures.join("\n"), &found.collect::<Vec<_>>().join("\n"));
        let chapters =
            array(expected, "chapters").map(|c| format!("{} {} {}", c["start"], text(c, "title"), text(c, "href")));
        let found =
            item.chapters.iter().map(|c| format!("{} {} {}", c.start / 1000, c.title, c.url.as_deref().unwrap_or("")));
        let (chapters, found): (Vec<_>, Vec<_>) = (chapters.collect(), found.collect());
        self.same("chapters", &chapters.join("\n"), &found.join("\n"));
        let transcript = item.transcripts.first().map_or("", |link| link.url.as_str());
        self.same("transcript_url", text(expected, "transcript_url"), transcript);
        let person = |name: &str, role: &str, url: &str| format!("{name} {role} {}", url.trim_end_matches('/'));
        let author = text(expected, "itunes_author");
        let author = (!author.is_empty()).then(|| person(author, "author", ""));
        let persons = array(expected, "persons").map(|p| person(text(p, "name"), text(p, "role"), text(p, "href")));
        let persons: Vec<String> = persons.chain(author).collect();
        let found = item.persons.iter();
        let found = found.map(|p| person(&p.name, p.role.as_deref().unwrap_or(""), p.url.as_deref().unwrap_or("")));
        self.same("persons", &persons.join("\n"), &found.collect::<Vec<_>>().join("\n"));
    }

    /// Addresses are written out in full: `http://example.com/` for `http://example.com`.
    fn address(&mut self, field: &str, expected: &Value, found: Option<&str>) {
        let expected = text(expected, field);
        let found = found.unwrap_or("");
        self.same(field, expected.trim_end_matches('/'), found.trim_end_matches('/'));
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

fn array<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

#[test]
fn every_fixture_gives_what_it_expects() {
    let Some(folder) = testdata("podcastparser") else { return };
    let mut differences = Vec::new();
    let mut compared = 0;
    for path in files(&folder, "rss") {
        let file = name(&path).replace(".rss", "");
        let base = format!("file://tests/data/{file}.rss");
        let bytes = fs::read(&path).unwrap();
        let parsed = parse(&bytes, &FeedOptions { base: Some(&base), content_type: None });
        let parsed = parsed.unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_sound(&parsed.feed);
        let expected = fs::read_to_string(path.with_extension("json")).unwrap();
        let expected: Value = serde_json::from_str(&expected).unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut comparison = Comparison { file, differences: Vec::new() };
        comparison.feed(&expected, &parsed.feed);
        differences.extend(comparison.differences);
        compared += 1;
    }
    assert!(compared > 20, "only {compared} fixtures");
    let known = |file: &str, field: &str| {
        let is_meant = |name: &str| name.strip_suffix('*').map_or(name == file, |start| file.starts_with(start));
        DEPARTURES.iter().find(|known| is_meant(known.0) && known.1 == field)
    };
    let (explained, unexplained): (Vec<_>, Vec<_>) =
        differences.iter().partition(|(file, field, _)| known(file, field).is_some());
    eprintln!("{compared} fixtures, {} departures on purpose", explained.len());
    for (file, field, difference) in &explained {
        eprintln!("    {file}: {field}: {difference} ({})", known(file, field).map_or("", |known| known.2));
    }
    assert!(unexplained.is_empty(), "{unexplained:#?}");
}
