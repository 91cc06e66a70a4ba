//! CORS: scripts of all sites may read if `*` is configured. Scripts of named sites may do what
//! their key permits. Browsers send no stored passwords.

use std::time::Duration;

use axum::extract::MatchedPath;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::{RouteAccess, rate};
use crate::config::Origin;

/// How long a browser may cache the answer to a preflight request. Browsers allow at most two
/// hours.
const MAX_AGE: Duration = Duration::from_hours(1);

/// The request headers that the server uses.
const REQUEST_HEADERS: [HeaderName; 6] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    HeaderName::from_static("x-api-key"),
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("mcp-protocol-version"),
];

/// Returns the CORS layer, or `None` if no site is allowed.
pub fn layer(origins: &[Origin]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let origins = origins.to_vec();
    let allows = move |origin: &HeaderValue, parts: &Parts| {
        origins.iter().any(|allowed| match allowed {
            Origin::Any => only_reads(parts),
            Origin::Exactly(name) => name == origin,
        })
    };
    let others = [header::RETRY_AFTER, HeaderName::from_static("x-request-id")];
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(allows))
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::DELETE,
        ])
        .allow_headers(REQUEST_HEADERS)
        .expose_headers([&rate::HEADERS[..], &others].concat())
        .max_age(MAX_AGE);
    Some(layer)
}

/// Whether a request needs at most the right to read. For a preflight request, the method that it
/// announces counts.
fn only_reads(parts: &Parts) -> bool {
    let pattern = parts
        .extensions
        .get::<MatchedPath>()
        .map(MatchedPath::as_str);
    let announced = parts.headers.get(header::ACCESS_CONTROL_REQUEST_METHOD);
    let announced = announced.and_then(|method| Method::from_bytes(method.as_bytes()).ok());
    let method = announced
        .filter(|_| parts.method == Method::OPTIONS)
        .unwrap_or_else(|| parts.method.clone());
    match RouteAccess::of(pattern, &method) {
        RouteAccess::Operations | RouteAccess::Open | RouteAccess::Reading => true,
        RouteAccess::Metrics | RouteAccess::Writing => false,
    }
}
