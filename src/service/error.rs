//! What went wrong, and the one table from it to an HTTP status and a stable code. It writes no body: `http::problem`
//! does, once the request id is known.

use std::error::Error as StdError;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use fihrist_index::{ArticleId, Error, ErrorKind};

use crate::keys::Scope;
use crate::remedy::explain_engine;

/// What went wrong, by what the caller is told.
#[derive(Debug)]
pub enum ApiError {
    /// Parameters that are unknown or out of bounds, all of them.
    InvalidParameters(Vec<ParameterError>),
    /// A body that is no JSON object, and why.
    InvalidJson(String),
    /// A request the engine refuses, and why.
    InvalidRequest(String),
    /// A body that was to be lines of JSON objects, and why none of its lines is one.
    InvalidNdjson(String),
    /// A JSON object that is no article, and why.
    InvalidArticle(String),
    /// A body that says it is something else than what it must be.
    UnsupportedMediaType(&'static str),
    /// A body that is compressed in a way that is not understood.
    UnsupportedEncoding,
    /// A body beyond the limit, in bytes.
    BodyTooLarge(usize),
    /// A request without a key where one is needed.
    KeyMissing,
    /// A key that is none of ours, or no longer.
    KeyUnknown,
    /// A key that is for something else than this.
    ScopeMissing(Scope),
    /// More requests than a client may send, and the seconds after which it may send the next.
    RateLimited { wait_s: u64 },
    /// No such path.
    UnknownRoute,
    /// A path that does not know the method.
    MethodNotAllowed,
    /// No article has this id.
    NoSuchArticle(String),
    /// No field with values has this name.
    NoSuchField(String),
    /// Nothing has been indexed yet.
    NoIndex,
    /// As many searches run as may.
    Busy,
    /// Somebody else is writing to the index.
    IndexBusy,
    /// What stores the index cannot be reached, or refuses.
    IndexUnavailable,
    /// The request took longer than it may.
    TimedOut,
    /// Our own mistake: what was attempted, and why it failed, for the log.
    Internal {
        action: &'static str,
        cause: Option<Box<dyn StdError + Send + Sync>>,
    },
}

/// What is wrong with one parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterError {
    /// Which of several requests it belongs to, if there are several.
    pub item: Option<usize>,
    pub name: String,
    pub hint: String,
}

impl ApiError {
    /// Every code that a problem document may have.
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

    /// The largest body of a request that reads, in bytes: more than any query, less than what would hurt.
    pub const MAX_BODY_BYTES: usize = 1 << 20;

    /// Our own mistake at `action`, a verb and its object.
    pub fn internal(
        action: &'static str,
        cause: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::Internal {
            action,
            cause: Some(cause.into()),
        }
    }

    /// An error of the engine that several requests share.
    pub fn from_shared(error: Arc<Error>) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::NoIndex,
            ErrorKind::Busy => Self::IndexBusy,
            ErrorKind::Unavailable => {
                tracing::warn!(cause = explain_engine(&error), "the index cannot be used");
                Self::IndexUnavailable
            }
            ErrorKind::Invalid => Self::InvalidRequest(error.to_string()),
            // Who has gone away does not hear it.
            ErrorKind::TimedOut | ErrorKind::Cancelled => Self::TimedOut,
            ErrorKind::Incompatible => Self::internal("use the index", explain_engine(&error)),
            ErrorKind::Io | ErrorKind::Internal => Self::internal("use the index", error),
        }
    }

    /// No article has this id, which is repeated no longer than an id may be.
    pub fn no_such_article(id: String) -> Self {
        let is_short = id.len() <= ArticleId::MAX_BYTES;
        Self::NoSuchArticle(if is_short {
            id
        } else {
            format!("{}…", id.chars().take(100).collect::<String>())
        })
    }

    /// The status and the stable code of the problem document.
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

    /// What the caller reads.
    pub fn detail(&self) -> String {
        match self {
            Self::InvalidParameters(errors) => match errors.as_slice() {
                [only] => format!("{}: {}", only.name, only.hint),
                many => format!("{} parameters are wrong; see errors", many.len()),
            },
            Self::InvalidJson(reason) => format!("the body is not a JSON object: {reason}"),
            Self::InvalidRequest(reason) => reason.clone(),
            Self::InvalidNdjson(reason) => format!("no line of the body is a JSON object: {reason}"),
            Self::InvalidArticle(reason) => reason.clone(),
            Self::UnsupportedMediaType(wanted) => format!("the body must be {wanted}"),
            Self::UnsupportedEncoding => "the content-encoding of the body must be gzip, or none".to_owned(),
            Self::BodyTooLarge(limit) => {
                format!("the body, when it is decompressed, is larger than {limit} bytes; nothing of it was used")
            }
            Self::KeyMissing => "this needs a key, as in authorization: Bearer fih_…".to_owned(),
            Self::KeyUnknown => "the key is not known, or was revoked".to_owned(),
            Self::ScopeMissing(scope) => {
                format!("the key lacks the scope `{scope}`; `fihrist key create --scope {scope}` makes one that has it")
            }
            Self::RateLimited { wait_s: 1 } => "too many requests; try again in a second".to_owned(),
            Self::RateLimited { wait_s } => format!("too many requests; try again in {wait_s} seconds"),
            Self::UnknownRoute => "there is nothing at this path; /openapi.json lists the routes".to_owned(),
            Self::MethodNotAllowed => {
                "this path does not know the method; the allow header names those it knows".to_owned()
            }
            Self::NoSuchArticle(id) => format!("no article has the id `{id}`"),
            Self::NoSuchField(name) => {
                let name: String = name.chars().take(100).collect();
                format!("there is no field `{name}`; expected source, section or author")
            }
            Self::NoIndex => {
                "there is no index yet: run `fihrist index PATH…`; the service then opens it by itself".to_owned()
            }
            Self::Busy => "as many requests are worked on as may at a time; try again in a second".to_owned(),
            Self::IndexBusy => "an indexing job is writing to the index; try again when it has ended".to_owned(),
            Self::IndexUnavailable => {
                "the cluster that stores the index cannot be used at the moment; try again in a few seconds".to_owned()
            }
            Self::TimedOut => "the request took too long and was given up".to_owned(),
            Self::Internal { .. } => "the server failed; its log has the reason under this request_id".to_owned(),
        }
    }

    /// The header that goes with the status.
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
