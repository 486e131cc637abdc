//! What holds for any bytes.

use crate::common::assert_sound;
use ear_ingest::feed::{FeedOptions, detect, opml, parse};
use proptest::prelude::*;
use std::time::Instant;

const PIECES: [&str; 44] = [
    "<rss>",
    "<channel>",
    "<item>",
    "</item>",
    "</channel>",
    "</rss>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<entry>",
    "</entry>",
    "<title>",
    "</title>",
    "<guid>",
    "</guid>",
    "<description>",
    "</description>",
    "<![CDATA[",
    "]]>",
    "<p>a</p>",
    "<br>",
    "&amp;",
    "&",
    "<",
    ">",
    "'",
    "\"",
    "words here",
    "é日",
    "\u{92}",
    "\u{0}",
    "\n",
    "<enclosure url='a.mp3' type='audio/mpeg' length='5'/>",
    "<enclosure url=\"",
    "<link href='b' rel='enclosure'/>",
    "<pubDate>Mon, 6 Jul 2020 04:00:00 GMT</pubDate>",
    "<itunes:duration>1:00</itunes:duration>",
    "<!--",
    "-->",
    "<podcast:person href='x'>Ada Lovelace</podcast:person>",
    "<psc:chapters><psc:chapter start='1' title='t'/>",
    "<podcast:transcript url='t.vtt'/>",
    "<outline xmlUrl='https://example.com/'",
    "<!DOCTYPE a [",
    "xml:base='/x/'",
    "xmlns:a='http://www.w3.org/2005/Atom'",
];

fn check(bytes: &[u8]) {
    detect(bytes);
    let options = FeedOptions { base: Some("https://example.com/a/b"), content_type: Some("text/xml") };
    if let Ok(parsed) = parse(bytes, &options) {
        assert_sound(&parsed.feed);
        assert!(parsed.warnings.len() <= 101);
    }
    if let Ok((links, _)) = opml(bytes) {
        assert!(!links.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn any_pieces_are_read_or_refused(pieces in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let document: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        check(document.as_bytes());
        check(format!("<rss><channel>{document}").as_bytes());
    }
}

#[test]
fn repetition_is_read_in_linear_time() {
    const BYTES: usize = 1 << 15;
    let started = Instant::now();
    for piece in
        PIECES.iter().chain(&["<item><guid>1</guid></item>", "<a><b></a>", "<p>", "</p>", "{\"items\":[", "<x a=1 "])
    {
        for start in ["", "<rss><channel>", "<rss><channel><item><description>"] {
            check((start.to_owned() + &piece.repeat(BYTES / piece.len())).as_bytes());
        }
    }
    // Seconds are plenty for what is linear; what is quadratic takes hours.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
