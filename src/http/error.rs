//! The one place that turns what went wrong into an HTTP status. It writes no body: `problem` does, once the request
//! id is known.

use std::error::Error as StdError;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fihrist_index::{Error, ErrorKind};

/// What went wrong, by what the caller is told.
#[derive(Debug)]
pub enum ApiError {
    /// Parameters that are unknown or out of bounds, all of them.
    InvalidParameters(Vec<ParameterError>),
    /// A body that is no JSON object, and why.
    InvalidJson(String),
    /// A request the engine refuses, and why.
    InvalidRequest(String),
    /// A body that says it is something else than JSON.
    UnsupportedMediaType,
    /// A body beyond the limit.
    BodyTooLarge,
    /// No such path.
    UnknownRoute,
    /// A path that does not know the method.
    MethodNotAllowed,
    /// No article has this id.
    NoSuchArticle(String),
    /// Nothing has been indexed yet.
    NoIndex,
    /// As many searches run as may.
    Busy,
    /// The request took longer than it may.
    TimedOut,
    /// Our own mistake: what was attempted, and why it failed, for the log.
    Internal { action: &'static str, cause: Option<Box<dyn StdError + Send + Sync>> },
}

/// What is wrong with one parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterError {
    pub name: String,
    pub hint: String,
}

impl ApiError {
    /// The largest body of a request, in bytes: more than any query, less than what would hurt.
    pub const MAX_BODY_BYTES: usize = 1 << 20;

    /// Our own mistake at `action`, a verb and its object.
    pub fn internal(action: &'static str, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal { action, cause: Some(cause.into()) }
    }

    /// The status and the stable code of the problem document.
    pub fn status(&self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidParameters(_) => (StatusCode::BAD_REQUEST, "invalid_parameter"),
            Self::InvalidJson(_) => (StatusCode::BAD_REQUEST, "invalid_json"),
            Self::InvalidRequest(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            Self::UnknownRoute => (StatusCode::NOT_FOUND, "unknown_route"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::NoSuchArticle(_) => (StatusCode::NOT_FOUND, "no_such_article"),
            Self::NoIndex => (StatusCode::SERVICE_UNAVAILABLE, "no_index"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
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
            Self::UnsupportedMediaType => "the body must be JSON, with content-type: application/json".to_owned(),
            Self::BodyTooLarge => format!("the body is larger than {} bytes", Self::MAX_BODY_BYTES),
            Self::UnknownRoute => "there is nothing at this path; /openapi.json lists the routes".to_owned(),
            Self::MethodNotAllowed => {
                "this path does not know the method; the allow header names those it knows".to_owned()
            }
            Self::NoSuchArticle(id) => format!("no article has the id `{id}`"),
            Self::NoIndex => {
                "there is no index yet: run `fihrist index PATH…`; the service then opens it by itself".to_owned()
            }
            Self::Busy => "as many searches run as may at a time; try again in a second".to_owned(),
            Self::TimedOut => "the request took too long and was given up".to_owned(),
            Self::Internal { .. } => "the server failed; its log has the reason under this request_id".to_owned(),
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::NoIndex,
            ErrorKind::Busy => Self::Busy,
            ErrorKind::Invalid => Self::InvalidRequest(error.to_string()),
            ErrorKind::Incompatible | ErrorKind::Io | ErrorKind::Internal => Self::internal("use the index", error),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, _) = self.status();
        let mut response = status.into_response();
        if matches!(self, Self::Busy | Self::NoIndex) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
