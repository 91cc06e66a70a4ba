//! `/api/v1/stats`: the figures of the index.

use super::{Answer, AppState, Json, Params, Problems, State, Uri, calls};
use crate::service::views::stats::StatsView;

/// What the index holds
#[utoipa::path(
    get, path = "/api/v1/stats", operation_id = "stats", tag = "articles",
    responses((status = 200, description = "The figures of the open index.", body = StatsView), Problems)
)]
pub async fn get(State(state): State<AppState>, uri: Uri) -> Answer<StatsView> {
    Params::from_query(&uri, &[]).finish()?;
    Ok(Json(calls::stats(&state).await?.into()))
}
