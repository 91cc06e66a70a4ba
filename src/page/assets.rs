//! The stylesheet, the script and the icon, which are part of the binary. The addresses of the
//! first two contain their hashes, so browsers may cache them permanently.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use fihrist_index::arabic::fnv1a;

use super::{HeaderMap, IntoResponse, Response, Uri};

/// A file of the page.
pub struct Asset {
    path: &'static str,
    body: &'static str,
    hash: u64,
    content_type: &'static str,
    /// The `cache-control` value of an address that does not contain the hash.
    cache: &'static str,
}

pub const STYLE: Asset = Asset::new(
    "/style.css",
    include_str!("../../static/style.css"),
    "text/css; charset=utf-8",
    "public, no-cache",
);

pub const SCRIPT: Asset = Asset::new(
    "/page.js",
    include_str!("../../static/page.js"),
    "text/javascript; charset=utf-8",
    "public, no-cache",
);

pub const ICON: Asset = Asset::new(
    "/favicon.svg",
    include_str!("../../static/favicon.svg"),
    "image/svg+xml",
    "public, max-age=86400",
);

impl Asset {
    const fn new(
        path: &'static str,
        body: &'static str,
        content_type: &'static str,
        cache: &'static str,
    ) -> Self {
        Self {
            path,
            body,
            hash: fnv1a(body.as_bytes()),
            content_type,
            cache,
        }
    }

    /// Returns the address of the file, which contains its hash.
    pub fn href(&self) -> String {
        format!("{}?v={:016x}", self.path, self.hash)
    }

    /// Returns the file. Browsers may cache it permanently if `uri` contains its hash.
    pub async fn answer(&self, uri: Uri, headers: HeaderMap) -> Response {
        let cache = if uri.query() == Some(&format!("v={:016x}", self.hash)) {
            "public, max-age=31536000, immutable"
        } else {
            self.cache
        };
        // A weak tag, because compression changes the bytes.
        let tag = format!("W/\"{:016x}\"", self.hash);
        let is_known = headers
            .get(IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|known| known.contains(&tag));
        let about = [
            (CONTENT_TYPE, self.content_type),
            (CACHE_CONTROL, cache),
            (ETAG, tag.as_str()),
        ];
        if is_known {
            (StatusCode::NOT_MODIFIED, about).into_response()
        } else {
            (about, self.body).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stays_small() {
        assert!(SCRIPT.body.len() < 15_000, "{} bytes", SCRIPT.body.len());
    }
}
