//! A range of text as JSON.

use fihrist_index::Span;
use serde::Serialize;
use utoipa::ToSchema;

/// A half-open range of UTF-8 bytes: start and end.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(value_type = Vec<usize>, min_items = 2, max_items = 2, example = json!([455, 532]))]
pub struct Range([usize; 2]);

impl From<Span> for Range {
    fn from(span: Span) -> Self {
        Self([span.start, span.end])
    }
}
