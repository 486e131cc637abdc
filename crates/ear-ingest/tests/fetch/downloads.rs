//! Files: `Client::download`.

use crate::server::{Request, Server, answer, client, client_with, fault};
use ear_ingest::fetch::{Client, Download, Downloaded, Fault};
use flate2::{Compression, write::GzEncoder};
use std::{
    fs,
    io::Write,
    net::TcpStream,
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::Duration,
};

const SIZE: usize = 300_000;

/// Bytes that differ from place to place and from version to version.
fn sound(version: usize) -> Vec<u8> {
    (0..SIZE).map(|at| (at * 31 / 7 + at / 251 + version * 17) as u8).collect()
}

/// Sends all of it, or what was asked for.
fn serve(request: &Request, stream: &mut TcpStream, version: usize, most: usize) {
    let body = sound(version);
    let tag = format!("\"v{version}\"");
    let from = request.range().filter(|_| request.header("if-range") == Some(tag.as_str())).unwrap_or(0);
    let status = if from > 0 { "206 Partial Content" } else { "200 OK" };
    let range = if from > 0 { format!("content-range: bytes {from}-{}/{SIZE}\r\n", SIZE - 1) } else { String::new() };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\netag: {tag}\r\ncontent-type: audio/mpeg\r\n{range}\r\n",
        SIZE - from
    );
    // Whoever has heard enough hangs up, which is no fault.
    drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body[from..SIZE.min(from + most)])));
}

struct Goal {
    folder: tempfile::TempDir,
}

impl Goal {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("talk.mp3")
    }

    fn part(&self) -> PathBuf {
        self.folder.path().join("talk.mp3.part")
    }

    /// The names in the folder.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn fetch(client: &Client, url: &str, to: &Path) -> Result<Downloaded, ear_ingest::Error> {
    client.download(url, to, &Download::default(), &mut |_, _| ControlFlow::Continue(()))
}

/// Stops once this much is there.
fn stop_after(client: &Client, url: &str, to: &Path, bytes: u64) -> Downloaded {
    let mut on_progress = |done, _| if done >= bytes { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    client.download(url, to, &Download::default(), &mut on_progress).unwrap()
}

#[test]
fn a_file_comes_whole_and_in_its_place() {
    let server = Server::new(|request, stream| serve(request, stream, 1, SIZE));
    let (goal, mut told) = (Goal::new(), Vec::new());
    let mut on_progress = |done, total| {
        told.push((done, total));
        ControlFlow::Continue(())
    };
    let found = client().download(&server.url("/a%20b.mp3?x=1"), &goal.path(), &Download::default(), &mut on_progress);
    let found = found.unwrap();
    assert_eq!((found.bytes, found.stopped, found.name.as_deref()), (SIZE as u64, false, Some("a b.mp3")));
    assert_eq!(found.content_type.as_deref(), Some("audio/mpeg"));
    assert_eq!(fs::read(goal.path()).unwrap(), sound(1));
    assert_eq!(goal.names(), ["talk.mp3"]);
    assert!(
        told.windows(2).all(|pair| pair[0].0 < pair[1].0) && told.last() == Some(&(SIZE as u64, Some(SIZE as u64)))
    );
    assert_eq!(server.requests()[0].header("accept-encoding"), Some("identity"));
}

#[test]
fn a_broken_connection_is_taken_up_where_it_broke() {
    let server = Server::new(|request, stream| serve(request, stream, 1, 80_000));
    let goal = Goal::new();
    fetch(&client(), &server.url("/"), &goal.path()).unwrap();
    assert_eq!(fs::read(goal.path()).unwrap(), sound(1));
    let requests = server.requests();
    let ranges: Vec<Option<usize>> = requests.iter().map(Request::range).collect();
    assert_eq!(ranges, [None, Some(80_000), Some(160_000), Some(240_000)]);
    assert_eq!(requests[1].header("if-range"), Some("\"v1\""));
}

#[test]
fn a_later_call_goes_on() {
    let server = Server::new(|request, stream| serve(request, stream, 1, SIZE));
    let (goal, client, url) = (Goal::new(), client(), server.url("/"));
    let stopped = stop_after(&client, &url, &goal.path(), 100_000);
    assert!(stopped.stopped && stopped.bytes >= 100_000 && stopped.bytes < SIZE as u64, "{stopped:?}");
    assert_eq!(goal.names(), ["talk.mp3.part", "talk.mp3.part.json"]);
    assert_eq!(fetch(&client, &url, &goal.path()).unwrap().bytes, SIZE as u64);
    assert_eq!(fs::read(goal.path()).unwrap(), sound(1));
    assert_eq!(server.requests()[1].range(), Some(stopped.bytes as usize));
    assert_eq!(goal.names(), ["talk.mp3"]);
}

#[test]
fn a_changed_file_begins_anew() {
    let server = Server::new(|request, stream| serve(request, stream, 1 + request.nth, SIZE));
    let (goal, client, url) = (Goal::new(), client(), server.url("/"));
    stop_after(&client, &url, &goal.path(), 100_000);
    fetch(&client, &url, &goal.path()).unwrap();
    assert_eq!(fs::read(goal.path()).unwrap(), sound(2));
    // Another address is another file.
    fs::rename(goal.path(), goal.part()).unwrap();
    fetch(&client, &server.url("/other"), &goal.path()).unwrap();
    assert_eq!(server.requests()[2].range(), None);
    assert_eq!(fs::read(goal.path()).unwrap(), sound(3));
}

#[test]
fn parts_that_do_not_fit_are_not_taken() {
    let end = SIZE - 1;
    for (name, headers) in [
        ("another place", format!("content-range: bytes 5-{end}/{SIZE}\r\netag: \"v1\"\r\n")),
        ("another version", format!("content-range: bytes FROM-{end}/{SIZE}\r\netag: \"v9\"\r\n")),
        ("another size", format!("content-range: bytes FROM-{end}/{}\r\netag: \"v1\"\r\n", SIZE + 9)),
        ("no place", "etag: \"v1\"\r\n".to_owned()),
        ("compressed", format!("content-range: bytes FROM-{end}/{SIZE}\r\ncontent-encoding: gzip\r\n")),
    ] {
        let server = Server::new(move |request, stream| match request.range() {
            Some(from) => {
                let headers = headers.replace("FROM", &from.to_string());
                drop(stream.write_all(&answer("206 Partial Content", &headers, &sound(9)[from..])));
            }
            None => serve(request, stream, 1, if request.nth == 0 { 100_000 } else { SIZE }),
        });
        let goal = Goal::new();
        fetch(&client(), &server.url("/"), &goal.path()).unwrap();
        assert!(fs::read(goal.path()).unwrap() == sound(1), "{name}");
        let ranges: Vec<Option<usize>> = server.requests().iter().map(Request::range).collect();
        assert_eq!(ranges, [None, Some(100_000), None], "{name}");
    }
}

#[test]
fn a_part_that_is_whole_already_is_told_so() {
    let server = Server::new(|request, stream| match request.range() {
        Some(SIZE) => {
            let headers = format!("content-range: bytes */{SIZE}\r\n");
            drop(stream.write_all(&answer("416 Range Not Satisfiable", &headers, b"")));
        }
        _ => serve(request, stream, 1, SIZE),
    });
    let (goal, client, url) = (Goal::new(), client(), server.url("/"));
    let stopped = stop_after(&client, &url, &goal.path(), SIZE as u64);
    assert!(stopped.stopped && stopped.bytes == SIZE as u64);
    assert_eq!(fetch(&client, &url, &goal.path()).unwrap().bytes, SIZE as u64);
    assert_eq!(fs::read(goal.path()).unwrap(), sound(1));
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn without_a_validator_nothing_is_pieced_together() {
    let server = Server::new(|request, stream| {
        let (status, body) = ("200 OK", sound(1));
        let cut = if request.nth == 0 { 100_000 } else { SIZE + 1000 };
        let said = answer(status, "etag: W/\"weak\"\r\n", &body);
        drop(stream.write_all(&said[..said.len().min(cut)]));
    });
    let goal = Goal::new();
    fetch(&client(), &server.url("/"), &goal.path()).unwrap();
    assert_eq!(fs::read(goal.path()).unwrap(), sound(1));
    assert!(server.requests().iter().all(|request| request.range().is_none()));
}

#[test]
fn what_cannot_be_had_leaves_what_is_there() {
    let cut = Server::new(|request, stream| match request.range() {
        Some(_) => drop(stream.write_all(&answer("503 Busy", "", b""))),
        None => serve(request, stream, 1, 120_000),
    });
    let goal = Goal::new();
    let fault_of_cut = fault(fetch(&client_with(|options| options.tries = 2), &cut.url("/"), &goal.path()));
    assert_eq!(fault_of_cut, Fault::Status { status: 503, retry_after: None });
    assert_eq!(fs::metadata(goal.part()).unwrap().len(), 120_000);

    let missing = Server::saying(answer("404 Not Found", "", b""));
    let goal = Goal::new();
    let fault_of_missing = fault(fetch(&client(), &missing.url("/"), &goal.path()));
    assert_eq!(fault_of_missing, Fault::Status { status: 404, retry_after: None });
    assert_eq!(goal.names(), Vec::<String>::new());
}

#[test]
fn bounds_hold_for_files() {
    let claims = Server::new(|request, stream| serve(request, stream, 1, SIZE));
    let endless = Server::new(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        while stream.write_all(&[7; 4096]).is_ok() {}
    });
    let bounds = Download { max_bytes: 200_000, max_time: Duration::from_secs(10) };
    for server in [&claims, &endless] {
        let goal = Goal::new();
        let fetched = client().download(&server.url("/"), &goal.path(), &bounds, &mut |_, _| ControlFlow::Continue(()));
        assert_eq!(fault(fetched), Fault::TooLarge { limit: 200_000 });
        assert_eq!(goal.names(), Vec::<String>::new());
    }
    let silent = Server::new(|request, stream| {
        serve(request, stream, 1, 1000);
        std::thread::sleep(Duration::from_secs(2));
    });
    let goal = Goal::new();
    let bounds = Download { max_time: Duration::from_millis(700), ..Download::default() };
    let fetched = client().download(&silent.url("/"), &goal.path(), &bounds, &mut |_, _| ControlFlow::Continue(()));
    assert!(fault(fetched).is_passing());
}

#[test]
fn compressed_files_are_undone_though_nobody_asked() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&sound(1)).unwrap();
    let body = encoder.finish().unwrap();
    let server = Server::saying(answer("200 OK", "content-encoding: gzip\r\netag: \"v1\"\r\n", &body));
    let goal = Goal::new();
    let found = fetch(&client(), &server.url("/"), &goal.path()).unwrap();
    assert_eq!((found.bytes, fs::read(goal.path()).unwrap() == sound(1)), (SIZE as u64, true));
}

#[test]
fn only_one_writes_a_part() {
    let server = Server::new(|request, stream| serve(request, stream, 1, SIZE));
    let (goal, url) = (Goal::new(), server.url("/"));
    let mut second = None;
    let mut on_progress = |_, _| {
        second.get_or_insert_with(|| fault(fetch(&client(), &url, &goal.path())));
        ControlFlow::Continue(())
    };
    client().download(&url, &goal.path(), &Download::default(), &mut on_progress).unwrap();
    assert!(second.unwrap().to_string().contains("being fetched by another"));
    assert_eq!(fs::read(goal.path()).unwrap(), sound(1));
}
