//! An episode: `item` of RSS and RDF, `entry` of Atom. The two are read alike, as feeds mix their words.

use super::{
    Item, Kind,
    address::Addresses,
    credits,
    date::{duration, moment},
    media, text,
    warn::{Warnings, quote},
    xml::Element,
};
use crate::html;
use std::borrow::Cow;

/// The longest key, in bytes.
const KEY: usize = 2_000;

/// How much of an item's words names it where nothing else does, in characters.
const WORDS: usize = 200;

/// Where show notes are written, the fullest first.
const NOTES: [&str; 9] = [
    "content:encoded",
    "content",
    "description",
    "itunes:summary",
    "summary",
    "googleplay:description",
    "media:description",
    "itunes:subtitle",
    "dc:description",
];

/// Where dates are written, the one of publication first.
const DATES: [&str; 8] = ["pubdate", "published", "issued", "dc:date", "dc:issued", "created", "updated", "modified"];

/// Reads an item of `document`; `None` where nothing names it.
pub(super) fn read(element: &Element, document: &str, addresses: &Addresses, warnings: &mut Warnings) -> Option<Item> {
    let published = DATES.iter().flat_map(|name| element.all(name)).filter(|date| date.value().is_some());
    let published = published.into_iter().find_map(|date| {
        let written = date.value().unwrap_or_default();
        let moment = moment(written);
        if moment.is_none() {
            warnings.add(date.offset, format!("a date that cannot be read: {}", quote(written)));
        }
        moment
    });
    let mut item = Item {
        title: title(element, document),
        notes: notes(element, document),
        link: page(element, addresses),
        date: published.map(|moment| moment.date),
        published_ms: published.map(|moment| moment.unix_ms),
        enclosures: media::enclosures(element, addresses, warnings),
        duration_ms: length(element),
        persons: persons(element, addresses),
        chapters: media::chapters(element, addresses, warnings),
        chapters_url: chapters_url(element, addresses),
        transcripts: media::transcripts(element, addresses, warnings),
        image: media::image(element, addresses),
        season: number(element, &["podcast:season", "itunes:season"]),
        number: number(element, &["podcast:episode", "itunes:episode"]),
        kind: kind(element),
        explicit: explicit(element),
        ..Item::default()
    };
    item.key = key(element, &item)?;
    Some(item)
}

/// What names the item. The guid is taken as written, since it is no address even where it looks like one.
fn key(element: &Element, item: &Item) -> Option<String> {
    let guid = element.value_of(&["guid", "id"]).or_else(|| element.get("rdf:about"));
    let words = || {
        let words = if item.title.is_empty() { &item.notes } else { &item.title };
        words.chars().take(WORDS).collect::<String>()
    };
    let key = guid.map(str::to_owned);
    let key = key.or_else(|| item.enclosures.first().map(|enclosure| enclosure.url.clone()));
    let key = key.or_else(|| item.link.clone()).unwrap_or_else(words);
    let key = key[..key.floor_char_boundary(KEY)].to_owned();
    (!key.is_empty()).then_some(key)
}

/// The title; where there is none, the name of the only file.
fn title(element: &Element, document: &str) -> String {
    let titles = ["title", "itunes:title", "media:title", "dc:title"].into_iter().flat_map(|name| element.all(name));
    let title = titles.map(|title| one_line(title, document)).find(|title| !title.is_empty());
    title.or_else(|| file_name(element)).unwrap_or_default()
}

fn file_name(element: &Element) -> Option<String> {
    let mut files = element.all("enclosure").filter_map(|enclosure| enclosure.get("url"));
    let (file, None) = (files.next()?, files.next()) else { return None };
    let name = file.split(['?', '#']).next()?.rsplit('/').next()?;
    Some(text::line(name.rsplit_once('.').map_or(name, |(stem, _)| stem)))
}

/// The fullest show notes.
pub(super) fn notes(element: &Element, document: &str) -> String {
    let group = element.child("media:group");
    let candidates = NOTES
        .into_iter()
        .flat_map(|name| element.all(name).chain(group.into_iter().flat_map(move |group| group.all(name))));
    let mut best = String::new();
    for candidate in candidates.filter(|candidate| candidate.get("src").is_none()) {
        let notes = text::notes(&rich(candidate, document));
        // Some feeds cut the first short and have all of it further on.
        let cut = best.trim_end_matches(['.', '…', ' ']);
        if best.is_empty() || (notes.len() > best.len() && notes.starts_with(cut)) {
            best = notes;
        }
    }
    best
}

/// The text of an element that may hold HTML: escaped, in CDATA, or as elements of its own.
pub(super) fn rich<'a>(element: &'a Element, document: &'a str) -> Cow<'a, str> {
    if element.children.is_empty() {
        return Cow::Borrowed(&element.text);
    }
    Cow::Owned(element.markup(document).replace("<![CDATA[", "").replace("]]>", ""))
}

/// A title, which should hold no HTML and sometimes does.
pub(super) fn one_line(element: &Element, document: &str) -> String {
    match rich(element, document) {
        Cow::Borrowed(text) => text::line(text),
        Cow::Owned(markup) => text::line(&html::to_text(&markup)),
    }
}

/// The page of an item or a show: `link` of RSS, the alternate of Atom, a guid that is an address.
pub(super) fn page(element: &Element, addresses: &Addresses) -> Option<String> {
    let resolve = |link: &Element, written: &str| addresses.page(link.base.as_ref(), written);
    let is_page = |link: &&Element| {
        link.get("rel").is_none_or(|rel| rel.eq_ignore_ascii_case("alternate"))
            && link.get("type").is_none_or(|media| !media.contains("rss") && !media.contains("atom"))
    };
    let written = element.all("link").find_map(|link| resolve(link, link.value()?));
    let linked = || {
        let links = element.all("link").chain(element.all("atom:link")).filter(is_page);
        links.filter_map(|link| resolve(link, link.get("href")?)).next()
    };
    let guid = || {
        let guid = element.child("guid")?;
        let written = guid.value()?;
        let permanent = guid.get("ispermalink").map(str::to_ascii_lowercase);
        let is_address = written.starts_with("http://") || written.starts_with("https://");
        match permanent.as_deref() {
            Some("true") => resolve(guid, written),
            None if is_address => resolve(guid, written),
            _ => None,
        }
    };
    written.or_else(linked).or_else(guid)
}

fn length(element: &Element) -> Option<u64> {
    let said = element.all("itunes:duration").filter_map(Element::value).find_map(duration);
    let media = element.all("media:group").chain([element]).flat_map(|group| group.all("media:content"));
    said.or_else(|| media.filter_map(|content| content.get("duration")).find_map(duration))
}

fn persons(element: &Element, addresses: &Addresses) -> Vec<ear_core::Credit> {
    let mut persons = credits::persons(element, addresses);
    let names = element.all("author").filter_map(|author| author.value_of(&["name"]).or_else(|| author.value()));
    let others =
        ["itunes:author", "dc:creator"].into_iter().flat_map(|name| element.all(name)).filter_map(Element::value);
    for author in others.chain(names).flat_map(credits::authors) {
        credits::add(&mut persons, author);
    }
    persons
}

fn chapters_url(element: &Element, addresses: &Addresses) -> Option<String> {
    let chapters = element.all("podcast:chapters");
    chapters.filter_map(|chapters| addresses.resolve(chapters.base.as_ref(), chapters.get("url")?)).next()
}

fn number(element: &Element, names: &[&str]) -> Option<u32> {
    names.iter().flat_map(|name| element.all(name)).find_map(|number| number.value()?.parse().ok())
}

fn kind(element: &Element) -> Kind {
    match element.value_of(&["itunes:episodetype"]).map(str::to_ascii_lowercase).as_deref() {
        Some("trailer") => Kind::Trailer,
        Some("bonus") => Kind::Bonus,
        _ => Kind::Full,
    }
}

fn explicit(element: &Element) -> Option<bool> {
    let said = element.value_of(&["itunes:explicit", "googleplay:explicit"])?;
    match said.to_ascii_lowercase().as_str() {
        "yes" | "true" | "explicit" => Some(true),
        "no" | "false" | "clean" => Some(false),
        _ => None,
    }
}
