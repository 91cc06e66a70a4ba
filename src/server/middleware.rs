//! The middleware around all routes, and why it stands in this order.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;

use crate::http::access::{self, Gate};
use crate::http::{access_log, headers, problem};
use crate::page;
use crate::service::error::ApiError;
use crate::service::metrics::Metrics;
use crate::service::request_id;

/// How long requests may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Those that read.
    pub read: Duration,
    /// Those that write, whose bodies may be large.
    pub write: Duration,
}

/// Wraps `routes`. The last layer added is the outermost, so this reads from the inside out.
pub fn around(
    routes: Router,
    timeouts: Timeouts,
    gate: Gate,
    cors: Option<CorsLayer>,
    metrics: Metrics,
) -> Router {
    let routes = routes
        // What a handler may read of a body.
        .layer(DefaultBodyLimit::max(ApiError::MAX_BODY_BYTES))
        // Reading a slow body counts as well, so the time limit is around the body limit.
        .layer(from_fn_with_state(timeouts, limit_time))
        // Who may not ask, or not now, is not waited for.
        .layer(from_fn_with_state(gate, access::control))
        // A panic becomes an error like any other…
        .layer(CatchPanicLayer::custom(caught))
        // …and errors get their body here, around all that can make one: first a problem document…
        .layer(from_fn(problem::render))
        // …which becomes a page on the routes of the page.
        .layer(from_fn(page::error::render))
        // Bodies are complete: compress them.
        .layer(CompressionLayer::new());
    // Browsers that ask whether they may are answered here, before the gate; what they may read, errors are, too.
    let routes = match cors {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes
        // On every answer, errors too.
        .layer(map_response(headers::add))
        // Sees the final status and the whole duration.
        .layer(from_fn_with_state(metrics, access_log::log))
        // Outermost: all the others use the id.
        .layer(from_fn(request_id::assign))
}

async fn limit_time(
    State(timeouts): State<Timeouts>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let reads = request.method().is_safe() || !request.uri().path().starts_with("/api/v1/articles");
    let limit = if reads { timeouts.read } else { timeouts.write };
    tokio::time::timeout(limit, next.run(request))
        .await
        .map_err(|_| ApiError::TimedOut)
}

fn caught(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown panic".to_owned());
    ApiError::internal("answer: a handler panicked", message).into_response()
}
