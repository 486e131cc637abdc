//! The show itself: `channel` of RSS and RDF, `feed` of Atom.

use super::{Feed, address::Addresses, credits, item, media, text, xml::Element};

/// The element that describes the show: a channel, or whatever stands in its place.
pub(super) fn root(document: &Element) -> Option<&Element> {
    let outermost = ["rss", "rdf:rdf", "rdf", "feed", "channel"].into_iter().find_map(|name| document.child(name))?;
    Some(outermost.child("channel").unwrap_or(outermost))
}

/// Reads the show; its items come on another way.
pub(super) fn read(root: &Element, document: &str, addresses: &Addresses) -> Feed {
    let line = |names: &[&str]| root.value_of(names).map(text::line).filter(|line| !line.is_empty());
    let title = root.all("title").chain(root.all("itunes:title")).map(|title| item::one_line(title, document));
    let author = line(&["itunes:author", "googleplay:author", "dc:creator", "managingeditor"]);
    let author = author.or_else(|| root.child("author").and_then(|author| author.value_of(&["name"])).map(text::line));
    let author = author.map(|author| credits::without_mail(&author)).filter(|author| !author.is_empty());
    let mut persons = credits::persons(root, addresses);
    for person in author.iter().flat_map(|author| credits::authors(author)) {
        credits::add(&mut persons, person);
    }
    Feed {
        title: title.into_iter().find(|title| !title.is_empty()).unwrap_or_default(),
        description: description(root, document),
        link: item::page(root, addresses),
        language: line(&["language", "dc:language"]).or_else(|| root.get("xml:lang").map(text::line)),
        author,
        guid: line(&["podcast:guid", "id"]),
        image: media::image(root, addresses),
        new_url: new_url(root, addresses),
        persons,
        items: Vec::new(),
    }
}

/// Unlike an item's notes, the description that RSS asks for is the best one.
fn description(root: &Element, document: &str) -> String {
    let names = ["description", "itunes:summary", "subtitle", "tagline", "googleplay:description", "itunes:subtitle"];
    let all = names.into_iter().flat_map(|name| root.all(name));
    let all = all.map(|description| text::notes(&item::rich(description, document)));
    all.into_iter().find(|description| !description.is_empty()).unwrap_or_default()
}

fn new_url(root: &Element, addresses: &Addresses) -> Option<String> {
    let moved = root.child("redirect").and_then(|redirect| redirect.value_of(&["newlocation"]));
    addresses.page(root.base.as_ref(), root.value_of(&["itunes:new-feed-url"]).or(moved)?)
}

/// The feed that a web page names, by `<link rel="alternate" type="application/rss+xml">`.
pub(super) fn linked_feed(document: &Element, addresses: &Addresses) -> Option<String> {
    let mut left: Vec<&Element> = vec![document];
    while let Some(element) = left.pop() {
        let media = element.get("type").unwrap_or_default();
        if element.name.ends_with("link") && (media.contains("rss+xml") || media.contains("atom+xml")) {
            return addresses.page(element.base.as_ref(), element.get("href")?);
        }
        left.extend(element.children.iter().rev());
    }
    None
}
