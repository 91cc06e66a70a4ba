//! The engine's answers as JSON: the types that several callers serialize. Types that only one
//! route needs stay with the route.

mod counts;
mod explanation;
mod hits;
mod query;

use fihrist_index::Span;
use fihrist_index::document::Published;
use serde::Serialize;
use utoipa::ToSchema;

pub use counts::{FacetValueView, HistogramView, StatsView};
pub use explanation::ExplanationView;
pub use hits::{SearchResponse, text_of};
pub use query::QueryView;

/// Converts engine values to the JSON type that a field of an answer has.
pub fn views_of<T, V: From<T>>(values: impl IntoIterator<Item = T>) -> Vec<V> {
    values.into_iter().map(V::from).collect()
}

/// A half-open range of UTF-8 bytes: start and end.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(value_type = Vec<usize>, min_items = 2, max_items = 2, example = json!([455, 532]))]
pub struct Range([usize; 2]);

impl From<Span> for Range {
    fn from(span: Span) -> Self {
        Self([span.start, span.end])
    }
}

/// The date of publication, as precise as it is known.
#[derive(Serialize, ToSchema)]
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
