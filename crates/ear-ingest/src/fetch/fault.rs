//! What goes wrong with fetching, and what to do about it.

use std::{fmt, net::IpAddr, time::Duration};

/// Why something could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is no address.
    Address(String),
    /// It is an address of another kind than http or https.
    Scheme(String),
    /// It holds a name or a password.
    Login,
    /// It is a file, and none may be read.
    FilesRefused,
    /// It leads to a private network.
    Private {
        /// The host.
        host: String,
        /// Its address, where the name was looked up.
        address: Option<IpAddr>,
    },
    /// The host is not known, or could not be looked up.
    LookUp {
        /// The host.
        host: String,
        /// What the system says.
        reason: String,
    },
    /// No connection, or it was lost before an answer.
    Connection(String),
    /// The other side could not prove who it is, or does not speak TLS.
    Tls(String),
    /// It took too long.
    Timeout(&'static str),
    /// The answer is an error.
    Status {
        /// Its number.
        status: u16,
        /// How long to wait, as the server asks.
        retry_after: Option<Duration>,
    },
    /// It leads from one address to the next.
    TooManyRedirects,
    /// It is larger than allowed.
    TooLarge {
        /// The largest size allowed in bytes.
        limit: u64,
    },
    /// It ended before its end.
    BrokenOff {
        /// How much came, in bytes.
        received: u64,
        /// How much should have come.
        expected: Option<u64>,
    },
    /// It came compressed in a way we do not know, or damaged.
    Encoding(String),
    /// The answer breaks the rules of HTTP.
    Protocol(String),
    /// A file here could not be read or written.
    File {
        /// Its path.
        path: String,
        /// What the system says.
        reason: String,
    },
}

impl Fault {
    /// Whether it may go away by itself: trying again later is worth while.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::LookUp { .. } | Self::Connection(_) | Self::Timeout(_) | Self::BrokenOff { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(reason) => write!(f, "this is no address ({reason}); write it as https://example.com/feed"),
            Self::Scheme(scheme) => write!(f, "only http and https can be fetched, not `{scheme}:`"),
            Self::Login => {
                f.write_str("addresses with a name or password are not used; leave out what stands before `@`")
            }
            Self::FilesRefused => f.write_str("only a feed that is a file itself may name files"),
            Self::Private { host, address } => {
                let address =
                    address.map(|address| address.to_string()).filter(|address| !host.contains(address.as_str()));
                let at = address.map(|address| format!(" ({address})")).unwrap_or_default();
                write!(f, "{host}{at} lies in a private network; if you trust it, allow it with --allow-private")
            }
            Self::LookUp { host, reason } => {
                write!(f, "{host} cannot be found ({reason}); check the address and your connection")
            }
            Self::Connection(reason) => {
                write!(f, "no connection ({reason}); check your connection, or try again later")
            }
            Self::Tls(reason) => write!(
                f,
                "the connection cannot be secured ({reason}); check the clock of this machine, and set SSL_CERT_FILE if your network has certificates of its own"
            ),
            Self::Timeout(what) => write!(f, "{what} took too long; try again later"),
            Self::Status { status, retry_after } => status_text(f, *status, *retry_after),
            Self::TooManyRedirects => {
                f.write_str("it leads from one address to the next without end; look for a newer address")
            }
            Self::TooLarge { limit } => {
                write!(f, "it is larger than the {limit} bytes allowed; check that it is the right address")
            }
            Self::BrokenOff { received, expected: Some(expected) } => {
                write!(f, "it broke off after {received} of {expected} bytes; try again, and it goes on from there")
            }
            Self::BrokenOff { received, expected: None } => write!(f, "it broke off after {received} bytes; try again"),
            Self::Encoding(reason) => write!(f, "it came compressed in a way that cannot be read ({reason})"),
            Self::Protocol(reason) => write!(f, "the server's answer cannot be understood ({reason})"),
            Self::File { path, reason } => write!(f, "{path}: {reason}"),
        }
    }
}

fn status_text(f: &mut fmt::Formatter<'_>, status: u16, retry_after: Option<Duration>) -> fmt::Result {
    match status {
        // Only where redirects are not followed.
        300..=399 => write!(f, "the server leads to another address ({status}); give that one"),
        401 | 403 => write!(f, "the server refuses it ({status}); it may need a login or a newer private address"),
        404 => f.write_str("it is not there (404); look for a newer address on the show's page"),
        410 => f.write_str("it is gone for good (410)"),
        451 => f.write_str("it is withheld for legal reasons (451)"),
        429 => f.write_str("the server asks for fewer requests (429); try again later"),
        500..=599 => write!(f, "the server is in trouble ({status}); try again later"),
        _ => write!(f, "the server answers {status}"),
    }?;
    match retry_after {
        Some(wait) => write!(f, ", in {} seconds", wait.as_secs()),
        None => Ok(()),
    }
}
