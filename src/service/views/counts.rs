//! Numbers of articles by value and by date, as JSON.

use fihrist_index::search::{Bucket, FacetValue, Histogram};

use super::{Serialize, ToSchema, views_of};

/// A value and the number of articles that have it.
#[derive(Serialize, ToSchema)]
pub struct FacetValueView {
    /// The stored value. A filter accepts it as it is.
    #[schema(example = "صحيفة الساحل")]
    pub value: String,
    /// Number of matching articles that have this value. Copies are counted separately.
    #[schema(example = 12)]
    pub count: u64,
}

impl From<FacetValue> for FacetValueView {
    fn from(FacetValue { value, count }: FacetValue) -> Self {
        Self { value, count }
    }
}

/// The numbers of articles by date.
#[derive(Serialize, ToSchema)]
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
#[derive(Serialize, ToSchema)]
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
        Self {
            interval: histogram.interval.name(),
            buckets: views_of(histogram.buckets),
            undated: histogram.undated,
        }
    }
}

impl From<Bucket> for BucketView {
    fn from(bucket: Bucket) -> Self {
        Self {
            from: bucket.from.to_string(),
            count: bucket.count,
        }
    }
}
