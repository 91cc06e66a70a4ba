//! The stylesheet, the script and the icon, which are part of the binary. The addresses of the
//! first two contain their hashes, so browsers may cache them permanently.

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use fihrist_index::arabic::fnv1a;

const STYLE: &str = include_str!("../../static/style.css");
const SCRIPT: &str = include_str!("../../static/page.js");
const ICON: &str = include_str!("../../static/favicon.svg");

const STYLE_HASH: u64 = fnv1a(STYLE.as_bytes());
const SCRIPT_HASH: u64 = fnv1a(SCRIPT.as_bytes());
const ICON_HASH: u64 = fnv1a(ICON.as_bytes());

/// The address of the stylesheet.
pub fn style_href() -> String {
    format!("/style.css?v={STYLE_HASH:016x}")
}

/// The address of the script.
pub fn script_href() -> String {
    format!("/page.js?v={SCRIPT_HASH:016x}")
}

pub async fn style(uri: Uri, headers: HeaderMap) -> Response {
    asset(
        &headers,
        STYLE,
        STYLE_HASH,
        "text/css; charset=utf-8",
        lifetime(&uri, STYLE_HASH),
    )
}

pub async fn script(uri: Uri, headers: HeaderMap) -> Response {
    asset(
        &headers,
        SCRIPT,
        SCRIPT_HASH,
        "text/javascript; charset=utf-8",
        lifetime(&uri, SCRIPT_HASH),
    )
}

pub async fn icon(headers: HeaderMap) -> Response {
    asset(
        &headers,
        ICON,
        ICON_HASH,
        "image/svg+xml",
        "public, max-age=86400",
    )
}

/// Returns the `cache-control` value. It is permanent if the address contains `hash`, the hash of
/// the file.
fn lifetime(uri: &Uri, hash: u64) -> &'static str {
    let is_current = uri
        .query()
        .is_some_and(|query| query == format!("v={hash:016x}"));
    if is_current {
        "public, max-age=31536000, immutable"
    } else {
        "public, no-cache"
    }
}

fn asset(
    headers: &HeaderMap,
    body: &'static str,
    hash: u64,
    content_type: &'static str,
    cache: &'static str,
) -> Response {
    // A weak tag, because compression changes the bytes.
    let tag = format!("W/\"{hash:016x}\"");
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|known| known.contains(&tag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body.into_response()
    };
    let response_headers = response.headers_mut();
    response_headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response_headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response_headers.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stays_small() {
        assert!(SCRIPT.len() < 15_000, "{} bytes", SCRIPT.len());
    }
}
