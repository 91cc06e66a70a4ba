//! Logs one line per request and counts it. The line contains the pattern of the route, not the
//! query string, because queries are private. It contains no client address; a proxy in front can
//! log that.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use hyper::body::Frame;

use crate::service::{Metrics, RequestId, method_name};

/// The route name of a request that no route matches.
const UNMATCHED: &str = "unmatched";

/// The status in the log if the client disconnected before the answer had a status. Other servers
/// also log 499.
const GONE: u16 = 499;

/// Middleware: counts the request when its answer is ready, and logs it when the answer was sent.
pub async fn log(
    State(metrics): State<Arc<Metrics>>,
    id: RequestId,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    metrics.request_started();
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
    response.map(|body| {
        // The body owns the entry, so the entry is dropped with it.
        Body::new(body.inspect_frame(move |frame| entry.sent(frame)))
    })
}

/// The log line of one request. It is written on drop: at the end of the answer, or when the client
/// disconnects.
struct Entry {
    metrics: Arc<Metrics>,
    id: RequestId,
    method: Method,
    route: Option<MatchedPath>,
    started: Instant,
    status: Option<u16>,
    /// Number of body bytes sent, after compression.
    bytes: u64,
}

impl Entry {
    fn answered(&mut self, status: u16) {
        self.status = Some(status);
        self.metrics
            .request_finished(self.route(), &self.method, status, self.started.elapsed());
    }

    fn sent(&mut self, frame: &Frame<Bytes>) {
        self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
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

/// Rounds to four decimals, a tenth of a microsecond.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000_000.0).round() / 10_000.0
}
