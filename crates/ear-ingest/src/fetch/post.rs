//! Documents that are sent, for services that the user named: once, to that one address.

use super::{
    Client, Fault,
    get::{body, deadline},
};
use crate::Error;
use std::{fmt, time::Duration};
use ureq::http::HeaderValue;
use url::Url;

/// What to send with [`Client::post`].
#[derive(Clone, Debug)]
pub struct Post<'a> {
    /// The document.
    pub body: &'a [u8],
    /// Its media type.
    pub content_type: &'a str,
    /// What proves who sends it.
    pub secret: Option<&'a Secret>,
    /// The largest answer, in bytes and after decompression.
    pub max_bytes: u64,
    /// The longest time for all of it.
    pub max_time: Duration,
}

/// A key to a service. It is sent as a bearer token (RFC 6750), and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A key; `None` where it is empty or holds what no header may: spaces, control characters, letters beyond ASCII.
    pub fn new(key: &str) -> Option<Self> {
        let is_sendable = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        is_sendable.then(|| Self(key.to_owned()))
    }

    /// The header, marked as one that is not to be shown.
    pub(super) fn header(&self) -> Result<HeaderValue, Fault> {
        let value = HeaderValue::from_str(&format!("Bearer {}", self.0));
        let mut value = value.map_err(|_| Fault::Protocol("the key can't be sent".to_owned()))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Client {
    /// Sends a document and reads the answer. It is sent once, whatever comes of it, and no redirect is followed.
    ///
    /// # Errors
    /// [`Error::Fetch`] with the address without its query, also for an answer that is an error, whose text nobody
    /// reads: it may repeat what was sent.
    pub fn post(&self, url: &str, post: &Post<'_>) -> Result<Vec<u8>, Error> {
        self.post_once(url, post).map_err(|fault| Error::Fetch { url: shown(url), fault })
    }

    fn post_once(&self, url: &str, post: &Post<'_>) -> Result<Vec<u8>, Fault> {
        let url = Url::parse(url).map_err(|error| Fault::Address(error.to_string()))?;
        let mut answer = self.send(&url, post, deadline(post.max_time))?;
        match answer.status() {
            200..=299 => body(&mut answer, post.max_bytes),
            _ => Err(answer.refusal()),
        }
    }
}

/// An address as it may be shown: keys stand in queries, too.
fn shown(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    super::target::shown(&url[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let secret = Secret::new("sk-very-secret").unwrap();
        let post = Post {
            body: b"{}",
            content_type: "application/json",
            secret: Some(&secret),
            max_bytes: 1,
            max_time: Duration::ZERO,
        };
        let shown = format!("{secret:?} {post:?} {:?}", secret.header().unwrap());
        assert!(!shown.contains("very-secret"), "{shown}");
        for bad in ["", "a b", "a\r\nx: y", "schlüssel"] {
            assert_eq!(Secret::new(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn queries_are_not_shown() {
        assert_eq!(shown("https://me:pass@a.example/v1?key=secret#x"), "https://a.example/v1");
    }
}
