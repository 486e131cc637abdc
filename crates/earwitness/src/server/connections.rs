//! Taking connections: a bounded number of them, none of which may keep us waiting for what it asks.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// How many connections are open at once; more wait until one ends.
const MOST: usize = 256;

/// How long a visitor may take to say what they ask. Connections that are kept open end after this as well.
const HEAD: Duration = Duration::from_secs(10);

/// Answers until `stop` comes, then lets the answers under way end.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let (graceful, room) = (GracefulShutdown::new(), Arc::new(Semaphore::new(MOST)));
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let place = Arc::clone(&room).acquire_owned().await;
            (place, accept(&listener).await)
        };
        let (place, stream) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Visitors that go away, or say nothing, are no fault of ours.
            connection.await.unwrap_or_default();
            drop(place);
        });
    }
    // From here on nobody new is let in.
    drop(listener);
    graceful.shutdown().await;
}

/// The next connection. What keeps us from taking one passes: it ended already, or too many files are open.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(error) => {
                eprintln!("no connection can be taken for the moment: {error}");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}
