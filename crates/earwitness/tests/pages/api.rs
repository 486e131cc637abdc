//! The interface for programs.

use crate::site::{Answer, Site};
use serde_json::{Value, json};

/// A served library in which a name was put right by hand: repair 1 of episode 1.
fn site() -> (Site, String) {
    let mut site = Site::new();
    let second = "00:05.000 --> 00:08.000\nNobody in the harbour knew why he went.";
    let cues = format!("00:01.000 --> 00:04.000\nThey said that sola money had left Baghdad.\n\n{second}");
    site.file("vote.vtt", format!("WEBVTT\n\n{cues}\n"));
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

/// The number of the first word of the second sentence, as read once the name is put right.
const SECOND: usize = 8;

/// The body that the description shows, about what there is.
fn example(described: &Value, repair: &str) -> String {
    let shown = &described["requestBody"]["content"]["application/json"]["example"];
    match described["operationId"].as_str().unwrap() {
        "decide" => json!({"accept": [repair]}).to_string(),
        // Whatever other names there are; a merge with itself is refused, which another test looks at.
        "merge" => json!({"away": ["2"]}).to_string(),
        "split" => json!({"spellings": ["Old Town"]}).to_string(),
        // The second of two sentences.
        "splitClip" => json!({"at_word": SECOND}).to_string(),
        _ => shown.to_string(),
    }
}

#[test]
fn every_described_address_answers() {
    let (site, id) = site();
    let description = value(&site.get("/api/openapi.json"));
    assert_eq!(description["openapi"], "3.1.0");
    let name = |body: Value| value(&decide(&site, "/api/v1/names", &body.to_string()));
    assert_eq!(name(json!({"name": "Sulla"}))["followed"], true);
    // So that the first name has a spelling to split off.
    for other in ["Old Town", "New Town"] {
        decide(&site, "/api/v1/names/1", &json!({ "name": other }).to_string());
    }
    // So that there is a second clip to join.
    assert_eq!(decide(&site, "/api/v1/clips/1/split", &json!({"at_word": SECOND}).to_string()).status, 200);
    for (path, methods) in description["paths"].as_object().unwrap() {
        let target = path.replace("{id}", "1") + if path.ends_with("search") { "?q=baghdad" } else { "" };
        for method in methods.as_object().unwrap().keys() {
            let answer = match method.as_str() {
                "get" => site.get(&target),
                method => decide(&site, &target, &example(&methods[method], &id)),
            };
            assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{method} {path}");
        }
    }
    let search = value(&site.get("/api/v1/search?q=soleimani&by=words&limit=1"));
    assert_eq!((&search["total"], &search["hits"][0]["by"]), (&json!(1), &json!("words")), "{search}");
    assert_eq!(value(&site.get("/api/v1/episodes/1/names")), site.run("names vote"));
    for (path, line) in [
        ("episodes/1/clips?adverts=true", "clips vote --adverts"),
        ("clips/1", "clips show 1"),
        ("clips/1/next?heard=1&limit=2", "clips next 1 --heard --limit 2"),
        ("trends?by=day&kind=people", "trends --by day --kind people"),
    ] {
        assert_eq!(value(&site.get(&format!("/api/v1/{path}"))), site.run(line), "{path}");
    }
    assert_eq!(search["hits"][0]["clip_id"], "1", "{search}");
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
fn names_are_changed_and_put_back() {
    let (site, id) = site();
    let post = |path: &str, body: Value| value(&decide(&site, path, &body.to_string()));
    let one = post("/api/v1/names", json!({"name": "Qasem Suleimani", "variants": ["Suleimani"]}));
    let here = format!("/api/v1/names/{}", one["id"].as_str().unwrap());
    let now = || value(&site.get(&here))["name"].clone();
    assert_eq!((&one["followed"], &now()), (&json!(true), &one));
    for (path, body, act) in [
        (here.clone(), json!({"name": "General Suleimani"}), "renamed"),
        (here.clone(), json!({"kind": "person"}), "kind"),
        (here.clone(), json!({"kind": null}), "kind"),
        (here.clone(), json!({"followed": false}), "unfollowed"),
        (here.clone(), json!({"forgotten": true}), "forgotten"),
        (format!("{here}/merge"), json!({"away": ["1"]}), "merged"),
        (format!("{here}/split"), json!({"spellings": ["Suleimani"], "name": "Suleimani the Great"}), "split"),
    ] {
        let changed = post(&path, body.clone());
        assert!(changed["id"].is_string(), "{body}: {changed}");
        let undone = post("/api/v1/names/undo", json!({}));
        assert_eq!((&undone["act"], &now()), (&json!(act), &one), "{body}: {undone}");
    }
    let words = &site.run("names 1")["repairs"][0];
    let place = (words["start_word"].as_u64().unwrap(), words["end_word"].as_u64().unwrap());
    let said = json!({"start_word": place.0, "end_word": place.1, "meant": "Solomon"});
    let decided = post("/api/v1/episodes/1/names/corrections", said);
    let displaced = &decided["decisions"][0]["displaced"][0];
    assert_eq!((&displaced["repair_id"], &displaced["meant"]), (&json!(id), &json!("Soleimani")), "{decided}");
    for (path, body, status) in [
        (here.as_str(), json!({"name": "X", "kind": "thing"}), 400),
        (&here, json!({}), 400),
        (&here, json!({"kind": "animal"}), 422),
        (&here, json!({"name": "A\u{7}"}), 400),
        (&format!("{here}/merge"), json!({"away": []}), 400),
        (&format!("{here}/merge"), json!({"away": ["999"]}), 404),
        (&format!("{here}/split"), json!({"spellings": ["Nobody"]}), 400),
        ("/api/v1/names", json!({"name": " - "}), 400),
        ("/api/v1/episodes/1/names/corrections", json!({"start_word": 3, "end_word": 3, "meant": "X"}), 400),
        ("/api/v1/episodes/9/names/corrections", json!({"start_word": 3, "end_word": 4, "meant": "X"}), 404),
    ] {
        let answer = decide(&site, path, &body.to_string());
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text());
        assert!(value(&answer)["error"]["message"].is_string(), "{path} {body}: {}", answer.text());
    }
}

#[test]
fn clips_are_changed_and_put_back() {
    let (site, _) = site();
    let post = |path: &str, body: Value| value(&decide(&site, &format!("/api/v1/{path}"), &body.to_string()));
    let now = || value(&site.get("/api/v1/episodes/1/clips"))["clips"].clone();
    let before = now();
    assert_eq!(before.as_array().map(Vec::len), Some(1), "{before}");
    let parts = post("clips/1/split", json!({"at_word": SECOND, "transcript_id": "1"}));
    let ids: Vec<&str> = parts["clips"].as_array().unwrap().iter().flat_map(|clip| clip["id"].as_str()).collect();
    assert_eq!(ids.len(), 2, "{parts}");
    let first = format!("clips/{}", ids[0]);
    for (path, body, act) in [
        (first.clone(), json!({"headline": "He went"}), "rename"),
        (first.clone(), json!({"kind": "advertisement"}), "kind"),
        (format!("{first}/join"), json!({}), "join"),
    ] {
        let apart = now();
        let changed = post(&path, body.clone());
        assert_eq!(changed["clips"].as_array().map(Vec::len), Some(1), "{body}: {changed}");
        let undone = post("episodes/1/clips/undo", json!({}));
        assert_eq!((&undone["act"], now()), (&json!(act), apart), "{body}: {undone}");
    }
    assert_eq!(post("episodes/1/clips/undo", json!({}))["act"], "split");
    assert_eq!(now(), before);
    assert_eq!(post("clips/1/heard", json!({"heard": true}))["clips"][0]["heard"], true);
    assert_eq!(post("clips/1/heard", json!({"heard": false}))["clips"], before);
    for (path, body, status) in [
        ("clips/1", json!({}), 400),
        ("clips/1", json!({"headline": "X", "kind": "topic"}), 400),
        ("clips/1", json!({"headline": " "}), 400),
        ("clips/1", json!({"headline": null}), 400),
        ("clips/1", json!({"kind": "music"}), 400),
        ("clips/1", json!({"kind": "song"}), 422),
        ("clips/1", json!({"start_word": 4}), 400),
        ("clips/1", json!({"end_word": 4, "transcript_id": "99"}), 400),
        ("clips/1/split", json!({"at_word": 0}), 400),
        ("clips/1/split", json!({}), 422),
        ("clips/1/join", json!({}), 400),
        ("clips/1/heard", json!({"heard": "yes"}), 422),
        ("clips/999/heard", json!({"heard": true}), 404),
        ("clips/999", json!({"headline": "X"}), 404),
        ("episodes/1/clips/undo", json!({}), 404),
        ("episodes/9/clips/undo", json!({}), 404),
    ] {
        let answer = decide(&site, &format!("/api/v1/{path}"), &body.to_string());
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text());
        assert!(value(&answer)["error"]["message"].is_string(), "{path} {body}: {}", answer.text());
    }
    assert_eq!(now(), before);
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
        ("/api/v1/episodes/9/clips", 404, "not_found"),
        ("/api/v1/episodes/1/clips?adverts=some", 400, "bad_input"),
        ("/api/v1/clips/999", 404, "not_found"),
        ("/api/v1/clips/x/next", 404, "not_found"),
        ("/api/v1/trends?by=year", 400, "bad_input"),
        ("/api/v1/trends?kind=things", 400, "bad_input"),
        ("/api/v1/trends?since=yesterday", 400, "bad_input"),
        ("/api/v1/trends?since=2020-02-01&until=2020-01-01", 400, "bad_input"),
        ("/api/v1/trends?show=999", 404, "not_found"),
        ("/api/v1/trends?limit=0", 400, "bad_input"),
        ("/api/v1/clips/1/next?limit=201", 400, "bad_input"),
        ("/api/v1/search?q=x&by=smell", 400, "bad_input"),
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
