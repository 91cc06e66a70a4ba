//! What the index holds, as JSON.

use fihrist_index::search::Stats;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

/// What the index holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatsView {
    /// How many articles can be found.
    pub articles: u64,
    /// How many outlets they are of.
    pub sources: u64,
    /// The day on which the first of them was published, as far as that is known.
    #[schema(required = true, example = "2011-02-17")]
    pub first_published: Option<String>,
    /// The day on which the last of them was published.
    #[schema(required = true, example = "2024-05-11")]
    pub last_published: Option<String>,
    /// The size of the index on disk.
    pub size_bytes: u64,
    /// How many clusters of articles there are that are copies of one another.
    pub duplicate_clusters: u64,
    /// How many articles are in such clusters.
    pub duplicate_articles: u64,
    /// The number of segments the index consists of.
    pub segments: usize,
    /// The generation that answers.
    #[schema(example = "000001")]
    pub generation: String,
    /// The version of the rules that cut text into terms.
    pub analysis_version: u32,
    /// The identity of the model that stems words.
    pub model_hash: String,
    /// How many articles the model has learnt from, besides the base model. Fewer than `articles`: a rebuild would
    /// teach it more.
    pub learnt_articles: u64,
    /// How many Arabic words there were in them.
    pub learnt_words: u64,
    /// How many pairs of words the graph holds that stand in for each other: plurals, spellings.
    pub graph_pairs: usize,
    /// The identity of the graph.
    pub graph_hash: String,
    /// How many articles the graph has learnt from, besides the base graph.
    pub graph_learnt_articles: u64,
}

impl From<Stats> for StatsView {
    fn from(stats: Stats) -> Self {
        Self {
            articles: stats.articles,
            sources: stats.sources,
            first_published: stats.published.and_then(|(first, _)| day(first)),
            last_published: stats.published.and_then(|(_, last)| day(last)),
            size_bytes: stats.size_bytes,
            duplicate_clusters: stats.duplicate_clusters,
            duplicate_articles: stats.duplicate_articles,
            segments: stats.segments,
            generation: stats.generation,
            analysis_version: stats.analysis_version,
            model_hash: stats.model_hash,
            learnt_articles: stats.learnt.articles,
            learnt_words: stats.learnt.words,
            graph_pairs: stats.graph_pairs,
            graph_hash: stats.graph_hash,
            graph_learnt_articles: stats.graph_learnt.map_or(0, |learnt| learnt.articles),
        }
    }
}

/// The day of a moment, in UTC as the index counts; `None` beyond the years that a calendar has.
fn day(seconds: i64) -> Option<String> {
    let moment = Timestamp::from_second(seconds).ok()?;
    Some(TimeZone::UTC.to_datetime(moment).date().to_string())
}
