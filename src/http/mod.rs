//! The HTTP API: one file per resource, and the layers around all requests. It produces no HTML;
//! the page uses the same calls.

pub mod access;
pub mod access_log;
mod analyze;
mod article;
mod auth;
mod content_type;
mod duplicates;
mod explain;
mod facets;
mod feed;
pub mod headers;
mod histogram;
mod json_body;
mod metrics;
pub mod openapi;
mod operations;
pub mod problem;
mod search;
mod similar;
mod stats;
mod suggest;
mod write;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::write::routes as write_routes;
use crate::service::state::AppState;

/// Returns the routes of the API, with their descriptions.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(search::get, search::post))
        .routes(routes!(
            article::get,
            write_routes::put,
            write_routes::delete
        ))
        .routes(routes!(duplicates::get))
        .routes(routes!(similar::get))
        .routes(routes!(write_routes::post))
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
}
