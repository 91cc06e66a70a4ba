//! `/api/v1/histogram`: the numbers of matching articles by date.

use std::sync::LazyLock;

use super::{Answer, AppState, Json, Param, Params, Problems, State, Uri, calls};
use crate::service::params::request::counted;
use crate::service::params::search::{COUNTED, INTERVAL};
use crate::service::params::words::INTERVALS;
use crate::service::views::counts::HistogramView;

/// The query parameters of the route.
pub static PARAMS: LazyLock<Vec<Param>> = LazyLock::new(|| [&[INTERVAL], &COUNTED[..]].concat());

/// Count articles over time
///
/// Counts all articles, or those that match a query.
#[utoipa::path(
    get, path = "/api/v1/histogram", operation_id = "histogram", tag = "search",
    responses((status = 200, description = "The numbers of articles by date.", body = HistogramView), Problems)
)]
pub async fn get(State(state): State<AppState>, uri: Uri) -> Answer<HistogramView> {
    let mut params = Params::from_query(&uri, &PARAMS);
    let interval = params.choice("interval", &INTERVALS);
    let request = counted(params)?;
    let histogram = calls::histogram(&state, request, interval).await?;
    Ok(Json(histogram.into()))
}
