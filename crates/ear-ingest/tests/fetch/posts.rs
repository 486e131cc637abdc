//! What is sent: `Client::post`.

use crate::server::{Server, answer, client, client_with, fault};
use ear_ingest::fetch::{Fault, Post, Secret};
use std::{
    io::{Read, Write},
    thread,
    time::{Duration, Instant},
};

fn post(secret: Option<&Secret>) -> Post<'_> {
    Post {
        body: b"{\"a\":1}",
        content_type: "application/json",
        secret,
        max_bytes: 1000,
        max_time: Duration::from_secs(5),
    }
}

#[test]
fn a_document_is_sent_once_with_its_secret() {
    let server = Server::new(|request, stream| {
        assert_eq!(request.header("content-length"), Some("7"));
        stream.write_all(&answer("200 OK", "", b"fine")).unwrap();
    });
    let secret = Secret::new("sk-1").unwrap();
    assert_eq!(client().post(&server.url("/v1?x=1"), &post(Some(&secret))).unwrap(), b"fine");
    assert_eq!(client().post(&server.url("/v1"), &post(None)).unwrap(), b"fine");
    let requests = server.requests();
    assert_eq!(requests[0].path, "/v1?x=1");
    assert_eq!(requests[0].header("authorization"), Some("Bearer sk-1"));
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
    assert_eq!(requests[1].header("authorization"), None);
}

#[test]
fn nothing_is_sent_on_or_again() {
    let other = Server::saying(answer("200 OK", "", b"stolen"));
    let location = format!("location: {}\r\n", other.url("/"));
    for status in ["301 Moved", "307 Temporary Redirect", "308 Permanent Redirect", "401 Unauthorized", "503 Busy"] {
        let server = Server::saying(answer(status, &location, b"sk-1 is wrong"));
        let secret = Secret::new("sk-1").unwrap();
        let error = client().post(&server.url("/v1?k=sk-1"), &post(Some(&secret))).unwrap_err();
        assert!(!error.to_string().contains("sk-1"), "{error}");
        let expected = status[..3].parse().unwrap();
        let found = fault::<()>(Err(error));
        assert_eq!(found, Fault::Status { status: expected, retry_after: None });
        assert_eq!(server.requests().len(), 1);
    }
    assert_eq!(other.requests().len(), 0);
}

#[test]
fn answers_are_bounded() {
    let check = |server: &Server| {
        let begun = Instant::now();
        let hasty = Post { max_time: Duration::from_millis(600), ..post(None) };
        let found = fault(client_with(|options| options.idle = Duration::from_secs(9)).post(&server.url("/"), &hasty));
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        found
    };
    let large = Server::saying(answer("200 OK", "", &[b'x'; 2000]));
    assert_eq!(check(&large), Fault::TooLarge { limit: 1000 });
    let endless = Server::new(|_, stream| {
        let mut write = || -> std::io::Result<()> {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                stream.write_all(&[b'x'; 4096])?;
            }
        };
        drop(write());
    });
    assert_eq!(check(&endless), Fault::TooLarge { limit: 1000 });
    let silent = Server::new(|_, stream| {
        drop(stream.read(&mut [0; 64]));
        thread::sleep(Duration::from_secs(3));
    });
    assert!(matches!(check(&silent), Fault::Timeout(_)));
    let closed = Server::new(|_, _| {});
    assert!(check(&closed).is_passing());
    let broken = Server::saying(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf".as_slice());
    assert!(matches!(check(&broken), Fault::BrokenOff { received: 4, expected: Some(99) }));
}

#[test]
fn private_addresses_are_for_those_who_may() {
    let server = Server::saying(answer("200 OK", "", b""));
    let careful = client_with(|options| options.allow_private = false);
    assert!(matches!(fault(careful.post(&server.url("/"), &post(None))), Fault::Private { .. }));
    assert!(matches!(fault(client().post("file:///etc/passwd", &post(None))), Fault::Scheme(_)));
    assert!(matches!(fault(client().post("nowhere", &post(None))), Fault::Address(_)));
    assert_eq!(server.requests().len(), 0);
}
