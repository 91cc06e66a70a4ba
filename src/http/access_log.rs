//! One line a request. The path is the route's pattern and the query string stays out: what people search for is
//! nobody's business.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

use super::request_id::RequestId;

/// Middleware: logs the request when its answer is ready.
pub async fn log(id: RequestId, path: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let response = next.run(request).await;
    tracing::info!(
        %method,
        path = path.as_ref().map_or("unmatched", MatchedPath::as_str),
        status = response.status().as_u16(),
        duration_ms = (started.elapsed().as_secs_f64() * 10_000.0).round() / 10.0,
        request.id = id.as_str(),
        "answered"
    );
    response
}
