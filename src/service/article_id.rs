//! The id of an article in the path of a request.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;

use super::error::ApiError;

/// A text in the path, as a handler extracts it.
pub type PathText = Result<Path<String>, PathRejection>;

/// Returns the id in the path. If it is not UTF-8, the error says that no article has this id.
pub fn id_of(id: PathText) -> Result<String, ApiError> {
    id.map(|Path(id)| id)
        .map_err(|_| ApiError::NoSuchArticle(char::REPLACEMENT_CHARACTER.to_string()))
}
