//! Checks the content type of a body. The content is checked elsewhere.

use axum::http::{HeaderMap, header};

use crate::service::error::ApiError;

/// The content types in use for NDJSON. None of them is registered.
const NDJSON: [&str; 5] = [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonlines",
    "application/jsonlines",
];

/// Fails unless the content type is JSON.
pub fn json(headers: &HeaderMap) -> Result<(), ApiError> {
    let essence = essence(headers);
    let is_json = essence == "application/json" || essence.ends_with("+json");
    if is_json {
        Ok(())
    } else {
        Err(ApiError::UnsupportedMediaType(
            "JSON, with content-type: application/json",
        ))
    }
}

/// Fails unless the content type is NDJSON.
pub fn ndjson(headers: &HeaderMap) -> Result<(), ApiError> {
    if NDJSON.contains(&essence(headers).as_str()) {
        return Ok(());
    }
    Err(ApiError::UnsupportedMediaType(
        "one JSON object per line, with content-type: application/x-ndjson",
    ))
}

/// Returns the media type in lower case, without its parameters.
fn essence(headers: &HeaderMap) -> String {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}
