//! Accepts connections and serves the routes on them. Unlike `axum::serve`, it limits the time for
//! the head of a request and the number of connections.

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

use super::stalled_writes::StalledWrites;
use crate::http::access::Peer;

/// Maximum size of the head of a request. The longest query takes 24 kB when it is percent-encoded.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// The time limits of a connection.
#[derive(Clone, Copy)]
pub struct ConnectionTimes {
    /// For the head of a request. An idle connection is closed after it as well.
    pub head: Duration,
    /// For a client that does not read its answer.
    pub send: Duration,
}

/// Serves at most `max_connections` connections until `stop`, then finishes the running requests.
pub async fn serve(
    mut listener: TcpListener,
    routes: Router,
    max_connections: NonZeroUsize,
    times: ConnectionTimes,
    stop: impl Future<Output = ()>,
) {
    let mut http = Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(times.head)
        .max_header_size(MAX_HEAD_BYTES);
    let permits = Arc::new(Semaphore::new(
        max_connections.get().min(Semaphore::MAX_PERMITS),
    ));
    let running = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        // Without a permit no connection is accepted. Clients then wait in the queue of the system.
        let next = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, Listener::accept(&mut listener).await)
        };
        let (permit, (stream, address)) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        // Answers are small and complete, so waiting to fill a packet would only delay them.
        let _not_worth_failing = stream.set_nodelay(true);
        let stream = StalledWrites::new(stream, times.send);
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
                tracing::debug!(%error, "a connection failed");
            }
        });
    }
    drop(listener);
    running.shutdown().await;
}
