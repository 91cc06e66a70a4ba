//! Reads the JSON body of a request. Its members are checked elsewhere.

use axum::extract::{FromRequest, Request};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::receive::receive;
use super::{ApiError, Params, content_type};
use crate::service::RequestScope;

/// A JSON body. The extractor fails if the body is not an object or an array of objects, or if the
/// request has query parameters: they belong in the body, and would be ignored.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Body {
    One(Map<String, Value>),
    Several(Vec<Map<String, Value>>),
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (head, body) = request.into_parts();
        let scope = RequestScope::current();
        let body = receive(body, ApiError::MAX_BODY_BYTES, |bytes| scope.grow(bytes)).await;
        Params::from_query(&head.uri, &[]).finish()?;
        content_type::json(&head.headers)?;
        let value: Value = serde_json::from_slice(&body?)
            .map_err(|error| ApiError::InvalidJson(error.to_string()))?;
        let expected = "expected an object, or an array of objects";
        serde_json::from_value(value).map_err(|_| ApiError::InvalidJson(expected.to_owned()))
    }
}
