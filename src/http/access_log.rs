//! One line a request, and its place in the counts. The path is the route's pattern and the query string stays out: what people
//! search for is nobody's business. Nor does it say who asks: addresses are for the proxy in front to keep.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};

use crate::service::metrics::{Metrics, method_name};
use crate::service::request_id::RequestId;

/// The route of a request that none knows.
const UNMATCHED: &str = "unmatched";

/// What stands for a status where the caller went away before there was one, as in the logs of other servers.
const GONE: u16 = 499;

/// Middleware: counts the request when its answer is ready, and logs it when that is sent.
pub async fn log(
    State(metrics): State<Metrics>,
    id: RequestId,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    metrics.request_begins();
    let mut entry = Entry {
        metrics,
        id,
        method: request.method().clone(),
        route,
        started: Instant::now(),
        status: None,
        bytes: 0,
    };
    let response = next.run(request).await;
    entry.answered(response.status().as_u16());
    response.map(|body| Body::new(Logged { body, entry }))
}

/// The line of one request, written when this is dropped: at the end of its answer, or when the caller goes away.
struct Entry {
    metrics: Metrics,
    id: RequestId,
    method: Method,
    route: Option<MatchedPath>,
    started: Instant,
    status: Option<u16>,
    /// What was sent of the body, as it was sent: compressed.
    bytes: u64,
}

impl Entry {
    fn answered(&mut self, status: u16) {
        self.status = Some(status);
        self.metrics
            .request_ends(self.route(), &self.method, status, self.started.elapsed());
    }

    fn route(&self) -> &str {
        self.route.as_ref().map_or(UNMATCHED, MatchedPath::as_str)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if self.status.is_none() {
            self.answered(GONE);
        }
        tracing::info!(
            request_id = self.id.as_str(),
            method = method_name(&self.method),
            route = self.route(),
            status = self.status,
            duration_ms = milliseconds(self.started.elapsed()),
            bytes = self.bytes,
            "answered"
        );
    }
}

/// With four places: a tenth of a microsecond says nothing any more.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000_000.0).round() / 10_000.0
}

/// A body whose bytes are counted.
struct Logged {
    body: Body,
    entry: Entry,
}

impl HttpBody for Logged {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame {
            self.entry.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
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
