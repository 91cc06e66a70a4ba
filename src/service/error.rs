//! Everything that can go wrong, and the one table that maps it to an HTTP status and a stable
//! code. It writes no body: `http::problem` does, once the request id is known.

use std::error::Error as StdError;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use fihrist_index::{ArticleId, Error, ErrorKind};

use super::limits::limits;
use crate::keys::Scope;
use crate::remedy::explain_engine;

/// An error, as the caller sees it. Its text is the message for the caller.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Unknown parameters and parameters out of bounds, all of them.
    #[error("{}", summary(.0))]
    InvalidParameters(Vec<ParameterError>),
    /// The text is the reason.
    #[error("the body is not a JSON object: {0}")]
    InvalidJson(String),
    /// The engine refuses the request. The text is the reason.
    #[error("{0}")]
    InvalidRequest(String),
    /// No line of an NDJSON body is a JSON object. The text is the reason.
    #[error("no line of the body is a JSON object: {0}")]
    InvalidNdjson(String),
    /// A JSON object is not a valid article. The text is the reason.
    #[error("{0}")]
    InvalidArticle(String),
    /// The body has the wrong content type. The text is the expected type.
    #[error("the content-type of the body must be {0}")]
    UnsupportedMediaType(&'static str),
    #[error("the content-encoding of the body must be gzip or absent")]
    UnsupportedEncoding,
    /// The body is larger than this many bytes.
    #[error("the decompressed body is larger than {0} bytes; nothing was written")]
    BodyTooLarge(usize),
    #[error("this request needs a key: send the header authorization: Bearer fih_…")]
    KeyMissing,
    #[error("the key does not exist or was revoked")]
    KeyUnknown,
    #[error("the key lacks the scope `{0}`; create a key with `fihrist key create --scope {0}`")]
    ScopeMissing(Scope),
    /// The client sent too many requests; it may send the next one after this many seconds.
    #[error("too many requests; retry in {}", seconds(*.wait_s))]
    RateLimited { wait_s: u64 },
    #[error("this path does not exist; /openapi.json lists all routes")]
    UnknownRoute,
    #[error("this path does not support the method; the allow header lists the supported methods")]
    MethodNotAllowed,
    #[error("no article has the id `{0}`")]
    NoSuchArticle(String),
    /// No field with this name has values that can be listed.
    #[error("there is no field `{0}`; expected source, section or author")]
    NoSuchField(String),
    #[error(
        "there is no index yet; run `fihrist index PATH…`, and the server opens the index by itself"
    )]
    NoIndex,
    #[error("the server is at capacity; retry in one second")]
    Busy,
    /// Another process or request holds the index for writing.
    #[error("an indexing job is writing to the index; retry when it has ended")]
    IndexBusy,
    /// The cluster that stores the index cannot be reached, or it refuses the request.
    #[error("the cluster that stores the index is unavailable; retry in a few seconds")]
    IndexUnavailable,
    /// The answer would be larger than this many bytes.
    #[error(
        "the answer would be larger than {0} bytes; lower `limit`, `fragments` or `fragment_chars`, leave out \
         `explain`, or send fewer searches at once"
    )]
    AnswerTooLarge(usize),
    /// The changes of a request take more memory than one request may take.
    #[error(
        "the body holds too many articles for one request; send it in parts; nothing was written"
    )]
    TooManyArticles,
    /// The body was not received completely. The text is the reason.
    #[error("{0}")]
    BodyNotReceived(String),
    /// A file of the index is damaged. The text names the file and the place in it.
    #[error("a part of the index that this request needs is damaged: {0}")]
    IndexDamaged(String),
    #[error("the disk of the index is full; nothing was written; searches go on")]
    DiskFull,
    #[error("the folder of the index is read-only; nothing was written; searches go on")]
    IndexReadOnly,
    #[error("the request exceeded its time limit and was cancelled")]
    TimedOut,
    /// A fault of the server. The log contains the action and its cause.
    #[error("the server failed; its log states the reason under this request_id")]
    Internal {
        action: &'static str,
        cause: Box<dyn StdError + Send + Sync>,
    },
}

/// The result of a call that fails with an [`ApiError`].
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

/// What is wrong with one parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterError {
    /// The index of the search, from 0, if the body contains several searches.
    pub item: Option<usize>,
    pub name: String,
    pub hint: String,
}

/// Defines the HTTP status and the code of each error, and the list of all codes.
macro_rules! statuses {
    ($($error:pat => $status:ident $code:literal,)*) => {
        /// All codes of problem documents.
        pub const CODES: &[&str] = &[$($code),*];

        /// Returns the HTTP status and the stable code.
        pub fn status(&self) -> (StatusCode, &'static str) {
            match self {
                $($error => (StatusCode::$status, $code),)*
            }
        }
    };
}

impl ApiError {
    statuses! {
        Self::InvalidParameters(_) => BAD_REQUEST "invalid_parameter",
        Self::InvalidJson(_) => BAD_REQUEST "invalid_json",
        Self::InvalidRequest(_) => BAD_REQUEST "invalid_request",
        Self::InvalidNdjson(_) => BAD_REQUEST "invalid_ndjson",
        Self::InvalidArticle(_) => BAD_REQUEST "invalid_article",
        Self::AnswerTooLarge(_) => BAD_REQUEST "answer_too_large",
        Self::BodyNotReceived(_) => BAD_REQUEST "body_not_received",
        Self::UnsupportedMediaType(_) => UNSUPPORTED_MEDIA_TYPE "unsupported_media_type",
        Self::UnsupportedEncoding => UNSUPPORTED_MEDIA_TYPE "unsupported_content_encoding",
        Self::KeyMissing => UNAUTHORIZED "key_missing",
        Self::KeyUnknown => UNAUTHORIZED "key_unknown",
        Self::ScopeMissing(_) => FORBIDDEN "scope_missing",
        Self::RateLimited { .. } => TOO_MANY_REQUESTS "rate_limited",
        Self::BodyTooLarge(_) | Self::TooManyArticles => PAYLOAD_TOO_LARGE "body_too_large",
        Self::UnknownRoute => NOT_FOUND "unknown_route",
        Self::MethodNotAllowed => METHOD_NOT_ALLOWED "method_not_allowed",
        Self::NoSuchArticle(_) => NOT_FOUND "no_such_article",
        Self::NoSuchField(_) => NOT_FOUND "no_such_field",
        Self::NoIndex => SERVICE_UNAVAILABLE "no_index",
        Self::Busy => SERVICE_UNAVAILABLE "busy",
        Self::IndexBusy => SERVICE_UNAVAILABLE "index_busy",
        Self::IndexUnavailable => SERVICE_UNAVAILABLE "index_unavailable",
        Self::IndexDamaged(_) => INTERNAL_SERVER_ERROR "index_damaged",
        Self::DiskFull => INSUFFICIENT_STORAGE "disk_full",
        Self::IndexReadOnly => SERVICE_UNAVAILABLE "index_read_only",
        Self::TimedOut => GATEWAY_TIMEOUT "timed_out",
        Self::Internal { .. } => INTERNAL_SERVER_ERROR "internal",
    }

    /// The largest body of a request that reads, in bytes. It is larger than any query needs.
    pub const MAX_BODY_BYTES: usize = 1 << 20;

    /// Returns a fault of the server. `action` is a verb and its object, such as `read the keys`.
    pub fn internal(
        action: &'static str,
        cause: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        let cause = cause.into();
        Self::Internal { action, cause }
    }

    /// Returns the error for one wrong parameter.
    pub fn wrong_parameter(name: &str, hint: impl Into<String>) -> Self {
        Self::InvalidParameters(vec![ParameterError::new(name, hint)])
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
            ErrorKind::TooLarge => Self::AnswerTooLarge(limits().answer_bytes),
            // A cancelled request has no caller left who could read the answer.
            ErrorKind::TimedOut | ErrorKind::Cancelled => Self::TimedOut,
            ErrorKind::Damaged => {
                // Damage to other files is logged where it is found.
                if let Error::CurrentLost { .. } = *error {
                    tracing::error!(cause = explain_engine(&error), "cannot use the index");
                }
                Self::IndexDamaged(error.to_string())
            }
            ErrorKind::DiskFull => {
                tracing::warn!(cause = explain_engine(&error), "the disk is full");
                Self::DiskFull
            }
            ErrorKind::ReadOnly => {
                tracing::warn!(cause = explain_engine(&error), "the index is read-only");
                Self::IndexReadOnly
            }
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

    /// Returns the mistakes in parameters, if that is what the error is about.
    pub fn parameter_errors(&self) -> &[ParameterError] {
        if let Self::InvalidParameters(errors) = self {
            errors
        } else {
            &[]
        }
    }

    /// Returns the header that the status requires, such as `retry-after`; `None` if it requires
    /// none.
    pub fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let (name, value) = match self {
            Self::Busy | Self::NoIndex => (header::RETRY_AFTER, "1".to_owned()),
            Self::IndexBusy | Self::IndexUnavailable => (header::RETRY_AFTER, "5".to_owned()),
            Self::RateLimited { wait_s } => (header::RETRY_AFTER, wait_s.to_string()),
            Self::UnsupportedEncoding => (header::ACCEPT_ENCODING, "gzip".to_owned()),
            Self::KeyMissing => (header::WWW_AUTHENTICATE, "Bearer".to_owned()),
            Self::KeyUnknown => (
                header::WWW_AUTHENTICATE,
                "Bearer error=\"invalid_token\"".to_owned(),
            ),
            Self::ScopeMissing(scope) => (
                header::WWW_AUTHENTICATE,
                format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\""),
            ),
            Self::InvalidParameters(_)
            | Self::InvalidJson(_)
            | Self::InvalidRequest(_)
            | Self::InvalidNdjson(_)
            | Self::InvalidArticle(_)
            | Self::AnswerTooLarge(_)
            | Self::BodyNotReceived(_)
            | Self::TooManyArticles
            | Self::UnsupportedMediaType(_)
            | Self::BodyTooLarge(_)
            | Self::UnknownRoute
            | Self::MethodNotAllowed
            | Self::NoSuchArticle(_)
            | Self::NoSuchField(_)
            | Self::IndexDamaged(_)
            | Self::DiskFull
            | Self::IndexReadOnly
            | Self::TimedOut
            | Self::Internal { .. } => return None,
        };
        Some((name, value.try_into().ok()?))
    }
}

impl ParameterError {
    /// Describes a mistake in a request that is no part of a list.
    pub fn new(name: &str, hint: impl Into<String>) -> Self {
        Self {
            item: None,
            name: name.to_owned(),
            hint: hint.into(),
        }
    }
}

fn summary(errors: &[ParameterError]) -> String {
    match errors {
        [only] => format!("{}: {}", only.name, only.hint),
        many => format!("{} parameters are invalid; see errors", many.len()),
    }
}

fn seconds(count: u64) -> String {
    match count {
        1 => "one second".to_owned(),
        count => format!("{count} seconds"),
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::from_shared(Arc::new(error))
    }
}
