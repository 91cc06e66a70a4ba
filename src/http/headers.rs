//! The headers of every answer.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

use super::header;

/// The page consists of HTML, one stylesheet, one script that sends requests to this server only,
/// and an icon. Frames and external resources are not needed.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                                       img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 3] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // The address of a results page contains the query, which linked sites must not see.
    (header::REFERRER_POLICY, "no-referrer"),
];

/// Middleware: adds the headers.
pub async fn add(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // An answer is valid until the next commit, whose time is unknown. Assets set their own value.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    response
}
