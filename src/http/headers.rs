//! The headers that every answer carries, whatever it is.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// Nothing is framed, nothing comes from elsewhere: the page is HTML, one stylesheet, one script, which asks this server
/// alone, and an icon.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                                       img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 3] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // The address of a result page holds the query; the outlet behind a link need not know it.
    (header::REFERRER_POLICY, "no-referrer"),
];

/// Middleware: adds them.
pub async fn add(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // An answer holds until the next commit, which nobody can foresee; assets say otherwise themselves.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    response
}
