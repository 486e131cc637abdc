//! The pages: the library in a browser, rendered here and readable without script.
//!
//! The server listens on this machine only unless it is told otherwise, and then it demands a token. The
//! engine blocks, so every call to it runs on a thread that may.

mod api;
mod assets;
mod connections;
mod error;
mod export;
mod fields;
mod pages;
mod progress;
mod range;
mod router;
mod security;
mod sound;
mod state;
mod text;
mod upload;
mod words;
mod work;

use ear_engine::{Endpoint, Error, ErrorKind, Library, Result, Stop};
use state::{App, Shared};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// The shortest token that is taken, in bytes. Guesses are slowed down to about one a second.
const SHORTEST_TOKEN: usize = 16;

/// How long answers under way may go on after somebody asked to stop.
const DRAIN: Duration = Duration::from_secs(2);

/// How to serve.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What visitors must know. Required where others than this machine can reach the address.
    pub token: Option<String>,
    /// Also work through the queue.
    pub work: bool,
    /// Windows of sound heard side by side; 0 means one a core, two at most.
    pub threads: usize,
    /// Let whatever else this machine does go before the work.
    pub nice: bool,
    /// How often feeds are looked at; nothing is never.
    pub refresh: Option<Duration>,
    /// A language model that may propose what clips say of themselves.
    pub model: Option<Endpoint>,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            token: None,
            work: true,
            threads: 0,
            nice: true,
            refresh: Some(Duration::from_secs(3600)),
            model: None,
        }
    }
}

impl ServeOptions {
    /// Whether these can be served with, before anything else is done.
    ///
    /// # Errors
    /// When the address is open to other machines and there is no token, or when the token is too short.
    pub fn check(&self) -> Result<()> {
        const REMEDY: &str = "Give a long random one, such as that of `openssl rand -hex 16`";
        let place = self.listen.to_string();
        match &self.token {
            Some(token) if token.len() < SHORTEST_TOKEN => {
                let message = format!("the token is shorter than {SHORTEST_TOKEN} characters");
                Err(Error::new(ErrorKind::BadInput, message).at(place).remedy(REMEDY))
            }
            None if !self.listen.ip().is_loopback() => {
                let message = "other machines can reach this address, so a token is needed";
                Err(Error::new(ErrorKind::BadInput, message)
                    .at(place)
                    .remedy(format!("{REMEDY}, or listen on 127.0.0.1")))
            }
            _ => Ok(()),
        }
    }
}

/// Serves the library until `stop` is requested; `on_ready` gets the address once visitors can connect.
///
/// # Errors
/// When the address can't be used, or when it is open to other machines and there is no token.
pub fn serve(
    library: Arc<Library>,
    options: &ServeOptions,
    stop: &Stop,
    on_ready: impl FnOnce(SocketAddr),
) -> Result<()> {
    options.check()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(32)
        .enable_all()
        .build()
        .map_err(|error| Error::new(ErrorKind::Bug, format!("the server's threads can't be started: {error}")))?;
    let listener =
        runtime.block_on(TcpListener::bind(options.listen)).map_err(|error| cannot_listen(options, &error))?;
    let address = listener.local_addr().map_err(|error| cannot_listen(options, &error))?;
    let app = Arc::new(App::new(library, address, options.token.as_deref())?);
    let served = std::thread::scope(|threads| {
        let work = options.work && (app.library().frozen().is_none() || app.library().may_thaw());
        let worker = work.then(|| threads.spawn(|| work::keep_working(&app, options, stop)));
        if let Some(every) = options.refresh.filter(|_| work) {
            let app = &app;
            threads.spawn(move || work::keep_looking(app, every, stop));
        }
        on_ready(address);
        let served = runtime.block_on(answer(listener, Arc::clone(&app), stop));
        // The worker shares this flag; without it a failed listener would leave the worker running for ever.
        stop.request();
        match worker.map(std::thread::ScopedJoinHandle::join) {
            Some(Err(_panic)) => Err(Error::new(ErrorKind::Bug, "the worker failed; what it said is above")),
            _ => served,
        }
    });
    // A blocking call that hangs must not keep the program from ending.
    runtime.shutdown_timeout(DRAIN);
    served
}

async fn answer(listener: TcpListener, app: Shared, stop: &Stop) -> Result<()> {
    let (ask, asked) = tokio::sync::oneshot::channel::<()>();
    let serving = connections::serve(listener, router::router(app), async move {
        // The sender only ever goes away when serving is over anyway.
        asked.await.unwrap_or_default();
    });
    let serving = tokio::spawn(serving);
    while !stop.requested() && !serving.is_finished() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Nobody listens when serving has already ended; its result says why.
    ask.send(()).unwrap_or_default();
    match tokio::time::timeout(DRAIN, serving).await {
        // Sound that is still being sent is cut off: players ask again for the rest.
        Err(_elapsed) => Ok(()),
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Error::new(ErrorKind::Bug, format!("the server failed: {error}"))),
    }
}

fn cannot_listen(options: &ServeOptions, error: &io::Error) -> Error {
    let (kind, message, remedy) = match error.kind() {
        io::ErrorKind::AddrInUse => (
            ErrorKind::Busy,
            "another program listens here already".to_owned(),
            format!(
                "If that is Earwitness, open http://{}/; otherwise choose another port, or 0 for a free one",
                options.listen
            ),
        ),
        io::ErrorKind::PermissionDenied => (
            ErrorKind::BadInput,
            "this port needs rights the program does not have".to_owned(),
            "Choose a port above 1023".to_owned(),
        ),
        io::ErrorKind::AddrNotAvailable => (
            ErrorKind::BadInput,
            "this machine does not have this address".to_owned(),
            "Listen on 127.0.0.1, or on 0.0.0.0 with a token for every address".to_owned(),
        ),
        _ => (ErrorKind::BadInput, format!("can't listen: {error}"), "Try 127.0.0.1:7979".to_owned()),
    };
    Error::new(kind, message).at(options.listen.to_string()).remedy(remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(listen: &str, token: Option<&str>) -> ServeOptions {
        ServeOptions {
            listen: listen.parse().unwrap(),
            token: token.map(str::to_owned),
            work: false,
            ..ServeOptions::default()
        }
    }

    #[test]
    fn other_machines_need_a_token() {
        let long = Some("a long enough token");
        for (listen, token, expected) in [
            ("127.0.0.1:0", None, true),
            ("[::1]:0", None, true),
            ("0.0.0.0:0", None, false),
            ("192.168.1.4:7979", None, false),
            ("[::]:7979", None, false),
            ("0.0.0.0:0", long, true),
            ("127.0.0.1:0", long, true),
            ("0.0.0.0:0", Some("short"), false),
            ("0.0.0.0:0", Some("fifteen letters"), false),
            ("0.0.0.0:0", Some("sixteen letters!"), true),
            ("127.0.0.1:0", Some(""), false),
        ] {
            assert_eq!(options(listen, token).check().is_ok(), expected, "{listen} {token:?}");
        }
    }

    #[test]
    fn a_taken_port_says_what_to_do() {
        let error = cannot_listen(&options("127.0.0.1:7979", None), &io::Error::from(io::ErrorKind::AddrInUse));
        assert_eq!(error.kind, ErrorKind::Busy);
        assert_eq!(
            error.to_string(),
            "127.0.0.1:7979: another program listens here already. If that is Earwitness, open \
             http://127.0.0.1:7979/; otherwise choose another port, or 0 for a free one"
        );
    }
}
