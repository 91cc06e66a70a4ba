//! The id of an article in the path of a request.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;

use super::error::ApiError;

/// The id in the path; one that is not even UTF-8 is none of ours.
pub fn id_of(id: Result<Path<String>, PathRejection>) -> Result<String, ApiError> {
    id.map(|Path(id)| id)
        .map_err(|_| ApiError::NoSuchArticle(char::REPLACEMENT_CHARACTER.to_string()))
}
