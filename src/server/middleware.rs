//! The middleware around all routes, and the reasons for its order.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use super::host;
use crate::config::AccessConfig;
use crate::http::access::{self, Gate};
use crate::http::{access_log, headers, held_answers, problem};
use crate::page;
use crate::service::{ApiError, AppState, request_id};

/// Time limits of requests.
#[derive(Clone, Copy)]
pub struct Timeouts {
    /// For requests that read.
    pub read: Duration,
    /// For requests that write, whose bodies may be large.
    pub write: Duration,
}

/// Wraps `routes`. The last layer is the outermost, so read the list from the inside out.
pub fn around(
    routes: Router,
    timeouts: Timeouts,
    state: &AppState,
    config: &AccessConfig,
) -> Router {
    let gate = Gate::new(state.clone(), config);
    let routes = routes
        // Limits the body that a handler may read.
        .layer(DefaultBodyLimit::max(ApiError::MAX_BODY_BYTES))
        // The time limit is outside the body limit, because it includes the time to read a slow
        // body.
        .layer(from_fn_with_state(timeouts, limit_time))
        // Answers count until they are sent. The gate is outside, so that the memory of a request
        // is reserved until its answer counts.
        .layer(from_fn_with_state(
            state.held_answers.clone(),
            held_answers::hold,
        ))
        // The gate is outside the time limit, because refusing a request takes almost no time.
        .layer(from_fn_with_state(gate, access::control))
        // The host is checked before the gate, which may compare it.
        .layer(from_fn(host::require))
        // A panic of a handler becomes an error.
        .layer(CatchPanicLayer::custom(panic_response))
        // Errors get a problem document as their body, outside everything that can fail.
        .layer(from_fn(problem::render))
        // On the routes of the page, the problem document becomes a page.
        .layer(from_fn(page::error::render))
        // No answer is streamed, so bodies can be compressed.
        .layer(CompressionLayer::new());
    // CORS is outside the gate: preflight requests need no key, and browsers may read errors.
    let routes = match access::cors_layer(&config.cors_origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes
        // These headers are part of every answer, including errors.
        .layer(map_response(headers::add))
        // The access log sees the final status and the total duration.
        .layer(from_fn_with_state(state.metrics.clone(), access_log::log))
        // The request id is outermost, because all other layers use it.
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

fn panic_response(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("unknown panic");
    ApiError::internal("answer: a handler panicked", message).into_response()
}
