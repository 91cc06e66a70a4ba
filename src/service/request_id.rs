//! The id of a request: the client's if it is well-formed, otherwise a new one. It is part of the
//! answer, the log and every problem document.

use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Maximum length of an id that a client may choose.
const MAX_CHARS: usize = 64;

/// The id of one request.
///
/// Invariant: 1 to 64 ASCII letters, digits, `-`, `_`, `.` or `:`, so it is safe in a header, a log
/// line and a page.
#[derive(Clone)]
pub struct RequestId(String);

impl RequestId {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(id: &str) -> Option<Self> {
        let is_allowed = |c: u8| c.is_ascii_alphanumeric() || b"-_.:".contains(&c);
        ((1..=MAX_CHARS).contains(&id.len()) && id.bytes().all(is_allowed))
            .then(|| Self(id.to_owned()))
    }

    /// Returns a new id: 16 hexadecimal digits, from a random key of this process and a counter.
    fn random() -> Self {
        static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(format!(
            "{:016x}",
            KEY.hash_one(NEXT.fetch_add(1, Ordering::Relaxed))
        ))
    }
}

/// Middleware: assigns the id to the request and to its answer.
pub async fn assign(mut request: Request, next: Next) -> Response {
    let given = request
        .headers()
        .get(HEADER)
        .and_then(|value| value.to_str().ok());
    let id = given
        .and_then(RequestId::parse)
        .unwrap_or_else(RequestId::random);
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts
            .extensions
            .get::<Self>()
            .cloned()
            .unwrap_or_else(Self::random))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sane_ids_are_taken() {
        for id in ["a", "9f86d081-884c:7d65_x.y", &"x".repeat(64)] {
            assert!(RequestId::parse(id).is_some(), "{id}");
        }
        for id in [
            "",
            "two words",
            "<script>",
            "معرّف",
            "line\nbreak",
            &"x".repeat(65),
        ] {
            assert!(RequestId::parse(id).is_none(), "{id}");
        }
    }

    #[test]
    fn made_ids_are_sane_and_differ() {
        let one = RequestId::random();
        let other = RequestId::random();
        assert!(RequestId::parse(one.as_str()).is_some());
        assert_ne!(one.as_str(), other.as_str());
    }
}
