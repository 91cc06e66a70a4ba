//! Which path leads where. It names every route of the product and adds the middleware around all of them.

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use std::time::Duration;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::state::AppState;
use super::{article, duplicates, explain, middleware, openapi, operations, search, stats, suggest};
use crate::page;

/// The whole service.
pub fn router(state: AppState, request_timeout: Duration) -> Router {
    let (api, document) = OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(search::get, search::post))
        .routes(routes!(article::get))
        .routes(routes!(duplicates::get))
        .routes(routes!(suggest::get))
        .routes(routes!(explain::get))
        .routes(routes!(stats::get))
        .routes(routes!(operations::healthz))
        .routes(routes!(operations::readyz))
        .routes(routes!(operations::version))
        .split_for_parts();
    let document: Bytes = openapi::render(&document).into();
    let routes = api
        .merge(page::router())
        .route(
            "/openapi.json",
            get(async move || ([(header::CONTENT_TYPE, "application/json")], document).into_response()),
        )
        .fallback(async || ApiError::UnknownRoute)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .with_state(state);
    middleware::around(routes, request_timeout)
}
