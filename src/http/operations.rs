//! What operators and orchestrators ask: is it alive, is it ready, what is it.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use fihrist_index::arabic::ANALYSIS_VERSION;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;
use crate::service::error::ApiError;
use crate::service::state::AppState;

/// So long may the index be out of reach before `/readyz` says that what it answers from is old: a job that swaps or removes
/// generations needs no more than a moment.
const STALE_AFTER: Duration = Duration::from_secs(30);

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok` for alive, `ready` for ready, `stale` for ready but unable to follow the index to what was committed since.
    pub status: &'static str,
}

/// Which program answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Version {
    pub name: &'static str,
    pub version: &'static str,
    /// The version of the rules that cut text into terms; an index of another one cannot be opened.
    pub analysis_version: u32,
}

/// Whether the process answers at all
#[utoipa::path(get, path = "/healthz", operation_id = "healthz", tag = "operations", security(()),
    responses((status = 200, description = "It does.", body = Health)))]
pub async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether searches can be answered
#[utoipa::path(
    get, path = "/readyz", operation_id = "readyz", tag = "operations", security(()),
    responses(
        (status = 200, description = "An index is open; searches are answered, from an old state of it if `stale`.", body = Health),
        (status = 503, description = "No index is open yet.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn readyz(State(state): State<AppState>) -> Result<Json<Health>, ApiError> {
    state.index()?;
    // Not 503: old articles are better than none, and all replicas would be taken out at once.
    let is_stale = state
        .open_index()
        .failing_since()
        .is_some_and(|since| since.elapsed() >= STALE_AFTER);
    Ok(Json(Health {
        status: if is_stale { "stale" } else { "ready" },
    }))
}

/// Which program answers
#[utoipa::path(get, path = "/version", operation_id = "version", tag = "operations", security(()),
    responses((status = 200, description = "Name and versions.", body = Version)))]
pub async fn version() -> Json<Version> {
    Json(Version {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        analysis_version: ANALYSIS_VERSION,
    })
}
