//! Articles over time, as JSON.

use fihrist_index::search::{Bucket, Histogram};
use serde::Serialize;
use utoipa::ToSchema;

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
