//! Feeds: following one, what is new, what stays away, and what is refused.

use crate::home::{Home, Ran, signal};
use crate::tone::wav;
use crate::web::{Page, Web};
use serde_json::{Value, json};
use std::thread;
use std::time::Duration;

const VTT: &str = "WEBVTT\n\n00:01.000 --> 00:03.500\n<v Ann>Peace talks begin.\n";

/// An item of a feed: a number, and what belongs to it.
fn item(base: &str, number: u32, more: &str) -> String {
    format!(
        "<item><guid isPermaLink=\"false\">item-{number}</guid><title>Talk {number}</title>
         <pubDate>Tue, {:02} Jan 2020 05:00:00 GMT</pubDate>
         <description>&lt;p&gt;Notes of &lt;b&gt;{number}&lt;/b&gt;.&lt;/p&gt;</description>
         <enclosure url=\"{base}/{number}.wav\" type=\"audio/wav\" length=\"1\"/>{more}</item>",
        number + 1
    )
}

fn feed(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:podcast=\"https://podcastindex.org/namespace/1.0\"
         xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel><title>Long Talks</title>
         <description>All about talks.</description><language>en-us</language>{items}</channel></rss>"
    )
}

/// A feed with talks 1 to `last` at `/feed.xml`, and their sound.
fn publish(web: &Web, last: u32, more: &str) {
    let items: String = (1..=last).rev().map(|number| item(&web.url, number, more)).collect();
    web.put_file("/feed.xml", "application/rss+xml", feed(&items));
    for number in 1..=last {
        web.put_file(&format!("/{number}.wav"), "audio/wav", wav(8000, 2, 200.0 + f64::from(number)));
    }
}

fn titles(home: &Home) -> Vec<String> {
    let listed = home.json("list");
    let episodes = listed["episodes"].as_array().unwrap().iter();
    episodes.map(|episode| episode["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_feed_is_followed_and_only_what_is_new_is_taken() {
    let (home, web) = (Home::new(), Web::new());
    let more = format!(
        "<podcast:person role=\"guest\">Ann Lee</podcast:person>
         <podcast:transcript url=\"{}/talk.vtt\" type=\"text/vtt\"/><itunes:season>2</itunes:season>",
        web.url
    );
    web.put_file("/talk.vtt", "text/vtt", VTT);
    publish(&web, 7, &more);
    let line = format!("add {}/feed.xml --allow-private --model fake --wait", web.url);
    let added = home.json(&line);
    assert_eq!(added["failed"], json!([]), "{added}");
    assert_eq!(added["feeds"][0]["show"], "Long Talks");
    assert_eq!(added["feeds"][0]["offered"], 7);
    assert_eq!(titles(&home), ["Talk 7", "Talk 6", "Talk 5", "Talk 4", "Talk 3"]);
    let listed = home.json("list");
    let first = &listed["episodes"][0];
    assert_eq!(
        (&first["state"], &first["has_sound"], &first["date"]),
        (&json!("ready"), &json!(true), &json!("2020-01-08"))
    );
    // Published with times is read before what was recognised; both are kept.
    let shown = home.run(&format!("show {}", first["id"].as_str().unwrap())).ok().out;
    assert!(shown.contains("Peace talks begin.") && shown.contains("recognised by fake"), "{shown}");
    assert!(shown.contains("published by the show"), "{shown}");
    let detail = home.json(&format!("edit {} --language en", first["id"].as_str().unwrap()));
    assert_eq!(detail["notes"], "Notes of 7.");
    assert_eq!(detail["credits"][0]["name"], "Ann Lee");
    assert_eq!(detail["season"], 2);

    // Nothing is new, however it is asked; the sound is not fetched again.
    for line in [line.as_str(), "refresh --queue"] {
        let again = home.json(line);
        assert_eq!((&again["added"], &again["failed"]), (&json!([]), &json!([])), "{line}");
    }
    assert_eq!(web.asked("/7.wav").len(), 1);

    // Removed, it stays away; a new one comes, though its neighbour's sound has moved.
    home.run("rm Talk_6 --yes").ok();
    publish(&web, 9, &more);
    web.put_file("/moved/9.wav", "audio/wav", wav(8000, 2, 209.0));
    let new = home.json("refresh --wait");
    assert_eq!(new["feeds"][0]["taken"].as_array().unwrap().len(), 2, "{new}");
    assert_eq!(titles(&home), ["Talk 9", "Talk 8", "Talk 7", "Talk 5", "Talk 4", "Talk 3"]);
    let moved: String = (1..=9).rev().map(|number| item(&format!("{}/moved", web.url), number, &more)).collect();
    web.put_file("/feed.xml", "application/rss+xml", feed(&moved));
    assert_eq!(home.json("refresh Long_Talks --queue")["added"], json!([]));
    // Further back, and still not what was removed.
    home.json("refresh --last all --queue");
    assert_eq!(titles(&home).len(), 8);
    assert!(!titles(&home).contains(&"Talk 6".to_owned()));
}

#[test]
fn an_unchanged_feed_is_not_sent_again() {
    let (home, web) = (Home::new(), Web::new());
    let body = feed(&item(&web.url, 1, "")).into_bytes();
    web.put_file("/1.wav", "audio/wav", wav(8000, 2, 201.0));
    web.put("/feed.xml", Page { media_type: "text/xml", body, etag: Some("\"one\""), ..Page::default() });
    home.json(&format!("add {}/feed.xml --allow-private --model fake --queue", web.url));
    let again = home.json("refresh --queue");
    assert_eq!(again["feeds"][0]["offered"], Value::Null);
    assert!(web.asked("/feed.xml").last().unwrap().was_answered_not_modified);
}

#[test]
fn a_transcript_that_comes_later_is_fetched() {
    let (home, web) = (Home::new(), Web::new());
    publish(&web, 1, "");
    home.json(&format!("add {}/feed.xml --allow-private --model fake --wait", web.url));
    assert!(home.run("show Talk_1").ok().out.contains("recognised by fake"));
    web.put_file("/talk.vtt", "text/vtt", VTT);
    publish(&web, 1, &format!("<podcast:transcript url=\"{}/talk.vtt\" type=\"text/vtt\"/>", web.url));
    home.json("refresh --queue");
    home.json("work");
    assert!(home.run("show Talk_1").ok().out.contains("Peace talks begin."));
    assert_eq!(home.json("search peace")["total"], 1);
    assert_eq!(web.asked("/1.wav").len(), 1);
    // It is asked for once, also where the feed goes on naming it.
    home.json("refresh --queue");
    home.json("work");
    assert_eq!(web.asked("/talk.vtt").len(), 1);
}

#[test]
fn private_addresses_are_refused_unless_they_are_allowed() {
    let (home, web) = (Home::new(), Web::new());
    publish(&web, 1, "");
    let refused = home.run(&format!("add {}/feed.xml --queue --json", web.url));
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("--allow-private"), "{refused:?}");
    assert_eq!(web.asked("/feed.xml"), []);
    assert_eq!(home.json("list")["total"], 0);
}

#[test]
fn a_feed_that_fails_says_so_with_its_show() {
    let (home, web) = (Home::new(), Web::new());
    publish(&web, 1, "");
    home.json(&format!("add {}/feed.xml --allow-private --model fake --queue", web.url));
    web.put("/feed.xml", Page { status: Some(503), ..Page::default() });
    let failed = home.run("refresh --queue --json");
    assert_eq!(failed.code, Some(7), "{failed:?}");
    let shows = home.json("list --shows");
    let told = &shows["shows"][0]["feeds"][0];
    assert!(told["error"].as_str().unwrap().contains("503"), "{told}");
    assert!(told["succeeded_ms"].is_i64() && told["checked_ms"].is_i64(), "{told}");
    publish(&web, 1, "");
    home.json("refresh --queue");
    assert_eq!(home.json("list --shows")["shows"][0]["feeds"][0]["error"], Value::Null);
}

#[test]
fn a_killed_fetch_goes_on_where_it_was() {
    let (home, web) = (Home::new(), Web::new());
    // More than a download believes in before it is safe on the disk.
    let sound = wav(8000, 2000, 220.0);
    let page = Page { media_type: "audio/wav", body: sound.clone(), etag: Some("\"a\""), ..Page::default() };
    web.put("/long.wav", Page { slow_after: Some(10_000_000), ..page.clone() });
    home.json(&format!("add {}/long.wav --allow-private --model fake --queue", web.url));
    let mut child = home.start("work");
    home.wait("the fetch to be under way", || {
        let jobs = home.json("jobs");
        let job = &jobs["jobs"][0];
        (job["kind"] == "fetch" && job["done"].as_u64() > Some(10_000_000)).then_some(())
    });
    signal(&child, "KILL");
    child.wait().unwrap();
    web.put("/long.wav", page);
    home.wait("the episode to be done", || {
        home.run("work").ok();
        (home.json("list --unready")["total"] == 0).then_some(())
    });
    let asked = web.asked("/long.wav");
    let last = asked.last().unwrap();
    assert!(last.from >= Some(8_000_000), "{asked:?}");
    let kept = crate::home::files_in(&home.library().join("recordings"));
    assert!(kept.len() == 1 && std::fs::read(&kept[0]).unwrap() == sound);
    assert!(home.words("long").as_array().unwrap().len() > 20);
}

#[test]
fn a_fetch_can_be_cancelled_and_tried_again() {
    let (home, web) = (Home::new(), Web::new());
    web.put_file("/talk.wav", "audio/wav", wav(8000, 2, 220.0));
    home.json(&format!("add {}/talk.wav --allow-private --model fake --queue", web.url));
    let again = home.json(&format!("add {}/talk.wav --allow-private --model fake --queue", web.url));
    assert_eq!(again["added"][0]["existed"], true);
    home.json("jobs cancel 1");
    assert_eq!(home.json("list")["episodes"][0]["state"], "cancelled");
    home.json("jobs retry 1");
    home.json("work");
    assert_eq!(home.json("list")["episodes"][0]["state"], "ready");
}

#[test]
fn what_cannot_be_fetched_now_is_put_off() {
    let (home, web) = (Home::new(), Web::new());
    publish(&web, 1, "");
    home.json(&format!("add {}/feed.xml --allow-private --model fake --queue", web.url));
    web.put("/1.wav", Page { status: Some(404), ..Page::default() });
    let ran = home.run("work --json");
    assert_eq!(ran.json()["failed"], 1, "{ran:?}");
    let failed = home.json("jobs");
    assert!(failed["jobs"][0]["error"].as_str().unwrap().contains("404"), "{failed}");
    // A feed that names its sound elsewhere has another try.
    web.put_file("/new/1.wav", "audio/wav", wav(8000, 2, 201.0));
    web.put_file("/feed.xml", "text/xml", feed(&item(&format!("{}/new", web.url), 1, "")));
    home.json("refresh --wait");
    assert_eq!(home.json("list")["episodes"][0]["state"], "ready");
}

#[test]
fn feeds_that_are_files_work_without_a_network() {
    let home = Home::new();
    home.file("talks/1.wav", wav(8000, 2, 220.0));
    home.file("talks/1.vtt", VTT);
    let one = item(".", 1, "<podcast:transcript url=\"1.vtt\" type=\"text/vtt\"/>");
    home.file("talks/feed.xml", feed(&one));
    let added = home.json("add talks/feed.xml --model fake --wait");
    assert_eq!(added["feeds"][0]["taken"].as_array().unwrap().len(), 1, "{added}");
    assert!(home.run("show Talk_1").ok().out.contains("Peace talks begin."));
    assert_eq!(home.json("list")["episodes"][0]["has_sound"], true);
    assert_eq!(home.json("refresh --wait")["added"], json!([]));

    // A list of feeds takes each of them.
    let place = home.path("talks/feed.xml").display().to_string();
    home.file("more.xml", feed(&item(".", 2, "")).replace("Long Talks", "Short Talks"));
    home.file("2.wav", wav(8000, 2, 230.0));
    let more = home.path("more.xml").display().to_string();
    let list = format!(
        "<opml version=\"2.0\"><body><outline text=\"a\" xmlUrl=\"file://{place}\"/>
         <outline text=\"b\" xmlUrl=\"file://{more}\"/><outline text=\"c\" xmlUrl=\"file:///nowhere/feed.xml\"/></body></opml>"
    );
    home.file("feeds.opml", list);
    let added = home.run("add feeds.opml --model fake --wait --json");
    assert_eq!(added.code, Some(1), "{added:?}");
    assert_eq!(added.json()["added"].as_array().unwrap().len(), 1, "{added:?}");
    assert!(titles(&home).contains(&"Talk 2".to_owned()));
}

#[test]
fn sound_that_is_here_already_is_one_episode() {
    let (home, web) = (Home::new(), Web::new());
    publish(&web, 1, "<podcast:person>Ann Lee</podcast:person>");
    home.file("mine.wav", wav(8000, 2, 201.0));
    home.json("add mine.wav --model fake --wait");
    home.json(&format!("add {}/feed.xml --allow-private --model fake --wait", web.url));
    assert_eq!(titles(&home), ["Mine"]);
    let detail = home.json("edit Mine --language en");
    // What the user brought stays theirs: removing the show later must not take it away.
    assert_eq!((&detail["show"], &detail["credits"][0]["name"]), (&json!(null), &json!("Ann Lee")));
    assert_eq!(home.json("refresh --queue")["added"], json!([]));
    assert_eq!(home.run("doctor").ok().code, Some(0));
}

#[test]
fn pages_and_other_things_are_no_feeds() {
    let (home, web) = (Home::new(), Web::new());
    let page = "<!doctype html><html><head><title>Talks</title>
        <link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\"></head><body><p>Hello</p></body></html>";
    web.put_file("/", "text/html", page);
    let ran = home.run(&format!("add {}/ --allow-private --queue", web.url));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("/feed.xml"), "{ran:?}");
    web.put_file("/talk", "text/plain", "Peace talks begin.\nNobody knows the end.\n");
    home.json(&format!("add {}/talk --allow-private --title Words --wait", web.url));
    assert_eq!(home.json("search peace")["total"], 1);
}

#[test]
fn a_server_looks_at_feeds_by_itself() {
    let (home, web) = (Home::new(), Web::new());
    publish(&web, 1, "");
    home.json(&format!("add {}/feed.xml --allow-private --model fake --wait", web.url));
    publish(&web, 2, "");
    // Not yet: it was looked at a moment ago.
    let server = home.start("serve --listen 127.0.0.1:0");
    thread::sleep(Duration::from_millis(1500));
    assert_eq!(web.asked("/feed.xml").len(), 1);
    signal(&server, "INT");
    assert_eq!(Ran::from(server.wait_with_output().unwrap()).code, Some(0));
}

#[test]
fn a_feed_that_was_saved_reads_only_what_lies_beside_it() {
    let home = Home::new();
    home.file("secret.txt", "Nobody is to read this.");
    home.file("talks/1.wav", wav(8000, 2, 220.0));
    let secret = home.path("secret.txt").display().to_string();
    let one = item(".", 1, &format!("<podcast:transcript url=\"file://{secret}\" type=\"text/plain\"/>"));
    home.file("talks/feed.xml", feed(&one));
    home.json("add talks/feed.xml --model fake --wait");
    let shown = home.run("show Talk_1").ok().out;
    assert!(shown.contains("one two three") && !shown.contains("published"), "{shown}");

    let list = format!("<opml version=\"2.0\"><body><outline text=\"a\" xmlUrl=\"file://{secret}\"/></body></opml>");
    home.file("feeds.opml", list);
    assert_eq!(home.run("add feeds.opml --model fake --wait --json").code, Some(1));
    assert_eq!(titles(&home), ["Talk 1"]);
}

#[test]
fn a_published_text_of_something_else_is_not_read_first() {
    let home = Home::new();
    home.file("talks/1.wav", wav(8000, 30, 220.0));
    home.file("talks/1.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nSupport us on our page.\n");
    home.file("talks/feed.xml", feed(&item(".", 1, "<podcast:transcript url=\"1.vtt\" type=\"text/vtt\"/>")));
    home.json("add talks/feed.xml --model fake --wait");
    let shown = home.run("show Talk_1").ok().out;
    assert!(shown.contains("one two three") && shown.contains("also transcript"), "{shown}");
    assert_ne!(home.json("search three")["total"], 0);
}
