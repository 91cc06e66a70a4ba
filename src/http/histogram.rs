//! `/api/v1/histogram`: when the articles that match were published.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fihrist_index::search::{Bucket, Histogram};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::calls;
use super::error::ApiError;
use super::facets::CountedParams;
use super::params::Params;
use super::problem::Problems;
use super::search::params::{COUNTED, INTERVALS, IntervalParam, narrowed};
use super::state::AppState;

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

/// Articles over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistogramView {
    /// How long each bucket is: `day`, `week`, `month` or `year`. Weeks begin on Monday.
    #[schema(example = "month")]
    pub interval: &'static str,
    /// From the first that has articles to the last that has, in order and without gaps.
    pub buckets: Vec<BucketView>,
    /// How many articles have no date.
    pub undated: u64,
}

/// A stretch of time and how many articles were published in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BucketView {
    /// Its first day. Of an article whose month or year alone is known, the first day of that counts.
    #[schema(format = Date, example = "2020-03-01")]
    pub from: String,
    /// How many; copies of one another are counted one by one.
    #[schema(example = 12)]
    pub count: u64,
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

impl From<Histogram> for HistogramView {
    fn from(histogram: Histogram) -> Self {
        let bucket = |Bucket { from, count }: Bucket| BucketView {
            from: from.to_string(),
            count,
        };
        Self {
            interval: histogram.interval.name(),
            buckets: histogram.buckets.into_iter().map(bucket).collect(),
            undated: histogram.undated,
        }
    }
}
