//! `/api/v1/histogram`: when the articles that match were published.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use utoipa::IntoParams;

use super::facets::CountedParams;
use super::problem::Problems;
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::Params;
use crate::service::search_params::{COUNTED, INTERVALS, IntervalParam, narrowed};
use crate::service::state::AppState;
use crate::service::views::histogram::HistogramView;

/// The parameter of a histogram, besides those that narrow a search.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameter; `get` reads it to explain every mistake"
)]
pub struct HistogramParams {
    /// How long each stretch is; `auto` takes the shortest that gives at most 60 of them. Where days or weeks would give over
    /// 10,000, the next longer is taken.
    #[param(default = "auto", example = "month")]
    interval: Option<IntervalParam>,
}

/// Count articles over time
///
/// All articles, or those that match a query.
#[utoipa::path(
    get, path = "/api/v1/histogram", operation_id = "histogram", tag = "search",
    params(HistogramParams, CountedParams),
    responses((status = 200, description = "How many articles were published when.", body = HistogramView), Problems)
)]
pub async fn get(State(state): State<AppState>, uri: Uri) -> Result<Json<HistogramView>, ApiError> {
    let mut params = Params::from_query(&uri, &[&["interval"], &COUNTED[..]].concat());
    let interval = params.choice("interval", &INTERVALS);
    let request = narrowed(params)?;
    Ok(Json(
        calls::histogram(&state, request, interval).await?.into(),
    ))
}
