//! What people come for: adding, finding, editing.

use crate::browser::{Look, story};
use crate::site::Site;

/// The fake recogniser is no model that the form knows, so the test says it itself.
const FAKE_MODEL: &str = "const model = document.createElement('input'); model.type = 'hidden'; model.name = 'model';
    model.value = 'fake'; document.getElementById('add').append(model)";

#[test]
fn an_upload_becomes_an_episode() {
    let mut site = Site::new();
    site.serve(&[]);
    let sound = site.sound("harbour_talk.wav", 30);
    story(&site.url, Look::default(), async |browser| {
        browser.open_live("/").await;
        browser.until_shows("h2", "Three ways to begin").await;
        browser.script(FAKE_MODEL).await;
        browser.find("#add input[type=file]").await.send_keys(&sound.display().to_string()).await.unwrap();
        browser.click("#add button.main").await;
        browser.until_shows("#uploads a", "Harbour talk").await;
        browser.until_shows("#recent .title", "Harbour talk").await;
        browser.until("the work to end", "return !document.querySelector('[data-working]')").await;
        browser.until("the list to be as the work", "return !document.querySelector('#recent .state')").await;
        browser.click("#recent .title").await;
        browser.until_shows("#transcript p", "two three four").await;
        assert!(browser.place().await.starts_with("/e/1"));
        assert!(browser.text(".origin").await.contains("Recognised by fake on this machine"));
    });
}

#[test]
fn files_that_are_no_sound_say_so() {
    let mut site = Site::new();
    site.serve(&["--no-work"]);
    let program = site.file("program.exe", b"MZ\0\x01\xff\xfe\0\0\x03");
    story(&site.url, Look::default(), async |browser| {
        browser.open_live("/").await;
        browser.find("#add input[type=file]").await.send_keys(&program.display().to_string()).await.unwrap();
        browser.click("#add button.main").await;
        browser.until_shows("#uploads .bad", "program.exe").await;
        let said = browser.text("#uploads .bad .label").await;
        assert!(said.ends_with('.') && said.len() > 20, "{said}");
    });
}

#[test]
fn finding_leads_to_the_page_and_the_moment() {
    let site = Site::with_talk();
    story(&site.url, Look::default(), async |browser| {
        browser.open_live("/").await;
        browser.find("#q").await.send_keys("\"three four\" show:numbers\u{E007}").await.unwrap();
        browser.until_shows(".hit mark", "three four").await;
        assert_eq!(browser.text(".hit .facts").await, "The long count Numbers 7 January 2020");
        browser.click(".hit .facts a").await;
        browser.find("html[data-ready]").await;
        let place = browser.place().await;
        assert!(place.starts_with("/e/1?t=") && place.contains("#t="), "{place}");
        let marked = browser.text(".here").await;
        assert!(marked.contains("three four"), "{marked}");
        let moment: f64 = place.rsplit('=').next().unwrap().parse().unwrap();
        let cued = browser.number("document.querySelector('audio').currentTime").await;
        assert!((cued - moment).abs() < 0.3, "{cued} {moment}");

        browser.open("/search?q=threee&by=words").await;
        browser.until_shows(".notice", "Nobody said “threee”; showing “three").await;
        browser.open("/search?q=zebra").await;
        browser.until_shows(".tips", "these words in this order").await;
        browser.open("/e/1?q=seven").await;
        browser.until_shows(".moments h2", "“seven”:").await;
        assert!(browser.number("document.querySelectorAll('#transcript mark').length").await > 5.0);
    });
}

#[test]
fn without_script_everything_can_be_read_and_heard() {
    let site = Site::with_talk();
    let look = Look { script: false, ..Look::default() };
    story(&site.url, look, async |browser| {
        browser.open("/").await;
        browser.find("#q").await.send_keys("seven\u{E007}").await.unwrap();
        assert!(browser.text(".hit mark").await.contains("seven"));
        browser.click(".hit > a").await;
        let marked = browser.text(".here").await;
        assert!(marked.contains("seven"), "{marked}");
        let sound = browser.find("audio[controls]").await.attr("src").await.unwrap().unwrap();
        assert!(sound.starts_with("/sound/1#t="), "{sound}");
        let (_, top, _, _) = browser.find(".here").await.rectangle().await.unwrap();
        assert!(top > 0.0);
        browser.click(".clock").await;
        assert!(browser.place().await.starts_with("/e/1?t="));
        browser.open("/e/1/edit").await;
        let title = browser.find("input[name=title]").await;
        title.clear().await.unwrap();
        title.send_keys("Renamed\u{E007}").await.unwrap();
        browser.until_place("/e/1").await;
        assert_eq!(browser.text("h1").await, "Renamed");
        browser.open("/e/1/remove").await;
        browser.click("button.danger").await;
        browser.until_place("/").await;
        assert!(browser.text(".empty h2").await.contains("Nothing here yet"));
    });
}
