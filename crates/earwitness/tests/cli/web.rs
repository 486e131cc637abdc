//! A server of files for feeds, which keeps count of what it was asked.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What lies at a path.
#[derive(Clone, Default)]
pub struct Page {
    pub media_type: &'static str,
    pub body: Vec<u8>,
    /// The server's mark of it; with one, who knows it is told that nothing changed.
    pub etag: Option<&'static str>,
    /// Sends this many bytes at once and then a few at a time, so that somebody may be killed meanwhile.
    pub slow_after: Option<usize>,
    /// Instead of the page: this status.
    pub status: Option<u16>,
}

/// A request: its path, and the byte it wanted to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub path: String,
    pub from: Option<u64>,
    pub was_answered_not_modified: bool,
}

#[derive(Default)]
struct State {
    pages: HashMap<String, Page>,
    asked: Vec<Asked>,
}

/// A server on a port of its own. It goes when the test goes.
#[derive(Clone)]
pub struct Web {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl Web {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // Who is killed breaks off; that is what some tests are for.
                thread::spawn(move || answer(stream, &state).unwrap_or_default());
            }
        });
        Self { url, state }
    }

    pub fn put(&self, path: &str, page: Page) {
        self.state.lock().unwrap().pages.insert(path.to_owned(), page);
    }

    pub fn put_file(&self, path: &str, media_type: &'static str, body: impl Into<Vec<u8>>) {
        self.put(path, Page { media_type, body: body.into(), ..Page::default() });
    }

    /// The requests for a path so far.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        self.state.lock().unwrap().asked.iter().filter(|asked| asked.path == path).cloned().collect()
    }
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let page = state.lock().unwrap().pages.get(&path).cloned();
    let from = headers.get("range").and_then(|range| range.strip_prefix("bytes=")?.split('-').next()?.parse().ok());
    let known =
        page.as_ref().and_then(|page| page.etag).filter(|etag| headers.get("if-none-match").is_some_and(|h| h == etag));
    let asked = Asked { path, from, was_answered_not_modified: known.is_some() };
    state.lock().unwrap().asked.push(asked);
    let Some(page) = page else {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    };
    if let Some(status) = page.status {
        let head = format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return stream.write_all(head.as_bytes());
    }
    if known.is_some() {
        return stream.write_all(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
    }
    let start = from.unwrap_or(0).min(page.body.len() as u64) as usize;
    let status = match from {
        Some(_) => {
            format!("206 Partial Content\r\nContent-Range: bytes {start}-{}/{}", page.body.len() - 1, page.body.len())
        }
        None => "200 OK".into(),
    };
    let etag = page.etag.map(|etag| format!("ETag: {etag}\r\n")).unwrap_or_default();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\nAccept-Ranges: bytes\r\n{etag}Connection: close\r\n\r\n",
        page.media_type,
        page.body.len() - start,
    )?;
    let body = &page.body[start..];
    let quick = page.slow_after.map_or(body.len(), |after| after.saturating_sub(start).min(body.len()));
    stream.write_all(&body[..quick])?;
    for piece in body[quick..].chunks(2048) {
        thread::sleep(Duration::from_millis(20));
        stream.write_all(piece)?;
    }
    stream.flush()
}
