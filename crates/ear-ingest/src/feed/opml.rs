//! OPML: lists of feeds, as programs that subscribe to them write out.

use super::{
    MAX_BYTES, Warning, charset, text,
    warn::{Warnings, quote},
    xml::{self, Element},
};
use crate::Error;
use std::collections::HashSet;
use url::Url;

/// The largest number of feeds; what follows is left out.
const MAX_FEEDS: usize = 100_000;

/// A feed that a list names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedLink {
    /// Its title in the list; may be empty.
    pub title: String,
    /// Its address: http, https or a file.
    pub url: String,
}

/// Reads a list of feeds, folders opened, each feed once.
///
/// # Errors
/// [`Error::TooBigFor`], or [`Error::NotAFeed`] where no feed is named. All other faults are warnings.
pub fn opml(bytes: &[u8]) -> Result<(Vec<FeedLink>, Vec<Warning>), Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooBigFor { what: "feeds", bytes: bytes.len(), limit: MAX_BYTES });
    }
    let mut warnings = Warnings::default();
    let decoded = charset::decode(bytes, None, &mut warnings);
    let document = xml::read(&decoded.text, None, &mut warnings, &mut |_, _| {});
    let (mut links, mut seen) = (Vec::new(), HashSet::new());
    let mut left: Vec<&Element> = vec![&document];
    while let Some(element) = left.pop() {
        left.extend(element.children.iter().rev());
        let Some(written) = address(element) else { continue };
        let Some(url) = followed(written) else {
            warnings.add(element.offset, format!("no address of a feed: {}", quote(written)));
            continue;
        };
        if links.len() >= MAX_FEEDS {
            warnings.add(element.offset, format!("more than {MAX_FEEDS} feeds; the rest is left out"));
            break;
        }
        if seen.insert(url.clone()) {
            let title = element.get("title").or_else(|| element.get("text")).map(text::line).unwrap_or_default();
            links.push(FeedLink { title, url });
        }
    }
    if links.is_empty() {
        let found =
            document.children.first().map_or("no element".into(), |e| format!("the element {}", quote(&e.name)));
        let remedy = "a list of feeds has lines such as `<outline text=\"Title\" xmlUrl=\"https://…\"/>`".to_owned();
        return Err(Error::NotAFeed { found, remedy });
    }
    Ok((links, warnings.finish(&decoded.text)))
}

/// Whether a document is OPML at all.
pub(super) fn is_opml(document: &Element) -> bool {
    document.child("opml").is_some()
}

/// `xmlUrl`, or `url` where the outline says that it is a feed.
fn address(element: &Element) -> Option<&str> {
    if element.name != "outline" {
        return None;
    }
    let is_feed = element.get("type").is_some_and(|kind| ["rss", "atom"].contains(&kind.to_ascii_lowercase().as_str()));
    element.get("xmlurl").or_else(|| element.get("url").filter(|_| is_feed))
}

fn followed(written: &str) -> Option<String> {
    let url = match written.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("//") => Url::parse(&format!("http:{rest}")),
        Some(rest) => Url::parse(rest),
        None => Url::parse(written),
    };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https" | "file")).map(String::from)
}
