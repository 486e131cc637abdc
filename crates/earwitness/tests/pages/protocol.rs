//! What goes over the wire: guards, headers, sound in parts, forms.

use crate::site::{Answer, Site, wait};
use serde_json::Value;
use std::io::Read;
use std::net::TcpStream;
use std::thread::sleep;
use std::time::Duration;

/// For how long no token is looked at after a wrong one.
const PENALTY: Duration = Duration::from_secs(1);

#[test]
fn every_answer_is_confined() {
    let site = Site::with_talk();
    for path in ["/", "/e/1", "/sound/1", "/nothing", "/health", "/progress?ids=1", "/favicon.ico"] {
        let answer = site.get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
    }
    let page = site.get("/e/1").text();
    assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains(" onclick="));
    assert_eq!(site.get("/health").text(), "ok");
}

#[test]
fn other_names_and_other_sites_are_refused() {
    let site = Site::with_talk();
    let port = site.authority().rsplit(':').next().unwrap();
    let named = |host: &str| site.ask("GET", "/", &[("Host", host)], &[]).status;
    assert_eq!(named(&format!("localhost:{port}")), 200);
    assert_eq!(named("evil.example"), 421);
    assert_eq!(named(&format!("evil.example:{port}")), 421);

    let form = format!("form_token={}", site.form_token());
    let from = |headers: &[(&str, &str)], body: &str| {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers: Vec<_> = headers.iter().copied().chain([kind]).collect();
        site.ask("POST", "/e/1/remove", &headers, body.as_bytes()).status
    };
    assert_eq!(from(&[], &form), 403);
    assert_eq!(from(&[("Origin", "http://evil.example")], &form), 403);
    assert_eq!(from(&[("Sec-Fetch-Site", "cross-site")], &form), 403);
    assert_eq!(from(&[("Sec-Fetch-Site", "same-origin")], "form_token=guessed"), 403);
    assert_eq!(site.get("/e/1").status, 200, "the episode is still there");
    assert_eq!(from(&[("Sec-Fetch-Site", "same-origin")], &form), 303);
    assert_eq!(site.get("/e/1").status, 404);
}

#[test]
fn a_token_opens_the_door() {
    let mut site = Site::new();
    site.serve(&["--token", "correct horse battery", "--no-work"]);
    let closed = site.get("/jobs?all=1");
    assert_eq!((closed.status, closed.header("www-authenticate")), (401, "Bearer"));
    assert!(closed.text().contains("name=\"next\" value=\"/jobs?all=1\""), "{}", closed.text());
    assert_eq!(site.get("/health").status, 200);
    assert_eq!(site.ask("GET", "/", &[("Authorization", "Bearer correct horse battery")], &[]).status, 200);
    let bearer = |token: &str| site.ask("GET", "/", &[("Authorization", &format!("Bearer {token}"))], &[]);
    let ways: [&dyn Fn() -> Answer; 3] =
        [&|| bearer("wrong"), &|| site.get("/?token=wrong"), &|| site.post_without_token("/login", "token=wrong")];
    for wrong in ways {
        assert_eq!(wrong().status, 401);
        // Until a second has passed, no token is looked at, not even the right one.
        let soon = bearer("correct horse battery");
        assert_eq!((soon.status, soon.header("retry-after")), (429, "1"));
        assert_eq!(site.get("/?token=correct%20horse%20battery").status, 429);
        assert_eq!(site.post_without_token("/login", "token=correct+horse+battery").status, 429);
        sleep(PENALTY);
    }

    let linked = site.get("/jobs?token=correct%20horse%20battery&all=1");
    assert_eq!((linked.status, linked.header("location")), (303, "/jobs?all=1"));
    let cookie = linked.header("set-cookie").split(';').next().unwrap().to_owned();
    let inside = site.ask("GET", "/", &[("Cookie", &cookie), ("Host", "talks.example")], &[]);
    assert_eq!(inside.status, 200);
    assert!(inside.text().contains("Sign out"));
    assert_eq!(site.ask("GET", "/", &[("Cookie", "earwitness_1=x")], &[]).status, 401);
    let out = site.ask("POST", "/logout", &[("Cookie", &cookie), ("Sec-Fetch-Site", "same-origin")], &[]);
    assert_eq!((out.status, out.header("set-cookie").contains("; Max-Age=0;")), (303, true), "{}", out.head);

    let signed = site.post_without_token("/login", "token=correct+horse+battery&next=/shows");
    assert_eq!((signed.status, signed.header("location")), (303, "/shows"));
    assert!(signed.header("set-cookie").contains("HttpOnly; SameSite=Strict"));
    let elsewhere = site.post_without_token("/login", "token=correct+horse+battery&next=//evil.example");
    assert_eq!(elsewhere.header("location"), "/");
}

#[test]
fn pages_and_finds_keep_what_was_chosen() {
    let site = Site::with_talk();
    for (path, expected) in [
        ("/?page=9", "/?page=1"),
        ("/shows/1?page=9", "/shows/1?page=1"),
        ("/search?q=three&page=9", "/search?q=three"),
    ] {
        let beyond = site.get(path);
        assert_eq!((beyond.status, beyond.header("location")), (303, expected), "{path}");
    }
    let found = site.get("/e/1?q=threee&transcript=1").text();
    assert!(found.contains("<input type=\"hidden\" name=\"transcript\" value=\"1\">"), "{found}");
    assert!(found.contains("Nobody said “threee”"), "{found}");
    site.post("/e/1/edit", "title=Numbers&language=fr");
    assert!(site.get("/e/1").text().contains("class=\"transcript\" lang=\"fr\""));
}

#[test]
fn progress_is_told_of_what_is_asked() {
    let site = Site::with_talk();
    let told = |ids: &str| serde_json::from_slice::<Value>(&site.get(&format!("/progress?ids={ids}")).body).unwrap();
    let states = |ids: &str| {
        let told = told(ids);
        let state = |row: &Value| format!("{} {}", row["id"].as_str().unwrap(), row["state"].as_str().unwrap());
        told.as_array().unwrap().iter().map(state).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(states("1,9,x"), "1 ready, 9 removed");
    assert_eq!(states(""), "");
    let many = (1..=300).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    assert_eq!(told(&many).as_array().unwrap().len(), 200);
}

#[test]
fn who_says_nothing_is_sent_away() {
    let site = Site::with_talk();
    let mut silent = TcpStream::connect(site.authority()).unwrap();
    silent.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answer = Vec::new();
    silent.read_to_end(&mut answer).unwrap();
    assert_eq!(site.get("/health").status, 200);
}

#[test]
fn sound_comes_in_parts() {
    let site = Site::with_talk();
    let whole = site.get("/sound/1");
    assert_eq!(
        (whole.status, whole.header("content-type"), whole.header("accept-ranges")),
        (200, "audio/wav", "bytes")
    );
    assert_eq!(whole.body.len(), 60 * 8000 + 44);
    let part = site.ask("GET", "/sound/1", &[("Range", "bytes=100-199")], &[]);
    assert_eq!((part.status, part.header("content-range")), (206, "bytes 100-199/480044"));
    assert_eq!(part.body, whole.body[100..200]);
    assert_eq!(site.ask("GET", "/sound/1", &[("Range", "bytes=480044-")], &[]).status, 416);
    let head = site.ask("HEAD", "/sound/1", &[], &[]);
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, "480044", 0));
    assert_eq!(site.get("/sound/9").status, 404);
    assert_eq!(site.get("/cover/1").status, 404);
}

#[test]
fn faults_are_pages_that_help() {
    let site = Site::with_talk();
    for (path, status, said) in [
        ("/nothing", 404, "There is no page at this address."),
        ("/e/99", 404, "Not found"),
        ("/e/seven", 404, "There is no page at this address."),
        ("/e/1?transcript=x", 400, "ids are positive whole numbers"),
        ("/search?q=%22three%20four", 400, "class=\"caret\""),
        ("/search?q=three&since=soon", 400, "write it as 2020-01-31"),
    ] {
        let answer = site.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.text().contains(said), "{path}: {}", answer.text());
        assert!(answer.text().contains("</html>"), "{path}");
    }
    assert_eq!(site.ask("DELETE", "/e/1", &[("Sec-Fetch-Site", "same-origin")], &[]).status, 405);
    let large = format!("title={}", "x".repeat(600_000));
    assert_eq!(site.post("/e/1/edit", &large).status, 413);
}

#[test]
fn what_people_write_is_shown_and_never_run() {
    let site = Site::with_talk();
    let edited = site
        .post("/e/1/edit", "title=%3Cscript%3Ealert(1)%3C/script%3E&show=%22%3E%3Cb%3E&date=2021-02-03&notes=a%26b");
    assert_eq!((edited.status, edited.header("location")), (303, "/e/1"));
    for path in ["/", "/e/1", "/e/1/edit", "/shows", "/search?q=three", "/search?q=%3Cscript%3E", "/e/1?q=%3Cscript%3E"]
    {
        let page = site.get(path).text();
        assert!(!page.contains("<script>") && !page.contains("\"><b>"), "{path}: {page}");
    }
    assert!(site.get("/e/1").text().contains("3 February 2021"));
    let nameless = site.post("/e/1/edit", "title=&show=Kept");
    assert_eq!(nameless.status, 400);
    assert!(nameless.text().contains("value=\"Kept\"") && nameless.text().contains("role=\"alert\""));
}

#[test]
fn transcripts_are_saved_as_files() {
    let site = Site::with_talk();
    for (ending, kind, said) in [
        ("txt", "text/plain", "three"),
        ("srt", "application/x-subrip", "-->"),
        ("vtt", "text/vtt", "WEBVTT"),
        ("md", "text/markdown", "The long count"),
        ("json", "application/json", "\"start_ms\":"),
    ] {
        let answer = site.get(&format!("/e/1/export.{ending}"));
        assert!(answer.header("content-type").starts_with(kind), "{ending}: {}", answer.head);
        assert!(answer.header("content-disposition").contains(&format!("filename=\"The long count.{ending}\"")));
        assert!(answer.text().contains(said), "{ending}: {}", answer.text());
    }
    assert_eq!(site.get("/e/1/export.exe").status, 404);
}

#[test]
fn forms_without_script_add_files() {
    let mut site = Site::new();
    site.serve(&[]);
    let token = site.form_token();
    let subtitles = "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ada>The lamp is lit.\n";
    let added = site.upload(&token, "lamp.vtt", subtitles, &[]);
    assert_eq!((added.status, added.header("location")), (303, "/e/1"));
    let page = wait("the episode to be ready", || {
        let page = site.get("/e/1").text();
        page.contains("The lamp is lit.").then_some(page)
    });
    assert!(page.contains("class=\"speaker\" dir=\"auto\">Ada</h") && page.contains("?t=1#t=1"), "{page}");

    let told = site.upload(&token, "lamp.vtt", subtitles, &[("Accept", "application/json")]);
    let told: Value = serde_json::from_slice(&told.body).unwrap();
    assert_eq!((&told[0]["existed"], &told[0]["url"]), (&Value::Bool(true), &Value::from("/e/1")));

    let broken = site.upload(&token, "../../program.exe", "MZ\0\u{1}\u{2}\0", &[("Accept", "application/json")]);
    assert_eq!(broken.status, 400);
    let error: Value = serde_json::from_slice(&broken.body).unwrap();
    assert_eq!(error["error"]["where"], "program.exe", "{error}");
    assert_eq!(site.upload("guessed", "lamp.vtt", subtitles, &[]).status, 403);
    assert_eq!(site.upload(&token, "", "", &[]).status, 400);
    let two = site.upload(
        &token,
        "a.vtt\"\r\n\r\nWEBVTT\n\n00:01.000 --> 00:02.000\nOne.\r\n--cut\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"b.vtt",
        subtitles,
        &[],
    );
    assert_eq!((two.status, two.header("location")), (303, "/?added=2"), "{}", two.text());
    assert!(site.get("/?added=2").text().contains("2 files added."));
    let fields = "x\r\n--cut\r\nContent-Disposition: form-data; name=\"odd\"\r\n\r\n".repeat(21);
    assert_eq!(
        site.upload(
            &format!("{token}\r\n--cut\r\nContent-Disposition: form-data; name=\"odd\"\r\n\r\n{fields}"),
            "lamp.vtt",
            subtitles,
            &[]
        )
        .status,
        400
    );
    let inbox = std::fs::read_dir(site.path("data/earwitness/library/tmp")).unwrap();
    let left = inbox.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left: Vec<String> = left.filter(|name| name != "reserve" && !name.ends_with(".worker")).collect();
    assert_eq!(left, [""; 0], "nothing of an upload stays behind");
}

impl Site {
    fn post_without_token(&self, path: &str, form: &str) -> crate::site::Answer {
        let headers = [("Origin", self.url.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        self.ask("POST", path, &headers, form.as_bytes())
    }

    fn upload(&self, token: &str, name: &str, content: &str, more: &[(&str, &str)]) -> crate::site::Answer {
        let body = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n\
             --cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n{content}\r\n--cut--\r\n"
        );
        let own = [("Origin", self.url.as_str()), ("Content-Type", "multipart/form-data; boundary=cut")];
        let headers: Vec<_> = own.iter().chain(more).copied().collect();
        self.ask("POST", "/add", &headers, body.as_bytes())
    }
}
