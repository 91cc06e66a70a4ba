//! What operators and orchestrators ask: is it alive, is it ready, what is it.

use axum::Json;
use axum::extract::State;
use fihrist_index::analysis::ANALYSIS_VERSION;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::problem::Problem;
use super::state::AppState;

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok` for alive, `ready` for ready.
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
        (status = 200, description = "An index is open.", body = Health),
        (status = 503, description = "No index is open yet.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn readyz(State(state): State<AppState>) -> Result<Json<Health>, ApiError> {
    state.index()?;
    Ok(Json(Health { status: "ready" }))
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
