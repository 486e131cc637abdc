//! Small feeds of our own.

use super::*;
use insta::assert_snapshot;
use std::fmt::Write as _;

fn read(document: &str) -> Parsed {
    let options = FeedOptions { base: Some("https://example.com/show/feed.xml"), content_type: None };
    parse(document.as_bytes(), &options).unwrap_or_else(|error| panic!("{error}\n{document}"))
}

/// A feed as a page.
fn page(document: &str) -> String {
    let Parsed { feed, warnings, .. } = read(document);
    let mut page = String::new();
    let optional =
        |name: &str, value: &Option<String>| value.as_ref().map(|value| format!(" {name}={value}")).unwrap_or_default();
    let names = |persons: &[Credit]| {
        let name = |person: &Credit| format!("{} ({})", person.name, person.role.as_deref().unwrap_or("?"));
        persons.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    write!(page, "# {}{}{}", feed.title, optional("link", &feed.link), optional("language", &feed.language)).unwrap();
    write!(page, "{}{}", optional("author", &feed.author), optional("guid", &feed.guid)).unwrap();
    writeln!(page, "{}{}", optional("image", &feed.image), optional("new", &feed.new_url)).unwrap();
    for (label, text) in [("about", feed.description.as_str()), ("with", &names(&feed.persons))] {
        if !text.is_empty() {
            writeln!(page, "{label}: {text}").unwrap();
        }
    }
    for item in &feed.items {
        write!(page, "- [{}] {}{}", item.key, item.title, optional("link", &item.link)).unwrap();
        let date = item.date.map(|date| date.to_string());
        write!(page, "{}{}", optional("date", &date), optional("image", &item.image)).unwrap();
        let numbers = [("season", item.season), ("number", item.number)];
        for (name, number) in numbers.into_iter().filter_map(|(name, number)| Some((name, number?))) {
            write!(page, " {name}={number}").unwrap();
        }
        if item.kind != Kind::Full {
            write!(page, " {:?}", item.kind).unwrap();
        }
        if let Some(explicit) = item.explicit {
            write!(page, " explicit={explicit}").unwrap();
        }
        if let Some(length) = item.duration_ms {
            write!(page, " length={length}").unwrap();
        }
        page.push('\n');
        for enclosure in &item.enclosures {
            let bytes = enclosure.bytes.map(|bytes| bytes.to_string());
            writeln!(
                page,
                "  > {}{}{}",
                enclosure.url,
                optional("type", &enclosure.media_type),
                optional("bytes", &bytes)
            )
            .unwrap();
        }
        for link in &item.transcripts {
            let captions = if link.captions { " captions" } else { "" };
            writeln!(
                page,
                "  \" {}{}{}{captions}",
                link.url,
                optional("type", &link.media_type),
                optional("language", &link.language)
            )
            .unwrap();
        }
        for chapter in &item.chapters {
            writeln!(page, "  {} {}{}", chapter.start, chapter.title, optional("link", &chapter.url)).unwrap();
        }
        for (label, text) in [
            ("chapters", item.chapters_url.as_deref().unwrap_or_default()),
            ("notes", &item.notes),
            ("with", &names(&item.persons)),
        ] {
            if !text.is_empty() {
                writeln!(page, "  {label}: {}", text.replace('\n', "\n    ")).unwrap();
            }
        }
    }
    warnings.iter().for_each(|warning| writeln!(page, "! {warning}").unwrap());
    page
}

#[test]
fn a_podcast_is_read_in_full() {
    let feed = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:p="https://podcastindex.org/namespace/1.0"
     xmlns:psc="http://podlove.org/simple-chapters" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
  <title>Tide &amp; Time</title><link>/about</link><language>en-GB</language>
  <atom:link rel="self" href="https://example.com/show/feed.xml" type="application/rss+xml"/>
  <description>Talk about the &lt;b&gt;sea&lt;/b&gt;.</description>
  <itunes:author>Maren Holt</itunes:author>
  <itunes:image href="cover.jpg"/>
  <itunes:new-feed-url>https://example.org/new.xml</itunes:new-feed-url>
  <p:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</p:guid>
  <p:person role="Host" href="https://example.com/maren">Maren Holt</p:person>
  <item>
    <title>First</title>
    <guid isPermaLink="false">tide-1</guid>
    <pubDate>Sat, 04 Jan 2020 23:30:00 -0500</pubDate>
    <enclosure url="sound/1.mp3" type="Audio/MPEG" length="12345"/>
    <itunes:duration>12:34</itunes:duration>
    <description><![CDATA[<p>With <a href="https://example.com/jo">Jo Lind</a>.</p><p>And gulls.</p>]]></description>
  </item>
  <item>
    <title>Second</title>
    <link>https://example.com/2</link>
    <guid>https://example.com/2</guid>
    <pubDate>Sun, 05 Jan 2020 06:30:00 +0100</pubDate>
    <enclosure url="https://cdn.example.com/2.jpg" type="image/jpeg" length="0"/>
    <enclosure url="https://cdn.example.com/2.mp3" type="audio/mpeg" length="999"/>
    <itunes:season>2</itunes:season><itunes:episode>7</itunes:episode><itunes:episodeType>Bonus</itunes:episodeType>
    <itunes:explicit>clean</itunes:explicit>
    <p:person>Jo Lind</p:person><p:person role="guest" group="cast">Ann Østby</p:person>
    <p:transcript url="/2.srt" type="application/x-subrip" rel="captions" language="no"/>
    <p:transcript url="/2.html" type="text/html"/>
    <p:chapters url="/2.json" type="application/json+chapters"/>
    <psc:chapters><psc:chapter start="00:10:00" title="Gulls" href="https://example.com/gulls"/><psc:chapter start="0" title="Hello"/></psc:chapters>
    <description>Plain words &amp; more,
on two lines.</description>
  </item>
</channel></rss>"#;
    assert_snapshot!(page(feed), @r#"
    # Tide & Time link=https://example.com/about language=en-GB author=Maren Holt guid=917393e3-1b1e-5cef-ace4-edaa54e1f810 image=https://example.com/show/cover.jpg new=https://example.org/new.xml
    about: Talk about the sea.
    with: Maren Holt (host)
    - [https://example.com/2] Second link=https://example.com/2 date=2020-01-05 season=2 number=7 Bonus explicit=false
      > https://cdn.example.com/2.jpg type=image/jpeg
      > https://cdn.example.com/2.mp3 type=audio/mpeg bytes=999
      " https://example.com/2.srt type=application/x-subrip language=no captions
      " https://example.com/2.html type=text/html
      0 Hello
      600000 Gulls link=https://example.com/gulls
      chapters: https://example.com/2.json
      notes: Plain words & more,
        on two lines.
      with: Jo Lind (host), Ann Østby (guest)
    - [tide-1] First date=2020-01-04 length=754000
      > https://example.com/show/sound/1.mp3 type=audio/mpeg bytes=12345
      notes: With Jo Lind.
        
        And gulls.
    "#);
    let items = read(feed).feed.items;
    assert_eq!(items[0].sound().map(|sound| sound.url.as_str()), Some("https://cdn.example.com/2.mp3"));
    assert_eq!(items[1].published_ms, Some(1_578_198_600_000));
}

#[test]
fn atom_is_read() {
    let feed = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://example.org/x/">
<title type="html">Nachrichten &amp;amp; mehr</title><subtitle>Jeden Tag</subtitle><id>urn:uuid:1</id>
<link rel="self" href="feed.atom"/><link href="./"/><author><name>Eva Kern</name></author>
<entry xml:base="sub/"><title>Eins</title><id>urn:uuid:2</id><updated>2021-05-05T10:00:00Z</updated><published>2021-05-04T23:59:00-05:00</published>
<link rel="alternate" type="text/html" href="eins.html"/><link rel="enclosure" type="audio/ogg" length="77" href="eins.ogg"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Guten <em>Tag</em>.</p><p>Zwei.</p></div></content></entry>
<entry><title>Zwei</title><id>urn:uuid:3</id><updated>2021-05-06T10:00:00Z</updated><summary>Kurz</summary></entry></feed>"#;
    assert_snapshot!(page(feed), @r#"
    # Nachrichten & mehr link=https://example.org/x/ language=de author=Eva Kern guid=urn:uuid:1
    about: Jeden Tag
    with: Eva Kern (author)
    - [urn:uuid:3] Zwei date=2021-05-06
      notes: Kurz
    - [urn:uuid:2] Eins link=https://example.org/x/sub/eins.html date=2021-05-04
      > https://example.org/x/sub/eins.ogg type=audio/ogg bytes=77
      notes: Guten Tag.
        
        Zwei.
    "#);
    let prefixed = feed.replace("<feed xmlns=", "<atom:feed xmlns:atom=").replace("</feed>", "</atom:feed>");
    let prefixed =
        ["entry", "title", "id", "updated", "published", "link", "content", "summary", "subtitle", "author", "name"]
            .iter()
            .fold(prefixed, |text, name| {
                text.replace(&format!("<{name}"), &format!("<atom:{name}"))
                    .replace(&format!("</{name}"), &format!("</atom:{name}"))
            });
    assert_eq!(read(&prefixed).feed, read(feed).feed);
}

#[test]
fn rdf_is_read() {
    let feed = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://example.org/"><title>Old</title><link>https://example.org/</link><items><rdf:Seq><rdf:li resource="https://example.org/1"/></rdf:Seq></items></channel>
<item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link><dc:date>2004-06-01</dc:date><dc:creator>Ida Voss</dc:creator></item></rdf:RDF>"#;
    assert_snapshot!(page(feed), @r#"
    # Old link=https://example.org/
    - [https://example.org/1] One link=https://example.org/1 date=2004-06-01
      with: Ida Voss (author)
    "#);
}

#[test]
fn json_is_read_as_far_as_it_goes() {
    let feed = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Json", "home_page_url": "https://example.com/", "authors": [{"name": "Ola Berg"}],
"items": [
  {"id": 2, "title": "Two", "content_html": "<p>Hi &amp; ho</p>", "date_published": "2022-02-02T02:02:02Z", "language": ["x"],
   "attachments": [{"url": "2.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 22, "duration_in_seconds": 90.5}, "odd"]},
  7,
  {"id": "1", "content_text": "One", "url": "https://example.com/1", "authors": "odd"}"#;
    assert_snapshot!(page(feed), @r#"
    # Json link=https://example.com/ author=Ola Berg
    with: Ola Berg (author)
    - [2] Two date=2022-02-02 length=90500
      > https://example.com/show/2.mp3 type=audio/mpeg bytes=22
      notes: Hi & ho
    - [1]  link=https://example.com/1
      notes: One
    ! line 1: an item without anything that names it; left out
    ! line 6: broken JSON (EOF while parsing a list at line 6 column 86); kept what came before
    "#);
    assert_eq!(read(&format!("{feed}]}}")).warnings.len(), 1);
    for other in ["{}", "{\"a\": 1", "{\"items\""] {
        let error = parse(other.as_bytes(), &FeedOptions::default()).unwrap_err();
        assert!(error.to_string().starts_with("not a feed: found"), "{error}");
    }
}

#[test]
fn faulty_feeds_give_what_can_be_read() {
    assert_snapshot!(page("<rss><channel><title>A & B<item><title>One<b></title><guid>1</guid><description>Tom &nbsp;<br>& <p>Jerry</description><enclosure url='1.mp3 length=\"5\"/>\n<item><guid>2</guid></channel><item><guid>1</guid><enclosure url='3.mp3'/></item><item/></rss"), @r#"
    # A & B
    - [1] One
      notes: Tom
        &
        
        Jerry
    - [2] 
    - [https://example.com/show/3.mp3] 3
      > https://example.com/show/3.mp3
    ! line 1: `b` has no end of its own; ended with `title`
    ! line 1: `p` has no end of its own; ended with `description`
    ! line 1: syntax error: attribute value not closed: `'` not found before end of input; read on after it
    ! line 1: an enclosure without address; left out
    ! line 2: an item begins before what precedes it has ended; that is ended here
    ! line 2: `item` has no end of its own; ended with `channel`
    ! line 2: another item has the guid `1`; this one goes by its address
    ! line 2: an item without anything that names it; left out
    ! line 2: syntax error: tag not closed: `>` not found before end of input; read on after it
    "#);
}

#[test]
fn entities_of_the_document_are_never_followed() {
    let bomb = r#"<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
<rss><channel><title>&b; &c;</title></channel></rss>"#;
    assert_eq!(read(bomb).feed.title, "&b; &c;");
}

#[test]
fn what_is_no_feed_says_so() {
    for (document, expected) in [
        ("", "not a feed: found no element, and looked for RSS, Atom or JSON Feed; look for"),
        ("just words", "not a feed: found no element"),
        (
            "<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head></html>",
            "not a feed: found the element `html`, and looked for RSS, Atom or JSON Feed; this page names its feed: add https://example.com/rss",
        ),
        (
            "<opml><body/></opml>",
            "not a feed: found the element `opml`, and looked for RSS, Atom or JSON Feed; this is a list",
        ),
    ] {
        let options = FeedOptions { base: Some("https://example.com/"), content_type: None };
        let error = parse(document.as_bytes(), &options).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let big = vec![b' '; MAX_BYTES + 1];
    assert!(matches!(parse(&big, &FeedOptions::default()), Err(Error::TooBigFor { .. })));
}

#[test]
fn documents_are_told_apart() {
    for (document, expected) in [
        ("<?xml version='1.0'?><!-- hi --><rss/>", Some(Document::Feed)),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><title>", Some(Document::Feed)),
        ("{\"version\": \"https://jsonfeed.org/version/1\"", Some(Document::Feed)),
        ("<opml version='1.0'>", Some(Document::Opml)),
        ("<html><body>", None),
        ("{\"version\": \"1.0.0\", \"segments\": []}", None),
        ("1\n00:00:00,000 --> 00:00:01,000\n<b>Hi</b>", None),
        ("", None),
    ] {
        assert_eq!(detect(document.as_bytes()), expected, "{document}");
    }
}

#[test]
fn lists_of_feeds_are_read() {
    let list = r#"<opml version="2.0"><body><outline text="Folder"><outline type="rss" text="A &amp; B" xmlUrl="https://example.com/a"/>
<outline title="C" text="c" XMLURL="feed://example.com/c"/></outline><outline text="again" xmlUrl="https://example.com/a"/>
<outline type="link" url="https://example.com/page"/><outline text="odd" xmlUrl="javascript:alert(1)"/><outline type="rss" url="https://example.com/d"/></body>"#;
    let (links, warnings) = opml(list.as_bytes()).unwrap();
    let links: Vec<String> = links.iter().map(|link| format!("{} {}", link.title, link.url)).collect();
    assert_eq!(links, ["A & B https://example.com/a", "C http://example.com/c", " https://example.com/d"]);
    assert_eq!(warnings.iter().map(|warning| warning.line).collect::<Vec<_>>(), [3, 3]);
    assert!(opml(b"<opml><body/></opml>").unwrap_err().to_string().contains("xmlUrl"));
}
