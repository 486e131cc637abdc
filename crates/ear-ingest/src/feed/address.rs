//! Addresses in feeds: made absolute, and only those that can be followed.

use std::rc::Rc;
use url::Url;

/// The longest address, in bytes.
const LONGEST: usize = 4096;

/// Resolves the addresses of one document.
pub(super) struct Addresses {
    base: Option<Url>,
}

impl Addresses {
    pub fn of(base: Option<&str>) -> Self {
        Self { base: base.and_then(|base| Url::parse(base.trim()).ok()) }
    }

    /// The address of the document.
    pub fn base(&self) -> Option<&Url> {
        self.base.as_ref()
    }

    /// The absolute form of an address: http or https, and `file:` only within a document that is a file.
    pub fn resolve(&self, base: Option<&Rc<Url>>, written: &str) -> Option<String> {
        let written = written.trim();
        if written.is_empty() || written.len() > LONGEST {
            return None;
        }
        let absolute = match base.map(Rc::as_ref).or(self.base.as_ref()) {
            Some(base) => base.join(written),
            None if written.starts_with("//") => Url::parse(&format!("https:{written}")),
            None => Url::parse(written),
        };
        let is_file = self.base.as_ref().is_some_and(|base| base.scheme() == "file");
        let followed = |url: &Url| match url.scheme() {
            "http" | "https" => url.has_host(),
            "file" => is_file,
            _ => false,
        };
        absolute.ok().filter(followed).map(String::from)
    }

    /// The same, but http and https only: for what is shown as a link.
    pub fn page(&self, base: Option<&Rc<Url>>, written: &str) -> Option<String> {
        self.resolve(base, written).filter(|url| url.starts_with("http"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_followed_is_an_address() {
        for (base, written, expected) in [
            (None, " http://example.com/a b.mp3\n", Some("http://example.com/a%20b.mp3")),
            (None, "//example.com/a.mp3", Some("https://example.com/a.mp3")),
            (None, "a.mp3", None),
            (Some("https://example.com/x/feed.xml"), "a.mp3", Some("https://example.com/x/a.mp3")),
            (Some("https://example.com/x/feed.xml"), "/a.mp3", Some("https://example.com/a.mp3")),
            (Some("https://example.com/x/feed.xml"), "file:///etc/passwd", None),
            (Some("file:///x/feed.xml"), "a.mp3", Some("file:///x/a.mp3")),
            (Some("file:///x/feed.xml"), "https://example.com/", Some("https://example.com/")),
            (None, "file:///etc/passwd", None),
            (None, "javascript:alert(1)", None),
            (None, "magnet:?xt=urn:btih:00", None),
            (None, "", None),
        ] {
            assert_eq!(Addresses::of(base).resolve(None, written).as_deref(), expected, "{base:?} {written}");
        }
        let inner = Rc::new(Url::parse("https://other.example/y/").unwrap());
        let addresses = Addresses::of(Some("https://example.com/"));
        assert_eq!(addresses.resolve(Some(&inner), "z").as_deref(), Some("https://other.example/y/z"));
        assert_eq!(addresses.resolve(None, &format!("https://example.com/{}", "a".repeat(5000))), None);
    }
}
