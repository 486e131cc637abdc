//! One request and its answer, through all redirects.

use super::{
    Client, Fault, Post,
    guard::Refused,
    polite::{Turn, retry_after},
    target::vet,
};
use std::{
    io::{self, Read},
    time::{Duration, Instant, SystemTime},
};
use ureq::{
    Body, Timeout,
    http::{Response, header::AUTHORIZATION},
};
use url::Url;

/// How many redirects are followed.
const REDIRECTS: usize = 10;

/// An answer whose body has not been read yet. The host is ours until it is dropped.
pub(super) struct Answer<'a> {
    /// The address that answered, after all redirects.
    pub url: Url,
    response: Response<Body>,
    _turn: Turn<'a>,
}

impl Answer<'_> {
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// A header as text; `None` if it is missing, empty or no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let value = self.response.headers().get(name)?.to_str().ok()?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// How many bytes the body claims to have.
    pub fn length(&self) -> Option<u64> {
        self.header("content-length")?.parse().ok()
    }

    /// The encodings that the body went through, apart from none at all.
    pub fn coding(&self) -> Option<String> {
        let coding = self.header("content-encoding")?.to_ascii_lowercase();
        (coding != "identity").then_some(coding)
    }

    /// The fault that the status stands for.
    pub fn refusal(&self) -> Fault {
        let retry_after = self.header("retry-after").and_then(|header| retry_after(header, SystemTime::now()));
        Fault::Status { status: self.status(), retry_after }
    }

    /// The body as it comes, without any decoding.
    pub fn body(&mut self) -> impl Read + '_ {
        self.response.body_mut().as_reader()
    }
}

impl Client {
    /// Asks for an address and follows where it leads. Every step is vetted anew, and a web address never
    /// leads to a file. From https to http is allowed: much sound is reached that way, and nothing secret is sent.
    pub(super) fn ask(&self, url: &Url, headers: &[(&str, &str)], deadline: Instant) -> Result<Answer<'_>, Fault> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTS {
            vet(&url, self.options.allow_private)?;
            let answer = self.ask_once(&url, headers, deadline)?;
            if !matches!(answer.status(), 301 | 302 | 303 | 307 | 308) {
                return Ok(answer);
            }
            let Some(location) = answer.header("location") else { return Err(answer.refusal()) };
            let mut next = url.join(location).map_err(|error| Fault::Protocol(format!("a redirect: {error}")))?;
            next.set_fragment(None);
            url = next;
        }
        Err(Fault::TooManyRedirects)
    }

    fn ask_once(&self, url: &Url, headers: &[(&str, &str)], deadline: Instant) -> Result<Answer<'_>, Fault> {
        let host = url.host_str().unwrap_or_default();
        let (turn, left) = self.enter(host, deadline)?;
        let mut request = self.agent.get(url.as_str());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.config().timeout_global(Some(left)).build();
        let response = request.call().map_err(|error| fault(error, host))?;
        Ok(Answer { url: url.clone(), response, _turn: turn })
    }

    /// Sends a document, and follows nowhere: what is sent, and the secret with it, is for this address alone.
    pub(super) fn send(&self, url: &Url, post: &Post<'_>, deadline: Instant) -> Result<Answer<'_>, Fault> {
        vet(url, self.options.allow_private)?;
        let host = url.host_str().unwrap_or_default();
        let (turn, left) = self.enter(host, deadline)?;
        let mut request = self.agent.post(url.as_str()).header("content-type", post.content_type);
        request = request.header("accept-encoding", "gzip");
        if let Some(secret) = post.secret {
            request = request.header(AUTHORIZATION, secret.header()?);
        }
        let request = request.config().timeout_global(Some(left)).build();
        let response = request.send(post.body).map_err(|error| fault(error, host))?;
        Ok(Answer { url: url.clone(), response, _turn: turn })
    }

    /// The right to ask a host, and how long asking may take then.
    fn enter(&self, host: &str, deadline: Instant) -> Result<(Turn<'_>, Duration), Fault> {
        let turn = self.gates.enter(host, deadline)?;
        let left = deadline.saturating_duration_since(Instant::now());
        if left < Duration::from_millis(1) { Err(Fault::Timeout("the whole")) } else { Ok((turn, left)) }
    }
}

/// What an error of the client means.
pub(super) fn fault(error: ureq::Error, host: &str) -> Fault {
    match error {
        ureq::Error::Other(inner) => match inner.downcast::<Refused>().map(|refused| *refused) {
            Ok(Refused::Private(address)) => Fault::Private { host: host.to_owned(), address: Some(address) },
            Ok(Refused::LookUp(reason)) => Fault::LookUp { host: host.to_owned(), reason },
            Err(other) => Fault::Connection(other.to_string()),
        },
        ureq::Error::Timeout(timeout) => Fault::Timeout(match timeout {
            Timeout::Resolve | Timeout::Connect => "connecting",
            Timeout::PerRead | Timeout::PerWrite | Timeout::RecvResponse => "waiting for the server",
            _ => "the whole",
        }),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => Fault::Tls(error.to_string()),
        ureq::Error::Io(error) => Fault::Connection(error.to_string()),
        ureq::Error::Rustls(error) => Fault::Tls(error.to_string()),
        ureq::Error::Tls(reason) => Fault::Tls(reason.to_owned()),
        ureq::Error::ConnectionFailed => Fault::Connection("refused".to_owned()),
        ureq::Error::BadUri(reason) => Fault::Address(reason),
        ureq::Error::Http(error) => Fault::Address(error.to_string()),
        other => Fault::Protocol(other.to_string()),
    }
}

/// What an error while reading a body means.
pub(super) fn body_fault(error: io::Error, host: &str, received: u64, expected: Option<u64>) -> Fault {
    match fault(ureq::Error::from(error), host) {
        Fault::Connection(_) | Fault::Protocol(_) | Fault::Tls(_) => Fault::BrokenOff { received, expected },
        other => other,
    }
}
