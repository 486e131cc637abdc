//! The interface for programs.

use crate::site::{Answer, Site};
use serde_json::{Value, json};

/// A served library in which a name was put right by hand: repair 1 of episode 1.
fn site() -> (Site, String) {
    let mut site = Site::new();
    site.file("vote.vtt", "WEBVTT\n\n00:01.000 --> 00:04.000\nThey said that sola money had left Baghdad.\n");
    site.run("add vote.vtt --title The_vote --wait");
    let done = site.run("names vote correct Soleimani --heard sola_money --kind person");
    let id = done["repairs"][0].as_str().unwrap().to_owned();
    site.run("work");
    site.serve(&["--no-work"]);
    (site, id)
}

fn value(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.text()))
}

fn decide(site: &Site, path: &str, body: &str) -> Answer {
    let headers = [("Content-Type", "application/json"), ("Sec-Fetch-Site", "same-origin")];
    site.ask("POST", path, &headers, body.as_bytes())
}

const DECISIONS: &str = "/api/v1/episodes/1/names/decisions";

#[test]
fn every_described_address_answers() {
    let (site, id) = site();
    let description = value(&site.get("/api/openapi.json"));
    assert_eq!(description["openapi"], "3.1.0");
    for (path, methods) in description["paths"].as_object().unwrap() {
        let target = path.replace("{id}", "1") + if path.ends_with("search") { "?q=baghdad" } else { "" };
        for method in methods.as_object().unwrap().keys() {
            let answer = match method.as_str() {
                "get" => site.get(&target),
                _ => decide(&site, &target, &json!({"accept": [id]}).to_string()),
            };
            assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{method} {path}");
        }
    }
    let search = value(&site.get("/api/v1/search?q=soleimani&by=words&limit=1"));
    assert_eq!((&search["total"], &search["hits"][0]["by"]), (&json!(1), &json!("words")), "{search}");
    assert_eq!(value(&site.get("/api/v1/episodes/1/names")), site.run("names vote"));
    assert_eq!(value(&site.get("/api/v1/names?kind=person")), site.run("names list --kind person"));
}

#[test]
fn repairs_are_decided() {
    let (site, id) = site();
    for (body, state) in [
        (json!({"refuse": [id]}), "refused"),
        (json!({"undo": [id], "alike": "episode"}), "proposed"),
        (json!({"accept": [id], "refuse": [], "alike": null}), "accepted"),
    ] {
        let decided = value(&decide(&site, DECISIONS, &body.to_string()));
        assert_eq!(decided["decisions"][0]["state"], state, "{body}: {decided}");
        assert_eq!(decided["decisions"][0]["repairs"], json!([id]), "{body}: {decided}");
        let names = value(&site.get("/api/v1/episodes/1/names"));
        assert_eq!(names["repairs"][0]["state"], state, "{body}");
    }
}

#[test]
fn mistakes_are_answered_in_json() {
    let (site, id) = site();
    let twice = json!({"accept": [id], "refuse": [id]}).to_string();
    for (path, status, code) in [
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/v1/episodes/9/names", 404, "not_found"),
        ("/api/v1/episodes/x/names", 404, "not_found"),
        ("/api/v1/names/999", 404, "not_found"),
        ("/api/v1/names?kind=animal", 400, "bad_input"),
        ("/api/v1/names?limit=many", 400, "bad_input"),
        ("/api/v1/search?q=x&by=meaning", 400, "bad_input"),
        ("/api/v1/search?q=x&least_probability=2", 400, "bad_input"),
        ("/api/v1/search?q=x&since=yesterday", 400, "bad_input"),
        ("/api/v1/search?q=%22x", 400, "query"),
        (DECISIONS, 405, "bad_input"),
    ] {
        let answer = site.get(path);
        assert_eq!((answer.status, value(&answer)["error"]["code"].as_str()), (status, Some(code)), "{path}");
    }
    for (path, body, status) in [
        (DECISIONS, "", 400),
        (DECISIONS, "{}", 400),
        (DECISIONS, "{\"acept\": []}", 422),
        (DECISIONS, "{\"accept\": [1]}", 422),
        (DECISIONS, "{\"accept\": [\"999\"]}", 404),
        (DECISIONS, &twice, 400),
        ("/api/v1/episodes/9/names/decisions", "{\"accept\": [\"1\"]}", 404),
    ] {
        let answer = decide(&site, path, body);
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
        assert!(value(&answer)["error"]["remedy"].is_string(), "{body}: {}", answer.text());
    }
    assert_eq!(value(&site.get("/api/v1/episodes/1/names"))["repairs"][0]["state"], "accepted");
}

#[test]
fn the_interface_is_guarded() {
    let (site, id) = site();
    let body = json!({"refuse": [id]}).to_string();
    let kind = ("Content-Type", "application/json");
    let own = format!("http://{}", site.authority());
    for (headers, status) in [
        (vec![kind], 403),
        (vec![kind, ("Origin", "http://evil.example")], 403),
        (vec![kind, ("Sec-Fetch-Site", "cross-site")], 403),
        (vec![("Content-Type", "text/plain"), ("Origin", own.as_str())], 415),
        (vec![kind, ("Origin", own.as_str())], 200),
    ] {
        let answer = site.ask("POST", DECISIONS, &headers, body.as_bytes());
        assert_eq!(answer.status, status, "{headers:?}");
        assert!(status == 200 || value(&answer)["error"]["remedy"].is_string(), "{}", answer.text());
    }
    let elsewhere = site.ask("GET", "/api/v1/names", &[("Host", "evil.example")], &[]);
    assert_eq!((elsewhere.status, value(&elsewhere)["error"]["code"].as_str()), (421, Some("bad_input")));
    let mut closed = Site::new();
    closed.serve(&["--token", "correct horse battery", "--no-work"]);
    let shut = closed.get("/api/v1/names");
    assert_eq!((shut.status, shut.header("www-authenticate")), (401, "Bearer"));
    assert!(value(&shut)["error"]["remedy"].as_str().is_some_and(|remedy| remedy.contains("Bearer")));
    let bearer = [("Authorization", "Bearer correct horse battery")];
    assert_eq!(closed.ask("GET", "/api/v1/names", &bearer, &[]).status, 200);
}
