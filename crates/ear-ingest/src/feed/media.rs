//! What an item offers to hear and to read: enclosures, transcripts, chapters.

use super::{
    Enclosure, TranscriptLink,
    address::Addresses,
    date::npt,
    text,
    warn::{Warnings, quote},
    xml::Element,
};
use ear_core::Chapter;
use std::rc::Rc;
use url::Url;

/// How many files, and how many transcripts, of an item are kept.
const FILES: usize = 100;

/// How many chapters of an item are kept.
const CHAPTERS: usize = 10_000;

/// Extensions of sound and of films with sound.
const SOUND: [&str; 16] =
    ["mp3", "m4a", "m4b", "aac", "ogg", "oga", "opus", "flac", "wav", "mp4", "m4v", "mov", "webm", "mka", "mkv", "wma"];

/// Whether a name or an address ends as those of sound do.
pub(super) fn is_sound_name(name: &str) -> bool {
    let path = name.split(['?', '#']).next().unwrap_or_default();
    let extension = path.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map(|(_, extension)| extension);
    extension.is_some_and(|extension| SOUND.contains(&extension.to_ascii_lowercase().as_str()))
}

/// The files of an item: enclosures of RSS, then of Atom, then Media RSS; alternates only where there are none.
pub(super) fn enclosures(item: &Element, addresses: &Addresses, warnings: &mut Warnings) -> Vec<Enclosure> {
    let mut files = Files { found: Vec::new(), addresses, warnings };
    for enclosure in item.all("enclosure") {
        files.add(enclosure, enclosure.get("url").or_else(|| enclosure.get("href")), "length");
    }
    for link in item.all("link").chain(item.all("atom:link")) {
        if link.get("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("enclosure")) {
            files.add(link, link.get("href"), "length");
        }
    }
    for content in item.all("content").filter(|content| content.get("src").is_some()) {
        files.add(content, content.get("src"), "length");
    }
    let grouped = item.all("media:group").flat_map(|group| group.all("media:content"));
    for content in item.all("media:content").chain(grouped) {
        if is_media(content) {
            files.add(content, content.get("url"), "filesize");
        }
    }
    if files.found.is_empty() {
        for alternate in item.all("podcast:alternateenclosure") {
            let source = alternate.all("podcast:source").find_map(|source| source.get("uri"));
            files.add(alternate, source, "length");
        }
    }
    files.found
}

/// Media RSS also has pictures and players.
fn is_media(content: &Element) -> bool {
    let media = content.get("type").or_else(|| content.get("medium")).unwrap_or_default().to_ascii_lowercase();
    media.starts_with("audio") || media.starts_with("video") || content.get("url").is_some_and(is_sound_name)
}

struct Files<'a> {
    found: Vec<Enclosure>,
    addresses: &'a Addresses,
    warnings: &'a mut Warnings,
}

impl Files<'_> {
    fn add(&mut self, element: &Element, url: Option<&str>, size: &str) {
        let Some(written) = url else {
            self.warnings.add(element.offset, "an enclosure without address; left out");
            return;
        };
        let Some(url) = self.addresses.resolve(element.base.as_ref(), written) else {
            self.warnings.add(element.offset, format!("an enclosure that cannot be fetched: {}", quote(written)));
            return;
        };
        if self.found.len() >= FILES || self.found.iter().any(|found| found.url == url) {
            return;
        }
        let bytes = element.get(size).and_then(|size| size.parse().ok()).filter(|bytes| *bytes > 0);
        self.found.push(Enclosure { url, media_type: element.get("type").map(media_type), bytes });
    }
}

/// A media type without its parameters.
pub(super) fn media_type(written: &str) -> String {
    text::line(written.split(';').next().unwrap_or_default()).to_ascii_lowercase()
}

/// The transcripts of an item.
pub(super) fn transcripts(item: &Element, addresses: &Addresses, warnings: &mut Warnings) -> Vec<TranscriptLink> {
    let mut found: Vec<TranscriptLink> = Vec::new();
    for element in item.all("podcast:transcript") {
        let written = element.get("url").unwrap_or_default();
        let Some(url) = addresses.resolve(element.base.as_ref(), written) else {
            warnings.add(element.offset, format!("a transcript that cannot be fetched: {}", quote(written)));
            continue;
        };
        if found.len() >= FILES || found.iter().any(|link| link.url == url) {
            continue;
        }
        found.push(TranscriptLink {
            url,
            media_type: element.get("type").map(media_type),
            language: element.get("language").map(text::line),
            captions: element.get("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("captions")),
        });
    }
    found
}

/// The chapters within an item (<https://podlove.org/simple-chapters/>), by time.
pub(super) fn chapters(item: &Element, addresses: &Addresses, warnings: &mut Warnings) -> Vec<Chapter> {
    let within = item.all("psc:chapters").flat_map(|chapters| chapters.all("psc:chapter"));
    let mut chapters = Vec::new();
    for element in within.take(CHAPTERS) {
        let Some(start) = element.get("start").and_then(npt) else {
            warnings.add(element.offset, "a chapter without a start that can be read; left out");
            continue;
        };
        let title = element.get("title").map(text::line).unwrap_or_default();
        let url = element.get("href").and_then(|href| addresses.page(element.base.as_ref(), href));
        chapters.push(Chapter { start, end: None, title, url });
    }
    chapters.sort_by_key(|chapter| chapter.start);
    chapters
}

/// The picture of an item or a show.
pub(super) fn image(element: &Element, addresses: &Addresses) -> Option<String> {
    let at = |element: &Element, written: Option<&str>| resolve(addresses, element.base.as_ref(), written);
    let itunes = element.all("itunes:image").chain(element.all("googleplay:image"));
    let media = element.all("media:group").chain([element]).flat_map(|group| group.all("media:thumbnail"));
    itunes
        .flat_map(|image| [at(image, image.get("href")), at(image, image.value())])
        .chain(element.all("image").flat_map(|image| image.all("url")).map(|url| at(url, url.value())))
        .chain(["logo", "icon"].into_iter().flat_map(|name| element.all(name)).map(|icon| at(icon, icon.value())))
        .chain(media.map(|thumbnail| at(thumbnail, thumbnail.get("url"))))
        .flatten()
        .next()
}

fn resolve(addresses: &Addresses, base: Option<&Rc<Url>>, written: Option<&str>) -> Option<String> {
    addresses.resolve(base, written?)
}
