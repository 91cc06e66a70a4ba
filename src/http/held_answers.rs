//! Counts each answer until it is sent. `service::HeldAnswers` has the limit.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use hyper::body::Body as _;

use super::ApiError;
use crate::service::HeldAnswers;

/// Smaller answers do not count. With the maximum number of connections they take a few megabytes.
const MIN_COUNTED_BYTES: u64 = 16 << 10;

/// Middleware: counts the answer until it is sent, or refuses the request.
pub async fn hold(
    State(answers): State<HeldAnswers>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let response = next.run(request).await;
    // Every answer is complete, so its size is known.
    let size = response.body().size_hint().exact();
    if size.is_none_or(|bytes| bytes < MIN_COUNTED_BYTES) {
        return Ok(response);
    }
    let (head, body) = response.into_parts();
    let body = body.collect().await;
    let bytes = body
        .map_err(|error| ApiError::internal("hold an answer", error))?
        .to_bytes();
    Ok(Response::from_parts(head, Body::from(answers.hold(bytes)?)))
}
