//! `/api/v1/stats`: the figures of the index.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;

use super::problem::Problems;
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::Params;
use crate::service::state::AppState;
use crate::service::views::stats::StatsView;

/// What the index holds
#[utoipa::path(
    get, path = "/api/v1/stats", operation_id = "stats", tag = "articles",
    responses((status = 200, description = "The figures of the open index.", body = StatsView), Problems)
)]
pub async fn get(State(state): State<AppState>, uri: Uri) -> Result<Json<StatsView>, ApiError> {
    Params::from_query(&uri, &[]).finish()?;
    Ok(Json(calls::stats(&state).await?.into()))
}
