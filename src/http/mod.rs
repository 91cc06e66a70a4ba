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

// What most routes use.
use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::problem::{Problem, Problems};
use crate::service::article_id::{PathId, id_of};
use crate::service::{ApiError, AppState, Kind, Param, Params, Result, calls};

/// What a handler returns: a value as JSON, or an error.
type Answer<T> = Result<Json<T>>;

/// Returns the routes of the API, with their descriptions.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::document())
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
        .routes(routes!(metrics::get))
}
