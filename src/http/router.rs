//! Which path leads where. It names every route of the product and adds the middleware around all of them.

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::{self, Gate};
use super::error::ApiError;
use super::middleware::Timeouts;
use super::state::AppState;
use super::write::routes as write;
use super::{
    analyze, article, duplicates, explain, facets, feed, histogram, metrics, middleware, openapi,
    operations, search, similar, stats, suggest,
};
use crate::config::AccessConfig;
use crate::{mcp, page};

/// The whole service.
pub fn router(state: AppState, timeouts: Timeouts, access: &AccessConfig) -> Router {
    let gate = Gate::new(state.clone(), access);
    let (api, document) = OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(search::get, search::post))
        .routes(routes!(article::get, write::put, write::delete))
        .routes(routes!(duplicates::get))
        .routes(routes!(similar::get))
        .routes(routes!(write::post))
        .routes(routes!(suggest::get))
        .routes(routes!(facets::get))
        .routes(routes!(histogram::get))
        .routes(routes!(explain::get))
        .routes(routes!(analyze::post))
        .routes(routes!(feed::get))
        .routes(routes!(stats::get))
        .routes(routes!(operations::healthz))
        .routes(routes!(operations::readyz))
        .routes(routes!(operations::version))
        .routes(routes!(metrics::route::get))
        .split_for_parts();
    let document = openapi::render(&document);
    let docs: Bytes = page::docs_of(&document).into();
    let document: Bytes = format!("{document:#}").into();
    let metrics = state.metrics().clone();
    let routes = api
        .merge(page::router())
        .route("/docs", get(async move || Html(docs)))
        .route(
            "/openapi.json",
            get(async move || {
                ([(header::CONTENT_TYPE, "application/json")], document).into_response()
            }),
        )
        .route_service("/mcp", mcp::service(state.clone()))
        .fallback(async || ApiError::UnknownRoute)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .with_state(state);
    middleware::around(
        routes,
        timeouts,
        gate,
        access::cors_layer(&access.cors_origins),
        metrics,
    )
}
