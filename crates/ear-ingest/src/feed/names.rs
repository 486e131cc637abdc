//! Names of elements, whatever prefix a feed chose for their namespace.

/// Namespaces by a part of their address, with the prefix that we know them by; empty for the words of RSS itself.
const SPACES: [(&str, &str); 14] = [
    ("itunes.com/dtds/podcast", "itunes"),
    ("podcastindex.org/namespace", "podcast"),
    ("podcast-namespace", "podcast"),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("search.yahoo.com/mrss", "media"),
    ("podlove.org/simple-chapters", "psc"),
    ("purl.org/dc/", "dc"),
    ("www.w3.org/2005/atom", "atom"),
    ("purl.org/atom/", "atom"),
    ("google.com/schemas/play-podcasts", "googleplay"),
    ("1999/02/22-rdf-syntax-ns", "rdf"),
    ("www.w3.org/1999/xhtml", "xhtml"),
    ("purl.org/rss/1.0/", ""),
    ("backend.userland.com", ""),
];

/// How many declared prefixes are remembered at once.
const MOST: usize = 256;

/// The prefixes that are declared at a place in the document.
#[derive(Default)]
pub(super) struct Names {
    /// Depth, prefix and what we call it; `None` for a namespace we do not know.
    declared: Vec<(usize, String, Option<&'static str>)>,
    /// The feed is Atom with a prefix on everything.
    atom: bool,
}

impl Names {
    /// Learns of `xmlns:prefix="address"` (or `xmlns="address"` with an empty prefix) on an element at `depth`.
    pub fn declare(&mut self, depth: usize, prefix: &str, address: &str) {
        if self.declared.len() < MOST {
            let address = address.trim().to_ascii_lowercase();
            let known = SPACES.iter().find(|(part, _)| address.contains(part)).map(|(_, name)| *name);
            self.declared.push((depth, prefix.to_owned(), known));
        }
    }

    /// Forgets what elements at `depth` and deeper declared.
    pub fn leave(&mut self, depth: usize) {
        self.declared.truncate(self.declared.partition_point(|(declared, ..)| *declared < depth));
    }

    /// Everything of Atom is meant without prefix from here on.
    pub fn is_atom(&mut self) {
        self.atom = true;
    }

    /// The name as we know it, in lower case: `itunes:duration`, `title`. Prefixes that nobody declared are
    /// taken at their word.
    pub fn of(&self, written: &str) -> String {
        let (prefix, local) = written.split_once(':').unwrap_or(("", written));
        let declared = self.declared.iter().rev().find(|(_, declared, _)| declared == prefix);
        let space = declared.and_then(|(.., known)| *known);
        let local = local.to_ascii_lowercase();
        match (prefix, space) {
            (_, Some("")) | ("", None | Some("atom")) => local,
            (_, Some("atom")) if self.atom => local,
            (_, Some(space)) => format!("{space}:{local}"),
            ("atom10" | "a10", None) => format!("atom:{local}"),
            ("dcterms", None) => format!("dc:{local}"),
            (prefix, None) => format!("{}:{local}", prefix.to_ascii_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_what_they_stand_for() {
        let mut names = Names::default();
        names.declare(1, "it", "http://www.iTunes.com/DTDs/Podcast-1.0.dtd");
        names.declare(1, "podcast", "https://example.org/a-namespace-of-theirs");
        names.declare(2, "", "http://www.w3.org/2005/Atom");
        names.declare(3, "", "http://www.w3.org/1999/xhtml");
        for (written, expected) in [
            ("it:Duration", "itunes:duration"),
            ("itunes:duration", "itunes:duration"),
            ("podcast:person", "podcast:person"),
            ("div", "xhtml:div"),
            ("acast:showId", "acast:showid"),
        ] {
            assert_eq!(names.of(written), expected);
        }
        names.leave(3);
        assert_eq!(names.of("entry"), "entry");
        names.leave(1);
        assert_eq!(names.of("it:duration"), "it:duration");
    }

    #[test]
    fn atom_may_have_a_prefix() {
        let mut names = Names::default();
        names.declare(1, "atom", "http://www.w3.org/2005/Atom");
        assert_eq!(names.of("atom:link"), "atom:link");
        names.is_atom();
        assert_eq!(names.of("atom:link"), "link");
    }
}
