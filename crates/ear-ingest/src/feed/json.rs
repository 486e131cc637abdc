//! JSON Feed (<https://www.jsonfeed.org/version/1.1/>), items one by one, so that a broken one keeps those before it.

use super::{
    Enclosure, Feed, Item, Items,
    address::Addresses,
    credits,
    date::moment,
    loose::{List, Object, Scalar},
    media, text,
    warn::{Warnings, quote},
};
use crate::Error;
use ear_core::Credit;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::fmt;

#[derive(Default)]
struct Head {
    version: Scalar,
    title: Scalar,
    description: Scalar,
    home_page_url: Scalar,
    language: Scalar,
    icon: Scalar,
    author: Object<Author>,
    authors: List<Object<Author>>,
    has_items: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Author {
    name: Scalar,
    url: Scalar,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    id: Scalar,
    url: Scalar,
    external_url: Scalar,
    title: Scalar,
    content_html: Scalar,
    content_text: Scalar,
    summary: Scalar,
    image: Scalar,
    date_published: Scalar,
    date_modified: Scalar,
    author: Object<Author>,
    authors: List<Object<Author>>,
    attachments: List<Object<Attachment>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Attachment {
    url: Scalar,
    mime_type: Scalar,
    size_in_bytes: Scalar,
    duration_in_seconds: Scalar,
}

/// Whether a document begins like a JSON Feed.
pub(super) fn looks_like(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with('{') && text.contains("jsonfeed.org/version")
}

/// Reads a feed; where it breaks off, what came before is kept.
pub(super) fn read(text: &str, addresses: &Addresses, warnings: &mut Warnings) -> Result<Feed, Error> {
    let mut document = Reading { head: Head::default(), items: Items::default(), addresses, warnings };
    let mut json = serde_json::Deserializer::from_str(text);
    let read = (&mut document).deserialize(&mut json).and_then(|()| json.end());
    let Reading { head, items, warnings, .. } = document;
    let is_feed = head.has_items || head.version.get().is_some_and(|version| version.contains("jsonfeed"));
    match read {
        Err(error) if !is_feed => {
            return Err(Error::NotAFeed { found: format!("broken JSON ({error})"), remedy: REMEDY.to_owned() });
        }
        Ok(()) if !is_feed => {
            return Err(Error::NotAFeed { found: "other JSON".to_owned(), remedy: REMEDY.to_owned() });
        }
        Err(error) => {
            let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            warnings.add(before, format!("broken JSON ({error}); kept what came before"));
        }
        Ok(()) => {}
    }
    let mut persons = Vec::new();
    head.authors.0.iter().chain([&head.author]).filter_map(|author| credit(&author.0, addresses)).for_each(|credit| {
        credits::add(&mut persons, credit);
    });
    let names: Vec<&str> = persons.iter().map(|person| person.name.as_str()).collect();
    Ok(Feed {
        title: head.title.get().map(text::line).unwrap_or_default(),
        description: head.description.get().map(text::notes).unwrap_or_default(),
        link: head.home_page_url.get().and_then(|url| addresses.page(None, url)),
        language: head.language.get().map(text::line),
        author: (!names.is_empty()).then(|| names.join(", ")),
        image: head.icon.get().and_then(|url| addresses.resolve(None, url)),
        persons,
        items: items.finish(warnings),
        ..Feed::default()
    })
}

const REMEDY: &str = "a JSON Feed has `\"version\": \"https://jsonfeed.org/version/1.1\"` and a list of `items`";

fn credit(author: &Author, addresses: &Addresses) -> Option<Credit> {
    let name = author.name.get().map(text::line)?;
    Some(Credit {
        name,
        role: Some("author".to_owned()),
        url: author.url.get().and_then(|url| addresses.page(None, url)),
    })
}

fn item(entry: &Entry, addresses: &Addresses, warnings: &mut Warnings) -> Option<Item> {
    let enclosures = enclosures(entry, addresses, warnings);
    let seconds = entry.attachments.0.iter().find_map(|attachment| attachment.0.duration_in_seconds.get());
    let link = [&entry.url, &entry.external_url].into_iter().filter_map(Scalar::get);
    let link = link.filter_map(|url| addresses.page(None, url)).next();
    let notes = [&entry.content_html, &entry.content_text, &entry.summary].into_iter().filter_map(Scalar::get);
    let written = entry.date_published.get().or_else(|| entry.date_modified.get());
    let published = written.and_then(moment);
    if let (Some(written), None) = (written, published) {
        warnings.add(0, format!("a date that cannot be read: {}", quote(written)));
    }
    let mut persons = Vec::new();
    for author in entry.authors.0.iter().chain([&entry.author]).filter_map(|author| credit(&author.0, addresses)) {
        credits::add(&mut persons, author);
    }
    let title = entry.title.get().map(text::line).unwrap_or_default();
    let key = entry.id.get().map(str::to_owned).or_else(|| enclosures.first().map(|file| file.url.clone()));
    let key = key.or_else(|| link.clone()).or_else(|| Some(title.clone()).filter(|title| !title.is_empty()))?;
    Some(Item {
        key,
        title,
        notes: notes.map(text::notes).find(|notes| !notes.is_empty()).unwrap_or_default(),
        link,
        date: published.map(|moment| moment.date),
        published_ms: published.map(|moment| moment.unix_ms),
        enclosures,
        duration_ms: seconds.and_then(super::date::duration),
        persons,
        image: entry.image.get().and_then(|url| addresses.resolve(None, url)),
        ..Item::default()
    })
}

fn enclosures(entry: &Entry, addresses: &Addresses, warnings: &mut Warnings) -> Vec<Enclosure> {
    let attachments = entry.attachments.0.iter().filter_map(|Object(attachment)| {
        let written = attachment.url.get()?;
        let Some(url) = addresses.resolve(None, written) else {
            warnings.add(0, format!("an attachment that cannot be fetched: {}", quote(written)));
            return None;
        };
        let bytes = attachment.size_in_bytes.get().and_then(|size| size.parse().ok()).filter(|bytes| *bytes > 0);
        Some(Enclosure { url, media_type: attachment.mime_type.get().map(media::media_type), bytes })
    });
    attachments.collect()
}

/// A feed as far as it has been read.
struct Reading<'a> {
    head: Head,
    items: Items,
    addresses: &'a Addresses,
    warnings: &'a mut Warnings,
}

impl<'de> DeserializeSeed<'de> for &mut Reading<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Reading<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a feed")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let head = &mut self.head;
            match key.as_str() {
                "version" => head.version = map.next_value()?,
                "title" => head.title = map.next_value()?,
                "description" => head.description = map.next_value()?,
                "home_page_url" => head.home_page_url = map.next_value()?,
                "language" => head.language = map.next_value()?,
                "icon" => head.icon = map.next_value()?,
                "author" => head.author = map.next_value()?,
                "authors" => head.authors = map.next_value()?,
                "items" => map.next_value_seed(Entries(&mut *self))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// The list of items.
struct Entries<'a, 'b>(&'a mut Reading<'b>);

impl<'de> DeserializeSeed<'de> for Entries<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Reading { head, items, addresses, warnings } = self.0;
        head.has_items = true;
        while let Some(Object(entry)) = list.next_element::<Object<Entry>>()? {
            items.add(item(&entry, addresses, warnings), 0, warnings);
        }
        Ok(())
    }
}
