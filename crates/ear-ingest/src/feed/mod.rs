//! Feeds: what a show publishes about itself and its episodes. RSS 2.0 and its elders, RSS 1.0 (RDF), Atom and
//! JSON Feed, with what podcasts add: iTunes, Podcasting 2.0, Media RSS, Podlove chapters. And OPML, the lists
//! of feeds that programs exchange.
//!
//! Many feeds are not the XML they claim to be. They are cut into tags leniently (`tokens`), become elements
//! with names we know (`names`, `xml`), and of these the show (`show`) and its items (`item`) are read.

mod address;
mod charset;
mod credits;
mod date;
mod entities;
mod item;
mod json;
mod loose;
mod media;
mod names;
mod opml;
mod show;
mod text;
mod tokens;
mod warn;
mod xml;

pub use crate::transcript::Warning;
pub use opml::{FeedLink, opml};

use crate::Error;
use address::Addresses;
use ear_core::{Chapter, Credit, EpisodeDate, Millis};
use std::collections::HashSet;
use warn::{Warnings, quote};

/// The largest feed that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The largest number of items; what follows is left out.
pub const MAX_ITEMS: usize = 100_000;

/// Where a feed comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct FeedOptions<'a> {
    /// Its address, which relative addresses are relative to.
    pub base: Option<&'a str>,
    /// The content type that the server gave; its charset matters.
    pub content_type: Option<&'a str>,
}

/// A feed as read, with what was odd about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The show and its episodes.
    pub feed: Feed,
    /// The encoding that it was read in, such as `UTF-8`.
    pub encoding: &'static str,
    /// What was odd, by line.
    pub warnings: Vec<Warning>,
}

/// A show as it describes itself. Texts are plain and may be empty; addresses are absolute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// Its title.
    pub title: String,
    /// What it is about; may have several lines.
    pub description: String,
    /// Its page.
    pub link: Option<String>,
    /// Its language as written, such as `en-us`.
    pub language: Option<String>,
    /// Who makes it: persons or a company.
    pub author: Option<String>,
    /// What names it for good: `podcast:guid`, or the id of an Atom feed.
    pub guid: Option<String>,
    /// Its picture.
    pub image: Option<String>,
    /// The address that it has moved to.
    pub new_url: Option<String>,
    /// Who takes part in every episode.
    pub persons: Vec<Credit>,
    /// Its episodes: newest first, undated ones where they stood in the feed.
    pub items: Vec<Item>,
}

/// An episode as its feed describes it. Texts are plain and may be empty; addresses are absolute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What names it within the feed, as written: its guid, else the address of its sound, else its page,
    /// else its words. No two items of a feed have the same.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its show notes; may have several lines.
    pub notes: String,
    /// Its page.
    pub link: Option<String>,
    /// The day it was published, where it was published.
    pub date: Option<EpisodeDate>,
    /// The moment it was published, in milliseconds since 1970 UTC.
    pub published_ms: Option<i64>,
    /// Its files, in the order of the feed. See [`Item::sound`].
    pub enclosures: Vec<Enclosure>,
    /// Its length, as the feed claims.
    pub duration_ms: Option<Millis>,
    /// Who takes part.
    pub persons: Vec<Credit>,
    /// Its parts, by time.
    pub chapters: Vec<Chapter>,
    /// The address of a document with its parts (Podcasting 2.0 JSON chapters).
    pub chapters_url: Option<String>,
    /// Its transcripts, in the order of the feed.
    pub transcripts: Vec<TranscriptLink>,
    /// Its picture.
    pub image: Option<String>,
    /// Its season.
    pub season: Option<u32>,
    /// Its number in the season or the show.
    pub number: Option<u32>,
    /// What kind of episode it is.
    pub kind: Kind,
    /// Whether its publisher calls it explicit.
    pub explicit: Option<bool>,
}

/// A file that an item offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enclosure {
    /// Its address.
    pub url: String,
    /// Its media type in lower case, as the feed claims.
    pub media_type: Option<String>,
    /// Its size, as the feed claims; often wrong.
    pub bytes: Option<u64>,
}

/// A transcript that an item offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TranscriptLink {
    /// Its address.
    pub url: String,
    /// Its media type in lower case, as the feed claims: `text/vtt`, `application/x-subrip`.
    pub media_type: Option<String>,
    /// Its language as written, where it is another than the show's.
    pub language: Option<String>,
    /// It is captions, with times.
    pub captions: bool,
}

/// What kind of episode an item is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An episode.
    #[default]
    Full,
    /// What makes one want to hear the show.
    Trailer,
    /// Something on top.
    Bonus,
}

/// What a document is, as far as this module reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// A feed, for [`parse`].
    Feed,
    /// A list of feeds, for [`opml`].
    Opml,
}

impl Item {
    /// The file to listen to: the first that is called audio, else video, else one whose name looks like it.
    pub fn sound(&self) -> Option<&Enclosure> {
        let kind = |start: &'static str| {
            move |enclosure: &&Enclosure| enclosure.media_type.as_ref().is_some_and(|media| media.starts_with(start))
        };
        let mut all = self.enclosures.iter();
        let named = || self.enclosures.iter().find(|enclosure| media::is_sound_name(&enclosure.url));
        all.clone().find(kind("audio/")).or_else(|| all.find(kind("video/"))).or_else(named)
    }
}

/// Whether a document looks like a feed or a list of feeds; its start is enough.
pub fn detect(bytes: &[u8]) -> Option<Document> {
    const START: usize = 64 * 1024;
    let start = &bytes[..bytes.len().min(START)];
    let text = charset::decode(start, None, &mut Warnings::default()).text;
    if json::looks_like(&text) {
        return Some(Document::Feed);
    }
    let mut has_items = false;
    let document = xml::read(&text, None, &mut Warnings::default(), &mut |_, _| has_items = true);
    if opml::is_opml(&document) {
        return Some(Document::Opml);
    }
    (has_items || show::root(&document).is_some()).then_some(Document::Feed)
}

/// Reads a feed in any of its formats. Nothing but `bytes` is read: no entity, no style sheet, no schema.
///
/// # Errors
/// [`Error::TooBigFor`], or [`Error::NotAFeed`] where there is neither a feed nor an item. All other faults are
/// warnings, and what lies around them is kept.
pub fn parse(bytes: &[u8], options: &FeedOptions<'_>) -> Result<Parsed, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooBigFor { what: "feeds", bytes: bytes.len(), limit: MAX_BYTES });
    }
    let mut warnings = Warnings::default();
    let decoded = charset::decode(bytes, options.content_type, &mut warnings);
    let text = decoded.text.trim_start_matches('\u{feff}');
    let addresses = Addresses::of(options.base);
    let feed = if text.trim_start().starts_with('{') {
        json::read(text, &addresses, &mut warnings)?
    } else {
        read_xml(text, &addresses, &mut warnings)?
    };
    Ok(Parsed { feed, encoding: decoded.encoding, warnings: warnings.finish(text) })
}

fn read_xml(text: &str, addresses: &Addresses, warnings: &mut Warnings) -> Result<Feed, Error> {
    let mut items = Items::default();
    let document = xml::read(text, addresses.base(), warnings, &mut |element, warnings| {
        // What is left out in any case need not be looked at.
        if items.seen >= MAX_ITEMS {
            items.left_out += 1;
            return;
        }
        items.add(item::read(&element, text, addresses, warnings), element.offset, warnings);
    });
    let items = items.finish(warnings);
    let Some(root) = show::root(&document) else {
        if items.is_empty() {
            return Err(not_a_feed(&document, addresses));
        }
        warnings.add(0, "no `rss`, `feed` or `channel` around the items; read without");
        return Ok(Feed { items, ..Feed::default() });
    };
    let mut feed = show::read(root, text, addresses);
    feed.items = items;
    Ok(feed)
}

/// What the document is instead, and where its feed may be.
fn not_a_feed(document: &xml::Element, addresses: &Addresses) -> Error {
    let Some(outermost) = document.children.first() else {
        return Error::NotAFeed { found: "no element".to_owned(), remedy: String::from(ASK_PUBLISHER) };
    };
    let found = format!("the element {}", quote(&outermost.name));
    let remedy = if opml::is_opml(document) {
        "this is a list of feeds (OPML): add it as such".to_owned()
    } else if let Some(url) = show::linked_feed(document, addresses) {
        format!("this page names its feed: add {url}")
    } else {
        ASK_PUBLISHER.to_owned()
    };
    Error::NotAFeed { found, remedy }
}

const ASK_PUBLISHER: &str = "look for `RSS` on the show's page and add the address behind it";

/// The items of a feed as they come, each with a key of its own.
#[derive(Default)]
struct Items {
    kept: Vec<Item>,
    keys: HashSet<String>,
    seen: usize,
    left_out: usize,
}

impl Items {
    /// Keeps an item that begins at `offset`; `None` is one that nothing names.
    fn add(&mut self, item: Option<Item>, offset: usize, warnings: &mut Warnings) {
        self.seen += 1;
        let Some(mut item) = item else {
            warnings.add(offset, "an item without anything that names it; left out");
            return;
        };
        if self.seen > MAX_ITEMS {
            self.left_out += 1;
            return;
        }
        if !self.keys.insert(item.key.clone()) {
            let address = item.enclosures.first().map(|enclosure| &enclosure.url).or(item.link.as_ref());
            let fresh = address.filter(|key| self.keys.insert((*key).clone())).cloned();
            let said = if fresh.is_some() { "this one goes by its address" } else { "this one is left out" };
            warnings.add(offset, format!("another item has the guid {}; {said}", quote(&item.key)));
            let Some(fresh) = fresh else { return };
            item.key = fresh;
        }
        self.kept.push(item);
    }

    /// All of them, newest first. An item without a date stays behind the one it followed.
    fn finish(self, warnings: &mut Warnings) -> Vec<Item> {
        if self.left_out > 0 {
            warnings.add(0, format!("more than {MAX_ITEMS} items; {} are left out", self.left_out));
        }
        let mut last = i64::MAX;
        let with_moment = |item: Item| {
            last = item.published_ms.unwrap_or(last);
            (last, item)
        };
        let mut items: Vec<(i64, Item)> = self.kept.into_iter().map(with_moment).collect();
        items.sort_by_key(|(published, _)| std::cmp::Reverse(*published));
        items.into_iter().map(|(_, item)| item).collect()
    }
}

#[cfg(test)]
mod tests;
