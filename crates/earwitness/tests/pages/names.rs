//! Names: what was misheard is heard, decided and undone; names are looked at and changed.

use crate::browser::{Browser, Look, story};
use crate::site::Site;
use serde_json::json;

const FOCUSED: &str = "document.activeElement.dataset.heard";

/// Sound and a transcript in which two names were heard as other words, three times; nobody has decided.
fn site() -> Site {
    let mut site = Site::new();
    site.sound("vote.wav", 60);
    site.file(
        "vote.vtt",
        "WEBVTT\n\n00:01.000 --> 00:05.000\nThey said that sola money had left.\n\n\
         00:08.000 --> 00:12.000\nNobody mourned Sola Money, it seems.\n\n\
         00:20.000 --> 00:24.000\nThe strike was ordered by doll trump at noon.\n",
    );
    site.run("add vote.vtt --title The_vote --wait");
    site.run("add vote.wav --queue");
    for line in [
        "correct Soleimani --heard sola_money --at 0:02 --kind person",
        "correct Soleimani --heard sola_money --at 0:10 --kind person",
        "correct Trump --heard doll_trump --kind person",
    ] {
        let done = site.run(&format!("names 1 {line}"));
        site.run(&format!("names 1 undo {}", done["repairs"][0].as_str().unwrap()));
    }
    // Nothing is worked on, so that the list stays as it was made here.
    site.serve(&["--no-work"]);
    site
}

fn states(site: &Site) -> Vec<String> {
    let names = site.run("names 1");
    let repairs = names["repairs"].as_array().unwrap();
    repairs.iter().map(|repair| repair["state"].as_str().unwrap().to_owned()).collect()
}

async fn until_announced(browser: &Browser, text: &str) {
    browser.until_shows("#announce", text).await;
}

#[test]
fn keys_walk_hear_decide_and_undo() {
    let site = site();
    story(&site.url, Look::default(), async |browser| {
        browser.open_live("/e/1").await;
        assert!(browser.text("#check > summary").await.contains("3 to check"));
        browser.keys("n").await;
        browser.until("the list to be open", "return document.getElementById('check').open").await;
        let first = browser.script(&format!("return {FOCUSED}")).await;
        browser.keys("j").await;
        browser.until("the next", &format!("return {FOCUSED} !== null")).await;
        browser.keys("k").await;
        assert_eq!(browser.script(&format!("return {FOCUSED}")).await, first);

        // A second before the words, up to a second after.
        let stretch = browser.script("return {...document.activeElement.dataset}").await;
        browser
            .script("HTMLMediaElement.prototype.play = async function () { window.played = this.currentTime }")
            .await;
        browser.keys("p").await;
        browser.until("sound", "return window.played !== undefined").await;
        let from: f64 = stretch["start"].as_str().unwrap().parse().unwrap();
        assert!((browser.number("window.played").await - (from - 1.0).max(0.0)).abs() < 0.2);

        // Whichever comes first, it is walked to by what was heard.
        browser
            .script(
                "[...document.querySelectorAll('.repair')].find((row) => row.dataset.meant === 'Soleimani').focus()",
            )
            .await;
        browser.keys("A").await;
        until_announced(browser, "Accepted: “sola money” → Soleimani. 1 to check.").await;
        browser.until_shows("#transcript .repaired", "Soleimani").await;
        let told = browser.script("return document.querySelector('.repaired').title").await;
        assert_eq!(told, "heard: sola money");
        assert_eq!(browser.script(&format!("return {FOCUSED}")).await, "doll trump");
        assert_eq!(browser.script("return document.querySelectorAll('.repaired').length").await, 2);
        // The words after it are still those that play.
        let words =
            browser.script("return [...document.querySelectorAll('.w')].map((word) => word.dataset.i).join()").await;
        let count = words.as_str().unwrap().split(',').count();
        assert_eq!(words, (0..count).map(|at| at.to_string()).collect::<Vec<_>>().join(","));

        browser.keys("r").await;
        until_announced(browser, "Nothing is left to check").await;
        browser.keys("u").await;
        until_announced(browser, "Undone: “doll trump” → Trump. 1 to check.").await;
        browser.open("/e/1?heard=1").await;
        assert!(!browser.text("#transcript").await.contains("Soleimani"));
    });
    assert_eq!(states(&site), ["accepted", "accepted", "proposed"]);
}

#[test]
fn without_script_forms_decide() {
    let site = site();
    story(&site.url, Look { script: false, ..Look::default() }, async |browser| {
        browser.open("/e/1?names=check#check").await;
        let row = browser.find(".repair").await.attr("id").await.unwrap().unwrap();
        browser.click(".repair button[value=accept]").await;
        browser.until_shows(".repaired", "").await;
        assert!(browser.place().await.starts_with("/e/1?names=check#r"), "{}", browser.place().await);
        browser.click("#decided > summary").await;
        browser.click(&format!("#{row}.decided button[value=undo]")).await;
        browser.until_shows("#check > summary", "3 to check").await;
        assert!(browser.place().await.ends_with(&format!("#{row}")));
    });
    assert_eq!(states(&site), ["proposed", "proposed", "proposed"]);
}

#[test]
fn decisions_need_a_form_of_ours_and_a_repair_of_the_episode() {
    let site = site();
    let repair = site.run("names 1")["repairs"][0]["id"].as_str().unwrap().to_owned();
    let stranger = [("Origin", "http://evil.example"), ("Content-Type", "application/x-www-form-urlencoded")];
    let form = format!("form_token={}&repair={repair}&verdict=accept", site.form_token());
    assert_eq!(site.ask("POST", "/e/1/names", &stranger, form.as_bytes()).status, 403);
    for (form, status, expected) in [
        ("repair=999&verdict=accept".to_owned(), 404, "load the page again"),
        (format!("repair={repair}&verdict=maybe"), 400, "decides nothing"),
        ("verdict=accept".to_owned(), 400, "decides nothing"),
    ] {
        let answer = site.post("/e/1/names", &form);
        assert!(answer.status == status && answer.text().contains(expected), "{form}: {answer:?}");
    }
    assert_eq!(states(&site), ["proposed", "proposed", "proposed"]);
    let answer = site.post("/e/1/names", &format!("repair={repair}&verdict=refuse+episode&next="));
    assert_eq!((answer.status, answer.header("location")), (303, "/e/1?names=check#check"));
}

#[test]
fn names_are_found_and_changed() {
    let site = site();
    let added = site.post("/names", "name=Qasem+Soleimani&kind=person");
    let here = added.header("location").split('?').next().unwrap().to_owned();
    assert!(site.get(added.header("location")).text().contains("It is followed"));
    assert_eq!(site.get("/people").header("location"), "/names?kind=person");
    let listed = site.get("/names?q=qasem&kind=person").text();
    assert!(listed.contains(&format!("href=\"{here}\"")) && listed.contains("1 name"), "{listed}");
    assert!(site.get("/names?kind=place&q=qasem").text().contains("No name is like this"));
    for (form, status, expected) in [
        ("do=rename&name=General+Soleimani", 303, "done=renamed"),
        ("do=kind&kind=thing", 303, "done=kind"),
        ("do=unfollow", 303, "done=unfollowed"),
        ("do=follow", 303, "done=followed"),
        ("do=rename&name=", 400, "no name is written"),
        ("do=nothing", 400, "This changes nothing"),
        ("do=merge&other=Nobody+At+All", 404, "no other name has the spelling"),
        ("do=merge&other=Trump", 200, "Make “Trump” part of “General Soleimani”?"),
        ("do=split", 400, "no name is written or chosen"),
        ("do=split&spelling-0=Qasem+Soleimani", 303, "done=split"),
        ("do=kind&kind=animal", 400, "It is one of person"),
        ("do=rename&name=A%07nn", 400, "control character"),
        ("do=forget", 303, "done=forgotten"),
        ("do=recall", 303, "done=recalled"),
        ("do=merge&other=Trump&sure=1", 303, "done=merged"),
    ] {
        let answer = site.post(&here, form);
        let told = format!("{}{}", answer.header("location"), answer.text().to_lowercase());
        assert_eq!(answer.status, status, "{form}: {told}");
        assert!(told.contains(&expected.to_lowercase()), "{form}: {told}");
    }
    assert!(site.get(&here).text().contains("Trump"));
    assert_eq!(site.get("/names/999").status, 404);
}

#[test]
fn the_last_change_is_taken_back_by_a_button() {
    let site = site();
    let added = site.post("/names", "name=Qasem+Soleimani");
    let here = added.header("location").split('?').next().unwrap().to_owned();
    site.post(&here, "do=forget");
    assert!(site.get("/names").text().contains("<summary>Forgotten <small>1</small>"));
    story(&site.url, Look { script: false, ..Look::default() }, async |browser| {
        browser.open(&here).await;
        assert_eq!(browser.text(".undo button").await, "Undo forgetting “Qasem Soleimani”");
        browser.click(".undo button").await;
        browser.until_place(&format!("{here}?done=undone")).await;
        browser.until_shows(".notice", "That is taken back").await;
        assert_eq!(browser.text(".undo button").await, "Undo adding “Qasem Soleimani”");
    });
    // A page that was loaded before somebody did something else takes nothing back.
    for (form, status) in [("number=1", 404), ("number=x", 400), ("", 400)] {
        assert_eq!(site.post("/names/undo", form).status, status, "{form}");
    }
    let away = site.post("/names/undo", "number=999&back=//evil.example/");
    assert_eq!(away.status, 404);
}

#[test]
fn all_that_are_very_likely_are_accepted_at_once() {
    let site = site();
    let repairs = site.run("names 1")["repairs"].as_array().unwrap().len();
    assert_eq!(repairs, 3);
    for script in [true, false] {
        story(&site.url, Look { script, ..Look::default() }, async |browser| {
            browser.open("/e/1?names=check").await;
            assert_eq!(browser.text(".likely button").await, "Accept all very likely: 3…");
            browser.click(".likely button").await;
            browser.until_shows("#likely h2", "Accept all 3 that are very likely?").await;
            browser.click("#likely button").await;
            browser.until_shows("#check .notice", "3 are accepted").await;
            browser.until_shows(".repaired", "Soleimani").await;
            assert_eq!(browser.text("#check .undo button").await, "Undo the last decision, on 3 repairs");
            browser.click("#check .undo button").await;
            browser.until_shows("#check > summary", "3 to check").await;
        });
        assert_eq!(states(&site), ["proposed", "proposed", "proposed"]);
    }
}

#[test]
fn addresses_that_ask_for_nothing_are_told() {
    let site = site();
    for (path, expected) in [
        ("/names?kind=xyz", "person, place"),
        ("/names?page=-1", "counted from 1"),
        ("/names?page=many", "counted from 1"),
        ("/search?q=x&page=0", "counted from 1"),
        ("/search?q=x&by=smell", "words, sound"),
        ("/search?q=x&order=size", "newest"),
    ] {
        let answer = site.get(path);
        assert!(
            answer.status == 400 && answer.text().contains(expected),
            "{path}: {} {}",
            answer.status,
            answer.text()
        );
    }
    assert_eq!(site.get("/names?kind=&page=&q=").status, 200);
}

#[test]
fn names_are_found_by_sound_within_an_episode() {
    let site = site();
    let page = site.get("/e/1?q=solamoney").text();
    assert!(page.contains("“solamoney”: 2 moments") && page.contains("heard: “sola money”"), "{page}");
}

#[test]
fn hostile_names_stay_text() {
    let site = site();
    let hostile = "<img src=x onerror=alert(1)>\"'&";
    let escaped = "name=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E%22%27%26";
    let here = site.post("/names", escaped).header("location").split('?').next().unwrap().to_owned();
    let done = site.run("names 1 correct <script>alert(1)</script> --heard doll_trump");
    assert_eq!(done["state"], "accepted");
    for path in [here.as_str(), "/names", "/e/1", "/search?q=%3Cimg+src%3Dx%3E&by=sound"] {
        let page = site.get(path).text();
        assert!(!page.contains("<img src=x") && !page.contains("<script>alert"), "{path}: {page}");
    }
    story(&site.url, Look::default(), async |browser| {
        browser.open(&here).await;
        assert_eq!(browser.text("h1").await, hostile);
        browser.open_live("/e/1").await;
        browser.until_shows(".repaired", "<script>alert(1)</script>").await;
    });
}

#[test]
fn words_of_a_hit_are_put_right() {
    let site = site();
    let transcript = site.run("names 1")["transcript_id"].as_str().unwrap().to_owned();
    let form = format!("transcript={transcript}&from=3&to=5&meant=Soleimani&back=/search%3Fq%3Dsoleimani");
    let answer = site.post("/e/1/meant", &form);
    assert_eq!((answer.status, answer.header("location")), (303, "/search?q=soleimani&meant=1"));
    assert!(site.get("/e/1").text().contains("class=\"repaired\" title=\"heard: sola money\""));
    let over = form.replace("to=5", "to=4").replace("meant=Soleimani", "meant=Solomon");
    let answer = site.post("/e/1/meant", &over);
    let place = answer.header("location").to_owned();
    assert!(place.starts_with("/search?q=soleimani&meant=1&instead="), "{place}");
    let told = site.get(&place).text();
    assert!(told.contains("“sola money” → Soleimani was accepted there, and no longer is"), "{told}");
    assert!(told.contains("Undo the correction “sola” → Solomon"), "{told}");
    for (form, status) in [("from=3&to=5&meant=x", 400), ("transcript=99&from=3&to=5&meant=x", 404)] {
        assert_eq!(site.post("/e/1/meant", form).status, status, "{form}");
    }
    let away = site.post("/e/1/meant", &form.replace("/search%3F", "//evil.example/%3F"));
    assert!(away.header("location").starts_with("/?meant=1"), "{}", away.header("location"));
}

#[test]
fn names_fit_small_dark_phones_and_can_be_read() {
    let site = site();
    let id = site.run("names list")["names"][0]["id"].as_str().unwrap().to_owned();
    let pages = ["/e/1?names=check".to_owned(), "/names".into(), format!("/names/{id}"), "/search?q=soleimani".into()];
    for look in [Look { dark: true, phone: Some(360), ..Look::default() }, Look::default()] {
        story(&site.url, look, async |browser| {
            for path in &pages {
                browser.open(path).await;
                browser.script("for (const part of document.querySelectorAll('main details')) part.open = true").await;
                let width = browser.number("document.documentElement.scrollWidth - innerWidth").await;
                assert!(width <= 0.0, "{path} is {width} pixels too wide");
                let faint = browser.script(include_str!("contrast.js")).await;
                assert_eq!(faint, json!([]), "{path}, dark: {}", look.dark);
                let nameless =
                    "return [...document.querySelectorAll('main :is(button, a, input:not([type=hidden]), select)')]
                    .filter((one) => !(one.ariaLabel || one.textContent.trim() || one.labels?.length)).length";
                assert_eq!(browser.script(nameless).await, 0, "{path} has controls without a name");
            }
        });
    }
}

#[test]
fn what_sounds_like_a_name_is_found_and_put_right() {
    let site = site();
    story(&site.url, Look { script: false, ..Look::default() }, async |browser| {
        browser.open("/search?q=solamoney").await;
        browser.until_shows(".heard-as li", "“sola money” ×2").await;
        browser.until_shows(".facts", "heard: “sola money”, very likely solamoney").await;
        browser.click(".right > summary").await;
        let meant = browser.find(".meant input[name=meant]").await;
        meant.clear().await.unwrap();
        meant.send_keys("Soleimani").await.unwrap();
        browser.click(".meant button").await;
        browser.until_place("/search?q=solamoney&meant=1").await;
        browser.until_shows(".notice", "It reads as you say now").await;
        browser.open("/search?q=solamoney&by=words").await;
        assert!(browser.text(".matching [aria-current]").await == "Words");
        assert_eq!(browser.script("return document.querySelectorAll('.hit').length").await, 0);
    });
    assert_eq!(states(&site).iter().filter(|state| *state == "accepted").count(), 1);
}
