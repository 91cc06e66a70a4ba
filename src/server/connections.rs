//! Accepts connections and serves the routes on them. Unlike `axum::serve`, it limits the time for
//! the head of a request and the number of connections, and an answer says when the connection will
//! be closed.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::serve::Listener;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
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
        let routes = routes.clone();
        let service = service_fn(move |request| answer(routes.clone(), address, request));
        let connection = http.serve_connection(TokioIo::new(stream), service);
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

/// Answers a request. If its body was not read to the end, the connection cannot be used again, and
/// the answer says so.
async fn answer(
    routes: Router,
    client: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response, Infallible> {
    let is_read = Arc::new(AtomicBool::new(request.body().is_end_stream()));
    let mut request = request.map(|body| {
        Body::new(RequestBody {
            body,
            is_read: Arc::clone(&is_read),
        })
    });
    request.extensions_mut().insert(Peer(client));
    let mut response = routes.oneshot(request).await?;
    if !is_read.load(Ordering::Relaxed) {
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

/// The body of a request, which notes when it has been read to its end.
struct RequestBody {
    body: Incoming,
    is_read: Arc<AtomicBool>,
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() || self.body.is_end_stream() {
            self.is_read.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
