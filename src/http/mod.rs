//! The HTTP API: one file per resource, and the layers around all requests. It produces no HTML;
//! the page uses the same calls.

pub mod access;
pub mod access_log;
mod analyze;
mod article;
mod auth;
mod content_type;
mod counts;
mod explain;
mod feed;
pub mod headers;
pub mod held_answers;
mod json;
mod json_body;
mod metrics;
pub mod openapi;
mod operations;
pub mod problem;
mod receive;
mod related;
mod search;
mod suggest;
mod write;

// What most routes use.
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::json::Json;
use self::problem::{Problem, Problems};
use crate::service::{ApiError, AppState, Kind, Param, Params, PathText, Result, calls, id_of};

/// What a handler returns: a value as JSON, or an error.
type Answer<T> = Result<Json<T>>;

/// Returns the routes of the API, with their descriptions.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(search::search, search::search_json))
        .routes(routes!(
            article::get,
            write::write_article,
            write::delete_article
        ))
        .routes(routes!(related::duplicates))
        .routes(routes!(related::similar))
        .routes(routes!(write::write_articles))
        .routes(routes!(suggest::get))
        .routes(routes!(counts::facets))
        .routes(routes!(counts::histogram))
        .routes(routes!(explain::get))
        .routes(routes!(analyze::post))
        .routes(routes!(feed::get))
        .routes(routes!(counts::stats))
        .routes(routes!(operations::healthz))
        .routes(routes!(operations::readyz))
        .routes(routes!(operations::version))
        .routes(routes!(metrics::get))
}
