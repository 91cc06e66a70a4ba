//! The router of the server: the routes of the API, of the page and of the MCP tools, with the
//! middleware around them.

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::Html;
use axum::routing::get;

use super::middleware::{self, Timeouts};
use crate::config::AccessConfig;
use crate::http::openapi;
use crate::service::{ApiError, AppState};
use crate::{http, mcp, page};

/// Returns all routes.
pub fn router(state: AppState, timeouts: Timeouts, access: &AccessConfig) -> Router {
    let (api, document) = http::routes().split_for_parts();
    let document = openapi::render(&document);
    let docs: Bytes = page::docs_of(&document).into();
    let document: Bytes = format!("{document:#}").into();
    let routes = api
        .merge(page::router())
        .route("/docs", get(async move || Html(docs)))
        .route(
            "/openapi.json",
            get(async move || ([(header::CONTENT_TYPE, "application/json")], document)),
        )
        .route_service("/mcp", mcp::service(state.clone()))
        .fallback(async || ApiError::UnknownRoute)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .with_state(state.clone());
    middleware::around(routes, timeouts, &state, access)
}
