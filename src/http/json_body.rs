//! Reads the JSON body of a request. Its members are checked elsewhere.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ApiError, Params, StatusCode, content_type};

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

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (uri, headers) = (request.uri().clone(), request.headers().clone());
        let body = Bytes::from_request(request, state).await;
        Params::from_query(&uri, &[]).finish()?;
        content_type::json(&headers)?;
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::BodyTooLarge(ApiError::MAX_BODY_BYTES),
            _ => ApiError::InvalidJson("it could not be read".to_owned()),
        })?;
        let value: Value = serde_json::from_slice(&body)
            .map_err(|error| ApiError::InvalidJson(error.to_string()))?;
        let expected = "expected an object, or an array of objects";
        serde_json::from_value(value).map_err(|_| ApiError::InvalidJson(expected.to_owned()))
    }
}
