//! What comes from elsewhere: documents and sound, fetched within the bounds that the user set.

use crate::files::hex;
use crate::folder::is_sound_name;
use crate::{Error, ErrorKind, Library, Result};
use ear_ingest::fetch::{Client, ClientOptions, Download, Fault, Fetched, Get, Got};
use ear_ingest::{feed, transcript};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The largest document beside the sound, in bytes.
const MOST_DOCUMENT: u64 = 16 << 20;
/// Enough of a file to tell text from sound, in bytes.
const HEAD: u64 = 64 * 1024;

/// A client for documents and sound of one user's allowances.
pub(crate) struct Net {
    client: Arc<Client>,
}

/// Clients by what they may: ask private addresses, read files.
type Clients = HashMap<(bool, bool), Arc<Client>>;

/// What lies at an address.
pub(crate) enum Found {
    /// Something to read.
    Document(Fetched),
    /// Something to hear, of this media type. What came of it already lies where its fetch goes on.
    Sound(Option<String>),
}

impl Net {
    /// Clients are shared, since each sees to it that a host is asked one thing at a time.
    pub fn new(allow_private: bool, allow_files: bool) -> Result<Self> {
        static CLIENTS: OnceLock<Mutex<Clients>> = OnceLock::new();
        let mut clients = CLIENTS.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&(allow_private, allow_files)) {
            return Ok(Self { client: Arc::clone(client) });
        }
        let options = ClientOptions { allow_private, allow_files, proxy: allow_private, ..ClientOptions::default() };
        let client = Arc::new(Client::new(options)?);
        clients.insert((allow_private, allow_files), Arc::clone(&client));
        Ok(Self { client })
    }

    /// A feed, unless it is what `etag` and `last_modified` name.
    pub fn feed(&self, url: &str, etag: Option<&str>, last_modified: Option<&str>) -> Result<Option<Fetched>> {
        let accept = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, \
                      text/xml;q=0.9, */*;q=0.5";
        let get = Get { max_bytes: feed::MAX_BYTES as u64, etag, last_modified, accept, ..Get::default() };
        match self.client.get(url, &get)? {
            Got::NotModified => Ok(None),
            Got::Body(fetched) => Ok(Some(fetched)),
        }
    }

    /// A document that belongs to an episode.
    pub fn document(&self, url: &str) -> Result<Fetched> {
        match self.client.get(url, &Get { max_bytes: MOST_DOCUMENT, ..Get::default() })? {
            Got::Body(fetched) => Ok(fetched),
            Got::NotModified => Err(Error::new(ErrorKind::Network, "the server sent nothing").at(url)),
        }
    }

    /// Fetches sound to `file`, going on where it was. False where it was stopped before its end.
    pub fn download(
        &self,
        url: &str,
        file: &Path,
        on_progress: &mut dyn FnMut(u64, Option<u64>) -> ControlFlow<()>,
    ) -> Result<bool> {
        Ok(!self.client.download(url, file, &Download::default(), on_progress)?.stopped)
    }

    /// Looks what lies at an address. Its content decides; its name only says what to expect, so that little
    /// is fetched in vain. What comes of sound is put where its fetch goes on: `file`.
    pub fn look(&self, url: &str, file: &Path) -> Result<Found> {
        if !is_sound_name(name_of(url)) {
            match self.feed(url, None, None) {
                Ok(Some(fetched)) if is_readable(name_of(&fetched.url), &fetched.bytes) => {
                    return Ok(Found::Document(fetched));
                }
                Ok(Some(fetched)) => {
                    fs::write(file, &fetched.bytes).map_err(|error| Error::file(file, &error))?;
                    return Ok(Found::Sound(fetched.content_type));
                }
                // Larger than any document: only sound is.
                Err(error) if error.kind == ErrorKind::BadInput && error.message.contains("larger than") => {}
                Ok(None) => return Err(Error::new(ErrorKind::Network, "the server sent nothing").at(url)),
                Err(error) => return Err(error),
            }
        }
        let mut enough = |done: u64, _| if done < HEAD { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        let begun = self.client.download(url, file, &Download::default(), &mut enough)?;
        let part = if begun.stopped { beside(file, ".part") } else { file.to_owned() };
        if !is_readable(name_of(&begun.url), &start_of(&part)?) {
            return Ok(Found::Sound(begun.content_type));
        }
        remove(file)?;
        match self.feed(url, None, None)? {
            Some(fetched) => Ok(Found::Document(fetched)),
            None => Err(Error::new(ErrorKind::Network, "the server sent nothing").at(url)),
        }
    }
}

impl Library {
    /// Where sound lies while it is fetched from an address.
    pub(crate) fn fetched_file(&self, url: &str) -> PathBuf {
        self.inbox().join(format!("fetch-{}", hex(&Sha256::digest(url.as_bytes())[..16])))
    }
}

/// Takes away what was fetched, and what was begun.
pub(crate) fn remove(file: &Path) -> Result<()> {
    for path in [file.to_owned(), beside(file, ".part"), beside(file, ".part.json")] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Error::file(&path, &error)),
            _ => {}
        }
    }
    Ok(())
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn start_of(file: &Path) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| Error::file(file, &error);
    let mut start = Vec::new();
    File::open(file).map_err(failed)?.take(HEAD).read_to_end(&mut start).map_err(failed)?;
    Ok(start)
}

/// Whether something is to be read rather than heard. Markup is, also where nothing can be made of it.
fn is_readable(name: &str, bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    start.starts_with(b"<")
        || start.starts_with(b"{")
        || feed::detect(bytes).is_some()
        || transcript::detect(name, bytes).is_some()
}

/// Whether an error is our own, and not that of what was fetched.
pub(crate) fn is_ours(error: &Error) -> bool {
    use ErrorKind::{Bug, Busy, DiskFull, ReadOnly, Stopped, Storage};
    matches!(error.kind, Bug | Busy | DiskFull | ReadOnly | Stopped | Storage)
}

/// The last part of an address's path.
pub(crate) fn name_of(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

/// The host of an address.
pub(crate) fn host_of(url: &str) -> Option<String> {
    let host = url::Url::parse(url).ok()?.host_str()?.to_owned();
    Some(host.strip_prefix("www.").map_or(host.clone(), str::to_owned))
}

/// A name out of an address as people write it: `My%20talk.mp3` is "My talk.mp3".
pub(crate) fn readable(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let code = (*first == b'%').then(|| more.get(..2)).flatten();
        match code.and_then(|code| u8::from_str_radix(str::from_utf8(code).ok()?, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            None => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| name.to_owned())
}

/// The address of a file.
pub(crate) fn file_url(path: &Path) -> Result<String> {
    let url = url::Url::from_file_path(path);
    let error = |()| Error::new(ErrorKind::BadInput, "this path has no address").at(path.display().to_string());
    url.map(String::from).map_err(error)
}

/// The path that a `file:` address names.
pub(crate) fn path_of(url: &str) -> Option<PathBuf> {
    url::Url::parse(url).ok()?.to_file_path().ok()
}

impl From<ear_ingest::Error> for Error {
    fn from(error: ear_ingest::Error) -> Self {
        let message = error.to_string();
        let ear_ingest::Error::Fetch { url, fault } = error else { return Self::new(ErrorKind::BadInput, message) };
        let kind = match &fault {
            Fault::File { .. } => ErrorKind::Storage,
            Fault::Status { status: 404 | 410, .. } => ErrorKind::NotFound,
            fault if fault.is_passing() => ErrorKind::Network,
            Fault::Tls(_) | Fault::Protocol(_) | Fault::TooManyRedirects | Fault::Status { .. } => ErrorKind::Network,
            _ => ErrorKind::BadInput,
        };
        Self::new(kind, fault.to_string()).at(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_addresses() {
        for (url, expected) in [
            ("https://example.org/a/talk.mp3?x=1", "talk.mp3"),
            ("https://example.org/a/", "a"),
            ("file:///t/talk.srt", "talk.srt"),
        ] {
            assert_eq!(name_of(url), expected, "{url}");
        }
        assert_eq!(readable("My%20t%C3%A4lk%.mp3%f"), "My tälk%.mp3%f");
        assert_eq!(host_of("https://www.example.org/x").as_deref(), Some("example.org"));
    }

    #[test]
    fn text_and_sound_are_told_apart() {
        for (name, bytes, expected) in [
            ("a", &b"<?xml version=\"1.0\"?><rss/>"[..], true),
            ("a.mp3", b"  <!doctype html>", true),
            ("a", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi.", true),
            ("a.txt", b"ID3\x04\0\0\0\0\0\x23TSSE\0\0\0\x0f\0\0\x03Lavf", false),
            ("a", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0", false),
        ] {
            assert_eq!(is_readable(name, bytes), expected, "{name} {bytes:?}");
        }
    }
}
