//! Fetches what feeds name: politely, within bounds, and only from the public internet.
//!
//! The client is ureq: blocking, with rustls and the roots of Mozilla (`SSL_CERT_FILE` names others). What we add
//! is a guard on the addresses that are connected to (`guard`), redirects that are vetted one by one
//! (`exchange`), one request at a time for each host with pauses that grow (`polite`), and downloads that go on
//! where they broke off (`download`, `partial`).

mod download;
mod exchange;
mod fault;
mod get;
mod guard;
mod local;
mod partial;
mod polite;
mod post;
mod target;

pub use fault::Fault;
pub use post::{Post, Secret};

use crate::Error;
use std::{env, fs, path::Path, time::Duration};
use ureq::{
    Agent, Proxy,
    tls::{PemItem, RootCerts, TlsConfig, parse_pem},
    unversioned::{resolver::DefaultResolver, transport::DefaultConnector},
};

/// How a [`Client`] behaves.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Private, loopback and link-local addresses may be asked, too.
    pub allow_private: bool,
    /// `file:` and bare paths may be read. Set it only where the user named a file.
    pub allow_files: bool,
    /// Goes through the proxy that the environment names (`HTTPS_PROXY` and so on). A proxy looks names up
    /// itself, where no guard sees their addresses; so this counts only together with `allow_private`.
    pub proxy: bool,
    /// What the client calls itself.
    pub user_agent: String,
    /// How long looking up and connecting may take, each.
    pub connect: Duration,
    /// How long the other side may say nothing.
    pub idle: Duration,
    /// How often something is tried in all.
    pub tries: u32,
    /// The pause after the first failure; it doubles each time.
    pub pause: Duration,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            allow_private: false,
            allow_files: false,
            proxy: false,
            user_agent: concat!("Earwitness/", env!("CARGO_PKG_VERSION"), " (podcast library)").to_owned(),
            connect: Duration::from_secs(20),
            idle: Duration::from_secs(30),
            tries: 4,
            pause: Duration::from_secs(1),
        }
    }
}

/// Fetches documents and files. One client is meant for many threads: it sees to it that each host is asked
/// one thing at a time, so nothing of the same host may be asked for while a progress callback runs.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    options: ClientOptions,
    gates: polite::Gates,
}

/// What to ask of [`Client::get`].
#[derive(Clone, Debug)]
pub struct Get<'a> {
    /// The largest document, in bytes and after decompression.
    pub max_bytes: u64,
    /// The longest time for all of it.
    pub max_time: Duration,
    /// The tag of what is at hand already; nothing is sent if it is still the same.
    pub etag: Option<&'a str>,
    /// The date of what is at hand already, as the server gave it.
    pub last_modified: Option<&'a str>,
    /// The media types that are wanted.
    pub accept: &'a str,
}

impl Default for Get<'_> {
    fn default() -> Self {
        Self {
            max_bytes: 64 * 1024 * 1024,
            max_time: Duration::from_secs(90),
            etag: None,
            last_modified: None,
            accept: "*/*",
        }
    }
}

/// What came of [`Client::get`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Got {
    /// It is what is at hand already.
    NotModified,
    /// The document.
    Body(Fetched),
}

/// A document as fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// What it holds, decompressed.
    pub bytes: Vec<u8>,
    /// Its content type as the server gave it, with its parameters.
    pub content_type: Option<String>,
    /// Its tag, for [`Get::etag`] next time.
    pub etag: Option<String>,
    /// Its date, for [`Get::last_modified`] next time.
    pub last_modified: Option<String>,
    /// Where it was in the end.
    pub url: String,
}

/// What to ask of [`Client::download`].
#[derive(Clone, Debug)]
pub struct Download {
    /// The largest file, in bytes.
    pub max_bytes: u64,
    /// The longest time for all of it.
    pub max_time: Duration,
}

impl Default for Download {
    fn default() -> Self {
        Self { max_bytes: 8 * 1024 * 1024 * 1024, max_time: Duration::from_secs(12 * 3600) }
    }
}

/// A file as fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// How much of it is here, in bytes.
    pub bytes: u64,
    /// Its content type as the server gave it.
    pub content_type: Option<String>,
    /// Where it was in the end.
    pub url: String,
    /// It was stopped before its end: the part is kept beside the goal, and another call goes on from there.
    pub stopped: bool,
    /// What the server or the address calls it, without folders.
    pub name: Option<String>,
}

impl Client {
    /// A client that has asked nothing yet.
    ///
    /// # Errors
    /// [`Error::Fetch`] where `SSL_CERT_FILE` names what cannot be read.
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        let proxy = if options.proxy && options.allow_private { Proxy::try_from_env() } else { None };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy)
            .user_agent(options.user_agent.clone())
            .timeout_resolve(Some(options.connect))
            .timeout_connect(Some(options.connect))
            .timeout_recv_response(Some(options.idle))
            .timeout_per_read(Some(options.idle))
            .timeout_per_write(Some(options.idle))
            // No connection outlives the check of its address.
            .max_idle_connections(0)
            .tls_config(TlsConfig::builder().root_certs(roots()?).build())
            .build();
        let guard = guard::Guard { allow_private: options.allow_private, names: DefaultResolver::default() };
        let agent = Agent::with_parts(config, DefaultConnector::default(), guard);
        Ok(Self { agent, options, gates: polite::Gates::default() })
    }
}

/// The certificates in `SSL_CERT_FILE`, else those that come with the client.
fn roots() -> Result<RootCerts, Error> {
    let Some(path) = env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty()) else { return Ok(RootCerts::WebPki) };
    let path = Path::new(&path);
    let error = |reason: String| {
        let fault = Fault::File { path: path.display().to_string(), reason };
        Error::Fetch { url: "with the certificates of SSL_CERT_FILE".to_owned(), fault }
    };
    let bytes = fs::read(path).map_err(|reason| error(reason.to_string()))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&bytes) {
        if let PemItem::Certificate(certificate) = item.map_err(|reason| error(reason.to_string()))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(error("no certificate in it; it has to be PEM".to_owned()));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}
