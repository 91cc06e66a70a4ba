//! Everything that can go wrong, and the one table that maps it to an HTTP status and a stable
//! code. It writes no body: `http::problem` does, once the request id is known.

use std::error::Error as StdError;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use fihrist_index::{ArticleId, Error, ErrorKind};

use crate::keys::Scope;
use crate::remedy::explain_engine;

/// An error, as the caller sees it.
#[derive(Debug)]
pub enum ApiError {
    /// Unknown parameters and parameters out of bounds, all of them.
    InvalidParameters(Vec<ParameterError>),
    /// The body is not a JSON object. The text is the reason.
    InvalidJson(String),
    /// The engine refuses the request. The text is the reason.
    InvalidRequest(String),
    /// No line of an NDJSON body is a JSON object. The text is the reason.
    InvalidNdjson(String),
    /// A JSON object is not a valid article. The text is the reason.
    InvalidArticle(String),
    /// The body has the wrong content type. The text is the expected type.
    UnsupportedMediaType(&'static str),
    /// The body has an unsupported content encoding.
    UnsupportedEncoding,
    /// The body is larger than this many bytes.
    BodyTooLarge(usize),
    /// The request has no key, but needs one.
    KeyMissing,
    /// The key does not exist or was revoked.
    KeyUnknown,
    /// The key lacks this scope.
    ScopeMissing(Scope),
    /// The client sent too many requests; it may send the next one after this many seconds.
    RateLimited { wait_s: u64 },
    /// The path does not exist.
    UnknownRoute,
    /// The path does not support the method.
    MethodNotAllowed,
    /// No article has this id.
    NoSuchArticle(String),
    /// No field with this name has values that can be listed.
    NoSuchField(String),
    /// There is no index yet.
    NoIndex,
    /// The server is at capacity.
    Busy,
    /// Another process or request holds the index for writing.
    IndexBusy,
    /// The cluster that stores the index cannot be reached, or it refuses the request.
    IndexUnavailable,
    /// The request exceeded its time limit.
    TimedOut,
    /// A fault of the server. The log contains the action and its cause.
    Internal {
        action: &'static str,
        cause: Option<Box<dyn StdError + Send + Sync>>,
    },
}

/// What is wrong with one parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterError {
    /// The index of the search, from 0, if the body contains several searches.
    pub item: Option<usize>,
    pub name: String,
    pub hint: String,
}

impl ApiError {
    /// All codes of problem documents.
    pub const CODES: [&'static str; 22] = [
        "invalid_parameter",
        "invalid_json",
        "invalid_request",
        "invalid_ndjson",
        "invalid_article",
        "unsupported_media_type",
        "unsupported_content_encoding",
        "key_missing",
        "key_unknown",
        "scope_missing",
        "rate_limited",
        "body_too_large",
        "unknown_route",
        "method_not_allowed",
        "no_such_article",
        "no_such_field",
        "no_index",
        "busy",
        "index_busy",
        "index_unavailable",
        "timed_out",
        "internal",
    ];

    /// The largest body of a request that reads, in bytes. It is larger than any query needs.
    pub const MAX_BODY_BYTES: usize = 1 << 20;

    /// Returns a fault of the server. `action` is a verb and its object, such as `read the keys`.
    pub fn internal(
        action: &'static str,
        cause: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::Internal {
            action,
            cause: Some(cause.into()),
        }
    }

    /// Converts an error of the engine. The error is shared because several requests may receive
    /// it.
    pub fn from_shared(error: Arc<Error>) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::NoIndex,
            ErrorKind::Busy => Self::IndexBusy,
            ErrorKind::Unavailable => {
                tracing::warn!(cause = explain_engine(&error), "the index is unavailable");
                Self::IndexUnavailable
            }
            ErrorKind::Invalid => Self::InvalidRequest(error.to_string()),
            // A cancelled request has no caller left who could read the answer.
            ErrorKind::TimedOut | ErrorKind::Cancelled => Self::TimedOut,
            ErrorKind::Incompatible => Self::internal("use the index", explain_engine(&error)),
            ErrorKind::Io | ErrorKind::Internal => Self::internal("use the index", error),
        }
    }

    /// Returns the error for an id that no article has. An id that is too long is cut off.
    pub fn no_such_article(id: String) -> Self {
        let is_short = id.len() <= ArticleId::MAX_BYTES;
        Self::NoSuchArticle(if is_short {
            id
        } else {
            format!("{}…", id.chars().take(100).collect::<String>())
        })
    }

    /// Returns the HTTP status and the stable code.
    pub fn status(&self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidParameters(_) => (StatusCode::BAD_REQUEST, "invalid_parameter"),
            Self::InvalidJson(_) => (StatusCode::BAD_REQUEST, "invalid_json"),
            Self::InvalidRequest(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::InvalidNdjson(_) => (StatusCode::BAD_REQUEST, "invalid_ndjson"),
            Self::InvalidArticle(_) => (StatusCode::BAD_REQUEST, "invalid_article"),
            Self::UnsupportedMediaType(_) => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
            }
            Self::UnsupportedEncoding => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_content_encoding",
            ),
            Self::KeyMissing => (StatusCode::UNAUTHORIZED, "key_missing"),
            Self::KeyUnknown => (StatusCode::UNAUTHORIZED, "key_unknown"),
            Self::ScopeMissing(_) => (StatusCode::FORBIDDEN, "scope_missing"),
            Self::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            Self::BodyTooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            Self::UnknownRoute => (StatusCode::NOT_FOUND, "unknown_route"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::NoSuchArticle(_) => (StatusCode::NOT_FOUND, "no_such_article"),
            Self::NoSuchField(_) => (StatusCode::NOT_FOUND, "no_such_field"),
            Self::NoIndex => (StatusCode::SERVICE_UNAVAILABLE, "no_index"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::IndexBusy => (StatusCode::SERVICE_UNAVAILABLE, "index_busy"),
            Self::IndexUnavailable => (StatusCode::SERVICE_UNAVAILABLE, "index_unavailable"),
            Self::TimedOut => (StatusCode::GATEWAY_TIMEOUT, "timed_out"),
            Self::Internal { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    /// Returns the mistakes in parameters, if that is what the error is about.
    pub fn parameter_errors(&self) -> &[ParameterError] {
        if let Self::InvalidParameters(errors) = self {
            errors
        } else {
            &[]
        }
    }

    /// Returns the message for the caller.
    pub fn detail(&self) -> String {
        match self {
            Self::InvalidParameters(errors) => match errors.as_slice() {
                [only] => format!("{}: {}", only.name, only.hint),
                many => format!("{} parameters are invalid; see errors", many.len()),
            },
            Self::InvalidJson(reason) => format!("the body is not a JSON object: {reason}"),
            Self::InvalidRequest(reason) => reason.clone(),
            Self::InvalidNdjson(reason) => format!("no line of the body is a JSON object: {reason}"),
            Self::InvalidArticle(reason) => reason.clone(),
            Self::UnsupportedMediaType(wanted) => format!("the content-type of the body must be {wanted}"),
            Self::UnsupportedEncoding => "the content-encoding of the body must be gzip or absent".to_owned(),
            Self::BodyTooLarge(limit) => {
                format!("the decompressed body is larger than {limit} bytes; nothing was written")
            }
            Self::KeyMissing => "this request needs a key: send the header authorization: Bearer fih_…".to_owned(),
            Self::KeyUnknown => "the key does not exist or was revoked".to_owned(),
            Self::ScopeMissing(scope) => {
                format!("the key lacks the scope `{scope}`; create a key with `fihrist key create --scope {scope}`")
            }
            Self::RateLimited { wait_s: 1 } => "too many requests; retry in one second".to_owned(),
            Self::RateLimited { wait_s } => format!("too many requests; retry in {wait_s} seconds"),
            Self::UnknownRoute => "this path does not exist; /openapi.json lists all routes".to_owned(),
            Self::MethodNotAllowed => {
                "this path does not support the method; the allow header lists the supported methods".to_owned()
            }
            Self::NoSuchArticle(id) => format!("no article has the id `{id}`"),
            Self::NoSuchField(name) => {
                let name: String = name.chars().take(100).collect();
                format!("there is no field `{name}`; expected source, section or author")
            }
            Self::NoIndex => {
                "there is no index yet; run `fihrist index PATH…`, and the server opens the index by itself".to_owned()
            }
            Self::Busy => "the server is at capacity; retry in one second".to_owned(),
            Self::IndexBusy => "an indexing job is writing to the index; retry when it has ended".to_owned(),
            Self::IndexUnavailable => {
                "the cluster that stores the index is unavailable; retry in a few seconds".to_owned()
            }
            Self::TimedOut => "the request exceeded its time limit and was cancelled".to_owned(),
            Self::Internal { .. } => "the server failed; its log states the reason under this request_id".to_owned(),
        }
    }

    /// Returns the header that the status requires, such as `retry-after`; `None` if it requires
    /// none.
    pub fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let header =
            |name: HeaderName, value: &'static str| Some((name, HeaderValue::from_static(value)));
        match self {
            Self::Busy | Self::NoIndex => header(header::RETRY_AFTER, "1"),
            Self::IndexBusy | Self::IndexUnavailable => header(header::RETRY_AFTER, "5"),
            Self::RateLimited { wait_s } => Some((header::RETRY_AFTER, HeaderValue::from(*wait_s))),
            Self::UnsupportedEncoding => header(header::ACCEPT_ENCODING, "gzip"),
            Self::KeyMissing => header(header::WWW_AUTHENTICATE, "Bearer"),
            Self::KeyUnknown => header(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""),
            Self::ScopeMissing(scope) => {
                let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
                HeaderValue::from_str(&challenge)
                    .ok()
                    .map(|value| (header::WWW_AUTHENTICATE, value))
            }
            Self::InvalidParameters(_)
            | Self::InvalidJson(_)
            | Self::InvalidRequest(_)
            | Self::InvalidNdjson(_)
            | Self::InvalidArticle(_)
            | Self::UnsupportedMediaType(_)
            | Self::BodyTooLarge(_)
            | Self::UnknownRoute
            | Self::MethodNotAllowed
            | Self::NoSuchArticle(_)
            | Self::NoSuchField(_)
            | Self::TimedOut
            | Self::Internal { .. } => None,
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::from_shared(Arc::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_codes_are_listed() {
        let source = include_str!("error.rs");
        let (_, rest) = source.split_once("pub fn status(").expect("the table");
        let (table, _) = rest.split_once("pub fn detail(").expect("its end");
        let codes: Vec<_> = table.split('"').skip(1).step_by(2).collect();
        assert_eq!(codes, ApiError::CODES);
    }
}
