//! Turns every error into an RFC 9457 problem document. The status comes from `service::error`; `page::error` replaces the
//! document on the routes of the page.

use std::error::Error as StdError;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::service::error::{ApiError, ParameterError};
use crate::service::request_id::RequestId;

/// An error as RFC 9457 describes it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"type": "about:blank", "title": "Bad Request", "status": 400, "code": "invalid_parameter",
    "detail": "limit: expected an integer from 1 to 100", "request_id": "9f86d081884c7d65",
    "errors": [{"pointer": "#/limit", "hint": "expected an integer from 1 to 100"}]}))]
pub struct Problem {
    /// Always `about:blank`: the status and `code` say what it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong, for programs; it does not change between versions.
    pub code: &'static str,
    /// What went wrong, for people.
    pub detail: String,
    /// The id of the request, as in the header `x-request-id` and in the server's log.
    pub request_id: String,
    /// The parameters at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<ProblemItem>,
}

/// What is wrong with one parameter.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemItem {
    /// The parameter, as a JSON pointer; query parameters count as the members of one object.
    pub pointer: String,
    /// What would be right.
    pub hint: String,
}

/// The answers that any route that reads the index may give besides its own.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers, is never made")]
pub enum Problems {
    /// A parameter is unknown or out of bounds.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(Problem),
    /// There is no key in the request (`key_missing`), or one that is not known (`key_unknown`), where reading needs one.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// The key lacks the scope that is needed (`scope_missing`).
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// Too many requests of one client (`rate_limited`): `retry-after` says when to come back.
    #[response(status = 429, content_type = "application/problem+json")]
    RateLimited(Problem),
    /// The server failed; its log has the reason.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// Nothing is indexed yet (`no_index`), or too many searches run (`busy`).
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
    /// The request took too long.
    #[response(status = 504, content_type = "application/problem+json")]
    TimedOut(Problem),
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, _) = self.status();
        let mut response = status.into_response();
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Middleware: gives the errors of the inner service a problem document as their body. The error stays with the response,
/// so that an outer layer can show it in another way.
pub async fn render(id: RequestId, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(error) = response.extensions().get::<Arc<ApiError>>().cloned() else {
        return response;
    };
    log(&error, &id);
    *response.body_mut() = Body::from(problem_document(&error, id.as_str()));
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.append(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// Logs our own mistakes, and only here.
fn log(error: &ApiError, id: &RequestId) {
    if let ApiError::Internal { action, cause } = error {
        let mut causes = Vec::new();
        let mut next = cause.as_deref().map(|cause| cause as &dyn StdError);
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        tracing::error!(
            request_id = id.as_str(),
            cause = causes.join(": "),
            "failed to {action}"
        );
    }
}

fn problem_document(error: &ApiError, request_id: &str) -> String {
    let (status, code) = error.status();
    let errors = match error {
        ApiError::InvalidParameters(errors) => errors
            .iter()
            .map(|error| ProblemItem {
                pointer: pointer(error),
                hint: error.hint.clone(),
            })
            .collect(),
        ApiError::InvalidJson(_)
        | ApiError::InvalidRequest(_)
        | ApiError::InvalidNdjson(_)
        | ApiError::InvalidArticle(_)
        | ApiError::UnsupportedMediaType(_)
        | ApiError::UnsupportedEncoding
        | ApiError::BodyTooLarge(_)
        | ApiError::KeyMissing
        | ApiError::KeyUnknown
        | ApiError::ScopeMissing(_)
        | ApiError::RateLimited { .. }
        | ApiError::IndexBusy
        | ApiError::IndexUnavailable
        | ApiError::UnknownRoute
        | ApiError::MethodNotAllowed
        | ApiError::NoSuchArticle(_)
        | ApiError::NoSuchField(_)
        | ApiError::NoIndex
        | ApiError::Busy
        | ApiError::TimedOut
        | ApiError::Internal { .. } => Vec::new(),
    };
    let problem = Problem {
        kind: "about:blank",
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        code,
        detail: error.detail(),
        request_id: request_id.to_owned(),
        errors,
    };
    serde_json::to_string(&problem).expect("a problem is text and numbers, which always serialize")
}

/// Where a parameter stands, as a JSON pointer in a fragment, escaped as RFC 6901 asks.
fn pointer(error: &ParameterError) -> String {
    let item = error
        .item
        .map_or_else(String::new, |item| format!("{item}/"));
    format!(
        "#/{item}{}",
        error.name.replace('~', "~0").replace('/', "~1")
    )
}
