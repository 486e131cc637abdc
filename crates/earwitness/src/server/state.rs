//! What every request shares.

use super::error::PageError;
use super::security::{Access, session_key};
use super::work::Live;
use ear_engine::{Error, ErrorKind, Library, Result};
use std::net::SocketAddr;
use std::sync::Arc;

/// The largest upload, in bytes: 4 GiB, about 70 hours of speech as MP3 at 128 kbit/s.
const UPLOAD_LIMIT: u64 = 4 << 30;

/// What every request shares, shared.
pub(crate) type Shared = Arc<App>;

/// What every request shares.
pub(crate) struct App {
    library: Arc<Library>,
    /// Who may come in.
    pub(crate) access: Access,
    /// Proves that a form was made by this process, for a page of this server.
    pub(crate) form_token: String,
    /// What the worker of this process is doing.
    pub(crate) live: Live,
    /// The largest upload, in bytes.
    pub(crate) upload_limit: u64,
}

impl App {
    pub(crate) fn new(library: Arc<Library>, address: SocketAddr, token: Option<&str>) -> Result<Self> {
        let key = token.map(|_| session_key(library.folder())).transpose()?;
        let access = Access::new(address, token.zip(key.as_ref()));
        Ok(Self { library, access, form_token: random_token()?, live: Live::default(), upload_limit: UPLOAD_LIMIT })
    }

    pub(crate) fn library(&self) -> &Library {
        &self.library
    }

    /// Asks the engine something, on a thread that may block.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Library) -> Result<T> + Send + 'static,
    ) -> Result<T, PageError> {
        let library = Arc::clone(&self.library);
        match tokio::task::spawn_blocking(move || question(&library)).await {
            Ok(answer) => answer.map_err(PageError::from),
            Err(error) => {
                eprintln!("a page failed: {error}");
                Err(Error::new(ErrorKind::Bug, "this page ran into a fault of the program").into())
            }
        }
    }
}

/// 128 random bits, as hexadecimal digits.
fn random_token() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(ErrorKind::Bug, format!("the system has no random numbers: {error}")))?;
    Ok(hex(&bytes))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}
