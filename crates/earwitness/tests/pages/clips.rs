//! Clips: listed, heard within their bounds, followed by others, made right by hand.

use crate::browser::{Browser, Look, story};
use crate::site::{Answer, Site};

const TIME: &str = "document.querySelector('audio').currentTime";
const PAUSED: &str = "return document.querySelector('audio').paused";

/// Ninety seconds of talk, a sentence every five, cut by hand into clips of 30, 5, 25 and 30 seconds; nobody works,
/// so that they stay as they are made here.
fn site() -> Site {
    let mut site = Site::new();
    site.sound("harbour.wav", 90);
    let lines = [
        "The harbour was quiet that night.",
        "Every boat lay at its mooring.",
        "The lamp on the pier was burning bright.",
        "Ada Bright counted the boats again.",
        "She found that one of them was missing.",
        "Nobody had heard it leave the harbour.",
        "This part is brought to you by Lantern Oil.",
        "Now we turn to the weather of the week.",
        "Rain fell on Monday and on Tuesday.",
        "The wind came from the north.",
        "By Friday the fields were under water.",
        "The farmers moved their sheep to the hill.",
        "Later we heard from the library in town.",
        "Its roof had been mended in spring.",
        "The books were carried back by hand.",
        "Children read them on the steps.",
        "The door is open until six.",
        "The harbour is quiet again tonight.",
    ];
    let cue = |(at, line): (usize, &&str)| {
        let clock = |seconds: usize| format!("{:02}:{:02}.000", seconds / 60, seconds % 60);
        format!("{} --> {}\n{line}\n\n", clock(at * 5), clock(at * 5 + 5))
    };
    let cues: String = lines.iter().enumerate().map(cue).collect();
    site.file("harbour.vtt", format!("WEBVTT\n\n{cues}"));
    site.run("add harbour.vtt --title The_harbour --show Talk --date 2020-01-07 --wait");
    site.run("add harbour.wav --queue");
    site.serve(&["--no-work"]);
    let words = |lines: &[&str]| lines.iter().map(|line| line.split(' ').count()).sum::<usize>();
    for part in [12, 7, 6] {
        let first = ids(&site)[0];
        let cut = change(&site, first, &format!("do=split&word={}", words(&lines[..part])));
        assert_eq!(cut.status, 303, "{}", cut.text());
    }
    assert_eq!(ids(&site).len(), 4);
    site
}

/// The clips of the episode, in order.
fn ids(site: &Site) -> Vec<u32> {
    let page = site.get("/e/1").text();
    let (_, list) = page.split_once("<nav id=\"clips\"").unwrap();
    let (list, _) = list.split_once("</nav>").unwrap();
    let links = list.split("href=\"/c/").skip(1);
    links.map(|link| link.split('"').next().unwrap().parse().unwrap()).collect()
}

/// The fields of a clip's forms, as its page has them.
fn made_for(site: &Site, clip: u32) -> String {
    let page = site.get(&format!("/c/{clip}")).text();
    let value = |name: &str| {
        let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
        Some(format!("&{name}={}", rest.split('"').next()?))
    };
    ["transcript", "first", "end", "state"].into_iter().filter_map(value).collect()
}

/// Changes a clip as its page does.
fn change(site: &Site, clip: u32, form: &str) -> Answer {
    site.post(&format!("/c/{clip}"), &format!("{form}{}", made_for(site, clip)))
}

fn is_heard(site: &Site, clip: u32) -> bool {
    site.get(&format!("/c/{clip}")).text().contains("<span id=\"was-heard\">")
}

async fn open_clip(browser: &Browser, clip: u32) {
    browser.open(&format!("/c/{clip}")).await;
    browser.until("the queue to be ready", "return 'queue' in document.documentElement.dataset").await;
}

#[test]
fn a_clip_plays_to_its_end_and_leads_on() {
    let site = site();
    let ids = ids(&site);
    story(&site.url, Look::default(), async |browser| {
        open_clip(browser, ids[1]).await;
        let shown = browser.text("#transcript").await;
        assert!(shown.contains("Lantern Oil") && !shown.contains("weather"), "{shown}");
        assert_eq!(browser.text(".controls .total").await, "/ 0:05");
        let next = browser.text(".upnext a[data-sound]").await;
        assert_eq!(browser.text(".queue .playing").await, format!("Next: {next}"));
        let address = browser.find(".upnext a[data-sound]").await.attr("href").await.unwrap().unwrap();

        // Three times as fast, so that nobody has to wait.
        browser.script("document.querySelector('audio').playbackRate = 3").await;
        browser.click(".controls .play").await;
        browser.until("sound", &format!("return {TIME} > 30.5")).await;
        browser.until("the end of the clip", &format!("{PAUSED} && {TIME} > 34.5")).await;
        let end = browser.number(TIME).await;
        assert!((end - 35.0).abs() < 0.4, "{end}");
        browser.until("the mark", "return !document.getElementById('was-heard').hidden").await;
        assert!(is_heard(&site, ids[1]));
        assert_eq!(browser.place().await, format!("/c/{}", ids[1]), "nobody asked to play on");

        // Again, and on by itself; the first countdown is stopped.
        browser.click("#play-on").await;
        browser.keys("[").await;
        browser.script("document.querySelector('audio').playbackRate = 3").await;
        browser.click(".controls .play").await;
        browser.until_shows(".queue .playing", "Next in ").await;
        browser.keys("x").await;
        browser.until_shows("#announce", "Stopped").await;
        browser.until_shows(".queue .playing", &format!("Next: {next}")).await;
        browser.click(".controls .play").await;
        browser.until_shows("#announce", "Next in 3 seconds").await;
        browser.until_place(&address).await;
        browser.until("the queue to be ready", "return 'queue' in document.documentElement.dataset").await;
        assert_eq!(browser.script("return document.getElementById('play-on').checked").await, true);
        browser.keys("p").await;
        browser.until_place(&format!("/c/{}", ids[1])).await;
    });
}

#[test]
fn words_play_and_what_is_skipped_counts_as_heard() {
    let site = site();
    let ids = ids(&site);
    story(&site.url, Look::default(), async |browser| {
        open_clip(browser, ids[2]).await;
        // The words keep the numbers that they have in the episode.
        let word = browser.number("Number(document.querySelector('.w').dataset.i)").await;
        assert!(word > 40.0, "{word}");
        browser.click(".summary .clock, #transcript .clock").await;
        browser.until("sound", &format!("return {TIME} >= 35 && {TIME} < 60")).await;
        browser.keys(" ").await;
        browser.until("a pause", PAUSED).await;
        browser.script("document.querySelector('audio').currentTime = 36").await;
        browser.keys("\u{E012}\u{E012}").await;
        browser.until("no more than the clip", &format!("return Math.abs({TIME} - 35) < 0.2")).await;
        browser.click("#skip").await;
        browser.until("another clip", &format!("return location.pathname !== '/c/{}'", ids[2])).await;
        assert!(is_heard(&site, ids[2]));
    });
}

#[test]
fn clips_are_made_right_by_hand() {
    let site = site();
    let ids = ids(&site);
    story(&site.url, Look::default(), async |browser| {
        open_clip(browser, ids[0]).await;
        browser.script("document.getElementById('adjust').open = true").await;
        let headline = browser.find("#adjust input[name=headline]").await;
        headline.clear().await.unwrap();
        headline.send_keys("A boat is missing\u{E007}").await.unwrap();
        browser.until_shows(".notice", "It has your headline now").await;
        assert_eq!(browser.text("h1").await, "A boat is missing");
        assert_eq!(browser.text("h1 + .facts + .origin").await, "Written by you");
        browser.script("document.querySelector('#adjust button[value=undo]').click()").await;
        browser.until_shows(".notice", "The headline of “").await;
        assert_ne!(browser.text("h1").await, "A boat is missing");

        // The arrow keys choose the sentence before; the form moves the edge to it.
        browser.script("document.querySelector('.edge input:checked').focus()").await;
        browser.keys("\u{E013}").await;
        browser.script("document.activeElement.form.requestSubmit()").await;
        browser.until_shows(".notice", "Its edge is where you put it").await;
        assert!(!browser.text("#transcript").await.contains("Nobody had heard it leave"));
        assert!(browser.text(".facts").await.contains("from 0:00 to 0:25"), "{}", browser.text(".facts").await);
        // Its neighbour has what it lost; a button brings it back.
        let later =
            "[...document.querySelectorAll('.edge button')].find((button) => button.textContent.includes('later'))";
        browser.script(&format!("{later}.click()")).await;
        browser.until_shows(".facts", "from 0:00 to 0:30").await;
    });
}

#[test]
fn advertisements_are_folded_until_they_are_wanted() {
    let site = site();
    let ids = ids(&site);
    assert_eq!(change(&site, ids[1], "do=advertisement").status, 303);
    let open = "return [...document.querySelectorAll('details.advert')].map((advert) => advert.open).join()";
    story(&site.url, Look::default(), async |browser| {
        browser.open_live("/e/1").await;
        assert_eq!(browser.text(".contents .aside summary").await, "Advertisement, 0:05");
        assert_eq!(browser.script(open).await, "false,false");
        assert_eq!(browser.script("return document.querySelectorAll('.part > h3').length").await, 3);
        browser.click("#adverts").await;
        assert_eq!(browser.script(open).await, "true,true");
        assert_eq!(browser.text("#adverts").await, "Hide advertisements");
        browser.open_live("/e/1").await;
        browser.until("what was wanted to be remembered", &format!("{open} === 'true,true'")).await;
        browser.click("#adverts").await;
        // A link to a moment within one shows it.
        browser.open_live("/e/1#t=31").await;
        browser.until("the moment", "return Boolean(document.querySelector('details[open].part .here'))").await;
    });
    story(&site.url, Look { script: false, ..Look::default() }, async |browser| {
        browser.open("/e/1").await;
        browser.click("#adverts").await;
        assert!(browser.place().await.starts_with("/e/1?adverts=1"));
        assert!(browser.text("details.part.advert").await.contains("Lantern Oil"));
    });
}

#[test]
fn clips_are_read_and_changed_without_script() {
    let site = site();
    let ids = ids(&site);
    let page = site.get(&format!("/c/{}", ids[0])).text();
    for part in [
        "<meta property=\"og:title\" content=\"",
        "#t=0,30\"",
        "Ada Bright counted",
        "Coming up next",
        "href=\"/e/1?t=0#t=0\"",
        "name=\"then\" value=\"/c/",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let (_, said) = page.split_once("<div id=\"transcript\"").unwrap();
    assert!(!said.split("</div>").next().unwrap().contains("brought to you"), "{page}");
    let contents = site.get("/e/1").text();
    assert!(contents.contains("<h2 id=\"clips-title\">Clips <small>4</small>"), "{contents}");

    let skipped = site.post(&format!("/c/{}/heard", ids[0]), "heard=1&then=%2Fc%2F2%23play");
    assert_eq!((skipped.status, skipped.header("location")), (303, "/c/2#play"));
    assert!(is_heard(&site, ids[0]) && site.get("/e/1").text().contains("<span>heard</span>"));
    site.post(&format!("/c/{}/heard", ids[0]), "heard=0");
    assert!(!is_heard(&site, ids[0]));

    // What can't be done is told on the page.
    let fault = change(&site, ids[3], "do=join");
    assert_eq!(fault.status, 400);
    assert!(fault.text().contains("last clip") && fault.text().contains("Adjust this clip"), "{}", fault.text());
    assert_eq!(site.post(&format!("/c/{}", ids[0]), "do=nothing").status, 400);
    assert_eq!(site.post(&format!("/c/{}", ids[0]), "do=join").status, 400, "made for no clip that is named");
    assert_eq!(site.post("/c/999", "do=join&transcript=1&first=0&end=9").status, 404);
    assert_eq!(site.get("/c/999").status, 404);
    assert_eq!(site.get("/c/x").status, 404);
    let stranger = [("Origin", "http://evil.example"), ("Content-Type", "application/x-www-form-urlencoded")];
    let form = format!("form_token={}&do=join", site.form_token());
    assert_eq!(site.ask("POST", &format!("/c/{}", ids[0]), &stranger, form.as_bytes()).status, 403);

    // Two become one, and the address of the one that is gone leads there.
    let joined = change(&site, ids[0], "do=join");
    assert_eq!((joined.status, joined.header("location")), (303, format!("/c/{}?done=joined#adjust", ids[0]).as_str()));
    let gone = site.get(&format!("/c/{}", ids[1]));
    assert_eq!((gone.status, gone.header("location")), (303, format!("/c/{}", ids[0]).as_str()));
}

#[test]
fn forms_change_only_the_clip_that_they_were_made_for() {
    let site = site();
    let ids = ids(&site);
    let path = format!("/c/{}", ids[0]);
    let stale = made_for(&site, ids[0]);
    let [first, second] = [0; 2].map(|_| site.post(&path, &format!("do=join{stale}")));
    assert_eq!((first.status, second.status), (303, 409));
    assert_eq!(self::ids(&site).len(), 3);
    let told = "This clip was changed meanwhile, in another window perhaps: here it is as it is now.";
    assert!(second.text().contains(told) && second.text().contains("Lantern Oil"), "{}", second.text());
    // The address of what was joined leads to the whole, which is no clip of that form.
    let gone = site.post(&format!("/c/{}", ids[1]), &format!("do=advertisement{stale}"));
    assert_eq!(gone.status, 409);
    assert!(gone.text().contains(&format!("action=\"{path}\"")), "{}", gone.text());

    // The second click on undo does not take back what was done before.
    let made_for = made_for(&site, ids[0]);
    let undone = site.post(&path, &format!("do=undo{made_for}"));
    assert!(undone.header("location").contains("done=undone&what=join&of="), "{}", undone.head);
    assert_eq!(site.post(&path, &format!("do=undo{made_for}")).status, 409);
    assert_eq!(self::ids(&site).len(), 4);
    let told = site.get(undone.header("location").split('#').next().unwrap()).text();
    assert!(told.contains("<p>The join of “") && told.contains("is taken back."), "{told}");
}

#[test]
fn headlines_are_kept_as_typed_until_they_are_taken() {
    let site = site();
    let clip = ids(&site)[0];
    let long = "harbour+".repeat(20);
    let refused = change(&site, clip, &format!("do=rename&headline={long}"));
    assert_eq!(refused.status, 400);
    let page = refused.text();
    assert!(page.contains("159 characters, and 90 is the most"), "{page}");
    assert!(page.contains(&format!("value=\"{}\"", long.replace('+', " ").trim())), "{page}");

    let page = site.get(&format!("/c/{clip}")).text();
    let (_, field) = page.split_once("<input name=\"headline\"").unwrap();
    let headline = field.split_once("value=\"").unwrap().1.split('"').next().unwrap().replace(' ', "+");
    let same = change(&site, clip, &format!("do=rename&headline={headline}"));
    assert_eq!(same.header("location"), format!("/c/{clip}?done=same#adjust"));
    assert!(!site.get(&format!("/c/{clip}")).text().contains("Written by you"));
}

#[test]
fn copied_moments_are_of_the_episode() {
    let site = site();
    let ids = ids(&site);
    let found = site.get("/search?q=sheep").text();
    let (_, link) = found.split_once("in the clip <a href=\"").unwrap();
    let link = link.split('"').next().unwrap().to_owned();
    assert!(link.starts_with(&format!("/c/{}?t=5", ids[2])) && link.contains("#t=5"), "{link}");
    story(&site.url, Look::default(), async |browser| {
        browser.open(&link).await;
        browser.until_shows("#transcript .here", "The farmers moved their sheep to the hill").await;
        browser.script("navigator.clipboard.writeText = async (text) => (window.copied = text)").await;
        browser.click("#copy-link").await;
        browser.until_shows("#announce", "Link copied").await;
        assert_eq!(browser.script("return window.copied").await, format!("{}/e/1#t=35,60", site.url));
        // Focus stays where the mark was set.
        browser.script("document.querySelector('form.heard button').focus()").await;
        browser.keys("\u{E007}").await;
        browser.until_shows("#announce", "Marked as heard").await;
        assert_eq!(browser.script("return document.activeElement.textContent").await, "Mark as not heard");
        assert!(is_heard(&site, ids[2]));
        // A moment of another clip is met in the episode.
        browser.script(&format!("location.href = '/c/{}#t=61'", ids[2])).await;
        browser.until("the episode", "return location.pathname === '/e/1' && location.hash === '#t=61'").await;
    });
}

#[test]
fn clips_are_met_elsewhere() {
    let site = site();
    let first = site.get("/").text();
    assert!(first.contains("New clips") && first.contains("href=\"/trends\""), "{first}");
    let found = site.get("/search?q=sheep").text();
    assert!(found.contains("in the clip <a href=\"/c/") && found.contains("adverts=1"), "{found}");
    let trends = site.get("/trends").text();
    assert!(trends.contains("aria-label=\"2 in 1 week") && trends.contains("from 6 January 2020"), "{trends}");
    assert!(trends.contains("harbour"), "{trends}");
    assert_eq!(site.get("/trends?by=year").status, 400);
    assert_eq!(site.get("/trends?kind=places&by=day&show=1").status, 200);
    let empty = Site::new_served();
    assert!(empty.get("/trends").text().contains("Nothing to show yet"));
    // What is to be typed means the library that is served.
    assert!(empty.get("/").text().contains("<pre>earwitness add ~/Podcasts"));
    let mut other = Site::new();
    let folder = other.path("other").display().to_string();
    other.serve(&["--no-work", "--library", &folder]);
    let advice = other.get("/").text();
    assert!(advice.contains("<pre>earwitness --library &#39;/") && advice.contains("other&#39; add"), "{advice}");
}

impl Site {
    fn new_served() -> Self {
        let mut site = Self::new();
        site.serve(&["--no-work"]);
        site
    }
}

#[test]
fn search_tells_what_advertisements_hold() {
    let mut site = Site::new();
    site.file(
        "oil.txt",
        "Lantern Oil burns bright and long. It keeps every harbour safe at night. Ask for it in town.",
    );
    site.run("add oil.txt --title Oil --wait");
    let clips = site.run("clips oil --adverts");
    let clip = clips["clips"][0]["id"].as_str().unwrap_or_else(|| panic!("{clips}"));
    site.run(&format!("clips kind {clip} advertisement"));
    site.run("work");
    site.serve(&["--no-work"]);
    let found = site.get("/search?q=lantern").text();
    assert!(found.contains("Nothing found") && found.contains("Search advertisements too: 1 more</a>"), "{found}");
    let found = site.get("/search?q=lantern&adverts=1").text();
    assert!(found.contains("1 moment") && found.contains("Leave out advertisements</a>"), "{found}");
}
