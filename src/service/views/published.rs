//! The date of an article as JSON.

use fihrist_index::document::Published;
use serde::Serialize;
use utoipa::ToSchema;

/// When an article was published, as far as it is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedView {
    /// ISO 8601, cut off at the precision.
    #[schema(example = "2020-03")]
    pub date: String,
    /// `year`, `month`, `day` or `second`.
    #[schema(example = "month")]
    pub precision: &'static str,
    /// Where the date was found: `metadata` or `text`.
    #[schema(example = "text")]
    pub from: &'static str,
    /// How sure it is that this is when it was published: `certain` by metadata, `likely` by what the text says of itself,
    /// `guess` by a date near its beginning.
    #[schema(example = "likely")]
    pub confidence: &'static str,
}

impl From<Published> for PublishedView {
    fn from(published: Published) -> Self {
        Self {
            date: published.date,
            precision: published.precision.name(),
            from: published.origin.name(),
            confidence: published.confidence.name(),
        }
    }
}
