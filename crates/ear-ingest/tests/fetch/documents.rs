//! Documents: `Client::get`.

use crate::server::{Server, answer, client, client_with, fault};
use ear_ingest::fetch::{Fault, Fetched, Get, Got};
use flate2::{Compression, write::GzEncoder};
use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

fn fetched(got: Got) -> Fetched {
    match got {
        Got::Body(fetched) => fetched,
        Got::NotModified => panic!("not modified"),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn small() -> Get<'static> {
    Get { max_bytes: 1000, max_time: Duration::from_secs(5), ..Get::default() }
}

#[test]
fn a_document_comes_with_what_the_next_request_needs() {
    let server = Server::new(|request, stream| {
        let same = request.header("if-none-match") == Some("\"v1\"");
        let headers =
            "etag: \"v1\"\r\nlast-modified: Mon, 06 Jul 2020 04:00:00 GMT\r\ncontent-type: text/xml; charset=utf-8\r\n";
        let said = if same { answer("304 Not Modified", headers, b"") } else { answer("200 OK", headers, b"<rss/>") };
        stream.write_all(&said).unwrap();
    });
    let (client, url) = (client(), server.url("/feed"));
    let first = fetched(client.get(&url, &Get { accept: "application/rss+xml", ..small() }).unwrap());
    assert_eq!(first.bytes, b"<rss/>");
    assert_eq!((first.content_type.as_deref(), first.url.as_str()), (Some("text/xml; charset=utf-8"), url.as_str()));
    let again = Get { etag: first.etag.as_deref(), last_modified: first.last_modified.as_deref(), ..small() };
    assert_eq!(client.get(&url, &again).unwrap(), Got::NotModified);
    let requests = server.requests();
    assert!(requests[0].header("user-agent").unwrap().starts_with("Earwitness/"));
    assert_eq!(requests[0].header("accept"), Some("application/rss+xml"));
    assert_eq!(requests[1].header("if-modified-since"), Some("Mon, 06 Jul 2020 04:00:00 GMT"));
}

#[test]
fn compression_is_undone_within_bounds() {
    let check = |coding: &str, body: &[u8]| {
        let server = Server::saying(answer("200 OK", &format!("content-encoding: {coding}\r\n"), body));
        client_with(|options| options.tries = 1).get(&server.url("/"), &small())
    };
    assert_eq!(fetched(check("gzip", &gzip(b"hello")).unwrap()).bytes, b"hello");
    assert_eq!(fetched(check("identity", b"hello").unwrap()).bytes, b"hello");
    assert_eq!(fetched(check("gzip", &gzip(&[0; 1000])).unwrap()).bytes.len(), 1000);
    assert_eq!(fault(check("gzip", &gzip(&vec![0; 800_000]))), Fault::TooLarge { limit: 1000 });
    assert_eq!(fault(check("br", b"hello")), Fault::Encoding("br".to_owned()));
    assert!(matches!(fault(check("gzip", b"this is not gzip at all")), Fault::Encoding(_)));
    assert!(matches!(fault(check("gzip", &gzip(&[7; 300])[..30])), Fault::BrokenOff { .. }));
}

#[test]
fn redirects_are_vetted_one_by_one() {
    let server = Server::new(|request, stream| {
        let to = match request.path.as_str() {
            "/a" => "b?x=1#part",
            "/b?x=1" => "//127.0.0.1:PORT/end",
            "/loop" => "/loop",
            "/file" => "file:///etc/passwd",
            "/ftp" => "ftp://example.com/",
            "/login" => "http://user:secret@127.0.0.1/",
            "/bad" => "http://[",
            _ => return stream.write_all(&answer("200 OK", "", b"there")).unwrap(),
        };
        let to = to.replace("PORT", &stream.local_addr().unwrap().port().to_string());
        stream.write_all(&answer("302 Found", &format!("location: {to}\r\n"), b"moved")).unwrap();
    });
    let get = |path| client_with(|options| options.allow_files = true).get(&server.url(path), &small());
    let got = fetched(get("/a").unwrap());
    assert_eq!((got.bytes.as_slice(), got.url), (&b"there"[..], server.url("/end")));
    assert_eq!(fault(get("/loop")), Fault::TooManyRedirects);
    assert_eq!(server.requests().iter().filter(|request| request.path == "/loop").count(), 11);
    assert_eq!(fault(get("/file")), Fault::Scheme("file".to_owned()));
    assert_eq!(fault(get("/ftp")), Fault::Scheme("ftp".to_owned()));
    assert_eq!(fault(get("/login")), Fault::Login);
    assert!(matches!(fault(get("/bad")), Fault::Protocol(_)));
}

#[test]
fn private_addresses_are_not_even_asked() {
    let server = Server::saying(answer("200 OK", "", b"secret"));
    let client = client_with(|options| options.allow_private = false);
    let port = server.url("").rsplit(':').next().unwrap().to_owned();
    for host in ["127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let url = format!("http://{host}:{port}/");
        assert!(matches!(fault(client.get(&url, &small())), Fault::Private { .. }), "{url}");
        let folder = tempfile::tempdir().unwrap();
        let download =
            client.download(&url, &folder.path().join("x"), &Default::default(), &mut |_, _| panic!("began"));
        assert!(matches!(fault(download), Fault::Private { .. }), "{url}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn slow_and_endless_servers_are_left() {
    let silent = Server::new(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le").unwrap();
        thread::sleep(Duration::from_secs(3));
    });
    let drip = Server::new(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        while stream.write_all(b"a").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    let endless = Server::new(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
        while stream.write_all(b"5\r\nhello\r\n").is_ok() {}
    });
    let headers = Server::new(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n").unwrap();
        while stream.write_all(b"x-more: and more and more and more and more and more\r\n").is_ok() {}
    });
    let claims = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\nhello");
    let hurried = Get { max_time: Duration::from_millis(900), ..small() };
    let client = client_with(|options| (options.tries, options.idle) = (2, Duration::from_millis(400)));
    let started = Instant::now();
    assert!(matches!(fault(client.get(&silent.url("/"), &small())), Fault::Timeout(_)));
    assert!(matches!(fault(client.get(&drip.url("/"), &hurried)), Fault::Timeout(_)));
    assert_eq!(fault(client.get(&endless.url("/"), &small())), Fault::TooLarge { limit: 1000 });
    assert!(matches!(fault(client.get(&headers.url("/"), &small())), Fault::Protocol(_)));
    assert_eq!(fault(client.get(&claims.url("/"), &small())), Fault::TooLarge { limit: 1000 });
    assert!(started.elapsed() < Duration::from_secs(12), "{:?}", started.elapsed());
}

#[test]
fn what_passes_is_tried_again_and_what_stays_is_not() {
    let check = |answers: &[&str], tries: usize| {
        let answers: Vec<Vec<u8>> = answers.iter().map(|said| said.as_bytes().to_vec()).collect();
        let server = Server::new(move |request, stream| {
            let said = answers.get(request.nth).or(answers.last()).unwrap();
            stream.write_all(said).unwrap();
        });
        let got = client().get(&server.url("/"), &small());
        assert_eq!(server.requests().len(), tries, "{got:?}");
        got
    };
    let good = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
    let busy = "HTTP/1.1 503 Busy\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n";
    let short = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi";
    assert_eq!(fetched(check(&[busy, short, "", good], 4).unwrap()).bytes, b"hi");
    let short = fault(check(&[short], 4));
    assert_eq!(short, Fault::BrokenOff { received: 2, expected: Some(9) });
    let broken = "HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(fault(check(&[broken], 4)), Fault::Status { status: 500, retry_after: None });
    let later = "HTTP/1.1 429 Slow\r\nretry-after: 7200\r\ncontent-length: 0\r\n\r\n";
    let wait = Some(Duration::from_secs(7200));
    assert_eq!(fault(check(&[later], 1)), Fault::Status { status: 429, retry_after: wait });
    let missing = "HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(fault(check(&[missing], 1)), Fault::Status { status: 404, retry_after: None });
    let unasked = "HTTP/1.1 304 Same\r\n\r\n";
    assert_eq!(fault(check(&[unasked], 1)), Fault::Status { status: 304, retry_after: None });
    assert!(matches!(fault(check(&["SSH-2.0-OpenSSH_9.9\r\n\r\n"], 1)), Fault::Protocol(_)));
}

#[test]
fn a_host_is_asked_one_thing_at_a_time() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (inside, highest) = (Arc::clone(&now), Arc::clone(&most));
    let server = Server::new(move |_, stream| {
        highest.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(30));
        inside.fetch_sub(1, Ordering::SeqCst);
        stream.write_all(&answer("200 OK", "", b"hi")).unwrap();
    });
    let client = client();
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| client.get(&server.url("/"), &small()).unwrap());
        }
    });
    assert_eq!((server.requests().len(), most.load(Ordering::SeqCst)), (5, 1));
}

#[test]
fn who_does_not_speak_tls_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(&answer("400 Bad Request", "", b"plain words, please")).unwrap();
        // It stays on the line until the other side hangs up.
        stream.read_to_end(&mut Vec::new())
    });
    let said = fault(client().get(&url, &small()));
    assert!(matches!(said, Fault::Tls(_)), "{said:?}");
}

#[test]
fn files_are_read_only_where_they_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feed one.xml");
    fs::write(&path, "<rss/>").unwrap();
    let address = url::Url::from_file_path(&path).unwrap();
    let refused = client();
    let allowed = client_with(|options| (options.allow_private, options.allow_files) = (false, true));
    for written in [address.as_str(), path.to_str().unwrap()] {
        assert_eq!(fault(refused.get(written, &small())), Fault::FilesRefused);
        let got = fetched(allowed.get(written, &small()).unwrap());
        assert_eq!((got.bytes.as_slice(), got.url.as_str()), (&b"<rss/>"[..], address.as_str()));
    }
    let tight = Get { max_bytes: 5, ..Get::default() };
    assert_eq!(fault(allowed.get(address.as_str(), &tight)), Fault::TooLarge { limit: 5 });
    for none in [folder.path().join("missing"), folder.path().to_owned()] {
        assert!(matches!(fault(allowed.get(none.to_str().unwrap(), &small())), Fault::File { .. }));
    }
    let goal = folder.path().join("copy");
    let copied =
        allowed.download(address.as_str(), &goal, &Default::default(), &mut |_, _| std::ops::ControlFlow::Continue(()));
    let copied = copied.unwrap();
    assert_eq!((copied.bytes, copied.name.as_deref(), copied.stopped), (6, Some("feed one.xml"), false));
    assert_eq!(fs::read_to_string(&goal).unwrap(), "<rss/>");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn errors_say_where_what_and_what_to_do() {
    let server = Server::saying(answer("404 Not Found", "", b""));
    let client = client_with(|options| options.tries = 1);
    let strict = client_with(|options| options.allow_private = false);
    let error = |client: &ear_ingest::fetch::Client, url: &str| {
        client.get(url, &small()).unwrap_err().to_string().replace(&server.url(""), "http://SERVER")
    };
    let messages = [
        error(&client, &server.url("/feed?key=1")),
        error(&strict, "http://192.168.1.20/feed"),
        error(&strict, "https://me:secret@example.com/feed"),
        error(&strict, "gopher://example.com/"),
        error(&strict, "feed.xml"),
        error(&strict, "http://["),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r#"
    cannot fetch http://SERVER/feed?key=1: it is not there (404); look for a newer address on the show's page
    cannot fetch http://192.168.1.20/feed: 192.168.1.20 lies in a private network; if you trust it, allow it with --allow-private
    cannot fetch https://example.com/feed: addresses with a name or password are not used; leave out what stands before `@`
    cannot fetch gopher://example.com/: only http and https can be fetched, not `gopher:`
    cannot fetch feed.xml: only a feed that is a file itself may name files
    cannot fetch http://[: this is no address (invalid IPv6 address); write it as https://example.com/feed
    "#);
}
