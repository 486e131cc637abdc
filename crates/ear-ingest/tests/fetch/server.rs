//! A small server that says what it is told to, rightly or wrongly.

use ear_ingest::{
    Error,
    fetch::{Client, ClientOptions, Fault},
};
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    /// How many came before.
    pub nth: usize,
    headers: HashMap<String, String>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// Where a range begins.
    pub fn range(&self) -> Option<usize> {
        self.header("range").map(|range| range["bytes=".len()..range.len() - 1].parse().unwrap())
    }
}

/// Listens on a loopback address of its own for as long as the test runs.
pub struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers each request with what `answer` writes.
    pub fn new(answer: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<Request>>> = Arc::default();
        let (answer, kept) = (Arc::new(answer), Arc::clone(&seen));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
                thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let request = read(&stream, &kept);
                    answer(&request, &mut stream);
                });
            }
        });
        Self { address, seen }
    }

    /// Answers each request with these bytes.
    pub fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        // Whoever has heard enough hangs up, which is no fault.
        Self::new(move |_, stream| drop(stream.write_all(&answer)))
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream, seen: &Mutex<Vec<Request>>) -> Request {
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    let path = first.split(' ').nth(1).unwrap().to_owned();
    let headers = lines.take_while(|line| !line.is_empty());
    let headers = headers.map(|line| line.split_once(": ").map(|(k, v)| (k.to_lowercase(), v.to_owned())).unwrap());
    let headers = headers.collect();
    let mut seen = seen.lock().unwrap();
    let request = Request { path, nth: seen.len(), headers };
    seen.push(request.clone());
    request
}

/// An answer with a right length.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len()).into_bytes();
    answer.extend(body);
    answer
}

/// A client that may ask the server, and is in a hurry.
pub fn client() -> Client {
    client_with(|_| {})
}

pub fn client_with(change: impl FnOnce(&mut ClientOptions)) -> Client {
    let mut options = ClientOptions {
        allow_private: true,
        idle: Duration::from_secs(10),
        pause: Duration::from_millis(5),
        ..ClientOptions::default()
    };
    change(&mut options);
    Client::new(options).unwrap()
}

/// The fault that a call must end with.
pub fn fault<T: std::fmt::Debug>(result: Result<T, Error>) -> Fault {
    match result {
        Err(Error::Fetch { fault, .. }) => fault,
        other => panic!("{other:?}"),
    }
}
