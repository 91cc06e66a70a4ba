//! The middleware around all routes, and why it stands in this order.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use super::error::ApiError;
use super::{access_log, headers, problem, request_id};

/// Wraps `routes`. The last layer added is the outermost, so this reads from the inside out.
pub fn around(routes: Router, request_timeout: Duration) -> Router {
    routes
        // What a handler may read of a body.
        .layer(DefaultBodyLimit::max(ApiError::MAX_BODY_BYTES))
        // Reading a slow body counts as well, so the time limit is around the body limit.
        .layer(from_fn_with_state(request_timeout, limit_time))
        // A panic becomes an error like any other…
        .layer(CatchPanicLayer::custom(caught))
        // …and errors get their body here, around all that can make one.
        .layer(from_fn(problem::render))
        // Bodies are complete: compress them.
        .layer(CompressionLayer::new())
        // On every answer, errors too.
        .layer(map_response(headers::add))
        // Sees the final status and the whole duration.
        .layer(from_fn(access_log::log))
        // Outermost: all the others use the id.
        .layer(from_fn(request_id::assign))
}

async fn limit_time(State(limit): State<Duration>, request: Request, next: Next) -> Result<Response, ApiError> {
    tokio::time::timeout(limit, next.run(request)).await.map_err(|_| ApiError::TimedOut)
}

fn caught(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown panic".to_owned());
    ApiError::internal("answer: a handler panicked", message).into_response()
}
