//! Renders a template as an answer.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::service::error::ApiError;

/// Renders a template into an HTML answer.
pub fn page(template: &impl Template) -> Result<Response, ApiError> {
    let html = template
        .render()
        .map_err(|error| ApiError::internal("render a page", error))?;
    Ok(Html(html).into_response())
}
