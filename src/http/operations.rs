//! Routes for operators and orchestrators: liveness, readiness and version.

use std::time::Duration;

use fihrist_index::arabic::ANALYSIS_VERSION;

use super::{Answer, AppState, Json, Problem, Serialize, State, ToSchema};

/// `/readyz` reports a stale index after updates of the index have failed for this time. When a job
/// replaces a generation, updates fail for a moment only.
const STALE_AFTER: Duration = Duration::from_secs(30);

/// The state of the server.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`: alive. `ready`: ready. `stale`: ready, but unable to open newer commits of the index.
    pub status: &'static str,
}

/// The program that answers.
#[derive(Serialize, ToSchema)]
pub struct Version {
    pub name: &'static str,
    pub version: &'static str,
    /// The version of the rules that split text into terms. An index of another version cannot be
    /// opened.
    pub analysis_version: u32,
}

/// Whether the process answers at all
#[utoipa::path(get, path = "/healthz", tag = "operations", security(()),
    responses((status = 200, description = "It does.", body = Health)))]
pub async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether searches can be answered
#[utoipa::path(
    get, path = "/readyz", tag = "operations", security(()),
    responses(
        (status = 200, description = "An index is open. If the status is `stale`, searches see an old state of it.", body = Health),
        (status = 503, description = "No index is open yet.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn readyz(State(state): State<AppState>) -> Answer<Health> {
    state.index.get()?;
    // The status is not 503, because old results are better than none. With 503, an orchestrator
    // would remove all replicas at once.
    let failing_since = state.index.failing_since();
    let is_stale = failing_since.is_some_and(|since| since.elapsed() >= STALE_AFTER);
    let status = if is_stale { "stale" } else { "ready" };
    Ok(Json(Health { status }))
}

/// Which program answers
#[utoipa::path(get, path = "/version", tag = "operations", security(()),
    responses((status = 200, description = "The name and the versions.", body = Version)))]
pub async fn version() -> Json<Version> {
    Json(Version {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        analysis_version: ANALYSIS_VERSION,
    })
}
