//! The date of publication as JSON.

use fihrist_index::document::Published;
use serde::Serialize;
use utoipa::ToSchema;

/// The date of publication, as precise as it is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedView {
    /// ISO 8601, cut off at the precision.
    #[schema(example = "2020-03")]
    pub date: String,
    /// `year`, `month`, `day` or `second`.
    #[schema(example = "month")]
    pub precision: &'static str,
    /// The origin of the date: `metadata` or `text`.
    #[schema(example = "text")]
    pub from: &'static str,
    /// How certain the date is: `certain` from metadata, `likely` from a statement in the text,
    /// `guess` from a date near the beginning.
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
