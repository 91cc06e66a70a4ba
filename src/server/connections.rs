//! Takes connections and lets the routes answer on them. `axum::serve` would do, but for two things: it gives a client all the
//! time it likes for the head of a request, and takes any number of clients.

use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::http::access::Peer;

/// The largest head of a request: the longest query takes 24 kB, percent-encoded.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// How connections are had.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How many there may be at a time.
    pub max_connections: NonZeroUsize,
    /// The time for the head of a request. A connection that is not used is closed after it, too.
    pub head_time: Duration,
}

/// Serves until `stop`, then finishes the running requests.
pub async fn serve(
    mut listener: TcpListener,
    routes: Router,
    terms: Terms,
    stop: impl Future<Output = ()>,
) {
    let mut http = Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(terms.head_time)
        .max_header_size(MAX_HEAD_BYTES);
    let permits = Arc::new(Semaphore::new(
        terms.max_connections.get().min(Semaphore::MAX_PERMITS),
    ));
    let running = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        // Without a permit nobody is taken in: the system lets them wait.
        let next = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, Listener::accept(&mut listener).await)
        };
        let (permit, (stream, address)) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        // Answers are small and complete: waiting to fill a packet only delays them.
        let _not_worth_failing = stream.set_nodelay(true);
        let service = routes
            .clone()
            .map_request(move |request: Request<Incoming>| {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(Peer(address));
                request
            });
        let connection =
            http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = running.watch(connection);
        tokio::spawn(async move {
            let _held_until_closed = permit;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
    drop(listener);
    running.shutdown().await;
}
