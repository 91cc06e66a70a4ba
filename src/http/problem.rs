//! Turns every error into an RFC 9457 problem document. `service::error` determines the status. On
//! the routes of the page, `page::error` replaces the document.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::iter::successors;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::{self, RefOr};

use super::{ApiError, Serialize, ToSchema, header};
use crate::service::{ParameterError, RequestId};

/// An error as defined by RFC 9457.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"type": "about:blank", "title": "Bad Request", "status": 400, "code": "invalid_parameter",
    "detail": "limit: expected an integer from 1 to 100", "request_id": "9f86d081884c7d65",
    "errors": [{"pointer": "#/limit", "hint": "expected an integer from 1 to 100"}]}))]
pub struct Problem {
    /// Always `about:blank`. The status and `code` identify the problem.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The name of the status.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The stable code of the problem. It does not change between versions.
    pub code: &'static str,
    /// A description of the problem.
    pub detail: String,
    /// The id of the request, which is also in the header `x-request-id` and in the log of the
    /// server.
    pub request_id: String,
    /// The wrong parameters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<ProblemItem>,
}

/// What is wrong with one parameter.
#[derive(Serialize, ToSchema)]
pub struct ProblemItem {
    /// The parameter as a JSON pointer. Query parameters are the members of one object.
    pub pointer: String,
    /// A hint how to correct it.
    pub hint: String,
}

/// Defines a group of errors that routes may return: the statuses, and when each is returned.
macro_rules! problems {
    ($(#[$doc:meta])* $group:ident { $($status:literal $when:literal,)* }) => {
        $(#[$doc])*
        pub struct $group;

        impl utoipa::IntoResponses for $group {
            fn responses() -> $crate::http::problem::Responses {
                $crate::http::problem::responses(&[$(($status, $when)),*])
            }
        }
    };
}
pub(super) use problems;

problems! {
    /// The errors that every route that reads the index may return.
    Problems {
        400 "A parameter is unknown or out of bounds (`invalid_parameter`), or the answer would be too large \
             (`answer_too_large`).",
        401 "The request has no key (`key_missing`) or an unknown one (`key_unknown`), and reading requires a key.",
        403 "The key lacks the required scope (`scope_missing`).",
        429 "The client sent too many requests (`rate_limited`). The header `retry-after` states when to retry.",
        500 "The server failed, and its log states the reason (`internal`), or a part of the index that the request \
             needs is damaged (`index_damaged`).",
        503 "There is no index yet (`no_index`), or the server is at capacity (`busy`).",
        504 "The request exceeded its time limit.",
    }
}

problems! {
    /// The error of routes that read one article.
    NoSuchArticle {
        404 "No article has this id.",
    }
}

problems! {
    /// The errors of routes that read a JSON body.
    JsonProblems {
        413 "The body is too large.",
        415 "The body is not JSON.",
    }
}

/// Descriptions of answers in the OpenAPI document, by status.
pub type Responses = BTreeMap<String, RefOr<openapi::Response>>;

/// Returns the descriptions of error answers. Their body is a problem document.
pub fn responses(table: &[(u16, &str)]) -> Responses {
    let response = |(status, description): &(u16, &str)| {
        let schema = openapi::Ref::from_schema_name("Problem");
        let response = openapi::ResponseBuilder::new()
            .description(*description)
            .content(
                "application/problem+json",
                openapi::Content::new(Some(schema)),
            );
        (status.to_string(), response.build().into())
    };
    table.iter().map(response).collect()
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

/// Middleware: writes a problem document into the body of each error answer. The error stays in the
/// extensions of the response, so that an outer layer can show it in another way.
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

/// Logs an error that is a fault of the server. Such errors are logged only here.
fn log(error: &ApiError, id: &RequestId) {
    if let ApiError::Internal { action, cause } = error {
        let cause: &(dyn StdError + 'static) = cause.as_ref();
        let causes = successors(Some(cause), |&cause| cause.source());
        let causes: Vec<_> = causes.map(ToString::to_string).collect();
        tracing::error!(
            request_id = id.as_str(),
            cause = causes.join(": "),
            "failed to {action}"
        );
    }
}

fn problem_document(error: &ApiError, request_id: &str) -> String {
    let (status, code) = error.status();
    let errors = error.parameter_errors().iter().map(|error| ProblemItem {
        pointer: pointer(error),
        hint: error.hint.clone(),
    });
    let problem = Problem {
        kind: "about:blank",
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        code,
        detail: error.to_string(),
        request_id: request_id.to_owned(),
        errors: errors.collect(),
    };
    serde_json::to_string(&problem)
        .expect("a problem consists of text and numbers, which always serialize")
}

/// Returns a JSON pointer to the parameter as a fragment, escaped as in RFC 6901.
fn pointer(error: &ParameterError) -> String {
    let item = error
        .item
        .map_or_else(String::new, |item| format!("{item}/"));
    format!(
        "#/{item}{}",
        error.name.replace('~', "~0").replace('/', "~1")
    )
}
