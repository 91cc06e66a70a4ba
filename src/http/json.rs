//! Writes values as JSON answers. Unlike the type of axum, it stops at the size that answers may
//! have.

use axum::response::{IntoResponse, Response};

use super::{Serialize, header};
use crate::service::BoundedBuffer;

/// A value that is answered as JSON.
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let written = BoundedBuffer::fill("write an answer", |buffer| {
            serde_json::to_writer(buffer, &self.0)
        });
        match written {
            Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(error) => error.into_response(),
        }
    }
}
