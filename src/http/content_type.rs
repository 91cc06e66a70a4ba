//! Checks the content type of a body. The content is checked elsewhere.

use super::{ApiError, HeaderMap, Result, header};

/// The content types in use for NDJSON. None of them is registered.
const NDJSON: [&str; 5] = [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonlines",
    "application/jsonlines",
];

/// Fails unless the content type is JSON.
pub fn json(headers: &HeaderMap) -> Result<()> {
    let is_json = |essence: &str| essence == "application/json" || essence.ends_with("+json");
    check(
        headers,
        is_json,
        "JSON, with content-type: application/json",
    )
}

/// Fails unless the content type is NDJSON.
pub fn ndjson(headers: &HeaderMap) -> Result<()> {
    let wanted = "one JSON object per line, with content-type: application/x-ndjson";
    check(headers, |essence| NDJSON.contains(&essence), wanted)
}

/// Fails unless `is_accepted` accepts the media type of the request. `is_accepted` is given the
/// media type in lower case and without parameters.
fn check(
    headers: &HeaderMap,
    is_accepted: impl FnOnce(&str) -> bool,
    wanted: &'static str,
) -> Result<()> {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next();
    let essence = essence.unwrap_or_default().trim().to_ascii_lowercase();
    if is_accepted(&essence) {
        return Ok(());
    }
    Err(ApiError::UnsupportedMediaType(wanted))
}
