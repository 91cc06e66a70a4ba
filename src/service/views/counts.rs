//! Numbers of articles by value, by date and in the whole index, as JSON.

use fihrist_index::search::{Bucket, FacetValue, Histogram, Stats};
use jiff::Timestamp;
use jiff::tz::TimeZone;

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
    fn from(Bucket { from, count }: Bucket) -> Self {
        let from = from.to_string();
        Self { from, count }
    }
}

/// The figures of an index.
#[derive(Serialize, ToSchema)]
pub struct StatsView {
    /// Number of articles that can be found.
    pub articles: u64,
    /// Number of sources (outlets).
    pub sources: u64,
    /// The day on which the oldest article was published, if dates are known.
    #[schema(required = true, example = "2011-02-17")]
    pub first_published: Option<String>,
    /// The day on which the newest article was published.
    #[schema(required = true, example = "2024-05-11")]
    pub last_published: Option<String>,
    /// Size of the index on disk.
    pub size_bytes: u64,
    /// Number of clusters of copies.
    pub duplicate_clusters: u64,
    /// Number of articles in these clusters.
    pub duplicate_articles: u64,
    /// Number of segments of the index.
    pub segments: usize,
    /// The generation that is open.
    #[schema(example = "000001")]
    pub generation: String,
    /// The version of the rules that split text into terms.
    pub analysis_version: u32,
    /// The hash of the model that stems words.
    pub model_hash: String,
    /// Number of articles that the model has learnt from, without the base model. If it is less
    /// than `articles`, a rebuild improves the model.
    pub learnt_articles: u64,
    /// Number of Arabic words in these articles.
    pub learnt_words: u64,
    /// Number of pairs of related words in the graph, such as plurals and spellings.
    pub graph_pairs: usize,
    /// The hash of the graph.
    pub graph_hash: String,
    /// Number of articles that the graph has learnt from, without the base graph.
    pub graph_learnt_articles: u64,
}

impl From<Stats> for StatsView {
    fn from(stats: Stats) -> Self {
        let Stats {
            articles,
            sources,
            published,
            changed: _,
            size_bytes,
            duplicate_clusters,
            duplicate_articles,
            segments,
            generation,
            analysis_version,
            model_hash,
            learnt,
            graph_pairs,
            graph_hash,
            graph_learnt,
        } = stats;
        Self {
            articles,
            sources,
            first_published: published.and_then(|(first, _)| day(first)),
            last_published: published.and_then(|(_, last)| day(last)),
            size_bytes,
            duplicate_clusters,
            duplicate_articles,
            segments,
            generation,
            analysis_version,
            model_hash,
            learnt_articles: learnt.articles,
            learnt_words: learnt.words,
            graph_pairs,
            graph_hash,
            graph_learnt_articles: graph_learnt.map_or(0, |learnt| learnt.articles),
        }
    }
}

/// Returns the day in UTC, or `None` if the year is out of range.
fn day(seconds: i64) -> Option<String> {
    let moment = Timestamp::from_second(seconds).ok()?;
    Some(TimeZone::UTC.to_datetime(moment).date().to_string())
}
