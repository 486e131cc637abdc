//! How the pages look and how much they weigh.

use crate::browser::{Look, story};
use crate::site::Site;
use std::env;

const PAGES: [&str; 12] = [
    "/",
    "/search?q=three",
    "/search?q=",
    "/search?q=%22open",
    "/e/1?q=seven",
    "/c/1?done=split",
    "/names",
    "/trends",
    "/e/1/edit",
    "/shows/1",
    "/jobs?all=1",
    "/nothing",
];

/// The most a page may weigh without its sound, in bytes.
const WEIGHT: f64 = 100_000.0;

#[test]
fn pages_fit_a_small_dark_phone() {
    let site = Site::with_talk();
    let look = Look { dark: true, phone: Some(360), ..Look::default() };
    story(&site.url, look, async |browser| {
        for path in PAGES {
            browser.open(path).await;
            assert_eq!(browser.number("innerWidth").await, 360.0);
            let width = browser.number("document.documentElement.scrollWidth").await;
            assert!(width <= 360.0, "{path} is {width} pixels wide");
            let dark = browser.script("return getComputedStyle(document.body).backgroundColor").await;
            assert_eq!(dark, "rgb(24, 22, 19)", "{path}");
        }
    });
}

#[test]
fn pages_are_light_and_quick() {
    let mut site = Site::new();
    // Half an hour of talk is an ordinary episode.
    site.sound("talk.wav", 1800);
    site.run("add talk.wav --model fake --wait");
    site.serve(&["--no-work"]);
    story(&site.url, Look::default(), async |browser| {
        for path in ["/", "/search?q=three", "/e/1"] {
            browser.open_live(path).await;
            let weight = browser
                .number(
                    "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
                     .filter((entry) => !entry.name.includes('/sound/')).reduce((sum, entry) => sum + entry.encodedBodySize, 0)",
                )
                .await;
            browser
                .until("the first paint", "return performance.getEntriesByName('first-contentful-paint').length > 0")
                .await;
            let paint = browser.number("performance.getEntriesByName('first-contentful-paint')[0].startTime").await;
            eprintln!("{path}: {weight:.0} bytes, first paint after {paint:.0} ms");
            assert!(weight < WEIGHT, "{path} weighs {weight} bytes");
            if env::var_os("CI").is_none() {
                assert!(paint < 500.0, "{path} shows after {paint} ms");
            }
        }
    });
}

#[test]
fn text_can_be_told_from_its_ground() {
    let site = Site::with_talk();
    for dark in [false, true] {
        story(&site.url, Look { dark, ..Look::default() }, async |browser| {
            for path in PAGES {
                browser.open(path).await;
                let faint = browser.script(include_str!("contrast.js")).await;
                assert_eq!(faint, serde_json::json!([]), "{path}, dark: {dark}");
            }
        });
    }
}
