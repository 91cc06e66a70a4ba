//! The numbers of articles by date, as JSON.

use fihrist_index::search::{Bucket, Histogram};
use serde::Serialize;
use utoipa::ToSchema;

/// The numbers of articles by date.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistogramView {
    /// The length of each interval: `day`, `week`, `month` or `year`. Weeks start on Monday.
    #[schema(example = "month")]
    pub interval: &'static str,
    /// All intervals from the first to the last that contains articles, in order and without gaps.
    pub buckets: Vec<BucketView>,
    /// Number of articles without a date.
    pub undated: u64,
}

/// An interval and the number of articles published in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BucketView {
    /// The first day of the interval. If only the month or the year of an article is known, its
    /// first day counts.
    #[schema(format = Date, example = "2020-03-01")]
    pub from: String,
    /// Number of articles. Copies are counted separately.
    #[schema(example = 12)]
    pub count: u64,
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
