//! Reads the JSON body of a request. Its members are checked elsewhere.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::content_type;
use crate::service::error::ApiError;

/// A JSON body.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Body {
    One(Map<String, Value>),
    Several(Vec<Map<String, Value>>),
}

/// Returns the body of a request; fails if it is not an object or an array of objects.
pub fn json(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Body, ApiError> {
    content_type::json(headers)?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::BodyTooLarge(ApiError::MAX_BODY_BYTES),
        _ => ApiError::InvalidJson("it could not be read".to_owned()),
    })?;
    let value: Value =
        serde_json::from_slice(&body).map_err(|error| ApiError::InvalidJson(error.to_string()))?;
    serde_json::from_value(value)
        .map_err(|_| ApiError::InvalidJson("expected an object, or an array of objects".to_owned()))
}
