//! Documents, held in memory.

use super::{
    Client, Fault, Fetched, Get, Got,
    exchange::{Answer, body_fault},
    local,
    polite::pause,
    target::{Target, shown, target},
};
use crate::Error;
use flate2::read::MultiGzDecoder;
use std::{
    io::{self, Read},
    thread,
    time::{Duration, Instant},
};
use url::Url;

/// How much more than the document its compressed form may have: compressing never adds that much.
const SLACK: u64 = 1 << 20;

impl Client {
    /// Fetches a document, again if it fails in passing, decompressed and within its bounds.
    ///
    /// # Errors
    /// [`Error::Fetch`], with what happened and what to do about it.
    pub fn get(&self, url: &str, get: &Get<'_>) -> Result<Got, Error> {
        let got = match target(url) {
            Ok(Target::Web(url)) => self.get_web(&url, get),
            Ok(Target::File(path)) => local::get(self, &path, get),
            Err(fault) => Err(fault),
        };
        got.map_err(|fault| Error::Fetch { url: shown(url), fault })
    }

    fn get_web(&self, url: &Url, get: &Get<'_>) -> Result<Got, Fault> {
        let deadline = deadline(get.max_time);
        let mut failures = 0;
        loop {
            let fault = match self.get_once(url, get, deadline) {
                Err(fault) if fault.is_passing() => fault,
                other => return other,
            };
            let wait = pause(self.options.pause, failures, &fault);
            failures += 1;
            match wait.filter(|wait| failures < self.options.tries && Instant::now() + *wait < deadline) {
                Some(wait) => thread::sleep(wait),
                None => return Err(fault),
            }
        }
    }

    fn get_once(&self, url: &Url, get: &Get<'_>, deadline: Instant) -> Result<Got, Fault> {
        let mut headers = vec![("accept", get.accept), ("accept-encoding", "gzip")];
        headers.extend(get.etag.map(|etag| ("if-none-match", etag)));
        headers.extend(get.last_modified.map(|date| ("if-modified-since", date)));
        let mut answer = self.ask(url, &headers, deadline)?;
        match answer.status() {
            200 | 203 => {}
            304 if headers.len() > 2 => return Ok(Got::NotModified),
            _ => return Err(answer.refusal()),
        }
        let header = |name: &str| answer.header(name).map(str::to_owned);
        let (content_type, etag, last_modified) = (header("content-type"), header("etag"), header("last-modified"));
        let bytes = body(&mut answer, get.max_bytes)?;
        Ok(Got::Body(Fetched { bytes, content_type, etag, last_modified, url: answer.url.to_string() }))
    }
}

/// When something that may take this long has to be over.
pub(super) fn deadline(max_time: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
    Instant::now() + max_time.min(YEAR)
}

/// The body, decompressed, up to `limit` bytes.
pub(super) fn body(answer: &mut Answer<'_>, limit: u64) -> Result<Vec<u8>, Fault> {
    let (coding, expected) = (answer.coding(), answer.length());
    if expected.is_some_and(|expected| expected > limit) {
        return Err(Fault::TooLarge { limit });
    }
    let host = answer.url.host_str().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    let read = match coding.as_deref() {
        None => answer.body().take(limit.saturating_add(1)).read_to_end(&mut bytes),
        Some("gzip" | "x-gzip") => {
            let compressed = answer.body().take(limit.saturating_add(SLACK));
            MultiGzDecoder::new(compressed).take(limit.saturating_add(1)).read_to_end(&mut bytes)
        }
        Some(other) => return Err(Fault::Encoding(other.chars().take(40).collect())),
    };
    let received = bytes.len() as u64;
    if received > limit {
        return Err(Fault::TooLarge { limit });
    }
    match read {
        Ok(_) => Ok(bytes),
        Err(error) if coding.is_some() && is_damage(&error) => Err(Fault::Encoding(error.to_string())),
        Err(error) => Err(body_fault(error, &host, received, expected.filter(|_| coding.is_none()))),
    }
}

/// Whether an error comes from decompressing rather than from the connection.
pub(super) fn is_damage(error: &io::Error) -> bool {
    let from_client = error.get_ref().is_some_and(|inner| inner.is::<ureq::Error>());
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) && !from_client
}
