//! What pages show of feeds, and how one is followed there.

use crate::site::Site;

const FEED: &str = r#"<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"
    xmlns:psc="http://podlove.org/simple-chapters"><channel><title>Long Talks</title>
    <item><guid>a</guid><title>Talk A</title><link>https://example.org/a</link>
    <description>&lt;p&gt;See https://example.org/x?a=1&amp;amp;b=2, and &lt;i&gt;javascript:alert(1)&lt;/i&gt;.&lt;/p&gt;</description>
    <enclosure url="talk.wav" type="audio/wav"/>
    <podcast:person role="guest" href="https://example.org/ann">Ann &lt;Lee&gt;</podcast:person>
    <psc:chapters><psc:chapter start="00:00:00" title="Opening"/><psc:chapter start="00:00:05.5" title="The vote"/></psc:chapters>
    </item></channel></rss>"#;

/// A served library that follows a feed.
fn site() -> Site {
    let mut site = Site::new();
    site.sound("talk.wav", 10);
    site.file("feed.xml", FEED);
    let added = site.run("add feed.xml --model fake --wait");
    assert_eq!(added["feeds"][0]["show"], "Long Talks", "{added}");
    site.serve(&["--refresh", "never"]);
    site
}

#[test]
fn an_episode_shows_what_its_feed_says() {
    let site = site();
    let page = site.get("/e/1").text();
    for expected in [
        "<a href=\"https://example.org/x?a=1&#38;b=2\" rel=\"nofollow noopener noreferrer\">",
        "<a class=\"clock\" href=\"?t=5.5#t=5.5\">0:05</a>",
        "The vote",
        "<a href=\"https://example.org/ann\" rel=\"nofollow noopener noreferrer\">Ann &#60;Lee&#62;</a> <small>guest</small>",
        "<a href=\"https://example.org/a\" rel=\"nofollow noopener noreferrer\">Its page</a>",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    assert!(!page.contains("href=\"javascript:"), "{page}");
}

#[test]
fn a_show_tells_of_its_feed_and_looks_for_more() {
    let site = site();
    let page = site.get("/shows/1").text();
    assert!(page.contains("feed.xml</span>, looked at a moment ago."), "{page}");
    site.file("feed.xml", "no feed any more");
    assert_eq!(site.post("/shows/1/refresh", "").status, 303);
    let page = site.get("/shows/1").text();
    assert!(page.contains("<b>Not a feed:"), "{page}");
}

#[test]
fn visitors_follow_only_what_is_public() {
    let site = site();
    for (address, status) in [("file:///etc/passwd", 400), ("", 400), ("http://127.0.0.1:1/feed", 400)] {
        let answer = site.post("/follow", &format!("address={address}"));
        assert_eq!(answer.status, status, "{address}: {}", answer.text());
    }
    let headers = [("Origin", site.url.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
    let forged = site.ask("POST", "/follow", &headers, b"address=https://example.org/feed");
    assert_eq!(forged.status, 403);
}
